import { DeleteNamespaceCommand, DeleteWorkgroupCommand } from "@aws-sdk/client-redshift-serverless";
import { deployLane } from "../deploy/endpoint";
import { administrator, createWarehouse, getWorkgroup, refusalOf, updateWorkgroup } from "./serverless";

const parameter = (parameterKey: string, parameterValue: string) => ({ parameterKey, parameterValue });

deployLane("in the emulator, the capacity of a workgroup", () => {
  test.each([
    ["no settings", {}, { baseCapacity: -1, pricePerformanceTarget: { level: 50, status: "ENABLED" } }],
    ["a base", { baseCapacity: 8 }, { baseCapacity: 8, pricePerformanceTarget: { status: "DISABLED" } }],
    [
      "a base and a disabled target",
      { baseCapacity: 8, pricePerformanceTarget: { level: 50, status: "DISABLED" as const } },
      { baseCapacity: 8, pricePerformanceTarget: { status: "DISABLED" } },
    ],
    [
      "a target",
      { maxCapacity: 16, pricePerformanceTarget: { level: 75, status: "ENABLED" as const } },
      { baseCapacity: -1, maxCapacity: 16, pricePerformanceTarget: { level: 75, status: "ENABLED" } },
    ],
  ])("has the expected values with %s", async (what, settings, expected) => {
    const name = `capacity-${what.replaceAll(" ", "-")}`;
    await createWarehouse(name, settings);
    expect(await getWorkgroup(name)).toMatchObject(expected);
  });

  test.each([
    ["a base and a target", { baseCapacity: 8, pricePerformanceTarget: { level: 50, status: "ENABLED" as const } }],
    ["neither a base nor a target", { pricePerformanceTarget: { status: "DISABLED" as const } }],
    ["a maximum below the base", { baseCapacity: 64, maxCapacity: 32 }],
  ])("refuses %s", async (what, settings) => {
    expect(await refusalOf(createWarehouse(`refused-${what.replaceAll(" ", "-")}`, settings))).toMatch(
      /^ValidationException: /,
    );
  });

  test("refuses a new base while a target is enabled", async () => {
    await createWarehouse("capacity-targeted");
    expect(await refusalOf(updateWorkgroup("capacity-targeted", { baseCapacity: 16 }))).toBe(
      "ValidationException: Base capacity cannot be updated when PerformanceTarget is Enabled.",
    );
  });

  test("accepts a base in place of a target only in the request that disables the target", async () => {
    const name = "capacity-switched";
    const pricePerformanceTarget = { status: "DISABLED" as const };
    await createWarehouse(name);
    expect(await refusalOf(updateWorkgroup(name, { pricePerformanceTarget }))).toBe(
      "ValidationException: You must set a base capacity when disabling pricePerformanceTargetStatus.",
    );
    await updateWorkgroup(name, { baseCapacity: 16, pricePerformanceTarget });
    expect(await getWorkgroup(name)).toMatchObject({ baseCapacity: 16, pricePerformanceTarget });
    await updateWorkgroup(name, { pricePerformanceTarget: { level: 25, status: "ENABLED" } });
    expect(await getWorkgroup(name)).toMatchObject({ baseCapacity: -1, pricePerformanceTarget: { level: 25 } });
  });

  test("refuses a base above its maximum, and a maximum below its base", async () => {
    const name = "capacity-most";
    await createWarehouse(name, { baseCapacity: 16, maxCapacity: 32 });
    expect(await refusalOf(updateWorkgroup(name, { baseCapacity: 64 }))).toMatch(
      /^ValidationException: The max capacity/,
    );
    expect(await refusalOf(updateWorkgroup(name, { maxCapacity: 8 }))).toMatch(
      /^ValidationException: The max capacity/,
    );
    await updateWorkgroup(name, { maxCapacity: -1 });
    expect(await getWorkgroup(name)).not.toHaveProperty("maxCapacity");
  });
});

deployLane("in the emulator, a workgroup", () => {
  test("refuses an update of two settings at once", async () => {
    await createWarehouse("one-change", { baseCapacity: 8 });
    expect(await refusalOf(updateWorkgroup("one-change", { baseCapacity: 16, port: 5440 }))).toBe(
      "ValidationException: Can't update multiple configurations at the same time for workgroup one-change.",
    );
    await updateWorkgroup("one-change", { port: 5440 });
    expect(await getWorkgroup("one-change")).toMatchObject({ baseCapacity: 8, endpoint: { port: 5440 }, port: 5440 });
  });

  test("refuses a name that exists, and the deletion of its namespace", async () => {
    const { serverless } = administrator();
    await createWarehouse("only-one");
    expect(await refusalOf(createWarehouse("only-one"))).toMatch(/^ConflictException: /);
    const deleteNamespace = async () => serverless.send(new DeleteNamespaceCommand({ namespaceName: "only-one" }));
    expect(await refusalOf(deleteNamespace())).toMatch(/^ConflictException: /);
    await serverless.send(new DeleteWorkgroupCommand({ workgroupName: "only-one" }));
    expect(await refusalOf(getWorkgroup("only-one"))).toMatch(/^ResourceNotFoundException: /);
    await deleteNamespace();
  });
});

deployLane("in the emulator, the configuration parameters of a workgroup", () => {
  const valuesOf = async (name: string): Promise<Record<string, string | undefined>> => {
    const { configParameters = [] } = await getWorkgroup(name);
    return Object.fromEntries(
      configParameters.map(({ parameterKey, parameterValue }) => [parameterKey!, parameterValue]),
    );
  };

  test("are AWS's defaults, with an empty enable_large_strings_opt_in", async () => {
    await createWarehouse("parameters-default");
    expect(await valuesOf("parameters-default")).toStrictEqual({
      auto_mv: "true",
      datestyle: "ISO, MDY",
      enable_case_sensitive_identifier: "false",
      enable_large_strings_opt_in: "",
      enable_user_activity_logging: "true",
      max_query_execution_time: "14400",
      query_group: "default",
      require_ssl: "true",
      search_path: "$user, public",
      use_fips_ssl: "false",
    });
  });

  test("refuse an update without changes", async () => {
    const name = "parameters-changed";
    await createWarehouse(name);
    const unchanged = [parameter("auto_mv", "true"), parameter("search_path", "$user, public")];
    expect(await refusalOf(updateWorkgroup(name, { configParameters: unchanged }))).toBe(
      "ValidationException: You didn't specify any changes to the configuration parameters.",
    );
    await updateWorkgroup(name, { configParameters: [...unchanged, parameter("enable_large_strings_opt_in", "Yes")] });
    expect(await valuesOf(name)).toMatchObject({ auto_mv: "true", enable_large_strings_opt_in: "Yes" });
  });

  test("lose a query limit with the value -1, and refuse it again", async () => {
    const name = "parameters-limit";
    await createWarehouse(name, { configParameters: [parameter("max_scan_row_count", "9")] });
    expect(await valuesOf(name)).toMatchObject({ max_scan_row_count: "9" });
    const removed = { configParameters: [parameter("max_scan_row_count", "-1")] };
    await updateWorkgroup(name, removed);
    expect(await valuesOf(name)).not.toHaveProperty("max_scan_row_count");
    expect(await refusalOf(updateWorkgroup(name, removed))).toMatch(/You didn't specify any changes/);
  });

  test.each([
    [
      "a limit of CPU time, which AWS dropped",
      [parameter("max_query_cpu_time", "60")],
      /max_query_cpu_time isn't supported/,
    ],
    [
      "a limit of CPU usage, which AWS dropped",
      [parameter("max_query_cpu_usage_percent", "60")],
      /max_query_cpu_usage_percent isn't supported/,
    ],
    [
      "queues together with query limits",
      [parameter("wlm_json_configuration", "[]"), parameter("max_scan_row_count", "9")],
      /but not both/,
    ],
    [
      "queues of more than 8,000 characters",
      [parameter("wlm_json_configuration", "x".repeat(8_001))],
      /at most 8000 characters/,
    ],
  ])("refuse %s", async (what, configParameters, message) => {
    const name = `parameters-${what.replaceAll(/\W+/g, "-")}`.slice(0, 40).replace(/-$/, "");
    await createWarehouse(name.toLowerCase());
    const text = await refusalOf(updateWorkgroup(name.toLowerCase(), { configParameters }));
    expect(text).toMatch(/^ValidationException: /);
    expect(text).toMatch(message);
  });

  test("accept queues without query limits", async () => {
    await createWarehouse("parameters-queues");
    await updateWorkgroup("parameters-queues", { configParameters: [parameter("wlm_json_configuration", "[]")] });
    expect(await valuesOf("parameters-queues")).toMatchObject({ wlm_json_configuration: "[]" });
  });

  test("refuse require_ssl = false at creation", async () => {
    const configParameters = [parameter("require_ssl", "false")];
    expect(await refusalOf(createWarehouse("parameters-tls", { configParameters }))).toMatch(
      /^ValidationException: require_ssl/,
    );
  });
});
