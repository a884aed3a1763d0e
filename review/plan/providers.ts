import { groupBy } from "../../modules/private/group-by";
import { modulePathOf } from "./addresses";
import { stringOf } from "./attributes";
import { isEqual } from "./changes";
import type { Configuration } from "./configuration";
import { memoized } from "./memoized";
import type { DataSource, Plan, PlannedResource } from "./plan";
import { isString } from "./predicates";

/**
 * The arguments by which a data source selects a Region.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/data-sources/region
 */
const REGION_SELECTORS = ["endpoint", "name", "region"];
/** A name of a Region, such as us-gov-west-1. */
const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d+$/;

/** The Regions and the callers of the providers of a plan. */
export class Providers {
  /**
   * For a type of data source, maps each provider to its data source. Undefined if several data sources have different values:
   * OpenTofu has one key for all instances of a provider with for_each. A data source that selects a Region is left out, because
   * that Region may not be the provider's.
   *
   * @see https://opentofu.org/docs/language/providers/configuration/#for_each-multiple-instances-of-a-provider-configuration
   */
  private readonly dataSources = memoized((type) => {
    const sameType = this.plan.dataSources.filter((data) => data.type === type);
    const sameProvider = sameType.filter(({ address }) => {
      const { expressions } = this.configuration.configuredOf({ address }) ?? {};
      return REGION_SELECTORS.every((name) => expressions?.[name] === undefined);
    });
    const groups = groupBy(sameProvider, (data) => this.configuration.providerOf(data));
    return new Map(
      [...groups].map(([provider, [first, ...others]]) => [
        provider,
        others.every(({ values }) => isEqual(values, first?.values)) ? first : undefined,
      ]),
    );
  });

  public constructor(
    private readonly plan: Plan,
    private readonly configuration: Configuration,
  ) {}

  /** Returns the Region of a resource, or of its provider. */
  public regionOf(resource: PlannedResource): string | undefined {
    for (const side of ["after", "before"] as const) {
      const region = stringOf(resource, side, "region") || stringOf(resource, side, "arn")?.split(":")[3];
      if (region) {
        return region;
      }
    }
    return this.regionOfProvider(this.configuration.providerOf(resource));
  }

  /**
   * Returns the ARN of the credentials of a resource's provider, from aws_caller_identity; undefined if the plan has no such data
   * source.
   */
  public callerOf(resource: PlannedResource): string | undefined {
    const caller = this.dataSourceOf("aws_caller_identity", this.configuration.providerOf(resource));
    return isString(caller?.values.arn) ? caller.values.arn : undefined;
  }

  private regionOfProvider(provider: string | undefined): string | undefined {
    const { expressions, module_address: module } = this.plan.providers[provider ?? ""] ?? {};
    const constant = expressions?.region?.constant_value;
    if (isString(constant)) {
      return constant;
    }
    const { values } = this.dataSourceOf("aws_region", provider) ?? {};
    const candidates = [
      values?.region,
      values?.name,
      values?.id,
      this.configuration.valueIn({ forEach: {}, index: undefined, path: modulePathOf(module) }, expressions?.region),
    ];
    return candidates.filter(isString).find((region) => REGION.test(region));
  }

  /** Returns the data source of a type and provider that selects no Region; undefined if the plan has none, or different ones. */
  private dataSourceOf(type: string, provider: string | undefined): DataSource | undefined {
    return this.dataSources(type).get(provider);
  }
}
