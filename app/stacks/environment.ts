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

/** The props that every stack of a configuration gets. */
export interface SharedProps extends Pick<
  Configuration,
  "accounts" | "awsProviderVersion" | "backend" | "defaultTags"
> {
  /** The relative path from a stack's directory to the project's directory. */
  readonly projectDirectory: string;
}

/** The role that Terraform assumes in an account; undefined if it assumes none. */
export type Deployer = AccountConfiguration["assumeRole"];

/** The settings of an entry for its AWS providers. */
export interface EnvironmentConfiguration {
  readonly account: string;
  readonly region: string;
  readonly tags?: Record<string, string> | undefined;
  /**
   * Regions in which the stack had resources before. The stack keeps their providers, so that Terraform can destroy the
   * resources.
   */
  readonly formerRegions?: readonly string[] | undefined;
}

/** Adds the backend, the AWS providers and the required provider version to a stack. */
export function addEnvironment(
  stack: TerraformStack,
  environment: EnvironmentConfiguration,
  props: SharedProps,
  problems: Problems,
): void {
  // Tags of `defaultTags` that break a rule are reported once, by the schema, and not by each stack.
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

/** Returns the settings of an AWS provider for an entry, in the entry's Region or in another Region. */
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

/** Returns the tags that every resource of an entry gets. */
function tagsOf({ tags }: EnvironmentConfiguration, { defaultTags }: SharedProps): Record<string, string> {
  return { ...defaultTags, ...tags };
}

/** Returns the role that Terraform assumes in an account; undefined if it assumes none. */
export function deployerOf(account: string, { accounts }: SharedProps): Deployer {
  return accounts?.[account]?.assumeRole;
}
