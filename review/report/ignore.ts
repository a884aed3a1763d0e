import { PlanError } from "../plan/plan";
import { matchesPattern } from "../policy/statement";
import { RULES } from "../rules";

/** The findings of a rule that do not fail the review. */
export interface Ignore {
  /** Of the resource; `*` stands for any characters. */
  readonly address: string;
  readonly reason: string;
  readonly rule: string;
  /** The text that the user gave. */
  readonly text: string;
}

/**
 * Reads RULE or RULE:ADDRESS.
 *
 * @param where - the option or the line of a file that has it
 * @throws PlanError if there is no such rule
 */
export function readIgnore(text: string, reason: string, where: string): Ignore {
  const [, rule = "", address = "*"] = /^([^:]*)(?::(.+))?$/.exec(text) ?? [];
  if (!RULES.some(({ id }) => id === rule)) {
    throw new PlanError(`${where} must name a rule, got: ${text}`);
  }
  return { address, reason, rule, text };
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

/** Whether it ignores the finding of a rule at an address. */
export function isIgnored(ignore: Ignore, rule: string, address: string): boolean {
  return ignore.rule === rule && matchesPattern(ignore.address, address);
}
