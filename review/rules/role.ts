import type { IamPolicy, Model } from "../model/model";
import { textOf } from "../plan/plan";
import { isLimited, limitOf } from "../policy/condition";
import { awsPrincipals, many, matchesAction, type Statement, statementsOf, titleOf } from "../policy/statement";
import type { Fault, Rule } from "./rule";

const CREDENTIALS = "https://docs.aws.amazon.com/redshift/latest/mgmt/generating-iam-credentials-role-permissions.html";
const DATA_API = "https://docs.aws.amazon.com/redshift/latest/mgmt/data-api-iam.html";
const KMS = "https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html";
const TRUST = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html";

/** The actions that give statements of others away, unless they are limited to the owner's. */
const OWNED = ["CancelStatement", "DescribeStatement", "GetStatementResult", "ListStatements"].map(
  (name) => `redshift-data:${name}`,
);
const OWNER = "redshift-data:statement-owner-iam-userid";
/** Condition keys that limit which key is meant, or how. */
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

/** Resources that mean every one of an account, or more. */
const WAREHOUSES = /^\*+$|^arn:\*+$|:(cluster:|workgroup\/|namespace\/|)\*+$/;
const KEYS = /^\*+$|^arn:\*+$|:(key\/|)\*+$/;
const DATABASE_USERS = /^\*+$|^arn:\*+$|:\*+$|:dbuser:(\*+|[^/]*\/\*+)$/;

/** The rules of roles, and of the policies of roles, users and groups. */
export const ROLE_RULES: readonly Rule[] = [
  {
    check: (model) =>
      ofStatements(model, (statement) =>
        runs(statement) && isOf(statement, WAREHOUSES) && limitOf(statement, "aws:ResourceTag/") === undefined
          ? {
              consequence: `${titleOf(statement)} lets the role run SQL through the Data API on every warehouse of the account that lets it in.`,
              remedy:
                "Name the ARN of the cluster or workgroup as the resource of ExecuteStatement and BatchExecuteStatement.",
            }
          : undefined,
      ),
    id: "role-data-api-everywhere",
    see: DATA_API,
    severity: "error",
    title: "A role may use the Data API on every warehouse",
  },
  {
    check: (model) =>
      ofStatements(model, (statement) =>
        owned(statement).length > 0 && limitOf(statement, OWNER) === undefined
          ? {
              consequence: `${titleOf(statement)} lets every session of the role read or cancel the statements of the others (${owned(statement).join(", ")}).`,
              remedy: `Limit it with ${OWNER} equal to \${aws:userid}.`,
            }
          : undefined,
      ),
    id: "role-statements-of-others",
    see: DATA_API,
    severity: "warning",
    title: "A role may read the statements of its other sessions",
  },
  {
    check: (model) =>
      ofStatements(model, (statement) => {
        const isAny = many(statement.Resource).some((resource) => DATABASE_USERS.test(resource));
        return names(statement, "redshift:GetClusterCredentials") &&
          isAny &&
          limitOf(statement, "redshift:DbUser") === undefined
          ? {
              consequence: `${titleOf(statement)} lets the role log in as any user of the database, its admin among them.`,
              remedy:
                "Name the database user in the resource (dbuser:CLUSTER/USER), or use GetClusterCredentialsWithIAM.",
            }
          : undefined;
      }),
    id: "role-any-database-user",
    see: CREDENTIALS,
    severity: "error",
    title: "A role may log in as any database user",
  },
  {
    check: (model) =>
      ofStatements(model, (statement) =>
        names(statement, "kms:Decrypt") &&
        isOf(statement, KEYS) &&
        !isLimited(statement, KEY_LIMITS) &&
        !hasContext(statement)
          ? {
              consequence: `${titleOf(statement)} lets the role decrypt with every key whose policy leaves it to IAM, those of other accounts included.`,
              remedy: "Name the key's ARN as the resource.",
            }
          : undefined,
      ),
    id: "role-decrypts-with-every-key",
    see: KMS,
    severity: "warning",
    title: "A role may decrypt with every key",
  },
  {
    check: (model) =>
      model.ofType("aws_iam_role").flatMap((role): readonly Fault[] => {
        const open = (statementsOf(textOf(role, "after", "assume_role_policy")) ?? []).find(
          (statement) =>
            statement.Effect === "Allow" &&
            awsPrincipals(statement.Principal).includes("*") &&
            !isLimited(statement, TRUST_LIMITS),
        );
        return open
          ? [
              {
                address: role.address,
                consequence: `${titleOf(open)} lets everybody assume the role, of every AWS account.`,
                remedy: "Name who may assume it, or limit it with aws:PrincipalOrgID or aws:PrincipalArn.",
              },
            ]
          : [];
      }),
    id: "role-trusts-everybody",
    see: TRUST,
    severity: "error",
    title: "Everybody may assume a role",
  },
];

/** A fault for the first statement of a policy that has one. */
function ofStatements(
  { iamPolicies }: Model,
  check: (statement: Statement) => Omit<Fault, "address"> | undefined,
): readonly Fault[] {
  const faultOf = ({ statements }: IamPolicy): Omit<Fault, "address"> | undefined =>
    statements
      .filter(({ Effect }) => Effect === "Allow")
      .map(check)
      .find((found) => found !== undefined);
  return iamPolicies.flatMap((policy) => {
    const fault = faultOf(policy);
    return fault ? [{ address: policy.resource.address, ...fault }] : [];
  });
}

/** Whether a statement allows an action by its service's name; an administrator's `*` is no permission of this kind. */
function names(statement: Statement, action: string): boolean {
  const [service] = action.split(":");
  const isOfService = many(statement.Action).some((pattern) => pattern.toLowerCase().startsWith(`${service}:`));
  return isOfService && matchesAction(statement, action);
}

function runs(statement: Statement): boolean {
  return ["BatchExecuteStatement", "ExecuteStatement"].some((name) => names(statement, `redshift-data:${name}`));
}

function owned(statement: Statement): readonly string[] {
  return OWNED.filter((action) => names(statement, action));
}

/** Whether a statement is of all resources, or all but some. */
function isOf({ NotResource, Resource }: Statement, everything: RegExp): boolean {
  return NotResource !== undefined || many(Resource).some((resource) => everything.test(resource));
}

function hasContext({ Condition = {} }: Statement): boolean {
  return Object.values(Condition).some((keys) =>
    Object.keys(keys).some((key) => key.toLowerCase().startsWith("kms:encryptioncontext")),
  );
}
