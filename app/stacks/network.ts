import { DataAwsSecurityGroups } from "@cdktf/provider-aws/lib/data-aws-security-groups";
import { DataAwsSubnets, type DataAwsSubnetsConfig } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { Fn, Op, TerraformSelf, type TerraformStack } from "cdktf";
import { defined } from "../../modules/private/defined";
import { printable } from "../../modules/private/printable";
import type { SecurityGroupsConfiguration, SubnetsConfiguration } from "../config/schema";

/**
 * Returns the IDs of subnets: the IDs in the setting, or the result of a lookup when Terraform plans.
 *
 * @param fewest - the plan fails if a lookup finds fewer subnets
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

/** Returns the IDs of security groups: the IDs in the setting, or the result of a lookup when Terraform plans. */
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

/** The criteria by which a plan looks up subnets or security groups. */
interface Lookup {
  readonly names?: string[] | undefined;
  readonly tags?: Record<string, string> | undefined;
  readonly vpcId?: string | undefined;
}

/**
 * Returns the settings of a data source that looks up subnets or security groups. The plan fails if the lookup finds fewer than
 * `fewest`.
 */
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
        // If nothing matches, AWS returns an empty list, and the warehouse would be created in the default VPC.
        {
          condition: Op.gte(Fn.lengthOf(TerraformSelf.getAny("ids")), fewest),
          errorMessage: `Fewer than ${fewest} ${resource}${plural} found by ${printable(JSON.stringify(properties))}.`,
        },
      ],
    },
    tags,
  });
}
