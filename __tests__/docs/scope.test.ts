import { readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import * as library from "../../modules";
import type { PropSet } from "../../modules/private/prop-rules";
import { LIBRARY_CONSTRUCTS } from "../deploy/library-constructs";
import { ROOT } from "../support/paths";

interface Schema {
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly type?: string;
}

const PAGE = readFileSync(join(ROOT, "docs", "scope.md"), "utf8");
const [IN_SCOPE, OUT_OF_SCOPE] = PAGE.split("## Out of scope") as [string, string];
const SCHEMA = JSON.parse(readFileSync(join(ROOT, "warehouses.schema.json"), "utf8")) as Schema;

/** The lists of entries beside warehouses. */
const LISTS = Object.entries(SCHEMA.properties!).flatMap(([name, { type }]) =>
  type === "array" && name !== "warehouses" ? [name] : [],
);

/** The cells of the rows of tables. */
function rowsOf(text: string): readonly (readonly string[])[] {
  const lines = text.split("\n").filter((line) => /^\| (?!Feature|-)/.test(line));
  return lines.map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const namesIn = (cell = ""): readonly string[] => [...cell.matchAll(/`([\w.]+)`/g)].map(([, name]) => name!);

/** The props of an interface, by its name: all that a module exports as `propRules`. */
const PROPS = new Map<string, object>(
  globSync("modules/**/*.ts", { absolute: true, cwd: ROOT }).flatMap((file) => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- every module of the library
    const exported = Object.values(require(file) as object) as readonly Partial<PropSet<object>>[];
    return exported.flatMap(({ name, rules }) => (name === undefined || rules === undefined ? [] : [[name, rules]]));
  }),
);

/** Whether the library exports a construct, and the construct has a member: a static, a prop or one of its instance. */
function isInLibrary(name: string): boolean {
  const [construct, member] = name.split(".") as [string, string | undefined];
  const exported = (library as Readonly<Record<string, { readonly prototype: object } | undefined>>)[construct];
  const props = ["Props", "Options"].map((suffix) => PROPS.get(construct + suffix) ?? {});
  return (
    exported !== undefined &&
    (member === undefined || [exported, exported.prototype, ...props].some((owner) => member in owner))
  );
}

/** The schemas of a key, in each form that a value may have. */
function schemasAt(schema: Schema, [key, ...rest]: readonly string[]): readonly Schema[] {
  const { $ref, anyOf = [], items, properties = {} } = schema;
  if ($ref !== undefined) {
    return schemasAt(SCHEMA.$defs![$ref.split("/").at(-1)!]!, key === undefined ? [] : [key, ...rest]);
  }
  if (key === undefined) {
    return [schema];
  }
  return [
    ...anyOf.flatMap((form) => schemasAt(form, [key, ...rest])),
    ...(items ? schemasAt(items, [key, ...rest]) : []),
    ...(properties[key] ? schemasAt(properties[key], rest) : []),
  ];
}

/** Whether an entry of `warehouses` has a key, or the configuration a list of that name. */
const isKey = (path: string): boolean =>
  [["warehouses"], []].some((place) => schemasAt(SCHEMA, [...place, ...path.split(".")]).length > 0);

describe("docs/scope.md", () => {
  const rows = rowsOf(IN_SCOPE);

  test("names only constructs, props and methods that the library has", () => {
    const names = rows.flatMap(([, members]) => namesIn(members));
    expect(names.filter((name) => !isInLibrary(name))).toStrictEqual([]);
    expect(["NoConstruct", "UsageLimit.noProp"].filter(isInLibrary)).toStrictEqual([]);
  });

  test("names only keys that the configuration has", () => {
    const keys = rows.flatMap(([, , keys]) => namesIn(keys));
    expect(keys.filter((key) => !isKey(key))).toStrictEqual([]);
    expect(["noKey", "cluster.noKey", "serverless.snapshotCopy"].filter(isKey)).toStrictEqual([]);
  });

  test("has a name of the library or a key in each row in scope, and a reason in each other row", () => {
    const claimed = rows.filter(([, members, keys]) => [...namesIn(members), ...namesIn(keys)].length > 0);
    expect(rows.filter((row) => !claimed.includes(row))).toStrictEqual([]);
    expect(rowsOf(OUT_OF_SCOPE).filter(([, reason]) => !/^\S.*\.$/.test(reason!))).toStrictEqual([]);
  });

  test("has each feature in one row", () => {
    const features = [...rows, ...rowsOf(OUT_OF_SCOPE)].map(([feature]) => feature);
    expect(features.filter((feature, index) => features.indexOf(feature) !== index)).toStrictEqual([]);
  });

  test("has a row for each construct and each list of entries", () => {
    const names = new Set(rows.flatMap(([, members]) => namesIn(members).map((name) => name.split(".")[0]!)));
    const keys = new Set(rows.flatMap(([, , keys]) => namesIn(keys).map((key) => key.split(".").at(-1)!)));
    expect([...LIBRARY_CONSTRUCTS.values()].filter((name) => !names.has(name))).toStrictEqual([]);
    expect(LISTS.filter((name) => !keys.has(name))).toStrictEqual([]);
  });
});
