import { groupBy } from "../../../modules/private/group-by";
import type { ContextReport } from "../../model/encryption-context";
import { type Ability, ABILITY_NAMES } from "../../policy/abilities";
import type { AbilityChange, KeyReport, Part, Reach } from "../../report/key-report";
import type { Report } from "../../report/report";
import { plain } from "../escape";
import { type Markup, markup, type Part as Content } from "./markup";
import { reachParts } from "./reach";

/** The shapes and words of an arrow, so that no state is a colour only. The style has a colour and a line for each. */
const STATES = {
  gained: { head: "M-11-6 0 0-11 6z", meaning: "gained", sign: "+ " },
  lost: { head: "M-11-6 0 6M-11 6 0-6", meaning: "lost", sign: "− " },
  changed: { head: "M-14 0-7-6 0 0-7 6z", meaning: "changed: other actions or conditions", sign: "± " },
  unknown: {
    head: "M-11 0a5 5 0 1 0 11 0a5 5 0 1 0-11 0z",
    meaning: "unknown, because a policy is not shown",
    sign: "? ",
  },
  same: { head: "M-9-5 0 0-9 5", meaning: "unchanged", sign: "" },
  iam: { head: "M-11-6 0 0-11 6z", meaning: "the key policy leaves it to IAM policies", sign: "" },
} as const;
type State = keyof typeof STATES;

/** The most keys of one drawing, and the most neighbours of a key, that a reader can follow. */
const MOST_KEYS = 12;
const MOST_NEIGHBOURS = 8;

/** The sizes of a drawing. Its text is monospaced, so that the width of a line follows from its length. */
const NODE_WIDTH = 236;
const NODE_CHARACTERS = 32;
const LABEL_WIDTH = 310;
const LABEL_CHARACTERS = 45;
const LINE_HEIGHT = 15;
const PADDING = 8;
const GAP = 14;
const CURVE = 70;
const MARGIN = 4;
const KEY_X = NODE_WIDTH + CURVE + LABEL_WIDTH;
const WAREHOUSE_X = KEY_X + NODE_WIDTH + CURVE + 62;
const COLUMN_XS = [0, KEY_X, WAREHOUSE_X];
const WIDTH = WAREHOUSE_X + NODE_WIDTH;

/** An arrow between a key and a principal or a warehouse. */
interface Arrow {
  readonly details: readonly string[];
  readonly label: readonly string[];
  readonly neighbour: string;
  readonly state: State;
}

/** Keys that the same principals reach in the same way. */
interface KeyGroup {
  readonly action: string;
  readonly isHidden: boolean;
  readonly isUnchanged: boolean;
  readonly names: readonly string[];
  readonly principals: readonly Arrow[];
  readonly warehouses: readonly Arrow[];
}

/** A node of a drawing. */
interface Node {
  readonly action: string;
  readonly height: number;
  readonly kind: "key" | "principal" | "warehouse";
  readonly lines: readonly string[];
  readonly title: readonly string[];
}

/**
 * The drawings of a plan: who reaches which warehouse through which key. Keys that are reached in the same way are one node. The
 * first drawing is open.
 */
export function graph(report: Report): Content {
  const groups = keyGroups(report);
  const actions = new Map(report.warehouses.map(({ action, address }) => [address, action]));
  const drawings = Array.from({ length: Math.ceil(groups.length / MOST_KEYS) }, (_, index) => {
    const part = groups.slice(index * MOST_KEYS, (index + 1) * MOST_KEYS);
    const keys = part.flatMap(({ names }) => names).length;
    const title = `${keys} ${keys === 1 ? "key" : "keys"}, ${changeCounts(part)}`;
    const drawing = markup`<div class="drawing" role="group" aria-label="Graph of ${title}" tabindex="0">
${drawingOf(part, actions, title)}</div>
`;
    return index === 0
      ? drawing
      : markup`<details><summary>${title}</summary>${drawing}</details>
`;
  });
  return drawings.length === 0 ? "" : [legend(), drawings];
}

/** The meaning of each kind of arrow. */
function legend(): Markup {
  return markup`<ul class="legend" aria-label="Legend">${Object.entries(STATES).map(
    ([
      state,
      { head, meaning },
    ]) => markup`<li><svg class="arrow ${state}" width="46" height="16" aria-hidden="true"><path class="line" d="M2 8H34"/><path class="head" d="${head}" transform="translate(44 8)"/></svg>${meaning}</li>
`,
  )}</ul>`;
}

function changeCounts(groups: readonly KeyGroup[]): string {
  const arrows = groups.flatMap(({ names, principals, warehouses }) =>
    [...principals, ...warehouses].map(({ state }) => ({ count: names.length, state })),
  );
  const counts = (["gained", "lost", "changed", "unknown"] as const).flatMap((state) => {
    const count = arrows.reduce((sum, arrow) => sum + (arrow.state === state ? arrow.count : 0), 0);
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return counts.join(", ") || "nothing gained or lost";
}

/** The keys in groups: first those whose access changes, and at the end those whose access does not. */
function keyGroups(report: Report): readonly KeyGroup[] {
  const { keys, warehouses } = report;
  const names = new Set(keys.map(({ name }) => name));
  const elsewhere = new Set(
    warehouses.flatMap(({ key: { after, before } }) => [after, before]).filter((name) => name !== undefined),
  );
  const alone = [
    ...keys.map((key) => groupOf(key, warehouses)),
    ...[...elsewhere].filter((name) => !names.has(name)).map((name) => groupOf({ name }, warehouses)),
  ].filter(({ isHidden, principals, warehouses: used }) => isHidden || principals.length + used.length > 0);
  const alike = groupBy(alone, ({ action, isHidden, isUnchanged, principals, warehouses: used }) =>
    isUnchanged
      ? "unchanged"
      : JSON.stringify([action, isHidden, principals, [...new Set(used.map(({ state }) => state))]]),
  );
  return [...alike.values()]
    .map((group) => ({
      ...group[0]!,
      names: group.flatMap(({ names: [name] }) => name!),
      principals: bundled(
        group.flatMap(({ principals }) => principals),
        "principals",
      ),
      warehouses: bundled(
        group.flatMap(({ warehouses: used }) => used),
        "warehouses",
      ),
    }))
    .sort((one, other) => Number(one.isUnchanged) - Number(other.isUnchanged));
}

function groupOf(key: Pick<KeyReport, "name"> & Partial<KeyReport>, reports: readonly ContextReport[]): KeyGroup {
  const { action = "none", name, policy, policyChange, principals: accesses = [] } = key;
  const principals = accesses.flatMap(({ abilities, principal }) =>
    principalArrows(principal, abilities, policy?.after === "none"),
  );
  const uses = reports.filter(({ key: { after, before } }) => after === name || before === name);
  const warehouses = uses.map((report) => warehouseArrow(report, name));
  const isHidden = policy?.before === "hidden" || policy?.after === "hidden";
  const isLasting = policy?.before !== "none" && policy?.after !== "none" && policyChange !== "unknown";
  const isSame = ({ state }: Arrow): boolean => state === "same" || state === "iam";
  return {
    action,
    isHidden,
    isUnchanged:
      isLasting && [...principals, ...warehouses].every(isSame) && uses.every(({ action: use }) => use !== "create"),
    names: [name],
    principals,
    warehouses,
  };
}

/** The arrows of a principal to a key: one for each kind of change of its abilities. */
function principalArrows(
  principal: string,
  abilities: Readonly<Record<Ability, AbilityChange>>,
  isDestroyed: boolean,
): readonly Arrow[] {
  const all = ABILITY_NAMES.map((name) => ({ name, ...abilities[name] }));
  const granted = all.filter(({ after, before }) => after.extent !== "none" || before.extent !== "none");
  const left = all.filter(({ after, before }) => [after, before].some(({ leftToIam }) => leftToIam.actions.length > 0));
  const byState = groupBy(
    [
      ...granted.map((ability) => ({ ability, state: isDestroyed ? ("lost" as const) : ability.change })),
      ...left.map((ability) => ({ ability, state: "iam" as const })),
    ],
    ({ state }) => state,
  );
  return [...byState].map(([state, group]) => {
    const parts = group.map(({ ability: { after, before, name } }) => {
      const [was, is] = state === "iam" ? [before.leftToIam, after.leftToIam] : [before, after];
      return { name, part: is.actions.length > 0 ? is : was };
    });
    return {
      details: group.map(({ ability: { after, before, name } }) => {
        const [was, is] = [reachWords(before), reachWords(after)];
        return `${name}: ${was === is ? is : `${was} → ${is}`}`;
      }),
      label: arrowLabel(state === "iam" ? iamSign(group.map(({ ability }) => ability)) : STATES[state].sign, parts),
      neighbour: principal,
      state,
    };
  });
}

/** A policy that grants more no longer leaves that to IAM. */
function iamSign(abilities: readonly AbilityChange[]): string {
  return abilities.every(({ after }) => after.leftToIam.actions.length === 0) ? "IAM before: " : "IAM: ";
}

/** The abilities of an arrow, and their conditions. */
function arrowLabel(
  sign: string,
  parts: readonly { readonly name: Ability; readonly part: Part }[],
): readonly string[] {
  const isAll = parts.length === ABILITY_NAMES.length && parts.every(({ part }) => part.extent === "all");
  const names = parts.map(({ name, part }) => (part.extent === "part" ? `part of ${name}` : name));
  const conditions = new Set(
    parts.flatMap(({ part }) => part.limits).filter((limit) => !/^(only|all but) /.test(limit)),
  );
  return [
    ...wrapped(`${sign}${isAll ? "everything" : names.join(", ")}`, LABEL_CHARACTERS, 2),
    ...(conditions.size === 0 ? [] : wrapped([...conditions].join("; "), LABEL_CHARACTERS, 2)),
  ];
}

function warehouseArrow({ action, address, key: { after, before } }: ContextReport, key: string): Arrow {
  const isMoved = before !== undefined && after !== undefined && before !== after;
  const isLost = action === "destroy" || (isMoved && before === key);
  const state = isLost ? "lost" : isMoved ? "gained" : "same";
  return { details: [`encrypted by ${key}`], label: [`${STATES[state].sign}encrypts`], neighbour: address, state };
}

function reachWords(reach: Reach): string {
  return reachParts(reach)
    .map(({ limits, word }) => [word, ...limits].join("; "))
    .join(", or ");
}

/** The arrows, each once. One arrow is in place of those that do not change, if they are too many to draw. */
function bundled(arrows: readonly Arrow[], noun: string): readonly Arrow[] {
  const distinct = [...new Map(arrows.map((arrow) => [JSON.stringify(arrow), arrow])).values()];
  const alike = groupBy(distinct, ({ label, state }) => JSON.stringify([label, state]));
  const bundles = [...alike.values()].filter((group) => group.length > MOST_NEIGHBOURS);
  return distinct.flatMap((arrow) => {
    const bundle = bundles.find((group) => group.includes(arrow));
    if (bundle === undefined) {
      return [arrow];
    }
    const names = bundle.map(({ neighbour }) => neighbour);
    return arrow === bundle[0] ? [{ ...arrow, details: names, neighbour: `${names.length} ${noun}` }] : [];
  });
}

interface PlacedNode {
  readonly node: Node;
  readonly y: number;
}

interface PlacedArrow {
  readonly arrow: Arrow;
  readonly from: readonly [x: number, y: number];
  readonly labelX: number;
  readonly to: readonly [x: number, y: number];
}

/** Draws keys in the middle, principals before them and warehouses behind them. */
function drawingOf(groups: readonly KeyGroup[], actions: ReadonlyMap<string, string>, title: string): Markup {
  let top = MARGIN;
  const keys = groups.map((group) => {
    const node = keyNode(group);
    const sizes = group.principals.map(({ label }) => label.length * LINE_HEIGHT + GAP);
    const needed = sizes.reduce((sum, size) => sum + size, 0);
    const height = Math.max(node.height, needed, group.warehouses.length * (3 * LINE_HEIGHT + PADDING));
    const y = top;
    top += height + 2 * GAP;
    let end = y + (height - needed) / 2 - GAP / 2;
    return { ends: sizes.map((size) => (end += size)), group, node: { ...node, height }, y };
  });
  const entering = keys.flatMap(({ ends, group }) =>
    group.principals.map((arrow, index) => ({ arrow, y: ends[index]! })),
  );
  const leaving = keys.flatMap(({ group, node, y }) =>
    group.warehouses.map((arrow, index, { length }) => ({ arrow, y: y + (node.height * (index + 0.5)) / length })),
  );
  const principals = columnOf(entering, principalNode);
  const warehouses = columnOf(leaving, (address) =>
    nodeOf("warehouse", nameLines(address), [address], actions.get(address)),
  );
  const middleOf = ({ node, y }: PlacedNode): number => y + node.height / 2;
  const arrows: readonly PlacedArrow[] = [
    ...entering.map(({ arrow, y }) => ({
      arrow,
      from: [NODE_WIDTH, middleOf(principals.get(arrow.neighbour)!)] as const,
      labelX: KEY_X - LABEL_WIDTH,
      to: [KEY_X, y] as const,
    })),
    ...leaving.map(({ arrow, y }) => ({
      arrow,
      from: [KEY_X + NODE_WIDTH, y] as const,
      labelX: WAREHOUSE_X - 76,
      to: [WAREHOUSE_X, middleOf(warehouses.get(arrow.neighbour)!)] as const,
    })),
  ];
  const columns = [[...principals.values()], keys, [...warehouses.values()]] as const;
  const height = Math.max(...columns.flat().map(({ node, y }) => y + node.height)) + MARGIN;
  return markup`<svg role="img" aria-label="${title}. The tables have all of it." viewBox="-1 0 ${WIDTH + 2} ${height}" width="${WIDTH + 2}" height="${height}">
${arrows.map(arrowMarkup)}${columns.map((column, index) => column.map((node) => nodeMarkup(node, COLUMN_XS[index]!)))}</svg>`;
}

/** The nodes of a column, each as near to the middle of its arrows as the nodes above it allow. */
function columnOf(
  arrows: readonly { readonly arrow: Arrow; readonly y: number }[],
  nodeFor: (name: string) => Node,
): ReadonlyMap<string, PlacedNode> {
  const nodes = [...groupBy(arrows, ({ arrow }) => arrow.neighbour)].map(([name, group]) => ({
    middle: group.reduce((sum, { y }) => sum + y, 0) / group.length,
    name,
    node: nodeFor(name),
  }));
  let top = MARGIN;
  return new Map(
    nodes
      .sort((one, other) => one.middle - other.middle)
      .map(({ middle, name, node }) => {
        const y = Math.max(top, middle - node.height / 2);
        top = y + node.height + GAP;
        return [name, { node, y }];
      }),
  );
}

function nodeOf(kind: Node["kind"], name: readonly string[], title: readonly string[], action = "none"): Node {
  const lines = [...(action === "none" ? [] : [action]), ...name];
  return { action, height: lines.length * LINE_HEIGHT + 2 * PADDING, kind, lines, title };
}

function keyNode({ action, isHidden, isUnchanged, names }: KeyGroup): Node {
  const others = names.length - 1;
  if (isUnchanged && others > 0) {
    return nodeOf("key", [`${names.length} keys`, "without a change of access"], names);
  }
  const more = others === 0 ? [] : [`and ${others} more, in the same way`];
  const remark = isHidden ? ["policy not shown"] : [];
  return nodeOf("key", [...nameLines(names[0]!), ...more, ...remark], names, action);
}

/** A principal by the last part of its ARN, and its account. */
function principalNode(principal: string): Node {
  const [, account, resource] = /^arn:[^:]*:[^:]*:[^:]*:([^:]*):(.+)$/s.exec(principal) ?? [];
  const name = resource ?? (principal === "*" ? "* (everybody)" : principal);
  return nodeOf(
    "principal",
    [...nameLines(name), ...(resource === undefined ? [] : [`account ${account}`])],
    [principal],
  );
}

function nameLines(name: string): readonly string[] {
  return wrapped(name, NODE_CHARACTERS, 3);
}

/** Text in lines. A text that is too long loses the part before its end. */
function wrapped(text: string, width: number, most: number): readonly string[] {
  const lines: string[] = [];
  // Characters of other scripts are twice as wide.
  const characters = [...plain(text)].flatMap((character) => (character < "\u1100" ? [character] : [character, ""]));
  let rest = characters;
  while (rest.length > width && lines.length < most - 1) {
    const line = rest.slice(0, width);
    const end = Math.max(width / 2, line.findLastIndex((character) => /[\s./:_\]-]/.test(character)) + 1);
    lines.push(rest.slice(0, end).join(""));
    rest = rest.slice(end);
  }
  const last = rest.length <= width ? rest : ["…", ...rest.slice(1 - width)];
  return [...lines, last.join("")];
}

function nodeMarkup({ node, y }: PlacedNode, x: number): Markup {
  const { action, height, kind, lines, title } = node;
  const first = (height - lines.length * LINE_HEIGHT) / 2 + LINE_HEIGHT - 4;
  return markup`<g class="node ${kind} ${action}" transform="translate(${x} ${y})">${titleMarkup(title)}<rect width="${NODE_WIDTH}" height="${height}" rx="${
    kind === "principal" ? 14 : 3
  }"/>${lines.map((line, index) => markup`<text x="12" y="${first + index * LINE_HEIGHT}">${line}</text>`)}</g>
`;
}

function arrowMarkup({ arrow, from: [x, y], labelX, to: [endX, endY] }: PlacedArrow): Markup {
  const { details, label, neighbour, state } = arrow;
  const bend = x + CURVE;
  const line = `M${x} ${y}C${x + CURVE / 2} ${y} ${bend - CURVE / 2} ${endY} ${bend} ${endY}H${endX - 11}`;
  const top = endY - 5 - (label.length - 1) * LINE_HEIGHT;
  return markup`<g class="arrow ${state}">${titleMarkup([neighbour, ...details])}<path class="line" d="${line}"/><path class="head" d="${STATES[state].head}" transform="translate(${endX - 1} ${endY})"/>${label.map(
    (text, index) => markup`<text x="${labelX}" y="${top + index * LINE_HEIGHT}">${text}</text>`,
  )}</g>
`;
}

function titleMarkup(lines: readonly string[]): Markup {
  return markup`<title>${lines.map((line, index) => [index === 0 ? "" : markup`&#10;`, line])}</title>`;
}
