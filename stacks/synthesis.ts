import { setImmediate } from "node:timers/promises";
import { type App, Manifest, TerraformStack } from "cdktf";

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
