import { groupBy } from "../../modules/private/group-by";
import type { ContextPair, ContextReport } from "../model/encryption-context";
import { KEY_NOT_SHOWN } from "../model/key";
import type { Change, Changes } from "../plan/changes";
import { numberText } from "../plan/number-text";
import type { Side } from "../plan/plan";
import { ABILITY_NAMES } from "../policy/abilities";
import type { Finding, Judgement, RuleNotJudged } from "../report/findings";
import type { KeyReport, UnplacedStatement } from "../report/key-report";
import { subjectText } from "../report/ignore";
import type { Report } from "../report/report";
import { WORST_FIRST } from "../rules/rule";
import type { Location } from "../source/sources";
import { type AccessEntry, accessOf, type KeyAccess, type Subject } from "./access";

/** The width of a report that is not printed on a terminal. It is fixed, so that the text is always the same. */
export const WIDTH = 120;

/** The remark on a finding that is not new. */
export const STANDING = "It exists before this plan.";

/** Renders the report of a plan as text of a width. The strings of the report must be escaped. */
export function textOf(report: Report, hasTitle: boolean, width = WIDTH): string {
  const { changes, drift, keys, notJudged, shortfall, source, warehouses } = report;
  const accesses = keys.map((key) => ({ access: accessOf(key), key }));
  const unchanged = accesses.filter(({ access }) => access.isUnchanged);
  const sections = [
    ...(hasTitle ? [[source, "=".repeat(source.length)]] : []),
    ...(shortfall === undefined ? [] : [[shortfall]]),
    changesText(changes),
    ...(drift.length === 0 ? [] : [["Changed outside Terraform", ...changeLines(drift)]]),
    ...accesses.filter(({ access }) => !access.isUnchanged).map(({ access, key }) => keyText(key, access, width)),
    ...(unchanged.length === 0
      ? []
      : [["Keys whose use stays the same", ...unchanged.map(({ access, key }) => `  ${keyLine(key, access)}`)]]),
    ...(warehouses.length === 0 ? [] : [["Encryption contexts", ...warehouses.flatMap(contextText)]]),
    ...(notJudged.length === 0 ? [] : [["Rules that could not be judged", ...notJudgedText(notJudged)]]),
    findingsText(report),
  ];
  return sections.map((lines) => `${lines.flatMap((line) => wrapped(line, width)).join("\n")}\n`).join("\n");
}

/** Wraps a line to a width between its words. The lines after a title have an indent of four, so that none looks like a change. */
function wrapped(text: string, width: number, hangingIndent = `${/^ */.exec(text)![0] || "  "}  `): readonly string[] {
  if (text.length <= width) {
    return [text];
  }
  const [, indent, content] = /^( *)([^]*)$/.exec(text)!;
  const lines: string[] = [];
  let line: string[] = [];
  let length = indent!.length - 1;
  const addLine = () => lines.push(`${lines.length === 0 ? indent : hangingIndent}${line.join(" ")}`);
  for (const word of content!.split(" ")) {
    if (line.length > 0 && length + 1 + word.length > width) {
      addLine();
      line = [];
      length = hangingIndent.length - 1;
    }
    line.push(word);
    length += 1 + word.length;
  }
  addLine();
  return lines;
}

function changesText({ listed, others }: Changes): string[] {
  const lines = changeLines(listed);
  const othersLine = othersText(others);
  return lines.length === 0 && othersLine === ""
    ? ["Nothing changes."]
    : ["What changes", ...lines, ...(othersLine === "" ? [] : [`  ${othersLine}`])];
}

function changeLines(changes: readonly Change[]): string[] {
  const rows = changes.map(({ action, address, kind }) => [action === "none" ? "keep" : action, kind, address]);
  return table(rows).flatMap((line, index) => [
    line,
    ...changes[index]!.details.map((detail) => `          ${detail}`),
  ]);
}

/** Returns a line that counts the changed resources of unlisted types, and names these types. It is empty if there are none. */
export function othersText(others: Changes["others"]): string {
  const types = Object.entries(others).sort(([one], [other]) => (one < other ? -1 : 1));
  const count = types.reduce((sum, [, number]) => sum + number, 0);
  const names = types.map(([type, number]) => (number === 1 ? type : `${type} (${number})`));
  return count === 0 ? "" : `and ${count} of other types: ${names.join(", ")}`;
}

/** The line for a key if the shown part of its policy gives nobody an ability. */
export const NOBODY_SHOWN = "No principal is shown.";

function keyText(key: KeyReport, access: KeyAccess, width: number): string[] {
  const column = Math.max(...access.entries.map(({ label }) => label.length));
  return [
    `Who can use ${key.name} (${keyChange(key, access)})`,
    ...[...keyRemarks(key), ...access.standIns].map((remark) => `  ${remark}`),
    ...access.entries.flatMap((entry) => entryLines(entry, column, width)),
    ...key.unplaced.map((unplaced) => `  ${unplacedTitle(unplaced)}: ${JSON.stringify(unplaced.statement)}`),
    ...(access.entries.length + key.unplaced.length === 0 ? [`  ${NOBODY_SHOWN}`] : []),
  ];
}

/** Returns the lines of an entry: its label, next to it the principals with their abilities, and under these the limits. */
function entryLines({ label, limits, subjects }: AccessEntry, column: number, width: number): readonly string[] {
  const indent = " ".repeat(column + 4);
  return [
    ...subjects.flatMap((subject, index) => {
      const start = `  ${(index === 0 ? label : "").padEnd(column)}  `;
      return wrapped(`${start}${subjectLine(subject)}`, width, `${indent}  `);
    }),
    ...limits.flatMap((limit) => wrapped(`${indent}  ${limit}`, width, `${indent}    `)),
  ];
}

function subjectLine({ abilities, principals }: Subject): string {
  return `${principals.join(", ")}: ${abilities.join(", ")}`;
}

/** Returns one line for a key whose use does not change. */
function keyLine(key: KeyReport, access: KeyAccess): string {
  const uses = access.entries.flatMap((entry) =>
    entry.subjects.map((subject) => `${subjectLine(subject)}${limitWord(entry)}`),
  );
  return `${key.name} (${keyChange(key, access)}): ${[...uses, ...remarksOnUnchanged(key)].join("; ")}`;
}

/** Returns a short text for the limits of an entry: empty without limits, "(IAM)" or "(limited)". */
export function limitWord({ limits }: AccessEntry): string {
  return limits.length === 0 ? "" : limits[0] === "IAM" ? " (IAM)" : " (limited)";
}

/** Returns remarks for the line of an unchanged key: a hidden policy, statements outside the table, or that nobody has access. */
export function remarksOnUnchanged({ notShown, principals, unplaced: { length } }: KeyReport): readonly string[] {
  return [
    ...(notShown.after === undefined ? [] : [`its policy is not shown: ${notShown.after}`]),
    ...(length === 0 ? [] : [`${length} statement${length === 1 ? "" : "s"} beside them`]),
    ...(principals.length + length === 0 && notShown.after === undefined ? ["nobody"] : []),
  ];
}

/** Texts for a key that itself does not change: the change of its policy, which another resource sets. */
export const POLICY_CHANGES = {
  changed: "its policy changes",
  same: "no change",
  unknown: "its policy may change",
} as const;

/** Returns the text for the change of a key, with the account whose principals are printed without the beginning of their ARNs. */
export function keyChange(key: KeyReport, { account }: KeyAccess): string {
  const { action, policyChange } = key;
  const change = action === "none" ? POLICY_CHANGES[policyChange] : (action ?? absenceText(key));
  return account === undefined ? change : `${change}; principals of account ${account}`;
}

/** Returns why a report has no action for a key. */
export function absenceText({ isHidden }: KeyReport): string {
  return isHidden ? KEY_NOT_SHOWN : "not in the plan";
}

/** Returns the label of a statement that is not in the table. */
export function unplacedTitle({ change }: UnplacedStatement): string {
  return `Not in the table${change === "same" ? "" : ` (${change})`}`;
}

/** Returns the remarks that a report prints before the table of a key. */
export function keyRemarks({ notShown, policy, principals }: KeyReport): readonly string[] {
  const sides = ["before", "after"] as const;
  const isLeftToIam = principals.some(({ abilities }) =>
    ABILITY_NAMES.some((ability) => sides.some((side) => abilities[ability][side].leftToIam.actions.length > 0)),
  );
  return [
    ...sides.flatMap((side) => {
      if (notShown[side] !== undefined) {
        return [`The key policy ${side} the change is not shown: ${notShown[side]}.`];
      }
      return policy[side] === "default" ? [`The key policy ${side} the change is the default one of KMS.`] : [];
    }),
    ...(isLeftToIam
      ? ["IAM: the key policy does not grant it, and leaves it to the IAM policies of the account."]
      : []),
  ];
}

function contextText(warehouse: ContextReport): string[] {
  const { action, address } = warehouse;
  return [
    `  ${address} (${action === "none" ? "no change" : action})`,
    ...contextLines(warehouse).map((line) => `    ${line}`),
  ];
}

/**
 * Returns a line for the key of a warehouse, a line for each pair of the encryption context, and a line for each orphaned grant. A
 * line has both values if they differ before and after the change.
 */
export function contextLines({ context, key, orphanedGrants, orphansOwnGrants }: ContextReport): readonly string[] {
  const pairsOf = (side: Side): ReadonlyMap<string, string> | undefined =>
    context[side] && new Map([["key", key[side] ?? ""], ...context[side].map(pairText)]);
  // A plan that is not Terraform's may have a warehouse neither before nor after the change.
  const shownPairs = pairsOf("before") ?? pairsOf("after") ?? new Map<string, string>();
  const [before, after] = [shownPairs, pairsOf("after") ?? shownPairs];
  return [
    ...[...after].map(([name, value]) =>
      before.get(name) === value ? `${name}: ${value}` : `${name}: ${before.get(name)} → ${value}`,
    ),
    ...orphanedGrants.map((grant) => `orphans ${grant}`),
    ...(orphansOwnGrants
      ? ["orphans every grant that Redshift has made for the Data API: no plan shows them, aws kms list-grants does"]
      : []),
  ];
}

function pairText({ key, notShown, value }: ContextPair): readonly [string, string] {
  return [key, value ?? notShown!];
}

function notJudgedText(notJudged: readonly RuleNotJudged[]): string[] {
  return notJudgedByReason(notJudged).flatMap(({ reason, rules, subject }) => [
    `  ${subject}: ${reason}`,
    `    ${rules.join(", ")}`,
  ]);
}

/** Groups the rules that could not be judged by their subject and reason. */
export function notJudgedByReason(notJudged: readonly RuleNotJudged[]) {
  const groups = groupBy(notJudged, ({ address, reason }) => JSON.stringify([address, reason]));
  return [...groups.values()].map((group) => ({
    reason: group[0]!.reason,
    rules: [...new Set(group.map(({ rule }) => rule))],
    subject: group[0]!.address,
  }));
}

function findingsText({ findings, notJudged }: Judgement): string[] {
  const lines = findings.flatMap((finding) => {
    const { consequence, ignored, isNew, location, remedy, rule, see, severity } = finding;
    const texts =
      ignored === undefined ? [consequence, ...reachSentence(finding), remedy, see] : [`Ignored: ${ignored}`];
    return [
      `  ${ignored === undefined ? severity : `ignored ${severity}`}  ${rule}  ${subjectText(finding)}`,
      ...[...(location === undefined ? [] : [placeText(location)]), ...(isNew ? [] : [STANDING]), ...texts].map(
        (line) => `    ${line}`,
      ),
    ];
  });
  return [...(lines.length === 0 ? [] : ["Findings", ...lines, ""]), tally({ findings, notJudged })];
}

/** The most keys, and the most warehouses, that reachSentence names. */
const MOST_REACHED = 10;

/** Returns a sentence that names the keys and warehouses that the role of a finding reaches; none if it reaches none. */
export function reachSentence({ reach }: Finding): readonly string[] {
  const namesWithRest = (names: readonly string[] = [], unit: string): readonly string[] => {
    const remaining = names.length - MOST_REACHED;
    return [
      ...names.slice(0, MOST_REACHED),
      ...(remaining > 0 ? [`${numberText(remaining)} more ${unit}${remaining === 1 ? "" : "s"}`] : []),
    ];
  };
  const names = [...namesWithRest(reach?.keys, "key"), ...namesWithRest(reach?.warehouses, "warehouse")];
  return names.length === 0 ? [] : [`In this plan, the role reaches ${names.join(", ")}.`];
}

export function placeText({ file, line }: Location): string {
  return `${file}:${line}`;
}

/**
 * Returns the numbers of findings by severity, of ignored findings and, if there are any, of rules that could not be judged, as a
 * text.
 */
export function tally({ findings, notJudged }: Judgement): string {
  const notIgnored = findings.filter(({ ignored }) => ignored === undefined);
  const counts = WORST_FIRST.map((severity) => {
    const count = notIgnored.filter((finding) => finding.severity === severity).length;
    return `${count} ${severity}${count === 1 ? "" : "s"}`;
  });
  const rules = new Set(notJudged.map(({ rule }) => rule)).size;
  const ignored = `${findings.length - notIgnored.length} ignored`;
  return [...counts, ignored, ...(rules === 0 ? [] : [`${rules} not judged`])].join(", ");
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((text, column) => Math.max(widest[column] ?? 0, text.length)),
    [],
  );
  return rows.map((row) => `  ${row.map((text, column) => text.padEnd(widths[column]!)).join("  ")}`.trimEnd());
}
