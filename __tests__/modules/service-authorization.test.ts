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
  [
    "the action *, and a global condition key,",
    { Action: "*", Condition: { Bool: { "aws:SecureTransport": "true" } }, Resource: CLUSTER_ARN },
  ],
  ["the action kms:* in a key policy", { ...IN_KEY_POLICY, Action: "kms:*" }],
  ["actions with a wildcard", { Action: ["kms:ReEncrypt*", "kms:GenerateDataKey*"], Resource: KEY_ARN }],
  ["an action in lower case", { Action: "kms:decrypt", Resource: KEY_ARN }],
  [
    "an action that takes no resource, with the resource *,",
    { Action: "redshift-data:DescribeStatement", Resource: "*" },
  ],
  [
    "an action whose resource is optional, with the resource *,",
    { Action: "redshift-data:ExecuteStatement", Resource: "*" },
  ],
  [
    "an action with its two resource types",
    { Action: "redshift:GetClusterCredentials", Resource: [DATABASE_ARN, DATABASE_USER_ARN] },
  ],
  [
    "two actions with a resource for each",
    { Action: ["redshift:PauseCluster", "kms:Decrypt"], Resource: [CLUSTER_ARN, KEY_ARN] },
  ],
  ["a resource with a wildcard", { Action: "redshift:PauseCluster", Resource: CLUSTER_ARN.replace("analytics", "*") }],
  ["a resource of aws-cn", { Action: "redshift:PauseCluster", Resource: CLUSTER_ARN.replace("aws", "aws-cn") }],
  ["a resource of aws-us-gov", { Action: "redshift:PauseCluster", Resource: CLUSTER_ARN.replace("aws", "aws-us-gov") }],
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
    "a condition key of the action with a name after the colon",
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
])("faultsOf finds no fault in a statement with %s", (_, statement) => {
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
    "an action with a wildcard that matches no action",
    { ...IN_KEY_POLICY, Action: "kms:Reencript*" },
    "'Action' must exist, such as kms:ReEncryptTo, got: kms:Reencript*",
  ],
  [
    "a resource for an action that has none",
    { Action: "redshift-data:DescribeStatement", Resource: CLUSTER_ARN },
    `'Resource' must have one that redshift-data:DescribeStatement takes, only *, got: ${CLUSTER_ARN}`,
  ],
  [
    "a resource of a type that the action does not take",
    { Action: "redshift:GetClusterCredentialsWithIAM", Resource: CLUSTER_ARN },
    `'Resource' must have one that redshift:GetClusterCredentialsWithIAM takes, arn:\${Partition}:redshift:\${Region}:\${Account}:dbname:\${ClusterName}/\${DbName}, got: ${CLUSTER_ARN}`,
  ],
  [
    "a resource of another service than the action's",
    { Action: ["kms:Decrypt", "redshift:PauseCluster"], Resource: CLUSTER_ARN },
    `'Resource' must have one that kms:Decrypt takes, arn:\${Partition}:kms:\${Region}:\${Account}:key/\${KeyId}, got: ${CLUSTER_ARN}`,
  ],
  [
    "a resource that no action takes",
    { Action: "redshift:PauseCluster", Resource: [CLUSTER_ARN, DATABASE_ARN] },
    `'Resource' must have only those that an action takes, got: ${DATABASE_ARN}`,
  ],
  [
    "an action that takes no key, in a key policy",
    { ...IN_KEY_POLICY, Action: "kms:ListKeys" },
    "'Resource' must have one that kms:ListKeys takes, only *, got: arn:*:kms:*:*:key/*",
  ],
  [
    "an action that takes no role, in a trust policy",
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
    "aws:RequestTag for an action without tags",
    { Action: "kms:Decrypt", Condition: { StringEquals: { "aws:RequestTag/team": "a" } }, Resource: KEY_ARN },
    "'Condition' must have only keys of kms:Decrypt, got: aws:RequestTag/team",
  ],
])("faultsOf finds the fault of a statement with %s", (_, statement, fault) => {
  expect(faultsOf([{ ...statement, Sid: "Wrong" }])).toStrictEqual([`Wrong: ${fault}`]);
});

test("faultsOf finds the fault of a statement with a token as resource for an action that takes none", () => {
  const [fault] = faultsOf([{ Action: "redshift-data:DescribeStatement", Resource: token(), Sid: "Wrong" }]);
  expect(fault).toMatch(/^Wrong: 'Resource' must have one that redshift-data:DescribeStatement takes, only \*, got: /);
});

test("a policy of the library with a misspelt action throws in tests", () => {
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

describe("the statements of the fixtures and of the maximal stack", () => {
  const fixtures = globSync("**/*.json", { cwd: join(ROOT, "__tests__"), ignore: "**/node_modules/**" }).map(
    (file) => JSON.parse(readFileSync(join(ROOT, "__tests__", file), "utf8")) as unknown,
  );
  const stack = testStack();
  maximal(stack);
  const texts = [...fixtures, synthesize(stack)].flatMap(statementsIn).map((statement) => JSON.stringify(statement));
  const statements = [...new Set(texts)].map((text) => JSON.parse(text) as Statement);

  test("have exactly the faults that ALLOWED_FAULTS lists", () => {
    expect([...new Set(faultsOf(statements))].sort()).toStrictEqual(Object.keys(ALLOWED_FAULTS).sort());
  });

  test("are accepted by checkStatements", () => {
    expect(() => checkStatements(statements)).not.toThrow();
  });
});
