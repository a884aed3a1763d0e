import { ABILITIES } from "./key-access";
import type { KeyReport, Reach } from "./key-report";
import type { PlannedResource } from "./plan";

type Ability = keyof typeof ABILITIES;
const COLUMNS = Object.keys(ABILITIES) as Ability[];
const EXTENTS = { all: "yes", none: "no", part: "part" } as const;

/** The report for people: what changes, and who can use which key before and after. */
export function textOf(resources: readonly PlannedResource[], keys: readonly KeyReport[]): string {
  const changed = resources.filter(({ action }) => action !== "none");
  const changes =
    changed.length === 0
      ? ["Nothing changes."]
      : ["What changes", ...table(changed.map(({ action, address }) => [action, address]))];
  return [changes, ...keys.map(keyText)].map((lines) => `${lines.join("\n")}\n`).join("\n");
}

function keyText({ action, address, notShown, principals, unplaced }: KeyReport): string[] {
  const notes: string[] = [];
  const rows = principals.map(({ abilities, principal }) => {
    const cells = COLUMNS.map((ability) => {
      const { after, before } = abilities[ability];
      const [was, is] = [cell(before, notes), cell(after, notes)];
      // A key that is new has no before, and one that goes no after, to tell of.
      return action === "create" || was === is ? is : action === "destroy" ? was : `${was} → ${is}`;
    });
    return [principal, ...cells];
  });
  const hidden = Object.entries(notShown).flatMap(([when, why]) =>
    why === undefined ? [] : [`  The key policy ${when} the change is not shown: ${why}.`],
  );
  return [
    `Who can use ${address} (${action === "none" ? "no change" : action})`,
    ...hidden,
    ...(rows.length === 0 ? [] : table([["principal", ...COLUMNS], ...rows])),
    ...notes.map((note, index) => `  [${index + 1}] ${note}`),
    ...unplaced.map((statement) => `  Not in the table: ${JSON.stringify(statement)}`),
  ];
}

/** How far it goes, with the numbers of the notes about what limits it. */
function cell({ extent, limits }: Reach, notes: string[]): string {
  const numbers = limits.map((limit) => {
    const found = notes.indexOf(limit);
    return found === -1 ? notes.push(limit) : found + 1;
  });
  return [EXTENTS[extent], ...numbers.map((number) => `[${number}]`)].join(" ");
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (found, row) => row.map((text, column) => Math.max(found[column] ?? 0, text.length)),
    [],
  );
  return rows.map((row) => `  ${row.map((text, column) => text.padEnd(widths[column]!)).join("  ")}`.trimEnd());
}
