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
  type ICluster,
  Identity,
} from "../../modules";
import { ACCOUNT, ADMIN_ARN, CLUSTER_ARN, KEY_ARN, REGION, USER_ARN } from "../support/arns";
import {
  admin,
  analyticsServerless,
  existingKey,
  only,
  reference,
  statementsOf,
  synthesize,
  testStack,
} from "../support/support";

const ANALYTICS = { namespaceName: "analytics" };

const CLUSTER = { clusterIdentifier: "analytics", masterUsername: "keeper", nodeType: "ra3.large" };

/** A cluster that exists, under a key that exists. */
function existingCluster(stack: TerraformStack): ICluster {
  const key = DataApiKey.fromKeyArn(stack, "ClusterKey", { keyArn: KEY_ARN });
  const props = { accountId: ACCOUNT, key, region: REGION };
  return EncryptedCluster.fromClusterIdentifier(stack, "Cluster", "analytics", props);
}

function analyst(stack: TerraformStack): ReturnType<typeof DataApiRole.fromRoleArn> {
  return DataApiRole.fromRoleArn(stack, "Analyst", USER_ARN);
}

test("DataApiWarehouse creates a key and a serverless warehouse, and no access if no user is given", () => {
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

test("DataApiWarehouse creates the same resources as a key, a cluster and an access with the same props", () => {
  const [environment, tags] = [{ accountId: ACCOUNT, partition: "aws", region: REGION }, { team: "data" }];
  const keyProps = { alias: "alias/reports", deletionWindowInDays: 14 };
  const cluster = CLUSTER;
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

test("DataApiWarehouse adds its users and administrators to the required statements of an existing key", () => {
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

describe("DataApiWarehouse with 'warehouse'", () => {
  test("creates only the access of its users, and adds their principals to the required statements of the key", () => {
    const stack = testStack();
    const cluster = existingCluster(stack);
    const { accesses, key, warehouse } = new DataApiWarehouse(stack, "Default", {
      administrators: [admin()],
      users: [{ databases: ["sales"], role: analyst(stack) }],
      warehouse: cluster,
    });
    expect(warehouse).toBe(cluster);
    expect(key).toBe(cluster.key);
    expect(accesses.map(({ node }) => node.path)).toStrictEqual(["test/Default/Access-Analyst"]);
    const principals = key.requiredStatements.map(({ Principal }) => Principal?.AWS);
    expect(principals).toStrictEqual(expect.arrayContaining([ADMIN_ARN, USER_ARN]));
    const synthesized = synthesize(stack);
    expect(Object.keys(synthesized.resource)).toStrictEqual([IamRolePolicy.tfResourceType]);
    const [{ Resource }] = statementsOf(only(synthesized, IamRolePolicy).policy as string) as [{ Resource: string }];
    expect(Resource).toBe(CLUSTER_ARN);
  });

  test("uses the warehouse and the key of another construct of the stack", () => {
    const stack = testStack();
    const serverless = analyticsServerless(stack);
    const { key, warehouse } = new DataApiWarehouse(stack, "Analytics", { warehouse: serverless });
    expect([key, warehouse]).toStrictEqual([serverless.key, serverless]);
  });
});

describe("DataApiWarehouse.addUser", () => {
  test("synthesizes the same resources as 'users', with the given construct ID", () => {
    const [stack, other] = [testStack(), testStack()];
    const user = { databaseUser: "reporting", databases: ["sales"], ownStatementsOnly: false };
    const providerOf = (scope: TerraformStack) => new AwsProvider(scope, "Other", { alias: "other", region: REGION });
    const props = { accountId: ACCOUNT, administrators: [admin()], cluster: CLUSTER, region: REGION };
    const analytics = new DataApiWarehouse(stack, "Analytics", { ...props, provider: providerOf(stack) });
    const access = analytics.addUser("Access-Analyst", { ...user, role: analyst(stack) });
    expect(access.node.path).toBe("test/Analytics/Access-Analyst");
    expect((analytics.key as DataApiKey).users.map(({ arn }) => arn)).toStrictEqual([USER_ARN]);
    new DataApiWarehouse(other, "Analytics", {
      ...props,
      provider: providerOf(other),
      users: [{ ...user, role: analyst(other) }],
    });
    expect(synthesize(stack)).toStrictEqual(synthesize(other));
  });

  test("appends to the accesses, after the users of the props", () => {
    const stack = testStack();
    const analytics = new DataApiWarehouse(stack, "Analytics", {
      key: existingKey(stack),
      serverless: ANALYTICS,
      users: [{ role: analyst(stack) }],
    });
    const role = DataApiRole.fromRoleArn(stack, "Loader", `arn:aws:iam::${ACCOUNT}:role/Loader`);
    const access = analytics.addUser("Loader", { role });
    expect(analytics.accesses.map(({ node }) => node.id)).toStrictEqual(["Access-Analyst", "Loader"]);
    expect(analytics.accesses[1]).toBe(access);
  });

  test("throws for an option that DataApiAccess refuses, and adds no access", () => {
    const stack = testStack();
    const analytics = new DataApiWarehouse(stack, "Analytics", { key: existingKey(stack), serverless: ANALYTICS });
    expect(() => analytics.addUser("Reader", { databases: ["dev"], role: analyst(stack) })).toThrow(
      new Error(
        "[test/Analytics/Reader] 'databases' must be left out for a serverless warehouse: its credentials are for the " +
          'workgroup, got: ["dev"]',
      ),
    );
    expect(analytics.accesses).toStrictEqual([]);
  });
});

describe("the types and the constructor of DataApiWarehouse refuse", () => {
  const create = (props: (stack: TerraformStack) => DataApiWarehouseProps) => {
    const stack = testStack();
    return () => new DataApiWarehouse(stack, "Analytics", props(stack));
  };
  const oneKindError = (got: string) =>
    new Error(
      "[test/Analytics] 'cluster' must be given, or 'serverless', or 'warehouse': exactly one of the three, " +
        `got: ${got}`,
    );
  const combined = (prop: string) =>
    new Error(
      `[test/Analytics] 'warehouse' must not be combined with '${prop}': that warehouse has its own, got: "ExistingCluster"`,
    );

  test("both 'cluster' and 'serverless'", () => {
    // @ts-expect-error -- both kinds
    expect(create(() => ({ cluster: CLUSTER, serverless: ANALYTICS }))).toThrow(oneKindError("cluster and serverless"));
  });

  test("settings of a warehouse to create beside 'warehouse'", () => {
    expect(
      // @ts-expect-error -- a cluster to create, and one that exists
      create((stack) => ({ cluster: CLUSTER, warehouse: existingCluster(stack) })),
    ).toThrow(oneKindError("cluster and warehouse"));
    expect(
      // @ts-expect-error -- a serverless warehouse to create, and one that exists
      create((stack) => ({ serverless: ANALYTICS, warehouse: existingCluster(stack) })),
    ).toThrow(oneKindError("serverless and warehouse"));
  });

  test("key, keyProps, accountId, partition, region or tags beside 'warehouse'", () => {
    // @ts-expect-error -- key
    expect(create((stack) => ({ key: existingKey(stack), warehouse: existingCluster(stack) }))).toThrow(
      combined("key"),
    );
    // @ts-expect-error -- keyProps
    expect(create((stack) => ({ keyProps: { multiRegion: true }, warehouse: existingCluster(stack) }))).toThrow(
      combined("keyProps"),
    );
    // @ts-expect-error -- accountId
    expect(create((stack) => ({ accountId: ACCOUNT, warehouse: existingCluster(stack) }))).toThrow(
      combined("accountId"),
    );
    // @ts-expect-error -- partition
    expect(create((stack) => ({ partition: "aws", warehouse: existingCluster(stack) }))).toThrow(combined("partition"));
    // @ts-expect-error -- region
    expect(create((stack) => ({ region: REGION, warehouse: existingCluster(stack) }))).toThrow(combined("region"));
    // @ts-expect-error -- tags
    expect(create((stack) => ({ tags: { team: "data" }, warehouse: existingCluster(stack) }))).toThrow(
      combined("tags"),
    );
  });
});

describe("DataApiWarehouse refuses", () => {
  const DECIDED = "be left out: the props of the DataApiWarehouse set it";

  test("the provider of a user that is added", () => {
    const stack = testStack();
    const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
    const warehouse = new DataApiWarehouse(stack, "Analytics", { administrators: [admin()], serverless: ANALYTICS });
    const options = { provider, role: analyst(stack) };
    expect(() => warehouse.addUser("Access", options)).toThrow(
      new Error(`[test/Analytics] 'options.provider' must ${DECIDED}, got: "AwsProvider"`),
    );
  });

  test("missing props", () => {
    expect(() => new DataApiWarehouse(testStack(), "Analytics", undefined as never)).toThrow(
      new Error("[test/Analytics] 'props' must be given, got: nothing"),
    );
  });

  test.each<[string, (stack: TerraformStack) => object, string]>([
    [
      "none of 'cluster', 'serverless' and 'warehouse'",
      () => ({ serverless: undefined }),
      "[test/Analytics] 'cluster' must be given, or 'serverless', or 'warehouse': exactly one of the three, got: nothing",
    ],
    [
      "a warehouse by identifier",
      () => ({ serverless: undefined, warehouse: "analytics" }),
      "[test/Analytics] 'warehouse' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: analytics",
    ],
    [
      "both 'key' and 'keyProps'",
      (stack) => ({ key: existingKey(stack), keyProps: { multiRegion: true } }),
      `[test/Analytics] 'key' must not be combined with 'keyProps': 'keyProps' are the settings of a new key, got: "ExistingDataApiKey"`,
    ],
    [
      "the key of the settings of a cluster",
      (stack) => ({ cluster: { ...CLUSTER, key: existingKey(stack) }, serverless: undefined }),
      `[test/Analytics] 'cluster.key' must ${DECIDED}, got: "ExistingDataApiKey"`,
    ],
    [
      "tags of a namespace",
      () => ({ serverless: { ...ANALYTICS, tags: { team: "data" } } }),
      `[test/Analytics] 'serverless.tags' must ${DECIDED}, got: {"team":"data"}`,
    ],
    [
      "administrators in the settings of the key",
      () => ({ keyProps: { administrators: [] } }),
      `[test/Analytics] 'keyProps.administrators' must ${DECIDED}, got: []`,
    ],
    [
      "a user of another warehouse",
      (stack) => ({ users: [{ role: analyst(stack), warehouse: existingCluster(stack) }] }),
      `[test/Analytics] 'users[0].warehouse' must ${DECIDED}, got: "ExistingCluster"`,
    ],
    [
      "an administrator of another partition for an existing key",
      (stack) => ({
        administrators: [Identity.fromArn(ADMIN_ARN.replace("aws", "aws-cn"))],
        key: existingKey(stack),
      }),
      `[test/Analytics] 'administrators[0]' must be of the partition aws, got: ${ADMIN_ARN.replace("aws", "aws-cn")}`,
    ],
    [
      "a user whose role is an ARN",
      () => ({ users: [{ role: USER_ARN }] }),
      `[test/Analytics] 'users[0].role' must be a DataApiRole, or a role that DataApiRole.fromRoleArn returns, got: ${USER_ARN}`,
    ],
    [
      "the same role for two users",
      (stack) => {
        const role = analyst(stack);
        return { users: [{ role }, { role }] };
      },
      "[test/Analytics] 'users[1].role' must have a different construct ID from the roles of earlier users, got: Analyst",
    ],
    [
      "an Availability Zone as Region",
      () => ({ region: "us-east-1a" }),
      "[test/Analytics] 'region' must be an AWS region, got: us-east-1a",
    ],
    [
      "an account of 11 digits",
      () => ({ accountId: "11112222333" }),
      `[test/Analytics] 'accountId' must be a 12-digit AWS account ID, got: "11112222333"`,
    ],
    [
      "a partition with a capital",
      () => ({ partition: "AWS" }),
      "[test/Analytics] 'partition' must be an AWS partition, got: AWS",
    ],
    [
      "a key to create without administrators",
      () => ({ administrators: undefined }),
      "[test/Analytics/Key] 'administrators' must name at least one administrator, got: []",
    ],
    [
      "databases of a user for a serverless warehouse",
      (stack) => ({ users: [{ databases: ["dev"], role: analyst(stack) }] }),
      "[test/Analytics/Access-Analyst] 'databases' must be left out for a serverless warehouse: its credentials are for " +
        'the workgroup, got: ["dev"]',
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const analytics = { administrators: [admin()], serverless: ANALYTICS, ...props(stack) };
    expect(() => new DataApiWarehouse(stack, "Analytics", analytics)).toThrow(new Error(message));
  });
});
