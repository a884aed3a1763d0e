// Reads the page of a review.
const ENTITIES: Readonly<Record<string, string>> = { "#39": "'", "#10": "\n", amp: "&", gt: ">", lt: "<", quot: '"' };

/** The text of a page without its elements. Each element ends with a space. */
export const textOf = (html: string): string =>
  html
    .replace(/<(style|script)>[^]*?<\/\1>/g, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/&(#?\w+);/g, (_, entity: string) => ENTITIES[entity]!)
    .replace(/\s+/g, " ");
/** The text of each element that a pattern matches from its beginning. */
export const textsOf = (html: string, pattern: RegExp): string[] =>
  (html.match(pattern) ?? []).map((part) => textOf(part).trim());
