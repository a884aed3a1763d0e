import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import { type EnvironmentConfiguration, providerSettings, type SharedProps } from "./environment";

/** Creates the providers for Regions other than the stack's, one for each Region. */
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

  /** Returns the provider of another Region. The argument `region` of resources would need a provider newer than 5.100. */
  public provider(region: string): AwsProvider {
    const existing = this.providers.get(region);
    if (existing) {
      return existing;
    }
    const settings = providerSettings(this.environment, this.props, region);
    const provider = new AwsProvider(this.stack, `Aws-${region}`, { ...settings, alias: region });
    this.providers.set(region, provider);
    return provider;
  }
}
