import { plain } from "../escape";

const ENTITIES: Readonly<Record<string, string>> = {
  '"': "&quot;",
  "&": "&amp;",
  "'": "&#39;",
  "<": "&lt;",
  ">": "&gt;",
};

/** Source of HTML. Only templates, the style and the script of a page are markup. */
export class Markup {
  public constructor(public readonly source: string) {}
}

/** A part of a template: markup, or text. */
export type Part = Markup | number | string | readonly Part[];

/** A template of HTML. Text in it is escaped, so that no text of a plan is an element or an attribute. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((source, string, index) => source + sourceOf(parts[index - 1]!) + string));
}

function sourceOf(part: Part): string {
  if (part instanceof Markup) {
    return part.source;
  }
  if (typeof part === "object") {
    return part.map(sourceOf).join("");
  }
  return plain(String(part)).replace(/["&'<>]/g, (character) => ENTITIES[character]!);
}

/** A table, whose bodies are rows. The caption is for screen readers, because a heading is before the table. */
export function table(caption: string, columns: readonly string[], bodies: readonly Part[]): Markup {
  return markup`<table><caption>${caption}</caption>
<thead><tr>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr></thead>
${bodies.map(
  (body) => markup`<tbody>${body}</tbody>
`,
)}</table>`;
}

/** A list; nothing if it has no items. */
export function list(items: readonly Part[], kind: string): Part {
  return items.length === 0 ? "" : markup`<ul class="${kind}">${items.map((item) => markup`<li>${item}</li>`)}</ul>`;
}

/** A word in a frame. */
export function badge(kind: string, word: string = kind): Markup {
  return markup`<span class="badge ${kind}">${word}</span>`;
}

/** The action of a plan on a resource. */
export function actionBadge(action: string): Markup {
  return badge(action, action === "none" ? "no change" : action);
}

/** The heading of rows, and remarks. */
export function groupRow(columns: number, [heading, ...remarks]: readonly Part[]): Markup {
  return markup`<tr><th scope="rowgroup" class="group" colspan="${columns}">${heading!}${remarks.map((remark) => markup`<div>${remark}</div>`)}</th></tr>
`;
}
