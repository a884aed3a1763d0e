import { join } from "node:path";
import type { Cluster, LoggingStatus } from "@aws-sdk/client-redshift";
import { load } from "js-yaml";
import { makeApp } from "../../app/cli/synthesis";
import { fleetStacks } from "../../app/stacks/fleet-stacks";
import { Account, type KeyFacts, type ServerlessFacts } from "../../tools/adopt/account";
import { readArguments } from "../../tools/adopt/arguments";
import { clusterEntry, serverlessEntry } from "../../tools/adopt/entry";
import { requireCustomerKey } from "../../tools/adopt/key-lines";
import { listText } from "../../tools/adopt/yaml";
import { ROOT } from "../support/paths";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, USER_ARN } from "../support/arns";
import { fleetOf, synthesize } from "../support/support";

const KEY_ID = KEY_ARN.split("/")[1]!;
const policyOf = (...Statement: readonly object[]) => JSON.stringify({ Statement, Version: "2012-10-17" });
const allow = (AWS: readonly string[] | string, Action: readonly string[] | string) => ({
  Action,
  Effect: "Allow",
  Principal: { AWS },
  Resource: "*",
});

const KEY: KeyFacts = {
  aliases: ["alias/aws/sales", "alias/keys/sales"],
  metadata: {
    Arn: KEY_ARN,
    Description: "",
    KeyId: KEY_ID,
    KeyManager: "CUSTOMER",
    MultiRegion: false,
    Origin: "AWS_KMS",
  },
  policy: policyOf(
    allow([ADMIN_ARN, "AIDAEXAMPLE"], "kms:*"),
    allow(USER_ARN, ["kms:Decrypt", "kms:GenerateDataKey*"]),
    { ...allow("*", "kms:Put*"), Effect: "Deny" },
    { ...allow("*", "kms:DescribeKey"), Principal: "*" },
  ),
  rotation: { KeyRotationEnabled: false },
};

const CLUSTER: Cluster = {
  AllowVersionUpgrade: false,
  AutomatedSnapshotRetentionPeriod: 14,
  AvailabilityZoneRelocationStatus: "disabled",
  ClusterIdentifier: "sales",
  ClusterNamespaceArn: `arn:aws:redshift:us-east-1:${ACCOUNT}:namespace:12345678-1234-1234-1234-123456789012`,
  ClusterParameterGroups: [{ ParameterGroupName: "default.redshift-1.0" }],
  ClusterSubnetGroupName: "sales-subnets",
  DBName: "sales",
  Endpoint: { Port: 5444 },
  EnhancedVpcRouting: false,
  IamRoles: [{ IamRoleArn: USER_ARN }],
  KmsKeyId: KEY_ARN,
  MaintenanceTrackName: "trailing",
  ManualSnapshotRetentionPeriod: 90,
  MasterUsername: "boss",
  MultiAZ: "Disabled",
  NodeType: "ra3.large",
  NumberOfNodes: 3,
  PreferredMaintenanceWindow: "sat:04:00-sat:05:30",
  PubliclyAccessible: true,
  Tags: [{ Key: "owner", Value: "console" }],
  VpcSecurityGroups: [{ VpcSecurityGroupId: "sg-0a1b2c3d" }],
};
const LOGGED: LoggingStatus = { LogExports: ["userlog"], LoggingEnabled: true };

const SERVERLESS: ServerlessFacts = {
  namespace: {
    adminPasswordSecretArn: `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:redshift!sales-boss-AbCdEf`,
    adminUsername: "boss",
    dbName: "dev",
    defaultIamRoleArn: USER_ARN,
    iamRoles: [`IamRole(applyStatus=in-sync, iamRoleArn=${USER_ARN})`],
    kmsKeyId: KEY_ARN,
    logExports: [],
    namespaceArn: `arn:aws:redshift-serverless:us-east-1:${ACCOUNT}:namespace/12345678-1234-1234-1234-123456789012`,
    namespaceName: "sales",
  },
  tags: [],
  workgroup: {
    baseCapacity: 16,
    configParameters: [
      { parameterKey: "max_query_execution_time", parameterValue: "600" },
      { parameterKey: "datestyle", parameterValue: "ISO, MDY" },
      { parameterKey: "enable_large_strings_opt_in", parameterValue: "" },
    ],
    enhancedVpcRouting: true,
    port: 5439,
    pricePerformanceTarget: { status: "DISABLED" },
    publiclyAccessible: false,
    securityGroupIds: [],
    subnetIds: ["subnet-1a1b2c3d", "subnet-0a1b2c3d"],
    trackName: "current",
    workgroupName: "sellers",
  },
};

describe("the arguments of adopt", () => {
  test("are read, and have the warehouse's name as the default name of the entry", () => {
    expect(readArguments(["--cluster", "sales"])).toMatchObject({ clusterIdentifier: "sales", name: "sales" });
    const output = ["--output", "new.yaml"];
    const args = ["--workgroup", "sales", "--name", "orders", "--region", "eu-west-1", "--profile", "p", ...output];
    expect(readArguments(args)).toStrictEqual({
      clusterIdentifier: undefined,
      name: "orders",
      output: "new.yaml",
      profile: "p",
      region: "eu-west-1",
      workgroupName: "sales",
    });
  });

  test("need no warehouse with --help", () => {
    expect(readArguments(["--help"])).toBeUndefined();
  });

  test.each([
    [[], "arguments must have either --cluster or --workgroup, got: neither"],
    [["--cluster", "a", "--workgroup", "abc"], "arguments must have either --cluster or --workgroup, got: both"],
    [
      ["--cluster", "Sales"],
      "--cluster must be 1 to 63 lowercase letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row, got: Sales",
    ],
    [["--workgroup", "a"], "--workgroup must be 3 to 63 lowercase letters, digits or hyphens, got: a"],
    [
      ["--workgroup", "1sales"],
      "--name must be 1 to 63 lowercase letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row, got: 1sales, the name of the warehouse; give another name by --name",
    ],
    [["--cluster", "sales", "--region", "mars-1"], "--region must be an AWS region, got: mars-1"],
    [
      ["--cluster", "sales", "--output", "warehouses.yaml"],
      "--output must be a new file, which the variable WAREHOUSES can name beside others, got: warehouses.yaml, which exists",
    ],
    [
      ["--cluster", "sales", "--output", "missing/new.yaml"],
      "--output must be a file in a folder that exists, got: missing/new.yaml",
    ],
    [
      ["--cluster", "sales", "--output", "package.json/new.yaml"],
      "--output must be a file in a folder that exists, got: package.json/new.yaml",
    ],
    [["--endpoint", "x"], "Unknown option '--endpoint'; npm --silent run adopt -- --help lists the options"],
  ])("refuse %j", (args, message) => {
    expect(() => readArguments(args)).toThrow(new Error(message));
  });
});

/** The key of an account that a warehouse of ACCOUNT cannot have. */
const FOREIGN_KEY_ARN = KEY_ARN.replace(ACCOUNT, "444455556666");

/** The imports of the stack that an entry becomes. */
function importsOf(text: string): string[] {
  const [stack] = fleetStacks(makeApp(), fleetOf({ "w.yaml": text }), "../../..");
  const { import: blocks } = synthesize(stack!) as unknown as { readonly import: readonly { readonly id: string }[] };
  return blocks.map(({ id }) => id);
}

const clusterText = (
  cluster: Partial<Cluster> = {},
  key: KeyFacts | undefined = KEY,
  logging: LoggingStatus = LOGGED,
) => clusterEntry("sales", { cluster: { ...CLUSTER, ...cluster }, logging }, key);
const serverlessText = (workgroup: Partial<ServerlessFacts["workgroup"]> = {}, more: Partial<ServerlessFacts> = {}) =>
  serverlessEntry("orders", { ...SERVERLESS, ...more, workgroup: { ...SERVERLESS.workgroup, ...workgroup } }, KEY);

/** The settings of a section of an entry. */
function sectionOf(text: string, section: "cluster" | "key" | "serverless"): unknown {
  return fleetOf({ "w.yaml": text }).configuration.warehouses[0]![section];
}

describe("the entry that adopt writes for a cluster", () => {
  test("has the settings that differ from defaults, and comments, as in the snapshot", () => {
    expect(clusterText()).toMatchSnapshot();
  });

  test("synthesizes imports of key, alias, cluster and audit log", () => {
    expect(importsOf(clusterText())).toStrictEqual([KEY_ID, "alias/keys/sales", "sales", "sales"]);
  });

  test("has no line for a default value unless an import requires it", () => {
    const text = clusterText({
      AutomatedSnapshotRetentionPeriod: 7,
      AvailabilityZoneRelocationStatus: "enabled",
      DBName: "dev",
      Endpoint: { Port: 5439 },
      EnhancedVpcRouting: true,
      IamRoles: [],
      MaintenanceTrackName: "current",
      ManualSnapshotRetentionPeriod: -1,
    });
    expect(Object.keys(sectionOf(text, "cluster") as object).sort()).toStrictEqual([
      "clusterParameterGroupName",
      "clusterSubnetGroupName",
      "databaseName",
      "logExports",
      "masterUsername",
      "nodeType",
      "numberOfNodes",
      "preferredMaintenanceWindow",
      "vpcSecurityGroupIds",
    ]);
  });

  test("has the bucket and the prefix of the audit log", () => {
    const logging = { BucketName: "audit-logs", LoggingEnabled: true, S3KeyPrefix: "sales/" };
    expect(sectionOf(clusterText({}, KEY, logging), "cluster")).toMatchObject({
      logBucketName: "audit-logs",
      logS3KeyPrefix: "sales/",
    });
  });

  test("has an empty logExports and no import of the audit log if logging is off", () => {
    const text = clusterText({}, KEY, { LoggingEnabled: false });
    expect(sectionOf(text, "cluster")).toMatchObject({ logExports: [] });
    expect(importsOf(text)).toStrictEqual([KEY_ID, "alias/keys/sales", "sales"]);
  });

  test("has no relocation setting if the cluster is Multi-AZ", () => {
    const text = clusterText({ MultiAZ: "Enabled" });
    expect(sectionOf(text, "cluster")).toMatchObject({ multiAz: true });
    expect(text).not.toContain("availabilityZoneRelocationEnabled");
  });

  test("has in a comment a setting that no entry may have", () => {
    const text = clusterText({ Endpoint: { Port: 1234 } });
    expect(text).toContain(
      "      # port: 1234, which 'import' keeps. It must be a port from 5431 to 5455 or from 8191 to 8215.\n",
    );
    expect(sectionOf(text, "cluster")).not.toHaveProperty("port");
  });

  test("has in a comment the tags that no entry may have, without aws: tags", () => {
    const text = clusterText({ Tags: [{ Key: "owner", Value: "a\nb" }, { Key: "aws:cloudformation:stack-name" }] });
    expect(text).toContain(String.raw`    # The tags of the warehouse are no tags of an entry: {"owner":"a\nb"}`);
    expect(clusterText({ Tags: [{ Key: "aws:cloudformation:stack-name" }] })).not.toContain("owner");
  });

  test("announces a new admin password, unless Redshift manages the password already", () => {
    expect(clusterText()).toContain("# - Redshift then creates a password of the admin");
    const MasterPasswordSecretArn = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:redshift!sales-boss-AbCdEf`;
    expect(clusterText({ MasterPasswordSecretArn })).not.toContain("creates a password");
  });

  test.each([
    ["another key", "arn:aws:kms:us-east-1:111122223333:key/other", true],
    ["a key of AWS", undefined, true],
    ["the ARN of the key", KEY_ARN, false],
    ["the ID of the key", KEY_ID, false],
  ])(
    "announces a new key of the admin's secret only if the key differs, given %s",
    (_, MasterPasswordSecretKmsKeyId, isAnnounced) => {
      const MasterPasswordSecretArn = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:redshift!sales-boss-AbCdEf`;
      const text = clusterText({ MasterPasswordSecretArn, MasterPasswordSecretKmsKeyId });
      expect(text.includes("# - The secret of the admin's password is then under the key of the warehouse")).toBe(
        isAnnounced,
      );
    },
  );
});

describe("the entry that adopt writes for a serverless warehouse", () => {
  test("has the settings that differ from defaults, and comments, as in the snapshot", () => {
    expect(serverlessText()).toMatchSnapshot();
  });

  test("synthesizes imports of key, alias, namespace and workgroup", () => {
    expect(importsOf(serverlessText())).toStrictEqual([KEY_ID, "alias/keys/sales", "sales", "sellers"]);
  });

  test.each([
    [1, { pricePerformanceLevel: 1 }],
    [50, {}],
  ])(
    "has no base capacity if the workgroup has a target of %d, and has the level if it is not 50",
    (level, expected) => {
      const text = serverlessText({ baseCapacity: -1, pricePerformanceTarget: { level, status: "ENABLED" } });
      const section = sectionOf(text, "serverless");
      expect(section).toMatchObject(expected);
      expect(section).not.toHaveProperty("baseCapacity");
    },
  );
});

describe("the key in an entry that adopt writes", () => {
  test.each([
    ["of another account", FOREIGN_KEY_ARN, undefined, "The key is of another account."],
    [
      "with imported material",
      KEY_ARN,
      { ...KEY, metadata: { ...KEY.metadata, Origin: "EXTERNAL" as const } },
      "KMS has not generated the material of the key (EXTERNAL).",
    ],
    [
      "that is a replica",
      KEY_ARN,
      { ...KEY, metadata: { ...KEY.metadata, MultiRegionConfiguration: { MultiRegionKeyType: "REPLICA" as const } } },
      "The key is a replica of a key of another Region.",
    ],
  ])("%s is referenced by keyArn, with a comment, and not imported", (_, KmsKeyId, key, comment) => {
    const text = clusterEntry("sales", { cluster: { ...CLUSTER, KmsKeyId }, logging: LOGGED }, key);
    expect(text).toContain(`    # ${comment} The entry names it, and does not manage it.\n`);
    expect(sectionOf(text, "key")).toStrictEqual({ keyArn: KmsKeyId });
    expect(importsOf(text)).toStrictEqual(["sales", "sales"]);
  });

  test("is imported without its alias if the alias is an alias of AWS", () => {
    const text = clusterText({}, { ...KEY, aliases: ["alias/aws/redshift"] });
    expect(text).toContain("      # The key has no alias that an entry can have: the deployment creates one.\n");
    expect(importsOf(text)).toStrictEqual([KEY_ID, "sales", "sales"]);
  });

  test("has the account root as administrator if its policy names no administrator", () => {
    const { warehouses } = fleetOf({
      "w.yaml": clusterText({}, { ...KEY, policy: policyOf(allow(USER_ARN, "kms:Decrypt")) }),
    }).configuration;
    expect(warehouses[0]!.administrators).toStrictEqual([`arn:aws:iam::${ACCOUNT}:root`]);
  });

  test("has comments that name the permission sets of its roles", () => {
    const reserved = (name: string): string =>
      `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_${name}_0123456789abcdef`;
    const policy = policyOf(allow(reserved("DataAdmin"), "kms:*"), allow(reserved("Analyst"), "kms:Decrypt"));
    const text = clusterText({}, { ...KEY, policy });
    for (const name of ["DataAdmin", "Analyst"]) {
      expect(text).toContain(
        `    # 'permissionSet: ${name}' names AWSReservedSSO_${name}_0123456789abcdef, also after IAM Identity Center changes its digits.\n`,
      );
    }
  });

  test("has a rotation period only if the period is not 365 days", () => {
    const rotation = { KeyRotationEnabled: true, RotationPeriodInDays: 90 };
    expect(sectionOf(clusterText({}, { ...KEY, rotation }), "key")).toMatchObject({ rotationPeriodInDays: 90 });
    const annual = clusterText({}, { ...KEY, rotation: { ...rotation, RotationPeriodInDays: 365 } });
    expect(sectionOf(annual, "key")).toStrictEqual({ alias: "alias/keys/sales", description: "" });
  });

  test.each([
    ["no key", undefined, undefined],
    ["AWS_OWNED_KMS_KEY", "AWS_OWNED_KMS_KEY", undefined],
    [KEY_ARN, KEY_ARN, { ...KEY, metadata: { ...KEY.metadata, KeyManager: "AWS" as const } }],
  ])("must be a customer managed key, got: %s", (got, keyArn, key) => {
    expect(() => {
      requireCustomerKey("--cluster", keyArn, key);
    }).toThrow(
      new Error(
        `--cluster must name a warehouse under a customer managed key, got: a warehouse under ${got}. No key policy of yours ` +
          "protects the statements and results of this warehouse; docs/adopt.md has the steps to a customer managed key",
      ),
    );
  });
});

test("Account of adopt throws without a Region", async () => {
  const AWS_CONFIG_FILE = join(ROOT, "no-such-file");
  const QUIET = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" };
  jest.replaceProperty(process, "env", {
    AWS_ACCESS_KEY_ID: "a",
    AWS_CONFIG_FILE,
    AWS_SECRET_ACCESS_KEY: "b",
    ...QUIET,
  });
  await expect(new Account(undefined, undefined).cluster("sales")).rejects.toThrow(
    new Error("--region must be given if neither the environment nor the profile has a Region, got: nothing"),
  );
});

test("listText quotes strings that YAML would change, and escapes line breaks in comments", () => {
  const value = ["plain", "yes", "1e3", "a: b", "#", "", "-", "two\nlines"];
  const text = listText("items", [
    { key: "name", value: "a" },
    { comments: ["one\nline"], key: "list", value },
  ]);
  expect(load(text)).toStrictEqual({ items: [{ list: value, name: "a" }] });
  expect(text).toContain(String.raw`    # one\u000aline`);
});
