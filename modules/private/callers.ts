/** The folder of the library: modules/ in a checkout, the whole package if it is installed. */
const LIBRARY = __dirname.replace(/[^\\/]*$/, "");
/** An error is often thrown this many calls below the constructor that was called, or fewer. */
const DEPTH = 50;

/**
 * Removes the frames of the library and of Node.js from an error's stack trace, so that the first frame is the line of the
 * caller. Leaves the trace as it is if no other frames are in it, as in an app that is bundled with the library.
 */
export function showCallers(error: Error): void {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = limit + DEPTH;
  Error.captureStackTrace(error);
  Error.stackTraceLimit = limit;
  const title = String(error);
  const frames = error.stack!.slice(title.length + 1).split("\n");
  const callers = frames.filter((frame) => !/\bnode:|\(<anonymous>\)/.test(frame) && !frame.includes(LIBRARY));
  error.stack = [title, ...(callers.length > 0 ? callers : frames).slice(0, limit)].join("\n");
}
