import { join, relative, resolve } from "node:path";
import { AnnotationMetadataEntryType, type TerraformStack } from "cdktf";
import { groupBy } from "../../modules/private/group-by";
import { printable } from "../../modules/private/printable";
import { ConfigurationError } from "../config/configuration-file";
import { Fleet } from "../config/fleet";
import { fleetStacks } from "../stacks/fleet-stacks";
import { commandLine } from "./command-line";
import { droppedStacks } from "./dropped";
import { publish, type Published, SYNTHESIZED } from "./output";
import { configurationFiles, readArguments } from "./program";
import { Progress } from "./progress";
import { select } from "./selection";
import { withStaging } from "./staging";
import { makeApp, synthesize, withoutStackTraces } from "./synthesis";

const HELP = `Usage: ${commandLine("synth")} [STACK ...]

Writes the Terraform of the stacks to cdktf.out/stacks/STACK/cdk.tf.json. If the configuration has a problem, it writes nothing.

  STACK   names of stacks, with * as for cdktf; all stacks are the default
  --help

  WAREHOUSES     the files of the configuration; warehouses.yaml is the default
  CDKTF_OUTDIR   the output directory; cdktf.out is the default`;

/**
 * Reads the configuration, and writes a stack for each warehouse, shared key, shared parameter group and endpoint. Arguments
 * select stacks. If any of them has a problem, nothing is written.
 */
export async function synth(): Promise<void> {
  const { positionals: patterns, values } = readArguments("synth", {});
  if (values.help) {
    console.log(HELP);
    return;
  }
  if (process.env.SYNTH_HCL_OUTPUT === "true") {
    throw new ConfigurationError(["--hcl must be left out: Terraform refuses the HCL that CDKTF writes"]);
  }
  const outdir = process.env.CDKTF_OUTDIR || "cdktf.out";
  const fleet = Fleet.load(configurationFiles());
  const selected = select(fleet, patterns);
  const progress = new Progress();
  try {
    const app = makeApp();
    const projectDirectory = relative(resolve(outdir, "stacks", "name"), process.cwd());
    const onStack = (number: number, all: number) => progress.step("Making", number, all);
    const stacks = withoutStackTraces(() => fleetStacks(app, fleet, projectDirectory, { onStack, selected }));
    await withStaging(outdir, async (staging) => {
      await synthesize(app, staging, (number) => progress.step("Writing", number, stacks.length));
      const configured = new Set(fleet.names);
      const dropped = droppedStacks(outdir, configured);
      const published = publish(staging, outdir, configured);
      progress.end();
      report(stacks, published, dropped, outdir);
    });
  } finally {
    progress.end();
  }
}

/** The warnings of a stack's constructs, with their places. */
function warningsOf(stack: TerraformStack): readonly { readonly path: string; readonly text: string }[] {
  return stack.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === (AnnotationMetadataEntryType.WARN as string))
        .map(({ data }) => ({ path: node.path, text: String(data) })),
    );
}

/** Prints the files of the stacks, the warnings, and the number of changes. */
function report(
  stacks: readonly TerraformStack[],
  { added, changed, unchanged }: Published,
  dropped: readonly string[],
  outdir: string,
): void {
  for (const stack of stacks) {
    console.log(printable(`${stack.node.id}: ${join(outdir, "stacks", stack.node.id, SYNTHESIZED)}`));
  }
  for (const [text, [first, ...others]] of groupBy(stacks.flatMap(warningsOf), ({ text }) => text)) {
    const more = others.length > 0 ? ` and ${others.length} more` : "";
    console.warn(printable(`warning: [${first!.path}${more}] ${text}`));
  }
  for (const warning of dropped) {
    console.warn(printable(`warning: ${warning}`));
  }
  const counts = Object.entries({ new: added, changed, unchanged }).map(
    ([change, { length }]) => `${length} ${change}`,
  );
  console.log(`${stacks.length} ${stacks.length === 1 ? "stack" : "stacks"}: ${counts.join(", ")}`);
}
