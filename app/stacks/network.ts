import { DataAwsSecurityGroups } from "@cdktf/provider-aws/lib/data-aws-security-groups";
import { DataAwsSubnets } from "@cdktf/provider-aws/lib/data-aws-subnets";
import { Fn, Op, type Postcondition, TerraformSelf, type TerraformStack } from "cdktf";
import { defined } from "../../modules/private/defined";
import { printable } from "../../modules/private/printable";
import type { SecurityGroupsConfiguration, SubnetsConfiguration } from "../config/schema";

/**
 * The IDs of a warehouse's subnets, as they are given or looked up when Terraform plans.
 *
 * @param fewest - how many a lookup must find, or the plan fails
 */
export function subnetIdsOf(
  stack: TerraformStack,
  setting: SubnetsConfiguration | undefined,
  fewest: number,
): string[] | undefined {
  if (setting === undefined || Array.isArray(setting)) {
    return setting;
  }
  const { tags, vpcId } = setting;
  return new DataAwsSubnets(
    stack,
    "Subnets",
    defined({
      filter: filters({ "vpc-id": vpcId === undefined ? undefined : [vpcId] }),
      lifecycle: { postcondition: [finds(fewest, "subnet", setting)] },
      tags,
    }),
  ).ids;
}

/** The IDs of a warehouse's security groups, as they are given or looked up when Terraform plans. */
export function securityGroupIdsOf(
  stack: TerraformStack,
  setting: SecurityGroupsConfiguration | undefined,
): string[] | undefined {
  if (setting === undefined || Array.isArray(setting)) {
    return setting;
  }
  const { names, tags, vpcId } = setting;
  return new DataAwsSecurityGroups(
    stack,
    "SecurityGroups",
    defined({
      filter: filters({ "group-name": names, "vpc-id": vpcId === undefined ? undefined : [vpcId] }),
      lifecycle: { postcondition: [finds(names?.length ?? 1, "security group", setting)] },
      tags,
    }),
  ).ids;
}

interface Filter {
  readonly name: string;
  readonly values: string[];
}

function filters(values: Readonly<Record<string, string[] | undefined>>): Filter[] | undefined {
  const given = Object.entries(values).flatMap(([name, some]) => (some ? [{ name, values: some }] : []));
  return given.length > 0 ? given : undefined;
}

/** AWS answers a lookup of nothing with an empty list, and the warehouse would go to the default VPC. */
function finds(fewest: number, what: string, lookup: object): Postcondition {
  return {
    condition: Op.gte(Fn.lengthOf(TerraformSelf.getAny("ids")), fewest),
    errorMessage: `Fewer than ${fewest} ${what}${fewest === 1 ? " is" : "s are"} found by ${printable(JSON.stringify(lookup))}.`,
  };
}
