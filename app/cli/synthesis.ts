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

/** Writes the stacks of an app, as `App.synth` does. Between two stacks, the process can handle a signal. */
export async function synthesize(app: App, outdir: string, onWritten: (stacks: number) => void): Promise<void> {
  const manifest = new Manifest(app.manifest.version, outdir, false);
  const stacks = app.node.findAll().filter((node) => TerraformStack.isStack(node));
  stacks.forEach((stack) => stack.prepareStack());
  for (const [index, stack] of stacks.entries()) {
    stack.synthesizer.synthesize({ manifest, outdir, skipValidation: false });
    onWritten(index + 1);
    await setImmediate();
  }
  manifest.writeToFile();
}
