import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import {
  DataApiAccess,
  DataApiKey,
  DataApiRole,
  EncryptedCluster,
  EncryptedServerless,
  type ExistingDataApiKey,
  Identity,
  type IDataApiRole,
} from "../modules";
import { partitionOf } from "../modules/private/aws-environment";
import { PropError } from "../modules/private/checks";
import { addBackend } from "./backend";
import { aliasOf, type Path, type Problem } from "./configuration";
import type {
  AdministratorConfiguration,
  Configuration,
  UserConfiguration,
  WarehouseConfiguration,
} from "./schema";

/** What all stacks of a configuration share. */
export interface WarehouseStackProps extends Pick<Configuration, "awsProviderVersion" | "backend" | "defaultTags"> {
  /** The way from a stack's directory to the project's. */
  readonly projectDirectory: string;
}

/** A warehouse that breaks a rule of a construct: what is wrong, and where below the warehouse it is written. */
export class WarehouseError extends Error {
  public constructor(public readonly problem: Problem) {
    super(problem.message);
    this.name = "WarehouseError";
  }
}

type RoleToCreate = Extract<AdministratorConfiguration, { roleName: string }>;

/** One warehouse of the configuration: its roles, key, cluster or namespace and workgroup, and who may use it. */
export class WarehouseStack extends TerraformStack {
  /** @throws WarehouseError if the warehouse breaks a rule */
  public constructor(
    scope: Construct,
    private readonly warehouse: WarehouseConfiguration,
    props: WarehouseStackProps,
  ) {
    super(scope, warehouse.name);
    const { account, name, region } = warehouse;
    addBackend(this, props.backend, props.projectDirectory);
    const tags = { ...props.defaultTags, ...warehouse.tags };
    new AwsProvider(this, "Aws", {
      allowedAccountIds: [account],
      defaultTags: Object.keys(tags).length > 0 ? [{ tags }] : undefined,
      region,
    });
    const requirement = { source: "hashicorp/aws", version: props.awsProviderVersion };
    this.addOverride("terraform.required_providers.aws", requirement);

    const administrators = this.makeAdministrators();
    const users = warehouse.users.map((user, index) => this.at(["users", index], () => this.makeUser(user)));
    const key = this.makeKey(
      administrators,
      users.map(({ identity }) => identity),
    );
    const target = this.makeWarehouse(key);
    warehouse.users.forEach((user, index) => {
      const role = users[index]!;
      const { databases, databaseUser, ownStatementsOnly, secretArn, secretKeyArn } = typeof user === "string" ? {} : user;
      this.at(["users", index], () =>
        new DataApiAccess(this, `Access-${role.roleName}`, {
          databases,
          databaseUser,
          ownStatementsOnly,
          role,
          secretArn,
          secretKeyArn,
          warehouse: target,
        }),
      );
    });

    this.output("key_arn", key.keyArn, "The key's ARN");
    this.output("key_id", key.keyId, "The key's ID");
    this.output("key_alias", aliasOf(warehouse), "The key's alias");
    this.output(
      "required_key_policy_statements",
      key instanceof DataApiKey ? undefined : key.requiredStatements,
      "What the key's owner must have in its policy",
    );
    this.output("warehouse_arn", target.warehouseArn, "The ARN that the Data API's IAM actions name");
    if (target instanceof EncryptedServerless) {
      this.output("namespace_arn", target.namespaceArn, "The namespace's ARN");
      this.output("workgroup_arn", target.warehouseArn, "The workgroup's ARN");
    }
    this.output("encryption_context", target.encryptionContext.pairs, "The KMS encryption context of the Data API");
    this.output(
      "administrator_role_arns",
      administrators.map(({ arn }) => arn),
      "Who administers the key",
    );
    this.output(
      "user_role_arns",
      users.map(({ identity }) => identity.arn),
      "Who uses the Data API",
    );
    this.output("endpoint", target.endpoint, `Where ${name} is reached`);
    this.output("admin_secret_arn", target.adminSecretArn, "The secret with the admin's name and password");
  }

  private makeAdministrators(): readonly Identity[] {
    const { administrators = [], key } = this.warehouse;
    const adopted = key !== undefined && "keyArn" in key;
    if (adopted !== (administrators.length === 0)) {
      const message = adopted
        ? "must be left out where an existing key is given: its owner names them"
        : "must be given: without an administrator, nobody could manage the key";
      throw new WarehouseError({ path: ["administrators"], message });
    }
    return administrators.map((administrator, index) =>
      this.at(["administrators", index], () =>
        typeof administrator === "string"
          ? Identity.fromArn(administrator)
          : this.makeRole(administrator, "Administers the key of").identity,
      ),
    );
  }

  private makeUser(user: UserConfiguration): IDataApiRole {
    if (typeof user === "object" && "roleName" in user) {
      return this.makeRole(user, "Uses the Data API of");
    }
    const arn = typeof user === "string" ? user : user.roleArn;
    const { account } = this.warehouse;
    const identity = Identity.fromArn(arn);
    if (identity.accountId !== account) {
      const message = `must be a role of the account ${account}, because its policy is attached there, got: ${arn}`;
      throw new WarehouseError({ path: typeof user === "string" ? [] : ["roleArn"], message });
    }
    return DataApiRole.fromRoleArn(this, `Role-${identity.roleName}`, arn);
  }

  private makeRole(role: RoleToCreate, purpose: string): IDataApiRole {
    const { account, name, region } = this.warehouse;
    return new DataApiRole(this, `Role-${role.roleName}`, {
      accountId: account,
      description: role.description ?? `${purpose} ${name}`,
      externalId: role.externalId,
      maxSessionDuration: role.maxSessionDuration,
      partition: partitionOf(region),
      path: role.path,
      permissionsBoundary: role.permissionsBoundary,
      roleName: role.roleName,
      trustedPrincipals: role.trustedPrincipals?.map((arn) => Identity.fromArn(arn)),
      trustedServices: role.trustedServices,
    });
  }

  private makeKey(administrators: readonly Identity[], users: readonly Identity[]): DataApiKey | ExistingDataApiKey {
    const { account, key = {}, name, region } = this.warehouse;
    return this.at(["key"], () =>
      "keyArn" in key
        ? DataApiKey.fromKeyArn(this, "Key", { ...key, accountId: account, users })
        : new DataApiKey(this, "Key", {
            description: `Amazon Redshift and its Data API: ${name}`,
            ...key,
            accountId: account,
            administrators,
            alias: aliasOf(this.warehouse)!,
            region,
            users,
          }),
    );
  }

  private makeWarehouse(key: DataApiKey | ExistingDataApiKey): EncryptedCluster | EncryptedServerless {
    const { account, cluster, name, region, serverless } = this.warehouse;
    if (cluster && !serverless) {
      return this.at(
        ["cluster"],
        () => new EncryptedCluster(this, "Cluster", { clusterIdentifier: name, ...cluster, accountId: account, key, region }),
      );
    }
    if (serverless && !cluster) {
      return this.at(
        ["serverless"],
        () => new EncryptedServerless(this, "Serverless", { namespaceName: name, ...serverless, key }),
      );
    }
    const got = cluster ? "both" : "neither";
    throw new WarehouseError({ path: [], message: `must have either 'cluster' or 'serverless', got: ${got}` });
  }

  /** Makes what stands at a place of the configuration; an error of a construct then names that place. */
  private at<T>(place: Path, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (error instanceof PropError) {
        const { got, must, prop } = error;
        const below = prop
          .split(/[.[\]]/)
          .filter((step) => step !== "")
          .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
        // Who a key's principals are is written beside the key, not below it.
        const path = below[0] === "administrators" || below[0] === "users" ? below : [...place, ...below];
        throw new WarehouseError({ path, message: `must ${must}, got: ${got}` });
      }
      if (error instanceof WarehouseError) {
        throw new WarehouseError({ ...error.problem, path: [...place, ...error.problem.path] });
      }
      throw error;
    }
  }

  private output(id: string, value: unknown, description: string): void {
    if (value !== undefined) {
      new TerraformOutput(this, id, { description, value });
    }
  }
}
