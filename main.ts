import { mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { AnnotationMetadataEntryType, App, type TerraformStack } from "cdktf";
import { printable } from "./modules/private/printable";
import { ConfigurationError } from "./stacks/configuration-file";
import { droppedStacks } from "./stacks/dropped";
import { Fleet } from "./stacks/fleet";
import { fleetStacks } from "./stacks/fleet-stacks";
import { publish, type Published, SYNTHESIZED } from "./stacks/output";
import { configurationFiles, run } from "./stacks/program";
import { Progress } from "./stacks/progress";
import { select } from "./stacks/selection";

/**
 * Reads the configuration, makes a stack of every warehouse, shared key and endpoint, and writes them; of those only that the
 * arguments match, if there are any. Nothing is written unless all are right.
 */
function main(): void {
  if (process.env.SYNTH_HCL_OUTPUT === "true") {
    throw new ConfigurationError(["--hcl must be left out: what the framework writes then is refused by Terraform"]);
  }
  const outdir = process.env.CDKTF_OUTDIR || "cdktf.out";
  const fleet = Fleet.load(configurationFiles());
  const selected = select(fleet, process.argv.slice(2));
  const progress = new Progress();
  const staging = stagingFor(outdir);
  try {
    const app = new App({ outdir: staging, stackTraces: false });
    const projectDirectory = relative(resolve(outdir, "stacks", "name"), process.cwd());
    const stacks = fleetStacks(app, fleet, projectDirectory, { progress, selected });
    progress.follow(stacks);
    app.synth();
    const configured = new Set(fleet.names);
    const dropped = droppedStacks(outdir, configured);
    const published = publish(staging, outdir, configured);
    progress.end();
    report(stacks, published, dropped, outdir);
  } finally {
    progress.end();
    rmSync(staging, { force: true, recursive: true });
  }
}

/** A directory beside the output directory, so that what is complete moves into it by renaming. */
function stagingFor(outdir: string): string {
  const parent = dirname(resolve(outdir));
  try {
    if (statSync(outdir, { throwIfNoEntry: false })?.isDirectory() === false) {
      throw Object.assign(new Error(), { code: "ENOTDIR" });
    }
    mkdirSync(parent, { recursive: true });
    return mkdtempSync(join(parent, ".cdktf.out-"));
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([`CDKTF_OUTDIR must be a directory that can be written to, got: ${outdir} (${code})`]);
  }
}

/** Says where the stacks are, what is unwise or left behind, and what this run changed. */
function report(
  stacks: readonly TerraformStack[],
  { added, changed, unchanged }: Published,
  dropped: readonly string[],
  outdir: string,
): void {
  for (const stack of stacks) {
    console.log(printable(`${stack.node.id}: ${join(outdir, "stacks", stack.node.id, SYNTHESIZED)}`));
    for (const { node } of stack.node.findAll()) {
      for (const { data, type } of node.metadata) {
        if (type === (AnnotationMetadataEntryType.WARN as string)) {
          console.warn(printable(`warning: [${node.path}] ${data}`));
        }
      }
    }
  }
  for (const warning of dropped) {
    console.warn(printable(`warning: ${warning}`));
  }
  const counts = Object.entries({ new: added, changed, unchanged }).map(([what, { length }]) => `${length} ${what}`);
  console.log(`${stacks.length} ${stacks.length === 1 ? "stack" : "stacks"}: ${counts.join(", ")}`);
}

run(main);
