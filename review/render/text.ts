import { groupBy } from "../../modules/private/group-by";
import type { ContextPair, ContextReport } from "../model/encryption-context";
import type { Change, Changes } from "../plan/changes";
import type { Side } from "../plan/plan";
import { ABILITY_NAMES } from "../policy/abilities";
import type { Judgement, RuleNotJudged } from "../report/findings";
import type { AbilityChange, KeyReport, Reach, UnplacedStatement } from "../report/key-report";
import { subjectText } from "../report/ignore";
import type { Report } from "../report/report";
import { SEVERITIES } from "../rules/rule";

const EXTENTS = { all: "yes", none: "no", part: "part", unknown: "?" } as const;

/** The remark on a finding that is not new. */
export const STANDING = "It stands before this plan.";

/** The report of a plan, for a terminal. Its texts are escaped. */
export function textOf(report: Report, hasTitle: boolean): string {
  const { changes, drift, keys, notJudged, shortfall, source, warehouses } = report;
  const sections = [
    ...(hasTitle ? [[source, "=".repeat(source.length)]] : []),
    ...(shortfall === undefined ? [] : [[shortfall]]),
    changesText(changes),
    ...(drift.length === 0 ? [] : [["Changed outside Terraform", ...changeLines(drift)]]),
    ...keys.map(keyText),
    ...(warehouses.length === 0 ? [] : [["Encryption contexts", ...warehouses.flatMap(contextText)]]),
    ...(notJudged.length === 0 ? [] : [["Rules that could not be judged", ...notJudgedText(notJudged)]]),
    findingsText(report),
  ];
  return sections.map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function changesText({ listed, others }: Changes): string[] {
  const lines = changeLines(listed);
  const more = othersText(others);
  return lines.length === 0 && more === ""
    ? ["Nothing changes."]
    : ["What changes", ...lines, ...(more === "" ? [] : [`  ${more}`])];
}

function changeLines(changes: readonly Change[]): string[] {
  const rows = changes.map(({ action, address, kind }) => [action === "none" ? "keep" : action, kind, address]);
  return table(rows).flatMap((line, index) => [
    line,
    ...changes[index]!.details.map((detail) => `          ${detail}`),
  ]);
}

/** The number of resources of other types that change; empty if none does. */
export function othersText(others: Changes["others"]): string {
  const types = Object.entries(others).sort(([one], [other]) => (one < other ? -1 : 1));
  const count = types.reduce((sum, [, number]) => sum + number, 0);
  const names = types.map(([type, number]) => (number === 1 ? type : `${type} (${number})`));
  return count === 0 ? "" : `and ${count} of other types: ${names.join(", ")}`;
}

function keyText(key: KeyReport): string[] {
  const { notes, rows } = keyTable(key);
  const lines = rows.map(({ cells, marks, principal }) => [[principal, ...marks].join(" "), ...cells]);
  return [
    keyTitle(key),
    ...keyRemarks(key).map((remark) => `  ${remark}`),
    ...(rows.length === 0 ? [] : table([["principal", ...ABILITY_NAMES], ...lines])),
    ...notes.map((note, index) => `  [${index + 1}] ${note}`),
    ...key.unplaced.map((unplaced) => `  ${unplacedTitle(unplaced)}: ${JSON.stringify(unplaced.statement)}`),
  ];
}

/** The change of a key's policy, if another resource sets the policy. */
const POLICY_CHANGES = { changed: "its policy changes", same: "no change", unknown: "its policy may change" } as const;

export function keyTitle({ action, name, policyChange }: KeyReport): string {
  return `Who can use ${name} (${action === "none" ? POLICY_CHANGES[policyChange] : (action ?? "not in the plan")})`;
}

/** The text before a statement that is not in the table. */
export function unplacedTitle({ change }: UnplacedStatement): string {
  return `Not in the table${change === "same" ? "" : ` (${change})`}`;
}

/** The notes on the policies before the table of them. */
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

interface KeyTableRow {
  readonly cells: readonly string[];
  /** The numbers of the notes on the principal. */
  readonly marks: readonly string[];
  readonly principal: string;
}

/** A table of principals and abilities, with the notes that its cells refer to by number. */
export function keyTable({ policy, principals }: KeyReport): {
  readonly notes: readonly string[];
  readonly rows: readonly KeyTableRow[];
} {
  const notes: string[] = [];
  const rows = principals.map(({ abilities, principal, standsFor }) => {
    const marks = noteMarks(standsFor === undefined ? [] : [standsFor], notes);
    return { cells: ABILITY_NAMES.map((ability) => cell(abilities[ability], policy, notes)), marks, principal };
  });
  return { notes, rows };
}

function cell({ after, before, change }: AbilityChange, policy: KeyReport["policy"], notes: string[]): string {
  // A new key has nothing before the change, and a destroyed key has nothing after it.
  if (policy.before === "none") {
    return reachText(after, notes);
  }
  const beforeText = reachText(before, notes);
  if (policy.after === "none" || change === "same") {
    return beforeText;
  }
  const mark = change === "unknown" ? "" : ` (${change})`;
  return `${beforeText} → ${reachText(after, notes)}${mark}`;
}

/** The granted part of an ability and the part that is left to IAM, each with the numbers of the notes on its limits. */
function reachText({ extent, leftToIam, limits }: Reach, notes: string[]): string {
  const granted = [EXTENTS[extent], ...noteMarks(limits, notes)].join(" ");
  if (leftToIam.actions.length === 0) {
    return granted;
  }
  const left = ["IAM", ...noteMarks(leftToIam.limits, notes)].join(" ");
  return extent === "none" ? left : `${granted} or ${left}`;
}

/** The numbers of notes, which are added to the notes of the table. */
function noteMarks(texts: readonly string[], notes: string[]): readonly string[] {
  return texts.map((text) => {
    const index = notes.indexOf(text);
    return `[${index === -1 ? notes.push(text) : index + 1}]`;
  });
}

function contextText(warehouse: ContextReport): string[] {
  const { action, address } = warehouse;
  return [
    `  ${address} (${action === "none" ? "no change" : action})`,
    ...contextLines(warehouse).map((line) => `    ${line}`),
  ];
}

/** The key and the context of a warehouse, before and after if they differ, and the grants that are orphaned. */
export function contextLines({ context, key, orphanedGrants, orphansOwnGrants }: ContextReport): readonly string[] {
  const pairsOf = (side: Side): ReadonlyMap<string, string> | undefined =>
    context[side] && new Map([["key", key[side] ?? ""], ...context[side].map(pairText)]);
  // A plan that is not Terraform's may have a warehouse neither before nor after the change.
  const either = pairsOf("before") ?? pairsOf("after") ?? new Map<string, string>();
  const [before, after] = [either, pairsOf("after") ?? either];
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
  return [key, value ?? notShown ?? ""];
}

function notJudgedText(notJudged: readonly RuleNotJudged[]): string[] {
  return notJudgedByReason(notJudged).flatMap(({ reason, rules, subject }) => [
    `  ${subject}: ${reason}`,
    `    ${rules.join(", ")}`,
  ]);
}

/** The rules that could not be judged, by their subject and reason. */
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
    const { consequence, ignored, isNew, remedy, rule, see, severity } = finding;
    const texts = ignored === undefined ? [consequence, remedy, see] : [`Ignored: ${ignored}`];
    return [
      `  ${ignored === undefined ? severity : `ignored ${severity}`}  ${rule}  ${subjectText(finding)}`,
      ...[...(isNew ? [] : [STANDING]), ...texts].map((line) => `    ${line}`),
    ];
  });
  return [...(lines.length === 0 ? [] : ["Findings", ...lines, ""]), tally({ findings, notJudged })];
}

/** The number of findings of each severity, of ignored findings, and of rules that could not be judged if there are any. */
export function tally({ findings, notJudged }: Judgement): string {
  const open = findings.filter(({ ignored }) => ignored === undefined);
  const counts = [...SEVERITIES].reverse().map((severity) => {
    const count = open.filter((finding) => finding.severity === severity).length;
    return `${count} ${severity}${count === 1 ? "" : "s"}`;
  });
  const rules = new Set(notJudged.map(({ rule }) => rule)).size;
  const ignored = `${findings.length - open.length} ignored`;
  return [...counts, ignored, ...(rules === 0 ? [] : [`${rules} not judged`])].join(", ");
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((text, column) => Math.max(widest[column] ?? 0, text.length)),
    [],
  );
  return rows.map((row) => `  ${row.map((text, column) => text.padEnd(widths[column]!)).join("  ")}`.trimEnd());
}
