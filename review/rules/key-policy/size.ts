import { exists, stringOf } from "../../plan/attributes";
import { hiddenKeyPolicies } from "../not-shown";
import { type Rule, rule } from "../rule";

/** The most bytes of a key policy. */
const LIMIT = 32_768;

/** The rule about the size of a key policy. */
export const SIZE_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-too-large",
    title: "The key policy is too large",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html",
    notShown: hiddenKeyPolicies,
    subjects: ({ keys }) =>
      keys.flatMap(({ address, policies, resource }) =>
        [...policies.after, ...(resource && exists(resource, "after") ? [resource] : [])].flatMap((source) => {
          const policy = stringOf(source, "after", "policy");
          return policy === undefined ? [] : [{ address, bytes: Buffer.byteLength(policy) }];
        }),
      ),
    faultOf: ({ bytes }) =>
      bytes > LIMIT && {
        consequence: `The key policy has ${bytes} bytes, and KMS refuses one of more than ${LIMIT}.`,
        remedy: "Name fewer principals, or leave some to the IAM policies of the account.",
      },
  }),
];
