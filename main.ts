import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { AnnotationMetadataEntryType, App, type TerraformStack } from "cdktf";
import { ConfigurationError } from "./stacks/configuration-file";
import { Fleet } from "./stacks/fleet";
import { fleetStacks } from "./stacks/fleet-stacks";

/** The file of a stack. */
const SYNTHESIZED = "cdk.tf.json";

/** Reads the configuration, makes a stack of every warehouse, and writes them. Nothing is written unless all are right. */
function main(): void {
  if (process.env.SYNTH_HCL_OUTPUT === "true") {
    throw new ConfigurationError(["--hcl must be left out: what the framework writes then is refused by Terraform"]);
  }
  const outdir = process.env.CDKTF_OUTDIR || "cdktf.out";
  const fleet = Fleet.load(process.env.WAREHOUSES || "warehouses.yaml");
  mkdirSync(dirname(resolve(outdir)), { recursive: true });
  // Beside the output directory, so that what is complete moves into it by renaming.
  const staging = mkdtempSync(join(dirname(resolve(outdir)), ".cdktf.out-"));
  try {
    const app = new App({ outdir: staging, stackTraces: false });
    const stacks = fleetStacks(app, fleet, relative(resolve(outdir, "stacks", "name"), process.cwd()));
    app.synth();
    publish(staging, outdir);
    for (const stack of stacks) {
      report(stack, outdir);
    }
  } finally {
    rmSync(staging, { force: true, recursive: true });
  }
}

/** Moves the files of complete stacks to where they belong. What Terraform keeps beside them stays. */
function publish(staging: string, outdir: string): void {
  const [from, to] = [join(staging, "stacks"), join(outdir, "stacks")];
  mkdirSync(to, { recursive: true });
  const stacks = readdirSync(from);
  // What an earlier run wrote, of stacks that are gone.
  for (const stack of readdirSync(to).filter((name) => !stacks.includes(name))) {
    const stale = join(to, stack, SYNTHESIZED);
    if (existsSync(stale)) {
      rmSync(stale);
    }
  }
  for (const stack of stacks) {
    mkdirSync(join(to, stack), { recursive: true });
    renameSync(join(from, stack, SYNTHESIZED), join(to, stack, SYNTHESIZED));
  }
  renameSync(join(staging, "manifest.json"), join(outdir, "manifest.json"));
}

function report(stack: TerraformStack, outdir: string): void {
  console.log(`${stack.node.id}: ${join(outdir, "stacks", stack.node.id, SYNTHESIZED)}`);
  for (const { node } of stack.node.findAll()) {
    for (const { data, type } of node.metadata) {
      if (type === (AnnotationMetadataEntryType.WARN as string)) {
        console.warn(`warning: [${node.path}] ${data}`);
      }
    }
  }
}

try {
  main();
} catch (error) {
  if (!(error instanceof ConfigurationError)) {
    throw error;
  }
  console.error(error.message);
  process.exitCode = 1;
}
