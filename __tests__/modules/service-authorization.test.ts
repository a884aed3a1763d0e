import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { Token } from "cdktf";
import { DataApiKeyPolicy } from "../../modules";
import { maximal } from "../consumer/maximal";
import { ROOT } from "../support/paths";
import { ALLOWED_FAULTS, checkStatements, faultsOf, type Statement } from "../support/service-authorization";
import { ACCOUNT, ADMIN_ARN, CLUSTER_ARN, KEY_ARN } from "../support/arns";
import { admin, synthesize, testStack } from "../support/support";

const DATABASE_ARN = CLUSTER_ARN.replace("cluster:analytics", "dbname:analytics/dev");
const DATABASE_USER_ARN = CLUSTER_ARN.replace("cluster:analytics", "dbuser:analytics/loader");
const IN_KEY_POLICY: Statement = { Principal: { AWS: ADMIN_ARN }, Resource: "*" };
const token = (): string => Token.asString({ resolve: () => "later" });

test.each<[string, Statement]>([
  ["every action", { Action: "*", Condition: { Bool: { "aws:SecureTransport": "true" } }, Resource: CLUSTER_ARN }],
  ["every action of a service", { ...IN_KEY_POLICY, Action: "kms:*" }],
  ["a pattern of actions", { Action: ["kms:ReEncrypt*", "kms:GenerateDataKey*"], Resource: KEY_ARN }],
  ["an action in lower case", { Action: "kms:decrypt", Resource: KEY_ARN }],
  ["an action without resources on *", { Action: "redshift-data:DescribeStatement", Resource: "*" }],
  ["an action that needs no resource of its own", { Action: "redshift-data:ExecuteStatement", Resource: "*" }],
  [
    "an action on several resources",
    { Action: "redshift:GetClusterCredentials", Resource: [DATABASE_ARN, DATABASE_USER_ARN] },
  ],
  [
    "actions with a resource for each",
    { Action: ["redshift:PauseCluster", "kms:Decrypt"], Resource: [CLUSTER_ARN, KEY_ARN] },
  ],
  ["a pattern of resources", { Action: "redshift:PauseCluster", Resource: CLUSTER_ARN.replace("analytics", "*") }],
  ["a resource in China", { Action: "redshift:PauseCluster", Resource: CLUSTER_ARN.replace("aws", "aws-cn") }],
  ["a resource in GovCloud", { Action: "redshift:PauseCluster", Resource: CLUSTER_ARN.replace("aws", "aws-us-gov") }],
  [
    "a resource with tokens",
    { Action: "redshift:PauseCluster", Resource: `arn:${token()}:redshift:${token()}:${token()}:cluster:analytics` },
  ],
  ["a token as resource", { Action: "redshift:PauseCluster", Resource: token() }],
  ["a resource that begins with a token", { Action: "redshift:PauseCluster", Resource: `${token()}analytics` }],
  [
    "a trust policy",
    {
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "sts:ExternalId": "ticket" } },
      Principal: { AWS: ADMIN_ARN },
    },
  ],
  [
    "a global condition key",
    { Action: "kms:Decrypt", Condition: { StringEquals: { "aws:PrincipalTag/team": "a" } }, Resource: KEY_ARN },
  ],
  [
    "a condition key of the action",
    { Action: "kms:Decrypt", Condition: { StringEquals: { "kms:ViaService": "a" } }, Resource: KEY_ARN },
  ],
  [
    "a condition key of the action with a free name",
    {
      Action: "kms:Decrypt",
      Condition: { StringEquals: { "kms:EncryptionContext:aws:redshift:arn": "a" } },
      Resource: KEY_ARN,
    },
  ],
  [
    "a condition key of the resource",
    { Action: "kms:Decrypt", Condition: { StringEquals: { "aws:ResourceTag/team": "a" } }, Resource: KEY_ARN },
  ],
])("%s has no faults", (_, statement) => {
  expect(faultsOf([statement])).toStrictEqual([]);
});

test.each<[string, Statement, string]>([
  [
    "a misspelt action",
    { ...IN_KEY_POLICY, Action: ["kms:Encrypt", "kms:Decript"] },
    "'Action' must exist, such as kms:Decrypt, got: kms:Decript",
  ],
  [
    "a misspelt service",
    { Action: "redshift-dat:ExecuteStatement", Resource: "*" },
    "'Action' must exist, such as redshift-data:ExecuteStatement, got: redshift-dat:ExecuteStatement",
  ],
  [
    "a pattern of no action",
    { ...IN_KEY_POLICY, Action: "kms:Reencript*" },
    "'Action' must exist, such as kms:ReEncryptTo, got: kms:Reencript*",
  ],
  [
    "a resource of an action that takes none",
    { Action: "redshift-data:DescribeStatement", Resource: CLUSTER_ARN },
    `'Resource' must have one that redshift-data:DescribeStatement takes, only *, got: ${CLUSTER_ARN}`,
  ],
  [
    "a resource of a wrong type",
    { Action: "redshift:GetClusterCredentialsWithIAM", Resource: CLUSTER_ARN },
    `'Resource' must have one that redshift:GetClusterCredentialsWithIAM takes, arn:\${Partition}:redshift:\${Region}:\${Account}:dbname:\${ClusterName}/\${DbName}, got: ${CLUSTER_ARN}`,
  ],
  [
    "a resource of another service",
    { Action: ["kms:Decrypt", "redshift:PauseCluster"], Resource: CLUSTER_ARN },
    `'Resource' must have one that kms:Decrypt takes, arn:\${Partition}:kms:\${Region}:\${Account}:key/\${KeyId}, got: ${CLUSTER_ARN}`,
  ],
  [
    "a resource that no action takes",
    { Action: "redshift:PauseCluster", Resource: [CLUSTER_ARN, DATABASE_ARN] },
    `'Resource' must have only those that an action takes, got: ${DATABASE_ARN}`,
  ],
  [
    "an action of no key in a key policy",
    { ...IN_KEY_POLICY, Action: "kms:ListKeys" },
    "'Resource' must have one that kms:ListKeys takes, only *, got: arn:*:kms:*:*:key/*",
  ],
  [
    "an action of no resource in a trust policy",
    { Action: "sts:GetCallerIdentity", Principal: { AWS: ADMIN_ARN } },
    "'Action' must be one that takes the resource that has the policy, got: sts:GetCallerIdentity",
  ],
  [
    "an unknown condition key",
    { Action: "kms:Decrypt", Condition: { StringEquals: { "kms:EncryptionContexts": "a" } }, Resource: KEY_ARN },
    "'Condition' must have only keys of kms:Decrypt, got: kms:EncryptionContexts",
  ],
  [
    "a condition key of another action",
    { Action: "kms:Decrypt", Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } }, Resource: KEY_ARN },
    "'Condition' must have only keys of kms:Decrypt, got: kms:GrantIsForAWSResource",
  ],
  [
    "an unknown global condition key",
    { Action: "kms:Decrypt", Condition: { StringEquals: { "aws:SourceAccountId": "a" } }, Resource: KEY_ARN },
    "'Condition' must have only keys of kms:Decrypt, got: aws:SourceAccountId",
  ],
  [
    "a global condition key that takes no name",
    { Action: "kms:Decrypt", Condition: { StringEquals: { "aws:SourceArn/a": "a" } }, Resource: KEY_ARN },
    "'Condition' must have only keys of kms:Decrypt, got: aws:SourceArn/a",
  ],
  [
    "a tag of a request that has no tags",
    { Action: "kms:Decrypt", Condition: { StringEquals: { "aws:RequestTag/team": "a" } }, Resource: KEY_ARN },
    "'Condition' must have only keys of kms:Decrypt, got: aws:RequestTag/team",
  ],
])("%s is a fault", (_, statement, fault) => {
  expect(faultsOf([{ ...statement, Sid: "Wrong" }])).toStrictEqual([`Wrong: ${fault}`]);
});

test("a token as resource of an action that takes none is a fault", () => {
  const [fault] = faultsOf([{ Action: "redshift-data:DescribeStatement", Resource: token(), Sid: "Wrong" }]);
  expect(fault).toMatch(/^Wrong: 'Resource' must have one that redshift-data:DescribeStatement takes, only \*, got: /);
});

test("each policy is checked when it becomes JSON", () => {
  const statement = { ...IN_KEY_POLICY, Action: "kms:Decript", Effect: "Allow", Sid: "Misspelt" } as const;
  const policy = () =>
    new DataApiKeyPolicy({
      accountId: ACCOUNT,
      additionalStatements: [statement],
      administrators: [admin()],
      viaServices: ["redshift.amazonaws.com"],
    });
  expect(policy).toThrow(
    new Error(`A policy breaks AWS's service authorization reference:
- Misspelt: 'Action' must exist, such as kms:Decrypt, got: kms:Decript
Correct the statement, or add a deliberate fault to ALLOWED_FAULTS in __tests__/support/service-authorization.ts`),
  );
});

/** The statements in a JSON value, also in its strings that are JSON, as policies are in Terraform. */
function statementsIn(value: unknown): Statement[] {
  if (typeof value === "string") {
    return /^\s*\{.*"Statement"/s.test(value) ? statementsIn(JSON.parse(value)) : [];
  }
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return "Effect" in value ? [value as Statement] : Object.values(value).flatMap(statementsIn);
}

describe("the fixtures and the maximal stack", () => {
  const fixtures = globSync("**/*.json", { cwd: join(ROOT, "__tests__"), ignore: "**/node_modules/**" }).map(
    (file) => JSON.parse(readFileSync(join(ROOT, "__tests__", file), "utf8")) as unknown,
  );
  const stack = testStack();
  maximal(stack);
  const texts = [...fixtures, synthesize(stack)].flatMap(statementsIn).map((statement) => JSON.stringify(statement));
  const statements = [...new Set(texts)].map((text) => JSON.parse(text) as Statement);

  test("have no faults but the allowed ones, and have each of these", () => {
    expect([...new Set(faultsOf(statements))].sort()).toStrictEqual(Object.keys(ALLOWED_FAULTS).sort());
  });

  test("an allowed fault is no error", () => {
    expect(() => checkStatements(statements)).not.toThrow();
  });
});
