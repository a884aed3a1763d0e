import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import type { TerraformStack } from "cdktf";
import {
  DataApiAccess,
  DataApiProof,
  DataApiRole,
  EndpointAccess,
  EventSubscription,
  type IWarehouse,
  ScheduledAction,
  ScheduledQueryGroup,
  ServerlessCustomDomain,
  SnapshotCopy,
  SnapshotSchedule,
  UsageLimit,
  WarehouseAlarms,
} from "../../modules";
import { ACCOUNT, REGION, USER_ARN } from "../support/arns";
import { analyticsCluster, analyticsServerless, testStack } from "../support/support";

const SUBNETS = ["subnet-0123456789abcdef0"];
const TOPICS = [`arn:aws:sns:${REGION}:${ACCOUNT}:alarms`];

/** Each call has a prop or a warehouse of the other kind. The type checker refuses it, and so does the construct. */
const REFUSED_AT_COMPILE_TIME: Readonly<Record<string, (stack: TerraformStack) => unknown>> = {
  "'databaseUser' of DataApiAccess for a serverless warehouse": (stack) =>
    // @ts-expect-error -- of the other kind
    new DataApiAccess(stack, "X", { databaseUser: "a", role: role(stack), warehouse: analyticsServerless(stack) }),
  "'databases' of DataApiAccess for a warehouse of the type IWarehouse": (stack) =>
    // @ts-expect-error -- of the other kind
    new DataApiAccess(stack, "X", { databases: ["a"], role: role(stack), warehouse: anyWarehouse(stack) }),
  "'databaseUser' of DataApiProof for a serverless warehouse": (stack) =>
    // @ts-expect-error -- of the other kind
    new DataApiProof(stack, "X", { databaseUser: "a", warehouse: analyticsServerless(stack) }),
  "'computeCapacity' of WarehouseAlarms for a cluster": (stack) =>
    // @ts-expect-error -- of the other kind
    new WarehouseAlarms(stack, "X", { computeCapacity: 8, topicArns: TOPICS, warehouse: analyticsCluster(stack) }),
  "'diskSpaceUsed' of WarehouseAlarms for a serverless warehouse": (stack) =>
    // @ts-expect-error -- of the other kind
    new WarehouseAlarms(stack, "X", { diskSpaceUsed: 8, topicArns: TOPICS, warehouse: analyticsServerless(stack) }),
  "'limitType' of UsageLimit for a serverless warehouse": (stack) => {
    const limit = { amount: 1, feature: "cross-region-datasharing", limitType: "time" };
    // @ts-expect-error -- of the other kind
    return new UsageLimit(stack, "X", { ...limit, warehouse: analyticsServerless(stack) });
  },
  "'tags' of UsageLimit for a serverless warehouse": (stack) => {
    const limit = { amount: 1, feature: "cross-region-datasharing", tags: { a: "b" } } as const;
    // @ts-expect-error -- of the other kind
    return new UsageLimit(stack, "X", { ...limit, warehouse: analyticsServerless(stack) });
  },
  "'subnetGroupName' of EndpointAccess for a serverless warehouse": (stack) => {
    const endpoint = { endpointName: "a", subnetGroupName: "a" };
    // @ts-expect-error -- of the other kind
    return new EndpointAccess(stack, "X", { ...endpoint, warehouse: analyticsServerless(stack) });
  },
  "'tags' of EndpointAccess for a serverless warehouse": (stack) => {
    const endpoint = { endpointName: "a", subnetIds: SUBNETS, tags: { a: "b" } };
    // @ts-expect-error -- of the other kind
    return new EndpointAccess(stack, "X", { ...endpoint, warehouse: analyticsServerless(stack) });
  },
  "ScheduledAction for a serverless warehouse": (stack) => {
    const action = { action: "pause", actionName: "a", schedule: "cron(0 20 ? * * *)" };
    // @ts-expect-error -- of the other kind
    return new ScheduledAction(stack, "X", { ...action, warehouse: analyticsServerless(stack) });
  },
  "'databaseUser' of ScheduledQueryGroup for a serverless warehouse": (stack) => {
    const group = { databaseUser: "a", groupName: "a" };
    // @ts-expect-error -- of the other kind
    return new ScheduledQueryGroup(stack, "X", { ...group, warehouse: analyticsServerless(stack) });
  },
  "SnapshotSchedule for a serverless warehouse": (stack) =>
    // @ts-expect-error -- of the other kind
    new SnapshotSchedule(stack, "X", { definitions: ["rate(1 hour)"], warehouse: analyticsServerless(stack) }),
  "SnapshotCopy for a serverless warehouse": (stack) => {
    const cluster = analyticsServerless(stack);
    const destinationProvider = new AwsProvider(stack, "Destination", { alias: "destination" });
    const copy = { destinationKey: cluster.key, destinationProvider, destinationRegion: "eu-west-1" };
    // @ts-expect-error -- of the other kind
    return new SnapshotCopy(stack, "X", { ...copy, cluster });
  },
  "EventSubscription for a serverless warehouse": (stack) =>
    // @ts-expect-error -- of the other kind
    new EventSubscription(stack, "X", { topicArn: TOPICS[0]!, warehouse: analyticsServerless(stack) }),
  "ServerlessCustomDomain for a cluster": (stack) => {
    const certificateArn = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/12345678-1234-1234-1234-123456789012`;
    const domain = { certificateArn, domainName: "warehouse.example.com" };
    // @ts-expect-error -- of the other kind
    return new ServerlessCustomDomain(stack, "X", { ...domain, warehouse: analyticsCluster(stack) });
  },
};

function role(stack: TerraformStack) {
  return DataApiRole.fromRoleArn(stack, "Role", USER_ARN);
}

function anyWarehouse(stack: TerraformStack): IWarehouse {
  return analyticsServerless(stack);
}

describe("the types and the constructors refuse", () => {
  test.each(Object.entries(REFUSED_AT_COMPILE_TIME))("%s", (_, make) => {
    expect(() => make(testStack())).toThrow(/^\[test\/X(\/Access)?\] '\w+' must (be|come) /);
  });
});

test("a warehouse of the type IWarehouse accepts the props that both kinds have", () => {
  for (const warehouseIn of [analyticsCluster, analyticsServerless]) {
    const stack = testStack();
    const warehouse: IWarehouse = warehouseIn(stack);
    const endpoint = new EndpointAccess(stack, "Endpoint", { endpointName: "a", subnetIds: SUBNETS, warehouse });
    const access = new DataApiAccess(stack, "Access", { role: role(stack), warehouse });
    expect([endpoint.resource, access.resource!].map(({ node }) => node.path)).toStrictEqual([
      "test/Endpoint/Resource",
      "test/Access/Resource",
    ]);
  }
});
