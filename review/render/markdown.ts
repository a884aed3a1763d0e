import { groupBy } from "../../modules/private/group-by";
import { printable } from "../../modules/private/printable";
import type { ContextReport } from "../model/encryption-context";
import type { Change } from "../plan/changes";
import { type Ability, ABILITY_NAMES } from "../policy/abilities";
import type { AbilityChange, KeyReport } from "../report/key-report";
import type { RuleNotJudged } from "../report/findings";
import { subjectText } from "../report/ignore";
import type { Report } from "../report/report";
import {
  contextLines,
  keyRemarks,
  keyTable,
  keyTitle,
  notJudgedByReason,
  othersText,
  STANDING,
  tally,
  unplacedTitle,
} from "./text";

/** The most characters of a comment on GitHub. */
const LONGEST = 65_536;
/** The most arrows of a diagram that a reader can follow. */
const MOST_ARROWS = 60;

/** The reports, as a comment on a pull request. Sections that do not fit are left out, with a note. */
export function markdownOf(reports: readonly Report[]): string {
  const judgement = {
    findings: reports.flatMap(({ findings }) => findings),
    notJudged: reports.flatMap(({ notJudged }) => notJudged),
  };
  const title = `## Review of ${reports.length === 1 ? "the plan" : `${reports.length} plans`}: ${tally(judgement)}\n`;
  const sections = reports.flatMap((report) => sectionsOf(report, reports.length > 1));
  const kept: string[] = [];
  const left: string[] = [];
  let size = title.length;
  for (const { body, heading } of sections) {
    // Room for the sentence about what is left out.
    if (size + body.length < LONGEST - 500) {
      size += body.length + 1;
      kept.push(body);
    } else {
      left.push(heading);
    }
  }
  const missing =
    left.length === 0
      ? []
      : [
          `_${left.length} sections are left out, the first of them "${text(left[0]!.slice(0, 200))}": a comment holds no more._\n`,
        ];
  return [title, ...kept, ...missing].join("\n");
}

interface Section {
  readonly body: string;
  readonly heading: string;
}

function sectionsOf(report: Report, isOneOfMany: boolean): readonly Section[] {
  const { changes, drift, keys, notJudged, shortfall, source, warehouses } = report;
  const plan = isOneOfMany ? ` (${source})` : "";
  const more = othersText(changes.others);
  const changed = [...changes.listed.map(changeLine), ...(more === "" ? [] : [`- ${text(more)}`])];
  const arrows = diagram(report);
  return [
    ...(isOneOfMany ? [section(`### ${code(source)}`, source)] : []),
    ...(shortfall === undefined ? [] : [section(`> ${shortfall}`, shortfall)]),
    ...findingsSections(report, plan),
    ...(notJudged.length === 0 ? [] : [details(`Rules that could not be judged${plan}`, notJudgedLines(notJudged))]),
    ...(drift.length === 0 ? [] : [details(`Changed outside Terraform${plan}`, drift.map(changeLine))]),
    details(`What changes${plan}`, changed.length === 0 ? ["Nothing changes."] : changed),
    ...keys.map((key) => details(`${keyTitle(key)}${plan}`, keyLines(key))),
    ...(warehouses.length === 0 ? [] : [details(`Encryption contexts${plan}`, warehouses.flatMap(warehouseLines))]),
    ...(arrows.length === 0
      ? []
      : [details(`Who reaches which warehouse through which key${plan}`, ["```mermaid", ...arrows, "```"])]),
  ];
}

function section(body: string, heading: string): Section {
  return { body: `${body}\n`, heading };
}

function details(summary: string, lines: readonly string[]): Section {
  return section(
    ["<details>", `<summary>${html(summary)}</summary>`, "", ...lines, "", "</details>"].join("\n"),
    summary,
  );
}

function findingsSections({ findings }: Report, plan: string): readonly Section[] {
  return findings.map((finding) => {
    const { consequence, ignored, isNew, remedy, rule, see, severity } = finding;
    const subject = subjectText(finding);
    const label = ignored === undefined ? severity : `ignored ${severity}`;
    const message = ignored === undefined ? `${text(consequence)} ${text(remedy)}` : `Ignored: ${text(ignored)}`;
    const standing = isNew ? "" : `${STANDING} `;
    return section(
      `- **${label}** [${rule}](${see}) ${code(subject)}: ${standing}${message}`,
      `${rule} of ${subject}${plan}`,
    );
  });
}

function changeLine({ action, address, details, kind }: Change): string {
  const more = details.length === 0 ? "" : `: ${details.map(text).join("; ")}`;
  return `- **${action === "none" ? "keep" : action}** ${kind} ${code(address)}${more}`;
}

function notJudgedLines(notJudged: readonly RuleNotJudged[]): readonly string[] {
  return notJudgedByReason(notJudged).map(
    ({ reason, rules, subject }) => `- ${code(subject)}: ${text(reason)}: ${rules.join(", ")}`,
  );
}

function keyLines(key: KeyReport): readonly string[] {
  const { notes, rows } = keyTable(key);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    ...keyRemarks(key).flatMap((remark) => [text(remark), ""]),
    ...(rows.length === 0
      ? []
      : [
          line(["principal", ...ABILITY_NAMES]),
          line(["principal", ...ABILITY_NAMES].map(() => "---")),
          ...rows.map(({ cells, marks, principal }) =>
            line([[code(principal), ...marks].join(" "), ...cells.map(mark)]),
          ),
          "",
        ]),
    ...notes.map((note, index) => `- [${index + 1}] ${text(note)}`),
    ...key.unplaced.map((unplaced) => `- ${unplacedTitle(unplaced)}: ${code(JSON.stringify(unplaced.statement))}`),
  ];
}

/** Gained and lost abilities stand out. */
function mark(cell: string): string {
  return cell.replace(/\((changed|gained|lost)\)/, "**($1)**");
}

function warehouseLines(warehouse: ContextReport): readonly string[] {
  return [
    `- ${code(warehouse.address)} (${warehouse.action === "none" ? "no change" : warehouse.action})`,
    ...contextLines(warehouse).map((line) => `  - ${text(line)}`),
  ];
}

/** The principals, the keys that they use, and the warehouses under these: gained access in thick arrows, lost access in dotted ones. */
function diagram({ keys, warehouses }: Report): readonly string[] {
  const ids = new Map<string, string>();
  const node = (name: string): string => {
    const id = ids.get(name) ?? `n${ids.size}`;
    ids.set(name, id);
    return id;
  };
  const arrows = [
    ...keys.flatMap((key) =>
      key.principals.flatMap(({ abilities, principal }) => {
        const drawn = ABILITY_NAMES.flatMap((name) => arrowTo(key, name, abilities[name]));
        return [...groupBy(drawn, ({ arrow, limits }) => `${arrow} ${limits}`).values()].map((group) => {
          const [{ arrow, limits }] = group as [(typeof group)[number]];
          const text = [group.map(({ name }) => name).join(", "), limits].filter((part) => part !== "").join(" ");
          return `${node(principal)} ${arrow}|"${label(text)}"| ${node(key.name)}`;
        });
      }),
    ),
    ...warehouses.flatMap(({ address, key: { after: used } }) => {
      const isNamed = used !== undefined && (used.startsWith("arn:") || keys.some((key) => key.name === used));
      return !isNamed ? [] : [`${node(used)} -->|encrypts| ${node(address)}`];
    }),
  ];
  return arrows.length === 0 || arrows.length > MOST_ARROWS
    ? []
    : [
        "flowchart LR",
        ...[...ids].map(([name, id]) => `  ${id}["${label(name)}"]`),
        ...arrows.map((line) => `  ${line}`),
      ];
}

/** The arrow of an ability that a key policy grants, and its limits. An ability that is left to IAM has none. */
function arrowTo({ policy }: KeyReport, name: Ability, { after, before, change }: AbilityChange) {
  const [had, has] = [before, after].map(({ actions }) => actions.length > 0);
  if (!had && !has) {
    return [];
  }
  const arrow =
    change === "gained" && !had ? "==>" : (change === "lost" && !has) || policy.after === "none" ? "-.->" : "-->";
  return [{ arrow, limits: (has ? after : before).limits.join("; "), name }];
}

function label(name: string): string {
  return printable(name === "*" ? "everybody" : name).replace(
    /[^\w .:/@=+,-]/g,
    (character) => `#${character.codePointAt(0)};`,
  );
}

/** Text of a plan, so that nothing in it is markup. */
function text(value: string): string {
  // Within a word, _ is no markup.
  return escaped(value, /[\\`*[\]<>|~@&#]|(?<!\w)_|_(?!\w)/g);
}

/** Text of a plan within HTML. */
function html(value: string): string {
  return escaped(value, /[<>&@]/g);
}

function escaped(value: string, markup: RegExp): string {
  // An escaped @ still mentions the person after it. A zero-width space between them prevents that.
  const escape = (character: string): string => `&#${character.charCodeAt(0)};${character === "@" ? "&#8203;" : ""}`;
  return printable(value).replace(markup, escape);
}

/** Text of a plan as code. */
function code(value: string): string {
  const plain = printable(value);
  if (/[|\\]/.test(plain)) {
    // A vertical line ends a cell of a table, even after a backslash.
    return `<code>${text(value)}</code>`;
  }
  const longest = [...plain.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 0);
  const fence = "`".repeat(longest + 1);
  return fence.length === 1 ? `${fence}${plain}${fence}` : `${fence} ${plain} ${fence}`;
}
