import { type Markup, markup } from "../markup";
import { STATES } from "./arrow-states";
import type { Layout, PlacedArrow, PlacedNode } from "./layout";
import { COLUMN_XS, CURVE, LINE_HEIGHT, NODE_WIDTH, WIDTH } from "./sizes";

/** Draws a layout in SVG. The title is for screen readers. */
export function drawingOf({ arrows, columns, height }: Layout, title: string): Markup {
  return markup`<svg role="img" aria-label="${title}. The tables have all of it." viewBox="-1 0 ${WIDTH + 2} ${height}" width="${WIDTH + 2}" height="${height}">
${arrows.map(arrowMarkup)}${columns.map((column, index) => column.map((node) => nodeMarkup(node, COLUMN_XS[index]!)))}</svg>`;
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
