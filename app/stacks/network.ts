import { DataAwsSecurityGroups } from "@cdktf/provider-aws/lib/data-aws-security-groups";
import { DataAwsSubnets, type DataAwsSubnetsConfig } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { Fn, Op, TerraformSelf, type TerraformStack } from "cdktf";
import { defined } from "../../modules/private/defined";
import { printable } from "../../modules/private/printable";
import type { SecurityGroupsConfiguration, SubnetsConfiguration } from "../config/schema";

/**
 * The IDs of a warehouse's subnets, as they are given or looked up when Terraform plans.
 *
 * @param fewest - the number of subnets that a lookup must find, or the plan fails
 */
export function subnetIdsOf(
  stack: TerraformStack,
  setting: SubnetsConfiguration | undefined,
  fewest: number,
): string[] | undefined {
  if (setting === undefined || Array.isArray(setting)) {
    return setting;
  }
  return new DataAwsSubnets(stack, "Subnets", lookup(setting, fewest, "subnet")).ids;
}

/** The IDs of a warehouse's security groups, as they are given or looked up when Terraform plans. */
export function securityGroupIdsOf(
  stack: TerraformStack,
  setting: SecurityGroupsConfiguration | undefined,
): string[] | undefined {
  if (setting === undefined || Array.isArray(setting)) {
    return setting;
  }
  const fewest = setting.names?.length ?? 1;
  return new DataAwsSecurityGroups(stack, "SecurityGroups", lookup(setting, fewest, "security group")).ids;
}

/** The properties by which a plan looks resources of a network up. */
interface Lookup {
  readonly names?: string[] | undefined;
  readonly tags?: Record<string, string> | undefined;
  readonly vpcId?: string | undefined;
}

/** The settings of a data source, whose plan fails if the lookup has fewer results. */
function lookup(properties: Lookup, fewest: number, resource: string): DataAwsSubnetsConfig {
  const { names, tags, vpcId } = properties;
  const filter = [
    ...(names ? [{ name: "group-name", values: names }] : []),
    ...(vpcId === undefined ? [] : [{ name: "vpc-id", values: [vpcId] }]),
  ];
  const plural = fewest === 1 ? " is" : "s are";
  return defined({
    filter: filter.length > 0 ? filter : undefined,
    lifecycle: {
      postcondition: [
        // AWS answers a lookup of nothing with an empty list, and the warehouse would go to the default VPC.
        {
          condition: Op.gte(Fn.lengthOf(TerraformSelf.getAny("ids")), fewest),
          errorMessage: `Fewer than ${fewest} ${resource}${plural} found by ${printable(JSON.stringify(properties))}.`,
        },
      ],
    },
    tags,
  });
}
