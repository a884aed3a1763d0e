import { plain } from "../escape";

const ENTITIES: Readonly<Record<string, string>> = {
  '"': "&quot;",
  "&": "&amp;",
  "'": "&#39;",
  "<": "&lt;",
  ">": "&gt;",
};

/** HTML source, which is not escaped again. Only templates, the style and the script of a page may be Markup. */
export class Markup {
  public constructor(public readonly source: string) {}
}

/** A value in a template: Markup, or text that is escaped. */
export type Part = Markup | number | string | readonly Part[];

/** Tags a template of HTML. Text in its values is escaped, so that no text of a plan becomes an element or an attribute. */
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

/**
 * Returns a table with a tbody for each of the bodies. A body is a list of rows. Only screen readers use the caption: a heading is
 * before the table.
 */
export function table(caption: string, columns: readonly string[], bodies: readonly Part[]): Markup {
  return markup`<table><caption>${caption}</caption>
<thead><tr>${columns.map((column) => markup`<th scope="col">${column}</th>`)}</tr></thead>
${bodies.map(
  (body) => markup`<tbody>${body}</tbody>
`,
)}</table>`;
}

/** Returns a list of the class `kind`; an empty string if there are no items. */
export function list(items: readonly Part[], kind: string): Part {
  return items.length === 0 ? "" : markup`<ul class="${kind}">${items.map((item) => markup`<li>${item}</li>`)}</ul>`;
}

/** Returns a word in a frame, with the class `kind`. */
export function badge(kind: string, word: string = kind): Markup {
  return markup`<span class="badge ${kind}">${word}</span>`;
}

/** Returns the badge for the action of a plan on a resource. */
export function actionBadge(action: string): Markup {
  return badge(action, action === "none" ? "no change" : action);
}

/** Returns a row with a heading for the rows after it, and remarks. */
export function groupRow(columns: number, [heading, ...remarks]: readonly Part[]): Markup {
  return markup`<tr><th scope="rowgroup" class="group" colspan="${columns}">${heading!}${remarks.map((remark) => markup`<div>${remark}</div>`)}</th></tr>
`;
}
