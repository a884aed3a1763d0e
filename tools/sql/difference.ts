import { type Grant, keyOf } from "../../modules/data-api/database-grants";

/** The grants that a database has, and the tables of the configured schemas. */
export interface DatabaseState {
  readonly grants: readonly Grant[];
  readonly tables: readonly Table[];
}

/** A table or a view. */
export interface Table {
  readonly schema: string;
  readonly table: string;
}

/** The differences of a database from a configuration. */
export interface Difference {
  /** The grants of configured roles on configured objects, and the members of configured roles, that the configuration does not have. */
  readonly extra: readonly Grant[];
  readonly missing: readonly Grant[];
  /** The users that the configuration names, and that neither exist nor are created by a statement. */
  readonly unknownUsers: readonly string[];
}

/** Compares a database with a configuration. */
export function differenceOf(desired: readonly Grant[], { grants, tables }: DatabaseState): Difference {
  const existingKeys = new Set(grants.map(keyOf));
  const missing = desired.filter((grant) =>
    grant.kind === "allTables"
      ? onTables(grant, tables).some((tableGrant) => !existingKeys.has(keyOf(tableGrant)))
      : !existingKeys.has(keyOf(grant)),
  );
  const desiredOnTables = desired.flatMap((grant) => (grant.kind === "allTables" ? onTables(grant, tables) : [grant]));
  const desiredKeys = new Set(desiredOnTables.map(keyOf));
  const objects = new Set(desiredOnTables.map(objectKeyOf));
  const extra = grants.filter(
    (grant) =>
      grant.grantee !== undefined &&
      (isMember(grant) || objects.has(objectKeyOf(grant))) &&
      !desiredKeys.has(keyOf(grant)),
  );
  return { extra, missing, unknownUsers: unknownUsersOf(desired, existingKeys) };
}

/** Returns a grant on all tables of a schema as a grant on each table that the schema has now. */
function onTables({ grantee, object: [schema], privilege }: Grant, tables: readonly Table[]): readonly Grant[] {
  return tables
    .filter((table) => table.schema === schema)
    .map(({ table }) => ({ grantee, kind: "table", object: [schema!, table], privilege }));
}

function objectKeyOf({ kind, object }: Grant): string {
  return keyOf({ kind, object });
}

function isMember({ kind }: Grant): boolean {
  return kind === "memberRole" || kind === "memberUser";
}

function unknownUsersOf(desired: readonly Grant[], existingKeys: ReadonlySet<string>): readonly string[] {
  const created = new Set(desired.filter(({ kind }) => kind === "user").map(keyOf));
  const referencedUsers = desired.flatMap(({ grantee, kind, object: [owner] }) => {
    if (kind === "memberUser") {
      return [grantee!];
    }
    return kind === "defaultPrivilege" ? [owner!] : [];
  });
  return [...new Set(referencedUsers)]
    .filter((name) => {
      const key = keyOf({ kind: "user", object: [name] });
      return !existingKeys.has(key) && !created.has(key);
    })
    .sort();
}
