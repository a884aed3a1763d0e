import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { Fn, type TerraformProvider, Token } from "cdktf";
import type { Construct } from "constructs";
import { check, fail, known, type Where } from "./checks";
import { defined } from "./defined";
import { partitionOf } from "./partition";
import type { OrNewer } from "./rule";
import { ACCOUNT_ID, PARTITION, REGION } from "./rules";

/** A partition of AWS. */
export type Partition = OrNewer<
  "aws" | "aws-cn" | "aws-eusc" | "aws-iso" | "aws-iso-b" | "aws-iso-e" | "aws-iso-f" | "aws-us-gov"
>;

/** The account, partition and Region of a construct's resources, as its props give them. */
export interface AwsEnvironmentProps {
  readonly accountId?: string | undefined;
  readonly partition?: Partition | undefined;
  readonly provider?: TerraformProvider | undefined;
  readonly region?: string | undefined;
}

/** The partition that the props give, directly or by a literal Region; undefined if it is unknown at synthesis. */
export function literalPartition(props: AwsEnvironmentProps): string | undefined {
  const { partition } = props;
  return partition !== undefined && known(partition) ? partition : impliedPartition(props);
}

/** Checks the account, Region and partition of props. */
export function checkEnvironment(where: Where, props: AwsEnvironmentProps): void {
  check(where, "accountId", props.accountId, ACCOUNT_ID);
  check(where, "region", props.region, REGION);
  check(where, "partition", props.partition, PARTITION);
  checkPartitionOfRegion(where, props);
}

/** Refuses a partition that is not the Region's. */
export function checkPartitionOfRegion(where: Where, props: AwsEnvironmentProps): void {
  const { partition, region } = props;
  const implied = impliedPartition(props);
  if (partition !== undefined && implied !== undefined && known(partition) && partition !== implied) {
    fail(where, "partition", `be the partition of ${region}, ${implied}`, partition);
  }
}

/** The identity that plans and applies with a provider. */
export function callerIdentity(scope: Construct, provider: TerraformProvider | undefined): DataAwsCallerIdentity {
  const existing = scope.node.tryFindChild("Caller") as DataAwsCallerIdentity | undefined;
  return existing ?? new DataAwsCallerIdentity(scope, "Caller", defined({ provider }));
}

/** The account: the prop, or the account of the provider's credentials. */
export function accountIdOf(scope: Construct, { accountId, provider }: AwsEnvironmentProps): string {
  return accountId ?? callerIdentity(scope, provider).accountId;
}

/** The framework's lookup takes no empty default. */
const UNKNOWN = "unknown";

/**
 * The Region: the prop, or the provider's. Version 5 of the provider has the attribute `id` only, and version 6 deprecates it for
 * `region`. Terraform neither refuses nor warns of an attribute that `lookup` reads.
 */
export function regionOf(scope: Construct, { provider, region }: AwsEnvironmentProps): string {
  if (region !== undefined) {
    return region;
  }
  const existing = scope.node.tryFindChild("Region") as DataAwsRegion | undefined;
  const { fqn } = existing ?? new DataAwsRegion(scope, "Region", defined({ provider }));
  return Token.asString(Fn.lookup(fqn, "region", Fn.lookup(fqn, "id", UNKNOWN)));
}

/** The partition: the prop, or that of a literal Region, or the provider's. */
export function partitionFor(scope: Construct, props: AwsEnvironmentProps): string {
  const { partition = impliedPartition(props), provider } = props;
  const existing = scope.node.tryFindChild("Partition") as DataAwsPartition | undefined;
  return partition ?? (existing ?? new DataAwsPartition(scope, "Partition", defined({ provider }))).partition;
}

/** The part of an ARN at an index between colons; an expression if the ARN is a token. */
export function partOfArn(arn: string, index: number): string {
  return arn.split(":")[index] ?? Token.asString(Fn.element(Fn.split(":", arn), index));
}

function impliedPartition({ region }: AwsEnvironmentProps): string | undefined {
  return region !== undefined && known(region) ? partitionOf(region) : undefined;
}
