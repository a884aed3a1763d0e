import { PlanError } from "../plan/plan";
import { RULES } from "../rules";

/** The findings of a rule that do not fail the review. */
export interface Ignore {
  /** The last day on which it is in force, as YYYY-MM-DD; undefined if it does not expire. */
  readonly lastDay: string | undefined;
  readonly reason: string;
  readonly rule: string;
  /** The subjects of the findings, as subjectText has them. */
  readonly subjects: RegExp;
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
 * Reads RULE or RULE:ADDRESS or RULE:ADDRESS:STATEMENT, and the day after ` until `. `*` stands for any characters and `?` for
 * one; `\*`, `\?` and `\#` are the characters themselves.
 *
 * @param where - the option or the line of a file that has it
 * @throws PlanError if there is no such rule, or no such day
 */
export function readIgnore(text: string, reason: string, where: string): Ignore {
  const [, named = "", lastDay] = /^(.*?)(?: +until +([^"\s\]]+))?$/s.exec(text) ?? [];
  const [, rule = "", pattern = "*"] = /^([^:]*)(?::(.+))?$/s.exec(named) ?? [];
  if (!RULES.some(({ id }) => id === rule)) {
    throw new PlanError(`${where} must name a rule, got: ${text}`);
  }
  if (lastDay !== undefined && !isDay(lastDay)) {
    throw new PlanError(`${where} must have a day as YYYY-MM-DD after 'until', got: ${lastDay}`);
  }
  return { lastDay, reason, rule, subjects: subjectsOf(pattern), text };
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** The text before a reason. A `#` in the quotes of an index begins no reason. */
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

/** Whether an ignore is in force no more, by the day in UTC. */
export function isExpired({ lastDay }: Ignore, now: Date): boolean {
  return lastDay !== undefined && lastDay < now.toISOString().slice(0, 10);
}

/** The address of a finding, and its statement if it has one: ADDRESS or ADDRESS:STATEMENT. */
export function subjectText({ address, statement }: Omit<Identity, "rule">): string {
  return statement === undefined ? address : `${address}:${statement}`;
}

/** Whether an ignore is for a finding. */
export function isIgnored({ rule, subjects }: Ignore, finding: Identity): boolean {
  return rule === finding.rule && subjects.test(subjectText(finding));
}

/** The expression for a pattern. It never goes back to the text that a part between two `*` has matched. */
function subjectsOf(pattern: string): RegExp {
  const parts = pattern.split(/(?<!\\)\*/).map((part) => part.replace(/\\[*?#]|[^]/g, expressionOf));
  const [first, ...others] = parts;
  const last = others.pop();
  const between = others.map((part, index) => `(?=(?<part${index}>[^]*?${part}))\\k<part${index}>`);
  return new RegExp(`^${first}${between.join("")}${last === undefined ? "" : `[^]*${last}`}$`, "u");
}

/** The expression for a character of a pattern, which may be escaped. */
function expressionOf(token: string): string {
  return token === "?" ? "[^]" : token.at(-1)!.replace(/[$()*+./?[\\\]^{|}]/, "\\$&");
}
