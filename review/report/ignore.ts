import { isDay } from "./day";
import { PlanError } from "../plan/plan";
import { memoized } from "../plan/memoized";
import { matchesTokens } from "../policy/statement";
import { RULES } from "../rules";

/** An instruction of the user: these findings of a rule do not fail the review. */
export interface Ignore {
  /** The last day on which it is in force, as YYYY-MM-DD; undefined if it does not expire. */
  readonly lastDay: string | undefined;
  readonly reason: string;
  readonly rule: string;
  /** The pattern of the subjects of findings, as tokens. */
  readonly subjects: readonly string[];
  /** The text that the user gave. */
  readonly text: string;
}

/** The parts of a finding that an ignore names. */
interface Identity {
  readonly address: string;
  readonly rule: string;
  readonly statement: string | undefined;
}

/**
 * Parses RULE, RULE:ADDRESS or RULE:ADDRESS:STATEMENT, with an optional last day after ` until `. `*` stands for any characters and
 * `?` for one; `\*`, `\?` and `\#` are the characters themselves.
 *
 * @param where - the option, or the file and line, for an error
 * @throws PlanError if there is no such rule, or no such day
 */
export function readIgnore(text: string, reason: string, where: string): Ignore {
  const [, named = "", lastDay] = /^(.*?)(?:(?<! ) +until +([^"\s\]:]+))?$/s.exec(text) ?? [];
  const [, rule = "", pattern = "*"] = /^([^:]*)(?::(.+))?$/s.exec(named) ?? [];
  if (!RULES.some(({ id }) => id === rule)) {
    throw new PlanError(`${where} must name a rule, got: ${text}`);
  }
  if (lastDay !== undefined && !isDay(lastDay)) {
    throw new PlanError(`${where} must have a day that exists, as YYYY-MM-DD, after 'until', got: ${lastDay}`);
  }
  return { lastDay, reason, rule, subjects: tokensOf(pattern), text };
}

/** Matches the text before the `#` of a reason. A `#` in the quotes of an index, such as `["a #b"]`, begins no reason. */
const BEFORE_REASON = /^(?:\["(?:[^"\\]|\\.)*"\]|(?!(?<=^|\s)#)[^])*/;

/**
 * Reads a file of ignores: one a line, with its reason after ` # `. A line that begins with `#` is a comment.
 *
 * @param file - its name in an error
 * @throws PlanError if a line gives no reason, or names no rule
 */
export function readIgnoreFile(text: string, file: string): readonly Ignore[] {
  return text.split(/\r?\n/).flatMap((untrimmed, index) => {
    const line = untrimmed.trim();
    const where = `${file}:${index + 1}`;
    const [ignored] = BEFORE_REASON.exec(line)!;
    if (ignored === "") {
      return [];
    }
    const because = line.slice(ignored.length + 1).trim();
    if (because === "") {
      throw new PlanError(`${where} must give a reason after a #, got: ${line}`);
    }
    return [readIgnore(ignored.trim(), because, where)];
  });
}

/** Whether the last day of an ignore is over, in UTC. */
export function isExpired({ lastDay }: Ignore, now: Date): boolean {
  return lastDay !== undefined && lastDay < now.toISOString().slice(0, 10);
}

/** Returns the subject of a finding: ADDRESS or, if it is about a statement, ADDRESS:STATEMENT. */
export function subjectText({ address, statement }: Omit<Identity, "rule">): string {
  return statement === undefined ? address : `${address}:${statement}`;
}

/** Whether an ignore applies to a finding. */
export function isIgnored({ rule, subjects }: Ignore, finding: Identity): boolean {
  return rule === finding.rule && matchesTokens(subjects, literalTokens(subjectText(finding)));
}

/** Splits a pattern into characters. `\*` and `\?` are each one token, and no wildcard. */
function tokensOf(pattern: string): readonly string[] {
  return (pattern.match(/\\[*?#]|[^]/gu) ?? []).map((token) => (token === "\\#" ? "#" : token));
}

/** Splits a subject into characters, in the form that tokensOf gives to characters that are no wildcards. */
const literalTokens = memoized((subject): readonly string[] =>
  Array.from(subject, (character) => character.replace(/[*?]/, "\\$&")),
);
