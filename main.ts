import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { AnnotationMetadataEntryType, App } from "cdktf";
import { ConfigurationError, ConfigurationFile, type Problem } from "./stacks/configuration";
import { WarehouseError, WarehouseStack } from "./stacks/warehouse-stack";

/** Reads the configuration, makes a stack of every warehouse, and writes them. Nothing is written unless all are right. */
function main(): void {
  const file = process.env.WAREHOUSES ?? "warehouses.yaml";
  const outdir = process.env.CDKTF_OUTDIR ?? "cdktf.out";
  const configurationFile = ConfigurationFile.load(file);
  mkdirSync(dirname(resolve(outdir)), { recursive: true });
  // Beside the output directory, so that what is complete moves into it by renaming.
  const staging = mkdtempSync(join(dirname(resolve(outdir)), ".cdktf.out-"));
  try {
    const app = new App({ outdir: staging, stackTraces: false });
    const stacks = makeStacks(app, configurationFile, outdir);
    app.synth();
    publish(staging, outdir);
    for (const stack of stacks) {
      report(stack, outdir);
    }
  } finally {
    rmSync(staging, { force: true, recursive: true });
  }
}

/** @throws ConfigurationError with a line for every warehouse that breaks a rule */
function makeStacks(app: App, configurationFile: ConfigurationFile, outdir: string): readonly WarehouseStack[] {
  const { warehouses, ...shared } = configurationFile.configuration;
  const projectDirectory = relative(resolve(outdir, "stacks", "name"), process.cwd());
  const problems: Problem[] = [];
  const stacks = warehouses.flatMap((warehouse, index) => {
    try {
      return [new WarehouseStack(app, warehouse, { ...shared, projectDirectory })];
    } catch (error) {
      if (!(error instanceof WarehouseError)) {
        throw error;
      }
      problems.push(...error.problems.map(({ message, path }) => ({ message, path: ["warehouses", index, ...path] })));
      return [];
    }
  });
  if (problems.length > 0) {
    throw configurationFile.error(problems);
  }
  return stacks;
}

/** Moves the files of complete stacks to where they belong. What Terraform keeps beside them stays. */
function publish(staging: string, outdir: string): void {
  for (const stack of readdirSync(join(staging, "stacks"))) {
    mkdirSync(join(outdir, "stacks", stack), { recursive: true });
    renameSync(join(staging, "stacks", stack, "cdk.tf.json"), join(outdir, "stacks", stack, "cdk.tf.json"));
  }
  renameSync(join(staging, "manifest.json"), join(outdir, "manifest.json"));
}

function report(stack: WarehouseStack, outdir: string): void {
  console.log(`${stack.node.id}: ${join(outdir, "stacks", stack.node.id, "cdk.tf.json")}`);
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
