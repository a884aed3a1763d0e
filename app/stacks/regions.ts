import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { defined } from "../../modules/private/defined";
import { deployerOf, type EnvironmentConfiguration, type SharedProps, tagsOf } from "./environment";

/** The providers of the other Regions of a stack, one for each Region. */
export class Regions {
  private readonly providers = new Map<string, AwsProvider>();

  public constructor(
    private readonly stack: TerraformStack,
    private readonly environment: EnvironmentConfiguration,
    private readonly props: SharedProps,
  ) {
    for (const region of environment.formerRegions ?? []) {
      this.provider(region);
    }
  }

  /** Returns the provider of another Region. The argument `region` of resources is newer than provider 5.100. */
  public provider(region: string): AwsProvider {
    const existing = this.providers.get(region);
    if (existing) {
      return existing;
    }
    const deployer = deployerOf(this.environment.account, this.props);
    const provider = new AwsProvider(
      this.stack,
      `Aws-${region}`,
      defined({
        alias: region,
        allowedAccountIds: [this.environment.account],
        assumeRole: deployer && [defined(deployer)],
        defaultTags: tagsOf(this.environment, this.props),
        region,
      }),
    );
    this.providers.set(region, provider);
    return provider;
  }
}
