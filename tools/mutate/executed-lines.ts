import { decode } from "@jridgewell/sourcemap-codec";

interface Position {
  readonly column: number;
  readonly line: number;
}

/** The coverage of one source by one test file, as jest records it. Its positions are in the compiled text. */
export interface Coverage {
  /** The number of executions of each statement. */
  readonly s: Readonly<Record<string, number>>;
  readonly statementMap: Readonly<Record<string, { readonly end: Position; readonly start: Position }>>;
  readonly inputSourceMap: { readonly mappings: string };
}

/** A statement that begins its line; `first` and `last` are line numbers of the source, from 1. */
interface Statement {
  readonly first: number;
  readonly isExecuted: boolean;
  readonly last: number;
}

/**
 * Returns the lines of a source that a test file does not execute. A line belongs to the innermost statement around it that
 * begins a line, because code before a statement on its line can run without the statement. A line without a statement counts as
 * executed.
 */
export function idleLines({ inputSourceMap, s, statementMap }: Coverage, text: string): readonly number[] {
  const lines = text.split("\n");
  const mappings = decode(inputSourceMap.mappings);
  /** Maps a position in the compiled text to a position in the source. Columns are counted from 0. */
  const positionOf = ({ column, line }: Position): Position | undefined => {
    const segment = mappings[line - 1]?.findLast(([generated]) => generated <= column);
    return segment === undefined || segment.length === 1 ? undefined : { column: segment[3], line: segment[2] + 1 };
  };
  const statements = Object.entries(statementMap).flatMap(([id, range]): readonly Statement[] => {
    const [start, end] = [positionOf(range.start), positionOf(range.end)];
    const isFirst = start !== undefined && /^\s*$/.test(lines[start.line - 1]!.slice(0, start.column));
    return isFirst && end !== undefined ? [{ first: start.line, isExecuted: s[id]! > 0, last: end.line }] : [];
  });
  return lines.flatMap((_, index) => {
    const around = statements.filter(({ first, last }) => first <= index + 1 && index + 1 <= last);
    const size = Math.min(...around.map(({ first, last }) => last - first));
    const innermost = around.filter(({ first, last }) => last - first === size);
    return innermost.length > 0 && !innermost.some(({ isExecuted }) => isExecuted) ? [index + 1] : [];
  });
}
