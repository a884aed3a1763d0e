import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { RedshiftCluster } from "@cdktf/provider-aws/lib/redshift-cluster";
import { RedshiftserverlessNamespace } from "@cdktf/provider-aws/lib/redshiftserverless-namespace";
import type { TerraformStack } from "cdktf";
import {
  DataApiAccess,
  DataApiKey,
  DataApiRole,
  DataApiWarehouse,
  type DataApiWarehouseProps,
  EncryptedCluster,
  EncryptedServerless,
} from "../../modules";
import { ACCOUNT, REGION, USER_ARN } from "../support/arns";
import { admin, existingKey, only, reference, statementsOf, synthesize, testStack } from "../support/support";

const ANALYTICS = { namespaceName: "analytics" };

function analyst(stack: TerraformStack): ReturnType<typeof DataApiRole.fromRoleArn> {
  return DataApiRole.fromRoleArn(stack, "Analyst", USER_ARN);
}

test("creates a key and a serverless warehouse without users", () => {
  const stack = testStack();
  const { accesses, key, warehouse } = new DataApiWarehouse(stack, "Analytics", {
    administrators: [admin()],
    serverless: ANALYTICS,
  });
  expect(accesses).toStrictEqual([]);
  expect([key, warehouse].map(({ node }) => node.path)).toStrictEqual([
    "test/Analytics/Key",
    "test/Analytics/Serverless",
  ]);
  const synthesized = synthesize(stack);
  expect(only(synthesized, KmsAlias).name).toBe("alias/analytics");
  expect(only(synthesized, RedshiftserverlessNamespace)).toMatchObject({
    kms_key_id: reference((key as DataApiKey).resource, "arn"),
    namespace_name: "analytics",
  });
  expect(synthesized.resource).not.toHaveProperty("aws_iam_role_policy");
});

test("passes every prop to the key, the cluster and the accesses, as code that composes them does", () => {
  const [environment, tags] = [{ accountId: ACCOUNT, partition: "aws", region: REGION }, { team: "data" }];
  const keyProps = { alias: "alias/reports", deletionWindowInDays: 14 };
  const cluster = { clusterIdentifier: "analytics", masterUsername: "keeper", nodeType: "ra3.large" };
  const user = { databaseUser: "reporting", databases: ["sales"], ownStatementsOnly: false };
  const administrators = [admin()];
  const providerOf = (stack: TerraformStack) => new AwsProvider(stack, "Other", { alias: "other", region: REGION });

  const stack = testStack();
  const provider = providerOf(stack);
  const { accesses } = new DataApiWarehouse(stack, "Default", {
    ...environment,
    administrators,
    cluster,
    keyProps,
    provider,
    tags,
    users: [{ ...user, role: analyst(stack) }],
  });
  expect(accesses.map(({ node }) => node.path)).toStrictEqual(["test/Default/Access-Analyst"]);

  const composed = testStack();
  const settings = { ...environment, provider: providerOf(composed), tags };
  const key = new DataApiKey(composed, "Key", { ...keyProps, ...settings, administrators });
  const warehouse = new EncryptedCluster(composed, "Cluster", { ...cluster, ...settings, key });
  const role = analyst(composed);
  const policyName = "test-Default-Access-Analyst";
  new DataApiAccess(composed, "Access-Analyst", { ...user, policyName, provider: settings.provider, role, warehouse });
  // The framework leaves the construct ID Default out of logical IDs.
  expect(synthesize(stack).resource).toStrictEqual(synthesize(composed).resource);
});

test("makes each user a user of an existing key, and each administrator one of its administrators", () => {
  const stack = testStack();
  const key = existingKey(stack);
  const analytics = new DataApiWarehouse(stack, "Analytics", {
    administrators: [admin()],
    key,
    serverless: ANALYTICS,
    users: [{ role: analyst(stack) }],
  });
  expect(analytics.key).toBe(key);
  expect(analytics.warehouse).toBeInstanceOf(EncryptedServerless);
  const principals = key.requiredStatements.map(({ Principal }) => Principal?.AWS);
  expect(principals).toContain(admin().arn);
  expect(principals).toContain(USER_ARN);
  const synthesized = synthesize(stack);
  expect(synthesized.resource).not.toHaveProperty(KmsKey.tfResourceType);
  expect(synthesized.resource).not.toHaveProperty(RedshiftCluster.tfResourceType);
  const [{ Resource }] = statementsOf(only(synthesized, IamRolePolicy).policy as string) as [{ Resource: string }];
  expect(Resource).toContain("aws_redshiftserverless_workgroup");
});

test("refuses a cluster that is serverless when it compiles", () => {
  const cluster = { clusterIdentifier: "analytics", masterUsername: "keeper", nodeType: "ra3.large" };
  // @ts-expect-error -- both kinds
  const props: DataApiWarehouseProps = { administrators: [admin()], cluster, serverless: ANALYTICS };
  expect(() => new DataApiWarehouse(testStack(), "Analytics", props)).toThrow(
    new Error(
      "[test/Analytics] 'cluster' must be given, or 'serverless', and not both, " +
        'got: {"clusterIdentifier":"analytics","masterUsername":"keeper","nodeType":"ra3.large"}',
    ),
  );
});

describe("refuses", () => {
  test("no props", () => {
    expect(() => new DataApiWarehouse(testStack(), "Analytics", undefined as never)).toThrow(
      new Error("[test/Analytics] 'props' must be given, got: nothing"),
    );
  });

  test.each<[string, (stack: TerraformStack) => object, string]>([
    [
      "neither a cluster nor a serverless warehouse",
      () => ({ serverless: undefined }),
      "[test/Analytics] 'cluster' must be given, or 'serverless', and not both, got: nothing",
    ],
    [
      "a key and the settings of one",
      (stack) => ({ key: existingKey(stack), keyProps: { multiRegion: true } }),
      `[test/Analytics] 'key' must not be combined with 'keyProps': that key has its settings, got: "ExistingDataApiKey"`,
    ],
    [
      "a user without a role",
      () => ({ users: [{ role: USER_ARN }] }),
      `[test/Analytics] 'users[0].role' must be a DataApiRole, or a role that DataApiRole.fromRoleArn returns, got: ${USER_ARN}`,
    ],
    [
      "a role that two users have",
      (stack) => {
        const role = analyst(stack);
        return { users: [{ role }, { role }] };
      },
      "[test/Analytics] 'users[1].role' must have a different construct ID from the roles of earlier users, got: Analyst",
    ],
    [
      "a zone as a Region",
      () => ({ region: "us-east-1a" }),
      "[test/Analytics] 'region' must be an AWS region, got: us-east-1a",
    ],
    [
      "an account of 11 digits",
      () => ({ accountId: "11112222333" }),
      "[test/Analytics] 'accountId' must be a 12-digit AWS account ID, got: 11112222333",
    ],
    [
      "a partition with a capital",
      () => ({ partition: "AWS" }),
      "[test/Analytics] 'partition' must be an AWS partition, got: AWS",
    ],
    [
      "no administrators of a key that is created",
      () => ({ administrators: undefined }),
      "[test/Analytics/Key] 'administrators' must name at least one administrator, got: []",
    ],
    [
      "databases of a user of a serverless warehouse",
      (stack) => ({ users: [{ databases: ["dev"], role: analyst(stack) }] }),
      "[test/Analytics/Access-Analyst] 'databases' must be left out for a serverless warehouse, whose credentials are " +
        'its workgroup\'s, got: ["dev"]',
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const analytics = { administrators: [admin()], serverless: ANALYTICS, ...props(stack) };
    expect(() => new DataApiWarehouse(stack, "Analytics", analytics)).toThrow(new Error(message));
  });
});
