import { groupBy } from "../../modules/private/group-by";
import type { ContextReport } from "../model/encryption-context";
import type { Change } from "../plan/changes";
import { numberText } from "../plan/number-text";
import { type Ability, ABILITY_NAMES } from "../policy/abilities";
import type { Finding, RuleNotJudged } from "../report/findings";
import { subjectText as findingSubject } from "../report/ignore";
import type { AbilityChange, KeyReport } from "../report/key-report";
import type { Report } from "../report/report";
import { WORST_FIRST } from "../rules/rule";
import { type AccessEntry, accessOf, type KeyAccess, type Subject } from "./access";
import { code, diagramLabel, joined, Markdown, markup } from "./markdown-text";
import {
  contextLines,
  keyChange,
  keyRemarks,
  limitWord,
  notJudgedByReason,
  othersText,
  placeText,
  reachSentence,
  remarksOnUnchanged,
  STANDING,
  tally,
  NOBODY_SHOWN,
  unplacedTitle,
} from "./text";

/** The most characters of a comment on GitHub. */
const LONGEST = 65_536;
/** The characters that are reserved for the note on the parts that are left out. */
const NOTE = 1500;
/** The largest fraction of the comment that new findings may fill. */
const SHARE_OF_FINDINGS = 0.6;
/** The most arrows of a diagram that a reader can follow. */
const MOST_ARROWS = 60;
/** The most names of one list. */
const MOST_NAMES = 50;

/** The smallest part of a comment, such as a finding. If it does not fit, it is left out, and a note counts it. */
interface Item {
  readonly body: Markdown;
  /** Its place in the order of importance, among the items of all sections with the same rank; 0 if there is no order. */
  readonly order?: number;
  /** Its name in the note, such as "new error". The note adds an s for the plural. */
  readonly unit: string;
}

/** The parts under one title. */
interface Section {
  readonly footer: Markdown;
  readonly head: Markdown;
  readonly items: readonly Item[];
  /** Its place in the order of importance: 0 is the most important. */
  readonly rank: number;
}

/**
 * Renders the reports as a comment on a pull request. If not everything fits, the least important parts are left out, and a note
 * counts them.
 */
export function markdownOf(reports: readonly Report[]): string {
  const judgement = {
    findings: reports.flatMap(({ findings }) => findings),
    notJudged: reports.flatMap(({ notJudged }) => notJudged),
  };
  const title = `## Review of ${reports.length === 1 ? "the plan" : `${reports.length} plans`}: ${tally(judgement)}\n`;
  const sections = reports.map((report) => [
    ...(reports.length === 1 ? [] : [titleSection(report)]),
    ...sectionsOf(report),
  ]);
  const { itemsBySection, leftOut } = chosenItems(sections.flat(), LONGEST - NOTE - title.length);
  const bodies = sections.flat().flatMap((section) => {
    const items = itemsBySection.get(section) ?? [];
    return items.length === 0 ? [] : [sectionText(section, items)];
  });
  return [title, ...leftOutText(leftOut), ...bodies].join("\n");
}

function sectionText({ footer, head }: Section, items: readonly Item[]): string {
  const parts = [head, ...items.map(({ body }) => body), footer].map(({ source }) => source);
  return `${parts.filter((part) => part !== "").join("\n")}\n`;
}

/**
 * Chooses the items that fit into the Markdown comment, the most important ones first. Of each section, these are the first items.
 * Returns the chosen items, and the items that are left out.
 */
function chosenItems(sections: readonly Section[], room: number) {
  const itemsBySection = new Map<Section, readonly Item[]>();
  const leftOut: Item[] = [];
  let size = 0;
  const parts = sections
    .flatMap((section) =>
      [...groupBy(section.items, ({ order = 0 }) => order)].map(([order, items]) => ({ items, order, section })),
    )
    .toSorted((one, other) => one.section.rank - other.section.rank || one.order - other.order);
  for (const { items, section } of parts) {
    const { footer, head, rank } = section;
    const most = rank === FINDINGS_RANK ? room * SHARE_OF_FINDINGS : room;
    const earlierItems = itemsBySection.get(section) ?? [];
    let [count, next] = [0, size + (earlierItems.length === 0 ? head.source.length + footer.source.length + 3 : 0)];
    for (const { body } of items) {
      next += body.source.length + 1;
      if (next > most) {
        break;
      }
      count += 1;
      size = next;
    }
    itemsBySection.set(section, [...earlierItems, ...items.slice(0, count)]);
    leftOut.push(...items.slice(count));
  }
  return { itemsBySection, leftOut };
}

function leftOutText(items: readonly Item[]): readonly string[] {
  const counts = [...groupBy(items, ({ unit }) => unit)].map(
    ([unit, { length }]) => `${length} ${unit}${length === 1 ? "" : "s"}`,
  );
  return counts.length === 0
    ? []
    : [
        `> **Left out:** ${counts.join(", ")}. A comment has at most ${numberText(LONGEST)} characters: ` +
          "`--format text` has the whole report.\n",
      ];
}

const TITLE_RANK = -1;
const FINDINGS_RANK = 0;
const NOTHING = markup``;
/** The order of the details of keys: the gains of all keys come before their losses, and details that stay the same come last. */
const ORDER: Readonly<Record<AccessEntry["label"], number>> = {
  changed: 2,
  gained: 0,
  gone: 1,
  lost: 1,
  new: 0,
  unchanged: 3,
  unknown: 2,
};

function titleSection({ source }: Report): Section {
  return {
    footer: NOTHING,
    head: NOTHING,
    items: [{ body: markup`### ${code(source)}`, unit: "plan" }],
    rank: TITLE_RANK,
  };
}

/** Returns the sections of a report, the most important first. */
function sectionsOf(report: Report): readonly Section[] {
  const { changes, drift, findings, keys, notJudged, shortfall, warehouses } = report;
  const accesses = keys.map((key) => ({ access: accessOf(key), key }));
  const unchanged = accesses.filter(({ access }) => access.isUnchanged);
  const othersLine = othersText(changes.others);
  const changed = [...changes.listed.map(changeLine), ...(othersLine === "" ? [] : [markup`- ${othersLine}`])];
  const visible = (items: readonly Item[], head = NOTHING) => ({ footer: NOTHING, head, items });
  const findingsWith = (word: string, isShown: (finding: Finding) => boolean) =>
    visible(
      findings.filter(isShown).map((finding) => ({
        body: findingLine(finding),
        // The errors of all plans come before the warnings of the first.
        order: WORST_FIRST.indexOf(finding.severity),
        unit: `${word} ${finding.severity}`,
      })),
    );
  const sections: readonly (readonly Omit<Section, "rank">[])[] = [
    [findingsWith("new", ({ ignored, isNew }) => ignored === undefined && isNew)],
    [
      visible(shortfall === undefined ? [] : [{ body: markup`> ${shortfall}`, unit: "remark" }]),
      ...accesses
        .filter(({ access }) => !access.isUnchanged)
        .map(({ access, key }) => visible(keyItems(key, access), keyHead(key, access))),
    ],
    [findingsWith("standing", ({ ignored, isNew }) => ignored === undefined && !isNew)],
    [details("What changes", "change", changed.length === 0 ? [markup`Nothing changes.`] : changed)],
    [details("Changed outside Terraform", "outside change", drift.map(changeLine))],
    [findingsWith("ignored", ({ ignored }) => ignored !== undefined)],
    [details("Rules that could not be judged", "unjudged resource", notJudgedLines(notJudged))],
    [details("Encryption contexts", "encryption context", warehouses.map(warehouseLines))],
    [
      details(
        "Keys whose use stays the same",
        "key",
        unchanged.map(({ access, key }) => unchangedLine(key, access)),
      ),
    ],
    [details("Who reaches which warehouse through which key", "diagram", diagram(report))],
  ];
  return sections.flatMap((group, rank) => group.map((section) => ({ ...section, rank })));
}

function details(title: string, unit: string, bodies: readonly Markdown[]): Omit<Section, "rank"> {
  return {
    footer: markup`\n</details>`,
    head: markup`<details>\n<summary>${title}</summary>\n`,
    items: bodies.map((body) => ({ body, unit })),
  };
}

function findingLine(finding: Finding): Markdown {
  const { consequence, ignored, isNew, location, remedy, rule, see, severity } = finding;
  const label = ignored === undefined ? severity : `ignored ${severity}`;
  const message =
    ignored === undefined
      ? markup`${[consequence, ...reachSentence(finding), remedy].join(" ")}`
      : markup`Ignored: ${ignored}`;
  const standing = isNew ? "" : `${STANDING} `;
  const place = location === undefined ? NOTHING : markup` (${code(placeText(location))})`;
  return markup`- **${label}** [${new Markdown(rule)}](${new Markdown(see)}) ${code(findingSubject(finding))}${place}: ${standing}${message}`;
}

function changeLine({ action, address, details: lines, kind }: Change): Markdown {
  const detailsText = lines.length === 0 ? NOTHING : markup`: ${lines.join("; ")}`;
  return markup`- **${action === "none" ? "keep" : action}** ${kind} ${code(address)}${detailsText}`;
}

function keyHead(key: KeyReport, access: KeyAccess): Markdown {
  const remarks = [...keyRemarks(key), ...access.standIns].map((remark) => markup`${remark}\n`);
  return joined([markup`#### Who can use ${code(key.name)} (${keyChange(key, access)})\n`, ...remarks], "\n");
}

function keyItems({ unplaced }: KeyReport, { entries }: KeyAccess): readonly Item[] {
  const items = [
    ...entries.map((entry) => ({
      body: entryLines(entry),
      order: ORDER[entry.label],
      unit: `${entry.label} key detail`,
    })),
    ...unplaced.map((statement) => ({
      body: markup`- ${unplacedTitle(statement)}: ${code(JSON.stringify(statement.statement))}`,
      order: ORDER.unchanged,
      unit: "key detail",
    })),
  ];
  return items.length === 0 ? [{ body: markup`${NOBODY_SHOWN}`, order: ORDER.unchanged, unit: "key detail" }] : items;
}

/** Returns the lines of an entry: its label with the principals and their abilities, and under them the limits. */
function entryLines({ label, limits, subjects }: AccessEntry): Markdown {
  return joined(
    [markup`- **${label}** ${joined(subjects.map(subjectText), "; ")}`, ...limits.map((limit) => markup`  - ${limit}`)],
    "\n",
  );
}

function subjectText({ abilities, principals }: Subject): Markdown {
  const names = principals.slice(0, MOST_NAMES).map(code);
  const remaining = principals.length - names.length;
  return markup`${joined(names, ", ")}${remaining === 0 ? "" : ` and ${remaining} more`}: ${abilities.join(", ")}`;
}

function unchangedLine(key: KeyReport, access: KeyAccess): Markdown {
  const uses = access.entries.flatMap((entry) =>
    entry.subjects.map((subject) => markup`${subjectText(subject)}${limitWord(entry)}`),
  );
  const remarks = remarksOnUnchanged(key).map((remark) => markup`${remark}`);
  return markup`- ${code(key.name)} (${keyChange(key, access)}): ${joined([...uses, ...remarks], "; ")}`;
}

function notJudgedLines(notJudged: readonly RuleNotJudged[]): readonly Markdown[] {
  return notJudgedByReason(notJudged).map(
    ({ reason, rules, subject }) => markup`- ${code(subject)}: ${reason}: ${rules.join(", ")}`,
  );
}

function warehouseLines(warehouse: ContextReport): Markdown {
  const { action, address } = warehouse;
  return joined(
    [
      markup`- ${code(address)} (${action === "none" ? "no change" : action})`,
      ...contextLines(warehouse).map((line) => markup`  - ${line}`),
    ],
    "\n",
  );
}

/**
 * Draws the principals, the keys that they use, and the warehouses under these in Mermaid: gained access as thick arrows, lost
 * access as dotted ones.
 */
function diagram({ keys, warehouses }: Report): readonly Markdown[] {
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
          return `${node(principal)} ${arrow}|"${diagramLabel(text)}"| ${node(key.name)}`;
        });
      }),
    ),
    ...warehouses.flatMap(({ address, key: { after: usedKey } }) => {
      const isNamed = usedKey !== undefined && (usedKey.startsWith("arn:") || keys.some((key) => key.name === usedKey));
      return !isNamed ? [] : [`${node(usedKey)} -->|encrypts| ${node(address)}`];
    }),
  ];
  if (arrows.length === 0) {
    return [];
  }
  if (arrows.length > MOST_ARROWS) {
    return [
      markup`A diagram would have ${arrows.length} arrows, more than the ${MOST_ARROWS} that a reader can follow.`,
    ];
  }
  const nodes = [...ids].map(([name, id]) => `${id}["${diagramLabel(name === "*" ? "everybody" : name)}"]`);
  const lines = ["flowchart LR", ...[...nodes, ...arrows].map((line) => `  ${line}`)];
  return [new Markdown(["```mermaid", ...lines, "```"].join("\n"))];
}

/** Returns the arrow of an ability that a key policy grants, with its limits; none for an ability that is left to IAM. */
function arrowTo({ policy }: KeyReport, name: Ability, { after, before, change }: AbilityChange) {
  const [isUsedBefore, isUsedAfter] = [before, after].map(({ actions }) => actions.length > 0);
  if (!isUsedBefore && !isUsedAfter) {
    return [];
  }
  const arrow =
    change === "gained" && !isUsedBefore
      ? "==>"
      : (change === "lost" && !isUsedAfter) || policy.after === "none"
        ? "-.->"
        : "-->";
  return [{ arrow, limits: (isUsedAfter ? after : before).limits.join("; "), name }];
}
