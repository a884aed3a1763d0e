import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftserverlessNamespace } from "@cdktf/provider-aws/lib/redshiftserverless-namespace";
import { RedshiftserverlessWorkgroup } from "@cdktf/provider-aws/lib/redshiftserverless-workgroup";
import { type TerraformStack, TerraformVariable, Token } from "cdktf";
import { DataApiKey, EncryptedServerless, type EncryptedServerlessProps } from "../../../modules";
import { ACCOUNT, KEY_ARN, REGION } from "../../support/arns";
import {
  admin,
  type Arguments,
  existingKey,
  only,
  reference,
  resolved,
  synthesize,
  testStack,
  warningsOf,
} from "../../support/support";

const SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"];
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/Copy`;
const PASSWORD = "Sup3rSecretValue";
const TAGS = { Team: "data" };
const DEFAULT_PARAMETERS = [
  { parameter_key: "auto_mv", parameter_value: "true" },
  { parameter_key: "datestyle", parameter_value: "ISO, MDY" },
  { parameter_key: "enable_case_sensitive_identifier", parameter_value: "false" },
  { parameter_key: "enable_user_activity_logging", parameter_value: "true" },
  { parameter_key: "max_query_execution_time", parameter_value: "14400" },
  { parameter_key: "query_group", parameter_value: "default" },
  { parameter_key: "require_ssl", parameter_value: "true" },
  { parameter_key: "search_path", parameter_value: "$user, public" },
  { parameter_key: "use_fips_ssl", parameter_value: "false" },
];

function serverless(
  props: Partial<EncryptedServerlessProps> = {},
  stack: TerraformStack = testStack(),
): EncryptedServerless {
  return new EncryptedServerless(stack, "Warehouse", {
    key: props.key ?? existingKey(stack),
    namespaceName: "analytics",
    ...props,
  });
}

function stackOf(warehouse: EncryptedServerless): TerraformStack {
  return warehouse.node.scope as TerraformStack;
}

function synthesizedNamespace(props: Partial<EncryptedServerlessProps>): Arguments {
  return only(synthesize(stackOf(serverless(props))), RedshiftserverlessNamespace);
}

function synthesizedWorkgroup(props: Partial<EncryptedServerlessProps>): Arguments {
  return only(synthesize(stackOf(serverless(props))), RedshiftserverlessWorkgroup);
}

const stringToken = (value: string): string => Token.asString({ resolve: () => value });
const numberToken = (value: number): number => Token.asNumber({ resolve: () => value });
const listToken = (values: readonly string[]): string[] => Token.asList({ resolve: () => values });

describe("a minimal EncryptedServerless", () => {
  const warehouse = serverless();
  const synthesized = synthesize(stackOf(warehouse));

  test("has a namespace with secure arguments", () => {
    expect(only(synthesized, RedshiftserverlessNamespace)).toStrictEqual({
      admin_password_secret_kms_key_id: KEY_ARN,
      admin_username: "warehouse_admin",
      db_name: "dev",
      kms_key_id: KEY_ARN,
      lifecycle: { prevent_destroy: true },
      log_exports: ["connectionlog", "useractivitylog", "userlog"],
      manage_admin_password: true,
      namespace_name: "analytics",
    });
  });

  test("has a workgroup with secure arguments and every default parameter", () => {
    expect(only(synthesized, RedshiftserverlessWorkgroup)).toStrictEqual({
      config_parameter: DEFAULT_PARAMETERS,
      enhanced_vpc_routing: true,
      lifecycle: {
        ignore_changes: ["config_parameter"],
        prevent_destroy: true,
        replace_triggered_by: [`aws_redshiftserverless_namespace.${warehouse.namespace.friendlyUniqueId}.namespace_id`],
      },
      namespace_name: reference(warehouse.namespace, "namespace_name"),
      port: 5439,
      publicly_accessible: false,
      track_name: "current",
      workgroup_name: "analytics",
    });
  });

  test("creates only the namespace and the workgroup", () => {
    expect(Object.keys(synthesized.resource).sort()).toStrictEqual([
      "aws_redshiftserverless_namespace",
      "aws_redshiftserverless_workgroup",
    ]);
    expect(synthesized.data).toStrictEqual({});
  });

  test("has the attributes that other constructs read", () => {
    const stack = stackOf(warehouse);
    const endpoint = `aws_redshiftserverless_workgroup.${warehouse.workgroup.friendlyUniqueId}.endpoint[0]`;
    expect(warehouse.databaseName).toBe("dev");
    expect(warehouse.key.keyArn).toBe(KEY_ARN);
    expect(resolved(stack, warehouse.warehouseArn)).toBe(reference(warehouse.workgroup, "arn"));
    expect(resolved(stack, warehouse.namespaceArn)).toBe(reference(warehouse.namespace, "arn"));
    expect(resolved(stack, warehouse.adminSecretArn)).toBe(reference(warehouse.namespace, "admin_password_secret_arn"));
    expect(resolved(stack, warehouse.endpoint)).toBe(`\${${endpoint}.address}:\${${endpoint}.port}`);
    expect(resolved(stack, warehouse.endpointAddress)).toBe(`\${${endpoint}.address}`);
    expect(resolved(stack, warehouse.endpointPort)).toBe(`\${${endpoint}.port}`);
    expect(warehouse).not.toHaveProperty("credentialScope");
  });

  test("has the ARN of the namespace in its encryption context", () => {
    expect(resolved(stackOf(warehouse), warehouse.encryptionContext.pairs)).toStrictEqual({
      "aws:redshift-serverless:arn": reference(warehouse.namespace, "arn"),
      serviceName: "RedshiftDataAPI",
    });
  });

  test("has no warning", () => {
    expect(warningsOf(stackOf(warehouse))).toStrictEqual([]);
  });
});

test("EncryptedServerless encrypts the admin's secret with 'adminSecretKeyArn'", () => {
  const adminSecretKeyArn = KEY_ARN.replace("1234", "abcd");
  const stack = testStack();
  new EncryptedServerless(stack, "Warehouse", {
    adminSecretKeyArn,
    key: existingKey(stack),
    namespaceName: "analytics",
  });
  expect(only(synthesize(stack), RedshiftserverlessNamespace)).toMatchObject({
    admin_password_secret_kms_key_id: adminSecretKeyArn,
    kms_key_id: KEY_ARN,
  });
});

describe("a maximal EncryptedServerless", () => {
  const stack = testStack();
  const provider = new AwsProvider(stack, "Other", { alias: "other", region: "eu-west-1" });
  const password = new TerraformVariable(stack, "password", { sensitive: true, type: "string" });
  const everything: Required<Omit<EncryptedServerlessProps, "adminSecretKeyArn" | "pricePerformanceLevel">> = {
    adminUserPasswordWo: password.stringValue,
    adminUserPasswordWoVersion: 3,
    adminUsername: "owner",
    baseCapacity: 8,
    configParameters: { max_scan_row_count: "3600", search_path: "sales" },
    databaseName: "sales",
    defaultIamRoleArn: ROLE_ARN,
    deletionProtection: false,
    encryptLogGroups: false,
    enhancedVpcRouting: false,
    iamRoles: [`${ROLE_ARN}2`, ROLE_ARN],
    ignoreConfigParameterChanges: false,
    key: existingKey(stack),
    logExports: ["userlog"],
    logRetentionInDays: 30,
    maxCapacity: 64,
    namespaceName: "analytics",
    port: 8215,
    provider,
    securityGroupIds: ["sg-0123456789abcdef0"],
    subnetIds: SUBNETS,
    tags: TAGS,
    trackName: "trailing",
    workgroupName: "reports",
  };
  const warehouse = serverless(everything, stack);
  const synthesized = synthesize(stack);

  test("passes every prop of the namespace", () => {
    expect(only(synthesized, RedshiftserverlessNamespace)).toStrictEqual({
      admin_user_password_wo: "${var.password}",
      admin_user_password_wo_version: 3,
      admin_username: "owner",
      db_name: "sales",
      default_iam_role_arn: ROLE_ARN,
      depends_on: [expect.stringMatching(/^aws_cloudwatch_log_group\./)],
      iam_roles: [`${ROLE_ARN}2`, ROLE_ARN],
      kms_key_id: KEY_ARN,
      lifecycle: { prevent_destroy: false },
      log_exports: ["userlog"],
      namespace_name: "analytics",
      provider: "aws.other",
      tags: TAGS,
    });
  });

  test("passes every prop of the workgroup", () => {
    expect(only(synthesized, RedshiftserverlessWorkgroup)).toStrictEqual({
      base_capacity: 8,
      config_parameter: [
        ...DEFAULT_PARAMETERS.slice(0, 5),
        { parameter_key: "max_scan_row_count", parameter_value: "3600" },
        ...DEFAULT_PARAMETERS.slice(5, 7),
        { parameter_key: "search_path", parameter_value: "sales" },
        ...DEFAULT_PARAMETERS.slice(8),
      ],
      enhanced_vpc_routing: false,
      lifecycle: {
        prevent_destroy: false,
        replace_triggered_by: [`aws_redshiftserverless_namespace.${warehouse.namespace.friendlyUniqueId}.namespace_id`],
      },
      max_capacity: 64,
      namespace_name: reference(warehouse.namespace, "namespace_name"),
      port: 8215,
      price_performance_target: { enabled: false },
      provider: "aws.other",
      publicly_accessible: false,
      security_group_ids: ["sg-0123456789abcdef0"],
      subnet_ids: SUBNETS,
      tags: TAGS,
      track_name: "trailing",
      workgroup_name: "reports",
    });
  });

  test("has no adminSecretArn if the password is a prop", () => {
    expect(warehouse.adminSecretArn).toBeUndefined();
    expect(warehouse.databaseName).toBe("sales");
  });
});

test("EncryptedServerless keeps the construct IDs of its children", () => {
  const { namespace, workgroup } = serverless();
  expect([namespace, workgroup].map(({ node }) => node.path)).toStrictEqual([
    "test/Warehouse/Resource",
    "test/Warehouse/Workgroup",
  ]);
});

describe("the admin password of EncryptedServerless", () => {
  test("is managed by Redshift by default, without the arguments for a given password", () => {
    const argumentNames = Object.keys(synthesizedNamespace({}));
    expect(argumentNames).toContain("manage_admin_password");
    expect(argumentNames).not.toContain("admin_user_password");
    expect(argumentNames).not.toContain("admin_user_password_wo");
    expect(argumentNames).not.toContain("admin_user_password_wo_version");
  });

  test("is refused as a literal, in an error that does not show it", () => {
    const make = (): EncryptedServerless =>
      serverless({ adminUserPasswordWo: PASSWORD, adminUserPasswordWoVersion: 1 });
    expect(make).toThrow(
      new Error(
        "[test/Warehouse] 'adminUserPasswordWo' must come from an ephemeral resource or a variable, with no literal part, got: a literal",
      ),
    );
    expect(make).not.toThrow(PASSWORD);
  });
});

describe("the capacity of EncryptedServerless", () => {
  test.each([4, 8, 512, 544, 1024])(
    "disables the price-performance target if the base is given: %d RPUs",
    (baseCapacity) => {
      expect(synthesizedWorkgroup({ baseCapacity })).toMatchObject({
        base_capacity: baseCapacity,
        price_performance_target: { enabled: false },
      });
    },
  );

  test("leaves out the base and the target if neither is given", () => {
    const workgroup = synthesizedWorkgroup({ maxCapacity: 8 });
    expect(workgroup).not.toHaveProperty("base_capacity");
    expect(workgroup).not.toHaveProperty("price_performance_target");
    expect(workgroup.max_capacity).toBe(8);
  });

  test("may have a maximum equal to the base", () => {
    expect(synthesizedWorkgroup({ baseCapacity: 64, maxCapacity: 64 })).toMatchObject({
      base_capacity: 64,
      max_capacity: 64,
    });
  });

  test.each([1, 25, 50, 75, 100])(
    "has a price-performance target of level %d, and no base",
    (pricePerformanceLevel) => {
      const workgroup = synthesizedWorkgroup({ maxCapacity: 512, pricePerformanceLevel });
      expect(workgroup.price_performance_target).toStrictEqual({ enabled: true, level: pricePerformanceLevel });
      expect(workgroup.max_capacity).toBe(512);
      expect(workgroup).not.toHaveProperty("base_capacity");
    },
  );
});

test("EncryptedServerless has no log exports if 'logExports' is empty", () => {
  expect(synthesizedNamespace({ logExports: [] }).log_exports).toStrictEqual([]);
});

describe("EncryptedServerless", () => {
  test("warns of two subnets with enhanced VPC routing", () => {
    expect(warningsOf(stackOf(serverless({ subnetIds: SUBNETS.slice(0, 2) })))).toStrictEqual([
      "with enhanced VPC routing, AWS wants subnets in three Availability Zones",
    ]);
  });

  test.each<[string, Partial<EncryptedServerlessProps>]>([
    ["two subnets without enhanced VPC routing", { enhancedVpcRouting: false, subnetIds: SUBNETS.slice(0, 2) }],
    ["three subnets with enhanced VPC routing", { subnetIds: SUBNETS }],
    ["subnets unknown at synthesis", { subnetIds: listToken(SUBNETS) }],
  ])("does not warn of %s", (_, props) => {
    expect(warningsOf(stackOf(serverless(props)))).toStrictEqual([]);
  });
});

describe("a token for EncryptedServerless", () => {
  test("as maximum is not compared with the base", () => {
    expect(synthesizedWorkgroup({ baseCapacity: 8, maxCapacity: numberToken(64) }).max_capacity).toBe(64);
  });

  test("is passed to the argument of its prop", () => {
    const warehouse = serverless({
      baseCapacity: numberToken(8),
      maxCapacity: 4,
      namespaceName: stringToken("analytics"),
      port: numberToken(5439),
      subnetIds: listToken(SUBNETS),
    });
    const synthesized = synthesize(stackOf(warehouse));
    expect(only(synthesized, RedshiftserverlessNamespace).namespace_name).toBe("analytics");
    expect(only(synthesized, RedshiftserverlessWorkgroup)).toMatchObject({
      base_capacity: 8,
      max_capacity: 4,
      port: 5439,
      subnet_ids: SUBNETS,
      workgroup_name: "analytics",
    });
  });

  test.each<[string, Partial<EncryptedServerlessProps>, string]>([
    [
      "as name does not skip the check of the port",
      { namespaceName: stringToken("analytics"), port: 1 },
      "'port' must be a port from 5431 to 5455 or from 8191 to 8215, got: 1",
    ],
    [
      "as base does not skip the check of the maximum",
      { baseCapacity: numberToken(8), maxCapacity: 0 },
      "'maxCapacity' must be an integer of 1 or more, got: 0",
    ],
    [
      "a string as maximum capacity",
      { maxCapacity: "8" as never },
      `'maxCapacity' must be an integer of 1 or more, got: "8"`,
    ],
    [
      "as target level does not skip the check against a base",
      { baseCapacity: 8, pricePerformanceLevel: numberToken(50) },
      "'baseCapacity' must not be combined with 'pricePerformanceLevel': a target sets the capacity, got: 8",
    ],
    [
      "as one subnet does not skip the check of the next subnet",
      { subnetIds: [stringToken(SUBNETS[0]!), "subnet-x"] },
      "'subnetIds[1]' must be a subnet ID such as subnet-0123456789abcdef0, got: subnet-x",
    ],
  ])("%s", (_, props, message) => {
    expect(() => serverless(props)).toThrow(new Error(`[test/Warehouse] ${message}`));
  });
});

test("the namespace of EncryptedServerless is replaced with the key of its stack", () => {
  const stack = testStack();
  const key = new DataApiKey(stack, "Key", { administrators: [admin()], alias: "alias/analytics" });
  new EncryptedServerless(stack, "Warehouse", { key, namespaceName: "analytics" });
  expect(only(synthesize(stack), RedshiftserverlessNamespace).lifecycle).toStrictEqual({
    prevent_destroy: true,
    replace_triggered_by: [`aws_kms_key.${key.resource.friendlyUniqueId}.arn`],
  });
});

test("EncryptedServerless accepts a namespace name of 64 characters if the workgroup has another name", () => {
  const namespaceName = "n".repeat(64);
  const workgroup = synthesizedWorkgroup({ namespaceName, workgroupName: "analytics" });
  expect(workgroup.workgroup_name).toBe("analytics");
});

test("EncryptedServerless throws without props", () => {
  expect(() => new EncryptedServerless(testStack(), "Warehouse", undefined as never)).toThrow(
    new Error("[test/Warehouse] 'props' must be given, got: nothing"),
  );
});

test("EncryptedServerless accepts an admin name with any of _+.@-", () => {
  expect(() => serverless({ adminUsername: "data-admin_1+a.b@c" })).not.toThrow();
});

test("EncryptedServerless accepts a maximum with a price-performance target", () => {
  expect(() => serverless({ maxCapacity: 64, pricePerformanceLevel: 50 })).not.toThrow();
});

test("EncryptedServerless reports all problems in one error", () => {
  expect(() =>
    serverless({
      adminUserPasswordWo: PASSWORD,
      baseCapacity: 7,
      configParameters: { require_ssl: "false" },
      databaseName: "Dev",
      iamRoles: ["Copy"],
      trackName: "",
    }),
  ).toThrow(
    new Error(
      [
        "[test/Warehouse] 'databaseName' must be 1 to 64 lowercase letters, digits or any of _$, beginning with a letter, and not be a reserved word of Redshift, got: Dev",
        "[test/Warehouse] 'iamRoles[0]' must be the ARN of an IAM role whose trust policy can be changed, so none under /aws-reserved/ or /aws-service-role/, got: Copy",
        "[test/Warehouse] 'baseCapacity' must be 4, a multiple of 8 from 8 to 512, or a multiple of 32 from 544 to 1024, got: 7",
        `[test/Warehouse] 'trackName' must be one of current, trailing, or a newer value of the same form, got: ""`,
        "[test/Warehouse] 'adminUserPasswordWo' must come from an ephemeral resource or a variable, with no literal part, got: a literal",
        `[test/Warehouse] 'configParameters.require_ssl' must be left out: it is always true, got: "false"`,
      ].join("\n"),
    ),
  );
});

const KEY_RULE = "be a DataApiKey, or a key that DataApiKey.fromKeyArn returns";
const NAMESPACE_RULE = "be 3 to 64 lowercase letters, digits or hyphens, and not be a reserved word of Redshift";
const WORKGROUP_RULE = "be 3 to 63 lowercase letters, digits or hyphens";
const DATABASE_RULE =
  "be 1 to 64 lowercase letters, digits or any of _$, beginning with a letter, and not be a reserved word of Redshift";
const USERNAME_RULE =
  "be 1 to 128 lowercase letters, digits or any of _+.@-, beginning with a letter, and not be PUBLIC or a reserved word of Redshift";
const PORT_RULE = "be a port from 5431 to 5455 or from 8191 to 8215";
const CAPACITY_RULE = "be 4, a multiple of 8 from 8 to 512, or a multiple of 32 from 544 to 1024";
const LEVEL_RULE = "be one of 1, 25, 50, 75, 100";
const PARAMETER_RULE =
  "be one of auto_mv, datestyle, enable_case_sensitive_identifier, max_query_execution_time, query_group, search_path, " +
  "use_fips_ssl, max_join_row_count, max_nested_loop_join_row_count, max_query_blocks_read, max_query_queue_time, " +
  "max_query_temp_blocks_to_disk, max_scan_row_count";
const DROPPED_RULE = "be left out: AWS dropped it on 2025-05-02; limit max_query_execution_time instead";
const CLI_RULE =
  "be left out, because the AWS provider refuses it: set it with aws redshift-serverless update-workgroup, " +
  "and leave 'ignoreConfigParameterChanges' true";
const TAGS_RULE =
  "be at most 50 tags: keys of 1 to 128 characters that do not start with aws: and differ in more than case, values of at most 256, and in both only letters, digits, spaces and any of _.:/=+-@";
const LONG = "a".repeat(65);

test.each([
  ["max_query_execution_time", "86399"],
  ["max_query_queue_time", "-1"],
])("EncryptedServerless accepts the limit of queries %s of %s", (name, value) => {
  expect(() => serverless({ configParameters: { [name]: value } })).not.toThrow();
});

describe("EncryptedServerless refuses", () => {
  test.each<[string, Partial<EncryptedServerlessProps>, string]>([
    ["a missing namespace name", { namespaceName: undefined! }, `'namespaceName' must ${NAMESPACE_RULE}, got: nothing`],
    ["a namespace name with a capital", { namespaceName: "Bi1" }, `'namespaceName' must ${NAMESPACE_RULE}, got: Bi1`],
    ["a namespace name of two characters", { namespaceName: "bi" }, `'namespaceName' must ${NAMESPACE_RULE}, got: bi`],
    [
      "a namespace name of 65 characters",
      { namespaceName: LONG },
      `'namespaceName' must ${NAMESPACE_RULE}, got: ${LONG}`,
    ],
    ["a workgroup name of two characters", { workgroupName: "bi" }, `'workgroupName' must ${WORKGROUP_RULE}, got: bi`],
    [
      "a workgroup name of 64 characters, which the Data API does not take",
      { workgroupName: LONG.slice(0, 64) },
      `'workgroupName' must ${WORKGROUP_RULE}, got: ${LONG.slice(0, 64)}`,
    ],
    [
      "a namespace name of 64 characters, which is also the workgroup's name by default",
      { namespaceName: LONG.slice(0, 64) },
      `'workgroupName' must ${WORKGROUP_RULE}, got: ${LONG.slice(0, 64)}`,
    ],
    ["a database name with a capital", { databaseName: "Dev" }, `'databaseName' must ${DATABASE_RULE}, got: Dev`],
    ["an admin name with a capital", { adminUsername: "Admin" }, `'adminUsername' must ${USERNAME_RULE}, got: Admin`],
    ["a reserved word as database name", { databaseName: "table" }, `'databaseName' must ${DATABASE_RULE}, got: table`],
    ["a reserved word as admin name", { adminUsername: "user" }, `'adminUsername' must ${USERNAME_RULE}, got: user`],
    [
      "a reserved word as namespace name",
      { namespaceName: "snapshot" },
      `'namespaceName' must ${NAMESPACE_RULE}, got: snapshot`,
    ],
    ["the admin name public", { adminUsername: "public" }, `'adminUsername' must ${USERNAME_RULE}, got: public`],
    [
      "a password without a version",
      { adminUserPasswordWo: stringToken(PASSWORD) },
      "'adminUserPasswordWoVersion' must be given with 'adminUserPasswordWo', got: nothing",
    ],
    [
      "a password version without a password",
      { adminUserPasswordWoVersion: 1 },
      "'adminUserPasswordWo' must be given with 'adminUserPasswordWoVersion', got: nothing",
    ],
    [
      "password version 1.5",
      { adminUserPasswordWo: stringToken(PASSWORD), adminUserPasswordWoVersion: 1.5 },
      "'adminUserPasswordWoVersion' must be an integer of 1 or more, got: 1.5",
    ],
    [
      "a log export with a space",
      { logExports: ["error log"] },
      "'logExports[0]' must be one of connectionlog, useractivitylog, userlog, or a newer value of the same form, got: error log",
    ],
    [
      "the same log export twice",
      { logExports: ["userlog", "userlog"] },
      "'logExports[1]' must not repeat an earlier item, got: userlog",
    ],
    ["a tag whose key begins with AWS:", { tags: { "AWS:x": "y" } }, `'tags' must ${TAGS_RULE}, got: {"AWS:x":"y"}`],
    [
      "a role by name",
      { iamRoles: ["Copy"] },
      "'iamRoles[0]' must be the ARN of an IAM role whose trust policy can be changed, so none under /aws-reserved/ or /aws-service-role/, got: Copy",
    ],
    [
      "a default role without 'iamRoles'",
      { defaultIamRoleArn: ROLE_ARN },
      `'defaultIamRoleArn' must be one of 'iamRoles', got: ${ROLE_ARN}`,
    ],
    ["port 5456", { port: 5456 }, `'port' must ${PORT_RULE}, got: 5456`],
    [
      "a track with a hyphen",
      { trackName: "preview-2026" },
      "'trackName' must be one of current, trailing, or a newer value of the same form, got: preview-2026",
    ],
    [
      "an empty list of subnets",
      { subnetIds: [] },
      "'subnetIds' must name subnets in at least two Availability Zones, got: []",
    ],
    [
      "one subnet",
      { subnetIds: SUBNETS.slice(0, 1) },
      `'subnetIds' must name subnets in at least two Availability Zones, got: ["${SUBNETS[0]}"]`,
    ],
    [
      "the ID of a VPC as a subnet",
      { subnetIds: ["vpc-01234567"] },
      "'subnetIds[0]' must be a subnet ID such as subnet-0123456789abcdef0, got: vpc-01234567",
    ],
    [
      "a security group by name",
      { securityGroupIds: ["default"] },
      "'securityGroupIds[0]' must be a security group ID such as sg-0123456789abcdef0, got: default",
    ],
    ["a base capacity of 5", { baseCapacity: 5 }, `'baseCapacity' must ${CAPACITY_RULE}, got: 5`],
    ["a base capacity of 0", { baseCapacity: 0 }, `'baseCapacity' must ${CAPACITY_RULE}, got: 0`],
    ["a base capacity of 520", { baseCapacity: 520 }, `'baseCapacity' must ${CAPACITY_RULE}, got: 520`],
    ["a base capacity of 1,056", { baseCapacity: 1056 }, `'baseCapacity' must ${CAPACITY_RULE}, got: 1056`],
    ["a maximum capacity of -1", { maxCapacity: -1 }, "'maxCapacity' must be an integer of 1 or more, got: -1"],
    [
      "a maximum capacity below the base",
      { baseCapacity: 64, maxCapacity: 32 },
      "'maxCapacity' must be at least 'baseCapacity', 64, got: 32",
    ],
    [
      "a price-performance level of 60",
      { pricePerformanceLevel: 60 },
      `'pricePerformanceLevel' must ${LEVEL_RULE}, got: 60`,
    ],
    [
      "a base capacity and a price-performance level together",
      { baseCapacity: 8, pricePerformanceLevel: 50 },
      "'baseCapacity' must not be combined with 'pricePerformanceLevel': a target sets the capacity, got: 8",
    ],
    [
      "a map token as configuration parameters",
      { configParameters: Token.asStringMap({ resolve: () => ({}) }) },
      "'configParameters' must be a map of known keys, got: a map token",
    ],
    ["a key by ARN", { key: KEY_ARN as never }, `'key' must ${KEY_RULE}, got: ${KEY_ARN}`],
    [
      "a string as 'enhancedVpcRouting'",
      { enhancedVpcRouting: "no" as never },
      "'enhancedVpcRouting' must be true or false, got: no",
    ],
    [
      "a string as 'deletionProtection'",
      { deletionProtection: "false" as never },
      `'deletionProtection' must be true or false, known when the configuration is synthesized, got: "false"`,
    ],
    [
      "a key of the admin's secret of another Region than the key's",
      { adminSecretKeyArn: KEY_ARN.replace(REGION, "eu-west-1") },
      `'adminSecretKeyArn' must be of the Region ${REGION}, got: ${KEY_ARN.replace(REGION, "eu-west-1")}`,
    ],
    [
      "a role of another partition than the key's",
      { iamRoles: [ROLE_ARN.replace("aws", "aws-cn")] },
      `'iamRoles[0]' must be of the partition aws, got: ${ROLE_ARN.replace("aws", "aws-cn")}`,
    ],
    ["a string as 'logExports'", { logExports: "userlog" as never }, "'logExports' must be a list, got: userlog"],
    [
      "a parameter that the provider refuses",
      { configParameters: { max_io_skew: "1" } },
      `'configParameters.max_io_skew' must ${PARAMETER_RULE}, got: max_io_skew`,
    ],
    [
      "a word as a parameter that is true or false",
      { configParameters: { auto_mv: "maybe" } },
      "'configParameters.auto_mv' must be one of true, false, got: maybe",
    ],
    [
      "a limit of queries with a unit",
      { configParameters: { max_query_execution_time: "60s" } },
      "'configParameters.max_query_execution_time' must be an integer from 0 to 86399, or -1 for no limit, got: 60s",
    ],
    ...Object.entries({
      max_join_row_count: 999_999_999_999_999,
      max_nested_loop_join_row_count: 999_999_999_999_999,
      max_query_blocks_read: 1_048_575,
      max_query_execution_time: 86_399,
      max_query_queue_time: 86_399,
      max_query_temp_blocks_to_disk: 319_815_679,
      max_scan_row_count: 999_999_999_999_999,
    }).map(([name, most]): [string, Partial<EncryptedServerlessProps>, string] => [
      `a ${name} over its largest value`,
      { configParameters: { [name]: String(most + 1) } },
      `'configParameters.${name}' must be an integer from 0 to ${most}, or -1 for no limit, got: "${most + 1}"`,
    ]),
    [
      "an empty value of a parameter",
      { configParameters: { search_path: "" } },
      `'configParameters.search_path' must be a string of 1 to 32768 characters, got: ""`,
    ],
    [
      "the parameter require_ssl",
      { configParameters: { require_ssl: "false" } },
      `'configParameters.require_ssl' must be left out: it is always true, got: "false"`,
    ],
    [
      "the parameter enable_user_activity_logging",
      { configParameters: { enable_user_activity_logging: "false" } },
      `'configParameters.enable_user_activity_logging' must be left out: it is always true, got: "false"`,
    ],
    [
      "the parameter max_query_cpu_time, which AWS dropped",
      { configParameters: { max_query_cpu_time: "60" } },
      `'configParameters.max_query_cpu_time' must ${DROPPED_RULE}, got: "60"`,
    ],
    [
      "the parameter max_query_cpu_usage_percent, which AWS dropped",
      { configParameters: { max_query_cpu_usage_percent: "60" } },
      `'configParameters.max_query_cpu_usage_percent' must ${DROPPED_RULE}, got: "60"`,
    ],
    [
      "enable_large_strings_opt_in, which no released provider takes",
      { configParameters: { enable_large_strings_opt_in: "Yes" } },
      `'configParameters.enable_large_strings_opt_in' must ${CLI_RULE}, got: Yes`,
    ],
    [
      "wlm_json_configuration, which no released provider takes",
      { configParameters: { wlm_json_configuration: "[]" } },
      `'configParameters.wlm_json_configuration' must ${CLI_RULE}, got: []`,
    ],
  ])("%s", (_, props, message) => {
    expect(() => serverless(props)).toThrow(new Error(`[test/Warehouse] ${message}`));
  });
});
