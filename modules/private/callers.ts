/** The folder of the library: `modules/` of a checkout, or the installed package. */
const LIBRARY = __dirname.replace(/[^\\/]*$/, "");
/** The number of stack frames to record beyond the usual limit, because the frames of the library are removed. */
const DEPTH = 50;

/**
 * Removes the frames of the library and of Node.js from an error's stack trace, so that it begins at the user's code. Keeps all
 * frames if there are no others, as in an app that is bundled with the library.
 */
export function showCallers(error: Error): void {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = limit + DEPTH;
  Error.captureStackTrace(error);
  Error.stackTraceLimit = limit;
  const title = String(error);
  const frames = error.stack!.slice(title.length + 1).split("\n");
  const callers = frames.filter((frame) => !/\bnode:|\(<anonymous>\)/.test(frame) && !frame.includes(LIBRARY));
  // The framework writes `Resolution error:` before the message of an error at synthesis.
  const { message } = error;
  Object.defineProperty(error, "message", { get: () => message, set: () => undefined });
  error.stack = [title, ...(callers.length > 0 ? callers : frames).slice(0, limit)].join("\n");
}
