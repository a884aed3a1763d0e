import { escapedCharacter, printable } from "../../modules/private/printable";
import { memoized, memoizedByObject } from "../plan/memoized";
import type { PrincipalAccess } from "../report/key-report";
import type { Report } from "../report/report";

/**
 * Matches one character of each text that a terminal or the log of a CI job shows as a link. Pages of AWS in rules and the schema
 * in SARIF stay links.
 */
const LINK = /(?<=[a-z\d]):(?=\/\/(?!(?:docs\.aws\.amazon\.com|json\.schemastore\.org)\/))|(?<=www)\./gi;

/**
 * Matches the character to escape in each text that GitHub would show as a reference or a formula: `@user`, `#1`, `GH-1`, the hash
 * of a commit, and `$…$`. An account ID is not matched, although its 12 digits could be a hash.
 *
 * @see https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/autolinked-references-and-urls
 */
const REFERENCE =
  /(?<![\w.])@(?=\w)|#(?=\d)|(?<=\bGH)-(?=\d)|\$|(?<![\w-])(?=\d{0,39}[a-f])[\da-f](?=[\da-f]{6,39}(?![\w-]))/gi;

/** Escapes text of a plan, so that a terminal or log shows it as one line without links or control characters. */
export function plain(text: string): string {
  return printable(text).replace(LINK, escapedCharacter);
}

/**
 * Escapes text of a plan for a message of SARIF, so that no part of it is a placeholder or a link.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function sarifMessage(text: string): string {
  return plain(text)
    .replace(REFERENCE, escapedCharacter)
    .replace(/[[\]\\]/g, "\\$&")
    .replace(/[{}]/g, "$&$&");
}

/** Writes a value as JSON. Parsed, its strings are unchanged. A log that shows the JSON finds no command and no link in it. */
export function json(value: unknown): string {
  const lines = JSON.stringify(value, undefined, 2).split("\n");
  return `${lines.map((line) => printable(line, jsonEscape).replace(LINK, jsonEscape)).join("\n")}\n`;
}

function jsonEscape(character: string): string {
  return character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Escapes every string of a report, the names of properties included. A row that several keys share is escaped once. */
export function escapedReport({ keys, ...report }: Report, escape: (text: string) => string): Report {
  const escapeOnce = memoized(escape);
  const escapedRow = memoizedByObject((row: PrincipalAccess) => escapedTexts(row, escapeOnce));
  return {
    ...escapedTexts(report, escapeOnce),
    keys: keys.map(({ principals, ...key }) => ({
      ...escapedTexts(key, escapeOnce),
      principals: principals.map(escapedRow),
    })),
  };
}

/** Escapes every string of a value, the names of properties included. */
export function escapedTexts<T>(value: T, escape: (text: string) => string): T {
  return mapTexts(value, escape) as T;
}

/** Returns the value itself if no text of it changes: a report of thousands of principals is not copied. */
function mapTexts(value: unknown, escape: (text: string) => string): unknown {
  if (typeof value === "string") {
    return escape(value);
  }
  if (typeof value !== "object" || value === null || isUnchanged(value, escape)) {
    return value;
  }
  return Array.isArray(value)
    ? value.map((item) => mapTexts(item, escape))
    : Object.fromEntries(Object.entries(value).map(([name, item]) => [escape(name), mapTexts(item, escape)]));
}

/** Whether a value has no string that is escaped. */
function isUnchanged(value: unknown, escape: (text: string) => string): boolean {
  if (typeof value === "string") {
    return escape(value) === value;
  }
  if (Array.isArray(value)) {
    return value.every((item) => isUnchanged(item, escape));
  }
  // `for…in` copies no members: a report of thousands of principals has a million.
  for (const name in value as Readonly<Record<string, unknown>> | null) {
    if (escape(name) !== name || !isUnchanged((value as Readonly<Record<string, unknown>>)[name], escape)) {
      return false;
    }
  }
  return true;
}
