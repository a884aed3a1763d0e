import { setTimeout as sleep } from "node:timers/promises";

/** How often a change is waited for, in milliseconds. */
const INTERVAL = 10_000;

/** The answer of AWS to a call: the call's own text, or the name of an error. */
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

/** Whether an error is an answer of AWS, and not a fault on the way to it. */
export function isAnswer(error: unknown): error is Error {
  return error instanceof Error && "$fault" in error;
}

/** Repeats a call until its result is as wanted, or the time is over; the last result. IAM and KMS are eventually consistent. */
export async function settled<T>(
  call: () => Promise<T>,
  isWanted: (result: T) => boolean,
  limit: number,
  signal: AbortSignal,
): Promise<T> {
  const until = Date.now() + limit;
  for (;;) {
    const result = await call();
    if (isWanted(result) || Date.now() >= until) {
      return result;
    }
    await sleep(Math.min(INTERVAL, limit / 4), undefined, { signal });
  }
}
