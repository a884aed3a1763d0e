import { grantContext } from "../../model/encryption-context";
import type { Model } from "../../model/model";
import { attributeOf, exists, valueOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { accountOf, isOtherThing, isUniqueId } from "../../policy/principals";
import { asArray, hasWildcard } from "../../policy/statement";
import { changes } from "../not-shown";
import { type Rule, rule } from "../rule";

/** The name of a service, such as redshift.amazonaws.com. */
const SERVICE = /^[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?$/;

/** The principals of a grant. */
const PRINCIPALS = [
  {
    attribute: "grantee_principal",
    kind: "grantee",
    remedy: "Create a grant for each role or user that is meant, or allow these principals in the key policy.",
  },
  {
    attribute: "retiring_principal",
    kind: "retiring principal",
    remedy: "Name one role, user or account in retiring_principal, or remove retiring_principal.",
  },
] as const;

/** The attributes of a grant that decide which principal may do which operations with which key. */
const DECIDING = ["grantee_principal", "operations", "constraints", "key_id"];

/** The rules about the principals of grants, and about wildcards in them and in their constraints. */
export const GRANTEE_RULES: readonly Rule[] = [
  rule({
    id: "grant-other-account",
    title: "A grant is for another account",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
    subjects: remainingGrants,
    unjudged: (grant, model) =>
      granteeOf(grant, model) === undefined
        ? model.whyHidden(grant, "grantee_principal")
        : accountOfKey(grant, model) === undefined
          ? "the account of the key is unknown"
          : undefined,
    faultOf: (grant, model) => {
      const grantee = granteeOf(grant, model) ?? "";
      const [account, keyAccount] = [accountOf(grantee), accountOfKey(grant, model)];
      const operations = asArray(valueOf(grant, "after", "operations") as readonly string[] | undefined);
      const canPassOn = operations.includes("CreateGrant") ? ", and may grant them to others" : "";
      return (
        account !== undefined &&
        keyAccount !== undefined &&
        account !== keyAccount && {
          consequence: `${grantee} of another account may do ${operations.join(", ")} on the key${canPassOn}. No key policy shows it.`,
          remedy: "Remove the grant, unless that account is meant to use the key.",
        }
      );
    },
  }),
  rule({
    id: "grant-not-shown",
    title: "The plan hides a part of a grant",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/grants.html",
    subjects: remainingGrants,
    unjudged: (grant, model) => model.whyHidden(grant, ...DECIDING.filter((name) => !isResolved(grant, name, model))),
    faultOf: (grant) => {
      const hidden = DECIDING.filter((name) => attributeOf(grant, "after", name).kind === "sensitive");
      return (
        hidden.length > 0 && {
          consequence: `The grant is not shown (${hidden.join(", ")} is sensitive), so this plan does not show who may use which key.`,
          isOfHiddenChange: hidden.some((name) => changes(grant, name)),
          remedy: `Write ${hidden.join(", ")} so that the plan shows it: without sensitive values.`,
        }
      );
    },
  }),
  rule({
    id: "grant-service",
    severity: "warning",
    title: "A grant is for a service",
    see: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html",
    subjects: remainingGrants,
    unjudged: (grant, model) =>
      granteeOf(grant, model) === undefined ? model.whyHidden(grant, "grantee_principal") : undefined,
    faultOf: (grant, model) => {
      const grantee = granteeOf(grant, model) ?? "";
      return (
        SERVICE.test(grantee) && {
          consequence: `The grant is for ${grantee}, and AWS lists no services among the values of GranteePrincipal. If KMS accepts it, no key policy shows the access.`,
          remedy: "Allow the service in the key policy, with a condition on aws:SourceAccount or aws:SourceArn.",
        }
      );
    },
  }),
  rule({
    id: "grant-not-a-principal",
    title: "A grant names a group or another thing that is not a principal",
    see: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html",
    subjects: remainingGrants,
    unjudged: whyPrincipalHidden,
    faultOf: (grant, model) => {
      const refused = principalsOf(grant, model).find(
        ({ name }) => name !== "" && !SERVICE.test(name) && (isOtherThing(name) || isUniqueId(name)),
      );
      return (
        refused && {
          consequence: `KMS refuses the ${refused.kind} ${refused.name}. A ${refused.kind} is a role, a user, a session or an account.`,
          remedy: refused.remedy,
        }
      );
    },
  }),
  rule({
    id: "grant-retired-by-other-account",
    severity: "warning",
    title: "Another account may retire a grant",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/grant-delete.html",
    subjects: remainingGrants,
    unjudged: (grant, model) => {
      const account = accountOfRetiring(grant, model);
      return account === undefined
        ? model.whyHidden(grant, "retiring_principal")
        : accountOfKey(grant, model) === undefined
          ? "the account of the key is unknown"
          : undefined;
    },
    faultOf: (grant, model) => {
      const [account, keyAccount] = [accountOfRetiring(grant, model), accountOfKey(grant, model)];
      return (
        account !== undefined &&
        keyAccount !== undefined &&
        account !== keyAccount && {
          consequence: `A principal of the account ${account} may retire the grant. The grantee then loses what the grant allows.`,
          remedy: "Set retiring_principal to a principal of the key's account, or remove retiring_principal.",
        }
      );
    },
  }),
  rule({
    id: "grant-wildcard",
    title: "A grant has a wildcard, which KMS takes literally",
    see: "https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html",
    subjects: remainingGrants,
    unjudged: (grant, model) => whyPrincipalHidden(grant, model) ?? model.whyHidden(grant, "constraints"),
    faultOf: (grant, model) => {
      const refused = principalsOf(grant, model).find(({ name }) => hasWildcard(name));
      if (refused) {
        return {
          consequence: `KMS refuses the ${refused.kind} ${refused.name}: a ${refused.kind} is one principal, without a wildcard in its name.`,
          remedy: refused.remedy,
        };
      }
      const [pair] = Object.entries(grantContext(grant, "after")).filter((texts) =>
        texts.some((text) => text.includes("*")),
      );
      return (
        pair && {
          consequence: `KMS takes the * of the encryption context ${pair.join(" = ")} literally. No request has this context, so the grant allows nothing.`,
          remedy: "Give the whole value, or limit a statement of the key policy with StringLike.",
        }
      );
    },
  }),
];

function remainingGrants(model: Model): readonly PlannedResource[] {
  return model.withType("aws_kms_grant").filter((grant) => exists(grant, "after"));
}

/** Returns the account of the principal that may retire a grant; undefined if there is none, or it is not shown. */
function accountOfRetiring(grant: PlannedResource, model: Model): string | undefined {
  const principal = model.principalIn(grant, "retiring_principal");
  return principal === undefined ? undefined : accountOf(principal);
}

/** Returns the grantee of a grant; undefined if it is not shown. */
function granteeOf(grant: PlannedResource, model: Model): string | undefined {
  return model.principalIn(grant, "grantee_principal");
}

/** Whether an unknown attribute of a grant leads to a role, a user or a key of the plan. */
function isResolved(grant: PlannedResource, attribute: string, model: Model): boolean {
  return attribute === "key_id"
    ? model.keyUses(grant, attribute).after.kind === "planned"
    : attribute === "grantee_principal" && granteeOf(grant, model) !== undefined;
}

/** Returns the principals of a grant that are shown. */
function principalsOf(grant: PlannedResource, model: Model) {
  return PRINCIPALS.map(({ attribute, ...rest }) => ({ ...rest, name: model.principalIn(grant, attribute) ?? "" }));
}

/** Returns why a principal of a grant is not shown; undefined if all principals are shown. */
function whyPrincipalHidden(grant: PlannedResource, model: Model): string | undefined {
  const hidden = PRINCIPALS.filter(({ attribute }) => model.principalIn(grant, attribute) === undefined);
  return model.whyHidden(grant, ...hidden.map(({ attribute }) => attribute));
}

/** Returns the account of the key of a grant, or else the account of the grant; undefined if both are unknown. */
function accountOfKey(grant: PlannedResource, model: Model): string | undefined {
  const use = model.keyUses(grant, "key_id").after;
  const account =
    use.kind === "planned" ? use.key.account : use.kind === "elsewhere" ? use.name.split(":")[4] : undefined;
  return account ?? model.accountOf(grant);
}
