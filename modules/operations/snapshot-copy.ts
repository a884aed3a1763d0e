import { RedshiftSnapshotCopy } from "@cdktf/provider-aws/lib/redshift-snapshot-copy";
import { RedshiftSnapshotCopyGrant } from "@cdktf/provider-aws/lib/redshift-snapshot-copy-grant";
import { Annotations, type TerraformProvider } from "cdktf";
import { Construct } from "constructs";
import { checkKey, checkKeyRegion, type IDataApiKey } from "../kms/key";
import { checkRegionOfProvider } from "../private/aws-environment";
import { arnPart, fail, isOfOtherAccount, type Where } from "../private/checks";
import { checkOnce } from "../private/creators";
import { defined } from "../private/defined";
import { checkProps, code, map, number, propRules, required, text, type PropRules } from "../private/prop-rules";
import { PROVIDER } from "../private/resource-props";
import {
  AUTOMATED_SNAPSHOT_RETENTION,
  CLUSTER_IDENTIFIER,
  MANUAL_SNAPSHOT_RETENTION,
  REGION,
  TAGS,
} from "../private/rules";
import { accountOf, clusterOnly, type ICluster, placeOf } from "../redshift/warehouse";

/** The Region and the key of the copies of a cluster's snapshots. */
export interface SnapshotCopyProps {
  /** The cluster, which has one SnapshotCopy at most. */
  readonly cluster: ICluster;
  /** The key that encrypts the copies, in the destination Region: a DataApiKeyReplica, or an existing key. */
  readonly destinationKey: IDataApiKey;
  /** The provider of the destination Region, in which Redshift needs a grant on the key. */
  readonly destinationProvider: TerraformProvider;
  /** The Region that the snapshots are copied to: a Region other than the cluster's. */
  readonly destinationRegion: string;
  /**
   * The days for which copies of manual snapshots are kept: 1 to 3,653, or -1 for ever.
   *
   * @default - for ever, the default of AWS
   */
  readonly manualSnapshotRetentionPeriod?: number | undefined;
  /**
   * The provider of the cluster.
   *
   * @default - the stack's default provider
   */
  readonly provider?: TerraformProvider | undefined;
  /**
   * The days for which copies of automated snapshots are kept: 1 to 35.
   *
   * @default - 7, the default of AWS
   */
  readonly retentionPeriod?: number | undefined;
  /**
   * The name of the grant in the destination Region: 1 to 63 lowercase letters, digits or hyphens.
   *
   * @default - the cluster's identifier
   */
  readonly snapshotCopyGrantName?: string | undefined;
  /**
   * The grant's tags.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** @internal */
export const SNAPSHOT_COPY_PROPS = propRules("SnapshotCopyProps", {
  cluster: required(code(clusterOnly("the provider copies no snapshots of a serverless warehouse"))),
  destinationKey: required(code()),
  destinationProvider: required(PROVIDER),
  destinationRegion: required(text(REGION)),
  manualSnapshotRetentionPeriod: number(MANUAL_SNAPSHOT_RETENTION),
  provider: PROVIDER,
  retentionPeriod: number(AUTOMATED_SNAPSHOT_RETENTION),
  snapshotCopyGrantName: text(CLUSTER_IDENTIFIER),
  tags: map(TAGS),
} satisfies PropRules<SnapshotCopyProps>);

/**
 * Copies of a cluster's snapshots in another Region, encrypted with a key there, and Redshift's grant for that key.
 * While the copy is on, AWS refuses to rename the cluster.
 *
 * @example
 * const destinationProvider = new AwsProvider(stack, "Europe", { alias: "europe", region: "eu-west-1" });
 * const keyArn = "arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012";
 * const destinationKey = DataApiKey.fromKeyArn(stack, "CopyKey", { keyArn });
 * new SnapshotCopy(stack, "Copy", { cluster, destinationKey, destinationProvider, destinationRegion: "eu-west-1" });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/managing-snapshots-console.html#xregioncopy-kms-encrypted-snapshot
 */
export class SnapshotCopy extends Construct {
  /** The snapshot copy grant, in the destination Region. */
  public readonly grant: RedshiftSnapshotCopyGrant;
  /** The wrapped copy. */
  public readonly resource: RedshiftSnapshotCopy;

  /** @throws if a prop breaks its rule, or the Region of the key or of the destination is wrong */
  public constructor(scope: Construct, id: string, props: SnapshotCopyProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      SNAPSHOT_COPY_PROPS,
      (props) => checkKey(this, props.destinationKey, "destinationKey"),
      (props) => this.checkRegions(props),
      ({ destinationProvider, destinationRegion }) =>
        checkRegionOfProvider(this, "destinationRegion", destinationRegion, destinationProvider),
      ({ cluster }) => checkOnce(this, "cluster", cluster.node.path, [cluster.warehouseArn]),
    );
    const { cluster, destinationKey, destinationProvider, destinationRegion, snapshotCopyGrantName } = props;
    if (isOfOtherAccount(destinationKey.keyArn, accountOf(cluster))) {
      Annotations.of(this).addWarning(
        `'destinationKey' is a key of the account ${arnPart(destinationKey.keyArn, 4)}: AWS documents copies under a key of ` +
          "the cluster's account only",
      );
    }
    this.grant = new RedshiftSnapshotCopyGrant(
      this,
      "Grant",
      defined({
        kmsKeyId: destinationKey.keyArn,
        provider: destinationProvider,
        snapshotCopyGrantName:
          snapshotCopyGrantName ?? cluster.resource?.clusterIdentifierInput ?? cluster.clusterIdentifier,
        tags: props.tags,
      }),
    );
    this.resource = new RedshiftSnapshotCopy(
      this,
      "Resource",
      defined({
        clusterIdentifier: cluster.resource?.id ?? cluster.clusterIdentifier,
        destinationRegion,
        manualSnapshotRetentionPeriod: props.manualSnapshotRetentionPeriod,
        provider: props.provider,
        retentionPeriod: props.retentionPeriod,
        snapshotCopyGrantName: this.grant.snapshotCopyGrantName,
      }),
    );
  }

  private checkRegions({ cluster, destinationKey, destinationRegion }: SnapshotCopyProps): void {
    checkDestinationRegion(this, cluster, destinationRegion);
    checkKeyRegion(this, destinationKey, destinationRegion, "destinationKey");
  }
}

/** Refuses the Region of the cluster, unless it is unknown. */
export function checkDestinationRegion(where: Where, cluster: ICluster, destinationRegion: string): void {
  if (placeOf(cluster).region === destinationRegion) {
    fail(where, "destinationRegion", "be another Region than the cluster's", destinationRegion);
  }
}
