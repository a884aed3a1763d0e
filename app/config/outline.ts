import { COLLECTION_STYLE, constructFromEvents, CORE_SCHEMA, type Event, EVENT_ID, realMapTag } from "js-yaml";

/** The line of a value, and the outlines of its children by key or index. */
export interface Outline {
  readonly line: number;
  readonly children: ReadonlyMap<string, Outline>;
}

/** A schema of YAML that reads each map as a Map. The entries of a Map have the order of the file, and so have the events of the parser. */
const IN_ORDER = CORE_SCHEMA.withTags(realMapTag);

/**
 * Returns the line of each value of a file. Only error messages need these lines.
 *
 * @param onComplexKey - gets the line of each key that is a list or a map
 */
export function outlineOf(events: Event[], source: string, onComplexKey?: (line: number) => void): Outline {
  const lines = new Lines(source);
  const anchors = new Map<string, Outline["children"]>();
  // Event 0 is the beginning of the document.
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
        // The value of a key gets the line of the key.
        const { line } = outline(key);
        if (typeof key === "object" && key !== null) {
          onComplexKey?.(line);
        }
        children.set(String(key), { ...outline(item), line });
      }
    } else if (Array.isArray(value)) {
      // An empty item has no offset. Its line is the line of its dash. Each dash of a list is in the column of the first dash.
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

/** Converts offsets of a string to line numbers, from the beginning to the end of the string. */
class Lines {
  private line = 1;
  private passed = 0;

  public constructor(private readonly text: string) {}

  /** Returns the line of an offset. If the offset is undefined, or before the last offset, the line is that of the last offset. */
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

  /** Returns a line break, and a string that begins in the column of an offset. */
  public below(text: string, offset: number): string {
    const column = offset - this.text.lastIndexOf("\n", offset - 1) - 1;
    return `\n${" ".repeat(column)}${text}`;
  }

  /** Returns the line of the next occurrence of a string after the last offset. */
  public next(text: string): number {
    return this.at(this.text.indexOf(text, this.passed) + text.length);
  }
}
