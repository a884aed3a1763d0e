import { awsManagedStatements } from "../../../review/policy/aws-managed-policies";
import { type Facts } from "../../../review/policy/condition";
import { permissionOf } from "../../../review/policy/identity-permission";
import { matchesAction, matchesPattern } from "../../../review/policy/statement";
import { ACCOUNT, CLUSTER_ARN, KEY_ARN } from "../../support/arns";

const SECRET = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:`;
const WORKGROUP = `arn:aws:redshift-serverless:us-east-1:${ACCOUNT}:workgroup/w`;
const database = (resource: string): string => CLUSTER_ARN.replace("cluster:analytics", resource);

/** A request: the action, the resource (any key by default), and the condition keys that it has or lacks. */
type Request = readonly [action: string, resource?: string, facts?: Facts];

function isAllowed(name: string, [action, resource = KEY_ARN, facts = {}]: Request): boolean {
  const statements = awsManagedStatements(`arn:aws:iam::aws:policy/${name}`)!;
  const identity = {
    address: "r",
    boundary: undefined,
    policies: [{ name, notShown: undefined, statements }],
    unlisted: undefined,
  };
  const isResource = (pattern: string) => (matchesPattern(pattern, resource) ? "met" : "unmet");
  return permissionOf(identity, action, isResource, facts).kind === "allowed";
}

const DATA_API = [
  "CancelStatement",
  "DescribeStatement",
  "DescribeTable",
  "ExecuteStatement",
  "GetStatementResult",
  "ListDatabases",
  "ListSchemas",
  "ListStatements",
  "ListTables",
].map((name): Request => [`redshift-data:${name}`, CLUSTER_ARN]);
const TAG = "secretsmanager:resourcetag/redshiftdatafullaccess";
const READS_KEYS: readonly Request[] = [["kms:DescribeKey"], ["kms:GetKeyPolicy"], ["kms:ListGrants"]];

/** @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html */
test.each<[string, readonly Request[], readonly Request[]]>([
  ["AdministratorAccess", [["kms:Decrypt"], ["iam:PassRole"]], []],
  [
    "PowerUserAccess",
    [["kms:Decrypt"], ["redshift:ModifyCluster"]],
    [["iam:PassRole"], ["organizations:LeaveOrganization"], ["account:CloseAccount"]],
  ],
  ["IAMFullAccess", [["iam:AttachRolePolicy"], ["iam:PassRole"]], [["kms:Decrypt"]]],
  [
    "ReadOnlyAccess",
    [...READS_KEYS, ["redshift:DescribeClusters"], ["secretsmanager:DescribeSecret"], ["secretsmanager:ListSecrets"]],
    [["kms:Decrypt"], ["redshift:GetClusterCredentials"], ["secretsmanager:GetSecretValue"]],
  ],
  [
    "SecurityAudit",
    [...READS_KEYS, ["redshift:DescribeClusters"], ["secretsmanager:DescribeSecret"]],
    [["kms:Decrypt"], ["secretsmanager:GetSecretValue"]],
  ],
  [
    "AWSKeyManagementServicePowerUser",
    [...READS_KEYS, ["kms:CreateKey"], ["kms:CreateAlias"], ["kms:TagResource"]],
    [["kms:Decrypt"], ["kms:PutKeyPolicy"]],
  ],
  [
    "AmazonRedshiftFullAccess",
    [
      ...DATA_API,
      ["redshift:GetClusterCredentials"],
      ["redshift-serverless:GetCredentials"],
      ["secretsmanager:GetSecretValue", SECRET, { [TAG]: "a" }],
      ["secretsmanager:CreateSecret", SECRET, { [TAG]: "a" }],
    ],
    [
      ["kms:Decrypt"],
      ["redshift-data:BatchExecuteStatement"],
      ["secretsmanager:GetSecretValue", SECRET, { [TAG]: null }],
    ],
  ],
  [
    "AmazonRedshiftReadOnlyAccess",
    [["redshift:DescribeClusters"], ["redshift:ListRecommendations"]],
    [["redshift:GetClusterCredentials"]],
  ],
  [
    "AmazonRedshiftDataFullAccess",
    [
      ...DATA_API,
      ["redshift-data:BatchExecuteStatement"],
      ["redshift:GetClusterCredentials", database("dbname:analytics/dev")],
      ["redshift:GetClusterCredentials", database("dbuser:analytics/redshift_data_api_user")],
      ["redshift:GetClusterCredentialsWithIAM", database("dbname:analytics/dev")],
      ["redshift-serverless:GetCredentials", WORKGROUP, { "aws:resourcetag/redshiftdatafullaccess": "a" }],
      ["secretsmanager:GetSecretValue", SECRET, { [TAG]: "a" }],
    ],
    [
      ["redshift:GetClusterCredentials", database("dbuser:analytics/admin")],
      ["redshift:GetClusterCredentialsWithIAM", CLUSTER_ARN],
      ["redshift-serverless:GetCredentials", WORKGROUP, { "aws:resourcetag/redshiftdatafullaccess": null }],
      ["redshift-serverless:GetCredentials", WORKGROUP.replace("workgroup", "namespace")],
      ["secretsmanager:GetSecretValue", SECRET, { [TAG]: null }],
      ["secretsmanager:GetSecretValue", KEY_ARN],
    ],
  ],
  [
    "AmazonRedshiftQueryEditor",
    [
      ["redshift:GetClusterCredentials"],
      ["redshift-data:ExecuteStatement"],
      ["redshift-data:GetStatementResult"],
      ["redshift-data:ListStatements"],
    ],
    [["redshift-data:BatchExecuteStatement"], ["redshift:ModifyCluster"]],
  ],
  [
    "AmazonRedshiftAllCommandsFullAccess",
    [["secretsmanager:GetSecretValue", `${SECRET}redshift!a`]],
    [["secretsmanager:GetSecretValue", `${SECRET}other`], ["kms:Decrypt"]],
  ],
  [
    "SecretsManagerReadWrite",
    [["secretsmanager:GetSecretValue"], ["kms:DescribeKey"], ["kms:ListAliases"]],
    [["kms:Decrypt"], ["redshift:ModifyCluster"]],
  ],
  ["service-role/AWSLambdaBasicExecutionRole", [], [["kms:Decrypt"], ["secretsmanager:GetSecretValue"]]],
])("the managed policy %s of AWS allows and refuses the documented requests", (name, allowed, refused) => {
  expect(allowed.filter((request) => !isAllowed(name, request))).toStrictEqual([]);
  expect(refused.filter((request) => isAllowed(name, request))).toStrictEqual([]);
});

test.each([
  "arn:aws:iam::aws:policy/Other",
  `arn:aws:iam::${ACCOUNT}:policy/AdministratorAccess`,
  "AdministratorAccess",
  undefined,
])("the content of the policy %j is unknown", (arn) => {
  expect(awsManagedStatements(arn)).toBeUndefined();
});

test("a managed policy of AWS is the same in each partition", () => {
  expect(awsManagedStatements("arn:aws-cn:iam::aws:policy/AdministratorAccess")).toHaveLength(1);
});

test("AmazonRedshiftQueryEditor allows the results of a SQL statement to the statement's owner only", () => {
  const statements = awsManagedStatements("arn:aws:iam::aws:policy/AmazonRedshiftQueryEditor")!;
  const resultStatements = statements.filter((statement) =>
    matchesAction(statement, "redshift-data:GetStatementResult"),
  );
  expect(resultStatements.map(({ Condition }) => Condition)).toStrictEqual([
    { StringEquals: { "redshift-data:statement-owner-iam-userid": "${aws:userid}" } },
  ]);
});
