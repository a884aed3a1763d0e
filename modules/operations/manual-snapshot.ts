import { RedshiftClusterSnapshot } from "@cdktf/provider-aws/lib/redshift-cluster-snapshot";
import { RedshiftserverlessSnapshot } from "@cdktf/provider-aws/lib/redshiftserverless-snapshot";
import { Construct } from "constructs";
import { fail } from "../private/checks";
import { checkOnce } from "../private/creators";
import { defined } from "../private/defined";
import {
  checkProps,
  code,
  decision,
  flag,
  map,
  number,
  type PropRules,
  propRules,
  required,
  text,
  withPresets,
} from "../private/prop-rules";
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import { FINAL_SNAPSHOT_IDENTIFIER, MANUAL_SNAPSHOT_RETENTION, TAGS } from "../private/rules";
import { type ICluster, type IWarehouse, type PropsFor, WAREHOUSE } from "../redshift/warehouse";

/** A manual snapshot of a warehouse, and the time for which it is kept. */
export interface ManualSnapshotOptions extends ResourceProps {
  /** The snapshot's name: 1 to 255 letters, digits or hyphens. A change replaces the snapshot. */
  readonly snapshotIdentifier: string;
  /** The warehouse. AWS creates the snapshot when Terraform first applies the construct. */
  readonly warehouse: IWarehouse;
  /**
   * Whether Terraform refuses to destroy the snapshot. If false, Terraform deletes the snapshot with its stack.
   *
   * @default true
   */
  readonly deletionProtection?: boolean | undefined;
  /**
   * The days for which the snapshot is kept: 1 to 3,653, or -1 for ever. AWS then deletes it, and the next apply creates another snapshot.
   *
   * @default - for ever, the default of the provider
   */
  readonly retentionPeriod?: number | undefined;
  /**
   * The snapshot's tags. Clusters only.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** @internal */
export const MANUAL_SNAPSHOT_PROPS = propRules("ManualSnapshotOptions", {
  snapshotIdentifier: required(text(FINAL_SNAPSHOT_IDENTIFIER)),
  warehouse: required(code(WAREHOUSE)),
  deletionProtection: decision(flag(true)),
  retentionPeriod: number(MANUAL_SNAPSHOT_RETENTION),
  tags: map(TAGS),
  ...RESOURCE_PROPS,
} satisfies PropRules<ManualSnapshotOptions>);

/** The props of a snapshot. Only the snapshot of a cluster has tags. */
export type ManualSnapshotProps =
  PropsFor<ICluster, ManualSnapshotOptions> | PropsFor<IWarehouse, ManualSnapshotOptions, "tags">;

/**
 * A snapshot of a warehouse as it is when Terraform first applies the construct, such as before a migration. Redshift encrypts it
 * with the warehouse's key. Without that key, nobody can restore the snapshot.
 *
 * @example
 * new ManualSnapshot(stack, "BeforeMigration", { retentionPeriod: 90, snapshotIdentifier: "before-migration", warehouse });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-snapshots-recovery-points.html
 */
export class ManualSnapshot extends Construct {
  /** The snapshot's ARN, for a restore or a `ServerlessSnapshotPolicy`. */
  public readonly snapshotArn: string;
  /** The wrapped resource. */
  public readonly resource: RedshiftClusterSnapshot | RedshiftserverlessSnapshot;

  /** @throws if a prop breaks its rule, is of the other kind of warehouse, or the name of the namespace is not known */
  public constructor(scope: Construct, id: string, props: ManualSnapshotProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      MANUAL_SNAPSHOT_PROPS,
      (props) => this.checkServerless(props),
      ({ provider, snapshotIdentifier: name, warehouse }) =>
        checkOnce(this, "snapshotIdentifier", name, [warehouse.kind, name, provider?.fqn]),
    );
    const { deletionProtection, provider, retentionPeriod, snapshotIdentifier, tags } = withPresets(
      props,
      MANUAL_SNAPSHOT_PROPS,
    );
    const { warehouse } = props;
    const common = { lifecycle: { preventDestroy: deletionProtection }, provider };
    this.resource =
      warehouse.kind === "serverless"
        ? new RedshiftserverlessSnapshot(
            this,
            "Resource",
            defined({
              ...common,
              namespaceName: warehouse.namespaceName!,
              retentionPeriod,
              snapshotName: snapshotIdentifier,
            }),
          )
        : new RedshiftClusterSnapshot(
            this,
            "Resource",
            defined({
              ...common,
              clusterIdentifier: warehouse.clusterIdentifier,
              manualSnapshotRetentionPeriod: retentionPeriod,
              snapshotIdentifier,
              tags,
            }),
          );
    this.snapshotArn = this.resource.arn;
  }

  private checkServerless({ tags, warehouse }: ManualSnapshotOptions): void {
    if (warehouse.kind !== "serverless") {
      return;
    }
    if (warehouse.namespaceName === undefined) {
      const must =
        "have a 'namespaceName', as from EncryptedServerless.fromWorkgroupName: AWS takes snapshots of namespaces";
      fail(this, "warehouse", must, warehouse);
    }
    if (tags !== undefined) {
      fail(this, "tags", "be left out for a serverless warehouse: the provider sets no tags on its snapshots", tags);
    }
  }
}
