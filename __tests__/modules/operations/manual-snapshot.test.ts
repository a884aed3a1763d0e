import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftClusterSnapshot } from "@cdktf/provider-aws/lib/redshift-cluster-snapshot";
import { RedshiftserverlessSnapshot } from "@cdktf/provider-aws/lib/redshiftserverless-snapshot";
import { EncryptedServerless, ManualSnapshot, type ManualSnapshotOptions } from "../../../modules";
import { ACCOUNT, NAMESPACE_ARN, REGION } from "../../support/arns";
import {
  analyticsCluster,
  analyticsServerless,
  existingKey,
  only,
  reference,
  resolved,
  synthesize,
  testStack,
} from "../../support/support";

const snapshotIdentifier = "before-migration";

test("ManualSnapshot creates a snapshot of a cluster, with prevent_destroy", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const snapshot = new ManualSnapshot(stack, "Snapshot", { snapshotIdentifier, warehouse });
  expect(snapshot.resource.node.path).toBe("test/Snapshot/Resource");
  expect(resolved(stack, snapshot.snapshotArn)).toBe(reference(snapshot.resource, "arn"));
  expect(only(synthesize(stack), RedshiftClusterSnapshot)).toStrictEqual({
    cluster_identifier: reference(warehouse.resource, "cluster_identifier"),
    lifecycle: { prevent_destroy: true },
    snapshot_identifier: snapshotIdentifier,
  });
});

test("ManualSnapshot creates a snapshot of a namespace, by a reference to its workgroup", () => {
  const stack = testStack();
  const warehouse = analyticsServerless(stack);
  const snapshot = new ManualSnapshot(stack, "Snapshot", { snapshotIdentifier, warehouse });
  expect(resolved(stack, snapshot.snapshotArn)).toBe(reference(snapshot.resource, "arn"));
  expect(only(synthesize(stack), RedshiftserverlessSnapshot)).toStrictEqual({
    lifecycle: { prevent_destroy: true },
    namespace_name: reference(warehouse.workgroup, "namespace_name"),
    snapshot_name: snapshotIdentifier,
  });
});

test("ManualSnapshot passes every prop to its resource, for a cluster and a serverless warehouse", () => {
  const stack = testStack();
  const options = {
    deletionProtection: false,
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    retentionPeriod: 90,
    snapshotIdentifier,
  };
  const tags = { team: "data" };
  const cluster = analyticsCluster(stack);
  const serverless = analyticsServerless(stack, { key: cluster.key });
  new ManualSnapshot(stack, "OfCluster", { ...options, tags, warehouse: cluster });
  new ManualSnapshot(stack, "OfServerless", { ...options, warehouse: serverless });
  const synthesized = synthesize(stack);
  const common = { lifecycle: { prevent_destroy: false }, provider: "aws.other" };
  expect(only(synthesized, RedshiftClusterSnapshot)).toMatchObject({
    ...common,
    manual_snapshot_retention_period: 90,
    tags,
  });
  expect(only(synthesized, RedshiftserverlessSnapshot)).toMatchObject({ ...common, retention_period: 90 });
});

test("ManualSnapshot reads the namespace name of an existing workgroup from its lookup", () => {
  const stack = testStack();
  const warehouse = EncryptedServerless.fromWorkgroupName(stack, "Warehouse", "analytics", { key: existingKey(stack) });
  new ManualSnapshot(stack, "Snapshot", { snapshotIdentifier, warehouse });
  expect(only(synthesize(stack), RedshiftserverlessSnapshot).namespace_name).toBe(
    "${data.aws_redshiftserverless_workgroup.WarehouseWorkgroup.namespace_name}",
  );
});

const IDENTIFIER_RULE =
  "be 1 to 255 letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row";
const RETENTION_RULE = "be -1 (kept for ever) or an integer from 1 to 3653";

describe("ManualSnapshot refuses", () => {
  test("missing props", () => {
    expect(() => new ManualSnapshot(testStack(), "Snapshot", undefined as never)).toThrow(
      new Error("[test/Snapshot] 'props' must be given, got: nothing"),
    );
  });

  test.each<[string, Partial<ManualSnapshotOptions>, string]>([
    [
      "a missing snapshot identifier",
      { snapshotIdentifier: undefined! },
      `'snapshotIdentifier' must ${IDENTIFIER_RULE}, got: nothing`,
    ],
    [
      "a snapshot identifier with a space",
      { snapshotIdentifier: "a b" },
      `'snapshotIdentifier' must ${IDENTIFIER_RULE}, got: a b`,
    ],
    [
      "a snapshot identifier of 256 letters",
      { snapshotIdentifier: "a".repeat(256) },
      `'snapshotIdentifier' must ${IDENTIFIER_RULE}`,
    ],
    ["a retention period of 0 days", { retentionPeriod: 0 }, `'retentionPeriod' must ${RETENTION_RULE}, got: 0`],
    [
      "a retention period of 3,654 days",
      { retentionPeriod: 3654 },
      `'retentionPeriod' must ${RETENTION_RULE}, got: 3654`,
    ],
    [
      "a string as 'deletionProtection'",
      { deletionProtection: "yes" as never },
      "'deletionProtection' must be true or false, known when the configuration is synthesized, got: yes",
    ],
    [
      "a warehouse by ARN",
      { warehouse: NAMESPACE_ARN as never },
      "'warehouse' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: " + NAMESPACE_ARN,
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const snapshot = { snapshotIdentifier, warehouse: analyticsCluster(stack) };
    expect(() => new ManualSnapshot(stack, "Snapshot", { ...snapshot, ...props } as never)).toThrow(
      `[test/Snapshot] ${message}`,
    );
  });

  test("tags of a serverless warehouse's snapshot", () => {
    const stack = testStack();
    const snapshot = { snapshotIdentifier, tags: { team: "data" }, warehouse: analyticsServerless(stack) };
    expect(() => new ManualSnapshot(stack, "Snapshot", snapshot as never)).toThrow(
      new Error(
        "[test/Snapshot] 'tags' must be left out for a serverless warehouse: the provider sets no tags on its snapshots, " +
          'got: {"team":"data"}',
      ),
    );
  });

  test("an existing workgroup by attributes without 'namespaceName'", () => {
    const stack = testStack();
    const warehouse = EncryptedServerless.fromWorkgroupAttributes(stack, "Warehouse", {
      endpointAddress: "analytics.111122223333.us-east-1.redshift-serverless.amazonaws.com",
      key: existingKey(stack),
      namespaceArn: NAMESPACE_ARN,
      workgroupArn: `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}:workgroup/12345678-1234-1234-1234-123456789012`,
      workgroupName: "analytics",
    });
    expect(() => new ManualSnapshot(stack, "Snapshot", { snapshotIdentifier, warehouse })).toThrow(
      new Error(
        "[test/Snapshot] 'warehouse' must have a 'namespaceName', as from EncryptedServerless.fromWorkgroupName: AWS takes " +
          'snapshots of namespaces, got: "ExistingServerless"',
      ),
    );
  });
});
