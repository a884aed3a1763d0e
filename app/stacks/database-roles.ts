import { type DataApiAccess, type DatabaseRole, DatabaseRoles } from "../../modules";
import { iamRoleUser } from "../../modules/data-api/data-api-access";
import { fail, known } from "../../modules/private/checks";
import type { DatabaseRolesConfiguration } from "../config/schema";
import type { UserAccess } from "./warehouse-access";
import type { WarehouseContext } from "./warehouse-context";

type RoleConfiguration = DatabaseRolesConfiguration["roles"][number];

/** The database roles of an entry; undefined if it has none. */
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
    // The types of the schema have privileges as strings. The schema has checked that they are privileges.
    return new DatabaseRoles({ database, roles: roles as readonly DatabaseRole[] });
  });
}

/** The access of a role of the warehouse's users. */
function accessOf(
  { stack }: WarehouseContext,
  name: string,
  accesses: readonly UserAccess[],
  place: string,
): DataApiAccess {
  const access = accessOfRole(name, accesses);
  if (access === undefined) {
    fail(stack, place, "be the name of a role of the warehouse's 'users'; 'iamRoles' takes others", name);
  }
  if (access.databaseUserName === undefined) {
    fail(stack, place, "be a role without 'secretArn': name the user of the secret in 'databaseUsers'", name);
  }
  return access;
}

/** Refuses an IAM role whose statements run as another database user than the one of its name. */
function checkIamRoles(
  { stack }: WarehouseContext,
  { iamRoles = [] }: Pick<RoleConfiguration, "iamRoles">,
  accesses: readonly UserAccess[],
  place: string,
): void {
  iamRoles.forEach((name, index) => {
    const access = accessOfRole(name, accesses);
    if (access !== undefined && access.databaseUserName !== iamRoleUser(name)) {
      const must = "not be a role of the warehouse's 'users' that has another database user: give it in 'users'";
      fail(stack, `${place}[${index}]`, must, name);
    }
  });
}

function accessOfRole(name: string, accesses: readonly UserAccess[]): DataApiAccess | undefined {
  return accesses.find(({ role }) => role.identity.roleName === name)?.access;
}
