import { COLLECTION_STYLE, constructFromEvents, CORE_SCHEMA, type Event, EVENT_ID, realMapTag } from "js-yaml";

/** The line of a value, and the outlines of the values in it. */
export interface Outline {
  readonly line: number;
  readonly children: ReadonlyMap<string, Outline>;
}

/** Returns maps in the order of their keys, which is the order of the events. */
const IN_ORDER = CORE_SCHEMA.withTags(realMapTag);

/**
 * The lines of a file's values, which only errors need.
 *
 * @param onComplexKey - gets the line of each key that is a list or a map
 */
export function outlineOf(events: Event[], source: string, onComplexKey?: (line: number) => void): Outline {
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
        if (typeof key === "object" && key !== null) {
          onComplexKey?.(line);
        }
        children.set(String(key), { ...outline(item), line });
      }
    } else if (Array.isArray(value)) {
      // An empty element has no offset, but its dash is below the first one.
      const dash =
        event.type === EVENT_ID.SEQUENCE && event.style === COLLECTION_STYLE.BLOCK
          ? lines.below("-", event.start)
          : undefined;
      value.forEach((item, index) => {
        const lineOfDash = dash !== undefined && index > 0 ? lines.next(dash) : undefined;
        const child = outline(item);
        children.set(String(index), { ...child, line: lineOfDash ?? child.line });
      });
    }
    if (event.type !== EVENT_ID.SCALAR) {
      position += 1;
    }
    return { children, line };
  };

  return outline(constructFromEvents(events, { schema: IN_ORDER, source })[0]);
}

/** Returns the lines of offsets, from the beginning to the end of a string. */
class Lines {
  private line = 1;
  private passed = 0;

  public constructor(private readonly text: string) {}

  /** The line of an offset. If there is none, or it is before the last one: the line of the last one. */
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

  /** A string at the column of an offset, after a line break. */
  public below(text: string, offset: number): string {
    const column = offset - this.text.lastIndexOf("\n", offset - 1) - 1;
    return `\n${" ".repeat(column)}${text}`;
  }

  /** The line of the next occurrence of a string. */
  public next(text: string): number {
    return this.at(this.text.indexOf(text, this.passed) + text.length);
  }
}
