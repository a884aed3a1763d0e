import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { ConfigurationFile } from "../../app/config/configuration-file";
import { Fleet } from "../../app/config/fleet";
import { fleetStacks } from "../../app/stacks/fleet-stacks";

/** A synthesized stack, with the members that the comparison of two releases needs. */
export interface ReleasedStack {
  readonly removed?: readonly { readonly from: string }[];
  readonly resource: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

/**
 * Returns the stacks of the input of a release, by name: those of the app for `warehouses.yaml`, and that of the library's consumer.
 *
 * @param configuration - the folder of `warehouses.yaml`
 * @param consumer - the folder of `maximal.ts`
 */
export function stacksOf(configuration: string, consumer = configuration): Readonly<Record<string, ReleasedStack>> {
  const app = new App({ stackTraces: false });
  const file = new ConfigurationFile("warehouses.yaml", readFileSync(join(configuration, "warehouses.yaml"), "utf8"));
  const library = new TerraformStack(app, "maximal");
  new AwsProvider(library, "Aws", { region: "us-east-1" });
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the one of that release
  const { maximal } = require(join(consumer, "maximal")) as { maximal: (stack: TerraformStack) => void };
  maximal(library);
  const stacks = [...fleetStacks(app, new Fleet([file]), "."), library].map((stack) => {
    stack.prepareStack();
    const { removed, resource } = JSON.parse(JSON.stringify(stack.toTerraform())) as ReleasedStack;
    return [stack.node.id, { ...(removed && { removed }), resource }] as const;
  });
  return Object.fromEntries(stacks);
}

/**
 * By type of resource that the library creates: the arguments whose change makes the provider replace the resource. The terraform
 * lane compares them with the provider.
 */
export const REPLACING: Readonly<Record<string, readonly string[]>> = {
  aws_cloudwatch_event_rule: ["name"],
  aws_cloudwatch_event_target: ["rule", "target_id"],
  aws_cloudwatch_log_group: ["name"],
  aws_cloudwatch_metric_alarm: ["alarm_name"],
  aws_iam_role: ["name", "path"],
  aws_iam_role_policy: ["name", "role"],
  aws_kms_alias: ["name"],
  aws_kms_grant: [
    "constraints",
    "grantee_principal",
    "key_id",
    "name",
    "operations",
    "retire_on_delete",
    "retiring_principal",
  ],
  aws_kms_key: ["multi_region"],
  aws_kms_replica_key: ["primary_key_arn"],
  aws_rds_integration: [
    "additional_encryption_context",
    "data_filter",
    "integration_name",
    "kms_key_id",
    "source_arn",
    "target_arn",
  ],
  aws_redshift_cluster: [
    "cluster_identifier",
    "cluster_subnet_group_name",
    "master_username",
    "snapshot_arn",
    "snapshot_cluster_identifier",
    "snapshot_identifier",
  ],
  aws_redshift_cluster_snapshot: ["cluster_identifier", "snapshot_identifier"],
  aws_redshift_data_share_authorization: ["allow_writes", "consumer_identifier", "data_share_arn"],
  aws_redshift_data_share_consumer_association: ["allow_writes", "consumer_arn", "data_share_arn"],
  aws_redshift_endpoint_access: ["cluster_identifier", "endpoint_name", "resource_owner", "subnet_group_name"],
  aws_redshift_endpoint_authorization: ["account", "cluster_identifier"],
  aws_redshift_event_subscription: ["name"],
  aws_redshift_integration: ["additional_encryption_context", "kms_key_id", "source_arn", "target_arn"],
  aws_redshift_logging: ["cluster_identifier"],
  aws_redshift_parameter_group: ["description", "family", "name"],
  aws_redshift_resource_policy: ["resource_arn"],
  aws_redshift_scheduled_action: ["name"],
  aws_redshift_snapshot_copy: [
    "cluster_identifier",
    "destination_region",
    "manual_snapshot_retention_period",
    "snapshot_copy_grant_name",
  ],
  aws_redshift_snapshot_copy_grant: ["kms_key_id", "snapshot_copy_grant_name"],
  aws_redshift_snapshot_schedule: ["description", "identifier"],
  aws_redshift_snapshot_schedule_association: ["cluster_identifier", "schedule_identifier"],
  aws_redshift_subnet_group: ["name"],
  aws_redshift_usage_limit: ["cluster_identifier", "feature_type", "limit_type", "period"],
  aws_redshiftserverless_custom_domain_association: ["custom_domain_name", "workgroup_name"],
  aws_redshiftserverless_endpoint_access: ["endpoint_name", "owner_account", "subnet_ids", "workgroup_name"],
  aws_redshiftserverless_namespace: ["db_name", "namespace_name"],
  aws_redshiftserverless_resource_policy: ["resource_arn"],
  aws_redshiftserverless_snapshot: ["namespace_name", "snapshot_name"],
  aws_redshiftserverless_usage_limit: ["period", "resource_arn"],
  aws_redshiftserverless_workgroup: ["namespace_name", "workgroup_name"],
  aws_scheduler_schedule: ["group_name", "name"],
  aws_scheduler_schedule_group: ["name"],
  aws_secretsmanager_secret_rotation: ["secret_id"],
  aws_sns_topic: ["name"],
  aws_sns_topic_policy: ["arn"],
  aws_sns_topic_subscription: ["endpoint", "protocol", "topic_arn"],
  aws_sqs_queue: ["name"],
  aws_vpc_endpoint: ["service_name", "vpc_endpoint_type", "vpc_id"],
  terraform_data: [],
};

/** Returns a line for each resource that an upgrade would destroy, replace or no longer protect, with the reason. */
export function losses(before: ReleasedStack, after: ReleasedStack): readonly string[] {
  return Object.entries(before.resource).flatMap(([type, resources]) =>
    Object.entries(resources).flatMap(([name, was]) => {
      const address = `${type}.${name}`;
      const is = after.resource[type]?.[name];
      if (!is) {
        const isForgotten = after.removed?.some(({ from }) => from === address);
        return isForgotten ? [] : [`${address} is destroyed: no resource has its logical ID any more`];
      }
      const replacing = REPLACING[type];
      if (!replacing) {
        return [`${address} has a type that is missing in REPLACING`];
      }
      const valueText = (value: unknown): string => JSON.stringify(value) ?? "nothing";
      return [
        ...replacing
          .filter((argument) => valueText(was[argument]) !== valueText(is[argument]))
          .map(
            (argument) =>
              `${address} is replaced: ${argument} was ${valueText(was[argument])}, is ${valueText(is[argument])}`,
          ),
        ...(isProtected(was) && !isProtected(is) ? [`${address} is no longer protected`] : []),
      ];
    }),
  );
}

function isProtected({ lifecycle }: Readonly<Record<string, unknown>>): boolean {
  return (lifecycle as { prevent_destroy?: boolean } | undefined)?.prevent_destroy === true;
}
