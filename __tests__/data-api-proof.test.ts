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

function serverlessIn(stack: TerraformStack): EncryptedServerless {
  return new EncryptedServerless(stack, "Serverless", { key: existingKey(stack), namespaceName: "analytics" });
}

const SECRET_ARN = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:reader-AbCdEf`;

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

test("the credentials may be another's", () => {
  const statement = (props: Partial<DataApiProofProps>) => {
    const stack = testStack();
    new DataApiProof(stack, "Proof", { warehouse: clusterIn(stack), ...props });
    return only(synthesize(stack), RedshiftdataStatement);
  };
  expect(statement({ database: "hr", databaseUser: "reader" })).toMatchObject({ database: "hr", db_user: "reader" });
  expect(statement({ secretArn: SECRET_ARN })).toMatchObject({ database: "sales", secret_arn: SECRET_ARN });
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
      "a database user and a secret",
      { databaseUser: "reader", secretArn: SECRET_ARN, warehouse: clusterIn(testStack()) },
      "'databaseUser' must not be combined with 'secretArn': the secret names the user, got: reader",
    ],
    [
      "a database of capitals",
      { database: "HR", warehouse: clusterIn(testStack()) },
      "'database' must be 1 to 64 lowercase letters, digits or any of _$, beginning with a letter, got: HR",
    ],
    [
      "a database user of a workgroup",
      { databaseUser: "reader", warehouse: serverlessIn(testStack()) },
      "'databaseUser' must be left out for a serverless warehouse, whose credentials are its workgroup's, got: reader",
    ],
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
