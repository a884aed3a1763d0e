import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftSnapshotCopy } from "@cdktf/provider-aws/lib/redshift-snapshot-copy";
import { RedshiftSnapshotCopyGrant } from "@cdktf/provider-aws/lib/redshift-snapshot-copy-grant";
import type { TerraformStack } from "cdktf";
import { DataApiKey, EncryptedCluster, Identity, SnapshotCopy, type SnapshotCopyProps } from "../../../modules";
import { ACCOUNT, KEY_ARN, REGION } from "../../support/arns";
import { existingKey, only, reference, synthesize, testStack, warningsOf } from "../../support/support";

const OTHER_REGION = "eu-west-1";
const OTHER_KEY_ARN = KEY_ARN.replace(REGION, OTHER_REGION);

/** A copy, in a stack with a cluster and the provider of the destination. */
function copyOf(stack: TerraformStack, props: Partial<SnapshotCopyProps> = {}): SnapshotCopy {
  const cluster = new EncryptedCluster(stack, "Cluster", {
    accountId: ACCOUNT,
    clusterIdentifier: "analytics",
    key: existingKey(stack),
    nodeType: "ra3.large",
    region: REGION,
  });
  return new SnapshotCopy(stack, "Copy", {
    cluster,
    destinationKey: DataApiKey.fromKeyArn(stack, "OtherKey", { keyArn: OTHER_KEY_ARN }),
    destinationProvider: new AwsProvider(stack, "Other", {
      alias: "other",
      region: props.destinationRegion ?? OTHER_REGION,
    }),
    destinationRegion: OTHER_REGION,
    ...props,
  });
}

test("SnapshotCopy creates the snapshot copy grant in the destination Region before the copy", () => {
  const stack = testStack();
  const { grant } = copyOf(stack);
  const { resource } = stack.node.findChild("Cluster") as EncryptedCluster;
  const synthesized = synthesize(stack);
  expect(only(synthesized, RedshiftSnapshotCopyGrant)).toStrictEqual({
    kms_key_id: OTHER_KEY_ARN,
    provider: "aws.other",
    snapshot_copy_grant_name: "analytics",
  });
  expect(only(synthesized, RedshiftSnapshotCopy)).toStrictEqual({
    cluster_identifier: reference(resource, "id"),
    destination_region: OTHER_REGION,
    snapshot_copy_grant_name: reference(grant, "snapshot_copy_grant_name"),
  });
});

test("SnapshotCopy passes every prop to the grant or the copy", () => {
  const stack = testStack();
  copyOf(stack, {
    manualSnapshotRetentionPeriod: 30,
    provider: new AwsProvider(stack, "Own", { alias: "own", region: REGION }),
    retentionPeriod: 35,
    snapshotCopyGrantName: "copies",
    tags: { team: "data" },
  });
  const synthesized = synthesize(stack);
  expect(only(synthesized, RedshiftSnapshotCopyGrant)).toMatchObject({
    snapshot_copy_grant_name: "copies",
    tags: { team: "data" },
  });
  expect(only(synthesized, RedshiftSnapshotCopy)).toMatchObject({
    manual_snapshot_retention_period: 30,
    provider: "aws.own",
    retention_period: 35,
  });
});

test.each<[string, object, string]>([
  [
    "a cluster that is an empty object",
    { cluster: {} },
    "'cluster' must be a cluster: the provider copies no snapshots of a serverless warehouse, got: {}",
  ],
  [
    "a destination key by alias",
    { destinationKey: "alias/x" },
    "'destinationKey' must be a DataApiKey, or a key that DataApiKey.fromKeyArn returns, got: alias/x",
  ],
  [
    "a destination provider of null",
    { destinationProvider: null },
    "'destinationProvider' must be a provider, such as an AwsProvider, got: null",
  ],
  [
    "the settings of a destination provider",
    { destinationProvider: { region: "eu-west-1" } },
    `'destinationProvider' must be a provider, such as an AwsProvider, got: {"region":"eu-west-1"}`,
  ],
  [
    "a missing destination Region",
    { destinationRegion: undefined },
    "'destinationRegion' must be an AWS region, got: nothing",
  ],
  [
    "the cluster's Region as destination",
    { destinationRegion: REGION },
    `'destinationRegion' must be another Region than the cluster's, got: ${REGION}`,
  ],
  [
    "a destination key of a third Region",
    { destinationRegion: "eu-west-2" },
    `'destinationKey.keyArn' must be the ARN of a key in eu-west-2, got: ${OTHER_KEY_ARN}`,
  ],
  [
    "a retention period of 36 days",
    { retentionPeriod: 36 },
    "'retentionPeriod' must be an integer from 1 to 35, got: 36",
  ],
  [
    "a manual snapshot retention period of 0 days",
    { manualSnapshotRetentionPeriod: 0 },
    "'manualSnapshotRetentionPeriod' must be -1 (kept for ever) or an integer from 1 to 3653, got: 0",
  ],
  [
    "a snapshot copy grant name with a capital",
    { snapshotCopyGrantName: "Copies" },
    "'snapshotCopyGrantName' must be 1 to 63 lowercase letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row, got: Copies",
  ],
])("SnapshotCopy refuses %s", (_, props, message) => {
  expect(() => copyOf(testStack(), props)).toThrow(new Error(`[test/Copy] ${message}`));
});

test.each<[string, string, string[]]>([
  [
    "with a destination key of another account has a warning",
    OTHER_KEY_ARN.replace(ACCOUNT, "444455556666"),
    [
      "'destinationKey' is a key of the account 444455556666: AWS documents copies under a key of the cluster's account only",
    ],
  ],
  ["with a destination key of the cluster's account has no warning", OTHER_KEY_ARN, []],
])("a snapshot copy %s", (_, keyArn, warnings) => {
  const stack = testStack();
  copyOf(stack, { destinationKey: DataApiKey.fromKeyArn(stack, "Foreign", { keyArn }) });
  expect(warningsOf(stack)).toStrictEqual(warnings);
});

test("SnapshotCopy refuses a destination key that is created in another Region than 'destinationRegion'", () => {
  const stack = testStack();
  const administrators = [Identity.forAccountRoot(ACCOUNT)];
  const destinationKey = new DataApiKey(stack, "Copies", {
    administrators,
    alias: "alias/copies",
    region: "eu-west-2",
  });
  expect(() => copyOf(stack, { destinationKey })).toThrow(
    new Error("[test/Copy] 'destinationKey.region' must be eu-west-1, got: eu-west-2"),
  );
});

test("SnapshotCopy refuses a destination Region that is not the Region of the destination's provider", () => {
  const stack = testStack();
  const destinationProvider = new AwsProvider(stack, "India", { alias: "india", region: "ap-south-1" });
  expect(() => copyOf(stack, { destinationProvider })).toThrow(
    new Error("[test/Copy] 'destinationRegion' must be the Region of its provider, ap-south-1, got: eu-west-1"),
  );
});

test("SnapshotCopy refuses the Region of the cluster's key, if the cluster has no literal Region", () => {
  const stack = testStack();
  const cluster = new EncryptedCluster(stack, "Regionless", {
    clusterIdentifier: "regionless",
    key: DataApiKey.fromKeyArn(stack, "RegionKey", KEY_ARN),
    nodeType: "ra3.large",
  });
  expect(() => copyOf(stack, { cluster, destinationRegion: REGION })).toThrow(
    new Error(`[test/Copy] 'destinationRegion' must be another Region than the cluster's, got: ${REGION}`),
  );
});
