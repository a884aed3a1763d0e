import type { Key } from "../../model/key";
import type { Model } from "../../model/model";
import { stringOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { isPattern, isUniqueId, namedPrincipals, refusedPrincipals } from "../../policy/principals";
import { awsPrincipals, matchesAction } from "../../policy/statement";
import { hiddenKeyPolicies } from "../not-shown";
import { type Rule, rule } from "../rule";
import { allowedPrincipals, allowStatements, isPut, partlyShownKeys } from "./statements";

const PRINCIPALS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";
const SEPARATION = "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html";

/** The rules about the principals that a key policy names. */
export const PRINCIPAL_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-deleted-principal",
    title: "The key policy names a principal that the plan destroys",
    see: PRINCIPALS,
    notShown: hiddenKeyPolicies,
    subjects: departingPrincipals,
    unjudged: whyArnUnknown,
    faultOf: ({ arn, principal }, model) =>
      (principal.action === "destroy" || (!keepsArn(principal) && !whyArnUnknown({ principal }, model))) && {
        consequence: `The policy names ${arn}, which this plan destroys (${principal.address}). KMS refuses a new policy that names it. An unchanged policy keeps an ID that no principal has.`,
        remedy: "Take the principal out of the policy, and destroy it in a later apply.",
      },
  }),
  rule({
    id: "key-policy-replaced-principal",
    title: "The key policy keeps the ID of a principal that is created again",
    see: PRINCIPALS,
    notShown: hiddenKeyPolicies,
    subjects: departingPrincipals,
    unjudged: whyArnUnknown,
    faultOf: ({ arn, key, principal }) =>
      keepsArn(principal) &&
      !isPut(key) && {
        consequence: `This plan creates ${arn} again (${principal.address}), and does not change the policy. The policy keeps the ID of the old principal, so the policy gives the new principal no access.`,
        remedy:
          "Give the new role or user another name, or change the policy in a second apply, so that KMS resolves the ARN again.",
      },
  }),
  rule({
    id: "key-policy-orphaned-id",
    title: "The key policy names a deleted principal",
    see: PRINCIPALS,
    notShown: hiddenKeyPolicies,
    subjects: partlyShownKeys,
    faultOf: (key) => {
      const ids = [...new Set(key.policy.after.statements.flatMap((one) => [...namedPrincipals(one)]))]
        .filter(isUniqueId)
        .sort();
      return (
        ids.length > 0 && {
          consequence: `${ids.join(", ")} is an ID, which KMS puts in place of the ARN of a role or user that is deleted. Nobody is this principal any more, and KMS refuses a new policy with the ID.`,
          remedy: "Name the ARN of the role or user that is meant, or remove the ID.",
        }
      );
    },
  }),
  rule({
    id: "key-policy-principal-pattern",
    title: "The key policy names principals by a pattern",
    see: PRINCIPALS,
    notShown: hiddenKeyPolicies,
    subjects: partlyShownKeys,
    faultOf: (key, model) => {
      const patterns = refusedIn(key, model).filter(isPattern);
      return (
        patterns.length > 0 && {
          consequence: `KMS refuses the policy because of the wildcard in ${patterns.join(", ")}. A principal must be "*" or one that exists.`,
          remedy: 'Name the principals and services, or "*" with a condition on aws:PrincipalArn.',
        }
      );
    },
  }),
  rule({
    id: "key-policy-not-a-principal",
    title: "The key policy names a group or another thing that is not a principal",
    see: PRINCIPALS,
    notShown: hiddenKeyPolicies,
    subjects: partlyShownKeys,
    faultOf: (key, model) => {
      const others = refusedIn(key, model).filter((principal) => !isPattern(principal) && !isUniqueId(principal));
      return (
        others.length > 0 && {
          consequence: `KMS refuses the policy because of ${others.map((name) => name || '""').join(", ")}. A principal is a role, a user, a session or an account root of the partition, or a service, by its name.`,
          remedy: "Name the roles, users or services that are meant.",
        }
      );
    },
  }),
  rule({
    id: "key-policy-administrator-is-user",
    severity: "warning",
    title: "An administrator of the key is also a user of the key",
    see: SEPARATION,
    notShown: hiddenKeyPolicies,
    subjects: partlyShownKeys,
    faultOf: (key) => {
      const both = administratorsThatUse(key);
      return (
        both.length > 0 && {
          consequence: `${both.join(", ")} may manage the key and, by another statement, decrypt with it. One person is then enough for both.`,
          remedy: "Take the administrators out of the statement for users.",
        }
      );
    },
  }),
];

/** Returns the principals that make KMS refuse the policy of a key. The principals of Deny statements count, too. */
function refusedIn({ policies, policy, resource }: Key, model: Model): readonly string[] {
  const owner = resource ?? policies.after[0];
  const partition = owner && model.partitionOf(owner);
  return [...new Set(policy.after.statements.flatMap((one) => refusedPrincipals(one, partition)))].sort();
}

/** Returns the roles and users that a key policy names, and that the plan destroys or replaces, each with the key. */
function departingPrincipals(model: Model) {
  const rolesAndUsers = model
    .withType("aws_iam_role", "aws_iam_user")
    .filter(({ action }) => action === "destroy" || action === "replace");
  return partlyShownKeys(model).flatMap((key) => {
    const allowed = new Set(allowedPrincipals(key));
    return rolesAndUsers.flatMap((principal) => {
      const arn = stringOf(principal, "before", "arn");
      return arn !== undefined && allowed.has(arn) ? [{ address: key.address, arn, key, principal }] : [];
    });
  });
}

/** Returns why the ARN of a replaced role or user is unknown after the change; undefined if it is known. */
function whyArnUnknown({ principal }: { readonly principal: PlannedResource }, model: Model): string | undefined {
  return model.whyHidden(principal, "name", "path");
}

/** Whether a replacement keeps the ARN of a role or user. The new role or user has another ID, so it is another principal for KMS. */
function keepsArn({ change: { after, before } }: PlannedResource): boolean {
  return before?.name === after?.name && before?.path === after?.path;
}

/** Returns the principals that may administer the key by one statement and decrypt with it by another. */
function administratorsThatUse(key: Key): readonly string[] {
  const principalsWith = (action: string, canAdminister: boolean): ReadonlySet<string> =>
    new Set(
      allowStatements(key)
        .filter((statement) => matchesAction(statement, "kms:PutKeyPolicy") === canAdminister)
        .filter((statement) => matchesAction(statement, action))
        .flatMap(({ Principal }) => awsPrincipals(Principal)),
    );
  const administrators = principalsWith("kms:PutKeyPolicy", true);
  const users = principalsWith("kms:Decrypt", false);
  // A root stands for the IAM policies of its account, and for no person.
  return [...users].filter((user) => user !== "*" && !/^\d{12}$|:root$/.test(user) && administrators.has(user)).sort();
}
