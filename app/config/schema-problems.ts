import * as v from "valibot";
import { partitionOf } from "../../modules/private/partition";
import { closest, distance } from "../../modules/private/nearest";
import { follows } from "../../modules/private/rule";
import { REGION } from "../../modules/private/rules";
import type { Path } from "./configuration-file";
import type { Problem } from "./problems";
import { SCHEMA } from "./schema";
import { valueText } from "./texts";
import { itemsOf, memberOf } from "./unchecked-values";
import { ENTRY_PARTITION } from "./values";

/** Checks a configuration against the schema. The output keeps a value that has a problem, with whatever type it has. */
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

function problemOf(issue: v.BaseIssue<unknown>, input: Readonly<Record<string, unknown>>): Problem {
  const path = (issue.path ?? []).map(({ key }) => key as string | number);
  if (issue.type === "never") {
    // For an unknown key, the message of the schema is the list of known keys.
    const key = String(path.at(-1));
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

/** Returns the partition of the entry that a path leads into; `aws` if the entry has no valid Region. */
function partitionAt([list, index]: Path, input: Readonly<Record<string, unknown>>): string {
  const region = memberOf(itemsOf(input[list!])[Number(index)], "region");
  return follows(region, REGION) ? partitionOf(region as string) : "aws";
}
