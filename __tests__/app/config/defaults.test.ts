import { ConfigurationFile } from "../../../app/config/configuration-file";
import { applicableDefaults, type Layers, placeOf, withDefaults } from "../../../app/config/defaults";

const [ENTRIES, COMMON, ACCOUNT] = ["entries.yaml", "common.yaml", "account.yaml"].map(
  (name) => new ConfigurationFile(name, ""),
) as [ConfigurationFile, ConfigurationFile, ConfigurationFile];

/** The layers of an entry: its value, the defaults of its account, and the common defaults. */
const layersOf = (entry: unknown, account: unknown, common: unknown): Layers => [
  { file: ENTRIES, path: ["warehouses", 1], value: entry },
  { file: ACCOUNT, path: ["accounts", "1", "defaults"], value: account },
  { file: COMMON, path: ["defaults"], value: common },
];

test.each<[string, unknown, unknown, unknown, unknown]>([
  ["maps are merged", { a: 1 }, { b: 2 }, { c: 3 }, { a: 1, b: 2, c: 3 }],
  ["an earlier layer has precedence", { a: 1 }, { a: 2, b: 2 }, { a: 3, b: 3, c: 3 }, { a: 1, b: 2, c: 3 }],
  ["maps in maps are merged", { a: { x: 1 } }, { a: { y: 2 } }, { a: { x: 3, z: 3 } }, { a: { x: 1, y: 2, z: 3 } }],
  ["a list replaces lists", { a: [1] }, { a: [2, 3] }, { a: [4] }, { a: [1] }],
  ["null is a value", { a: null }, { a: { x: 1 } }, {}, { a: null }],
  ["a map replaces another value", { a: { x: 1 } }, { a: 2 }, { a: { y: 3 } }, { a: { x: 1, y: 3 } }],
  ["an entry that is no map stays", 7, { a: 1 }, {}, 7],
])("withDefaults: %s", (_, entry, account, common, expected) => {
  expect(withDefaults(layersOf(entry, account, common))).toStrictEqual(expected);
});

test.each<[string, unknown, unknown, unknown, readonly (string | number)[], string]>([
  ["the entry", { a: 1 }, { a: 2 }, { a: 3 }, ["a"], "entries.yaml"],
  ["the first defaults with the value", { b: 1 }, { a: 2 }, { a: 3 }, ["a"], "account.yaml"],
  ["the last defaults with the value", { b: 1 }, {}, { a: 3 }, ["a"], "common.yaml"],
  ["the defaults of a map that the entry has in part", { a: { x: 1 } }, {}, { a: { y: 2 } }, ["a", "y"], "common.yaml"],
  ["the entry, if nothing has the value", { b: 1 }, {}, {}, ["a"], "entries.yaml"],
  ["the nearest parent", {}, { a: {} }, { b: {} }, ["a", "y"], "account.yaml"],
  ["the list that replaces other lists", { a: [{ x: 1 }] }, {}, { a: [{ y: 2 }] }, ["a", 0, "y"], "entries.yaml"],
  ["the value that replaces a map", { a: 7 }, { a: { y: 2 } }, {}, ["a", "y"], "entries.yaml"],
  ["null that replaces a map", { a: null }, { a: { y: 2 } }, {}, ["a", "y"], "entries.yaml"],
])("placeOf: the place is in %s", (_, entry, account, common, path, name) => {
  const layers = layersOf(entry, account, common);
  const place = placeOf(layers, path);
  const layer = layers.find(({ file }) => file.name === name)!;
  expect(place).toStrictEqual({ file: layer.file, path: [...layer.path, ...path] });
});

test.each<[string, Parameters<typeof applicableDefaults>[0], unknown, object, object]>([
  ["each key of a warehouse", "warehouses", {}, { region: "r", users: [] }, { region: "r", users: [] }],
  ["cluster of a cluster only", "warehouses", { cluster: {} }, { cluster: {}, serverless: {} }, { cluster: {} }],
  [
    "cluster also for an empty value",
    "warehouses",
    { cluster: undefined },
    { cluster: { a: 1 } },
    { cluster: { a: 1 } },
  ],
  ["none of an entry that is no map", "warehouses", [], { region: "r" }, {}],
  [
    "administrators and deployers of a key to create",
    "warehouses",
    { key: {} },
    { administrators: [], deployers: [] },
    { administrators: [], deployers: [] },
  ],
  [
    "deployers of an existing key",
    "warehouses",
    { key: { keyArn: "a" } },
    { administrators: [], deployers: [], key: {} },
    { deployers: [] },
  ],
  ["none of a shared key", "warehouses", { key: "a" }, { administrators: [], deployers: [], key: {} }, {}],
  ["the key of a warehouse without one", "warehouses", {}, { administrators: [], key: "a" }, { key: "a" }],
  [
    "no name of a key for an entry of keys",
    "keys",
    {},
    { administrators: [], key: "a", users: [] },
    { administrators: [] },
  ],
  ["no users of an endpoint", "dataApiEndpoints", {}, { region: "r", users: [] }, { region: "r" }],
])("applicableDefaults has %s", (_, list, entry, value, expected) => {
  const layer = { file: COMMON, path: ["defaults"], value };
  expect(applicableDefaults(list, entry, [layer])).toStrictEqual(
    Array.isArray(entry) ? [] : [{ ...layer, value: expected }],
  );
});

test("applicableDefaults has no value of defaults that are no map, and takes the key of earlier defaults", () => {
  const layer = (value: unknown) => ({ file: COMMON, path: ["defaults"], value });
  const layers = [layer(7), layer({ key: { keyArn: "a" } }), layer({ administrators: [], key: { alias: "b" } })];
  expect(applicableDefaults("warehouses", {}, layers).map(({ value }) => value)).toStrictEqual([
    {},
    { key: { keyArn: "a" } },
    {},
  ]);
});
