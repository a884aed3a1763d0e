import type { TerraformStack } from "cdktf";
import { DataApiRole, Identity, type IDataApiRole } from "../../modules";
import { partitionOf } from "../../modules/private/partition";
import { checkPartition, fail } from "../../modules/private/checks";
import type { Problems } from "../config/problems";
import type { AdministratorConfiguration, DeployerConfiguration, UserConfiguration } from "../config/schema";
import { lookUpPrincipal } from "./principal-lookups";

type RoleToCreate = Extract<AdministratorConfiguration, { roleName: string }>;
/** The settings for database groups and roles, which only the role of a user has. */
type DatabaseRoles = Pick<Extract<UserConfiguration, { roleName: string }>, "databaseGroups" | "databaseRoles">;

type PermissionSet = Extract<DeployerConfiguration, { permissionSet: string }>;

/** The settings of the entry that names the principals. */
export interface RolesProps {
  readonly account: string;
  readonly name: string;
  readonly region: string;
  readonly verifyPrincipals?: boolean | undefined;
}

/** Creates or adopts the roles of a stack, each of them once. */
export class Roles {
  public constructor(
    private readonly stack: TerraformStack,
    private readonly props: RolesProps,
    /** Whether this stack creates the roles to create. If not, the stack of the shared key has created them. */
    private readonly createsRoles = true,
  ) {}

  /** Returns the administrators of an entry. Leaves out an administrator that breaks a rule, and reports the problem. */
  public administrators(problems: Problems, entries: readonly AdministratorConfiguration[] = []): readonly Identity[] {
    return entries.flatMap(
      (entry, index) => problems.at(["administrators", index], () => this.administrator(entry)) ?? [],
    );
  }

  private administrator(entry: AdministratorConfiguration): Identity {
    if (typeof entry !== "string") {
      const role = isPermissionSet(entry)
        ? this.roleOfPermissionSet(entry.permissionSet)
        : this.role(entry, "Administers the key of");
      return role.identity;
    }
    this.verify(entry);
    const { accountId, arn, roleName } = Identity.fromArn(entry);
    const isOfThisAccount = accountId === this.props.account && roleName !== undefined;
    return isOfThisAccount ? this.existingRole(roleName, arn).identity : Identity.fromArn(entry);
  }

  public deployer(entry: DeployerConfiguration): Identity {
    if (isPermissionSet(entry)) {
      return this.roleOfPermissionSet(entry.permissionSet).identity;
    }
    this.verify(entry);
    return Identity.fromArn(entry);
  }

  /**
   * Returns a principal for this stack, given a principal that the shared key in another stack names. This stack looks up the role
   * of a permission set again.
   */
  public inAnotherStack(identity: Identity): Identity {
    const { permissionSetName } = identity;
    return permissionSetName === undefined ? identity : this.roleOfPermissionSet(permissionSetName).identity;
  }

  public user(entry: UserConfiguration, name = this.props.name): IDataApiRole {
    if (isRoleToCreate(entry)) {
      return this.role(entry, "Uses the Data API of", name);
    }
    if (isPermissionSet(entry)) {
      return this.roleOfPermissionSet(entry.permissionSet);
    }
    const [prop, arn] = typeof entry === "string" ? ["", entry] : ["roleArn", entry.roleArn];
    this.verify(arn);
    const { accountId, roleName } = Identity.fromArn(arn);
    if (accountId !== this.props.account) {
      fail(this.stack, prop, `be a role of the stack's account, ${this.props.account}`, arn);
    }
    checkPartition(this.stack, prop, arn, partitionOf(this.props.region));
    return this.existingRole(roleName!, arn);
  }

  /**
   * If the entry has `verifyPrincipals`, adds a data source. With it, a plan fails if the principal does not exist. Of the stacks that
   * share a key, only the stack of the key adds it.
   */
  private verify(arn: string): void {
    if (this.props.verifyPrincipals === true && this.createsRoles) {
      lookUpPrincipal(this.stack, this.props.account, arn);
    }
  }

  /** Returns the role of a permission set. Only the first call looks the role up, because the same role may administer and use the key. */
  private roleOfPermissionSet(permissionSet: string): IDataApiRole {
    const { account: accountId, region } = this.props;
    const id = `PermissionSet-${permissionSet}`;
    const existing = this.stack.node.tryFindChild(id) as IDataApiRole | undefined;
    const where = { accountId, partition: partitionOf(region) };
    return existing ?? DataApiRole.fromPermissionSetName(this.stack, id, permissionSet, where);
  }

  /** Returns an existing role. Only the first call adopts the role, because the same role may administer and use the key. */
  private existingRole(roleName: string, arn: string): IDataApiRole {
    const existing = this.roleNamed(roleName);
    if (existing && existing.identity.arn !== arn) {
      fail(this.stack, "", `not have the name of another role, ${existing.identity.arn}`, arn);
    }
    return existing ?? DataApiRole.fromRoleArn(this.stack, `Role-${roleName}`, arn);
  }

  private roleNamed(roleName: string): IDataApiRole | undefined {
    return this.stack.node.tryFindChild(`Role-${roleName}`) as IDataApiRole | undefined;
  }

  private role(entry: RoleToCreate & DatabaseRoles, purpose: string, name = this.props.name): IDataApiRole {
    const { account, region } = this.props;
    const existing = this.roleNamed(entry.roleName);
    if (existing) {
      const { arn } = existing.identity;
      fail(
        this.stack,
        "roleName",
        `not be the name of the role to create, because the entry names the existing role ${arn}`,
        entry.roleName,
      );
    }
    const { path, roleName } = entry;
    const where = { accountId: account, partition: partitionOf(region), path, roleName };
    if (!this.createsRoles) {
      return this.existingRole(roleName, Identity.forRole(where).arn);
    }
    return new DataApiRole(this.stack, `Role-${roleName}`, {
      ...where,
      databaseGroups: entry.databaseGroups,
      databaseRoles: entry.databaseRoles,
      description: entry.description ?? `${purpose} ${name}`,
      externalId: entry.externalId,
      maxSessionDuration: entry.maxSessionDuration,
      oidcTrusts: entry.oidcTrusts,
      permissionsBoundary: entry.permissionsBoundary,
      principalTrusts: entry.principalTrusts?.map((trust) => ({
        ...trust,
        principals: trust.principals.map((arn) => Identity.fromArn(arn)),
      })),
      samlTrusts: entry.samlTrusts,
      sessionNames: entry.sessionNames,
      trustedPrincipals: entry.trustedPrincipals?.map((arn) => Identity.fromArn(arn)),
      trustedServices: entry.trustedServices,
    });
  }
}

export function isRoleToCreate(
  entry: AdministratorConfiguration | UserConfiguration,
): entry is Extract<UserConfiguration, { roleName: string }> {
  return typeof entry === "object" && "roleName" in entry;
}

export function isPermissionSet(entry: AdministratorConfiguration | UserConfiguration): entry is PermissionSet {
  return typeof entry === "object" && "permissionSet" in entry;
}
