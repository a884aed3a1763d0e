import type { DataAwsIamRoles } from "@cdktf/provider-aws/lib/data-aws-iam-roles";
import { type Precondition, type TerraformResourceLifecycle, Token } from "cdktf";
import { ref } from "cdktf/lib/tfExpression";
import {
  DataApiAccess,
  DataApiKey,
  DataApiKeyPolicy,
  type DataApiKeyProps,
  DataApiRole,
  type DataApiRoleProps,
  EncryptedCluster,
  type EncryptedClusterProps,
  EncryptedServerless,
  type EncryptedServerlessProps,
  type ExistingDataApiKeyProps,
  Identity,
  type IDataApiKey,
  type IWarehouse,
} from "../../modules";
import { DATA_API_KEY_PROPS } from "../../modules/kms/data-api-key-props";
import { EXISTING_DATA_API_KEY_PROPS } from "../../modules/kms/existing-key";
import { keyUseStatement } from "../../modules/kms/key-policy";
import * as rules from "../../modules/private/rules";
import { mergeStatements, policyJson } from "../../modules/private/statement";
import { ENCRYPTED_CLUSTER_PROPS } from "../../modules/redshift/cluster-props";
import { ENCRYPTED_SERVERLESS_PROPS } from "../../modules/redshift/serverless-props";
import { conditionOf } from "./conditions";
import { expression, itemChecks, ModuleStack } from "./module-stack";

/** Returns the module at the top: the key, its policy and its alias, and the roles that use it. */
export function keyModule(): ModuleStack {
  const module = new ModuleStack(
    "Amazon Redshift Data API under a customer managed KMS key",
    "A customer managed KMS key with the key policy that the Amazon Redshift Data API needs, its alias, and the IAM roles " +
      "that use it.",
  );
  const environment = module.environment();
  const { alias, bypassPolicyLockoutSafetyCheck, deletionWindowInDays, description, multiRegion, ...rest } =
    module.props<DataApiKeyProps>(DATA_API_KEY_PROPS, {
      except: ["accountId", "partition", "region"],
      overrides: {
        // Administrators are optional here, because permission sets may give them.
        administrators: { atLeastOne: undefined, isRequired: false },
        bypassPolicyLockoutSafetyCheck: { isDecision: false },
        lockoutPrecondition: { isDecision: false, preset: true },
        rotationPeriodInDays: { preset: rules.DEFAULT_ROTATION_PERIOD_IN_DAYS },
        users: { rule: rules.ROLE_ARN },
        viaServices: { atLeastOne: undefined, isDecision: false },
      },
    });
  const { rotationPeriodInDays, tags } = rest;
  const permissionSetRoles = permissionSets(module);
  const role = userRole(module, { ...environment, tags });
  const { arn } = Identity.forRole({ ...environment, path: expression("role.path"), roleName: expression("name") });
  const roleArns = `[for name, role in var.user_roles : ${module.textOf(arn)}]`;
  const regional = DataApiKeyPolicy.viaServicesFor(environment.region).map((name) => module.textOf(name));
  const principals = (name: string, principal: Principal, ...more: readonly string[]): Identity[] => [
    Identity.fromArn(
      module.list(name, `concat(${[`var.${name}`, permissionSetRoles(principal), ...more].join(", ")})`),
    ),
  ];

  const key = new DataApiKey(module, "Key", {
    ...environment,
    administrators: principals("administrators", "administrator"),
    alias,
    deletionWindowInDays,
    deployers: principals("deployers", "deployer"),
    description,
    multiRegion,
    rotationPeriodInDays,
    tags,
    users: principals("users", "user", roleArns),
    viaServices: [
      module.list("via_services", `length(var.via_services) > 0 ? var.via_services : [${regional.join(", ")}]`),
    ],
  });
  key.resource.policy = module.policy(key.policy.json);
  // KMS refuses a policy that names a role that does not exist. The ARN in the policy is composed of parts, and is no reference to
  // the role, so the dependency is explicit.
  key.resource.dependsOn = [role.resource.fqn];
  key.resource.bypassPolicyLockoutSafetyCheck = bypassPolicyLockoutSafetyCheck!;
  key.resource.lifecycle = lockoutChecks(module, key.resource.lifecycle!);

  module.outputs
    .set("key_arn", { description: "The key's ARN.", value: key.keyArn })
    .set("key_id", { description: "The key's ID.", value: key.keyId })
    .set("key_alias", { description: "The key's alias.", value: key.aliasResource.name })
    .set("user_role_arns", {
      description:
        "The roles that use the key, once they exist, without those of permission sets: the users of a warehouse.",
      value: expression(`concat(var.users, ${roleArns})`),
      depends_on: [role.resource.fqn],
    });
  return module;
}

/** Adds a precondition that requires an administrator, and conditions by which variables turn the lockout check off. */
function lockoutChecks(module: ModuleStack, lifecycle: TerraformResourceLifecycle): TerraformResourceLifecycle {
  const hasAdministrator: Precondition = {
    condition: expression("length(local.administrators) > 0"),
    errorMessage:
      "'administrators' or 'administrator_permission_sets' must name at least one administrator, " +
      "or nobody could manage the key.",
  };
  const isOff = "var.bypass_policy_lockout_safety_check || !var.lockout_precondition";
  const optional = lifecycle.precondition!.map(({ condition, errorMessage }) => ({
    condition: expression(`${isOff} || ${module.textOf(condition as string)}`),
    errorMessage,
  }));
  return { ...lifecycle, precondition: [hasAdministrator, ...optional] };
}

/** The uses of a key that the role of a permission set can have, each with the verb for it. */
const USES = {
  administrator: "administer",
  deployer: "create, restore and change warehouses under",
  user: "use",
} as const;
type Principal = keyof typeof USES;

/**
 * Adds the variables of permission sets of IAM Identity Center.
 *
 * @returns the expression of the ARNs of the roles
 */
function permissionSets(module: ModuleStack): (principal: Principal) => string {
  const names = Object.entries(USES).map(([principal, use]) => {
    const name = `${principal}_permission_sets`;
    return module.variable(name, {
      checks: itemChecks(name, `var.${name}`, rules.PERMISSION_SET_NAME),
      default: [],
      description: `The permission sets of IAM Identity Center, by name, whose roles in this account ${use} the key.`,
      type: "list(string)",
    });
  });
  const role = DataApiRole.fromPermissionSetName(module, "PermissionSet", expression("each.key"));
  const lookup = role.node.findChild("Roles") as DataAwsIamRoles;
  lookup.addOverride("for_each", expression(`toset(concat(${names.join(", ")}))`));
  return (principal) => `[for name in var.${principal}_permission_sets : one(${module.textOf(lookup.fqn)}[name].arns)]`;
}

/** Adds the variable `user_roles`, and returns the role that stands for all roles of the variable. */
function userRole(module: ModuleStack, props: Pick<DataApiRoleProps, "accountId" | "partition" | "tags">): DataApiRole {
  userRolesVariable(module);
  const role = new DataApiRole(module, "UserRole", {
    ...props,
    description: expression("each.value.description"),
    maxSessionDuration: Token.asNumber(ref("each.value.max_session_duration")),
    path: expression("each.value.path"),
    permissionsBoundary: expression("each.value.permissions_boundary"),
    roleName: expression("each.key"),
    trustedPrincipals: [Identity.fromArn(expression("each.value.trusted_principals"))],
    trustedServices: [expression("each.value.trusted_services")],
  });
  role.resource.addOverride("for_each", expression("var.user_roles"));
  role.resource.assumeRolePolicy = module.policy(role.resource.assumeRolePolicyInput!);
  return role;
}

function userRolesVariable(module: ModuleStack): void {
  const forAllRoles = (condition: string): string => `alltrue([for name, role in var.user_roles : ${condition}])`;
  const { PRINCIPAL_ARN, ROLE_NAME, ROLE_PATH } = rules;
  module.variable("user_roles", {
    checks: [
      {
        condition: forAllRoles(conditionOf(ROLE_NAME, "name")!),
        error: `Each name of 'user_roles' must ${ROLE_NAME.must}, got: ${expression('join(", ", keys(var.user_roles))')}.`,
      },
      {
        condition: forAllRoles(conditionOf(ROLE_PATH, "role.path")!),
        error: `Each path of 'user_roles' must ${ROLE_PATH.must}.`,
      },
      {
        condition: forAllRoles(`alltrue([for arn in role.trusted_principals : ${conditionOf(PRINCIPAL_ARN, "arn")}])`),
        error: `Each trusted principal of 'user_roles' must ${PRINCIPAL_ARN.must}.`,
      },
      {
        condition: forAllRoles("length(role.trusted_principals) + length(role.trusted_services) > 0"),
        error: "Each of 'user_roles' must name who may assume the role: trusted_principals or trusted_services.",
      },
    ],
    default: {},
    description:
      "The roles to create, by name, that use the Data API with this key, each with the principals it trusts.",
    type: `map(object({
    description          = optional(string)
    max_session_duration = optional(number, 3600)
    path                 = optional(string, "/")
    permissions_boundary = optional(string)
    trusted_principals   = optional(list(string), [])
    trusted_services     = optional(list(string), [])
  }))`,
  });
}

/**
 * The props without a variable in both modules of warehouses: they decide which resources there are, or the module's provider
 * gives them.
 */
const OMITTED_OF_BOTH = ["adminSecretKeyArn", "enhancedVpcRouting", "logRetentionInDays"] as const;
const OMITTED_OF_CLUSTER = [
  ...OMITTED_OF_BOTH,
  "accountId",
  "clusterSubnetGroupName",
  "finalSnapshotIdentifier",
  "logBucketName",
  "logS3KeyPrefix",
  "manualSnapshotRetentionPeriod",
  "ownerAccount",
  "partition",
  "region",
  "snapshotArn",
  "snapshotClusterIdentifier",
  "snapshotIdentifier",
] as const;
const OMITTED_OF_SERVERLESS = [...OMITTED_OF_BOTH, "pricePerformanceLevel"] as const;

/** Returns the module of a provisioned cluster under an existing key, with the permissions of its users. */
export function clusterModule(): ModuleStack {
  const module = new ModuleStack(
    "Cluster",
    "A provisioned Redshift cluster under a customer managed key, with its subnet group, parameter group and audit log, " +
      "and what roles need to use it through the Data API.",
  );
  const key = existingKey(module);
  const props = module.props<EncryptedClusterProps>(ENCRYPTED_CLUSTER_PROPS, {
    except: OMITTED_OF_CLUSTER,
    overrides: {
      numberOfNodes: { isRequired: true },
      subnetIds: { atLeastOne: "subnet", isRequired: true },
      vpcSecurityGroupIds: { isRequired: true },
    },
  });
  const cluster = new EncryptedCluster(module, "Cluster", {
    ...props,
    ...module.environment(),
    // The condition of the construct, for a list of subnets whose length is unknown at synthesis.
    availabilityZoneRelocationEnabled: expression(
      "var.availability_zone_relocation_enabled == null ? !var.multi_az && " +
        "length(var.subnet_ids) > 1 : var.availability_zone_relocation_enabled",
    ) as unknown as boolean,
    clusterParameterGroupName: undefined,
    key,
  });
  cluster.logging!.addOverride("count", expression("length(var.log_exports) > 0 ? 1 : 0"));
  shareParameterGroup(module, cluster);
  access(module, cluster, `${expression("var.cluster_identifier")}-cluster-data-api`);
  outputs(module, cluster, cluster.endpoint);
  return module;
}

/** Adds a variable by which the cluster uses an existing parameter group, which other clusters may use, too. */
function shareParameterGroup(module: ModuleStack, { parameterGroup, resource }: EncryptedCluster): void {
  const isAbsent = "var.cluster_parameter_group_name == null";
  parameterGroup!.addOverride("count", expression(`${isAbsent} ? 1 : 0`));
  const created = `one(${module.textOf(parameterGroup!.fqn)}[*].name)`;
  resource.clusterParameterGroupName = expression(`${isAbsent} ? ${created} : var.cluster_parameter_group_name`);
}

/** Returns the module of a serverless warehouse under an existing key, with the permissions of its users. */
export function serverlessModule(): ModuleStack {
  const module = new ModuleStack(
    "Serverless",
    "A Redshift Serverless namespace under a customer managed key, its workgroup, and what roles need to use it through " +
      "the Data API.",
  );
  const key = existingKey(module);
  const props = module.props<EncryptedServerlessProps>(ENCRYPTED_SERVERLESS_PROPS, {
    except: OMITTED_OF_SERVERLESS,
    overrides: { securityGroupIds: { isRequired: true }, subnetIds: { atLeastOne: "subnet", isRequired: true } },
  });
  const serverless = new EncryptedServerless(module, "Serverless", {
    ...props,
    key,
    workgroupName: expression("coalesce(var.workgroup_name, var.namespace_name)"),
  });
  const isTargeted = "var.base_capacity == null";
  serverless.workgroup.putPricePerformanceTarget({
    enabled: Token.asAny(ref(isTargeted)),
    level: Token.asNumber(ref(`${isTargeted} ? ${rules.DEFAULT_PRICE_PERFORMANCE_LEVEL} : null`)),
  });
  access(module, serverless, `${expression("var.namespace_name")}-serverless-data-api`);
  const { endpointAddress, endpointPort } = serverless;
  outputs(module, serverless, `${endpointAddress}:${Token.asString(endpointPort)}`);
  module.outputs.set("namespace_arn", { description: "The namespace's ARN.", value: serverless.namespaceArn });
  return module;
}

function existingKey(module: ModuleStack): IDataApiKey {
  const { keyArn } = module.props<ExistingDataApiKeyProps>(EXISTING_DATA_API_KEY_PROPS, {
    except: ["accountId", "deployers", "users"],
  });
  const viaServices = DataApiKeyPolicy.viaServicesFor(expression('split(":", var.key_arn)[3]'));
  return DataApiKey.fromKeyArn(module, "Key", { keyArn, viaServices });
}

/**
 * Adds the permissions of the users, as an inline policy of each role and as an output. A cluster and a namespace may have the
 * same name, so the names of their policies differ.
 */
function access(module: ModuleStack, warehouse: IWarehouse, policyName: string): void {
  module.variable("user_role_arns", {
    checks: itemChecks("user_role_arns", "var.user_role_arns", rules.TRUSTING_ROLE_ARN),
    default: [],
    description:
      "The roles that use the warehouse through the Data API, by ARN. A role that only AWS may change is not among them: " +
      "it takes the output 'user_policy', for instance as the inline policy of its permission set.",
    type: "list(string)",
  });
  const access = new DataApiAccess(module, "Access", {
    // The index in the name keeps policies apart: if a role moves in the list, Terraform may add the new policy before it removes
    // the old.
    policyName: `${policyName}-${expression("count.index")}`,
    role: DataApiRole.fromRoleArn(module, "Role", expression("var.user_role_arns[count.index]")),
    warehouse,
  });
  // Not undefined: the construct creates no policy only for a reserved role, and the ARN of this role is a token.
  const resource = access.resource!;
  resource.policy = userPolicy(module, access, warehouse);
  // `count`, and not `for_each`: the length of the list is known at plan, but ARNs of roles in the same configuration may be
  // unknown.
  resource.addOverride("count", expression("length(var.user_role_arns)"));
}

/** Adds an output with the policy of the users. If the key is of another account, they also need permissions on the key. */
function userPolicy(module: ModuleStack, { policyJson: json, statements }: DataApiAccess, { key }: IWarehouse): string {
  // The user sets this flag: the plan must show the policy even if the ARN of the key is unknown.
  const isOther = module.variable("key_of_another_account", {
    checks: [],
    default: false,
    description: "Whether the key is of another account than the roles, which then need IAM permissions on the key.",
    type: "bool",
  });
  const withKey = policyJson(mergeStatements([...statements, keyUseStatement(key)]));
  module.local("user_policy_without_key", module.policy(json));
  module.local("user_policy_with_key", module.policy(withKey));
  const policyChoice = `${isOther} ? local.user_policy_with_key : local.user_policy_without_key`;
  const policy = module.local("user_policy", expression(policyChoice));
  const isOfAnotherAccount = 'split(":", arn)[4] != split(":", var.key_arn)[4]';
  module.outputs.set("user_policy", {
    description:
      "The IAM policy that a user of the warehouse needs. A role that only AWS may change takes it from its owner.",
    value: policy,
    precondition: {
      condition: expression(`alltrue([for arn in var.user_role_arns : (${isOfAnotherAccount}) == ${isOther}])`),
      error_message:
        `'key_of_another_account' must be ${expression(`!${isOther}`)} for the key ${expression("var.key_arn")} and the roles ` +
        `${expression('join(", ", var.user_role_arns)')}.`,
    },
  });
  return policy;
}

function outputs(module: ModuleStack, warehouse: EncryptedCluster | EncryptedServerless, endpoint: string): void {
  module.outputs
    .set("warehouse_arn", {
      description: "The ARN that the Data API's IAM actions name.",
      value: warehouse.warehouseArn,
    })
    .set("encryption_context", {
      description: "The KMS encryption context of the Data API.",
      value: warehouse.encryptionContext.pairs,
    })
    .set("endpoint", { description: "The host name and port of the warehouse.", value: endpoint })
    .set("admin_secret_arn", {
      description: "The secret with the admin's name and password.",
      value: warehouse.adminSecretArn,
    });
}
