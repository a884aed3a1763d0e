import type { TerraformStack } from "cdktf";
import {
  AlarmTopic,
  DatashareAssociation,
  DatashareAuthorization,
  EndpointAccess,
  type EndpointAccessProps,
  EventSubscription,
  Identity,
  IntegrationPolicy,
  type ICluster,
  type IServerless,
  type IWarehouse,
  KeyStatements,
  type PolicyStatement,
  ScheduledAction,
  SecretRotation,
  ServerlessCustomDomain,
  ServerlessSnapshotPolicy,
  SnapshotSchedule,
  UsageLimit,
  type UsageLimitProps,
  WarehouseAlarms,
  type WarehouseAlarmsProps,
} from "../../modules";
import { partitionOf } from "../../modules/private/aws-environment";
import { checkNotBoth, fail } from "../../modules/private/checks";
import type { Path } from "../config/configuration-file";
import type { Problems } from "../config/problems";
import type { WarehouseConfiguration } from "../config/schema";
import { output } from "./key";

type Cluster = NonNullable<WarehouseConfiguration["cluster"]>;
type Serverless = NonNullable<WarehouseConfiguration["serverless"]>;

/** The statements that the constructs of warehouses in other stacks need in a shared key. Those of its own stack add theirs. */
export function keyStatements(
  { account: accountId, region }: Pick<WarehouseConfiguration, "account" | "region">,
  warehouses: readonly WarehouseConfiguration[],
): readonly PolicyStatement[] {
  const sections = warehouses.flatMap(({ cluster, serverless }) => [cluster ?? [], serverless ?? []].flat());
  const hasLogGroups = sections.some(
    ({ encryptLogGroups, logRetentionInDays }) => logRetentionInDays !== undefined && encryptLogGroups !== false,
  );
  const topics = warehouses.flatMap(alarmTopics);
  const topicsOfEvents = warehouses.flatMap(({ cluster }) => cluster?.eventSubscriptions ?? []);
  const hasEvents = topicsOfEvents.some(({ topicArn }) => topics.some((topic) => topicArn.endsWith(topic)));
  return [
    ...(hasLogGroups ? [KeyStatements.forLogGroups({ accountId, partition: partitionOf(region), region })] : []),
    ...(topics.length > 0 ? [KeyStatements.forAlarms({ accountId })] : []),
    ...(hasEvents ? [KeyStatements.forEvents({ accountId })] : []),
  ];
}

/** The topic that a warehouse's stack creates for alarms, as the end of an ARN; none if it creates none. */
function alarmTopics({ account, cluster, name, serverless }: WarehouseConfiguration): readonly string[] {
  const { alarms } = cluster ?? serverless!;
  return alarms && !alarms.topicArns ? [`:${account}:${alarmTopicName(name)}`] : [];
}

function alarmTopicName(warehouse: string): string {
  return `${warehouse}-alarms`;
}

/** Makes what belongs to a warehouse. */
export class Operations {
  public constructor(
    private readonly stack: TerraformStack,
    private readonly entry: WarehouseConfiguration,
    private readonly problems: Problems,
  ) {}

  /** Adds the parts that only a cluster has. */
  public addCluster(warehouse: ICluster, settings: Cluster): void {
    this.addBoth("cluster", warehouse, settings);
    this.one(["cluster", "snapshotSchedule"], settings.snapshotSchedule, (schedule) => {
      new SnapshotSchedule(this.stack, "SnapshotSchedule", { ...schedule, warehouse });
    });
    this.each(
      ["cluster", "scheduledActions"],
      settings.scheduledActions,
      ({ actionName }) => `ScheduledAction-${actionName}`,
      (id, action) => new ScheduledAction(this.stack, id, { ...action, warehouse }),
    );
    this.each(
      ["cluster", "eventSubscriptions"],
      settings.eventSubscriptions,
      ({ subscriptionName = "events" }) => `EventSubscription-${subscriptionName}`,
      (id, subscription) => {
        const isEncrypted = alarmTopics(this.entry).some((topic) => subscription.topicArn.endsWith(topic));
        const topicKey = isEncrypted ? warehouse.key : undefined;
        return new EventSubscription(this.stack, id, { ...subscription, topicKey, warehouse });
      },
    );
  }

  /** Adds the parts that only a serverless warehouse has. */
  public addServerless(warehouse: IServerless, settings: Serverless): void {
    this.addBoth("serverless", warehouse, settings);
    this.one(["serverless", "customDomain"], settings.customDomain, (domain) => {
      new ServerlessCustomDomain(this.stack, "CustomDomain", { ...domain, warehouse });
    });
    this.each(
      ["serverless", "snapshotPolicies"],
      settings.snapshotPolicies,
      ({ snapshotArn }) => `SnapshotPolicy-${snapshotArn.split("/").at(-1)}`,
      (id, { restorers, snapshotArn }) => {
        const [, , , region, account] = snapshotArn.split(":");
        if (region !== this.entry.region || account !== this.entry.account) {
          const must = `be the ARN of a snapshot of ${this.entry.account} in ${this.entry.region}`;
          fail(this.stack, "snapshotArn", must, snapshotArn);
        }
        const identities = restorers.map((arn) => Identity.fromArn(arn));
        return new ServerlessSnapshotPolicy(this.stack, id, { restorers: identities, snapshotArn });
      },
    );
  }

  /** Adds the parts that both kinds have. The schema of each kind has the props of this kind only. */
  private addBoth(section: string, warehouse: IWarehouse, settings: Cluster | Serverless): void {
    const { stack } = this;
    this.each(
      [section, "usageLimits"],
      settings.usageLimits,
      ({ feature, period = "monthly" }) => `UsageLimit-${feature}-${period}`,
      (id, limit) => new UsageLimit(stack, id, { ...limit, warehouse } as UsageLimitProps),
    );
    this.one([section, "alarms"], settings.alarms, (alarms) => this.addAlarms(warehouse, alarms));
    const endpoints = this.each(
      [section, "endpoints"],
      settings.endpoints,
      ({ endpointName }) => `Endpoint-${endpointName}`,
      (id, endpoint) => new EndpointAccess(stack, id, { ...endpoint, warehouse } as EndpointAccessProps),
    );
    this.one([section, "integrations"], settings.integrations, ({ authorizedPrincipals, authorizedSources }) => {
      new IntegrationPolicy(stack, "Integrations", {
        authorizedPrincipals: authorizedPrincipals?.map((arn) => Identity.fromArn(arn)),
        authorizedSources,
        warehouse,
      });
    });
    this.one([section, "secretRotation"], settings.secretRotation, (rotation) => {
      new SecretRotation(stack, "SecretRotation", { ...rotation, warehouse });
    });
    const shares = this.each(
      [section, "datashareAuthorizations"],
      settings.datashareAuthorizations,
      ({ consumerIdentifier, datashareName }) => `DatashareAuthorization-${datashareName}-${consumerIdentifier}`,
      (id, authorization) => new DatashareAuthorization(stack, id, { ...authorization, warehouse }),
    );
    this.each(
      [section, "datashareAssociations"],
      settings.datashareAssociations,
      ({ dataShareArn }) => `DatashareAssociation-${dataShareArn.split(":").slice(3).join("-")}`,
      (id, association) => new DatashareAssociation(stack, id, { ...association, warehouse }),
    );
    const addresses = endpoints.map(([{ endpointName }, { address }]) => [endpointName, address] as const);
    this.outputMap("endpoint_addresses", "The DNS names of the managed VPC endpoints", addresses);
    const arns = shares.map(([{ datashareName }, { dataShareArn }]) => [datashareName, dataShareArn] as const);
    this.outputMap("datashare_arns", "The ARNs of the datashares that other accounts may use", arns);
  }

  private addAlarms(
    warehouse: IWarehouse,
    { emails, topicArns, ...thresholds }: NonNullable<Cluster["alarms"] & Serverless["alarms"]>,
  ): void {
    const { entry, stack } = this;
    checkNotBoth(stack, { emails, topicArns }, "emails", "topicArns", "a topic that exists has its own");
    const topicArn =
      topicArns === undefined
        ? new AlarmTopic(stack, "AlarmTopic", { emails, key: warehouse.key, topicName: alarmTopicName(entry.name) })
            .topicArn
        : undefined;
    const props = { ...thresholds, topicArns: topicArns ?? [topicArn!], warehouse };
    new WarehouseAlarms(stack, "Alarms", props as WarehouseAlarmsProps);
    output(stack, "alarm_topic_arn", "The SNS topic of the alarms", topicArn);
  }

  private one<T>(place: Path, item: T | undefined, make: (item: T) => void): void {
    if (item !== undefined) {
      this.problems.at(place, () => make(item));
    }
  }

  /** Makes something of each item; its ID comes from the item, so that the order of the items does not count. */
  private each<T, M>(
    place: Path,
    items: readonly T[] | undefined,
    idOf: (item: T) => string,
    make: (id: string, item: T) => M,
  ): readonly (readonly [T, M])[] {
    return (items ?? []).flatMap((item, index) => {
      const made = this.problems.at([...place, index], () => {
        const id = idOf(item);
        if (this.stack.node.tryFindChild(id)) {
          fail(this.stack, "", "be of another name, or of something else, than an earlier one", "the same again");
        }
        return make(id, item);
      });
      return made === undefined ? [] : [[item, made] as const];
    });
  }

  private outputMap(id: string, description: string, entries: readonly (readonly [string, string])[]): void {
    output(this.stack, id, description, entries.length > 0 ? Object.fromEntries(entries) : undefined);
  }
}
