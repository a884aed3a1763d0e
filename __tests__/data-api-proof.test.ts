import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftdataStatement } from "@cdktf/provider-aws/lib/redshiftdata-statement";
import type { TerraformStack } from "cdktf";
import {
  DataApiKey,
  DataApiProof,
  type DataApiProofProps,
  EncryptedCluster,
  EncryptedServerless,
  type IDataApiKey,
} from "../modules";
import { ACCOUNT, admin, CLUSTER_ARN, existingKey, only, reference, REGION, synthesize, testStack } from "./support";

function clusterIn(stack: TerraformStack, key: IDataApiKey = existingKey(stack)): EncryptedCluster {
  return new EncryptedCluster(stack, "Cluster", {
    accountId: ACCOUNT,
    clusterIdentifier: "analytics",
    databaseName: "sales",
    key,
    nodeType: "ra3.large",
    region: REGION,
  });
}

test("a statement runs on a cluster, once, until the cluster is another", () => {
  const stack = testStack();
  const warehouse = clusterIn(stack);
  new DataApiProof(stack, "Proof", { warehouse });
  expect(only(synthesize(stack), RedshiftdataStatement)).toStrictEqual({
    cluster_identifier: reference(warehouse.resource, "cluster_identifier"),
    database: "sales",
    lifecycle: {
      ignore_changes: "all",
      replace_triggered_by: [`aws_redshift_cluster.${warehouse.resource.friendlyUniqueId}.cluster_namespace_arn`],
    },
    sql: "select 1",
  });
});

test("a statement runs on a workgroup, and again where the key policy changes", () => {
  const stack = testStack();
  const key = new DataApiKey(stack, "Key", { administrators: [admin()], alias: "alias/analytics" });
  const warehouse = new EncryptedServerless(stack, "Serverless", { key, namespaceName: "analytics" });
  const { resource } = new DataApiProof(stack, "Proof", { warehouse });
  expect(resource.node.path).toBe("test/Proof/Resource");
  expect(only(synthesize(stack), RedshiftdataStatement)).toStrictEqual({
    database: "dev",
    lifecycle: {
      ignore_changes: "all",
      replace_triggered_by: [
        `aws_redshiftserverless_namespace.${warehouse.namespace.friendlyUniqueId}.namespace_id`,
        `aws_kms_key.${key.resource.friendlyUniqueId}.policy`,
      ],
    },
    sql: "select 1",
    workgroup_name: reference(warehouse.workgroup, "workgroup_name"),
  });
});

test("the provider that is given runs it", () => {
  const stack = testStack();
  const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
  new DataApiProof(stack, "Proof", { provider, warehouse: clusterIn(stack) });
  expect(only(synthesize(stack), RedshiftdataStatement).provider).toBe("aws.other");
});

describe("refuses", () => {
  test.each<[string, unknown, string]>([
    ["no props", undefined, "'props' must be given, got: nothing"],
    ["no warehouse", {}, "'warehouse' must be an EncryptedCluster or an EncryptedServerless, got: nothing"],
    [
      "a warehouse's ARN",
      { warehouse: CLUSTER_ARN },
      `'warehouse' must be an EncryptedCluster or an EncryptedServerless, got: ${CLUSTER_ARN}`,
    ],
  ])("%s", (_, props, message) => {
    expect(() => new DataApiProof(testStack(), "Proof", props as DataApiProofProps)).toThrow(
      new Error(`[test/Proof] ${message}`),
    );
  });
});
