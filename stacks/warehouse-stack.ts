import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  DataApiAccess,
  DataApiKey,
  DataApiProof,
  DataApiRole,
  EncryptedCluster,
  EncryptedServerless,
  ExistingDataApiKey,
  Identity,
  type IDataApiRole,
} from "../modules";
import { partitionOf } from "../modules/private/aws-environment";
import { check, checkIamRoles, fail, PropError, PropErrors } from "../modules/private/checks";
import { TAGS } from "../modules/private/rules";
import { addBackend } from "./backend";
import type { Path } from "./configuration-file";
import type { Fleet, Problem } from "./fleet";
import type {
  AccountConfiguration,
  AdministratorConfiguration,
  Configuration,
  UserConfiguration,
  WarehouseConfiguration,
} from "./schema";

/** What all stacks of a configuration share. */
export interface WarehouseStackProps extends Pick<
  Configuration,
  "accounts" | "awsProviderVersion" | "backend" | "defaultTags"
> {
  /** The way from a stack's directory to the project's. */
  readonly projectDirectory: string;
}

/** What is wrong with a warehouse, and where below it that is written. */
export class WarehouseError extends Error {
  public constructor(public readonly problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join("\n"));
    this.name = "WarehouseError";
  }
}

/**
 * Makes the stack of every warehouse of a fleet.
 *
 * @param projectDirectory - the way from a stack's directory to the project's
 * @throws ConfigurationError with everything that is wrong: with single values, and between those of a warehouse
 */
export function warehouseStacks(scope: Construct, fleet: Fleet, projectDirectory: string): readonly WarehouseStack[] {
  const { accounts, awsProviderVersion, backend, defaultTags } = fleet.configuration;
  const props = { accounts, awsProviderVersion, backend, defaultTags, projectDirectory };
  const problems = [...fleet.problems];
  const stacks: WarehouseStack[] = [];
  for (const [index, warehouse] of fleet.rightWarehouses) {
    try {
      stacks.push(new WarehouseStack(scope, warehouse, props));
    } catch (error) {
      if (!(error instanceof WarehouseError)) {
        throw error;
      }
      problems.push(...error.problems.map((problem) => ({ ...problem, path: ["warehouses", index, ...problem.path] })));
    }
  }
  if (problems.length > 0) {
    throw fleet.error(problems);
  }
  return stacks;
}

/** What has the warehouse's name, where it is not given one. */
const NAMES = ["alias", "clusterIdentifier", "namespaceName", "workgroupName"];

type RoleToCreate = Extract<AdministratorConfiguration, { roleName: string }>;
type Key = DataApiKey | ExistingDataApiKey;
type Warehouse = EncryptedCluster | EncryptedServerless;

/** One warehouse of the configuration: its roles, key, cluster or namespace and workgroup, and who may use it. */
export class WarehouseStack extends TerraformStack {
  private readonly problems: Problem[] = [];

  /** @throws WarehouseError with everything that breaks a rule of a construct */
  public constructor(
    scope: Construct,
    private readonly warehouse: WarehouseConfiguration,
    props: WarehouseStackProps,
  ) {
    super(scope, warehouse.name);
    const tags = { ...props.defaultTags, ...warehouse.tags };
    const { assumeRole } = props.accounts?.[warehouse.account] ?? {};
    this.at([], () => check(this, "tags", tags, TAGS));
    addBackend(this, props.backend, props.projectDirectory);
    new AwsProvider(this, "Aws", {
      allowedAccountIds: [warehouse.account],
      assumeRole: assumeRole && [assumeRole],
      defaultTags: Object.keys(tags).length > 0 ? [{ tags }] : undefined,
      region: warehouse.region,
    });
    this.addOverride("terraform.required_providers.aws", {
      source: "hashicorp/aws",
      version: props.awsProviderVersion,
    });

    const { administrators: administratorEntries = [], users: userEntries } = warehouse;
    const administrators = administratorEntries.map((entry, index) =>
      this.at(["administrators", index], () => this.administrator(entry)),
    );
    const users = userEntries.map((entry, index) => this.at(["users", index], () => this.user(entry)));
    const identities = users.map((role) => role?.identity).filter(isMade);
    const complete = this.problems.length === 0;
    const key = complete ? this.at(["key"], () => this.key(administrators.filter(isMade), identities)) : undefined;
    const target = key && this.target(key);
    const accesses = users.map((role, index) =>
      role && target ? this.at(["users", index], () => this.access(role, target, userEntries[index]!)) : undefined,
    );
    if (target && this.problems.length === 0) {
      this.at([], () => this.prove(target, accesses.filter(isMade), identities, assumeRole));
    }
    if (this.problems.length > 0 || !key || !target) {
      throw new WarehouseError(this.problems);
    }
    this.outputs(key, target, administrators.filter(isMade), identities);
  }

  /** Proves the key policy as a user, because an administrator may make any grant. */
  private prove(
    target: Warehouse,
    accesses: readonly DataApiAccess[],
    users: readonly Identity[],
    deployer: AccountConfiguration["assumeRole"],
  ): void {
    const { account, dataApiProof: roleArn, region, users: entries } = this.warehouse;
    // Here without a proof, too: Terraform takes no resource out of a state whose provider is gone.
    const provider = new AwsProvider(this, "ProofAws", {
      alias: "proof",
      allowedAccountIds: [account],
      // Under a name that stays the same, the role finds its own statement again.
      assumeRole:
        roleArn === undefined
          ? deployer && [deployer]
          : [...(deployer ? [deployer] : []), { roleArn, sessionName: "data-api-proof" }],
      region,
    });
    if (roleArn === undefined) {
      return;
    }
    const index = users.findIndex(({ arn }) => arn === roleArn);
    const entry = entries[index];
    if (entry === undefined) {
      fail(this, "dataApiProof", "be the ARN of one of 'users'", roleArn);
    }
    if (typeof entry === "object" && "roleName" in entry && !entry.trustedPrincipals) {
      fail(this, "dataApiProof", "be a role with 'trustedPrincipals', so that whoever deploys may assume it", roleArn);
    }
    const { databases, databaseUser, secretArn } = typeof entry === "string" ? {} : entry;
    const credentials = { database: databases?.[0], databaseUser, secretArn };
    new DataApiProof(this, "Proof", { ...credentials, access: accesses[index], provider, warehouse: target });
  }

  private administrator(entry: AdministratorConfiguration): Identity {
    if (typeof entry !== "string") {
      return this.role(entry, "Administers the key of").identity;
    }
    const { accountId, arn, roleName } = Identity.fromArn(entry);
    const isOurs = accountId === this.warehouse.account && roleName !== undefined;
    return isOurs ? this.existingRole(roleName, arn).identity : Identity.fromArn(entry);
  }

  private user(entry: UserConfiguration): IDataApiRole {
    if (typeof entry === "object" && "roleName" in entry) {
      return this.role(entry, "Uses the Data API of");
    }
    const [prop, arn] = typeof entry === "string" ? ["", entry] : ["roleArn", entry.roleArn];
    const { accountId, roleName } = Identity.fromArn(arn);
    if (accountId !== this.warehouse.account) {
      fail(this, prop, `be a role of the account ${this.warehouse.account}, where its policy is made`, arn);
    }
    return this.existingRole(roleName!, arn);
  }

  /** A role that exists, which may administer the key and use it. */
  private existingRole(roleName: string, arn: string): IDataApiRole {
    const existing = this.roleNamed(roleName);
    if (existing && existing.identity.arn !== arn) {
      fail(this, "", `be the same role as ${existing.identity.arn}, whose name it has`, arn);
    }
    return existing ?? DataApiRole.fromRoleArn(this, `Role-${roleName}`, arn);
  }

  private roleNamed(roleName: string): IDataApiRole | undefined {
    return this.node.tryFindChild(`Role-${roleName}`) as IDataApiRole | undefined;
  }

  private role(entry: RoleToCreate, purpose: string): IDataApiRole {
    const { account, name, region } = this.warehouse;
    const existing = this.roleNamed(entry.roleName);
    if (existing) {
      fail(this, "roleName", `not be the name of ${existing.identity.arn}, which is given by its ARN`, entry.roleName);
    }
    return new DataApiRole(this, `Role-${entry.roleName}`, {
      accountId: account,
      description: entry.description ?? `${purpose} ${name}`,
      externalId: entry.externalId,
      maxSessionDuration: entry.maxSessionDuration,
      partition: partitionOf(region),
      path: entry.path,
      permissionsBoundary: entry.permissionsBoundary,
      roleName: entry.roleName,
      trustedPrincipals: entry.trustedPrincipals?.map((arn) => Identity.fromArn(arn)),
      trustedServices: entry.trustedServices,
    });
  }

  private key(administrators: readonly Identity[], users: readonly Identity[]): Key {
    const { account, key = {}, name, region } = this.warehouse;
    if ("keyArn" in key) {
      if (this.warehouse.administrators !== undefined) {
        fail(this, "administrators", "be left out for an existing key, whose owner names them", "a list");
      }
      if (key.keyArn.split(":")[3] !== region) {
        fail(this, "keyArn", `be the ARN of a key in ${region}`, key.keyArn);
      }
      return DataApiKey.fromKeyArn(this, "Key", { ...key, accountId: account, users });
    }
    return new DataApiKey(this, "Key", {
      alias: `alias/${name}`,
      description: `Amazon Redshift and its Data API: ${name}`,
      ...key,
      accountId: account,
      administrators,
      region,
      users,
    });
  }

  private target(key: Key): Warehouse | undefined {
    const { account, cluster, name, region, serverless } = this.warehouse;
    if (cluster && serverless) {
      return this.at([], () => fail(this, "", "have either 'cluster' or 'serverless'", "both"));
    }
    if (cluster) {
      const props = { clusterIdentifier: name, ...cluster, accountId: account, key, region };
      return this.at(["cluster"], () => new EncryptedCluster(this, "Cluster", props));
    }
    if (serverless) {
      const props = { namespaceName: name, ...serverless, key };
      return this.at(["serverless"], () => {
        // The construct knows no Region, and a key that is made here has no literal ARN.
        checkIamRoles(this, serverless, partitionOf(region));
        return new EncryptedServerless(this, "Serverless", props);
      });
    }
    return this.at([], () => fail(this, "", "have either 'cluster' or 'serverless'", "neither"));
  }

  private access(role: IDataApiRole, warehouse: Warehouse, entry: UserConfiguration): DataApiAccess {
    const { databases, databaseUser, ownStatementsOnly, secretArn, secretKeyArn } =
      typeof entry === "string" ? {} : entry;
    return new DataApiAccess(this, `Access-${role.roleName}`, {
      databases,
      databaseUser,
      ownStatementsOnly,
      policyName: `${this.warehouse.name}-data-api`,
      role,
      secretArn,
      secretKeyArn,
      warehouse,
    });
  }

  private outputs(key: Key, target: Warehouse, administrators: readonly Identity[], users: readonly Identity[]): void {
    const output = (id: string, description: string, value: unknown): void => {
      if (value !== undefined) {
        new TerraformOutput(this, id, { description, value });
      }
    };
    output("key_arn", "The key's ARN", key.keyArn);
    output("key_id", "The key's ID", key.keyId);
    if (key instanceof ExistingDataApiKey) {
      output("required_key_policy_statements", "What the key's policy must have", key.requiredStatements);
    } else {
      output("key_alias", "The key's alias", key.aliasName);
      output("administrator_arns", "Who administers the key", arns(administrators));
    }
    output("warehouse_arn", "The ARN that the Data API's IAM actions name", target.warehouseArn);
    if (target instanceof EncryptedServerless) {
      output("namespace_arn", "The namespace's ARN", target.namespaceArn);
      output("workgroup_arn", "The workgroup's ARN", target.warehouseArn);
    }
    output("encryption_context", "The KMS encryption context of the Data API", target.encryptionContext.pairs);
    output("user_role_arns", "Who uses the Data API", arns(users));
    output("endpoint", "The host name and port of the warehouse", target.endpoint);
    output("admin_secret_arn", "The secret with the admin's name and password", target.adminSecretArn);
  }

  /** Where a name is written: what is named after the warehouse, or a workgroup after its namespace, has no line of its own. */
  private written(path: Path): Path {
    const [section, prop] = path as readonly string[];
    const { [section!]: settings } = this.warehouse as unknown as Record<string, Record<string, unknown> | undefined>;
    if (!NAMES.includes(prop!) || settings?.[prop!] !== undefined) {
      return path;
    }
    return prop === "workgroupName" ? this.written([section!, "namespaceName"]) : ["name"];
  }

  /** Makes what stands at a place of the configuration; what a construct refuses is noted with that place. */
  private at<T>(place: Path, make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof PropError || error instanceof PropErrors)) {
        throw error;
      }
      const errors = error instanceof PropErrors ? error.errors : [error];
      this.problems.push(
        ...errors.map(({ got, must, prop }) => ({
          message: `must ${must}, got: ${got}`,
          path: this.written(below(place, prop)),
        })),
      );
      return undefined;
    }
  }
}

/** The place of a prop: `subnetIds[1]` stands at `subnetIds`, 1. */
function below(place: Path, prop: string): Path {
  const steps = prop
    .split(/[.[\]]/)
    .filter((step) => step !== "")
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  // The principals of a key are written beside it.
  return steps[0] === "administrators" || steps[0] === "users" ? steps : [...place, ...steps];
}

function isMade<T>(value: T | undefined): value is T {
  return value !== undefined;
}

function arns(identities: readonly Identity[]): readonly string[] {
  return identities.map(({ arn }) => arn);
}
