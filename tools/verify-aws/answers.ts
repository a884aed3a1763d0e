import { setTimeout as sleep } from "node:timers/promises";

/** The time between two calls, in milliseconds. */
const INTERVAL = 10_000;

/** Returns the result of a call, or the name of the error that AWS answers. */
export async function answerOf(call: Promise<string>): Promise<string> {
  try {
    return await call;
  } catch (error) {
    if (isAnswer(error)) {
      return error.name;
    }
    throw error;
  }
}

/** Returns whether an error is an answer of AWS, and no failure of the network. */
export function isAnswer(error: unknown): error is Error {
  return error instanceof Error && "$fault" in error;
}

/**
 * Repeats a call until its result is accepted or the time is over, because IAM and KMS are eventually consistent. Returns the
 * last result.
 */
export async function settled<T>(
  call: () => Promise<T>,
  isAccepted: (result: T) => boolean,
  limit: number,
  signal: AbortSignal,
): Promise<T> {
  const until = Date.now() + limit;
  for (;;) {
    const result = await call();
    if (isAccepted(result) || Date.now() >= until) {
      return result;
    }
    await sleep(Math.min(INTERVAL, limit / 4), undefined, { signal });
  }
}
