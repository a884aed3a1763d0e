import { grantContext } from "../../model/encryption-context";
import type { Model } from "../../model/model";
import { exists, stringOf, valueOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { accountOf } from "../../policy/principals";
import { asArray } from "../../policy/statement";
import { type Rule, rule } from "../rule";

/** The rules of the principals and the constraints of grants. */
export const GRANTEE_RULES: readonly Rule[] = [
  rule({
    id: "grant-other-account",
    title: "A grant is for another account",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
    subjects: remainingGrants,
    faultOf: (grant, model) => {
      const grantee = stringOf(grant, "after", "grantee_principal") ?? "";
      const [account, keyAccount] = [accountOf(grantee), accountOfKey(grant, model)];
      const operations = asArray(valueOf(grant, "after", "operations") as readonly string[] | undefined);
      const canPassOn = operations.includes("CreateGrant") ? ", and may give them on by grants of its own" : "";
      return (
        account !== undefined &&
        keyAccount !== undefined &&
        account !== keyAccount && {
          consequence: `${grantee} of another account may do ${operations.join(", ")} with the key${canPassOn}. No key policy shows it.`,
          remedy: "Take the grant out, unless that account is meant to have the key.",
        }
      );
    },
  }),
  rule({
    id: "grant-wildcard",
    title: "A grant has a wildcard, which KMS takes literally",
    see: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html",
    subjects: remainingGrants,
    faultOf: (grant) => {
      const grantee = stringOf(grant, "after", "grantee_principal") ?? "";
      if (/[*?]/.test(grantee)) {
        return {
          consequence: `KMS refuses the grantee ${grantee}: a grant is for one principal, and its name has no wildcards.`,
          remedy: "Create a grant for each role, or allow the roles in the key policy.",
        };
      }
      const [pair] = Object.entries(grantContext(grant, "after")).filter((texts) =>
        texts.some((text) => text.includes("*")),
      );
      return (
        pair && {
          consequence: `The encryption context ${pair.join(" = ")} must be the same in a request, the * included, so the grant allows nothing.`,
          remedy: "Give the whole value, or limit a statement of the key policy with StringLike.",
        }
      );
    },
  }),
];

function remainingGrants(model: Model): readonly PlannedResource[] {
  return model.ofType("aws_kms_grant").filter((grant) => exists(grant, "after"));
}

/** The account of the key of a grant; undefined if it is unknown. */
function accountOfKey(grant: PlannedResource, model: Model): string | undefined {
  const use = model.keyUses(grant, "key_id").after;
  const account =
    use.kind === "planned" ? use.key.account : use.kind === "elsewhere" ? use.name.split(":")[4] : undefined;
  return account ?? model.accountOf(grant);
}
