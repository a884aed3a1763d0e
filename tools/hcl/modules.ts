import type { DataAwsIamRoles } from "@cdktf/provider-aws/lib/data-aws-iam-roles";
import { type Precondition, TerraformLocal, Token } from "cdktf";
import { ref } from "cdktf/lib/tfExpression";
import {
  DataApiAccess,
  DataApiKey,
  DataApiKeyPolicy,
  DataApiRole,
  EncryptedCluster,
  EncryptedServerless,
  Identity,
  type IDataApiKey,
  type IWarehouse,
} from "../../modules";
import { keyUse } from "../../modules/data-api/data-api-access";
import { LOG_EXPORTS } from "../../modules/private/rules";
import { mergeStatements, policyJson } from "../../modules/private/statement";
import { ModuleStack } from "./module-stack";
import { VALIDATIONS } from "./validations";

/** An expression of Terraform for a construct that takes a text. */
const text = (expression: string): string => Token.asString(ref(expression));

/** The key, its policy and its alias, and the roles that use it. */
export function keyModule(): ModuleStack {
  const module = new ModuleStack(
    "Amazon Redshift Data API under a customer managed KMS key",
    "A customer managed KMS key with the key policy that the Amazon Redshift Data API needs, its alias, and the IAM roles " +
      "that use it.",
  );
  const environment = module.environment();
  module.list("DataApiKeyProps.administrators", "PRINCIPAL_ARN", []);
  module.list("DataApiKeyProps.deployers", "PRINCIPAL_ARN", []);
  module.list("DataApiKeyProps.users", "ROLE_ARN", []);
  const permissionSetRoles = permissionSets(module);
  userRoles(module);
  const props = {
    alias: module.text("DataApiKeyProps.alias", "ALIAS"),
    deletionWindowInDays: module.number("DataApiKeyProps.deletionWindowInDays", "DELETION_WINDOW_IN_DAYS", 30),
    description: module.text("DataApiKeyProps.description", undefined, "Amazon Redshift and its Data API"),
    multiRegion: module.flag("DataApiKeyProps.multiRegion", false),
    rotationPeriodInDays: module.number("DataApiKeyProps.rotationPeriodInDays", "ROTATION_PERIOD_IN_DAYS", 365),
    tags: module.tags("DataApiKeyProps.tags"),
  };
  module.list("DataApiKeyProps.viaServices", "VIA_SERVICE", []);
  const bypass = module.flag("DataApiKeyProps.bypassPolicyLockoutSafetyCheck", false);
  module.flag("DataApiKeyProps.lockoutPrecondition", true);

  const role = new DataApiRole(module, "UserRole", {
    accountId: environment.accountId,
    description: text("each.value.description"),
    maxSessionDuration: Token.asNumber(ref("each.value.max_session_duration")),
    partition: environment.partition,
    path: text("each.value.path"),
    permissionsBoundary: text("each.value.permissions_boundary"),
    roleName: text("each.key"),
    tags: props.tags,
    trustedPrincipals: [Identity.fromArn(text("each.value.trusted_principals"))],
    trustedServices: [text("each.value.trusted_services")],
  });
  role.resource.addOverride("for_each", "${var.user_roles}");
  const roleArn = Identity.forRole({ ...environment, path: text("role.path"), roleName: text("name") }).arn;
  const roleArns = `[for name, role in var.user_roles : "${module.resolved(roleArn)}"]`;
  const regional = DataApiKeyPolicy.viaServicesFor(environment.region).map((name) => `"${module.resolved(name)}"`);

  const key = new DataApiKey(module, "Key", {
    ...environment,
    ...props,
    administrators: [
      Identity.fromArn(
        module.canonical("administrators", `concat(var.administrators, ${permissionSetRoles("administrator")})`),
      ),
    ],
    deployers: [
      Identity.fromArn(module.canonical("deployers", `concat(var.deployers, ${permissionSetRoles("deployer")})`)),
    ],
    users: [
      Identity.fromArn(module.canonical("users", `concat(var.users, ${permissionSetRoles("user")}, ${roleArns})`)),
    ],
    viaServices: [
      module.canonical("via_services", `length(var.via_services) > 0 ? var.via_services : [${regional.join(", ")}]`),
    ],
  });
  // KMS refuses a policy that names a role that does not exist, and the ARNs are composed.
  key.resource.dependsOn = [role.resource.fqn];
  key.resource.bypassPolicyLockoutSafetyCheck = bypass;
  const { precondition, ...lifecycle } = key.resource.lifecycle!;
  const hasAdministrator: Precondition = {
    condition: "${length(local.administrators) > 0}",
    errorMessage:
      "'administrators' or 'administrator_permission_sets' must name at least one administrator, " +
      "or nobody could manage the key.",
  };
  key.resource.lifecycle = {
    ...lifecycle,
    precondition: [hasAdministrator, ...precondition!.map((one) => optional(module, one))],
  };

  module.output("key_arn", "The key's ARN.", key.keyArn);
  module.output("key_id", "The key's ID.", key.keyId);
  module.output("key_alias", "The key's alias.", key.aliasResource.name);
  module.output(
    "user_role_arns",
    "The roles that use the key, once they exist, without those of permission sets: the users of a warehouse.",
    `\${concat(var.users, ${roleArns})}`,
    role.resource,
  );
  return module;
}

/** The lockout check, which a module's caller may turn off. */
function optional(module: ModuleStack, { condition, errorMessage }: Precondition): Precondition {
  const check = module.resolved(condition as string).slice(2, -1);
  return {
    condition: `\${var.bypass_policy_lockout_safety_check || !var.lockout_precondition || ${check}}`,
    errorMessage,
  };
}

/**
 * The permission sets of IAM Identity Center whose roles administer the key, deploy under it or use it.
 *
 * @returns the expression of the ARNs of those that do one of the three
 */
function permissionSets(module: ModuleStack): (who: "administrator" | "deployer" | "user") => string {
  const { holds, rule } = VALIDATIONS.PERMISSION_SET_NAME;
  for (const [who, does] of [
    ["administrator", "administer"],
    ["deployer", "create, restore and change warehouses under"],
    ["user", "use"],
  ] as const) {
    const name = `${who}_permission_sets`;
    module
      .variable(name, {
        default: [],
        description: `The permission sets of IAM Identity Center, by name, whose roles in this account ${does} the key.`,
        type: "list(string)",
      })
      .addValidation({
        condition: `\${alltrue([for value in var.${name} : ${holds("value")}])}`,
        errorMessage: `Each of '${name}' must ${rule.must}, got: \${join(", ", var.${name})}.`,
      });
  }
  const role = DataApiRole.fromPermissionSetName(module, "PermissionSet", text("each.key"));
  const lookup = role.node.findChild("Roles") as DataAwsIamRoles;
  const names = ["administrator", "deployer", "user"].map((who) => `var.${who}_permission_sets`).join(", ");
  lookup.addOverride("for_each", `\${toset(concat(${names}))}`);
  return (who) => `[for name in var.${who}_permission_sets : one(${lookup.fqn}[name].arns)]`;
}

function userRoles(module: ModuleStack): void {
  const variable = module.variable("user_roles", {
    default: {},
    description: "The roles to make, by name, that use the Data API with this key: whom each trusts, and what it is.",
    type: `map(object({
    description          = optional(string)
    max_session_duration = optional(number, 3600)
    path                 = optional(string, "/")
    permissions_boundary = optional(string)
    trusted_principals   = optional(list(string), [])
    trusted_services     = optional(list(string), [])
  }))`,
  });
  const { PRINCIPAL_ARN, ROLE_NAME, ROLE_PATH } = VALIDATIONS;
  const all = (condition: string): string => `\${alltrue([for name, role in var.user_roles : ${condition}])}`;
  variable.addValidation({
    condition: all(ROLE_NAME.holds("name")),
    errorMessage: `Each name of 'user_roles' must ${ROLE_NAME.rule.must}, got: \${join(", ", keys(var.user_roles))}.`,
  });
  variable.addValidation({
    condition: all(ROLE_PATH.holds("role.path")),
    errorMessage: `Each path of 'user_roles' must ${ROLE_PATH.rule.must}.`,
  });
  variable.addValidation({
    condition: all(`alltrue([for arn in role.trusted_principals : ${PRINCIPAL_ARN.holds("arn")}])`),
    errorMessage: `Each trusted principal of 'user_roles' must ${PRINCIPAL_ARN.rule.must}.`,
  });
  variable.addValidation({
    condition: all("length(role.trusted_principals) + length(role.trusted_services) > 0"),
    errorMessage: "Each of 'user_roles' must name who may assume the role: trusted_principals or trusted_services.",
  });
}

/** A provisioned cluster under an existing key, and what roles need to use it. */
export function clusterModule(): ModuleStack {
  const module = new ModuleStack(
    "Cluster",
    "A provisioned Redshift cluster under a customer managed key, with its subnet group, parameter group and audit log, " +
      "and what roles need to use it through the Data API.",
  );
  const prop = (name: string): string => `EncryptedClusterProps.${name}`;
  const key = existingKey(module);
  const multiAz = module.flag(prop("multiAz"), false);
  module.flag(prop("availabilityZoneRelocationEnabled"), null);
  const subnetIds = module.list(prop("subnetIds"), "SUBNET_ID");
  module.atLeastOne("subnet_ids", "subnet");
  const cluster = new EncryptedCluster(module, "Cluster", {
    ...module.environment(),
    automatedSnapshotRetentionPeriod: module.number(
      prop("automatedSnapshotRetentionPeriod"),
      "AUTOMATED_SNAPSHOT_RETENTION",
      7,
    ),
    // The rule of the construct if the number of subnets is known.
    availabilityZoneRelocationEnabled: text(
      "var.availability_zone_relocation_enabled == null ? !var.multi_az && " +
        "length(var.subnet_ids) > 1 : var.availability_zone_relocation_enabled",
    ) as unknown as boolean,
    clusterIdentifier: module.text(prop("clusterIdentifier"), "CLUSTER_IDENTIFIER"),
    databaseName: module.text(prop("databaseName"), "DATABASE_NAME", "dev"),
    defaultIamRoleArn: module.text(prop("defaultIamRoleArn"), "TRUSTING_ROLE_ARN", null),
    iamRoles: module.list(prop("iamRoles"), "TRUSTING_ROLE_ARN", []),
    key,
    logExports: module.list(prop("logExports"), "LOG_EXPORT", LOG_EXPORTS),
    masterUsername: module.text(prop("masterUsername"), "ADMIN_USERNAME", "warehouse_admin"),
    multiAz,
    nodeType: module.text(prop("nodeType"), "NODE_TYPE"),
    numberOfNodes: module.number(prop("numberOfNodes"), "POSITIVE_INTEGER"),
    port: module.number(prop("port"), "PORT", 5439),
    preferredMaintenanceWindow: module.text(prop("preferredMaintenanceWindow"), undefined, null),
    subnetIds,
    tags: module.tags(prop("tags")),
    vpcSecurityGroupIds: module.list(prop("vpcSecurityGroupIds"), "SECURITY_GROUP_ID"),
  });
  cluster.logging!.addOverride("count", "${length(var.log_exports) > 0 ? 1 : 0}");
  shareParameterGroup(module, cluster);
  access(module, cluster, `${text("var.cluster_identifier")}-cluster-data-api`);
  outputs(module, cluster);
  return module;
}

/** Lets the cluster take a parameter group that exists, which it then shares with others. */
function shareParameterGroup(module: ModuleStack, { parameterGroup, resource }: EncryptedCluster): void {
  const name = "cluster_parameter_group_name";
  module.text("EncryptedClusterProps.clusterParameterGroupName", "GROUP_NAME", null);
  parameterGroup!.addOverride("count", `\${var.${name} == null ? 1 : 0}`);
  resource.clusterParameterGroupName = `\${var.${name} == null ? one(${parameterGroup!.fqn}[*].name) : var.${name}}`;
}

/** The level of the price-performance target that AWS gives a workgroup without a base capacity. */
const DEFAULT_LEVEL = 50;

/** A serverless warehouse under an existing key, and what roles need to use it. */
export function serverlessModule(): ModuleStack {
  const module = new ModuleStack(
    "Serverless",
    "A Redshift Serverless namespace under a customer managed key, its workgroup, and what roles need to use it through " +
      "the Data API.",
  );
  const prop = (name: string): string => `EncryptedServerlessProps.${name}`;
  const key = existingKey(module);
  module.text(prop("workgroupName"), "WORKGROUP_NAME", null);
  const serverless = new EncryptedServerless(module, "Serverless", {
    adminUsername: module.text(prop("adminUsername"), "ADMIN_USERNAME", "warehouse_admin"),
    baseCapacity: module.number(prop("baseCapacity"), "BASE_CAPACITY", null),
    databaseName: module.text(prop("databaseName"), "DATABASE_NAME", "dev"),
    defaultIamRoleArn: module.text(prop("defaultIamRoleArn"), "TRUSTING_ROLE_ARN", null),
    iamRoles: module.list(prop("iamRoles"), "TRUSTING_ROLE_ARN", []),
    key,
    logExports: module.list(prop("logExports"), "LOG_EXPORT", LOG_EXPORTS),
    maxCapacity: module.number(prop("maxCapacity"), "POSITIVE_INTEGER", null),
    namespaceName: module.text(prop("namespaceName"), "NAMESPACE_NAME"),
    port: module.number(prop("port"), "PORT", 5439),
    securityGroupIds: module.list(prop("securityGroupIds"), "SECURITY_GROUP_ID"),
    subnetIds: module.list(prop("subnetIds"), "SUBNET_ID"),
    tags: module.tags(prop("tags")),
    trackName: module.text(prop("trackName"), "TRACK_NAME", "current"),
    workgroupName: text("coalesce(var.workgroup_name, var.namespace_name)"),
  });
  const isTargeted = "var.base_capacity == null";
  serverless.workgroup.putPricePerformanceTarget({
    enabled: Token.asAny(ref(isTargeted)),
    level: Token.asNumber(ref(`${isTargeted} ? ${DEFAULT_LEVEL} : null`)),
  });
  module.atLeastOne("subnet_ids", "subnet");
  access(module, serverless, `${text("var.namespace_name")}-serverless-data-api`);
  outputs(module, serverless);
  module.output("namespace_arn", "The namespace's ARN.", serverless.namespaceArn);
  return module;
}

function existingKey(module: ModuleStack): IDataApiKey {
  const keyArn = module.text("ExistingDataApiKeyProps.keyArn", "KEY_ARN");
  // A local, because a policy's JSON has no place for the quotes of an expression.
  const region = new TerraformLocal(module, "key_region", '${split(":", var.key_arn)[3]}').asString;
  const viaServices = DataApiKeyPolicy.viaServicesFor(region);
  return DataApiKey.fromKeyArn(module, "Key", { keyArn, viaServices });
}

/**
 * The permissions of the users, as an inline policy of each role and as an output. A user of another account than the key's also
 * needs permissions on the key. A cluster and a namespace may have the same name, so the names of their policies differ.
 */
function access(module: ModuleStack, warehouse: IWarehouse, policyName: string): void {
  const variable = module.variable("user_role_arns", {
    default: [],
    description:
      "The roles that use the warehouse through the Data API, by ARN. A role that only AWS may change is not among them: " +
      "it takes the output 'user_policy', for instance as the inline policy of its permission set.",
    type: "list(string)",
  });
  const { holds, rule } = VALIDATIONS.TRUSTING_ROLE_ARN;
  variable.addValidation({
    condition: `\${alltrue([for value in var.user_role_arns : ${holds("value")}])}`,
    errorMessage: `Each of 'user_role_arns' must ${rule.must}, got: \${join(", ", var.user_role_arns)}.`,
  });
  const {
    policyJson: policy,
    resource,
    statements,
  } = new DataApiAccess(module, "Access", {
    // A role that moves in the list gets the policy of its new place before or after it loses the old one.
    policyName: `${policyName}-${text("count.index")}`,
    role: DataApiRole.fromRoleArn(module, "Role", text("var.user_role_arns[count.index]")),
    warehouse,
  });
  const local = new TerraformLocal(module, "user_policy_without_key", policy).fqn;
  const withKey = policyJson(mergeStatements([...statements, keyUse(warehouse.key)]));
  const localWithKey = new TerraformLocal(module, "user_policy_with_key", withKey).fqn;
  // Not read from the key's ARN, which may be unknown to a plan that must show the policy.
  module.variable("key_of_another_account", {
    default: false,
    description: "Whether the key is of another account than the roles, which then need IAM permissions on the key.",
    type: "bool",
  });
  const used = new TerraformLocal(
    module,
    "user_policy_used",
    `\${var.key_of_another_account ? ${localWithKey} : ${local}}`,
  );
  // An output has the same name.
  used.overrideLogicalId("user_policy");
  // The role is a token, so the construct made its policy.
  resource!.policy = used.asString;
  // The length of the list is known to the first plan, the ARNs of roles of the same configuration are not.
  resource!.addOverride("count", "${length(var.user_role_arns)}");
  const policies = module.output(
    "user_policy",
    "The IAM policy that a user of the warehouse needs. A role that only AWS may change takes it from its owner.",
    used.asString,
  );
  // The framework takes a precondition of an output, and does not write it.
  policies.addOverride("precondition", {
    condition:
      '${alltrue([for arn in var.user_role_arns : (split(":", arn)[4] != split(":", var.key_arn)[4]) == var.key_of_another_account])}',
    error_message:
      "'key_of_another_account' must be ${!var.key_of_another_account} for the key ${var.key_arn} and the roles " +
      '${join(", ", var.user_role_arns)}.',
  });
}

function outputs(module: ModuleStack, warehouse: EncryptedCluster | EncryptedServerless): void {
  module.output("warehouse_arn", "The ARN that the Data API's IAM actions name.", warehouse.warehouseArn);
  module.output("encryption_context", "The KMS encryption context of the Data API.", warehouse.encryptionContext.pairs);
  module.output("endpoint", "The host name and port of the warehouse.", warehouse.endpoint);
  module.output("admin_secret_arn", "The secret with the admin's name and password.", warehouse.adminSecretArn);
}
