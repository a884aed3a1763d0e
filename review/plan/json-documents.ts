/**
 * Yields the JSON documents of a string, one after another, as `terragrunt run --all show -json` prints the plans of several units.
 * Yields a text without a second document as it is.
 */
export function* jsonDocuments(text: string): Generator<string> {
  // Within one document, a comma is between two objects.
  if (!/\}\s*\{/.test(text)) {
    yield text;
    return;
  }
  let start = 0;
  while (start < text.length) {
    const end = endOfObject(text, start);
    const document = text.slice(start, end);
    if (document.trim() !== "") {
      yield document;
    }
    start = end;
  }
}

/** Returns the index after the first object of a string, or the end of a string that has none. */
function endOfObject(text: string, start: number): number {
  const tokens = /[{}"]/g;
  tokens.lastIndex = start;
  let depth = 0;
  for (let token = tokens.exec(text); token; token = tokens.exec(text)) {
    const [character] = token;
    if (character === '"') {
      tokens.lastIndex = endOfString(text, token.index);
    } else {
      depth += character === "{" ? 1 : -1;
      if (depth <= 0) {
        return tokens.lastIndex;
      }
    }
  }
  return text.length;
}

/** Returns the value of a JSON text; undefined if the text is no JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Whether an object in a JSON text has a name twice. The parser keeps only the last of several equal names, and another reader may keep
 * the first.
 *
 * @param value - the parsed text
 */
export function hasRepeatedNames(text: string, value: unknown): boolean {
  return namesInText(text) !== namesIn(value);
}

/** Counts the names in a JSON text: the strings before a colon. */
function namesInText(text: string): number {
  let count = 0;
  for (let quote = text.indexOf('"'); quote >= 0;) {
    let end = endOfString(text, quote);
    while (isSpace(text.charCodeAt(end))) {
      end += 1;
    }
    count += text[end] === ":" ? 1 : 0;
    quote = text.indexOf('"', end);
  }
  return count;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function namesIn(value: unknown): number {
  if (typeof value !== "object" || value === null) {
    return 0;
  }
  let count = 0;
  if (Array.isArray(value)) {
    for (const element of value) {
      count += namesIn(element);
    }
    return count;
  }
  for (const name in value) {
    count += namesIn((value as Readonly<Record<string, unknown>>)[name]) + 1;
  }
  return count;
}

/** Returns the index after a string that begins at an index, or the end of the text. */
function endOfString(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote >= 0 && backslashesBefore(text, quote) % 2 === 1) {
    quote = text.indexOf('"', quote + 1);
  }
  return quote < 0 ? text.length : quote + 1;
}

function backslashesBefore(text: string, index: number): number {
  let first = index;
  while (text[first - 1] === "\\") {
    first -= 1;
  }
  return index - first;
}
