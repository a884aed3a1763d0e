import type { Identity, IDataApiRole } from "../../modules";
import type { Problems } from "../config/problems";
import type { WarehouseConfiguration } from "../config/schema";
import type { Roles } from "./roles";

/** The principals of a warehouse. */
export interface WarehousePrincipals {
  readonly administrators: readonly Identity[];
  /** Undefined for a shared key, whose entry names them. */
  readonly deployers: readonly Identity[] | undefined;
  readonly users: readonly IDataApiRole[];
}

/**
 * Creates the roles of a warehouse, and adopts existing ones.
 *
 * @throws StackError with every value that breaks a rule of a role
 */
export function principalsOf(entry: WarehouseConfiguration, roles: Roles, problems: Problems): WarehousePrincipals {
  const administrators = (entry.administrators ?? []).flatMap(
    (administrator, index) => problems.at(["administrators", index], () => roles.administrator(administrator)) ?? [],
  );
  const users = entry.users.flatMap((user, index) => problems.at(["users", index], () => roles.user(user)) ?? []);
  const isShared = typeof entry.key === "string";
  const deployers = isShared ? undefined : entry.deployers?.map((deployer) => roles.deployer(deployer));
  problems.throw();
  return { administrators, deployers, users };
}
