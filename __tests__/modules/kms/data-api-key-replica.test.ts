import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key";
import { type TerraformStack, TerraformVariable } from "cdktf";
import {
  DataApiKey,
  DataApiKeyReplica,
  type DataApiKeyReplicaProps,
  DataApiRole,
  EncryptedCluster,
  Identity,
} from "../../../modules";
import { ACCOUNT, ADMIN_ARN, REGION, USER_ARN } from "../../support/arns";
import {
  admin,
  existingKey,
  only,
  reference,
  statementsOf,
  synthesize,
  testStack,
  user,
  warningsOf,
} from "../../support/support";

const OTHER_REGION = "eu-west-1";

function primary(stack: TerraformStack, multiRegion = true): DataApiKey {
  return new DataApiKey(stack, "Key", {
    accountId: ACCOUNT,
    administrators: [admin(), Identity.forAccountRoot(ACCOUNT)],
    alias: "alias/test",
    multiRegion,
    region: REGION,
  });
}

/** A replica, in a stack with its provider. */
function replicaOf(stack: TerraformStack, props: Partial<DataApiKeyReplicaProps> = {}): DataApiKeyReplica {
  const provider = new AwsProvider(stack, "Other", { alias: "other", region: props.region ?? OTHER_REGION });
  return new DataApiKeyReplica(stack, "Replica", {
    accountId: ACCOUNT,
    administrators: [admin()],
    primaryKey: props.primaryKey ?? primary(stack),
    provider,
    region: OTHER_REGION,
    ...props,
  });
}

test("a minimal replica has the services of its own Region in its policy, and its primary key's alias", () => {
  const stack = testStack();
  const replica = replicaOf(stack);
  const synthesized = synthesize(stack);
  const { policy, ...rest } = only(synthesized, KmsReplicaKey);
  const key = stack.node.findChild("Key") as DataApiKey;
  expect(rest).toStrictEqual({
    bypass_policy_lockout_safety_check: false,
    deletion_window_in_days: 30,
    description: "Amazon Redshift and its Data API",
    lifecycle: { precondition: [expect.any(Object)], prevent_destroy: true },
    primary_key_arn: reference(key.resource, "arn"),
    provider: "aws.other",
  });
  const [redshift, administrators, ...others] = statementsOf(policy as string);
  expect(redshift!.Condition).toStrictEqual({
    StringEquals: {
      "kms:CallerAccount": ACCOUNT,
      "kms:ViaService": [
        `redshift-serverless.${OTHER_REGION}.amazonaws.com`,
        "redshift.amazonaws.com",
        `redshift.${OTHER_REGION}.amazonaws.com`,
      ],
    },
  });
  expect(administrators!.Principal).toStrictEqual({ AWS: ADMIN_ARN });
  expect(others).toStrictEqual([]);
  expect(Object.values(synthesized.resource[KmsAlias.tfResourceType]!)).toContainEqual({
    name: "alias/test",
    provider: "aws.other",
    target_key_id: reference(replica.resource, "key_id"),
  });
  // The caller is read in the Region of the replica.
  expect(Object.values(synthesized.data.aws_caller_identity!)).toContainEqual({ provider: "aws.other" });
});

test("DataApiKeyReplica passes every prop to its resource", () => {
  const stack = testStack();
  const role = new DataApiRole(stack, "Role", {
    accountId: ACCOUNT,
    partition: "aws",
    roleName: "Reader",
    trustedServices: ["lambda.amazonaws.com"],
  });
  const replica = replicaOf(stack, {
    additionalStatements: [
      { Action: "kms:DescribeKey", Effect: "Allow", Principal: { AWS: USER_ARN }, Resource: "*", Sid: "Describe" },
    ],
    alias: "alias/other",
    bypassPolicyLockoutSafetyCheck: true,
    deletionProtection: false,
    deletionWindowInDays: 14,
    description: "A replica",
    partition: "aws",
    tags: { team: "data" },
    users: [role.identity, user()],
    viaServices: [`redshift.${OTHER_REGION}.amazonaws.com`],
  });
  const { policy, ...rest } = only(synthesize(stack), KmsReplicaKey);
  expect(rest).toStrictEqual({
    bypass_policy_lockout_safety_check: true,
    deletion_window_in_days: 14,
    depends_on: [`aws_iam_role.${role.resource.friendlyUniqueId}`],
    description: "A replica",
    lifecycle: { prevent_destroy: false },
    primary_key_arn: expect.any(String) as string,
    provider: "aws.other",
    tags: { team: "data" },
  });
  expect(statementsOf(policy as string).map(({ Sid }) => Sid as string)).toHaveLength(4);
  expect(replica.aliasName).toBe("alias/other");
});

test("a cluster under a replica is replaced together with the replica", () => {
  const stack = testStack();
  const replica = replicaOf(stack);
  new EncryptedCluster(stack, "Cluster", {
    accountId: ACCOUNT,
    clusterIdentifier: "analytics",
    key: replica,
    nodeType: "ra3.large",
    region: OTHER_REGION,
  });
  const { lifecycle } = only(synthesize(stack), { tfResourceType: "aws_redshift_cluster" });
  expect((lifecycle as { replace_triggered_by: string[] }).replace_triggered_by).toStrictEqual([
    `aws_kms_replica_key.${replica.resource.friendlyUniqueId}.arn`,
  ]);
});

test("DataApiKeyReplica warns of a user that is an administrator too", () => {
  const stack = testStack();
  replicaOf(stack, { users: [admin()] });
  synthesize(stack);
  expect(warningsOf(stack)).toStrictEqual([
    `${ADMIN_ARN} is both an administrator and a user of the key: separate the duties, or choose one`,
  ]);
});

test.each<[string, string | undefined, boolean]>([
  ["its account is given, and the account of the primary key is unknown", ACCOUNT, false],
  ["its account is a token, and the account of the primary key is given", undefined, true],
])("DataApiKeyReplica is accepted if %s at synthesis", (_, accountId, isPrimaryKnown) => {
  const stack = testStack();
  const primaryKey = new DataApiKey(stack, "Primary", {
    accountId: isPrimaryKnown ? ACCOUNT : undefined,
    administrators: [admin()],
    alias: "alias/analytics",
    multiRegion: true,
    region: REGION,
  });
  const token = new TerraformVariable(stack, "account", { type: "string" }).stringValue;
  expect(() => replicaOf(stack, { accountId: accountId ?? token, primaryKey })).not.toThrow();
});

describe("DataApiKeyReplica refuses", () => {
  const got = (stack: TerraformStack, props: object) => () => replicaOf(stack, props);
  const refused: [string, object, string][] = [
    [
      "the Region of its primary key",
      { region: REGION },
      `'region' must be another Region than the primary key's, got: ${REGION}`,
    ],
    [
      "a Region of another partition",
      { administrators: undefined, region: "cn-north-1" },
      "'region' must be of the primary key's partition, aws, got: cn-north-1",
    ],
    [
      "another partition",
      { administrators: undefined, partition: "aws-cn", region: undefined },
      "'partition' must be of the primary key's partition, aws, got: aws-cn",
    ],
    [
      "another account",
      { accountId: "444455556666" },
      `'accountId' must be the primary key's account, ${ACCOUNT}, got: "444455556666"`,
    ],
    [
      "an alias without the prefix alias/",
      { alias: "other" },
      "'alias' must be alias/ and 1 to 250 letters, digits or any of /_-, and not begin with alias/aws/, got: other",
    ],
    [
      "a deletion window of 6 days",
      { deletionWindowInDays: 6 },
      "'deletionWindowInDays' must be an integer from 7 to 30, got: 6",
    ],
    ["a number as description", { description: 5 }, "'description' must be a string of 0 to 8192 characters, got: 5"],
    [
      "a string as 'deletionProtection'",
      { deletionProtection: "no" },
      "'deletionProtection' must be true or false, known when the configuration is synthesized, got: no",
    ],
    ["a malformed Region", { region: "eu-west" }, "'region' must be an AWS region, got: eu-west"],
    ["null as provider", { provider: null }, "'provider' must be a provider, such as an AwsProvider, got: null"],
    ["no provider", { provider: undefined }, "'provider' must be a provider, such as an AwsProvider, got: nothing"],
    ["an empty object as provider", { provider: {} }, "'provider' must be a provider, such as an AwsProvider, got: {}"],
    [
      "an empty list of administrators",
      { administrators: [] },
      "'administrators' must name at least one administrator, got: []",
    ],
    [
      "a bypassed lockout check together with 'lockoutPrecondition'",
      { bypassPolicyLockoutSafetyCheck: true, lockoutPrecondition: true },
      "'lockoutPrecondition' must be false if 'bypassPolicyLockoutSafetyCheck' is true, got: true",
    ],
  ];

  test.each(refused)("%s", (_, props, message) => {
    expect(got(testStack(), props)).toThrow(new Error(`[test/Replica] ${message}`));
  });

  test("missing props", () => {
    expect(() => new DataApiKeyReplica(testStack(), "Replica", undefined as never)).toThrow(
      new Error("[test/Replica] 'props' must be given, got: nothing"),
    );
  });

  test("an existing primary key", () => {
    const stack = testStack();
    expect(got(stack, { primaryKey: existingKey(stack) })).toThrow(
      new Error(
        "[test/Replica] 'primaryKey' must be a DataApiKey with 'multiRegion', known when the configuration is synthesized, got: \"ExistingDataApiKey\"",
      ),
    );
  });

  test("a primary key without 'multiRegion'", () => {
    const stack = testStack();
    expect(got(stack, { primaryKey: primary(stack, false) })).toThrow(
      new Error(
        "[test/Replica] 'primaryKey' must be a DataApiKey with 'multiRegion', known when the configuration is synthesized, got: \"DataApiKey\"",
      ),
    );
  });
});
