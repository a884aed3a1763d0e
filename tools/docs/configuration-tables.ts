// The tables of docs/configuration.md, from the schema of the configuration and the JSDoc of the props.
import { SCHEMA } from "../../app/config/schema";
import { converted, documentationOf, type Json } from "./json-schema";
import { markdownTable } from "./markdown-table";

/** The cells of a table row that describes a key. */
type Cells = readonly [path: string, meaning: string, must: string, preset: string];

/** Returns the tables by name. */
export function configurationTables(): Readonly<Record<string, string>> {
  const top = converted(SCHEMA);
  const warehouse = itemOf(propertyOf(top, "warehouses"));
  const [, , , createdUser] = itemOf(propertyOf(warehouse, "users")).anyOf as [Json, Json, Json, Json];
  const [, createdKey] = propertyOf(warehouse, "key").anyOf as [Json, Json];
  const [cluster, serverless] = [propertyOf(warehouse, "cluster"), propertyOf(warehouse, "serverless")];
  const [clusterKeys, serverlessKeys] = [settingsOf(cluster), settingsOf(serverless)];
  return {
    addOns: addOnTable(cluster, serverless),
    assumeRole: table(cellsOf(propertyOf(propertyOf(top, "accounts").additionalProperties as Json, "assumeRole"))),
    backend: table(allCellsOf(propertyOf(top, "backend"))),
    both: table(clusterKeys.filter((cells) => includes(serverlessKeys, cells))),
    cluster: table(clusterKeys.filter((cells) => !includes(serverlessKeys, cells))),
    existing: table(existingRows(propertyOf(warehouse, "existing"))),
    databaseRoles: table(allCellsOf(propertyOf(warehouse, "databaseRoles"))),
    dataApiEndpoint: table(cellsOf(itemOf(propertyOf(top, "dataApiEndpoints")))),
    import: table(cellsOf(propertyOf(warehouse, "import"))),
    key: table(cellsOf(createdKey)),
    oidcTrust: table(cellsOf(itemOf(propertyOf(createdUser, "oidcTrusts")))),
    parameterGroup: table(cellsOf(itemOf(propertyOf(top, "parameterGroups")))),
    principalTrust: table(cellsOf(itemOf(propertyOf(createdUser, "principalTrusts")))),
    role: table(cellsOf(createdUser)),
    samlTrust: table(cellsOf(itemOf(propertyOf(createdUser, "samlTrusts")))),
    serverless: table(serverlessKeys.filter((cells) => !includes(clusterKeys, cells))),
    top: table(cellsOf(top)),
    warehouse: table(cellsOf(warehouse)),
  };
}

/** Returns the rows of the settings of an existing cluster or serverless warehouse, without its add-ons. */
function existingRows({ anyOf }: Json): readonly Cells[] {
  const [serverless, cluster] = (anyOf as readonly [Json, Json]).map(settingsOf) as [
    readonly Cells[],
    readonly Cells[],
  ];
  return [...cluster, ...serverless.filter((cells) => !includes(cluster, cells))];
}

/** Returns the table of the add-ons. It has the kind of warehouse that can have each add-on. */
function addOnTable(cluster: Json, serverless: Json): string {
  const [clusterRows, serverlessRows] = [addOnsOf(cluster), addOnsOf(serverless)];
  const rows = [...clusterRows, ...serverlessRows.filter((cells) => !includes(clusterRows, cells))].map((cells) => {
    const kind = !includes(serverlessRows, cells) ? "cluster" : includes(clusterRows, cells) ? "both" : "serverless";
    const [path, ...others] = cells;
    return [path, kind, ...others];
  });
  return markdownTable(["key", "of", "meaning", "must", "default"], rows);
}

/** Returns the rows of the keys whose values are scalars or lists of scalars. */
function settingsOf(kind: Json): readonly Cells[] {
  return cellsOf(kind, (property) => mapIn(property) === undefined);
}

/** Returns the rows of the keys whose values are maps or lists of maps, each followed by the keys of the map. */
function addOnsOf(kind: Json): readonly Cells[] {
  return allCellsOf(kind, (property) => mapIn(property) !== undefined);
}

/** Returns the rows of the keys of a map schema, without those of nested maps. */
function cellsOf(map: Json, isShown: (property: Json) => boolean = () => true, prefix = ""): readonly Cells[] {
  return Object.entries(map.properties as Readonly<Record<string, Json>>)
    .filter(([, property]) => isShown(property))
    .map(([key, property]): Cells => {
      const { meaning, must, preset } = documentationOf(property);
      const itemMust = property.items === undefined ? undefined : documentationOf(itemOf(property)).must;
      const rule = must ?? (itemMust === undefined ? "" : `${itemMust} (each item)`);
      const isRequired = (map.required as readonly string[]).includes(key);
      return [`\`${prefix}${key}\``, meaning!, rule, isRequired ? "required" : preset!];
    });
}

/** Returns the rows of the keys of a map schema, each followed by the keys of its nested map. */
function allCellsOf(map: Json, isShown?: (property: Json) => boolean, prefix = ""): readonly Cells[] {
  return cellsOf(map, isShown, prefix).flatMap((cells) => {
    const key = cells[0].slice(prefix.length + 1, -1);
    const property = propertyOf(map, key);
    const inner = mapIn(property);
    return inner === undefined
      ? [cells]
      : [cells, ...allCellsOf(inner, undefined, `${prefix}${key}${property.items === undefined ? "" : "[]"}.`)];
  });
}

function propertyOf(map: Json, key: string): Json {
  return (map.properties as Readonly<Record<string, Json>>)[key]!;
}

function itemOf(property: Json): Json {
  return property.items as Json;
}

/** Returns the map schema of a property, or of the items of a list; undefined if there is none. */
function mapIn(property: Json): Json | undefined {
  return [property, property.items as Json | undefined].find((node) => node?.properties !== undefined);
}

function includes(rows: readonly Cells[], cells: Cells): boolean {
  return rows.some((row) => row.join("\n") === cells.join("\n"));
}

function table(rows: readonly Cells[]): string {
  return markdownTable(["key", "meaning", "must", "default"], rows);
}
