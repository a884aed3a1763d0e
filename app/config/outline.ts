import { COLLECTION_STYLE, constructFromEvents, CORE_SCHEMA, type Event, EVENT_ID, realMapTag } from "js-yaml";

/** The line on which a value stands, and what is within it. */
export interface Outline {
  readonly line: number;
  readonly children: ReadonlyMap<string, Outline>;
}

/** Keeps the order of keys, so that they are in step with the events. */
const IN_ORDER = CORE_SCHEMA.withTags(realMapTag);

/** The lines of a file's values, which only errors need. */
export function outlineOf(events: Event[], source: string): Outline {
  const lines = new Lines(source);
  const anchors = new Map<string, Outline["children"]>();
  // The first event is the document's.
  let position = 1;

  const outline = (value: unknown): Outline => {
    const event = events[position++];
    if (!event || !("anchorStart" in event)) {
      return { children: new Map(), line: 1 };
    }
    const anchor = source.slice(event.anchorStart, event.anchorEnd);
    if (event.type === EVENT_ID.ALIAS) {
      return { children: anchors.get(anchor)!, line: lines.at(event.anchorStart) };
    }
    const line = lines.at(event.type === EVENT_ID.SCALAR ? event.valueStart : event.start);
    const children = new Map<string, Outline>();
    anchors.set(anchor, children);
    if (value instanceof Map) {
      for (const [key, item] of value) {
        // The value of a map is at the line of its key.
        const { line } = outline(key);
        children.set(String(key), { ...outline(item), line });
      }
    } else if (Array.isArray(value)) {
      // An empty element has no offset, but its dash is below the first one.
      const dash =
        event.type === EVENT_ID.SEQUENCE && event.style === COLLECTION_STYLE.BLOCK
          ? lines.below("-", event.start)
          : undefined;
      value.forEach((item, index) => {
        const ofDash = dash !== undefined && index > 0 ? lines.next(dash) : undefined;
        const child = outline(item);
        children.set(String(index), { ...child, line: ofDash ?? child.line });
      });
    }
    if (event.type !== EVENT_ID.SCALAR) {
      position += 1;
    }
    return { children, line };
  };

  return outline(constructFromEvents(events, { schema: IN_ORDER, source })[0]);
}

/** The line of the first key that is a list or a map; undefined if there is none. */
export function lineOfComplexKey(events: readonly Event[], source: string): number | undefined {
  const within: { readonly isMap: boolean; parts: number }[] = [];
  for (const event of events) {
    if (event.type === EVENT_ID.POP) {
      within.pop();
      continue;
    }
    const around = within.at(-1);
    const isKey = around !== undefined && around.isMap && around.parts++ % 2 === 0;
    if (event.type === EVENT_ID.SEQUENCE || event.type === EVENT_ID.MAPPING) {
      if (isKey) {
        return new Lines(source).at(event.start);
      }
      within.push({ isMap: event.type === EVENT_ID.MAPPING, parts: 0 });
    } else if (event.type === EVENT_ID.DOCUMENT) {
      within.push({ isMap: false, parts: 0 });
    }
  }
  return undefined;
}

/** Returns the lines of offsets, from the beginning to the end of a text. */
class Lines {
  private line = 1;
  private passed = 0;

  public constructor(private readonly text: string) {}

  /** The line of an offset; of the last one, if there is none or it is before that. */
  public at(offset: number): number {
    for (
      let end = this.text.indexOf("\n", this.passed);
      end !== -1 && end < offset;
      end = this.text.indexOf("\n", end + 1)
    ) {
      this.line += 1;
    }
    this.passed = Math.max(this.passed, offset);
    return this.line;
  }

  /** A text as it is on later lines, below an offset. */
  public below(text: string, offset: number): string {
    const column = offset - this.text.lastIndexOf("\n", offset - 1) - 1;
    return `\n${" ".repeat(column)}${text}`;
  }

  /** The line of the next occurrence of a text. */
  public next(text: string): number {
    return this.at(this.text.indexOf(text, this.passed) + text.length);
  }
}
