import { makeApp } from "../../../app/cli/synthesis";
import { fleetStacks } from "../../../app/stacks/fleet-stacks";
import { ADMIN_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import { type Arguments, fleetOf, only, type Synthesized, synthesize } from "../../support/support";

const KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const type = (tfResourceType: string) => ({ tfResourceType });

/** The stacks of an entry of a warehouse, with more lines in it, and of more lists. */
function stacksOf(lines: string, lists = ""): Synthesized[] {
  const text = `${lists}
warehouses:
  - name: sales
    account: "111122223333"
    region: us-east-1
    ${/^key: (shared|\{keyArn)/.test(lines) ? "" : `administrators: [${ADMIN_ARN}]`}
    ${lines.includes("users:") ? "" : `users: [${USER_ARN}]`}
    ${lines}
`;
  return fleetStacks(makeApp(), fleetOf({ "w.yaml": text }), "../../..").map((stack) => synthesize(stack));
}

function stackOf(lines: string): Synthesized {
  return stacksOf(lines)[0]!;
}

function importsOf(stack: Synthesized): Record<string, string> {
  const { import: blocks = [] } = stack as unknown as { import?: readonly { id: string; to: string }[] };
  return Object.fromEntries(blocks.map(({ id, to }) => [to, id]));
}

function lifecycleOf(stack: Synthesized, resourceType: string) {
  return only(stack, type(resourceType)).lifecycle as { ignore_changes?: string[]; prevent_destroy?: boolean };
}

const CLUSTER = "databaseName: sales, masterUsername: boss, clusterParameterGroupName: sales, nodeType: ra3.large";

describe("an entry with an import", () => {
  const cluster = stackOf(`
    import: {alias: alias/keys/sales, clusterIdentifier: sales, keyId: ${KEY_ID}, logging: true}
    key: {alias: alias/keys/sales, rotationPeriodInDays: 90}
    cluster: {${CLUSTER}, logExports: [userlog], port: 5444, subnetIds: [subnet-0a1b2c3d, subnet-1a1b2c3d]}
`);
  const serverless = stackOf(`
    import: {namespaceName: sales, roleNames: [Seller], rolePolicies: ["Seller:sales-data-api"], workgroupName: sellers}
    serverless: {adminUsername: boss, databaseName: sales, baseCapacity: 8, workgroupName: sellers}
    users: [{roleName: Seller, maxSessionDuration: 7200, trustedPrincipals: [${ADMIN_ARN}]}]
`);

  test("has an import block for each key of 'import'", () => {
    expect(importsOf(cluster)).toStrictEqual({
      "aws_kms_alias.Key_Alias_6C2E2031": "alias/keys/sales",
      "aws_kms_key.Key_961B73FD": KEY_ID,
      "aws_redshift_cluster.Cluster_EB0386A7": "sales",
      "aws_redshift_logging.Cluster_Logging_26ADB32C": "sales",
    });
    expect(Object.values(importsOf(serverless)).sort()).toStrictEqual([
      "Seller",
      "Seller:sales-data-api",
      "sales",
      "sellers",
    ]);
  });

  test("has prevent_destroy on each imported resource", () => {
    for (const one of ["aws_kms_alias", "aws_kms_key", "aws_redshift_cluster", "aws_redshift_logging"]) {
      expect(lifecycleOf(cluster, one).prevent_destroy).toBe(true);
    }
    for (const one of ["aws_iam_role", "aws_iam_role_policy", "aws_redshiftserverless_workgroup"]) {
      expect(lifecycleOf(serverless, one).prevent_destroy).toBe(true);
    }
  });

  test("ignores exactly the arguments of the cluster that the entry does not give", () => {
    expect(lifecycleOf(cluster, "aws_redshift_cluster").ignore_changes).toStrictEqual([
      "allow_version_upgrade",
      "aqua_configuration_status",
      "automated_snapshot_retention_period",
      "availability_zone",
      "availability_zone_relocation_enabled",
      "cluster_type",
      "cluster_version",
      "default_iam_role_arn",
      "elastic_ip",
      "enhanced_vpc_routing",
      "iam_roles",
      "maintenance_track_name",
      "manage_master_password",
      "manual_snapshot_retention_period",
      "master_password",
      "master_password_secret_kms_key_id",
      "master_password_wo",
      "master_password_wo_version",
      "multi_az",
      "number_of_nodes",
      "owner_account",
      "preferred_maintenance_window",
      "publicly_accessible",
      "snapshot_arn",
      "snapshot_cluster_identifier",
      "snapshot_identifier",
      "tags",
      "tags_all",
      "vpc_security_group_ids",
    ]);
  });

  test("ignores arguments of the key that the entry does not give, and never the policy", () => {
    expect(lifecycleOf(cluster, "aws_kms_key").ignore_changes).toStrictEqual([
      "custom_key_store_id",
      "customer_master_key_spec",
      "description",
      "enable_key_rotation",
      "is_enabled",
      "key_usage",
      "multi_region",
      "tags",
      "tags_all",
      "xks_key_id",
    ]);
  });

  test("ignores the trust policy of a role, and not the arguments that the entry gives", () => {
    expect(lifecycleOf(serverless, "aws_iam_role").ignore_changes).toStrictEqual([
      "assume_role_policy",
      "description",
      "force_detach_policies",
      "inline_policy",
      "managed_policy_arns",
      "name_prefix",
      "permissions_boundary",
      "tags",
      "tags_all",
    ]);
  });

  test("ignores exactly the arguments of a namespace and a workgroup that the entry does not give", () => {
    const namespace = lifecycleOf(serverless, "aws_redshiftserverless_namespace").ignore_changes;
    expect(namespace).toStrictEqual([
      "admin_password_secret_kms_key_id",
      "admin_user_password",
      "admin_user_password_wo",
      "admin_user_password_wo_version",
      "default_iam_role_arn",
      "iam_roles",
      "log_exports",
      "manage_admin_password",
      "tags",
      "tags_all",
    ]);
    expect(lifecycleOf(serverless, "aws_redshiftserverless_workgroup").ignore_changes).toStrictEqual([
      "config_parameter",
      "enhanced_vpc_routing",
      "max_capacity",
      "port",
      "publicly_accessible",
      "security_group_ids",
      "subnet_ids",
      "tags",
      "tags_all",
      "track_name",
    ]);
  });

  test("never ignores the names of a namespace and a workgroup, although the entry does not give them", () => {
    const stack = stackOf(
      "import: {namespaceName: sales, workgroupName: sales}\n    serverless: {databaseName: sales}",
    );
    for (const kind of ["namespace", "workgroup"]) {
      const { ignore_changes: ignored } = lifecycleOf(stack, `aws_redshiftserverless_${kind}`);
      expect(ignored).not.toHaveLength(0);
      expect(
        ignored!.filter((argument) => /^(db_name|kms_key_id|namespace_name|workgroup_name)$/.test(argument)),
      ).toStrictEqual([]);
    }
  });

  test.each([
    ["config_parameter", "ignoreConfigParameterChanges: false, configParameters: {auto_mv: 'true'}"],
    ["price_performance_target", "pricePerformanceLevel: 75"],
    ["max_capacity", "maxCapacity: 512"],
  ])("does not ignore the argument %s of a workgroup if the entry has %s", (argument, setting) => {
    const stack = stackOf(`import: {workgroupName: sales}\n    serverless: {databaseName: sales, ${setting}}`);
    const { ignore_changes: ignored } = lifecycleOf(stack, "aws_redshiftserverless_workgroup");
    expect(ignored).not.toContain(argument);
    expect(ignored).toContain("tags");
  });

  test.each([
    ["cluster_parameter_group_name", "parameters: {auto_mv: 'true'}"],
    ["cluster_subnet_group_name", "clusterParameterGroupName: a, clusterSubnetGroupName: a"],
    ["cluster_subnet_group_name", "clusterParameterGroupName: a, subnetIds: [subnet-0a1b2c3d, subnet-1a1b2c3d]"],
  ])("does not ignore the argument %s of a cluster if the entry has %s", (argument, settings) => {
    const names = "databaseName: sales, masterUsername: boss, logExports: [], nodeType: ra3.large";
    const stack = stackOf(`import: {clusterIdentifier: sales}\n    cluster: {${names}, ${settings}}`);
    expect(lifecycleOf(stack, "aws_redshift_cluster").ignore_changes).not.toContain(argument);
  });

  test("ignores no argument of a role policy, an alias or an audit log", () => {
    expect(lifecycleOf(cluster, "aws_kms_alias").ignore_changes).toBeUndefined();
    expect(lifecycleOf(cluster, "aws_redshift_logging").ignore_changes).toBeUndefined();
    expect(lifecycleOf(serverless, "aws_iam_role_policy").ignore_changes).toBeUndefined();
  });

  test("imports any other resource by its Terraform address", () => {
    const limits = "usageLimits: [{feature: spectrum, amount: 2}]";
    const lines = `cluster: {${CLUSTER}, logExports: [], ${limits}}`;
    const [address] = Object.keys(stackOf(lines).resource.aws_redshift_usage_limit as Arguments);
    const imported = stackOf(`import: {resources: {aws_redshift_usage_limit.${address}: limit-1}}\n    ${lines}`);
    expect(importsOf(imported)).toStrictEqual({ [`aws_redshift_usage_limit.${address}`]: "limit-1" });
    expect(lifecycleOf(imported, "aws_redshift_usage_limit")).toStrictEqual({ prevent_destroy: true });
  });

  test("does not change a resource that is not imported", () => {
    const lines = "serverless: {databaseName: sales}";
    const { resource: without } = stackOf(lines);
    const { resource } = stackOf(`import: {namespaceName: sales}\n    ${lines}`);
    expect({ ...resource, aws_redshiftserverless_namespace: {} }).toStrictEqual({
      ...without,
      aws_redshiftserverless_namespace: {},
    });
  });
});

test("an entry of keys imports the key, its alias and the roles of its warehouses", () => {
  const [key, warehouse] = stacksOf(
    `key: shared
    users: [{roleName: Seller, trustedPrincipals: [${ADMIN_ARN}]}]
    serverless: {}`,
    `keys:
  - name: shared
    account: "111122223333"
    region: us-east-1
    administrators: [${ADMIN_ARN}]
    import: {alias: alias/shared, keyId: ${KEY_ID}, roleNames: [Seller]}`,
  );
  expect(Object.values(importsOf(key!)).sort()).toStrictEqual([KEY_ID, "Seller", "alias/shared"]);
  expect(importsOf(warehouse!)).toStrictEqual({});
});

describe("'import' of an entry refuses, with its line,", () => {
  const AFTER = "\n    serverless: {databaseName: sales}";
  test.each<[string, string, string]>([
    [
      "another alias than that of the entry",
      `import: {alias: alias/other}${AFTER}`,
      "w.yaml:8 warehouses[0].import.alias must be alias/sales, the name that the rest of the entry gives, got: alias/other",
    ],
    [
      "a role that the stack does not create",
      `import: {roleNames: [Seller]}${AFTER}`,
      "w.yaml:8 warehouses[0].import.roleNames[0] must be left out, because the stack has no aws_iam_role, got: Seller",
    ],
    [
      "another role than the one that the stack creates",
      `users: [{roleName: Seller, trustedPrincipals: [${ADMIN_ARN}]}]\n    import: {roleNames: [Buyer]}${AFTER}`,
      "w.yaml:9 warehouses[0].import.roleNames[0] must be Seller, the name that the rest of the entry gives, got: Buyer",
    ],
    [
      "another cluster than that of the entry",
      `import: {clusterIdentifier: other}\n    cluster: {${CLUSTER}, logExports: []}`,
      "w.yaml:8 warehouses[0].import.clusterIdentifier must be sales, the name that the rest of the entry gives, got: other",
    ],
    [
      "another namespace than that of the entry",
      `import: {namespaceName: other}${AFTER}`,
      "w.yaml:8 warehouses[0].import.namespaceName must be sales, the name that the rest of the entry gives, got: other",
    ],
    [
      "another workgroup than that of the entry",
      `import: {workgroupName: other}${AFTER}`,
      "w.yaml:8 warehouses[0].import.workgroupName must be sales, the name that the rest of the entry gives, got: other",
    ],
    [
      "a role policy that the stack does not write",
      `import: {rolePolicies: ["Reader:other"]}${AFTER}`,
      "w.yaml:8 warehouses[0].import.rolePolicies[0] must be ExampleUserRole:sales-data-api, the name that the rest of the entry gives, got: Reader:other",
    ],
    [
      "a key that the stack does not create",
      `key: {keyArn: ${KEY_ARN}}\n    import: {keyId: ${KEY_ID}}${AFTER}`,
      `w.yaml:9 warehouses[0].import.keyId must be left out, because the stack has no aws_kms_key, got: ${KEY_ID}`,
    ],
    [
      "the audit log of a cluster that has none",
      `import: {logging: true}\n    cluster: {${CLUSTER}, logExports: []}`,
      "w.yaml:8 warehouses[0].import.logging must be left out, because the stack has no aws_redshift_logging, got: sales",
    ],
    [
      "an address that the stack does not have",
      `import: {resources: {aws_kms_key.Key: ${KEY_ID}}}${AFTER}`,
      'w.yaml:8 warehouses[0].import.resources["aws_kms_key.Key"] must have as its key the address of a resource in the stack, as a plan shows it; the nearest is aws_kms_key.Key_961B73FD, got: aws_kms_key.Key',
    ],
    [
      "the same resource twice",
      `import: {keyId: ${KEY_ID}, resources: {aws_kms_key.Key_961B73FD: ${KEY_ID}}}${AFTER}`,
      'w.yaml:8 warehouses[0].import.resources["aws_kms_key.Key_961B73FD"] must be imported only once, got: aws_kms_key.Key_961B73FD',
    ],
    [
      "a cluster whose admin, database, parameter group and audit log are not given",
      "import: {clusterIdentifier: sales}\n    cluster: {nodeType: ra3.large}",
      `w.yaml:9 warehouses[0].cluster.databaseName must be given with 'import.clusterIdentifier', because another name would mean another warehouse
w.yaml:9 warehouses[0].cluster.masterUsername must be given with 'import.clusterIdentifier', because another name would mean another warehouse
w.yaml:9 warehouses[0].cluster.clusterParameterGroupName must be given, or 'parameterGroup' or 'parameters', with 'import.clusterIdentifier', because the stack would create a parameter group
w.yaml:9 warehouses[0].cluster.logExports must be given, or 'logBucketName', with 'import.clusterIdentifier', because the stack would turn the audit log on; [] is for none`,
    ],
    [
      "a namespace whose database is not given",
      "import: {namespaceName: sales}\n    serverless: {}",
      "w.yaml:9 warehouses[0].serverless.databaseName must be given with 'import.namespaceName', because another name would mean another warehouse",
    ],
  ])("%s", (_, lines, message) => {
    expect(() => stacksOf(lines)).toThrow(new Error(message));
  });
});
