import type { Report } from "../../../report/report";
import { type Markup, markup, type Part } from "../markup";
import { STATES } from "./arrow-states";
import { drawingOf } from "./drawing";
import { type KeyGroup, keyGroups } from "./key-groups";
import { layoutOf } from "./layout";

/** The most keys of one drawing that a reader can follow. */
const MOST_KEYS = 12;

/**
 * Draws which principals reach which warehouse through which key. Keys that the same principals reach in the same way are one node.
 * Only the first drawing is open.
 */
export function graph(report: Report): Part {
  const groups = keyGroups(report);
  const actions = new Map(report.warehouses.map(({ action, address }) => [address, action]));
  const drawings = Array.from({ length: Math.ceil(groups.length / MOST_KEYS) }, (_, index) => {
    const part = groups.slice(index * MOST_KEYS, (index + 1) * MOST_KEYS);
    const keys = part.flatMap(({ names }) => names).length;
    const title = `${keys} ${keys === 1 ? "key" : "keys"}, ${changeCounts(part)}`;
    const drawing = markup`<div class="drawing" role="group" aria-label="Graph of ${title}" tabindex="0">
${drawingOf(layoutOf(part, actions), title)}</div>
`;
    return index === 0
      ? drawing
      : markup`<details><summary>${title}</summary>${drawing}</details>
`;
  });
  return drawings.length === 0 ? "" : [legend(), drawings];
}

/** Returns the legend: the meaning of each kind of arrow. */
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
