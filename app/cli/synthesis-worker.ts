import { once } from "node:events";
import { parentPort, workerData } from "node:worker_threads";
import { Part, type PartProps, StepCounts } from "./synthesis";

/** Creates a part of the stacks, sends the findings, and writes the stacks when the other thread sends the directory. */
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

// As `run` of program.ts: the framework records a stack trace of each token, which is longer during the loading.
setImmediate(() => void work());
