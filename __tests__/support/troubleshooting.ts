import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./paths";

/** A message of docs/troubleshooting.md. */
export interface Message {
  /** Whether the page marks it as one that no test reproduces. */
  readonly isMarked: boolean;
  /** The text, in which each `<…>` is any text. */
  readonly pattern: RegExp;
  /** The heading of its part of the page. */
  readonly part: string;
  readonly text: string;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** The messages of the page, in order. */
export function messages(): readonly Message[] {
  const [, ...parts] = readFileSync(join(ROOT, "docs", "troubleshooting.md"), "utf8").split(/^## /m);
  return parts.flatMap((part) =>
    [...part.matchAll(/(<!-- not reproduced -->\n\n)?```text\n([^]*?)\n```/g)].map(([, mark, text]) => ({
      isMarked: mark !== undefined,
      part: part.split("\n")[0]!,
      pattern: new RegExp(
        `^${text!
          .split(/<[^>]*>/)
          .map(escaped)
          .join(".+")}$`,
      ),
      text: text!,
    })),
  );
}

/** The parts of the page with texts of the project itself. */
export const PLAN_PART = "The plan is refused";
export const CONFIGURATION_PART = "The configuration is refused";
