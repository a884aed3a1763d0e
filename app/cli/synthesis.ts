import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { App, Manifest, TerraformStack } from "cdktf";

/** Creates the app. Its constructor creates an output directory, which is removed: the stacks go to a staging directory. */
export function makeApp(): App {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf.out-"));
  try {
    return new App({ outdir, stackTraces: false });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/**
 * Writes the stacks of an app, as `App.synth` does. Stacks are not prepared for references to other stacks: they have none. Between
 * two stacks, the process can handle a signal.
 */
export async function synthesize(app: App, outdir: string, onWritten: (stacks: number) => void): Promise<void> {
  const manifest = new Manifest(app.manifest.version, outdir, false);
  const stacks = app.node.findAll().filter((node) => TerraformStack.isStack(node));
  for (const [index, stack] of stacks.entries()) {
    withoutStackTraces(() => {
      stack.synthesizer.synthesize({ manifest, outdir, skipValidation: false });
    });
    onWritten(index + 1);
    await setImmediate();
  }
  manifest.writeToFile();
}

/**
 * Calls a function without the text of stack traces. The framework keeps one with each token, and no output has it. An error has its
 * text: it is made when the error is read, after the call.
 */
export function withoutStackTraces<T>(work: () => T): T {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- the property gets its function back
  const { prepareStackTrace } = Error;
  Error.prepareStackTrace = () => "";
  try {
    return work();
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
  }
}
