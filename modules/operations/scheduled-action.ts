import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import {
  RedshiftScheduledAction,
  type RedshiftScheduledActionTargetAction,
} from "@cdktf/provider-aws/lib/redshift-scheduled-action";
import { Annotations } from "cdktf";
import { Construct } from "constructs";
import { arnPartExpression, checkDefaultTags } from "../private/aws-environment";
import { arnPart, checkAfter, checkNotBoth, checkPlace, fail, known } from "../private/checks";
import { defined } from "../private/defined";
import { address } from "../private/expression";
import {
  checkProps,
  code,
  decision,
  flag,
  map,
  number,
  propRules,
  required,
  text,
  type PropRules,
  unique,
} from "../private/prop-rules";
import { RESOURCE_PROPS, type ResourceProps } from "../private/resource-props";
import {
  ACTION_NAME,
  ACTION_SCHEDULE,
  CLUSTER_ACTION,
  NODE_TYPE,
  POLICY_ARN,
  POSITIVE_INTEGER,
  ROLE_NAME,
  ROLE_PATH,
  SCHEDULE_DESCRIPTION,
  TAGS,
  TRUSTING_ROLE_ARN,
  UTC_TIME,
} from "../private/rules";
import { policyJson } from "../private/statement";
import { checkNodeCount, type EncryptedClusterProps } from "../redshift/cluster-props";
import { clusterOnly, type ICluster } from "../redshift/warehouse";

/** An action on a cluster, and its time. */
export interface ScheduledActionProps extends ResourceProps {
  /** The action: `pause`, `resume` or `resize`. A multi-AZ cluster can only be resized. */
  readonly action: string;
  /** The action's name, unique in the account and Region: 1 to 63 lowercase letters, digits or hyphens. */
  readonly actionName: string;
  /**
   * The times of the action, in UTC: once, `at(2026-03-04T17:27:00)`, or `cron(0 20 ? * MON-FRI *)`, which has minutes, hours,
   * days of the month, months, days of the week and years. Two times must be an hour apart or more.
   */
  readonly schedule: string;
  /** The cluster. */
  readonly warehouse: ICluster;
  /**
   * Whether the resize is a classic one, which copies the data to a new cluster. `resize` only.
   *
   * @default - false, the default of AWS
   */
  readonly classic?: boolean | undefined;
  /**
   * The purpose of the action: at most 255 characters.
   *
   * @default - no description
   */
  readonly description?: string | undefined;
  /**
   * Whether the schedule is active.
   *
   * @default - true, the default of AWS
   */
  readonly enabled?: boolean | undefined;
  /**
   * The end of the schedule, in UTC: `2027-01-01T00:00:00Z`.
   *
   * @default - never
   */
  readonly endTime?: string | undefined;
  /**
   * The node type to resize to. `resize` only.
   *
   * @default - the node type stays, and `numberOfNodes` is required
   */
  readonly nodeType?: EncryptedClusterProps["nodeType"] | undefined;
  /**
   * The number of nodes to resize to. `resize` only.
   *
   * @default - the number of nodes stays, and `nodeType` is required
   */
  readonly numberOfNodes?: number | undefined;
  /**
   * The permissions boundary of the role that is created, by ARN.
   *
   * @default - no boundary
   */
  readonly permissionsBoundary?: string | undefined;
  /**
   * An existing role that scheduler.redshift.amazonaws.com may assume, and that has the permissions for the action.
   *
   * @default - a role is created, for this action on this cluster only
   */
  readonly roleArn?: string | undefined;
  /**
   * The name of the role that is created: 1 to 64 characters.
   *
   * @default - the action's name
   */
  readonly roleName?: string | undefined;
  /**
   * The path of the role that is created: it begins and ends with a slash.
   *
   * @default - `/`, the default of AWS
   */
  readonly rolePath?: string | undefined;
  /**
   * The beginning of the schedule, in UTC: `2026-12-01T00:00:00Z`.
   *
   * @default - at once
   */
  readonly startTime?: string | undefined;
  /**
   * The tags of the role that is created. Actions have none.
   *
   * @default - the provider's default tags only
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** @internal */
export const SCHEDULED_ACTION_PROPS = propRules("ScheduledActionProps", {
  action: decision(required(text(CLUSTER_ACTION))),
  actionName: unique(required(text(ACTION_NAME))),
  schedule: required(text(ACTION_SCHEDULE)),
  warehouse: required(code(clusterOnly("a serverless warehouse pauses and scales by itself"))),
  classic: flag(),
  description: text(SCHEDULE_DESCRIPTION),
  enabled: flag(),
  endTime: text(UTC_TIME),
  nodeType: text(NODE_TYPE),
  numberOfNodes: number(POSITIVE_INTEGER),
  permissionsBoundary: text(POLICY_ARN),
  roleArn: text(TRUSTING_ROLE_ARN),
  roleName: unique(text(ROLE_NAME), "account"),
  rolePath: text(ROLE_PATH),
  startTime: text(UTC_TIME),
  tags: map(TAGS),
  ...RESOURCE_PROPS,
} satisfies PropRules<ScheduledActionProps>);

/** The IAM action that each scheduled action requires. */
const IAM_ACTIONS: Readonly<Record<string, string>> = {
  pause: "redshift:PauseCluster",
  resize: "redshift:ResizeCluster",
  resume: "redshift:ResumeCluster",
};
const RESIZE_PROPS = ["classic", "nodeType", "numberOfNodes"] as const;
const ROLE_PROPS = ["permissionsBoundary", "roleName", "rolePath", "tags"] as const;

/**
 * A scheduled pause, resume or resize of a cluster, and the role that Redshift's scheduler assumes. While the cluster is paused,
 * Terraform cannot change it.
 *
 * @example
 * new ScheduledAction(stack, "Pause", {
 *   action: "pause",
 *   actionName: "analytics-night",
 *   schedule: "cron(0 20 ? * MON-FRI *)",
 *   warehouse: cluster,
 * });
 *
 * @see https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateScheduledAction.html
 */
export class ScheduledAction extends Construct {
  /** The wrapped resource. */
  public readonly resource: RedshiftScheduledAction;
  /** The role that is created, or undefined if `roleArn` names an existing one. */
  public readonly role: IamRole | undefined;

  /** @throws if a prop breaks its rule, the warehouse is serverless, or two props contradict each other */
  public constructor(scope: Construct, id: string, props: ScheduledActionProps) {
    super(scope, id);
    checkProps(
      this,
      props,
      SCHEDULED_ACTION_PROPS,
      (props) => this.checkAction(props),
      (props) => this.checkRole(props),
      ({ provider, tags }) => checkDefaultTags(this, "tags", tags, provider),
      (props) => checkAfter(this, props, "endTime", "startTime"),
    );
    const { action, provider, warehouse } = props;
    const [role, policy] = props.roleArn === undefined ? this.createRole(props) : [];
    this.role = role;
    this.resource = new RedshiftScheduledAction(
      this,
      "Resource",
      defined({
        dependsOn: policy && [policy],
        description: props.description,
        enable: props.enabled,
        endTime: props.endTime,
        iamRole: role?.arn ?? props.roleArn!,
        name: props.actionName,
        provider,
        schedule: props.schedule,
        startTime: props.startTime,
        targetAction: target(props),
      }),
    );
    if (action === "pause" && warehouse.adminSecretArn !== undefined) {
      Annotations.of(this).addWarning(
        "if the cluster is paused when its admin's secret is due for rotation, Redshift stops the rotation for good: resume " +
          "the cluster often enough, and check when the secret was rotated last",
      );
    }
    if (action === "resize" && warehouse.resource !== undefined) {
      Annotations.of(this).addWarning(
        `the next deployment undoes this resize, unless the props of ${warehouse.node.path} give the same nodes by then`,
      );
    }
  }

  private checkAction(props: ScheduledActionProps): void {
    const { action, nodeType, numberOfNodes, warehouse } = props;
    for (const prop of RESIZE_PROPS) {
      if (action !== "resize" && props[prop] !== undefined) {
        fail(this, prop, "be left out unless 'action' is resize", props[prop]);
      }
    }
    if (action === "resize" && nodeType === undefined && numberOfNodes === undefined) {
      fail(this, "numberOfNodes", "be given for a resize unless 'nodeType' is given", numberOfNodes);
    }
    if (warehouse.resource?.multiAzInput === true) {
      if (action !== "resize") {
        fail(this, "action", "be resize for a cluster with 'multiAz', which AWS neither pauses nor resumes", action);
      }
      if (numberOfNodes === 1) {
        fail(this, "numberOfNodes", "be 2 or more for a cluster with 'multiAz'", numberOfNodes);
      }
    }
    checkNodeCount(this, nodeType ?? warehouse.resource?.nodeTypeInput, numberOfNodes);
  }

  private checkRole(props: ScheduledActionProps): void {
    const { warehouseArn } = props.warehouse;
    const place = { accountId: arnPart(warehouseArn, 4), partition: arnPart(warehouseArn, 1) };
    checkPlace(this, "roleArn", props.roleArn, place);
    checkPlace(this, "permissionsBoundary", props.permissionsBoundary, place);
    ROLE_PROPS.forEach((prop) => checkNotBoth(this, props, prop, "roleArn", "that role exists already"));
  }

  /** Creates the role that Redshift's scheduler assumes, and its policy. */
  private createRole(props: ScheduledActionProps): readonly [IamRole, IamRolePolicy] {
    const { action, actionName, provider, roleName = actionName, warehouse } = props;
    const role = new IamRole(
      this,
      "Role",
      defined({
        assumeRolePolicy: policyJson([
          {
            Sid: "AllowRedshiftScheduler",
            Effect: "Allow",
            Principal: { Service: "scheduler.redshift.amazonaws.com" },
            Action: "sts:AssumeRole",
            // IfExists: AWS does not document whether the scheduler sends its source account. If so, the account must match.
            Condition: { StringEqualsIfExists: { "aws:SourceAccount": arnPartExpression(warehouse.warehouseArn, 4) } },
          },
        ]),
        name: roleName,
        path: props.rolePath,
        permissionsBoundary: props.permissionsBoundary,
        provider,
        tags: props.tags,
      }),
    );
    const policy = new IamRolePolicy(
      this,
      "Policy",
      defined({
        // IAM deletes no role that has an inline policy, so the policy is replaced together with the role.
        lifecycle: { replaceTriggeredBy: [address(role, "unique_id")] },
        name: "scheduled-action",
        policy: policyJson([
          {
            Sid: "ChangeCluster",
            Effect: "Allow",
            Action: IAM_ACTIONS[action]!,
            Resource: warehouse.warehouseArn,
          },
        ]),
        provider,
        role: role.name,
      }),
    );
    return [role, policy];
  }
}

function target(props: ScheduledActionProps): RedshiftScheduledActionTargetAction {
  const { action, classic, nodeType, numberOfNodes, warehouse } = props;
  const { clusterIdentifier } = warehouse;
  switch (action) {
    case "pause":
      return { pauseCluster: { clusterIdentifier } };
    case "resume":
      return { resumeCluster: { clusterIdentifier } };
    default:
      return {
        resizeCluster: defined({
          classic,
          clusterIdentifier,
          clusterType: clusterType(props),
          nodeType,
          numberOfNodes,
        }),
      };
  }
}

/** Returns the cluster type that AWS derives from the number of nodes; undefined if the number is absent or unknown. */
function clusterType({ numberOfNodes }: ScheduledActionProps): string | undefined {
  if (numberOfNodes === undefined || !known(numberOfNodes)) {
    return undefined;
  }
  return numberOfNodes === 1 ? "single-node" : "multi-node";
}
