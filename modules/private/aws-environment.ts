import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import type { AwsProvider, AwsProviderDefaultTags } from "@cdktf/provider-aws/lib/provider";
import {
  Fn,
  type TerraformDataSource,
  type TerraformMetaArguments,
  type TerraformProvider,
  TerraformStack,
  Token,
} from "cdktf";
import type { Construct } from "constructs";
import { check, fail, known, type Where } from "./checks";
import { defined } from "./defined";
import { partitionOf } from "./partition";
import { follows } from "./rule";
import type { EnvironmentProps, ResourceProps } from "./resource-props";
import { ACCOUNT_ID, PARTITION, REGION, TAGS } from "./rules";

/** The props that give the account, Region, partition and provider of a construct. */
type Environment = EnvironmentProps & ResourceProps;

/** Returns the partition as a literal: the prop, or the partition of a literal Region. Undefined if both are tokens or absent. */
export function literalPartition(props: Environment): string | undefined {
  const { partition } = props;
  return partition !== undefined && known(partition) ? partition : impliedPartition(props);
}

/** Checks the props for the account, the Region and the partition. */
export function checkEnvironment(where: Where, props: Environment): void {
  check(where, "accountId", props.accountId, ACCOUNT_ID);
  check(where, "region", props.region, REGION);
  check(where, "partition", props.partition, PARTITION);
  checkConsistency(where, props);
}

/** Refuses a Region other than the provider's, if both are literals. */
export function checkRegionOfProvider(
  where: Where,
  prop: string,
  region: string | undefined,
  provider: TerraformProvider | undefined,
): void {
  const { region: regionOfProvider } = (provider ?? {}) as Partial<AwsProvider>;
  if ([region, regionOfProvider].every(isGivenLiteral) && region !== regionOfProvider) {
    fail(where, prop, `be the Region of its provider, ${regionOfProvider}`, region);
  }
}

/** Refuses an `accountId` and a `region` that contradict `provider`, and a `partition` that is not the partition of `region`. */
export function checkConsistency(where: Where, props: Environment): void {
  const { accountId, provider } = props;
  const { allowedAccountIds: accounts = [] } = (provider ?? {}) as Partial<AwsProvider>;
  // The provider accepts any account if the list is empty.
  if (
    accounts.length > 0 &&
    [accountId, accounts, ...accounts].every(isGivenLiteral) &&
    !accounts.includes(accountId!)
  ) {
    fail(where, "accountId", `be one of the 'allowedAccountIds' of its provider, ${accounts.join(", ")}`, accountId);
  }
  checkRegionOfProvider(where, "region", props.region, provider);
  const { partition, region } = props;
  const implied = impliedPartition(props);
  if (partition !== undefined && implied !== undefined && known(partition) && partition !== implied) {
    fail(where, "partition", `be the partition of ${region}, ${implied}`, partition);
  }
}

/**
 * Refuses tags of a role that break the rule of tags together with the default tags of its provider. An exact key takes the place of
 * a default tag, and IAM refuses a key in another case.
 */
export function checkDefaultTags(
  where: Construct,
  prop: string,
  tags: Readonly<Record<string, string>> | undefined,
  provider: TerraformProvider | undefined,
): void {
  if (!follows(tags, TAGS)) {
    return;
  }
  const isDefault = ({ alias, terraformResourceType }: TerraformProvider) =>
    alias === undefined && terraformResourceType === "aws";
  const used = (provider ?? TerraformStack.of(where).allProviders().find(isDefault)) as AwsProvider | undefined;
  const defaults = [used?.defaultTagsInput].flat()[0] as AwsProviderDefaultTags | undefined;
  const { tags: defaultTags } = defaults ?? {};
  if (follows(defaultTags, TAGS) && !follows({ ...defaultTags, ...tags }, TAGS)) {
    const must = "have, with the default tags of its provider, at most 50 tags whose keys differ in more than case";
    fail(where, prop, must, Object.keys(tags!));
  }
}

function isGivenLiteral(value: unknown): boolean {
  return value !== undefined && known(value);
}

/** Returns the data source with an ID in a scope. The first call creates it. */
function dataSource<T extends TerraformDataSource>(
  type: new (scope: Construct, id: string, config: TerraformMetaArguments) => T,
  scope: Construct,
  id: string,
  provider: TerraformProvider | undefined,
): T {
  return (scope.node.tryFindChild(id) as T | undefined) ?? new type(scope, id, defined({ provider }));
}

/** Returns the data source of the identity whose credentials a provider uses. */
export function callerIdentity(scope: Construct, provider: TerraformProvider | undefined): DataAwsCallerIdentity {
  return dataSource(DataAwsCallerIdentity, scope, "Caller", provider);
}

/** Returns the account: the prop, or the account of the provider's credentials, by a data source. */
export function accountIdOf(scope: Construct, { accountId, provider }: Environment): string {
  return accountId ?? callerIdentity(scope, provider).accountId;
}

/** The default of `lookup`, which is never used: the framework accepts no empty default. */
const UNKNOWN = "unknown";

/**
 * Returns the Region: the prop, or the provider's, by a data source. Version 5 of the provider has only the attribute `id`, and
 * version 6 replaces it with `region`. `lookup` reads the attribute that exists, without an error or a deprecation warning.
 */
export function regionOf(scope: Construct, { provider, region }: Environment): string {
  if (region !== undefined) {
    return region;
  }
  const { fqn } = dataSource(DataAwsRegion, scope, "Region", provider);
  return Token.asString(Fn.lookup(fqn, "region", Fn.lookup(fqn, "id", UNKNOWN)));
}

/** Returns the partition: the prop, or the partition of a literal Region, or the provider's, by a data source. */
export function partitionFor(scope: Construct, props: Environment): string {
  const { partition = impliedPartition(props), provider } = props;
  return partition ?? dataSource(DataAwsPartition, scope, "Partition", provider).partition;
}

/** Returns the part of an ARN at an index, split at colons. For an ARN that is a token, returns a Terraform expression. */
export function arnPartExpression(arn: string, index: number): string {
  return arn.split(":")[index] ?? Token.asString(Fn.element(Fn.split(":", arn), index));
}

function impliedPartition({ region }: Environment): string | undefined {
  return region !== undefined && known(region) ? partitionOf(region) : undefined;
}
