import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { AnnotationMetadataEntryType, App } from "cdktf";
import { ConfigurationError, ConfigurationFile } from "./stacks/configuration";
import { type WarehouseStack, warehouseStacks } from "./stacks/warehouse-stack";

/** The files of a stack that synthesis writes: in JSON, or in HCL with its metadata. */
const SYNTHESIZED = ["cdk.tf.json", "cdk.tf", "metadata.json"];

/** Reads the configuration, makes a stack of every warehouse, and writes them. Nothing is written unless all are right. */
function main(): void {
  const file = process.env.WAREHOUSES || "warehouses.yaml";
  const outdir = process.env.CDKTF_OUTDIR || "cdktf.out";
  const configurationFile = ConfigurationFile.load(file);
  mkdirSync(dirname(resolve(outdir)), { recursive: true });
  // Beside the output directory, so that what is complete moves into it by renaming.
  const staging = mkdtempSync(join(dirname(resolve(outdir)), ".cdktf.out-"));
  try {
    const app = new App({ outdir: staging, stackTraces: false });
    const stacks = warehouseStacks(app, configurationFile, relative(resolve(outdir, "stacks", "name"), process.cwd()));
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
  // What an earlier run wrote and this one did not: of a stack that is gone, or in HCL instead of JSON.
  for (const stack of readdirSync(to)) {
    for (const file of SYNTHESIZED) {
      if (existsSync(join(to, stack, file)) && !existsSync(join(from, stack, file))) {
        rmSync(join(to, stack, file));
      }
    }
  }
  for (const stack of readdirSync(from)) {
    mkdirSync(join(to, stack), { recursive: true });
    for (const file of readdirSync(join(from, stack))) {
      renameSync(join(from, stack, file), join(to, stack, file));
    }
  }
  renameSync(join(staging, "manifest.json"), join(outdir, "manifest.json"));
}

function report(stack: WarehouseStack, outdir: string): void {
  const directory = join(outdir, "stacks", stack.node.id);
  const file = SYNTHESIZED.find((name) => existsSync(join(directory, name)))!;
  console.log(`${stack.node.id}: ${join(directory, file)}`);
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
