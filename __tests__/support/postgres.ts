import { parse } from "libpg-query";

/** The words of Redshift that PostgreSQL does not have, outside of identifiers. */
const WORDS_OF_REDSHIFT: readonly (readonly [RegExp, string])[] = [
  // PostgreSQL has no word before the name of a role.
  [/\b(FROM|GRANT|REVOKE|TO) ROLE\b/g, "$1"],
  [/\bPASSWORD DISABLE\b/g, "PASSWORD NULL"],
];
const IDENTIFIER = /("(?:[^"]|"")*")/;
/** The members of the parsed tree that are names. */
const NAMES = new Set(["priv_name", "relname", "role", "rolename", "schemaname", "sval"]);

/** The type of a statement, and the names in it, in their order: what the parser of PostgreSQL reads. */
export interface Parsed {
  readonly names: readonly string[];
  readonly type: string;
}

/**
 * Parses one statement with the parser of PostgreSQL, whose grammar Redshift extends. No parser of Redshift's dialect reads these
 * statements and runs on each supported version of Node.js.
 *
 * @throws if the text is no statement, or more than one
 */
export async function parseStatement(sql: string): Promise<Parsed> {
  const translated = sql
    .split(IDENTIFIER)
    .map((part, index) =>
      index % 2 === 1 ? part : WORDS_OF_REDSHIFT.reduce((text, [word, other]) => text.replace(word, other), part),
    );
  const { stmts } = await parse(translated.join(""));
  const [first, second] = stmts!;
  if (first === undefined || second !== undefined) {
    throw new Error(`must be one statement, got: ${sql}`);
  }
  return { names: namesIn(first.stmt), type: Object.keys(first.stmt!)[0]! };
}

function namesIn(node: unknown): readonly string[] {
  return typeof node !== "object" || node === null
    ? []
    : Object.entries(node).flatMap(([key, value]) =>
        NAMES.has(key) && typeof value === "string" ? [value] : namesIn(value),
      );
}
