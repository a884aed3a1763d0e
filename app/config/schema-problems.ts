import * as v from "valibot";
import { partitionOf } from "../../modules/private/partition";
import { closest, distance } from "../../modules/private/nearest";
import { follows } from "../../modules/private/rule";
import { REGION } from "../../modules/private/rules";
import type { Path } from "./configuration-file";
import type { Problem } from "./problems";
import { SCHEMA, WAREHOUSE_SETTINGS } from "./schema";
import { valueText } from "./texts";
import { itemsOf, memberOf, membersOf } from "./unchecked-values";
import { ENTRY_PARTITION } from "./values";

/** Checks a configuration against the schema. The output also has the values with a problem. Such a value may have any type. */
export function parse(input: Readonly<Record<string, unknown>>): {
  readonly output: unknown;
  readonly problems: readonly Problem[];
} {
  const { issues = [], output } = v.safeParse(SCHEMA, input);
  return { output, problems: issues.map((issue) => problemOf(issue, input)) };
}

/** Returns the most similar of several names; undefined if none is similar enough to be a misspelling. */
export function nearestOf(name: string, names: readonly string[]): string | undefined {
  const most = Math.max(2, name.length / 2);
  const candidates = names.filter(({ length }) => Math.abs(length - name.length) <= most);
  if (candidates.length === 0) {
    return undefined;
  }
  const nearest = closest(name, candidates);
  return distance(name.toLowerCase(), nearest.toLowerCase()) <= most ? nearest : undefined;
}

/** A principal has exactly one of these keys. */
const PRINCIPAL_KEYS = ["permissionSet", "roleArn", "roleName"];

function problemOf(issue: v.BaseIssue<unknown>, input: Readonly<Record<string, unknown>>): Problem {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  if (issue.type === "never") {
    const kindMessage = otherKindMessage(path, input);
    if (kindMessage !== undefined) {
      return { path, message: kindMessage };
    }
    if (path.at(-1) === "<<") {
      return { path, message: "must be left out: merge keys are not read; 'defaults' has values that entries share" };
    }
    const key = String(path.at(-1));
    const principal = path.slice(0, -1).reduce<unknown>((value, step) => membersOf(value)[step], input);
    if (
      PRINCIPAL_KEYS.includes(key) &&
      PRINCIPAL_KEYS.some((one) => one !== key && memberOf(principal, one) !== undefined)
    ) {
      return { path, message: `must be left out: a principal has only one of ${PRINCIPAL_KEYS.join(", ")}` };
    }
    // For an unknown key, the message of the schema is the list of known keys.
    const nearest = nearestOf(key, issue.message.split(" "));
    const hint =
      nearest === undefined ? `known are ${issue.message.replaceAll(" ", ", ")}` : `did you mean ${nearest}?`;
    return { path, message: `is not a known key, ${hint}` };
  }
  const isMissing = issue.path?.at(-1)?.origin === "key" && issue.input === undefined;
  return isMissing
    ? { path, message: "must be given" }
    : {
        path,
        message: `must ${issue.message.replace(ENTRY_PARTITION, partitionAt(path, input))}, got: ${valueText(issue.input)}`,
      };
}

const OTHER_KINDS = {
  cluster: { kind: "serverless", noun: "a serverless warehouse" },
  serverless: { kind: "cluster", noun: "a cluster" },
} as const;

/** Returns the message for a key that only a warehouse of the other kind has; undefined for any other unknown key. */
function otherKindMessage(path: Path, input: Readonly<Record<string, unknown>>): string | undefined {
  const [list, index] = path;
  const [section, ...keys] = path.slice(list === "defaults" ? 1 : 2);
  const settings = memberOf(itemsOf(input[list!])[Number(index)], "existing");
  const isExisting = section === "existing";
  const kind = isExisting ? (memberOf(settings, "workgroupName") === undefined ? "cluster" : "serverless") : section;
  if (kind !== "cluster" && kind !== "serverless") {
    return undefined;
  }
  const other = OTHER_KINDS[kind];
  if (!hasKey(WAREHOUSE_SETTINGS[isExisting ? "existing" : "created"][other.kind], keys)) {
    return undefined;
  }
  const hint = isExisting
    ? "'clusterIdentifier' names a cluster, and 'workgroupName' a serverless warehouse"
    : `the section of ${other.noun} is '${other.kind}'`;
  return `must be left out, because only ${other.noun} has this key: ${hint}`;
}

/** Returns whether a value of the schema may have a key at this path. */
function hasKey(schema: v.GenericSchema, path: Path): boolean {
  const [key, ...others] = path;
  const { entries, item, wrapped } = schema as {
    readonly entries?: Readonly<Record<string, v.GenericSchema>>;
    readonly item?: v.GenericSchema;
    readonly wrapped?: v.GenericSchema;
  };
  if (key === undefined) {
    return true;
  }
  if (wrapped) {
    return hasKey(wrapped, path);
  }
  const part = item ?? entries?.[key];
  return part !== undefined && hasKey(part, others);
}

/** Returns the partition of the entry that contains a path; `aws` if the entry has no valid Region. */
function partitionAt([list, index]: Path, input: Readonly<Record<string, unknown>>): string {
  const region = memberOf(itemsOf(input[list!])[Number(index)], "region");
  return follows(region, REGION) ? partitionOf(region as string) : "aws";
}
