import { isString } from "../plan/predicates";
import type { Statement } from "./statement";

const ALL = "*";

function allow(actions: string, more: Partial<Statement> = {}): Statement {
  return { Action: actions.split(" "), Effect: "Allow", Resource: ALL, ...more };
}

const READ_KMS = "kms:Describe* kms:Get* kms:List*";
const USE_DATA_API =
  "redshift-data:ExecuteStatement redshift-data:CancelStatement redshift-data:ListStatements " +
  "redshift-data:GetStatementResult redshift-data:DescribeStatement redshift-data:ListDatabases " +
  "redshift-data:ListSchemas redshift-data:ListTables redshift-data:DescribeTable";
const OWNED_BY_CALLER = { "redshift-data:statement-owner-iam-userid": "${aws:userid}" };

/**
 * The statements of AWS managed policies on KMS, Redshift, Secrets Manager and changes of IAM, by the part of the ARN after
 * `policy/`, as of May 2026. Each is current since the date of its version. The content of any other AWS managed policy is unknown.
 *
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const STATEMENTS: ReadonlyMap<string, readonly Statement[]> = new Map([
  // v1 of 2015-02-06
  ["AdministratorAccess", [allow("*")]],
  // v12 of 2026-02-12
  [
    "PowerUserAccess",
    [{ Effect: "Allow", NotAction: ["iam:*", "organizations:*", "account:*"], Resource: ALL } satisfies Statement],
  ],
  // v2 of 2019-06-21
  ["IAMFullAccess", [allow("iam:*")]],
  // v182 of 2026-04-03
  ["ReadOnlyAccess", [allow(`${READ_KMS} redshift:Describe* secretsmanager:Describe* secretsmanager:List*`)]],
  // v86 of 2026-05-01
  ["SecurityAudit", [allow(`${READ_KMS} redshift:Describe* secretsmanager:DescribeSecret`)]],
  // v2 of 2017-03-07
  [
    "AWSKeyManagementServicePowerUser",
    [
      allow(
        `${READ_KMS} kms:CreateAlias kms:CreateKey kms:DeleteAlias kms:GenerateRandom kms:TagResource kms:UntagResource`,
      ),
    ],
  ],
  // v5 of 2022-07-07
  [
    "AmazonRedshiftFullAccess",
    [
      allow("redshift:* redshift-serverless:*"),
      allow(USE_DATA_API),
      allow("secretsmanager:CreateSecret secretsmanager:GetSecretValue secretsmanager:TagResource", {
        Condition: { StringLike: { "secretsmanager:ResourceTag/RedshiftDataFullAccess": "*" } },
      }),
    ],
  ],
  // v2 of 2024-02-08
  ["AmazonRedshiftReadOnlyAccess", [allow("redshift:Describe* redshift:ListRecommendations")]],
  // v5 of 2023-04-07
  [
    "AmazonRedshiftDataFullAccess",
    [
      allow(`redshift-data:BatchExecuteStatement ${USE_DATA_API}`),
      allow("secretsmanager:GetSecretValue", {
        Condition: { StringLike: { "secretsmanager:ResourceTag/RedshiftDataFullAccess": "*" } },
        Resource: "arn:aws:secretsmanager:*:*:secret:*",
      }),
      allow("redshift:GetClusterCredentials", {
        Resource: ["arn:aws:redshift:*:*:dbname:*/*", "arn:aws:redshift:*:*:dbuser:*/redshift_data_api_user"],
      }),
      allow("redshift:GetClusterCredentialsWithIAM", { Resource: "arn:aws:redshift:*:*:dbname:*/*" }),
      allow("redshift-serverless:GetCredentials", {
        Condition: { StringLike: { "aws:ResourceTag/RedshiftDataFullAccess": "*" } },
        Resource: "arn:aws:redshift-serverless:*:*:workgroup/*",
      }),
    ],
  ],
  // v4 of 2021-02-16
  [
    "AmazonRedshiftQueryEditor",
    [
      allow("redshift:GetClusterCredentials redshift:ExecuteQuery redshift:FetchResults redshift:DescribeClusters"),
      allow(
        "redshift-data:ExecuteStatement redshift-data:ListDatabases redshift-data:ListSchemas redshift-data:ListTables",
      ),
      allow(
        "redshift-data:GetStatementResult redshift-data:CancelStatement redshift-data:DescribeStatement " +
          "redshift-data:ListStatements",
        { Condition: { StringEquals: OWNED_BY_CALLER } },
      ),
    ],
  ],
  // v2 of 2021-11-25
  [
    "AmazonRedshiftAllCommandsFullAccess",
    [
      allow("secretsmanager:GetSecretValue secretsmanager:DescribeSecret", {
        Resource: "arn:aws:secretsmanager:*:*:secret:*redshift*",
      }),
    ],
  ],
  // v5 of 2024-02-22
  ["SecretsManagerReadWrite", [allow("secretsmanager:* kms:DescribeKey kms:ListAliases kms:ListKeys")]],
  // v1 of 2015-04-09
  ["service-role/AWSLambdaBasicExecutionRole", []],
]);

/** Returns the statements of an AWS managed policy by its ARN; undefined for another ARN, or if the content is unknown. */
export function awsManagedStatements(arn: unknown): readonly Statement[] | undefined {
  const [, name = ""] = /^arn:[^:]+:iam::aws:policy\/(.+)$/.exec(isString(arn) ? arn : "") ?? [];
  return STATEMENTS.get(name);
}
