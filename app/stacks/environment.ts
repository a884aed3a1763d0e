import { AwsProvider, type AwsProviderConfig } from "@cdktf/provider-aws/lib/provider";
import { Annotations, type TerraformStack } from "cdktf";
import { check } from "../../modules/private/checks";
import { defined } from "../../modules/private/defined";
import { follows } from "../../modules/private/rule";
import { TAGS } from "../../modules/private/rules";
import type { Problems } from "../config/problems";
import { versionWarning } from "../config/provider-version";
import type { AccountConfiguration, Configuration } from "../config/schema";
import { addBackend } from "./backend";

/** The props that all stacks of a configuration share. */
export interface SharedProps extends Pick<
  Configuration,
  "accounts" | "awsProviderVersion" | "backend" | "defaultTags"
> {
  /** The path from a stack's directory to the project's. */
  readonly projectDirectory: string;
}

/** The role that the deployer assumes; undefined if there is none. */
export type Deployer = AccountConfiguration["assumeRole"];

/** The account and Region of a stack's resources, and their tags. */
export interface EnvironmentConfiguration {
  readonly account: string;
  readonly region: string;
  readonly tags?: Record<string, string> | undefined;
  /** Regions that the stack has left. They keep a provider, so that Terraform destroys the resources there. */
  readonly formerRegions?: readonly string[] | undefined;
}

/** Adds the backend, the provider and the provider's version to a stack. */
export function addEnvironment(
  stack: TerraformStack,
  environment: EnvironmentConfiguration,
  props: SharedProps,
  problems: Problems,
): void {
  // Wrong tags of all entries are one problem of the configuration.
  if (follows(props.defaultTags ?? {}, TAGS)) {
    problems.at([], () => check(stack, "tags", tagsOf(environment, props), TAGS));
  }
  addBackend(stack, props.backend, props.projectDirectory);
  new AwsProvider(stack, "Aws", providerSettings(environment, props));
  const warning = versionWarning(props.awsProviderVersion);
  if (warning !== undefined) {
    Annotations.of(stack).addWarning(warning);
  }
  stack.addOverride("terraform.required_providers.aws", {
    source: "hashicorp/aws",
    version: props.awsProviderVersion,
  });
}

/** The settings of a provider of an entry, in the Region of the entry or in another Region. */
export function providerSettings(
  environment: EnvironmentConfiguration,
  props: SharedProps,
  region = environment.region,
): AwsProviderConfig {
  const { account } = environment;
  const deployer = deployerOf(account, props);
  const tags = tagsOf(environment, props);
  return defined({
    allowedAccountIds: [account],
    assumeRole: deployer && [defined(deployer)],
    defaultTags: Object.keys(tags).length > 0 ? [{ tags }] : undefined,
    region,
  });
}

/** The tags of every resource of an entry. */
function tagsOf({ tags }: EnvironmentConfiguration, { defaultTags }: SharedProps): Record<string, string> {
  return { ...defaultTags, ...tags };
}

/** The role that the deployer to an account assumes. */
export function deployerOf(account: string, { accounts }: SharedProps): Deployer {
  return accounts?.[account]?.assumeRole;
}
