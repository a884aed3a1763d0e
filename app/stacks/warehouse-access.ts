import type { DataApiAccess, DataApiWarehouse, IDataApiRole } from "../../modules";
import type { UserConfiguration, WarehouseConfiguration } from "../config/schema";
import { isPermissionSet } from "./roles";
import type { WarehouseContext } from "./warehouse-context";

/** A user's role, and its access to the warehouse. */
export interface UserAccess {
  readonly access: DataApiAccess;
  readonly role: IDataApiRole;
}

/**
 * Gives each user of the entry access to the warehouse, in the order of the users. If the access is refused, the refusal becomes a
 * problem, and the result leaves the user out.
 */
export function addAccesses(
  { entry, problems }: WarehouseContext,
  warehouse: DataApiWarehouse,
  users: readonly IDataApiRole[],
): readonly UserAccess[] {
  return users.flatMap((role, index) => {
    const user = entry.users[index]!;
    return problems.at(["users", index], () => ({ access: addAccess(entry, warehouse, role, user), role })) ?? [];
  });
}

function addAccess(
  { name }: WarehouseConfiguration,
  warehouse: DataApiWarehouse,
  role: IDataApiRole,
  user: UserConfiguration,
): DataApiAccess {
  const { databases, databaseUser, ownStatementsOnly, secretArn, secretKeyArn } = typeof user === "string" ? {} : user;
  const id = `Access-${isPermissionSet(user) ? `PermissionSet-${user.permissionSet}` : role.roleName}`;
  const policyName = `${name}-data-api`;
  const credentials = { databases, databaseUser, secretArn, secretKeyArn };
  return warehouse.addUser(id, { ...credentials, ownStatementsOnly, policyName, role });
}
