import { RedshiftUsageLimit } from "@cdktf/provider-aws/lib/redshift-usage-limit";
import { RedshiftserverlessUsageLimit } from "@cdktf/provider-aws/lib/redshiftserverless-usage-limit";
import { Construct } from "constructs";
import { fail } from "../private/checks";
import { defined } from "../private/defined";
import {
  checkProps,
  code,
  decision,
  map,
  number,
  propRules,
  required,
  text,
  type PropRules,
} from "../private/prop-rules";
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import {
  CLUSTER_BREACH_ACTION,
  CLUSTER_FEATURE,
  POSITIVE_INTEGER,
  SERVERLESS_BREACH_ACTION,
  SERVERLESS_FEATURE,
  TAGS,
  USAGE_LIMIT_PERIOD,
} from "../private/rules";
import { type ICluster, type IServerless, type IWarehouse, type PropsFor, WAREHOUSE } from "../redshift/warehouse";

/** How much of a warehouse's feature is used, and what happens then. */
export interface UsageLimitOptions extends ResourceProps {
  /**
   * How much may be used in a period, 1 or more: minutes of concurrency scaling, RPU hours of serverless compute, or
   * terabytes that Spectrum scans or a datashare sends to another Region.
   */
  readonly amount: number;
  /**
   * The feature that is limited: `concurrency-scaling`, `spectrum` or `cross-region-datasharing` of a cluster; `serverless-compute`
   * or `cross-region-datasharing` of a serverless warehouse.
   */
  readonly feature: string;
  /** The warehouse that is limited. */
  readonly warehouse: IWarehouse;
  /**
   * The action at the limit: `log`, `emit-metric`, or the use ends until the next period: `disable` of a cluster,
   * `deactivate` of a serverless warehouse, which for compute means that no query runs.
   *
   * @default - log, as AWS decides
   */
  readonly breachAction?: string | undefined;
  /**
   * The period: `daily`, `weekly` (from Sunday) or `monthly`. Another one replaces the limit.
   *
   * @default - monthly, as AWS decides
   */
  readonly period?: string | undefined;
  /**
   * The limit's tags. Clusters only.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export const CLUSTER_USAGE_LIMIT_PROPS = propRules("UsageLimitOptions", {
  amount: required(number(POSITIVE_INTEGER)),
  feature: decision(required(text(CLUSTER_FEATURE))),
  warehouse: required(code(WAREHOUSE)),
  breachAction: text(CLUSTER_BREACH_ACTION),
  period: text(USAGE_LIMIT_PERIOD),
  tags: map(TAGS),
  ...RESOURCE_PROPS,
} satisfies PropRules<UsageLimitOptions>);

export const SERVERLESS_USAGE_LIMIT_PROPS = propRules("UsageLimitOptions", {
  ...CLUSTER_USAGE_LIMIT_PROPS.rules,
  feature: decision(required(text(SERVERLESS_FEATURE))),
  breachAction: text(SERVERLESS_BREACH_ACTION),
} satisfies PropRules<UsageLimitOptions>);

type ClusterFeature = "concurrency-scaling" | "cross-region-datasharing" | "spectrum";
type ServerlessFeature = "cross-region-datasharing" | "serverless-compute";

/** A limit of a cluster, or of a serverless warehouse. The features depend on the kind. */
export type UsageLimitProps =
  | PropsFor<ICluster, UsageLimitOptions & { readonly feature: ClusterFeature }>
  | PropsFor<IServerless, UsageLimitOptions & { readonly feature: ServerlessFeature }, "tags">;

/** In what a cluster's features are measured. */
const LIMIT_TYPES: Readonly<Record<ClusterFeature, string>> = {
  "concurrency-scaling": "time",
  "cross-region-datasharing": "data-scanned",
  spectrum: "data-scanned",
};

/**
 * A limit to what a warehouse uses of a feature that costs by use.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-usage-limits.html
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroup-max-rpu.html
 */
export class UsageLimit extends Construct {
  /** The wrapped resource. */
  public readonly resource: RedshiftUsageLimit | RedshiftserverlessUsageLimit;

  /** @throws if a prop breaks its rule, or is of the other kind of warehouse */
  public constructor(scope: Construct, id: string, props: UsageLimitProps) {
    super(scope, id);
    // Untyped code may give no props, and no warehouse.
    const isServerless = (props as Partial<UsageLimitProps> | undefined)?.warehouse?.kind === "serverless";
    checkProps(this, props, isServerless ? SERVERLESS_USAGE_LIMIT_PROPS : CLUSTER_USAGE_LIMIT_PROPS, (props) => {
      if (isServerless && props.tags !== undefined) {
        fail(this, "tags", "be left out for a serverless warehouse, whose limits have none", props.tags);
      }
    });
    const { amount, breachAction, feature, period, provider, tags, warehouse } = props;
    const limit = { amount, breachAction, period, provider };
    this.resource =
      warehouse.kind === "serverless"
        ? new RedshiftserverlessUsageLimit(
            this,
            "Resource",
            defined({
              ...limit,
              resourceArn: warehouse.warehouseArn,
              usageType: feature,
            }),
          )
        : new RedshiftUsageLimit(
            this,
            "Resource",
            defined({
              ...limit,
              clusterIdentifier: warehouse.clusterIdentifier,
              featureType: feature,
              limitType: LIMIT_TYPES[feature as ClusterFeature],
              tags,
            }),
          );
  }
}
