import type { Key } from "../../model/key";
import type { PlannedResource } from "../../plan/plan";
import { fitsTable, principalsOf } from "../../policy/key-access";
import { isUniqueId } from "../../policy/principals";
import { hasOnlyServices, matchesAction } from "../../policy/statement";
import { hiddenKeyPolicies } from "../not-shown";
import { type Rule, rule } from "../rule";
import { canChangePolicy, isPut, shownKeys } from "./statements";

const PUT = "https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html";
const BYPASS = "bypass_policy_lockout_safety_check";

/** The rules about policies that nobody can change again, or that the caller of the plan cannot. */
export const LOCKOUT_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-locks-out-everyone",
    title: "Nobody can change the key policy",
    see: PUT,
    notShown: hiddenKeyPolicies,
    subjects: shownKeys,
    faultOf: (key) =>
      !hasAdministrator(key) &&
      !hasOtherAdministrators(key) && {
        consequence:
          "No principal can change this policy again. KMS refuses such a policy. If the lockout check is bypassed, only AWS Support can help to manage the key.",
        remedy: "Allow kms:* to an administrator's role or to the root of the account.",
      },
  }),
  rule({
    id: "key-policy-locks-out-caller",
    title: "The caller of the plan could not change the key policy",
    see: PUT,
    notShown: hiddenKeyPolicies,
    subjects: shownKeys,
    unjudged: (key, model) =>
      model.callerOf(key) === undefined && isPut(key) && !isCheckBypassed(key)
        ? "no aws_caller_identity of its provider shows the caller"
        : undefined,
    faultOf: (key, model) => {
      const callerArn = model.callerOf(key);
      return (
        callerArn !== undefined &&
        isPut(key) &&
        !isCheckBypassed(key) &&
        locksOut(key, callerArn) && {
          consequence: `The policy does not let the caller of this plan, ${callerArn}, change the policy again. KMS refuses such a policy.`,
          remedy:
            "Apply as an administrator of the key, or allow kms:PutKeyPolicy to the caller's role or to the root of the account.",
        }
      );
    },
  }),
  rule({
    id: "key-policy-lockout-check-bypassed",
    severity: "warning",
    title: "KMS does not check for a lockout",
    see: PUT,
    subjects: ({ keys }) => keys,
    unjudged: (key, model) =>
      settersOf(key)
        .map((setter) => model.whyHidden(setter, BYPASS))
        .find((why) => why !== undefined),
    faultOf: (key) =>
      isPut(key) &&
      isCheckBypassed(key) && {
        consequence: "KMS accepts a policy that locks its caller, or everybody, out of the key.",
        remedy: "Set bypass_policy_lockout_safety_check to false, or remove it.",
      },
  }),
];

/** Whether a principal that the policy lists can change it again. */
function hasAdministrator({ account, policy }: Key): boolean {
  const { statements } = policy.after;
  // The principals of statements that allow kms:PutKeyPolicy are tried first. Most administrators are there, and a policy can have
  // thousands of other principals.
  const allowing = statements.filter(
    (statement) => statement.Effect === "Allow" && matchesAction(statement, "kms:PutKeyPolicy"),
  );
  return [allowing, statements].some((listing) =>
    principalsOf(listing).some(
      (principal) => !isUniqueId(principal) && canChangePolicy(statements, principal, account),
    ),
  );
}

/** Whether a policy may have administrators besides the principals that it lists. */
function hasOtherAdministrators({ policy }: Key): boolean {
  return policy.after.statements.some(
    (statement) =>
      statement.Effect === "Allow" &&
      statement.Resource !== undefined &&
      !fitsTable(statement) &&
      !hasOnlyServices(statement) &&
      matchesAction(statement, "kms:PutKeyPolicy"),
  );
}

/** Whether a policy certainly locks a caller out. */
function locksOut(key: Key, callerArn: string): boolean {
  return (
    !canChangePolicy(key.policy.after.statements, callerArn, key.account) &&
    hasAdministrator(key) &&
    !hasOtherAdministrators(key)
  );
}

function isCheckBypassed(key: Key): boolean {
  return settersOf(key).some(({ change }) => change.after?.[BYPASS] === true);
}

/** Returns the resources that may set the policy of a key. */
function settersOf({ policies, resource }: Key): readonly PlannedResource[] {
  return [...(resource ? [resource] : []), ...policies.after];
}
