import { printable } from "../../modules/private/printable";
import { ConfigurationError } from "../config/configuration-file";
import { defaultAlias } from "../config/default-alias";
import { Fleet } from "../config/fleet";
import type { KeyConfiguration, WarehouseConfiguration } from "../config/schema";
import { clusterSettings } from "../config/warehouse-sections";
import { changedSince, type ChangedStack } from "./changed";
import { listHelp } from "./help";
import { configurationFiles, readArguments, run } from "./program";
import { select } from "./selection";

/** One row of the list: a stack. */
interface Row {
  readonly stack: string;
  readonly account: string;
  readonly region: string;
  readonly kind:
    | "cluster"
    | "data-api-endpoint"
    | "existing-cluster"
    | "existing-serverless"
    | "key"
    | "parameter-group"
    | "serverless";
  /** The alias of a key to create, the ARN of an existing key, or the name of a shared key; empty if the stack has no key. */
  readonly key: string;
  /** The users of the Data API: names of roles to create, names of permission sets, and ARNs of existing roles. */
  readonly users: readonly string[];
}

const OPTIONS = {
  "changed-since": { type: "string" },
  json: { type: "boolean" },
} as const;

/** Prints the stacks that the patterns match, or the stacks that differ from a git ref: a table, or JSON with --json. */
export async function list(): Promise<void> {
  const { positionals: patterns, values } = readArguments("list", OPTIONS);
  const { "changed-since": ref, help, json = false } = values;
  if (help) {
    console.log(listHelp());
  } else if (ref === undefined) {
    listConfigured(patterns, json);
  } else if (patterns.length > 0) {
    throw new ConfigurationError([`--changed-since must be used without names of stacks, got: ${patterns.join(" ")}`]);
  } else {
    const changes = await changedSince(ref);
    console.log(json ? JSON.stringify(changes, undefined, 2) : textOf(changes, ref));
  }
}

function textOf(changes: readonly ChangedStack[], ref: string): string {
  return changes.length === 0
    ? printable(`No stack differs from ${ref}.`)
    : changes.map(({ change, stack }) => printable(`${change.padEnd("dropped".length)}  ${stack}`)).join("\n");
}

function listConfigured(patterns: readonly string[], isJson: boolean): void {
  const fleet = Fleet.load(configurationFiles());
  if (fleet.problems.length > 0) {
    throw fleet.error(fleet.problems);
  }
  const selected = select(fleet, patterns);
  const { dataApiEndpoints = [], keys = [], parameterGroups = [], warehouses } = fleet.configuration;
  const usersOfKeys = new Map<string, Set<string>>(keys.map(({ name }) => [name, new Set()]));
  for (const warehouse of warehouses) {
    // The key is the name of a shared key, or a section, which the map lacks.
    usersOf(warehouse).forEach((user) => usersOfKeys.get(warehouse.key as string)?.add(user));
  }
  const rows = [
    ...keys.map((entry) => rowOf(entry, "key", keyOf(entry), [...usersOfKeys.get(entry.name)!])),
    ...parameterGroups.map((entry) => rowOf(entry, "parameter-group")),
    ...warehouses.map((entry) => rowOf(entry, kindOf(entry), keyOf(entry), usersOf(entry))),
    ...dataApiEndpoints.map((entry) => rowOf(entry, "data-api-endpoint")),
  ].filter(({ stack }) => selected.has(stack));
  console.log(isJson ? JSON.stringify(rows, undefined, 2) : tableOf(rows));
}

function rowOf(
  { account, name, region }: Pick<KeyConfiguration, "account" | "name" | "region">,
  kind: Row["kind"],
  key = "",
  users: readonly string[] = [],
): Row {
  return { stack: name, account, region, kind, key, users };
}

function kindOf(entry: WarehouseConfiguration): Row["kind"] {
  const kind = clusterSettings(entry) ? "cluster" : "serverless";
  return entry.existing ? `existing-${kind}` : kind;
}

function keyOf({ key = {}, name }: KeyConfiguration | WarehouseConfiguration): string {
  return typeof key === "string" ? key : "keyArn" in key ? key.keyArn : (key.alias ?? defaultAlias(name));
}

function usersOf({ users }: WarehouseConfiguration): readonly string[] {
  return users.map((user) => {
    if (typeof user === "string") {
      return user;
    }
    return "roleName" in user ? user.roleName : "permissionSet" in user ? user.permissionSet : user.roleArn;
  });
}

function tableOf(rows: readonly Row[]): string {
  const head = ["stack", "account", "region", "kind", "key", "users"];
  // The table shows only the name of a role, because an ARN is too wide.
  const names = (users: readonly string[]) => users.map((user) => user.split("/").at(-1)).join(", ");
  const lines = [head, ...rows.map(({ users, ...row }) => [...Object.values<string>(row), names(users)])];
  const widths = head.map((_, column) => lines.reduce((width, line) => Math.max(width, line[column]!.length), 0));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

if (require.main === module) {
  run(list);
}
