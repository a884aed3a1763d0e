import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { Fn, type TerraformDataSource, type TerraformMetaArguments, type TerraformProvider, Token } from "cdktf";
import type { Construct } from "constructs";
import { check, fail, known, type Where } from "./checks";
import { defined } from "./defined";
import { partitionOf } from "./partition";
import type { EnvironmentProps, ResourceProps } from "./resource-props";
import { ACCOUNT_ID, PARTITION, REGION } from "./rules";

/** The environment of a construct's resources, as its props give it. */
type Environment = EnvironmentProps & ResourceProps;

/** The partition that the props give, directly or by a literal Region; undefined if it is unknown at synthesis. */
export function literalPartition(props: Environment): string | undefined {
  const { partition } = props;
  return partition !== undefined && known(partition) ? partition : impliedPartition(props);
}

/** Checks the account, Region and partition of props. */
export function checkEnvironment(where: Where, props: Environment): void {
  check(where, "accountId", props.accountId, ACCOUNT_ID);
  check(where, "region", props.region, REGION);
  check(where, "partition", props.partition, PARTITION);
  checkPartitionOfRegion(where, props);
}

/** Refuses a partition that is not the Region's. */
export function checkPartitionOfRegion(where: Where, props: Environment): void {
  const { partition, region } = props;
  const implied = impliedPartition(props);
  if (partition !== undefined && implied !== undefined && known(partition) && partition !== implied) {
    fail(where, "partition", `be the partition of ${region}, ${implied}`, partition);
  }
}

/** The data source of a scope that has an ID. The first call creates it. */
function dataSource<T extends TerraformDataSource>(
  type: new (scope: Construct, id: string, config: TerraformMetaArguments) => T,
  scope: Construct,
  id: string,
  provider: TerraformProvider | undefined,
): T {
  return (scope.node.tryFindChild(id) as T | undefined) ?? new type(scope, id, defined({ provider }));
}

/** The identity that plans and applies with a provider. */
export function callerIdentity(scope: Construct, provider: TerraformProvider | undefined): DataAwsCallerIdentity {
  return dataSource(DataAwsCallerIdentity, scope, "Caller", provider);
}

/** The account: the prop, or the account of the provider's credentials. */
export function accountIdOf(scope: Construct, { accountId, provider }: Environment): string {
  return accountId ?? callerIdentity(scope, provider).accountId;
}

/** The framework's lookup takes no empty default. */
const UNKNOWN = "unknown";

/**
 * The Region: the prop, or the provider's. Version 5 of the provider has the attribute `id` only, and version 6 deprecates it for
 * `region`. Terraform neither refuses nor warns of an attribute that `lookup` reads.
 */
export function regionOf(scope: Construct, { provider, region }: Environment): string {
  if (region !== undefined) {
    return region;
  }
  const { fqn } = dataSource(DataAwsRegion, scope, "Region", provider);
  return Token.asString(Fn.lookup(fqn, "region", Fn.lookup(fqn, "id", UNKNOWN)));
}

/** The partition: the prop, or that of a literal Region, or the provider's. */
export function partitionFor(scope: Construct, props: Environment): string {
  const { partition = impliedPartition(props), provider } = props;
  return partition ?? dataSource(DataAwsPartition, scope, "Partition", provider).partition;
}

/** The part of an ARN at an index between colons; an expression if the ARN is a token. */
export function arnPartExpression(arn: string, index: number): string {
  return arn.split(":")[index] ?? Token.asString(Fn.element(Fn.split(":", arn), index));
}

function impliedPartition({ region }: Environment): string | undefined {
  return region !== undefined && known(region) ? partitionOf(region) : undefined;
}
