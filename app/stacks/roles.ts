import type { TerraformStack } from "cdktf";
import { DataApiRole, Identity, type IDataApiRole } from "../../modules";
import { partitionOf } from "../../modules/private/partition";
import { checkPartition, fail } from "../../modules/private/checks";
import type { Problems } from "../config/problems";
import type { AdministratorConfiguration, DeployerConfiguration, UserConfiguration } from "../config/schema";
import { lookUpPrincipal } from "./principal-lookups";

type RoleToCreate = Extract<AdministratorConfiguration, { roleName: string }>;
/** The settings that the role of a user has, and the role of an administrator does not. */
type DatabaseRoles = Pick<Extract<UserConfiguration, { roleName: string }>, "databaseGroups" | "databaseRoles">;

type PermissionSet = Extract<DeployerConfiguration, { permissionSet: string }>;

/** The entry that principals are named in. */
export interface RolesProps {
  readonly account: string;
  readonly name: string;
  readonly region: string;
  readonly verifyPrincipals?: boolean | undefined;
}

/** The roles of a stack, each of them once: created and existing ones. */
export class Roles {
  public constructor(
    private readonly stack: TerraformStack,
    private readonly props: RolesProps,
    /** Whether this stack creates the roles to create. If not, another stack has created them before. */
    private readonly createsRoles = true,
  ) {}

  /** The administrators of an entry. An administrator that breaks a rule is a problem at its place. */
  public administrators(problems: Problems, entries: readonly AdministratorConfiguration[] = []): readonly Identity[] {
    return entries.flatMap(
      (entry, index) => problems.at(["administrators", index], () => this.administrator(entry)) ?? [],
    );
  }

  private administrator(entry: AdministratorConfiguration): Identity {
    if (typeof entry !== "string") {
      const role = isPermissionSet(entry)
        ? this.ofPermissionSet(entry.permissionSet)
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
      return this.ofPermissionSet(entry.permissionSet).identity;
    }
    this.verify(entry);
    return Identity.fromArn(entry);
  }

  /** A principal of another stack. This stack looks the role of a permission set up itself. */
  public ofAnotherStack(identity: Identity): Identity {
    const { permissionSetName } = identity;
    return permissionSetName === undefined ? identity : this.ofPermissionSet(permissionSetName).identity;
  }

  public user(entry: UserConfiguration, name = this.props.name): IDataApiRole {
    if (isRoleToCreate(entry)) {
      return this.role(entry, "Uses the Data API of", name);
    }
    if (isPermissionSet(entry)) {
      return this.ofPermissionSet(entry.permissionSet);
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

  /** Looks an existing principal up at plan, if the entry has `verifyPrincipals`. The stack of a shared key does it for its warehouses. */
  private verify(arn: string): void {
    if (this.props.verifyPrincipals === true && this.createsRoles) {
      lookUpPrincipal(this.stack, this.props.account, arn);
    }
  }

  /** The role of a permission set, which may administer the key and use it. */
  private ofPermissionSet(permissionSet: string): IDataApiRole {
    const { account: accountId, region } = this.props;
    const id = `PermissionSet-${permissionSet}`;
    const existing = this.stack.node.tryFindChild(id) as IDataApiRole | undefined;
    const where = { accountId, partition: partitionOf(region) };
    return existing ?? DataApiRole.fromPermissionSetName(this.stack, id, permissionSet, where);
  }

  /** A role that exists, which may administer the key and use it. */
  private existingRole(roleName: string, arn: string): IDataApiRole {
    const existing = this.roleNamed(roleName);
    if (existing && existing.identity.arn !== arn) {
      fail(this.stack, "", `be the same role as ${existing.identity.arn}, whose name it has`, arn);
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
      fail(this.stack, "roleName", `not be the name of ${arn}, which is given by its ARN`, entry.roleName);
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
