import { DataApiAccess, type DataApiAccessProps, type IDataApiRole } from "../../modules";
import type { UserConfiguration } from "../config/schema";
import { isPermissionSet } from "./roles";
import type { WarehouseContext } from "./warehouse-context";

/** A user of a warehouse, and its access. */
export interface UserAccess {
  readonly access: DataApiAccess;
  readonly role: IDataApiRole;
}

/** Gives the users of a warehouse their access, in the order of the entry. A user whose access is refused is left out. */
export function addAccesses(context: WarehouseContext, users: readonly IDataApiRole[]): readonly UserAccess[] {
  return users.flatMap((role, index) => {
    const user = context.entry.users[index]!;
    return context.problems.at(["users", index], () => ({ access: addAccess(context, role, user), role })) ?? [];
  });
}

function addAccess(
  { entry, stack, warehouse }: WarehouseContext,
  role: IDataApiRole,
  user: UserConfiguration,
): DataApiAccess {
  const { databases, databaseUser, ownStatementsOnly, secretArn, secretKeyArn } = typeof user === "string" ? {} : user;
  const name = isPermissionSet(user) ? `PermissionSet-${user.permissionSet}` : role.roleName;
  const props = {
    databases,
    databaseUser,
    ownStatementsOnly,
    policyName: `${entry.name}-data-api`,
    role,
    secretArn,
    secretKeyArn,
    warehouse,
  };
  // The construct refuses the props of a cluster for a serverless warehouse.
  return new DataApiAccess(stack, `Access-${name}`, props as DataApiAccessProps);
}
