import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { load } from "js-yaml";
import { jsonSchema } from "../../tools/docs/json-schema";
import { ROOT } from "../support/paths";
import { blocks, CONFIGURATION } from "../support/readme";
import { fleetOf } from "../support/support";

const FILE = "warehouses.schema.json";
const SHIPPED = readFileSync(join(ROOT, "warehouses.yaml"), "utf8");
const SCHEMA = readFileSync(join(ROOT, FILE), "utf8");

// As editors do, which support JSON Schema and nothing else. A function for each $ref compiles faster than copies.
const validate = new Ajv({ allErrors: true, code: { optimize: false }, inlineRefs: false, strict: false }).compile(
  JSON.parse(SCHEMA) as object,
);

/** The places in which a file breaks the schema, and the problems. */
function errorsOf(text: string): string[] {
  validate(load(text));
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
}

interface Schema {
  readonly description: string;
  readonly not?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

/** All maps of a schema. */
function mapsIn(node: unknown): Schema[] {
  if (typeof node !== "object" || node === null) {
    return [];
  }
  return [...("properties" in node ? [node as Schema] : []), ...Object.values(node).flatMap(mapsIn)];
}

type Property = readonly [key: string, schema: { readonly description?: unknown }];

/** The keys of all maps of a schema, and the schemas of their values. */
function propertiesIn(node: unknown): Property[] {
  if (typeof node !== "object" || node === null) {
    return [];
  }
  const { properties = {} } = node as { readonly properties?: object };
  return [...Object.entries(properties), ...Object.values(node).flatMap(propertiesIn)] as Property[];
}

const PROPERTIES = propertiesIn(JSON.parse(SCHEMA));
const MAPS = mapsIn(JSON.parse(SCHEMA));

test("warehouses.schema.json equals the output of `npm run schema`", () => {
  expect(SCHEMA).toBe(jsonSchema());
});

test("each key of warehouses.schema.json has a description", () => {
  const undescribed = PROPERTIES.filter(([, { description }]) => typeof description !== "string");
  expect(undescribed.map(([key]) => key)).toStrictEqual([]);
});

test("the description of each optional key has the default, unless an entry requires the key or must leave the key out", () => {
  const missing = MAPS.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).filter(
      ([key, { description, not }]) => !required.includes(key) && not === undefined && !/ Default: /.test(description),
    ),
  );
  expect([...new Set(missing.map(([key]) => key))].sort()).toStrictEqual(["account", "nodeType", "region", "users"]);
});

test("docs/configuration.md has each key of the schema in a table or in the text", () => {
  const rows = new Set([...CONFIGURATION.matchAll(/^\| `(?:[\w[\].]+\.)?(\w+)` /gm)].map(([, key]) => key!));
  const others = [...new Set(PROPERTIES.map(([key]) => key))].filter((key) => !rows.has(key)).sort();
  expect(others).toStrictEqual(["assumeRole", "keyArn", "names", "permissionSet"]);
  expect(others.filter((key) => !CONFIGURATION.includes(`\`${key}\``))).toStrictEqual([]);
});

test("warehouses.yaml names the schema for editors", () => {
  expect(SHIPPED.split("\n")[0]).toBe(`# yaml-language-server: $schema=${FILE}`);
});

const lineOf = (text: string): number => CONFIGURATION.slice(0, CONFIGURATION.indexOf(text)).split("\n").length;

test.each<[string, string]>([
  ["warehouses.yaml", SHIPPED],
  ...blocks("yaml", CONFIGURATION)
    .filter((text) => text.includes("warehouses:"))
    .map((text): [string, string] => [`the YAML from line ${lineOf(text)} of docs/configuration.md`, text]),
])("the JSON Schema accepts %s", (_, text) => {
  expect(errorsOf(text)).toStrictEqual([]);
});

test("the JSON Schema accepts a file that lacks the values which defaults or other files may have", () => {
  expect(errorsOf("defaults: {region: us-east-1}")).toStrictEqual([]);
  expect(errorsOf("warehouses: [{name: a, cluster: {}}]\nkeys: [{name: b}]")).toStrictEqual([]);
});

describe("the JSON Schema and the app refuse", () => {
  const CLUSTER = SHIPPED.slice(0, SHIPPED.indexOf("  - name: analytics-serverless"));
  const entry = (from: string, to: string): string => CLUSTER.replace(from, to);
  test.each<[string, string, string]>([
    ["a Region that its pattern does not match", entry("us-east-1", "us-est-1"), "/warehouses/0/region pattern"],
    ["an account without quotes", entry('"111122223333"', "111122223333"), "/warehouses/0/account type"],
    ["a node type that is not listed", entry("ra3.large", "dc2.large"), "/warehouses/0/cluster/nodeType enum"],
    [
      "a retention of 36 days",
      entry("ra3.large", "ra3.large\n      automatedSnapshotRetentionPeriod: 36"),
      "/warehouses/0/cluster/automatedSnapshotRetentionPeriod maximum",
    ],
    ["an unknown key of a cluster", entry("nodeType", "nodetype"), "/warehouses/0/cluster additionalProperties"],
    ["an entry without a name", entry("- name: analytics-cluster", "-"), "/warehouses/0 required"],
    [
      "an empty list of administrators",
      entry("administrators:", "administrators: []\n    tags:").replace(
        /- \S+ExampleAdminRole\n +- \S+ExampleBreakGlassRole/,
        "a: b",
      ),
      "/warehouses/0/administrators minItems",
    ],
    [
      "a role with an unknown key",
      entry("roleName: ExampleUserRole", "rolename: ExampleUserRole"),
      "/warehouses/0/users/0 anyOf",
    ],
    [
      "both s3 and cloud as backend",
      `backend: {s3: {bucket: bucket, region: us-east-1}, cloud: {organization: o}}\n${CLUSTER}`,
      "/backend maxProperties",
    ],
    [
      "a warehouse that is both a cluster and serverless",
      entry("    cluster:", "    serverless: {}\n    cluster:"),
      "/warehouses/0 oneOf",
    ],
    [
      "a warehouse that is neither a cluster nor serverless nor existing",
      entry("    cluster:", "    # cluster:\n    tags:"),
      "/warehouses/0 oneOf",
    ],
    ["a name in the defaults", `defaults: {name: x}\n${CLUSTER}`, "/defaults/name not"],
    ["an account key that is no ID", `accounts: {prod: {}}\n${CLUSTER}`, "/accounts pattern"],
  ])("%s", (_, text, error) => {
    expect(fleetOf({ "w.yaml": text }).problems).not.toStrictEqual([]);
    expect(errorsOf(text)).toContain(error);
  });
});
