import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { SchedulerScheduleGroup } from "@cdktf/provider-aws/lib/scheduler-schedule-group";
import { SqsQueue } from "@cdktf/provider-aws/lib/sqs-queue";
import { Construct } from "constructs";
import { type IDataApiRole, ROLE } from "../iam/data-api-role";
import { checkIdentityStack } from "../iam/identity";
import { checkNotBoth, fail, isOfOtherAccount } from "../private/checks";
import { defined } from "../private/defined";
import { otherWriter } from "../private/creators";
import { checkProps, code, decision, type PropRules, propRules, required, text, unique } from "../private/prop-rules";
import { TAGGED_RESOURCE_PROPS, type TaggedResourceProps } from "../private/resource-props";
import { POLICY_ARN, QUEUE_NAME, ROLE_NAME, ROLE_PATH, SCHEDULE_GROUP_NAME } from "../private/rules";
import { checkDeployedBefore, dependables } from "../private/stack-boundary";
import { policyJson, type PolicyStatement } from "../private/statement";
import { type ICluster, type IWarehouse, type PropsFor, WAREHOUSE } from "../redshift/warehouse";
import { DataApiAccess, type DataApiAccessProps } from "./data-api-access";
import { DATABASE_CREDENTIAL_PROPS, type DatabaseCredentialProps } from "./database-credentials";
import { checkGroupOfRole, scheduleGroupArn, ScheduledQueryRole, schedulerEnvironment } from "./scheduled-query-role";

/** The warehouse of scheduled queries, the identity that runs them, and the queue of the runs that do not start. */
export interface ScheduledQueryGroupOptions extends DatabaseCredentialProps, TaggedResourceProps {
  /**
   * The name of the schedule group, unique in the account and Region: 1 to 64 letters, digits or any of _.-, and not `default`. A
   * change replaces the group and its schedules. The name cannot be a token, because the key policy names the role, which names the group.
   */
  readonly groupName: string;
  /** The warehouse. */
  readonly warehouse: IWarehouse;
  /**
   * The name of the created queue for runs that Scheduler cannot start: 1 to 80 letters, digits, hyphens or underscores. The key of
   * the warehouse encrypts the queue, so that readers of the queue must be users of the key. The queue keeps a message for 14 days.
   * A statement that starts and then fails has no message: `withEvent` of the query reports it.
   *
   * @default - no queue: such a run is lost
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
   */
  readonly deadLetterQueueName?: string | undefined;
  /**
   * The permissions boundary of the role that is created, by ARN.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: string | undefined;
  /**
   * The role of the queries, which trusts Scheduler for the ARN of this group: a ScheduledQueryRole in the stack of a shared key.
   *
   * @default - a role is created
   */
  readonly role?: IDataApiRole | undefined;
  /**
   * The name of the role that is created: 1 to 64 characters.
   *
   * @default - the group's name and `-queries`
   */
  readonly roleName?: string | undefined;
  /**
   * The path of the role that is created: it begins and ends with a slash.
   *
   * @default - `/`, the default of AWS
   */
  readonly rolePath?: string | undefined;
}

/** @internal */
export const SCHEDULED_QUERY_GROUP_PROPS = propRules("ScheduledQueryGroupOptions", {
  groupName: unique(decision(required(text(SCHEDULE_GROUP_NAME)))),
  warehouse: required(code(WAREHOUSE)),
  ...DATABASE_CREDENTIAL_PROPS,
  deadLetterQueueName: unique(text(QUEUE_NAME)),
  permissionsBoundary: text(POLICY_ARN),
  role: code(ROLE),
  roleName: text(ROLE_NAME),
  rolePath: text(ROLE_PATH),
  ...TAGGED_RESOURCE_PROPS,
} satisfies PropRules<ScheduledQueryGroupOptions>);

/** The props of a group. Only access to a cluster can be limited to databases and a user. */
export type ScheduledQueryGroupProps =
  | PropsFor<ICluster, ScheduledQueryGroupOptions>
  | PropsFor<IWarehouse, ScheduledQueryGroupOptions, "databases" | "databaseUser">;

const ROLE_PROPS = ["permissionsBoundary", "roleName", "rolePath"] as const;
/** The longest time that SQS keeps a message: 14 days. */
const RETENTION_SECONDS = 1_209_600;

const DEAD_LETTER_POLICY = "dead-letter-queue";

/** Returns the default name of the role of a schedule group. */
export function defaultQueryRoleName(groupName: string): string {
  return `${groupName}-queries`;
}

/**
 * The EventBridge Scheduler group of a warehouse's scheduled queries, the role that Scheduler assumes for them, and their dead-letter
 * queue. The role trusts Scheduler for this group only. It may use this warehouse only, and is a user of the warehouse's key.
 *
 * @example
 * const group = new ScheduledQueryGroup(stack, "Queries", {
 *   deadLetterQueueName: "analytics-failed-queries",
 *   groupName: "analytics",
 *   warehouse,
 * });
 *
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 */
export class ScheduledQueryGroup extends Construct {
  /** The access of the role to the warehouse. */
  public readonly access: DataApiAccess;
  /** The databases that the queries may use, or undefined if IAM does not limit them. */
  public readonly databases: readonly string[] | undefined;
  /** The database user that runs the queries, or undefined if the role or the secret's user runs them. */
  public readonly databaseUser: string | undefined;
  /** The queue of the runs that do not start, or undefined if there is none. */
  public readonly deadLetterQueue: SqsQueue | undefined;
  /** The role's permission to send to the queue, or undefined if there is no queue. */
  public readonly deadLetterPolicy: IamRolePolicy | undefined;
  /** The role that Scheduler assumes. */
  public readonly role: IDataApiRole;
  /** The wrapped resource. */
  public readonly resource: SchedulerScheduleGroup;
  /** The secret that holds the database user's name and password, or undefined for temporary credentials. */
  public readonly secretArn: string | undefined;
  /** The warehouse. */
  public readonly warehouse: IWarehouse;

  /** @throws if a prop breaks its rule, two ways to get credentials are given, or the role is not one that Scheduler can assume */
  public constructor(scope: Construct, id: string, props: ScheduledQueryGroupProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      SCHEDULED_QUERY_GROUP_PROPS,
      (props) => ROLE_PROPS.forEach((prop) => checkNotBoth(this, props, prop, "role", "that role exists already")),
      ({ role }) => {
        if (role?.identity.isUnmodifiable) {
          fail(this, "role", "be a role whose trust policy can be changed", role.identity.label);
        }
      },
      ({ role }) => role && checkIdentityStack(this, "role", role.identity),
      ({ groupName, role, warehouse }) =>
        role && checkGroupOfRole(this, role, groupName, schedulerEnvironment(warehouse)),
      // The schedules of the queries name the key of the warehouse.
      ({ warehouse }) => checkDeployedBefore(this, "warehouse", warehouse.key.keyArn),
    );
    const { databases, databaseUser, groupName, provider, secretArn, secretKeyArn, tags, warehouse } = props;
    this.warehouse = warehouse;
    this.databaseUser = databaseUser;
    this.secretArn = secretArn;
    this.databases =
      warehouse.kind === "cluster" && secretArn === undefined ? (databases ?? [warehouse.databaseName]) : undefined;
    this.resource = new SchedulerScheduleGroup(this, "Resource", defined({ name: groupName, provider, tags }));
    this.role = props.role ?? this.createRole(props);
    const access = { databases, databaseUser, provider, role: this.role, secretArn, secretKeyArn, warehouse };
    // The cast below is safe: DataApiAccess refuses the props of a cluster for a serverless warehouse.
    this.access = new DataApiAccess(this, "Access", {
      ...access,
      policyName: "scheduled-queries",
    } as DataApiAccessProps);
    if (props.deadLetterQueueName !== undefined) {
      this.claimDeadLetterPolicy(props.deadLetterQueueName);
      this.deadLetterQueue = this.createQueue(props, props.deadLetterQueueName);
      this.deadLetterPolicy = this.letRoleSend(props, props.deadLetterQueueName);
    }
  }

  /** Refuses a second group with a queue for the same role: IAM would replace the policy of the first group. */
  private claimDeadLetterPolicy(queueName: string): void {
    const first = otherWriter(this, this.role.identity.arn, DEAD_LETTER_POLICY);
    if (first !== undefined) {
      const must = `be left out, because this group would replace the role's policy for the queue of ${first}: use another role`;
      fail(this, "deadLetterQueueName", must, queueName);
    }
  }

  private createRole(props: ScheduledQueryGroupProps): ScheduledQueryRole {
    const { groupName, permissionsBoundary, provider, rolePath, tags, warehouse } = props;
    return new ScheduledQueryRole(this, "Role", {
      groupArn: scheduleGroupArn(schedulerEnvironment(warehouse), groupName),
      permissionsBoundary,
      provider,
      roleName: props.roleName ?? defaultQueryRoleName(groupName),
      rolePath,
      tags,
    });
  }

  private createQueue({ provider, tags, warehouse }: ScheduledQueryGroupProps, name: string): SqsQueue {
    return new SqsQueue(
      this,
      "DeadLetterQueue",
      defined({
        kmsMasterKeyId: warehouse.key.keyArn,
        messageRetentionSeconds: RETENTION_SECONDS,
        name,
        provider,
        tags,
      }),
    );
  }

  /**
   * Lets the role send to the dead-letter queue: Scheduler sends with the permissions of the role. The role may use the key,
   * because it is one of the key's users.
   */
  private letRoleSend({ provider, warehouse }: ScheduledQueryGroupProps, queueName: string): IamRolePolicy {
    const { keyArn } = warehouse.key;
    const { accountId, partition, region } = schedulerEnvironment(warehouse);
    const send: PolicyStatement = {
      Sid: "SendFailedRuns",
      Effect: "Allow",
      Action: "sqs:SendMessage",
      Resource: `arn:${partition}:sqs:${region}:${accountId}:${queueName}`,
    };
    // A producer needs both actions:
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
    const encrypt: PolicyStatement = {
      Sid: "EncryptFailedRuns",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": `sqs.${region}.amazonaws.com` } },
    };
    return new IamRolePolicy(
      this,
      "DeadLetterPolicy",
      defined({
        dependsOn: dependables(this, [this.role.identity]),
        name: DEAD_LETTER_POLICY,
        policy: policyJson(isOfOtherAccount(keyArn, accountId) ? [send, encrypt] : [send]),
        provider,
        role: this.role.roleName,
      }),
    );
  }
}
