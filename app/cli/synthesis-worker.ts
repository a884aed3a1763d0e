import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { Part, type PartProps, StepCounts } from "./synthesis";

/**
 * Runs on a thread: creates a part of the stacks, sends its findings to the main thread, gets the output directory, and writes
 * the stacks.
 */
async function work(): Promise<void> {
  const { counts, props } = workerData as { readonly counts: Int32Array<SharedArrayBuffer>; readonly props: PartProps };
  const stepCounts = new StepCounts(counts);
  const part = new Part(props, (step) => {
    stepCounts.add(step);
  });
  parentPort!.postMessage(part.findings);
  const [outdir] = (await once(parentPort!, "message")) as [string];
  parentPort!.postMessage(await part.write(outdir));
}

// As in `run` of program.ts: when all modules are loaded, the stack traces that the framework records are shorter.
setImmediate(() => void work());
