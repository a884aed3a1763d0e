import { PlanError } from "../plan/plan";
import { matchesPattern } from "../policy/statement";
import { RULES } from "../rules";

/** The findings of a rule that do not fail the review. */
export interface Ignore {
  /** The last day on which it is in force, as YYYY-MM-DD; undefined if it does not expire. */
  readonly lastDay: string | undefined;
  /** The subjects of the findings, as subjectText has them; `*` stands for any characters. */
  readonly pattern: string;
  readonly reason: string;
  readonly rule: string;
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
 * Reads RULE or RULE:ADDRESS or RULE:ADDRESS:STATEMENT, and the day after ` until `.
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
  return { lastDay, pattern, reason, rule, text };
}

function isDay(text: string): boolean {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/**
 * Reads a file of ignores: one a line, with its reason after ` # `. A line that begins with `#` is a comment.
 *
 * @param file - its name in an error
 * @throws PlanError if a line gives no reason, or names no rule
 */
export function readIgnoreFile(text: string, file: string): readonly Ignore[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const where = `${file}:${index + 1}`;
    const [ignored = "", ...reason] = line.trim().split(/(?:^|\s)#/);
    if (ignored === "") {
      return [];
    }
    const because = reason.join(" #").trim();
    if (because === "") {
      throw new PlanError(`${where} must give a reason after a #, got: ${line.trim()}`);
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
export function isIgnored({ pattern, rule }: Ignore, finding: Identity): boolean {
  return rule === finding.rule && matchesPattern(pattern, subjectText(finding));
}
