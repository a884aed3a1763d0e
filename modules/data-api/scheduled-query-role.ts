import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Construct } from "constructs";
import type { IDataApiRole } from "../iam/data-api-role";
import { Identity } from "../iam/identity";
import type { IDataApiKey } from "../kms/key";
import { arnPartExpression, checkDefaultTags } from "../private/aws-environment";
import { arnPart, checkPlace, fail, known, type Where } from "../private/checks";
import { defined } from "../private/defined";
import { checkProps, propRules, required, text, type PropRules, unique } from "../private/prop-rules";
import { TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import { POLICY_ARN, ROLE_NAME, ROLE_PATH, SCHEDULE_GROUP_ARN } from "../private/rules";
import { policyJson } from "../private/statement";
import { accountOf, type IWarehouse } from "../redshift/warehouse";

/** The role of a group of scheduled queries. */
export interface ScheduledQueryRoleProps extends TaggedResourceProps {
  /** The ARN of the schedule group: `arn:PARTITION:scheduler:REGION:ACCOUNT:schedule-group/NAME`. The role is of the group's account. */
  readonly groupArn: string;
  /** The role's name: 1 to 64 characters. */
  readonly roleName: string;
  /**
   * The permissions boundary of the role, by ARN.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: string | undefined;
  /**
   * The role's path: it begins and ends with a slash.
   *
   * @default "/"
   */
  readonly rolePath?: string | undefined;
}

/** @internal */
export const SCHEDULED_QUERY_ROLE_PROPS = propRules("ScheduledQueryRoleProps", {
  groupArn: required(text(SCHEDULE_GROUP_ARN)),
  roleName: unique(required(text(ROLE_NAME)), "account"),
  permissionsBoundary: text(POLICY_ARN),
  rolePath: text(ROLE_PATH, "/"),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<ScheduledQueryRoleProps>);

/** The account, the partition and the Region of a schedule. */
type SchedulerEnvironment = Pick<IDataApiKey, "accountId" | "partition" | "region">;

/** Returns the environment of the schedules for a warehouse. */
export function schedulerEnvironment(warehouse: IWarehouse): SchedulerEnvironment {
  const { partition, region } = warehouse.key;
  return { accountId: accountOf(warehouse), partition, region };
}

/**
 * Returns the ARN of a schedule group. It is composed, and not read from the resource, so that a plan shows it before the group
 * exists.
 */
export function scheduleGroupArn({ accountId, partition, region }: SchedulerEnvironment, groupName: string): string {
  return `arn:${partition}:scheduler:${region}:${accountId}:schedule-group/${groupName}`;
}

/** The ARN of the group of each ScheduledQueryRole. */
const GROUP_ARNS = new WeakMap<IDataApiRole, string>();

/** Refuses a ScheduledQueryRole of another schedule group: Scheduler cannot assume it. */
export function checkGroupOfRole(
  where: Where,
  role: IDataApiRole,
  groupName: string,
  place: SchedulerEnvironment,
): void {
  const groupArn = GROUP_ARNS.get(role);
  const name = groupArn?.split("/").at(-1);
  checkPlace(where, "role", groupArn, place);
  if (name !== undefined && known(name) && name !== groupName) {
    fail(where, "role", `be a role for the schedule group ${groupName}`, groupArn);
  }
}

/**
 * A role that EventBridge Scheduler assumes for the schedules of one group only. It has no permissions at first: a
 * ScheduledQueryGroup gives it the permissions for a warehouse. A group creates its role by itself, unless the key of the warehouse
 * is of another stack. That stack must then create the role before the key policy names it.
 *
 * @example
 * const role = new ScheduledQueryRole(stack, "QueryRole", {
 *   groupArn: "arn:aws:scheduler:us-east-1:111122223333:schedule-group/analytics",
 *   roleName: "analytics-queries",
 * });
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export class ScheduledQueryRole extends Construct implements IDataApiRole {
  public readonly identity: Identity;
  public readonly roleName: string;
  /** The wrapped resource. */
  public readonly resource: IamRole;

  /** @throws if a prop breaks its rule */
  public constructor(scope: Construct, id: string, props: ScheduledQueryRoleProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      SCHEDULED_QUERY_ROLE_PROPS,
      ({ groupArn, permissionsBoundary }) =>
        checkPlace(this, "permissionsBoundary", permissionsBoundary, {
          accountId: arnPart(groupArn, 4),
          partition: arnPart(groupArn, 1),
        }),
      ({ provider, tags }) => checkDefaultTags(this, "tags", tags, provider),
    );
    const { groupArn, permissionsBoundary, provider, roleName, rolePath: path, tags } = props;
    const accountId = arnPartExpression(groupArn, 4);
    this.resource = new IamRole(
      this,
      "Resource",
      defined({
        assumeRolePolicy: policyJson([
          {
            Sid: "AllowScheduler",
            Effect: "Allow",
            Principal: { Service: "scheduler.amazonaws.com" },
            Action: "sts:AssumeRole",
            // Scheduler sends the ARN of the schedule's group, and no ARN of a schedule.
            Condition: { StringEquals: { "aws:SourceAccount": accountId, "aws:SourceArn": groupArn } },
          },
        ]),
        name: roleName,
        path,
        permissionsBoundary,
        provider,
        tags,
      }),
    );
    this.roleName = roleName;
    GROUP_ARNS.set(this, groupArn);
    const partition = arnPartExpression(groupArn, 1);
    this.identity = Identity.forRole({ accountId, dependable: this.resource, partition, path, roleName }, this);
  }
}
