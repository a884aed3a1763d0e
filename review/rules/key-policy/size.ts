import type { Key } from "../../model/key";
import { stringOf } from "../../plan/attributes";
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
    subjects: ({ keys }) => keys.flatMap((key) => sizesOf(key).map((bytes) => ({ address: key.address, bytes }))),
    faultOf: ({ bytes }) =>
      bytes > LIMIT && {
        consequence: `The key policy has ${bytes} bytes, and KMS refuses one of more than ${LIMIT}.`,
        remedy: "Name fewer principals, or leave some to the IAM policies of the account.",
      },
  }),
];

/** Returns the bytes of each policy that the plan shows for a key. */
function sizesOf({ policies, resource }: Key): readonly number[] {
  const sources = [...policies.after, ...(resource ? [resource] : [])];
  return sources.flatMap((source) => {
    const policy = stringOf(source, "after", "policy");
    return policy === undefined ? [] : [Buffer.byteLength(policy)];
  });
}

/** Returns whether KMS refuses each policy that the plan shows for a key, so that none of them can give an access. */
export function isRefusedForSize(key: Key): boolean {
  const sizes = sizesOf(key);
  return sizes.length > 0 && sizes.every((bytes) => bytes > LIMIT);
}
