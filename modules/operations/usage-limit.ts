import { RedshiftUsageLimit } from "@cdktf/provider-aws/lib/redshift-usage-limit";
import { RedshiftserverlessUsageLimit } from "@cdktf/provider-aws/lib/redshiftserverless-usage-limit";
import { Construct } from "constructs";
import { fail, known } from "../private/checks";
import { defined } from "../private/defined";
import { checkProps, code, map, number, propRules, required, text, type PropRules } from "../private/prop-rules";
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import type { OrNewer } from "../private/rule";
import {
  CLUSTER_BREACH_ACTION,
  CLUSTER_FEATURE,
  POSITIVE_INTEGER,
  SERVERLESS_BREACH_ACTION,
  SERVERLESS_FEATURE,
  TAGS,
  USAGE_LIMIT_PERIOD,
  USAGE_LIMIT_TYPE,
} from "../private/rules";
import { type ICluster, type IServerless, type IWarehouse, type PropsFor, WAREHOUSE } from "../redshift/warehouse";

/** A limit of the use of a feature, and the action at the limit. */
export interface UsageLimitOptions extends ResourceProps {
  /**
   * The use that a period allows, 1 or more: minutes of concurrency scaling, RPU hours of serverless compute, or
   * terabytes that Spectrum scans or a datashare sends to another Region.
   */
  readonly amount: number;
  /**
   * The feature that is limited: `concurrency-scaling`, `spectrum` or `cross-region-datasharing` for a cluster;
   * `serverless-compute` or `cross-region-datasharing` for a serverless warehouse. A cluster also has
   * `extra-compute-for-automatic-optimization`, which version 5.100 of the AWS provider refuses.
   */
  readonly feature: OrNewer<"concurrency-scaling" | "cross-region-datasharing" | "serverless-compute" | "spectrum">;
  /** The warehouse that is limited. */
  readonly warehouse: IWarehouse;
  /**
   * The action at the limit: `log`, `emit-metric`, or an action that stops the use until the next period: `disable` for a cluster,
   * `deactivate` for a serverless warehouse. With `deactivate` of compute, no query runs.
   *
   * @default - log, the default of AWS
   */
  readonly breachAction?: OrNewer<"deactivate" | "disable" | "emit-metric" | "log"> | undefined;
  /**
   * The measure of the amount: `time` (minutes) or `data-scanned` (terabytes). Clusters only.
   *
   * @default - the measure of the feature; required for a feature that is newer than this version
   * @see https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateUsageLimit.html
   */
  readonly limitType?: OrNewer<"data-scanned" | "time"> | undefined;
  /**
   * The period: `daily`, `weekly` (from Sunday) or `monthly`. A change replaces the limit.
   *
   * @default - monthly, the default of AWS
   */
  readonly period?: OrNewer<"daily" | "monthly" | "weekly"> | undefined;
  /**
   * The limit's tags. Clusters only.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** @internal */
export const CLUSTER_USAGE_LIMIT_PROPS = propRules("UsageLimitOptions", {
  amount: required(number(POSITIVE_INTEGER)),
  feature: required(text(CLUSTER_FEATURE)),
  warehouse: required(code(WAREHOUSE)),
  breachAction: text(CLUSTER_BREACH_ACTION),
  limitType: text(USAGE_LIMIT_TYPE),
  period: text(USAGE_LIMIT_PERIOD),
  tags: map(TAGS),
  ...RESOURCE_PROPS,
} satisfies PropRules<UsageLimitOptions>);

/** @internal */
export const SERVERLESS_USAGE_LIMIT_PROPS = propRules("UsageLimitOptions", {
  ...CLUSTER_USAGE_LIMIT_PROPS.rules,
  feature: required(text(SERVERLESS_FEATURE)),
  breachAction: text(SERVERLESS_BREACH_ACTION),
} satisfies PropRules<UsageLimitOptions>);

/** The props that are refused for a serverless warehouse. */
const CLUSTER_ONLY = ["limitType", "tags"] as const;

/** The props of a limit. The features depend on the kind of the warehouse. */
export type UsageLimitProps =
  PropsFor<ICluster, UsageLimitOptions> | PropsFor<IServerless, UsageLimitOptions, (typeof CLUSTER_ONLY)[number]>;

/** The measure of each feature of a cluster. */
const LIMIT_TYPES: ReadonlyMap<string, string> = new Map([
  ["concurrency-scaling", "time"],
  ["cross-region-datasharing", "data-scanned"],
  ["extra-compute-for-automatic-optimization", "time"],
  ["spectrum", "data-scanned"],
]);

/** https://docs.aws.amazon.com/redshift/latest/mgmt/rs-mgmt-set-limit-cluster.html; a workgroup has the same limit. */
const MAX_LIMITS = 4;
/** By warehouse: the feature of each of its limits. */
const LIMITED_FEATURES = new WeakMap<IWarehouse, readonly string[]>();

/**
 * A limit of the use of a feature that AWS charges by use. A warehouse has at most 4 limits of one feature.
 *
 * @example
 * new UsageLimit(stack, "Limit", {
 *   amount: 600,
 *   breachAction: "deactivate",
 *   feature: "serverless-compute",
 *   warehouse: serverless,
 * });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/managing-cluster-usage-limits.html
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-workgroup-max-rpu.html
 */
export class UsageLimit extends Construct {
  /** The wrapped resource. */
  public readonly resource: RedshiftUsageLimit | RedshiftserverlessUsageLimit;

  /** @throws if a prop breaks its rule, is of the other kind of warehouse, or the feature has its most limits already */
  public constructor(scope: Construct, id: string, props: UsageLimitProps) {
    super(scope, id);
    // Untyped code may call this without props or without a warehouse.
    if ((props as Partial<UsageLimitProps> | undefined)?.warehouse?.kind === "serverless") {
      checkProps(this, props, SERVERLESS_USAGE_LIMIT_PROPS, (readable) => this.checkAbsent(readable));
    } else {
      checkProps(this, props, CLUSTER_USAGE_LIMIT_PROPS, (readable) => this.checkLimitType(readable));
    }
    const { amount, breachAction, feature, period, provider, tags, warehouse } = props;
    this.countLimits(warehouse, feature);
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
              limitType: limitTypeOf(props)!,
              tags,
            }),
          );
  }

  private countLimits(warehouse: IWarehouse, feature: string): void {
    const features = [...(LIMITED_FEATURES.get(warehouse) ?? []), feature];
    if (features.filter((one) => one === feature).length > MAX_LIMITS) {
      fail(this, "feature", `have at most ${MAX_LIMITS} limits for one warehouse`, feature);
    }
    LIMITED_FEATURES.set(warehouse, features);
  }

  private checkAbsent(props: UsageLimitOptions): void {
    for (const prop of CLUSTER_ONLY) {
      if (props[prop] !== undefined) {
        fail(this, prop, "be left out for a serverless warehouse, whose limits do not have it", props[prop]);
      }
    }
  }

  private checkLimitType(props: UsageLimitOptions): void {
    const { feature, limitType } = props;
    const expected = LIMIT_TYPES.get(feature);
    if (limitTypeOf(props) === undefined) {
      fail(this, "limitType", `be given for ${feature}, whose measure is not known`, limitType);
    }
    if (expected !== undefined && limitType !== undefined && known(limitType) && limitType !== expected) {
      fail(this, "limitType", `be ${expected} for ${feature}`, limitType);
    }
  }
}

/**
 * Returns the given measure of a cluster's limit, or the measure of its feature; undefined if the feature is newer than this
 * version.
 */
function limitTypeOf({ feature, limitType }: UsageLimitOptions): string | undefined {
  return limitType ?? LIMIT_TYPES.get(feature);
}
