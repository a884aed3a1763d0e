import { DataAwsKmsKey } from "@cdktf/provider-aws/lib/data-aws-kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  DataApiAccess,
  type DataApiAccessProps,
  DataApiKey,
  DataApiProof,
  type DataApiProofProps,
  EncryptedCluster,
  EncryptedServerless,
  type IClusterParameterGroup,
  type IDataApiKey,
  type IDataApiRole,
  type Identity,
  SnapshotCopy,
} from "../../modules";
import { PROOF_SESSION } from "../../modules/data-api/data-api-proof";
import { callerMayDeploy } from "../../modules/kms/key";
import { partitionOf } from "../../modules/private/aws-environment";
import { checkIamRoles, fail } from "../../modules/private/checks";
import { defined } from "../../modules/private/defined";
import { knownCharacters } from "../../modules/private/statement";
import type { Path } from "../config/configuration-file";
import { Problems } from "../config/problems";
import type { UserConfiguration, WarehouseConfiguration } from "../config/schema";
import { addEnvironment, deployerOf, type SharedProps } from "./environment";
import {
  arnsOf,
  type Key,
  makeKey,
  makeReplicas,
  output,
  outputKey,
  outputReplicas,
  type Principals,
  replicaRegionsOf,
} from "./key";
import type { KeyStack } from "./key-stack";
import { securityGroupIdsOf, subnetIdsOf } from "./network";
import { Operations } from "./operations";
import type { ParameterGroupStack } from "./parameter-group-stack";
import { Regions } from "./regions";
import type { RolePolicy } from "./role-policies";
import { isPermissionSet, isRoleToCreate, Roles } from "./roles";

/** The names that default to the warehouse's name. */
const NAMES = ["alias", "clusterIdentifier", "namespaceName", "workgroupName"];

/** An ID with the length of a workgroup's ID, which AWS assigns. */
const ANY_ID = "12345678-1234-1234-1234-123456789012";

type Warehouse = EncryptedCluster | EncryptedServerless;

/** The stacks of what a warehouse shares with others. */
export interface Shared {
  /** @default - the warehouse has its own key */
  readonly key?: KeyStack | undefined;
  /** @default - the cluster has its own parameter group, or the warehouse is serverless */
  readonly parameterGroup?: ParameterGroupStack | undefined;
}

/** One warehouse of the configuration: its roles, key, cluster or namespace and workgroup, and who may use it. */
export class WarehouseStack extends TerraformStack {
  private readonly problems = new Problems((path) => this.written(path));
  /** The inline policies that the stack gives to roles. */
  public readonly rolePolicies: readonly RolePolicy[];
  private readonly regions: Regions;
  private readonly roles: Roles;
  private readonly keyStack: KeyStack | undefined;

  /** @throws StackError with everything that breaks a rule of a construct */
  public constructor(
    scope: Construct,
    private readonly warehouse: WarehouseConfiguration,
    private readonly props: SharedProps,
    private readonly shared: Shared = {},
  ) {
    super(scope, warehouse.name);
    const { key: keyStack } = shared;
    this.keyStack = keyStack;
    addEnvironment(this, warehouse, props, this.problems);
    this.regions = new Regions(this, warehouse, props);
    const { administrators: administratorEntries = [], users: userEntries } = warehouse;
    this.roles = new Roles(this, warehouse, !keyStack);
    const administrators = administratorEntries.map((entry, index) =>
      this.problems.at(["administrators", index], () => this.roles.administrator(entry)),
    );
    const users = userEntries.map((entry, index) => this.problems.at(["users", index], () => this.roles.user(entry)));
    const identities = users.map((role) => role?.identity).filter(isMade);
    const principals: Principals = {
      administrators: administrators.filter(isMade),
      deployers: keyStack ? undefined : warehouse.deployers?.map((entry) => this.roles.deployer(entry)),
    };
    const complete = !this.problems.some;
    const key = complete ? this.problems.at(["key"], () => this.key(principals)) : undefined;
    const replicas = key && this.problems.at(["key"], () => this.replicas(key));
    const target = key && replicas && this.target(key);
    if (target?.kind === "cluster" && replicas) {
      this.problems.at(["cluster", "snapshotCopy"], () => this.copySnapshots(target, replicas));
    }
    if (target) {
      this.operate(target);
    }
    const accesses = users.map((role, index) =>
      role && target
        ? this.problems.at(["users", index], () => this.access(role, target, userEntries[index]!))
        : undefined,
    );
    // A key policy is complete when all users have their access, and synthesis writes stacks one by one.
    for (const one of [key, ...(replicas?.values() ?? [])]) {
      this.problems.at(["key"], () => one?.requiredStatements);
    }
    if (target && !this.problems.some) {
      this.problems.at([], () => this.prove(target, accesses.filter(isMade), identities));
    }
    this.problems.throw();
    this.outputs(key!, target!, administrators.filter(isMade), identities);
    this.outputUserPolicies(users.filter(isMade), accesses.filter(isMade));
    this.rolePolicies = this.policiesOfRoles(target!, users.filter(isMade), accesses.filter(isMade));
    if (!keyStack) {
      outputReplicas(this, replicas!);
    }
  }

  private operate(target: Warehouse): void {
    const { cluster, serverless } = this.warehouse;
    const operations = new Operations(this, this.warehouse, this.problems);
    if (target.kind === "cluster") {
      operations.addCluster(target, cluster!);
    } else {
      operations.addServerless(target, serverless!);
    }
  }

  /** Proves the key policy as a user, because an administrator may make any grant. */
  private prove(target: Warehouse, accesses: readonly DataApiAccess[], users: readonly Identity[]): void {
    const { account, dataApiProof: roleArn, region, users: entries } = this.warehouse;
    const deployer = deployerOf(account, this.props);
    // Version 0.1.0 made the statement of a proof with it, and Terraform removes no resource whose provider is missing.
    new AwsProvider(
      this,
      "ProofAws",
      defined({
        alias: "proof",
        allowedAccountIds: [account],
        assumeRole: deployer && [defined(deployer)],
        region,
      }),
    );
    if (roleArn === undefined) {
      return;
    }
    const index = users.findIndex(({ arn }) => arn === roleArn);
    const entry = entries[index];
    if (entry === undefined) {
      fail(this, "dataApiProof", "be the ARN of one of 'users'", roleArn);
    }
    if (isRoleToCreate(entry) && !entry.trustedPrincipals) {
      fail(this, "dataApiProof", "be a role with 'trustedPrincipals', so that the deployer may assume it", roleArn);
    }
    if (isRoleToCreate(entry) && entry.sessionNames && !entry.sessionNames.includes(PROOF_SESSION)) {
      fail(this, "dataApiProof", `be a role that has ${PROOF_SESSION} in its 'sessionNames'`, roleArn);
    }
    const { databases, databaseUser, secretArn } = typeof entry === "string" ? {} : entry;
    const credentials = { database: databases?.[0], databaseUser, secretArn };
    const assumedRoles = [deployer, { roleArn }].filter(isMade);
    const props = { ...credentials, access: accesses[index], assumedRoles, warehouse: target };
    // DataApiAccess has refused the props of a cluster for a serverless warehouse.
    new DataApiProof(this, "Proof", props as DataApiProofProps);
  }

  private key(principals: Principals): Key {
    const { key, ...entry } = this.warehouse;
    return typeof key === "string" ? this.sharedKey(key, this.keyStack!) : makeKey(this, { ...entry, key }, principals);
  }

  /**
   * A key of another stack. A plan looks it up by its alias, and reads no other stack's state: it shows the key's ARN, and
   * fails if the key is not deployed yet.
   */
  private sharedKey(name: string, keyStack: KeyStack): Key {
    const { account, region } = this.warehouse;
    const { entry, keyArnOrAlias } = keyStack;
    for (const prop of ["administrators", "deployers"] as const) {
      if (this.warehouse[prop] !== undefined) {
        fail(this, prop, "be left out for a shared key, whose entry names them", "a list");
      }
    }
    if (entry.account !== account || entry.region !== region) {
      fail(this, "", `be the name of a key of ${account} in ${region}`, name);
    }
    this.addDependency(keyStack);
    const deployers = keyStack.key.warehouseDeployers?.map((identity) => this.roles.ofAnotherStack(identity));
    const keyArn = "keyArn" in keyArnOrAlias ? keyArnOrAlias.keyArn : this.lookUpKey(keyArnOrAlias.alias, deployers);
    const { viaServices } = entry.key ?? {};
    return DataApiKey.fromKeyArn(this, "Key", { accountId: account, deployers, keyArn, viaServices });
  }

  /** The ARN of the shared key. KMS would refuse the lookup of another caller, before a precondition of the warehouse fails. */
  private lookUpKey(keyId: string, warehouseDeployers: readonly Identity[] | undefined): string {
    const { account, region } = this.warehouse;
    const keyArn = `arn:${partitionOf(region)}:kms:${region}:${account}:${keyId}`;
    const precondition = callerMayDeploy(this, { keyArn, warehouseDeployers }, undefined);
    return new DataAwsKmsKey(this, "SharedKey", { keyId, lifecycle: defined({ precondition }) }).arn;
  }

  /** The replicas of the warehouse's key, by Region; those of a shared key are looked up if they are needed. */
  private replicas(key: Key): ReadonlyMap<string, IDataApiKey> {
    const { cluster, key: settings, ...entry } = this.warehouse;
    if (typeof settings !== "string") {
      return makeReplicas(this, { ...entry, key: settings }, key, this.regions);
    }
    const region = cluster?.snapshotCopy?.destinationRegion;
    const { entry: shared, keyArnOrAlias } = this.keyStack!;
    if (region === undefined || !("alias" in keyArnOrAlias) || !replicaRegionsOf(shared).includes(region)) {
      return new Map();
    }
    const provider = this.regions.provider(region);
    const { arn } = new DataAwsKmsKey(this, `SharedKey-${region}`, { keyId: keyArnOrAlias.alias, provider });
    return new Map([[region, DataApiKey.fromKeyArn(this, `Replica-${region}`, { keyArn: arn })]]);
  }

  private copySnapshots(cluster: EncryptedCluster, replicas: ReadonlyMap<string, IDataApiKey>): void {
    const { snapshotCopy } = this.warehouse.cluster!;
    if (snapshotCopy === undefined) {
      return;
    }
    const { destinationKeyArn: keyArn, destinationRegion, ...settings } = snapshotCopy;
    const replica = replicas.get(destinationRegion);
    if (replica && keyArn !== undefined) {
      fail(this, "destinationKeyArn", `be left out if the key has a replica in ${destinationRegion}`, keyArn);
    }
    if (!replica && keyArn === undefined) {
      const must = `be given, or 'replicaRegions' of the key name ${destinationRegion}`;
      fail(this, "destinationKeyArn", must, keyArn);
    }
    new SnapshotCopy(this, "SnapshotCopy", {
      ...settings,
      cluster,
      destinationKey: replica ?? DataApiKey.fromKeyArn(this, "DestinationKey", { keyArn: keyArn! }),
      destinationProvider: this.regions.provider(destinationRegion),
      destinationRegion,
    });
  }

  private target(key: Key): Warehouse | undefined {
    const { account, cluster, name, region, serverless } = this.warehouse;
    if (cluster) {
      const subnetIds = subnetIdsOf(this, cluster.subnetIds, cluster.multiAz ? 3 : 1);
      const vpcSecurityGroupIds = securityGroupIdsOf(this, cluster.vpcSecurityGroupIds);
      return this.problems.at(["cluster"], () => {
        const clusterIdentifier = cluster.clusterIdentifier ?? name;
        const props = {
          ...cluster,
          accountId: account,
          clusterIdentifier,
          key,
          region,
          subnetIds,
          vpcSecurityGroupIds,
        };
        return new EncryptedCluster(this, "Cluster", { ...props, parameterGroup: this.sharedParameterGroup() });
      });
    }
    // A warehouse has one of the two.
    const settings = serverless!;
    const props = {
      ...settings,
      key,
      namespaceName: settings.namespaceName ?? name,
      securityGroupIds: securityGroupIdsOf(this, settings.securityGroupIds),
      subnetIds: subnetIdsOf(this, settings.subnetIds, 2),
    };
    return this.problems.at(["serverless"], () => {
      // The construct has no Region, and a key that is made here has no literal ARN.
      checkIamRoles(this, settings, partitionOf(region));
      return new EncryptedServerless(this, "Serverless", props);
    });
  }

  /** The parameter group of another stack, which the cluster takes by its name. */
  private sharedParameterGroup(): IClusterParameterGroup | undefined {
    const { account, region } = this.warehouse;
    if (!this.shared.parameterGroup) {
      return undefined;
    }
    const { entry, parameterGroup } = this.shared.parameterGroup;
    if (entry.account !== account || entry.region !== region) {
      fail(this, "parameterGroup", `be the name of a parameter group of ${account} in ${region}`, entry.name);
    }
    return parameterGroup;
  }

  private access(role: IDataApiRole, warehouse: Warehouse, entry: UserConfiguration): DataApiAccess {
    const { databases, databaseUser, ownStatementsOnly, secretArn, secretKeyArn } =
      typeof entry === "string" ? {} : entry;
    const name = isPermissionSet(entry) ? `PermissionSet-${entry.permissionSet}` : role.roleName;
    const props = {
      databases,
      databaseUser,
      ownStatementsOnly,
      policyName: `${this.warehouse.name}-data-api`,
      role,
      secretArn,
      secretKeyArn,
      warehouse,
    };
    // The construct refuses the props of a cluster for a serverless warehouse.
    return new DataApiAccess(this, `Access-${name}`, props as DataApiAccessProps);
  }

  private outputs(key: Key, target: Warehouse, administrators: readonly Identity[], users: readonly Identity[]): void {
    if (this.keyStack) {
      output(this, "key_arn", "The key's ARN", key.keyArn);
      output(this, "key_id", "The key's ID", key.keyId);
    } else {
      outputKey(this, key, administrators);
    }
    output(this, "warehouse_arn", "The ARN that the Data API's IAM actions name", target.warehouseArn);
    // A restored cluster has the database of its snapshot.
    const databaseName = target.kind === "cluster" ? target.resource.databaseName : target.databaseName;
    output(this, "database_name", "The name of the first database", databaseName);
    if (target.kind === "cluster") {
      output(this, "cluster_identifier", "The cluster's identifier", target.clusterIdentifier);
    } else {
      output(this, "namespace_arn", "The namespace's ARN", target.namespaceArn);
      output(this, "workgroup_arn", "The workgroup's ARN", target.warehouseArn);
      output(this, "workgroup_name", "The workgroup's name", target.workgroupName);
    }
    output(this, "encryption_context", "The KMS encryption context of the Data API", target.encryptionContext.pairs);
    output(this, "user_role_arns", "Who uses the Data API", arnsOf(users));
    output(this, "endpoint", "The host name and port of the warehouse", target.endpoint);
    output(this, "admin_secret_arn", "The secret with the admin's name and password", target.adminSecretArn);
  }

  /** The permissions of the roles that Terraform gives no policy. */
  private outputUserPolicies(users: readonly IDataApiRole[], accesses: readonly DataApiAccess[]): void {
    const policies = users.flatMap(({ identity }, index) =>
      identity.isUnmodifiable ? [[identity.arn, accesses[index]!.policyJson] as const] : [],
    );
    const description = "What roles need that only AWS may change, by ARN: the inline policy of a permission set";
    output(this, "user_policies", description, policies.length > 0 ? Object.fromEntries(policies) : undefined);
  }

  private policiesOfRoles(
    target: Warehouse,
    users: readonly IDataApiRole[],
    accesses: readonly DataApiAccess[],
  ): readonly RolePolicy[] {
    const { account, region } = this.warehouse;
    const workgroup = `arn:${partitionOf(region)}:redshift-serverless:${region}:${account}:workgroup/${ANY_ID}`;
    const arn = target.kind === "serverless" ? workgroup : target.warehouseArn;
    return accesses.flatMap(({ policyJson, resource }, index) =>
      resource
        ? {
            account,
            characters: knownCharacters(policyJson.replaceAll(target.warehouseArn, arn)),
            position: index,
            roleName: users[index]!.roleName,
          }
        : [],
    );
  }

  /** The place of a name: a name that defaults to the warehouse's or the namespace's has no line of its own. */
  private written(path: Path): Path {
    const [section, prop] = path as readonly string[];
    const { [section!]: settings } = this.warehouse as unknown as Record<string, Record<string, unknown> | undefined>;
    if (!NAMES.includes(prop!) || settings?.[prop!] !== undefined) {
      return path;
    }
    return prop === "workgroupName" ? this.written([section!, "namespaceName"]) : ["name"];
  }
}

function isMade<T>(value: T | undefined): value is T {
  return value !== undefined;
}
