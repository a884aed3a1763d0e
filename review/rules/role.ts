import type { IamPolicy } from "../model/model";
import { stringOf } from "../plan/attributes";
import { conditionTests, isLimited, limitingValues } from "../policy/condition";
import { MADE_UP_KEYS, MADE_UP_WAREHOUSES, madeUpDatabaseUsers, matchesMadeUp } from "../policy/resource-pattern";
import { asArray, isForEverybody, matchesAction, type Statement, statementsOf, titleOf } from "../policy/statement";
import { type Fault, type Rule, rule, type RuleDescription } from "./rule";

const DATA_API = "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-iam.html";

/** The actions on the statements of other sessions, unless a condition limits them to the session's. */
const STATEMENT_ACTIONS = ["CancelStatement", "DescribeStatement", "GetStatementResult", "ListStatements"].map(
  (name) => `redshift-data:${name}`,
);
const STATEMENT_OWNER = "redshift-data:statement-owner-iam-userid";
/** Condition keys that limit the key, or the way to it. */
const KEY_LIMITS = [
  "aws:ResourceAccount",
  "aws:ResourceTag/",
  "kms:RequestAlias",
  "kms:ResourceAliases",
  "kms:ViaService",
];
/** Condition keys that limit the callers of a role whose trust policy names everybody. */
const TRUST_LIMITS = [
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalOrgID",
  "aws:PrincipalOrgPaths",
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:userid",
];

/** The rules of roles, and of the policies of roles, users and groups. */
export const ROLE_RULES: readonly Rule[] = [
  statementRule({
    id: "role-data-api-everywhere",
    title: "A role may use the Data API on every warehouse",
    see: DATA_API,
    faultOf: (statement) =>
      ["BatchExecuteStatement", "ExecuteStatement"].some((name) => allows(statement, `redshift-data:${name}`)) &&
      appliesToOther(statement, () => MADE_UP_WAREHOUSES) &&
      limitingValues(statement, "aws:ResourceTag/") === undefined && {
        consequence: `${titleOf(statement)} lets the role run SQL through the Data API on every warehouse of the account that lets it in.`,
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
        limitingValues(statement, STATEMENT_OWNER) === undefined && {
          consequence: `${titleOf(statement)} lets every session of the role read or cancel the statements of the others (${actions.join(", ")}).`,
          remedy: `Limit it with ${STATEMENT_OWNER} equal to \${aws:userid}.`,
        }
      );
    },
  }),
  statementRule({
    id: "role-any-database-user",
    title: "A role may log in as any database user",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/generating-iam-credentials-role-permissions.html",
    faultOf: (statement) =>
      allows(statement, "redshift:GetClusterCredentials") &&
      appliesToOther(statement, madeUpDatabaseUsers) &&
      limitingValues(statement, "redshift:DbUser") === undefined && {
        consequence: `${titleOf(statement)} lets the role log in as any user of the database, its admin among them.`,
        remedy: "Name the database user in the resource (dbuser:CLUSTER/USER), or use GetClusterCredentialsWithIAM.",
      },
  }),
  statementRule({
    id: "role-decrypts-with-every-key",
    severity: "warning",
    title: "A role may decrypt with every key",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html",
    faultOf: (statement) =>
      allows(statement, "kms:Decrypt") &&
      appliesToOther(statement, () => MADE_UP_KEYS) &&
      !isLimited(statement, KEY_LIMITS) &&
      !conditionTests(statement).some(({ key }) => key.startsWith("kms:encryptioncontext")) && {
        consequence: `${titleOf(statement)} lets the role decrypt with every key whose policy leaves it to IAM, those of other accounts included.`,
        remedy: "Name the key's ARN as the resource.",
      },
  }),
  rule({
    id: "role-trusts-everybody",
    title: "Everybody may assume a role",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    subjects: (model) =>
      model.ofType("aws_iam_role").flatMap((role) =>
        allowStatements({
          address: role.address,
          statements: statementsOf(stringOf(role, "after", "assume_role_policy")) ?? [],
        }),
      ),
    faultOf: ({ statement }) =>
      isForEverybody(statement) &&
      !isLimited(statement, TRUST_LIMITS) && {
        consequence: `${titleOf(statement)} lets everybody assume the role, of every AWS account.`,
        remedy: "Name who may assume it, or limit it with aws:PrincipalOrgID or aws:PrincipalArn.",
      },
  }),
];

/** A rule that checks each Allow statement in the policies of roles, users and groups. */
function statementRule({
  faultOf,
  ...rest
}: RuleDescription & { readonly faultOf: (statement: Statement) => Fault | false }): Rule {
  return rule({
    ...rest,
    subjects: ({ iamPolicies }) => iamPolicies.flatMap(allowStatements),
    faultOf: ({ statement }) => faultOf(statement),
  });
}

/** The Allow statements of a policy, each with the address of the policy. */
function allowStatements({ address, statements }: IamPolicy) {
  return statements.filter(({ Effect }) => Effect === "Allow").map((statement) => ({ address, statement }));
}

/** Whether a statement allows an action by the name of its service. The `*` of an administrator is another permission. */
function allows(statement: Statement, action: string): boolean {
  const [service] = action.split(":");
  const namesService = asArray(statement.Action).some((pattern) => pattern.toLowerCase().startsWith(`${service}:`));
  return namesService && matchesAction(statement, action);
}

/** Whether a statement is for all resources but some, or for resources that it does not name. */
function appliesToOther(
  { NotResource, Resource }: Statement,
  madeUp: (pattern: string) => Parameters<typeof matchesMadeUp>[1],
): boolean {
  return NotResource !== undefined || asArray(Resource).some((pattern) => matchesMadeUp(pattern, madeUp(pattern)));
}
