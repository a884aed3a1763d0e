import { PlanError } from "../plan/plan";
import { matches } from "../policy/statement";
import { RULES } from "../rules";

/** The findings that do not hold a change. */
export interface Ignore {
  /** Of the resource; `*` stands for any characters. */
  readonly address: string;
  readonly reason: string;
  readonly rule: string;
  /** As it is written. */
  readonly text: string;
}

/**
 * Reads RULE or RULE:ADDRESS.
 *
 * @param where - the place in which it is written
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
 * Reads a file of them: one a line, with its reason after ` # `; a line that begins with `#` is a comment.
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

/** Whether it is meant for what a rule finds at a resource. */
export function isIgnored({ address, rule }: Ignore, foundBy: string, at: string): boolean {
  return rule === foundBy && matches(address, at);
}
