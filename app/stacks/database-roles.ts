import { type DataApiAccess, type DatabaseRole, DatabaseRoles } from "../../modules";
import { iamRoleUser } from "../../modules/data-api/data-api-access";
import { fail, known } from "../../modules/private/checks";
import type { DatabaseRolesConfiguration } from "../config/schema";
import type { UserAccess } from "./warehouse-access";
import type { WarehouseContext } from "./warehouse-context";

type RoleConfiguration = DatabaseRolesConfiguration["roles"][number];

/** Creates the database roles of a warehouse; undefined if its entry has none. */
export function databaseRolesOf(context: WarehouseContext, accesses: readonly UserAccess[]): DatabaseRoles | undefined {
  const { entry, problems, stack, warehouse } = context;
  const { databaseRoles: settings } = entry;
  if (settings === undefined) {
    return undefined;
  }
  return problems.require(["databaseRoles"], () => {
    const database = settings.database ?? warehouse.databaseName;
    if (!known(database)) {
      fail(stack, "database", "be given for a warehouse that exists", undefined);
    }
    const roles = settings.roles.map(({ users, ...role }, index) => {
      checkIamRoles(context, role, accesses, `roles[${index}].iamRoles`);
      return {
        ...role,
        accesses: users?.map((name, user) => accessOf(context, name, accesses, `roles[${index}].users[${user}]`)),
      };
    });
    // The cast is safe: the schema has checked that these strings are privileges.
    return new DatabaseRoles({ database, roles: roles as readonly DatabaseRole[] });
  });
}

/**
 * Returns the access of the user whose role has the given name. Refuses a name that no user's role has. Refuses a user with a
 * secret, because the database user of the secret is unknown.
 */
function accessOf(
  { stack }: WarehouseContext,
  name: string,
  accesses: readonly UserAccess[],
  place: string,
): DataApiAccess {
  const access = accessOfRole(name, accesses);
  if (access === undefined) {
    fail(stack, place, "be the name of a role of the warehouse's 'users'; name other roles in 'iamRoles'", name);
  }
  if (access.databaseUserName === undefined) {
    fail(stack, place, "be a role without 'secretArn': name the user of the secret in 'databaseUsers'", name);
  }
  return access;
}

/** Refuses an IAM role of `iamRoles` if the role runs SQL statements as a database user that is not `IAMR:` and the role's name. */
function checkIamRoles(
  { stack }: WarehouseContext,
  { iamRoles = [] }: Pick<RoleConfiguration, "iamRoles">,
  accesses: readonly UserAccess[],
  place: string,
): void {
  iamRoles.forEach((name, index) => {
    const access = accessOfRole(name, accesses);
    if (access !== undefined && access.databaseUserName !== iamRoleUser(name)) {
      const must = "not be a role with a 'databaseUser' or a secret: name it in 'users' of the database role";
      fail(stack, `${place}[${index}]`, must, name);
    }
  });
}

function accessOfRole(name: string, accesses: readonly UserAccess[]): DataApiAccess | undefined {
  return accesses.find(({ role }) => role.identity.roleName === name)?.access;
}
