import { deployLane } from "../deploy/endpoint";
import { call, createCluster, deleteCluster, text } from "./call";

deployLane("in the emulator, a usage limit of a cluster", () => {
  const create = async (feature: string, type: string, more = {}) =>
    call("redshift", "CreateUsageLimit", {
      Amount: "1",
      ClusterIdentifier: "limited",
      FeatureType: feature,
      LimitType: type,
      ...more,
    });
  beforeAll(async () => {
    await createCluster("limited");
  });

  test.each([
    ["concurrency-scaling", "time", "data-scanned"],
    ["cross-region-datasharing", "data-scanned", "time"],
    ["extra-compute-for-automatic-optimization", "time", "data-scanned"],
    ["spectrum", "data-scanned", "time"],
  ])("of %s must have the type %s", async (feature, type, other) => {
    expect(text(await create(feature, type), "LimitType")).toBe(type);
    expect(await create(feature, other, { Period: "daily" })).toBe("InvalidUsageLimit");
  });

  test("refuses an amount that is not positive", async () => {
    const limit = await create("spectrum", "data-scanned", { Period: "weekly" });
    const UsageLimitId = text(limit, "UsageLimitId")!;
    for (const Amount of ["0", "-1"]) {
      expect(await create("spectrum", "data-scanned", { Amount, Period: "daily" })).toBe("InvalidUsageLimit");
      expect(await call("redshift", "ModifyUsageLimit", { Amount, UsageLimitId })).toBe("InvalidUsageLimit");
    }
  });

  test("refuses a cluster that does not exist", async () => {
    expect(await create("spectrum", "data-scanned", { ClusterIdentifier: "no-cluster" })).toBe("ClusterNotFound");
  });

  test("refuses an existing limit, and a fifth limit for a feature", async () => {
    await createCluster("much-limited");
    const limit = async (Period: string, BreachAction: string) =>
      create("concurrency-scaling", "time", { BreachAction, ClusterIdentifier: "much-limited", Period });
    await limit("daily", "log");
    expect(await limit("daily", "log")).toBe("UsageLimitAlreadyExists");
    await limit("daily", "disable");
    await limit("weekly", "log");
    await limit("monthly", "log");
    expect(await limit("monthly", "disable")).toBe("LimitExceededFault");
  });

  test("that does not exist causes UsageLimitNotFound", async () => {
    for (const operation of ["ModifyUsageLimit", "DeleteUsageLimit", "DescribeUsageLimits"]) {
      expect(await call("redshift", operation, { UsageLimitId: "no-limit" })).toBe("UsageLimitNotFound");
    }
  });

  test("is deleted with its cluster", async () => {
    const cluster = { ClusterIdentifier: "limited-for-a-while" };
    await createCluster(cluster.ClusterIdentifier);
    await create("spectrum", "data-scanned", cluster);
    expect(text(await call("redshift", "DescribeUsageLimits", cluster), "FeatureType")).toBe("spectrum");
    await deleteCluster(cluster.ClusterIdentifier);
    expect(text(await call("redshift", "DescribeUsageLimits", cluster), "FeatureType")).toBeUndefined();
  });
});
