import type { Model } from "../model/model";
import { memoizedByObject } from "../plan/memoized";
import type { PlannedResource } from "../plan/plan";
import { DECRYPTING_ACTIONS } from "../policy/abilities";
import { conditionTests, isLimited, limitingValues } from "../policy/condition";
import { CALLER_LIMITS } from "../policy/principals";
import { appliesToSamples, SAMPLE_WAREHOUSES, onKeys } from "../policy/resource-pattern";
import { isForEverybody, matchesAction, type Statement, titleOf } from "../policy/statement";
import { exclusiveLists, lostDenials, lostDenialsOfUnlisted, lostHiddenLimits } from "./lost-denials";
import { hiddenPolicies, hiddenPolicyFault } from "./not-shown";
import { assumeStatements } from "./role/assume-statements";
import { allows, broadActions, KEY_LIMITS, keysIn } from "./role/broad-actions";
import { isForAnyDatabaseUser, namesSessionUser } from "./role/database-admin";
import { grantingPolicies, grantingStatements } from "./role/granting-policies";
import { openingChange } from "./role/key-conditions";
import { type Fault, type NotJudged, type Rule, rule, type RuleDescription } from "./rule";
import { unreadChanges } from "./unread";

const DATA_API = "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-iam.html";

const PLANNED_POLICIES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html";

/**
 * The actions on SQL statements. Each reaches the SQL statements of all sessions of a role, if no condition limits the action to
 * the caller's session.
 */
const STATEMENT_ACTIONS = ["CancelStatement", "DescribeStatement", "GetStatementResult", "ListStatements"].map(
  (name) => `redshift-data:${name}`,
);
const STATEMENT_OWNER = "redshift-data:statement-owner-iam-userid";

/** How kms:ReplicateKey leads to kms:Decrypt. */
const REPLICATION =
  ", with kms:ReplicateKey by a replica of a multi-Region key in another Region: a role that creates the replica also needs kms:CreateKey, and writes the policy of the replica";

/** The rules about roles, and about the policies of roles, users and groups. */
export const ROLE_RULES: readonly Rule[] = [
  statementRule({
    id: "role-data-api-everywhere",
    title: "A role may use the Data API on every warehouse",
    see: DATA_API,
    faultOf: (statement) =>
      ["BatchExecuteStatement", "ExecuteStatement"].some((name) => allows(statement, `redshift-data:${name}`)) &&
      appliesToSamples(statement, () => SAMPLE_WAREHOUSES) &&
      limitingValues(statement, "aws:ResourceTag/") === undefined && {
        consequence: `${titleOf(statement)} lets the role run SQL through the Data API on every warehouse of the account that lets the role log in.`,
        remedy:
          "Name the ARN of the cluster or workgroup as the resource of ExecuteStatement and BatchExecuteStatement.",
      },
  }),
  statementRule({
    id: "role-statements-of-others",
    severity: "warning",
    title: "A role may read the statements of its other sessions",
    see: DATA_API,
    faultOf: (statement) => {
      const actions = STATEMENT_ACTIONS.filter((action) => allows(statement, action));
      return (
        actions.length > 0 &&
        limitingValues(statement, STATEMENT_OWNER)?.every(isOneSession) !== true && {
          consequence: `${titleOf(statement)} lets every session of the role read or cancel the statements of the other sessions (${actions.join(", ")}).`,
          remedy: `Limit the statement with ${STATEMENT_OWNER} equal to \${aws:userid}.`,
        }
      );
    },
  }),
  statementRule({
    id: "role-any-database-user",
    title: "A role may log in as any database user",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/generating-iam-credentials-role-permissions.html",
    faultAt: (statement, address, model) =>
      allows(statement, "redshift:GetClusterCredentials") &&
      isForAnyDatabaseUser(statement, address, model) && {
        consequence: namesSessionUser(statement)
          ? `${titleOf(statement)} lets the role log in as the database user with the name of its session. The caller of sts:AssumeRole chooses this name, and can choose that of the admin.`
          : `${titleOf(statement)} lets the role log in as any user of the database, its admin among them.`,
        remedy: "Name the database user in the resource (dbuser:CLUSTER/USER), or use GetClusterCredentialsWithIAM.",
      },
  }),
  statementRule({
    id: "role-decrypts-with-every-key",
    severity: "warning",
    title: "A role may decrypt with every key",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html",
    faultOf: (statement) => {
      const [action] = broadActions(statement, onKeys(DECRYPTING_ACTIONS), KEY_LIMITS);
      const wayText = action === "kms:Decrypt" ? "" : `, by ${action} and another key`;
      return (
        action !== undefined && {
          consequence: `${titleOf(statement)} lets the role decrypt with every key ${keysIn(statement, [action])}${wayText}.`,
          remedy: "Name the key's ARN as the resource.",
        }
      );
    },
  }),
  statementRule({
    id: "role-gives-itself-keys",
    severity: "warning",
    title: "A role may give itself the use of every key",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html",
    faultAt: (statement, address, model) => {
      const change = openingChange(statement, address, model);
      return (
        change !== undefined && {
          consequence: `${titleOf(statement)} lets the role do ${change.actions.join(", ")} on every key ${keysIn(statement, change.actions)}. So it can give itself kms:Decrypt, which ${change.conditions.join(" and ")} limits.`,
          remedy: change.remedy,
        }
      );
    },
    faultOf: (statement) => {
      const limits = [...KEY_LIMITS, "kms:GranteePrincipal"];
      const actions = broadActions(
        statement,
        onKeys(["kms:CreateGrant", "kms:PutKeyPolicy", "kms:ReplicateKey"]),
        limits,
      ).filter((action) => !(action === "kms:CreateGrant" && limitsOperations(statement)));
      const wayText = actions.includes("kms:ReplicateKey") ? REPLICATION : "";
      return (
        actions.length > 0 &&
        !DECRYPTING_ACTIONS.some((action) => matchesAction(statement, action)) &&
        !isForServices(statement) && {
          consequence: `${titleOf(statement)} lets the role do ${actions.join(", ")} on every key ${keysIn(statement, actions)}. So it can give itself kms:Decrypt${wayText}.`,
          remedy: "Name the key's ARN as the resource.",
        }
      );
    },
  }),
  rule({
    id: "role-trusts-everybody",
    title: "Everybody may assume a role",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    notShown: (model) => hiddenPolicies(model.trustPolicies),
    subjects: assumeStatements,
    faultOf: ({ statement }) =>
      isForEverybody(statement) &&
      !isLimited(statement, CALLER_LIMITS) && {
        consequence: `${titleOf(statement)} lets principals of every AWS account assume the role.`,
        remedy: "Name the principals, or add a condition on aws:PrincipalOrgID or aws:PrincipalArn.",
      },
  }),
  rule({
    id: "role-policy-not-shown",
    title: "The plan does not show a policy of a role, user or group",
    see: PLANNED_POLICIES,
    notShown: (model, { standing }) => [
      ...unreadChanges(model, "IAM"),
      ...lostDenialsOfUnlisted(model, standing()),
      ...lostHiddenLimits(model, standing()),
      ...exclusiveLists(model),
      ...namesNotShown(model),
    ],
    subjects: ({ iamPolicies }) => iamPolicies,
    faultOf: hiddenPolicyFault("policy", "the permissions that it gives"),
  }),
  rule({
    id: "role-trust-not-shown",
    title: "The plan does not show the trust policy of a role",
    see: PLANNED_POLICIES,
    notShown: (model, { standing }) => lostDenials(model.trustPolicies, standing().trustPolicies, model),
    subjects: ({ trustPolicies }) => trustPolicies,
    faultOf: hiddenPolicyFault("trust policy", "who may assume the role"),
  }),
];

/** Returns the resources that name roles, users or groups which the plan does not show. */
function namesNotShown({ heldPolicies, identities }: Model): readonly NotJudged[] {
  const lists = identities.holders.hiddenLists();
  const listed = new Set(lists.map(({ resource }) => resource));
  const withReason = (resources: readonly PlannedResource[], reason: string) =>
    resources.filter((resource) => !listed.has(resource)).map(({ address }) => ({ address, reason }));
  return [
    ...lists.map(({ reason, resource: { address } }) => ({ address, reason })),
    ...withReason(heldPolicies.changedWithoutHolder(), "the plan does not show who has the policy"),
    ...withReason(
      identities.memberships.changedWithoutName(),
      "the plan does not show who becomes a member of which group",
    ),
  ];
}

/**
 * Whether a value of STATEMENT_OWNER names a single session: the session of the request (`${aws:userid}`), or another session by
 * its ID.
 */
function isOneSession(value: string): boolean {
  return /^\$\{\s*aws:userid\s*\}$/i.test(value) || !/[*?$]/.test(value);
}

/** Whether a condition limits a statement to grants for AWS services. */
function isForServices(statement: Statement): boolean {
  const values = limitingValues(statement, "kms:GrantIsForAWSResource") ?? ["false"];
  return values.every((value) => value.toLowerCase() === "true");
}

/** Whether a condition refuses each grant with an operation that decrypts. */
function limitsOperations(statement: Statement): boolean {
  const decrypting = DECRYPTING_ACTIONS.map((action) => action.replace("kms:", ""));
  return conditionTests(statement).some(
    ({ isNegated, key, operator, quantifier, values }) =>
      key === "kms:grantoperations" &&
      quantifier === "ForAllValues" &&
      operator === "StringEquals" &&
      !isNegated &&
      !values.some((value) => decrypting.includes(value) || value.includes("${")),
  );
}

/**
 * Creates a rule that checks each Allow statement in the policies of roles, users and groups.
 *
 * @param faultAt - returns the fault of a statement by the address of its policy; called if `faultOf` finds none
 */
export function statementRule({
  faultAt = () => false,
  faultOf = () => false,
  ...rest
}: RuleDescription & {
  readonly faultAt?: (statement: Statement, address: string, model: Model) => Fault | false;
  readonly faultOf?: (statement: Statement) => Fault | false;
}): Rule {
  // Results are cached by statement, because policies with the same text share their statements.
  const faultOfStatement = memoizedByObject(faultOf);
  return rule({
    ...rest,
    notShown: (model) => hiddenPolicies(grantingPolicies(model)),
    subjects: grantingStatements,
    faultOf: ({ address, awsManaged, statement }, model) => {
      const fault = faultOfStatement(statement) || faultAt(statement, address, model);
      return fault && awsManaged !== undefined ? { ...fault, remedy: remedyForManaged(awsManaged) } : fault;
    },
  });
}

function remedyForManaged(arn: string): string {
  return `Nobody but AWS can change ${arn}. In place of it, attach a policy of your own with the actions and the resources that are needed.`;
}
