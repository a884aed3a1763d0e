import { RedshiftCluster } from "@cdktf/provider-aws/lib/redshift-cluster";
import { RedshiftLogging } from "@cdktf/provider-aws/lib/redshift-logging";
import { RedshiftParameterGroup } from "@cdktf/provider-aws/lib/redshift-parameter-group";
import { RedshiftSubnetGroup } from "@cdktf/provider-aws/lib/redshift-subnet-group";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type TerraformStack, TerraformVariable, Token } from "cdktf";
import {
  DataApiKey,
  type DataApiKeyProps,
  DataApiRole,
  EncryptedCluster,
  type EncryptedClusterProps,
  type IDataApiKey,
  Identity,
} from "../../../modules";
import { checkAll } from "../../../modules/private/checks";
import { fewestNodes } from "../../../modules/redshift/cluster-props";
import { ACCOUNT, CLUSTER_ARN, KEY_ARN, REGION } from "../../support/arns";
import {
  admin,
  analyticsCluster,
  type Arguments,
  existingKey,
  only,
  reference,
  regionExpression,
  resolved,
  shownError,
  synthesize,
  type Synthesized,
  testStack,
  warningsOf,
} from "../../support/support";

const SUBNETS = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"];
const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/Copy`;
const SNAPSHOT_ARN = `arn:aws:redshift:${REGION}:${ACCOUNT}:snapshot:analytics/nightly`;
const PASSWORD = "Sup3rSecretValue";
const RELOCATING = { availabilityZoneRelocationEnabled: true };
const TAGS = { Team: "data" };
const MADE = "terraform_data.Warehouse_Immutable_17CA6D2C.output";
const WAY_OUT =
  "Create another warehouse, move the data, and destroy this one. If there is no data to lose, or the cluster was never " +
  "created, set 'deletionProtection' to false.";
const IMMUTABLES = [
  {
    condition: `\${(${MADE}.key_arn == "${KEY_ARN}")}`,
    error_message:
      `The key of this cluster cannot become ${KEY_ARN}: AWS refuses another key for an encrypted cluster, which stays ` +
      `under \${${MADE}.key_arn}. ${WAY_OUT}`,
  },
  {
    condition: `\${(${MADE}.cluster_identifier == "analytics")}`,
    error_message:
      "This cluster cannot become analytics: its ARN would change, and every grant and statement that is bound to the " +
      `ARN of \${${MADE}.cluster_identifier} would be lost. ${WAY_OUT}`,
  },
];
/** The props that a snapshot needs of its cluster. */
const OWN = { masterUsername: "owner", numberOfNodes: 2 };
const RESTORED = { ...OWN, snapshotIdentifier: "nightly" };

function cluster(props: Partial<EncryptedClusterProps> = {}, stack: TerraformStack = testStack()): EncryptedCluster {
  return new EncryptedCluster(stack, "Warehouse", {
    clusterIdentifier: "analytics",
    key: props.key ?? existingKey(stack),
    nodeType: "ra3.large",
    ...props,
  });
}

/** A key whose ARN is unknown at synthesis. */
function keyOfTerraform(): IDataApiKey {
  return existingKey(testStack(), stringToken(KEY_ARN));
}

function createdKey(stack: TerraformStack): DataApiKey {
  return new DataApiKey(stack, "Key", { administrators: [Identity.forAccountRoot(ACCOUNT)], alias: "alias/analytics" });
}

function stackOf(warehouse: EncryptedCluster): TerraformStack {
  return warehouse.node.scope as TerraformStack;
}

function synthesizedCluster(props: Partial<EncryptedClusterProps> = {}): Arguments {
  return only(synthesize(stackOf(cluster(props))), RedshiftCluster);
}

function typesOf({ data, resource }: Synthesized): string[] {
  return [...Object.keys(data), ...Object.keys(resource)].sort();
}

const stringToken = (value: string): string => Token.asString({ resolve: () => value });
const numberToken = (value: number): number => Token.asNumber({ resolve: () => value });
const listToken = (values: readonly string[]): string[] => Token.asList({ resolve: () => values });

describe("a minimal EncryptedCluster", () => {
  const warehouse = cluster();
  const synthesized = synthesize(stackOf(warehouse));

  test("has secure arguments", () => {
    expect(only(synthesized, RedshiftCluster)).toStrictEqual({
      automated_snapshot_retention_period: 7,
      availability_zone_relocation_enabled: true,
      cluster_identifier: "analytics",
      cluster_parameter_group_name: reference(warehouse.parameterGroup!, "name"),
      database_name: "dev",
      encrypted: "true",
      enhanced_vpc_routing: true,
      final_snapshot_identifier: "analytics-final",
      kms_key_id: KEY_ARN,
      lifecycle: { precondition: IMMUTABLES, prevent_destroy: true },
      manage_master_password: true,
      master_password_secret_kms_key_id: KEY_ARN,
      master_username: "warehouse_admin",
      multi_az: false,
      node_type: "ra3.large",
      number_of_nodes: 1,
      port: 5439,
      publicly_accessible: false,
      skip_final_snapshot: false,
    });
  });

  test("has a parameter group that requires TLS and logs user activity", () => {
    expect(only(synthesized, RedshiftParameterGroup)).toStrictEqual({
      description: "Parameters of the cluster analytics",
      family: "redshift-2.0",
      name: "analytics",
      parameter: [
        { name: "enable_user_activity_logging", value: "true" },
        { name: "require_ssl", value: "true" },
      ],
    });
  });

  test("sends every audit log to CloudWatch", () => {
    expect(only(synthesized, RedshiftLogging)).toStrictEqual({
      cluster_identifier: reference(warehouse.resource, "id"),
      log_destination_type: "cloudwatch",
      log_exports: ["connectionlog", "useractivitylog", "userlog"],
    });
  });

  test("creates only these types of resources and data sources", () => {
    expect(typesOf(synthesized)).toStrictEqual([
      "aws_caller_identity",
      "aws_partition",
      "aws_redshift_cluster",
      "aws_redshift_logging",
      "aws_redshift_parameter_group",
      "aws_region",
      "terraform_data",
    ]);
    expect(warehouse.subnetGroup).toBeUndefined();
  });

  test("has the attributes that other constructs read", () => {
    const stack = stackOf(warehouse);
    expect(warehouse.databaseName).toBe("dev");
    expect(warehouse.key.keyArn).toBe(KEY_ARN);
    expect(resolved(stack, warehouse.adminSecretArn)).toBe(reference(warehouse.resource, "master_password_secret_arn"));
    expect(resolved(stack, warehouse.endpoint)).toBe(reference(warehouse.resource, "endpoint"));
    expect(resolved(stack, warehouse.endpointAddress)).toBe(reference(warehouse.resource, "dns_name"));
    expect(resolved(stack, warehouse.endpointPort)).toBe(reference(warehouse.resource, "port"));
  });

  test("has no warning", () => {
    expect(warningsOf(stackOf(warehouse))).toStrictEqual([]);
  });

  test("reads account, Region and partition from data sources", () => {
    const id = (type: string): string => Object.keys(synthesized.data[type]!).join();
    const arnOf = (resource: string): string =>
      `arn:\${data.aws_partition.${id("aws_partition")}.partition}:redshift:` +
      `${regionExpression(id("aws_region"))}:` +
      `\${data.aws_caller_identity.${id("aws_caller_identity")}.account_id}:${resource}`;
    const stack = stackOf(warehouse);
    expect(resolved(stack, warehouse.warehouseArn)).toBe(arnOf("cluster:analytics"));
    expect(resolved(stack, warehouse.credentialScope)).toStrictEqual({
      databaseArnPrefix: arnOf("dbname:analytics/"),
      databaseGroupArnPrefix: arnOf("dbgroup:analytics/"),
      databaseUserArnPrefix: arnOf("dbuser:analytics/"),
    });
    expect(resolved(stack, warehouse.encryptionContext.pairs)).toStrictEqual({
      "aws:redshift:arn": arnOf("cluster:analytics"),
      serviceName: "RedshiftDataAPI",
    });
  });
});

describe("a maximal EncryptedCluster", () => {
  type NotForThisCase =
    | "clusterParameterGroupName"
    | "clusterSubnetGroupName"
    | "adminSecretKeyArn"
    | "encryptLogGroups"
    | "logExports"
    | "logRetentionInDays"
    | "ownerAccount"
    | "parameterGroup"
    | "reencrypt"
    | "snapshotArn"
    | "snapshotClusterIdentifier"
    | "snapshotIdentifier";
  const stack = testStack();
  const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
  const password = new TerraformVariable(stack, "password", { sensitive: true, type: "string" });
  const everything: Required<Omit<EncryptedClusterProps, NotForThisCase>> = {
    accountId: ACCOUNT,
    automatedSnapshotRetentionPeriod: 35,
    availabilityZoneRelocationEnabled: false,
    clusterIdentifier: "analytics",
    createTime: "2025-08-15T00:00:00Z",
    databaseName: "sales",
    defaultIamRoleArn: ROLE_ARN,
    deletionProtection: false,
    enhancedVpcRouting: false,
    finalSnapshotIdentifier: "Last-One",
    iamRoles: [`${ROLE_ARN}2`, ROLE_ARN],
    key: existingKey(stack),
    logBucketName: "audit.example",
    logS3KeyPrefix: "redshift/",
    manualSnapshotRetentionPeriod: 3653,
    masterPasswordWo: password.stringValue,
    masterPasswordWoVersion: 2,
    masterUsername: "owner",
    multiAz: true,
    nodeType: "ra3.4xlarge",
    numberOfNodes: 4,
    parameters: { statement_timeout: "60000", auto_mv: "false" },
    partition: "aws",
    port: 8191,
    maintenanceTrackName: "trailing",
    preferredMaintenanceWindow: "sun:23:45-mon:00:15",
    provider,
    region: REGION,
    skipFinalSnapshot: false,
    subnetIds: SUBNETS,
    tags: TAGS,
    vpcSecurityGroupIds: ["sg-0123456789abcdef0"],
  };
  const warehouse = cluster(everything, stack);
  const synthesized = synthesize(stack);

  test("passes every prop to the cluster", () => {
    expect(only(synthesized, RedshiftCluster)).toStrictEqual({
      automated_snapshot_retention_period: 35,
      availability_zone_relocation_enabled: false,
      cluster_identifier: "analytics",
      cluster_parameter_group_name: reference(warehouse.parameterGroup!, "name"),
      cluster_subnet_group_name: reference(warehouse.subnetGroup!, "name"),
      database_name: "sales",
      default_iam_role_arn: ROLE_ARN,
      encrypted: "true",
      enhanced_vpc_routing: false,
      final_snapshot_identifier: "Last-One",
      iam_roles: [`${ROLE_ARN}2`, ROLE_ARN],
      kms_key_id: KEY_ARN,
      lifecycle: { prevent_destroy: false },
      manual_snapshot_retention_period: 3653,
      master_password_wo: "${var.password}",
      master_password_wo_version: 2,
      master_username: "owner",
      multi_az: true,
      node_type: "ra3.4xlarge",
      number_of_nodes: 4,
      port: 8191,
      maintenance_track_name: "trailing",
      preferred_maintenance_window: "sun:23:45-mon:00:15",
      provider: "aws.other",
      publicly_accessible: false,
      skip_final_snapshot: false,
      tags: TAGS,
      vpc_security_group_ids: ["sg-0123456789abcdef0"],
    });
  });

  test("creates a subnet group of its subnets", () => {
    expect(only(synthesized, RedshiftSubnetGroup)).toStrictEqual({
      description: "Subnets of the cluster analytics",
      name: "analytics",
      provider: "aws.other",
      subnet_ids: SUBNETS,
      tags: TAGS,
    });
  });

  test("adds the given parameters to the fixed parameters, in the order of their names", () => {
    expect(only(synthesized, RedshiftParameterGroup)).toStrictEqual({
      description: "Parameters of the cluster analytics",
      family: "redshift-2.0",
      name: "analytics",
      parameter: [
        { name: "auto_mv", value: "false" },
        { name: "enable_user_activity_logging", value: "true" },
        { name: "require_ssl", value: "true" },
        { name: "statement_timeout", value: "60000" },
      ],
      provider: "aws.other",
      tags: TAGS,
    });
  });

  test("sends the audit log to the given bucket", () => {
    expect(only(synthesized, RedshiftLogging)).toStrictEqual({
      bucket_name: "audit.example",
      cluster_identifier: reference(warehouse.resource, "id"),
      log_destination_type: "s3",
      provider: "aws.other",
      s3_key_prefix: "redshift/",
    });
  });

  test("has no data source if props give account, Region and partition", () => {
    expect(synthesized.data).toStrictEqual({});
  });

  test("has the creation time in its encryption context", () => {
    expect(warehouse.encryptionContext.pairs).toStrictEqual({
      "aws:redshift:arn": CLUSTER_ARN,
      "aws:redshift:createtime": "20250815T0000Z",
      serviceName: "RedshiftDataAPI",
    });
  });

  test("has no adminSecretArn if the password is a prop", () => {
    expect(warehouse.adminSecretArn).toBeUndefined();
  });
});

test("EncryptedCluster keeps the construct IDs of its children", () => {
  const { logging, parameterGroup, resource, subnetGroup } = cluster({ subnetIds: SUBNETS });
  expect([resource, parameterGroup, subnetGroup, logging].map((child) => child?.node.path)).toStrictEqual([
    "test/Warehouse/Resource",
    "test/Warehouse/ParameterGroup",
    "test/Warehouse/SubnetGroup",
    "test/Warehouse/Logging",
  ]);
});

test("EncryptedCluster gives the audit log to a bucket the same construct ID as to CloudWatch", () => {
  expect(cluster({ logBucketName: "audit" }).logging?.node.path).toBe("test/Warehouse/Logging");
});

test("EncryptedCluster uses an existing parameter group and subnet group, and creates none", () => {
  const warehouse = cluster({ clusterParameterGroupName: "shared.tls", clusterSubnetGroupName: "shared-subnets" });
  const synthesized = synthesize(stackOf(warehouse));
  expect(only(synthesized, RedshiftCluster)).toMatchObject({
    cluster_parameter_group_name: "shared.tls",
    cluster_subnet_group_name: "shared-subnets",
  });
  expect(synthesized.resource).not.toHaveProperty(RedshiftParameterGroup.tfResourceType);
  expect(synthesized.resource).not.toHaveProperty(RedshiftSubnetGroup.tfResourceType);
  expect([warehouse.parameterGroup, warehouse.subnetGroup]).toStrictEqual([undefined, undefined]);
});

test("EncryptedCluster passes its provider to every resource and data source", () => {
  const stack = testStack();
  const provider = new AwsProvider(stack, "Other", { alias: "other", region: "eu-west-1" });
  cluster({ provider, subnetIds: SUBNETS }, stack);
  const { data, resource } = synthesize(stack);
  const providers = [...Object.entries(data), ...Object.entries(resource)].flatMap(([type, instances]) =>
    Object.values(instances).map((instance) => [type, instance.provider as unknown]),
  );
  expect(Object.fromEntries(providers)).toStrictEqual({
    aws_caller_identity: "aws.other",
    aws_partition: "aws.other",
    aws_redshift_cluster: "aws.other",
    aws_redshift_logging: "aws.other",
    aws_redshift_parameter_group: "aws.other",
    aws_redshift_subnet_group: "aws.other",
    aws_region: "aws.other",
    // Terraform's own.
    terraform_data: undefined,
  });
});

test("a protected cluster keeps identifier and key of its first apply in terraform_data", () => {
  const { resource } = synthesize(stackOf(cluster()));
  expect(resource.terraform_data).toStrictEqual({
    Warehouse_Immutable_17CA6D2C: {
      input: { cluster_identifier: "analytics", key_arn: KEY_ARN, key_made: false },
      lifecycle: { ignore_changes: ["input"] },
    },
  });
});

test("a cluster without protection does not keep identifier and key of its first apply", () => {
  const { resource } = synthesize(stackOf(cluster({ deletionProtection: false })));
  expect(resource.terraform_data!.Warehouse_Immutable_17CA6D2C).toStrictEqual({
    input: { cluster_identifier: "analytics", key_arn: KEY_ARN, key_made: false },
  });
});

test("a cluster is replaced with the key of its stack, and the plan fails if an existing key becomes a key of the stack", () => {
  const stack = testStack();
  const key = createdKey(stack);
  const { lifecycle } = only(synthesize(stackOf(cluster({ key }, stack))), RedshiftCluster) as {
    lifecycle: { precondition: Arguments[]; replace_triggered_by: string[] };
  };
  expect(lifecycle.replace_triggered_by).toStrictEqual([`aws_kms_key.${key.resource.friendlyUniqueId}.arn`]);
  expect(lifecycle.precondition).toHaveLength(3);
  expect(lifecycle.precondition[1]).toStrictEqual({
    condition: `\${${MADE}.key_made}`,
    error_message:
      "The key of this cluster cannot become a key that this plan creates: AWS refuses another key for an encrypted cluster, " +
      `which stays under \${${MADE}.key_arn}. ${WAY_OUT}`,
  });
});

describe("EncryptedCluster", () => {
  test.each([
    ["us-east-1", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
  ])("has a literal ARN in %s if account and Region are given", (region, partition) => {
    const stack = testStack();
    const key = existingKey(stack, KEY_ARN.replace("arn:aws", `arn:${partition}`).replace(REGION, region));
    const warehouse = cluster({ accountId: ACCOUNT, key, region }, stack);
    const prefix = `arn:${partition}:redshift:${region}:${ACCOUNT}`;
    expect(warehouse.warehouseArn).toBe(`${prefix}:cluster:analytics`);
    expect(warehouse.credentialScope).toStrictEqual({
      databaseArnPrefix: `${prefix}:dbname:analytics/`,
      databaseGroupArnPrefix: `${prefix}:dbgroup:analytics/`,
      databaseUserArnPrefix: `${prefix}:dbuser:analytics/`,
    });
    expect(warehouse.encryptionContext.pairs).toStrictEqual({
      "aws:redshift:arn": `${prefix}:cluster:analytics`,
      serviceName: "RedshiftDataAPI",
    });
    expect(synthesize(stackOf(warehouse)).data).toStrictEqual({});
  });

  test("has an ARN with the given partition, and the Region of a data source", () => {
    const stack = testStack();
    const key = existingKey(stack, KEY_ARN.replace("arn:aws", "arn:aws-cn"));
    const warehouse = cluster({ accountId: ACCOUNT, key, partition: "aws-cn" }, stack);
    const { data } = synthesize(stackOf(warehouse));
    expect(Object.keys(data)).toStrictEqual(["aws_region"]);
    expect(resolved(stackOf(warehouse), warehouse.warehouseArn)).toBe(
      `arn:aws-cn:redshift:${regionExpression(Object.keys(data.aws_region!).join())}:${ACCOUNT}:cluster:analytics`,
    );
  });

  test("accepts a Date as creation time into its encryption context", () => {
    const createTime = new Date(Date.UTC(2025, 7, 15, 13, 45));
    expect(cluster({ createTime }).encryptionContext.pairs["aws:redshift:createtime"]).toBe("20250815T1345Z");
  });
});

describe("the admin password of EncryptedCluster", () => {
  test("is managed by Redshift by default, without the arguments for a given password", () => {
    const synthesized = synthesizedCluster();
    expect(synthesized.manage_master_password).toBe(true);
    expect(Object.keys(synthesized)).not.toContain("master_password");
    expect(Object.keys(synthesized)).not.toContain("master_password_wo");
    expect(Object.keys(synthesized)).not.toContain("master_password_wo_version");
  });

  test("is not managed by Redshift if it is a prop", () => {
    const stack = testStack();
    const password = new TerraformVariable(stack, "password", { sensitive: true, type: "string" });
    cluster({ masterPasswordWo: password.stringValue, masterPasswordWoVersion: 1 }, stack);
    const synthesized = only(synthesize(stack), RedshiftCluster);
    expect(synthesized).toMatchObject({ master_password_wo: "${var.password}", master_password_wo_version: 1 });
    expect(Object.keys(synthesized)).not.toContain("manage_master_password");
    expect(Object.keys(synthesized)).not.toContain("master_password_secret_kms_key_id");
  });

  test("is refused as a literal, in an error that does not show it", () => {
    const make = (): EncryptedCluster => cluster({ masterPasswordWo: PASSWORD, masterPasswordWoVersion: 1 });
    expect(make).toThrow(
      new Error(
        "[test/Warehouse] 'masterPasswordWo' must come from an ephemeral resource or a variable, with no literal part, got: a literal",
      ),
    );
    expect(make).not.toThrow(PASSWORD);
  });
});

describe("the audit log of EncryptedCluster", () => {
  test("has only the logs of 'logExports'", () => {
    const { resource } = synthesize(stackOf(cluster({ logExports: ["userlog"] })));
    expect(Object.values(resource.aws_redshift_logging!)).toStrictEqual([
      expect.objectContaining({ log_destination_type: "cloudwatch", log_exports: ["userlog"] }),
    ]);
  });

  test("goes to a bucket, without a prefix if none is given", () => {
    const warehouse = cluster({ logBucketName: "audit" });
    expect(only(synthesize(stackOf(warehouse)), RedshiftLogging)).toStrictEqual({
      bucket_name: "audit",
      cluster_identifier: reference(warehouse.resource, "id"),
      log_destination_type: "s3",
    });
  });

  test("is off if 'logExports' is empty", () => {
    const warehouse = cluster({ logExports: [] });
    expect(synthesize(stackOf(warehouse)).resource).not.toHaveProperty(RedshiftLogging.tfResourceType);
    expect(warehouse.logging).toBeUndefined();
  });
});

describe("the number of nodes of EncryptedCluster", () => {
  test.each<[string, Partial<EncryptedClusterProps>, number | undefined]>([
    ["is 1 by default for rg.large", { nodeType: "rg.large" }, 1],
    ["is 2 by default for rg.12xlarge", { nodeType: "rg.12xlarge" }, 2],
    ["is 2 by default with 'multiAz'", { multiAz: true, nodeType: "ra3.large" }, 2],
    [
      "is 2 by default with 'multiAz' for a node type that is a token",
      { multiAz: true, nodeType: stringToken("ra3.large") },
      2,
    ],
    ["is left out for a node type that is a token", { nodeType: stringToken("ra3.large") }, undefined],
    ["is 'numberOfNodes' if it is given", { nodeType: "ra3.large", numberOfNodes: 3 }, 3],
  ])("%s", (_, props, expected) => {
    expect(synthesizedCluster(props).number_of_nodes).toBe(expected);
  });
});

test("EncryptedCluster accepts an attribute of a role resource as default role if 'iamRoles' has the same attribute", () => {
  const stack = testStack();
  const { resource } = new DataApiRole(stack, "Copy", {
    roleName: "Copy",
    trustedServices: ["redshift.amazonaws.com"],
  });
  cluster({ defaultIamRoleArn: resource.arn, iamRoles: [resource.arn] }, stack);
  expect(only(synthesize(stack), RedshiftCluster)).toMatchObject({
    default_iam_role_arn: reference(resource, "arn"),
    iam_roles: [reference(resource, "arn")],
  });
});

test("EncryptedCluster restores an automated snapshot, with rs: in its identifier", () => {
  const restored = synthesizedCluster({
    masterUsername: "owner",
    numberOfNodes: 2,
    snapshotIdentifier: "rs:analytics-2025-08-15-00-00-00",
  });
  expect(restored.snapshot_identifier).toBe("rs:analytics-2025-08-15-00-00-00");
});

test("EncryptedCluster accepts an admin name with any of _+.@-", () => {
  expect(() => cluster({ masterUsername: "data-admin_1+a.b@c" })).not.toThrow();
});

test("EncryptedCluster accepts a parameter with the name constructor", () => {
  expect(() => cluster({ parameters: { constructor: "1" } })).not.toThrow();
});

test("EncryptedCluster refuses a password of a literal and a token", () => {
  const masterPasswordWo = `${PASSWORD}${stringToken("x")}`;
  expect(() => cluster({ masterPasswordWo, masterPasswordWoVersion: 1 })).toThrow(
    new Error(
      "[test/Warehouse] 'masterPasswordWo' must come from an ephemeral resource or a variable, with no literal part, got: a literal",
    ),
  );
});

describe("relocation of EncryptedCluster", () => {
  test.each<[string, Partial<EncryptedClusterProps>, boolean | undefined]>([
    ["on by default for RA3", {}, true],
    ["on by default with two subnets", { subnetIds: SUBNETS.slice(0, 2) }, true],
    ["on by default with subnets unknown at synthesis", { subnetIds: listToken(SUBNETS) }, true],
    ["on by default for RG", { nodeType: "rg.xlarge" }, true],
    ["off with 'multiAz'", { multiAz: true, numberOfNodes: 2 }, false],
    ["off by default with one subnet", { subnetIds: SUBNETS.slice(0, 1) }, false],
    [
      "on with two subnets if 'availabilityZoneRelocationEnabled' is true",
      { ...RELOCATING, subnetIds: SUBNETS.slice(0, 2) },
      true,
    ],
    ["off if 'availabilityZoneRelocationEnabled' is false", { availabilityZoneRelocationEnabled: false }, false],
    ["on by default for a node type unknown at synthesis", { nodeType: stringToken("ra3.large") }, true],
  ])("is %s", (_, props, expected) => {
    expect(synthesizedCluster(props).availability_zone_relocation_enabled).toBe(expected);
  });
});

describe("the number of nodes of EncryptedCluster", () => {
  test.each([
    ["ra3.large", 1],
    ["ra3.xlplus", 1],
    ["ra3.4xlarge", 2],
    ["ra3.16xlarge", 2],
    ["rg.large", 1],
    ["rg.xlarge", 2],
    ["rg.4xlarge", 2],
    ["rg.12xlarge", 2],
  ])("is the minimum of %s by default", (nodeType, expected) => {
    expect(synthesizedCluster({ nodeType }).number_of_nodes).toBe(expected);
  });

  test.each([
    ["ra3.large", 16],
    ["ra3.xlplus", 32],
    ["ra3.4xlarge", 64],
    ["ra3.16xlarge", 128],
    ["rg.large", 16],
    ["rg.xlarge", 32],
    ["rg.4xlarge", 64],
    ["rg.12xlarge", 128],
  ])("may be the maximum of %s at most", (nodeType, max) => {
    expect(synthesizedCluster({ nodeType, numberOfNodes: max }).number_of_nodes).toBe(max);
    expect(() => cluster({ nodeType, numberOfNodes: max + 1 })).toThrow(`to ${max} for ${nodeType}, got: ${max + 1}`);
  });

  test("is absent by default for a node type unknown at synthesis", () => {
    expect(synthesizedCluster({ nodeType: stringToken("rg.xlarge") })).not.toHaveProperty("number_of_nodes");
  });
});

describe("an EncryptedCluster that is restored from a snapshot", () => {
  test.each<[string, Partial<EncryptedClusterProps>, Arguments]>([
    ["by ARN", { snapshotArn: SNAPSHOT_ARN }, { snapshot_arn: SNAPSHOT_ARN }],
    [
      "by identifier",
      { ownerAccount: "444455556666", snapshotClusterIdentifier: "source", snapshotIdentifier: "nightly" },
      {
        owner_account: "444455556666",
        snapshot_cluster_identifier: "source",
        snapshot_identifier: "nightly",
      },
    ],
  ])(
    "%s takes key and database from the snapshot, and checks the snapshot's key after the apply",
    (_, props, expected) => {
      const warehouse = cluster({ ...props, databaseName: "sales", masterUsername: "owner", numberOfNodes: 2 });
      expect(only(synthesize(stackOf(warehouse)), RedshiftCluster)).toStrictEqual({
        automated_snapshot_retention_period: 7,
        availability_zone_relocation_enabled: true,
        cluster_identifier: "analytics",
        cluster_parameter_group_name: reference(warehouse.parameterGroup!, "name"),
        encrypted: "true",
        enhanced_vpc_routing: true,
        final_snapshot_identifier: "analytics-final",
        lifecycle: {
          postcondition: [
            {
              condition: `\${(self.kms_key_id == "${KEY_ARN}")}`,
              error_message:
                "The restored cluster is encrypted with ${self.kms_key_id}, the snapshot's key, " +
                `not with ${KEY_ARN}. Give the snapshot's key as 'key'.`,
            },
          ],
          precondition: IMMUTABLES,
          prevent_destroy: true,
        },
        manage_master_password: true,
        master_password_secret_kms_key_id: KEY_ARN,
        master_username: "owner",
        multi_az: false,
        node_type: "ra3.large",
        number_of_nodes: 2,
        port: 5439,
        publicly_accessible: false,
        skip_final_snapshot: false,
        ...expected,
      });
      expect(warehouse.databaseName).toBe("sales");
    },
  );
});

test("a restored EncryptedCluster with 'reencrypt' has the given key", () => {
  const synthesized = synthesizedCluster({ ...OWN, reencrypt: true, snapshotArn: SNAPSHOT_ARN });
  expect(synthesized).toMatchObject({ kms_key_id: KEY_ARN, snapshot_arn: SNAPSHOT_ARN });
  expect((synthesized.lifecycle as Arguments).postcondition).toHaveLength(1);
});

test("an EncryptedCluster that is restored from another account's snapshot with 'reencrypt' has the given key", () => {
  const shared = { ownerAccount: "444455556666", snapshotIdentifier: "shared" };
  expect(synthesizedCluster({ ...OWN, ...shared, reencrypt: true })).toMatchObject({
    kms_key_id: KEY_ARN,
    owner_account: "444455556666",
  });
});

test("EncryptedCluster restores a snapshot of a serverless namespace", () => {
  const snapshotArn = `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}:snapshot/12345678-1234-1234-1234-123456789012`;
  expect(synthesizedCluster({ ...OWN, snapshotArn })).toMatchObject({ snapshot_arn: snapshotArn });
});

test("EncryptedCluster encrypts the admin's secret with 'adminSecretKeyArn'", () => {
  const adminSecretKeyArn = KEY_ARN.replace("1234", "abcd");
  expect(synthesizedCluster({ adminSecretKeyArn })).toMatchObject({
    kms_key_id: KEY_ARN,
    master_password_secret_kms_key_id: adminSecretKeyArn,
  });
});

test("EncryptedCluster accepts -1 as retention of manual snapshots", () => {
  const synthesized = synthesizedCluster({ manualSnapshotRetentionPeriod: -1 });
  expect(synthesized.manual_snapshot_retention_period).toBe(-1);
});

test("EncryptedCluster throws without props", () => {
  expect(() => new EncryptedCluster(testStack(), "Warehouse", undefined as never)).toThrow(
    new Error("[test/Warehouse] 'props' must be given, got: nothing"),
  );
});

test("EncryptedCluster names no final snapshot if 'skipFinalSnapshot' is true", () => {
  const synthesized = synthesizedCluster({ skipFinalSnapshot: true });
  expect(synthesized.skip_final_snapshot).toBe(true);
  expect(synthesized).not.toHaveProperty("final_snapshot_identifier");
});

describe("EncryptedCluster", () => {
  test.each<[string, Partial<EncryptedClusterProps>]>([
    ["relocation that is turned off for RA3", { availabilityZoneRelocationEnabled: false }],
    ["relocation that is turned off for RG", { availabilityZoneRelocationEnabled: false, nodeType: "rg.xlarge" }],
  ])("warns of %s", (_, props) => {
    expect(warningsOf(stackOf(cluster(props)))).toStrictEqual([
      "AWS creates a cluster with relocation on. Before version 6.3, the provider turns relocation off only with the second apply: apply " +
        "a new cluster twice",
    ]);
  });

  test("warns if a restored cluster has a key of its stack", () => {
    const stack = testStack();
    cluster({ ...RESTORED, key: createdKey(stack) }, stack);
    expect(warningsOf(stack)).toStrictEqual([
      "a restored cluster keeps the snapshot's key: if 'key' is another key, the apply fails after the restore, unless " +
        "'reencrypt' is true",
    ]);
  });

  test("does not warn if a restored cluster with 'reencrypt' has a key of its stack", () => {
    const stack = testStack();
    cluster({ ...RESTORED, key: createdKey(stack), reencrypt: true }, stack);
    expect(warningsOf(stack)).toStrictEqual([]);
  });

  test("does not warn if a new cluster has a key of its stack", () => {
    const stack = testStack();
    cluster({ key: createdKey(stack) }, stack);
    expect(warningsOf(stack)).toStrictEqual([]);
  });

  test.each<[string, Partial<EncryptedClusterProps>]>([
    ["an existing key for a restored cluster", { ...OWN, snapshotArn: SNAPSHOT_ARN }],
    ["relocation that is on for RG", { nodeType: "rg.xlarge" }],
    ["a node type of RG with 'multiAz'", { multiAz: true, nodeType: "rg.xlarge" }],
    ["relocation that is on for RA3", { availabilityZoneRelocationEnabled: true }],
    [
      "relocation that is off for RA3 with 'multiAz'",
      { availabilityZoneRelocationEnabled: false, multiAz: true, nodeType: "ra3.4xlarge" },
    ],
  ])("does not warn of %s", (_, props) => {
    expect(warningsOf(stackOf(cluster(props)))).toStrictEqual([]);
  });
});

describe("an unlisted value for EncryptedCluster", () => {
  const warning = (prop: string, value: string, nearest: string): string =>
    `'${prop}' should be a known value, got: ${value}. The nearest is ${nearest}. If AWS has added the value, ignore this ` +
    "warning: checks that depend on the value are skipped";

  test.each<[string, Partial<EncryptedClusterProps>, string]>([
    ["a newer node type", { nodeType: "ra4.large", numberOfNodes: 500 }, warning("nodeType", "ra4.large", "ra3.large")],
    ["a mistyped node type", { nodeType: "rg.4xlage" }, warning("nodeType", "rg.4xlage", "rg.4xlarge")],
    [
      "a maintenance track",
      { maintenanceTrackName: "preview_2026" },
      warning("maintenanceTrackName", "preview_2026", "trailing"),
    ],
    ["a log export", { logExports: ["userlog", "errorlog"] }, warning("logExports[1]", "errorlog", "userlog")],
  ])("is accepted with a warning: %s", (_, props, text) => {
    const warehouse = cluster(props);
    expect(warningsOf(stackOf(warehouse))).toStrictEqual([text]);
    expect(() => synthesize(stackOf(warehouse))).not.toThrow();
  });

  test("as partition is accepted with a warning", () => {
    const stack = testStack();
    const key = existingKey(stack, KEY_ARN.replace("aws", "aws-usgov"));
    cluster({ key, partition: "aws-usgov" }, stack);
    expect(warningsOf(stack)).toContain(warning("partition", "aws-usgov", "aws-us-gov"));
  });

  test("as node type leaves the number of nodes out", () => {
    expect(synthesizedCluster({ nodeType: "ra4.large" })).not.toHaveProperty("number_of_nodes");
  });
});

describe("a token for EncryptedCluster", () => {
  test("gives no warning as the list 'logExports'", () => {
    const stack = stackOf(cluster({ logExports: listToken(["userlog"]) }));
    expect(warningsOf(stack)).toStrictEqual([]);
  });

  test("is passed to the argument of its prop", () => {
    const synthesized = synthesizedCluster({
      clusterIdentifier: stringToken("analytics"),
      defaultIamRoleArn: ROLE_ARN,
      iamRoles: listToken([ROLE_ARN]),
      multiAz: true,
      nodeType: stringToken("ra3.large"),
      numberOfNodes: numberToken(2),
      port: numberToken(5439),
      subnetIds: listToken(SUBNETS),
    });
    expect(synthesized).toMatchObject({
      cluster_identifier: "analytics",
      final_snapshot_identifier: "analytics-final",
      iam_roles: [ROLE_ARN],
      node_type: "ra3.large",
      number_of_nodes: 2,
      port: 5439,
    });
  });

  test.each<[string, Partial<EncryptedClusterProps>, string]>([
    [
      "as identifier does not skip the check of the port",
      { clusterIdentifier: stringToken("analytics"), port: 1 },
      "'port' must be a port from 5431 to 5455 or from 8191 to 8215, got: 1",
    ],
    [
      "as one subnet does not skip the check of the next subnet",
      { subnetIds: [stringToken(SUBNETS[0]!), "subnet-x"] },
      "'subnetIds[1]' must be a subnet ID such as subnet-0123456789abcdef0, got: subnet-x",
    ],
    [
      "as node type does not skip the check for two nodes with 'multiAz'",
      { multiAz: true, nodeType: stringToken("ra3.large"), numberOfNodes: 1 },
      "'numberOfNodes' must be 2 or more if 'multiAz' is true, got: 1",
    ],
    [
      "as list of subnets does not skip the check against a subnet group",
      { clusterSubnetGroupName: "shared", subnetIds: listToken(SUBNETS) },
      "'clusterSubnetGroupName' must not be combined with 'subnetIds': the group has its own subnets, got: shared",
    ],
    [
      "as Region does not skip the check of the partition",
      { partition: "amazon", region: stringToken(REGION) },
      "'partition' must be an AWS partition, got: amazon",
    ],
  ])("%s", (_, props, message) => {
    expect(() => cluster(props)).toThrow(shownError(`[test/Warehouse] ${message}`));
  });

  test("as node type skips the check of the maximum of nodes", () => {
    expect(synthesizedCluster({ nodeType: stringToken("ra3.large"), numberOfNodes: 128 }).number_of_nodes).toBe(128);
  });

  test("as number of nodes is accepted", () => {
    expect(synthesizedCluster({ nodeType: "ra3.large", numberOfNodes: numberToken(2) }).number_of_nodes).toBe(2);
  });
});

describe("the checks of EncryptedCluster", () => {
  test("report all problems in one error", () => {
    expect(() =>
      cluster({
        accountId: "1",
        clusterIdentifier: "Analytics",
        iamRoles: ["Copy"],
        logBucketName: "B",
        masterPasswordWo: PASSWORD,
        nodeType: "dc2.large",
        ownerAccount: "1",
        parameters: { require_ssl: "false" },
        skipFinalSnapshot: true,
        finalSnapshotIdentifier: "last",
        subnetIds: [],
      }),
    ).toThrow(
      new Error(
        [
          "[test/Warehouse] 'iamRoles[0]' must be the ARN of an IAM role whose trust policy can be changed, so none under /aws-reserved/ or /aws-service-role/, got: Copy",
          "[test/Warehouse] 'clusterIdentifier' must be 1 to 63 lowercase letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row, got: Analytics",
          "[test/Warehouse] 'nodeType' must be one of ra3.large, ra3.xlplus, ra3.4xlarge, ra3.16xlarge, rg.large, rg.xlarge, rg.4xlarge, rg.12xlarge, or a newer value of the same form, got: dc2.large",
          `[test/Warehouse] 'accountId' must be a 12-digit AWS account ID, got: "1"`,
          "[test/Warehouse] 'logBucketName' must be the name of an S3 bucket, got: B",
          `[test/Warehouse] 'ownerAccount' must be a 12-digit AWS account ID, got: "1"`,
          "[test/Warehouse] 'subnetIds' must name at least one subnet, got: []",
          `[test/Warehouse] 'parameters.require_ssl' must be left out: it is always true, got: "false"`,
          "[test/Warehouse] 'masterPasswordWo' must come from an ephemeral resource or a variable, with no literal part, got: a literal",
          "[test/Warehouse] 'finalSnapshotIdentifier' must be left out if 'skipFinalSnapshot' is true, got: last",
        ].join("\n"),
      ),
    );
  });

  test("throw the error of a fault in place of the collected problems", () => {
    const defect = new TypeError("a defect");
    expect(() =>
      checkAll(
        () => cluster({ port: 1 }),
        () => {
          throw defect;
        },
      ),
    ).toThrow(defect);
  });
});

const IDENTIFIER_RULE =
  "be 1 to 63 lowercase letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row";
const DATABASE_RULE =
  "be 1 to 64 lowercase letters, digits or any of _$, beginning with a letter, and not be a reserved word of Redshift";
const PREFIX_RULE = "be 1 to 256 letters, digits, spaces or any of _.:/=+-@";
const PORT_RULE = "be a port from 5431 to 5455 or from 8191 to 8215";
const WINDOW_RULE =
  "be ddd:hh:mm-ddd:hh:mm in UTC, lowercase and at least 30 minutes long, such as sun:03:00-sun:04:00";
const USERNAME_RULE =
  "be 1 to 128 lowercase letters, digits or any of _+.@-, beginning with a letter, and not be PUBLIC or a reserved word of Redshift";
const TAGS_RULE =
  "be at most 50 tags: keys of 1 to 128 characters that do not start with aws: and differ in more than case, values of at most 256, and in both only letters, digits, spaces and any of _.:/=+-@";
const NODE_TYPE_RULE =
  "be one of ra3.large, ra3.xlplus, ra3.4xlarge, ra3.16xlarge, rg.large, rg.xlarge, rg.4xlarge, rg.12xlarge, or a newer value of the same form";
const KEY_RULE = "be a DataApiKey, or a key that DataApiKey.fromKeyArn returns";
const DECISION_RULE = "be true or false, known when the configuration is synthesized";
const GROUP_RULE = "be 1 to 255 lowercase letters, digits, hyphens or dots";
const SNAPSHOT_RULE =
  "be 1 to 255 letters, digits or hyphens, beginning with a letter, with no hyphen at the end and no two in a row";
const MANUAL_RULE = "be -1 (kept for ever) or an integer from 1 to 3653";
const LONG = "a".repeat(300);
const MANY_TAGS = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, ""]));
const shown = JSON.stringify;

describe("EncryptedCluster refuses", () => {
  test.each<[string, Partial<EncryptedClusterProps>, string]>([
    [
      "a missing identifier",
      { clusterIdentifier: undefined! },
      `'clusterIdentifier' must ${IDENTIFIER_RULE}, got: nothing`,
    ],
    ["an empty identifier", { clusterIdentifier: "" }, `'clusterIdentifier' must ${IDENTIFIER_RULE}, got: ""`],
    [
      "an identifier with a capital",
      { clusterIdentifier: "Bi" },
      `'clusterIdentifier' must ${IDENTIFIER_RULE}, got: Bi`,
    ],
    [
      "an identifier with two hyphens in a row",
      { clusterIdentifier: "a--b" },
      `'clusterIdentifier' must ${IDENTIFIER_RULE}, got: a--b`,
    ],
    [
      "an identifier that ends with a hyphen",
      { clusterIdentifier: "a-" },
      `'clusterIdentifier' must ${IDENTIFIER_RULE}, got: a-`,
    ],
    [
      "an identifier that begins with a digit",
      { clusterIdentifier: "1a" },
      `'clusterIdentifier' must ${IDENTIFIER_RULE}, got: 1a`,
    ],
    [
      "an identifier of 64 characters",
      { clusterIdentifier: LONG.slice(0, 64) },
      `'clusterIdentifier' must ${IDENTIFIER_RULE}, got: ${LONG.slice(0, 64)}`,
    ],
    ["a database name with a capital", { databaseName: "Dev" }, `'databaseName' must ${DATABASE_RULE}, got: Dev`],
    [
      "a database name that begins with a digit",
      { databaseName: "1a" },
      `'databaseName' must ${DATABASE_RULE}, got: 1a`,
    ],
    [
      "a database name of 65 characters",
      { databaseName: LONG.slice(0, 65) },
      `'databaseName' must ${DATABASE_RULE}, got: ${LONG.slice(0, 65)}`,
    ],
    ["port 5430", { port: 5430 }, `'port' must ${PORT_RULE}, got: 5430`],
    ["port 5456", { port: 5456 }, `'port' must ${PORT_RULE}, got: 5456`],
    ["port 8190", { port: 8190 }, `'port' must ${PORT_RULE}, got: 8190`],
    ["port 8216", { port: 8216 }, `'port' must ${PORT_RULE}, got: 8216`],
    ["a port with a fraction", { port: 5439.5 }, `'port' must ${PORT_RULE}, got: 5439.5`],
    [
      "a maintenance track with a hyphen",
      { maintenanceTrackName: "preview-2026" },
      "'maintenanceTrackName' must be one of current, trailing, or a newer value of the same form, got: preview-2026",
    ],
    [
      "a maintenance window of 29 minutes",
      { preferredMaintenanceWindow: "sun:23:45-mon:00:14" },
      `'preferredMaintenanceWindow' must ${WINDOW_RULE}, got: sun:23:45-mon:00:14`,
    ],
    [
      "a maintenance window with capitals",
      { preferredMaintenanceWindow: "Sun:03:00-Sun:04:00" },
      `'preferredMaintenanceWindow' must ${WINDOW_RULE}, got: Sun:03:00-Sun:04:00`,
    ],
    [
      "a maintenance window with hour 24",
      { preferredMaintenanceWindow: "sun:24:00-mon:01:00" },
      `'preferredMaintenanceWindow' must ${WINDOW_RULE}, got: sun:24:00-mon:01:00`,
    ],
    ["an admin name with a capital", { masterUsername: "Admin" }, `'masterUsername' must ${USERNAME_RULE}, got: Admin`],
    ["a reserved word as database name", { databaseName: "table" }, `'databaseName' must ${DATABASE_RULE}, got: table`],
    ["a reserved word as admin name", { masterUsername: "user" }, `'masterUsername' must ${USERNAME_RULE}, got: user`],
    ["an admin name with a colon", { masterUsername: "a:b" }, `'masterUsername' must ${USERNAME_RULE}, got: a:b`],
    ["the admin name public", { masterUsername: "public" }, `'masterUsername' must ${USERNAME_RULE}, got: public`],
    [
      "an admin name of 129 characters",
      { masterUsername: LONG.slice(0, 129) },
      `'masterUsername' must ${USERNAME_RULE}, got: ${LONG.slice(0, 129)}`,
    ],
    ["a tag whose key begins with aws:", { tags: { "aws:x": "y" } }, `'tags' must ${TAGS_RULE}, got: {"aws:x":"y"}`],
    ["a tag value of 300 characters", { tags: { a: LONG } }, `'tags' must ${TAGS_RULE}, got: ${shown({ a: LONG })}`],
    ["51 tags", { tags: MANY_TAGS }, `'tags' must ${TAGS_RULE}, got: ${shown(MANY_TAGS)}`],
    [
      "the ARN of an IAM user in 'iamRoles'",
      { iamRoles: [`arn:aws:iam::${ACCOUNT}:user/Copy`] },
      `'iamRoles[0]' must be the ARN of an IAM role whose trust policy can be changed, so none under /aws-reserved/ or /aws-service-role/, got: arn:aws:iam::${ACCOUNT}:user/Copy`,
    ],
    ...[
      "aws-service-role/redshift.amazonaws.com/AWSServiceRoleForRedshift",
      "aws-reserved/sso.amazonaws.com/Any",
      "AWSReservedSSO_Any_0",
    ].map((role): [string, Partial<EncryptedClusterProps>, string] => [
      `the role ${role}, which only AWS may change`,
      { iamRoles: [`arn:aws:iam::${ACCOUNT}:role/${role}`] },
      `'iamRoles[0]' must be the ARN of an IAM role whose trust policy can be changed, so none under /aws-reserved/ or /aws-service-role/, got: arn:aws:iam::${ACCOUNT}:role/${role}`,
    ]),
    [
      "the same role twice",
      { iamRoles: [ROLE_ARN, ROLE_ARN] },
      `'iamRoles[1]' must not repeat an earlier item, got: ${ROLE_ARN}`,
    ],
    [
      "a default role by name",
      { defaultIamRoleArn: "Copy" },
      "'defaultIamRoleArn' must be the ARN of an IAM role whose trust policy can be changed, so none under /aws-reserved/ or /aws-service-role/, got: Copy",
    ],
    [
      "a default role that is not one of 'iamRoles'",
      { defaultIamRoleArn: ROLE_ARN, iamRoles: [`${ROLE_ARN}2`] },
      `'defaultIamRoleArn' must be one of 'iamRoles', got: ${ROLE_ARN}`,
    ],
    ["a missing node type", { nodeType: undefined! }, `'nodeType' must ${NODE_TYPE_RULE}, got: nothing`],
    ["a node type of dense compute", { nodeType: "dc2.large" }, `'nodeType' must ${NODE_TYPE_RULE}, got: dc2.large`],
    [
      "one node of a type that needs two",
      { nodeType: "ra3.4xlarge", numberOfNodes: 1 },
      "'numberOfNodes' must be an integer from 2 to 64 for ra3.4xlarge, got: 1",
    ],
    ["0 nodes", { numberOfNodes: 0 }, "'numberOfNodes' must be an integer of 1 or more, got: 0"],
    ["half a node", { numberOfNodes: 1.5 }, "'numberOfNodes' must be an integer of 1 or more, got: 1.5"],
    [
      "one node with 'multiAz'",
      { multiAz: true, numberOfNodes: 1 },
      "'numberOfNodes' must be 2 or more if 'multiAz' is true, got: 1",
    ],
    [
      "the identifier default with subnets, whose group would have that name",
      { clusterIdentifier: "default", subnetIds: SUBNETS },
      "'clusterIdentifier' must not be default, because AWS has a subnet group of that name, got: default",
    ],
    [
      "a parameter without a value",
      { parameters: { statement_timeout: "" } },
      `'parameters.statement_timeout' must be a string of 1 to 32768 characters, got: ""`,
    ],
    [
      "relocation together with 'multiAz'",
      { availabilityZoneRelocationEnabled: true, multiAz: true, numberOfNodes: 2 },
      "'availabilityZoneRelocationEnabled' must be false if 'multiAz' is true, got: true",
    ],
    [
      "a subnet group name with a capital",
      { clusterSubnetGroupName: "Default" },
      `'clusterSubnetGroupName' must ${GROUP_RULE}, got: Default`,
    ],
    [
      "a subnet group and subnets together",
      { clusterSubnetGroupName: "shared", subnetIds: SUBNETS },
      "'clusterSubnetGroupName' must not be combined with 'subnetIds': the group has its own subnets, got: shared",
    ],
    [
      "a key for the admin's secret and a given password",
      { adminSecretKeyArn: KEY_ARN, masterPasswordWo: stringToken("password"), masterPasswordWoVersion: 1 },
      `'adminSecretKeyArn' must not be combined with 'masterPasswordWo': a given password has no secret, got: ${KEY_ARN}`,
    ],
    [
      "21 subnets",
      { subnetIds: Array.from({ length: 21 }, (_, index) => `subnet-${10_000_000 + index}`) },
      "'subnetIds' must name at most 20 subnets, got: 21 subnets",
    ],
    ["an empty list of subnets", { subnetIds: [] }, "'subnetIds' must name at least one subnet, got: []"],
    [
      "the ID of a VPC as a subnet",
      { subnetIds: [SUBNETS[0]!, "vpc-01234567"] },
      "'subnetIds[1]' must be a subnet ID such as subnet-0123456789abcdef0, got: vpc-01234567",
    ],
    [
      "the same subnet twice",
      { subnetIds: [SUBNETS[0]!, SUBNETS[0]!] },
      `'subnetIds[1]' must not repeat an earlier item, got: ${SUBNETS[0]}`,
    ],
    [
      "two subnets with 'multiAz'",
      { multiAz: true, numberOfNodes: 2, subnetIds: SUBNETS.slice(0, 2) },
      `'subnetIds' must name subnets in three Availability Zones if 'multiAz' is true, got: ${shown(SUBNETS.slice(0, 2))}`,
    ],
    [
      "relocation with one subnet",
      { availabilityZoneRelocationEnabled: true, subnetIds: SUBNETS.slice(0, 1) },
      `'subnetIds' must name subnets in two Availability Zones if the cluster may relocate, got: ${shown(SUBNETS.slice(0, 1))}`,
    ],
    [
      "a security group by name",
      { vpcSecurityGroupIds: ["default"] },
      "'vpcSecurityGroupIds[0]' must be a security group ID such as sg-0123456789abcdef0, got: default",
    ],
    [
      "a parameter group name with an underscore",
      { clusterParameterGroupName: "a_b" },
      `'clusterParameterGroupName' must ${GROUP_RULE}, got: a_b`,
    ],
    [
      "a parameter group and parameters together",
      { clusterParameterGroupName: "shared", parameters: { auto_mv: "true" } },
      "'clusterParameterGroupName' must not be combined with 'parameters': the group has its own parameters, got: shared",
    ],
    [
      "the parameter require_ssl",
      { parameters: { require_ssl: "false" } },
      `'parameters.require_ssl' must be left out: it is always true, got: "false"`,
    ],
    [
      "the parameter enable_user_activity_logging",
      { parameters: { enable_user_activity_logging: "false" } },
      `'parameters.enable_user_activity_logging' must be left out: it is always true, got: "false"`,
    ],
    [
      "a parameter with a hyphen",
      { parameters: { "auto-mv": "true" } },
      "'parameters.auto-mv' must be a parameter name of lowercase letters and underscores, got: auto-mv",
    ],
    [
      "a password without a version",
      { masterPasswordWo: stringToken(PASSWORD) },
      "'masterPasswordWoVersion' must be given with 'masterPasswordWo', got: nothing",
    ],
    [
      "a password version without a password",
      { masterPasswordWoVersion: 1 },
      "'masterPasswordWo' must be given with 'masterPasswordWoVersion', got: nothing",
    ],
    [
      "password version 0",
      { masterPasswordWo: stringToken(PASSWORD), masterPasswordWoVersion: 0 },
      "'masterPasswordWoVersion' must be an integer of 1 or more, got: 0",
    ],
    [
      "an empty password",
      { masterPasswordWo: "", masterPasswordWoVersion: 1 },
      "'masterPasswordWo' must come from an ephemeral resource or a variable, with no literal part, got: a literal",
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
    ["a bucket by ARN", { logBucketName: "arn:b" }, "'logBucketName' must be the name of an S3 bucket, got: arn:b"],
    [
      "an empty log prefix",
      { logBucketName: "audit", logS3KeyPrefix: "" },
      `'logS3KeyPrefix' must ${PREFIX_RULE}, got: ""`,
    ],
    [
      "a log prefix of 300 characters",
      { logBucketName: "audit", logS3KeyPrefix: LONG },
      `'logS3KeyPrefix' must ${PREFIX_RULE}, got: ${LONG}`,
    ],
    [
      "a prefix of the log with a character that S3 allows and Redshift does not",
      { logBucketName: "audit", logS3KeyPrefix: "audit*" },
      `'logS3KeyPrefix' must ${PREFIX_RULE}, got: audit*`,
    ],
    [
      "a log prefix without a bucket",
      { logS3KeyPrefix: "a/" },
      "'logS3KeyPrefix' must be given only with 'logBucketName', got: a/",
    ],
    [
      "log exports together with a bucket",
      { logBucketName: "audit", logExports: ["userlog"] },
      `'logExports' must not be combined with 'logBucketName': a bucket gets every log, got: ["userlog"]`,
    ],
    [
      "automated snapshot retention of 0 days",
      { automatedSnapshotRetentionPeriod: 0 },
      "'automatedSnapshotRetentionPeriod' must be an integer from 1 to 35, got: 0",
    ],
    [
      "automated snapshot retention of 36 days",
      { automatedSnapshotRetentionPeriod: 36 },
      "'automatedSnapshotRetentionPeriod' must be an integer from 1 to 35, got: 36",
    ],
    [
      "manual snapshot retention of 0 days",
      { manualSnapshotRetentionPeriod: 0 },
      `'manualSnapshotRetentionPeriod' must ${MANUAL_RULE}, got: 0`,
    ],
    [
      "manual snapshot retention of 3,654 days",
      { manualSnapshotRetentionPeriod: 3654 },
      `'manualSnapshotRetentionPeriod' must ${MANUAL_RULE}, got: 3654`,
    ],
    [
      "a final snapshot identifier that begins with a digit",
      { finalSnapshotIdentifier: "1st" },
      `'finalSnapshotIdentifier' must ${SNAPSHOT_RULE}, got: 1st`,
    ],
    [
      "a final snapshot identifier of 256 characters",
      { finalSnapshotIdentifier: LONG.slice(0, 256) },
      `'finalSnapshotIdentifier' must ${SNAPSHOT_RULE}, got: ${LONG.slice(0, 256)}`,
    ],
    [
      "a final snapshot identifier together with 'skipFinalSnapshot'",
      { finalSnapshotIdentifier: "last", skipFinalSnapshot: true },
      "'finalSnapshotIdentifier' must be left out if 'skipFinalSnapshot' is true, got: last",
    ],
    [
      "the ARN of a cluster as snapshot",
      { ...OWN, snapshotArn: CLUSTER_ARN },
      `'snapshotArn' must be the ARN of a snapshot of a cluster or of a serverless namespace, got: ${CLUSTER_ARN}`,
    ],
    [
      "'reencrypt' without a snapshot",
      { reencrypt: true },
      "'reencrypt' must be given only with 'snapshotArn' or 'snapshotIdentifier', got: true",
    ],
    [
      "a snapshot identifier with an underscore",
      { ...OWN, snapshotIdentifier: "a_b" },
      "'snapshotIdentifier' must be the identifier of a snapshot, with rs: before it if the snapshot is automated, got: a_b",
    ],
    [
      "a snapshot both by ARN and by identifier",
      { ...RESTORED, snapshotArn: SNAPSHOT_ARN },
      `'snapshotArn' must not be combined with 'snapshotIdentifier': each of the two names a snapshot, got: ${SNAPSHOT_ARN}`,
    ],
    [
      "a malformed 'snapshotClusterIdentifier'",
      { ...RESTORED, snapshotClusterIdentifier: "A" },
      `'snapshotClusterIdentifier' must ${IDENTIFIER_RULE}, got: A`,
    ],
    [
      "'snapshotClusterIdentifier' without 'snapshotIdentifier'",
      { snapshotClusterIdentifier: "source" },
      "'snapshotClusterIdentifier' must be given only with 'snapshotIdentifier', got: source",
    ],
    [
      "'ownerAccount' without 'snapshotIdentifier'",
      { ownerAccount: ACCOUNT },
      `'ownerAccount' must be given only with 'snapshotIdentifier', got: "${ACCOUNT}"`,
    ],
    [
      "an 'ownerAccount' that is no account ID",
      { ...RESTORED, ownerAccount: "self" },
      "'ownerAccount' must be a 12-digit AWS account ID, got: self",
    ],
    [
      "a snapshot without 'masterUsername'",
      { numberOfNodes: 2, snapshotArn: SNAPSHOT_ARN },
      "'masterUsername' must be the name in the snapshot, because another name replaces the cluster, got: nothing",
    ],
    [
      "a snapshot without 'numberOfNodes'",
      { masterUsername: "owner", snapshotArn: SNAPSHOT_ARN },
      "'numberOfNodes' must be given for a restored cluster, because AWS would keep the snapshot's number of nodes, got: nothing",
    ],
    [
      "a key of another Region",
      { region: "eu-west-1" },
      `'key.keyArn' must be the ARN of a key in eu-west-1, got: ${KEY_ARN}`,
    ],
    [
      "a key of another partition",
      { partition: "aws-cn" },
      `'key.keyArn' must be of the partition aws-cn, got: ${KEY_ARN}`,
    ],
    [
      "51 roles",
      { iamRoles: Array.from({ length: 51 }, (_, index) => `${ROLE_ARN}${index}`) },
      "'iamRoles' must name at most 50 roles, got: 51 roles",
    ],
    [
      "a role of another account",
      { accountId: ACCOUNT, iamRoles: [ROLE_ARN.replace(ACCOUNT, "444455556666")] },
      `'iamRoles[0]' must be of the account ${ACCOUNT}, got: ${ROLE_ARN.replace(ACCOUNT, "444455556666")}`,
    ],
    [
      "a key of the admin's secret in another Region than the key's",
      { adminSecretKeyArn: KEY_ARN.replace(REGION, "eu-west-1") },
      `'adminSecretKeyArn' must be of the Region ${REGION}, got: ${KEY_ARN.replace(REGION, "eu-west-1")}`,
    ],
    [
      "a key of the admin's secret in another partition than the key's",
      { adminSecretKeyArn: KEY_ARN.replace("aws", "aws-cn") },
      `'adminSecretKeyArn' must be of the partition aws, got: ${KEY_ARN.replace("aws", "aws-cn")}`,
    ],
    [
      "a snapshot of another Region",
      { ...OWN, region: REGION, snapshotArn: SNAPSHOT_ARN.replace(REGION, "eu-west-1") },
      `'snapshotArn' must be of the Region ${REGION}, got: ${SNAPSHOT_ARN.replace(REGION, "eu-west-1")}`,
    ],
    [
      "a snapshot of another partition",
      { ...OWN, snapshotArn: SNAPSHOT_ARN.replace("aws", "aws-cn") },
      `'snapshotArn' must be of the partition aws, got: ${SNAPSHOT_ARN.replace("aws", "aws-cn")}`,
    ],
    [
      "a role of another partition",
      { iamRoles: [ROLE_ARN.replace("aws", "aws-cn")], region: REGION },
      `'iamRoles[0]' must be of the partition aws, got: ${ROLE_ARN.replace("aws", "aws-cn")}`,
    ],
    [
      "a role ARN with the unknown partition awsevil",
      { iamRoles: [ROLE_ARN.replace("aws", "awsevil")] },
      `'iamRoles[0]' must be the ARN of an IAM role whose trust policy can be changed, so none under /aws-reserved/ or /aws-service-role/, got: ${ROLE_ARN.replace("aws", "awsevil")}`,
    ],
    ["a key by ARN", { key: KEY_ARN as never }, `'key' must ${KEY_RULE}, got: ${KEY_ARN}`],
    ["a bigint as port", { port: 5439n as never }, `'port' must ${PORT_RULE}, got: "a bigint"`],
    ["null as key", { key: null as never }, `'key' must ${KEY_RULE}, got: null`],
    ["a stack as key", { key: testStack() as never }, `'key' must ${KEY_RULE}, got: "TerraformStack"`],
    [
      "a key object whose ARN is an alias",
      { key: { addUser: () => undefined, keyArn: "alias/analytics" } as never },
      "'key.keyArn' must be the ARN of a KMS key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an alias and not a key ID, got: alias/analytics",
    ],
    ["a string as 'subnetIds'", { subnetIds: SUBNETS[0] as never }, `'subnetIds' must be a list, got: ${SUBNETS[0]}`],
    ["a string as 'multiAz'", { multiAz: "false" as never }, `'multiAz' must be true or false, got: "false"`],
    [
      "a token as 'deletionProtection'",
      { deletionProtection: Token.asAny(stringToken("x")) as never },
      `'deletionProtection' must ${DECISION_RULE}, got: a token`,
    ],
    [
      "a string as 'deletionProtection'",
      { deletionProtection: "false" as never },
      `'deletionProtection' must ${DECISION_RULE}, got: "false"`,
    ],
    [
      "a string as 'skipFinalSnapshot'",
      { skipFinalSnapshot: "true" as never },
      `'skipFinalSnapshot' must ${DECISION_RULE}, got: "true"`,
    ],
    [
      "a map token as parameters",
      { parameters: Token.asStringMap({ resolve: () => ({}) }) },
      "'parameters' must be a map of known keys, got: a map token",
    ],
    [
      "a list as parameters",
      { parameters: ["auto_mv"] as never },
      `'parameters' must be a map of known keys, got: ["auto_mv"]`,
    ],
    [
      "tags whose keys differ in case only",
      { tags: { Team: "a", team: "b" } },
      `'tags' must ${TAGS_RULE}, got: {"Team":"a","team":"b"}`,
    ],
    ["a tag with a semicolon", { tags: { team: "a;b" } }, `'tags' must ${TAGS_RULE}, got: {"team":"a;b"}`],
    [
      "an accountId with hyphens",
      { accountId: "1111-2222-3333" },
      "'accountId' must be a 12-digit AWS account ID, got: 1111-2222-3333",
    ],
    ["a malformed Region", { region: "us-est-1" }, "'region' must be an AWS region, got: us-est-1"],
    ["an Availability Zone as Region", { region: "us-east-1a" }, "'region' must be an AWS region, got: us-east-1a"],
    [
      "a partition that is not the Region's",
      { key: keyOfTerraform(), partition: "aws", region: "cn-north-1" },
      "'partition' must be the partition of cn-north-1, aws-cn, got: aws",
    ],
    [
      "a date without a time as creation time",
      { createTime: "2025-08-15" },
      "'createTime' must be a valid Date or an RFC 3339 date and time such as 2025-08-15T00:00:00Z, got: 2025-08-15",
    ],
  ])("%s", (_, props, message) => {
    expect(() => cluster(props)).toThrow(shownError(`[test/Warehouse] ${message}`));
  });
});

describe("EncryptedCluster under a key that is created here refuses", () => {
  test.each<[string, Partial<DataApiKeyProps>, Partial<EncryptedClusterProps>, string]>([
    ["a key of another Region", {}, { region: "eu-west-1" }, `'key.region' must be eu-west-1, got: ${REGION}`],
    [
      "a key of another Region with 'viaServices'",
      { viaServices: [`redshift.${REGION}.amazonaws.com`] },
      { region: "eu-west-1" },
      `'key.region' must be eu-west-1, got: ${REGION}`,
    ],
    [
      "a key of another partition",
      { partition: "aws", region: undefined },
      { region: "cn-north-1" },
      "'key.partition' must be aws-cn, got: aws",
    ],
    [
      "a key of another account",
      {},
      { accountId: "444455556666" },
      "'key.accountId' must be the warehouse's account, 444455556666: the key policy lets only principals of 'accountId' " +
        `use the key, got: "${ACCOUNT}"`,
    ],
  ])("%s", (_, keyProps, props, message) => {
    const stack = testStack();
    const key = new DataApiKey(stack, "Key", {
      accountId: ACCOUNT,
      administrators: [admin()],
      alias: "alias/analytics",
      region: REGION,
      ...keyProps,
    });
    expect(() => analyticsCluster(stack, { key, ...props })).toThrow(new Error(`[test/Cluster] ${message}`));
  });
});

test("EncryptedCluster refuses a key of another account unless the key's 'accountId' is the cluster's account", () => {
  const stack = testStack();
  const keyArn = KEY_ARN.replace(ACCOUNT, "444455556666");
  expect(() => analyticsCluster(stack, { key: existingKey(stack, keyArn) })).toThrow(
    new Error(
      `[test/Cluster] 'key.accountId' must be the warehouse's account, ${ACCOUNT}: the key policy lets only principals of ` +
        `'accountId' use the key, got: "444455556666"`,
    ),
  );
  const other = testStack();
  const key = DataApiKey.fromKeyArn(other, "Key", { accountId: ACCOUNT, keyArn });
  expect(analyticsCluster(other, { key }).key).toBe(key);
});

test("a cluster does not read the Region of a key that has 'viaServices', and so adds no data source to the key", () => {
  const stack = testStack();
  const viaServices = [`redshift.${REGION}.amazonaws.com`];
  const key = new DataApiKey(stack, "Key", { administrators: [admin()], alias: "alias/analytics", viaServices });
  analyticsCluster(stack, { key });
  expect(key.node.tryFindChild("Region")).toBeUndefined();
});

test.each([
  ["ra3.large", false, 1],
  ["ra3.large", true, 2],
  ["ra3.4xlarge", true, 2],
  ["new.large", false, undefined],
  ["new.large", true, 2],
])("a cluster of %s with 'multiAz' %s has at least %s nodes", (nodeType, multiAz, fewest) => {
  expect(fewestNodes({ multiAz, nodeType } as EncryptedClusterProps)).toBe(fewest);
});
