import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { App, Manifest, TerraformStack } from "cdktf";

/** Makes the app. Its constructor makes an output directory, which is not used: nothing is written before all is right. */
export function makeApp(): App {
  const outdir = mkdtempSync(join(tmpdir(), "cdktf.out-"));
  try {
    return new App({ outdir, stackTraces: false });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Writes an app's stacks, as `App.synth` does, but with time for a signal between two of them. */
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
