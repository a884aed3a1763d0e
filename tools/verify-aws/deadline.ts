import { UserError } from "../command";

/** Returns a signal that aborts after some minutes. */
export function deadline(minutes: number): AbortSignal {
  const controller = new AbortController();
  const abort = () => {
    controller.abort(new UserError(`the deadline of ${minutes} minutes has passed`));
  };
  setTimeout(abort, minutes * 60_000).unref();
  return controller.signal;
}
