import { join, relative, resolve } from "node:path";
import { groupBy } from "../../modules/private/group-by";
import { printable } from "../../modules/private/printable";
import { ConfigurationError } from "../config/configuration-file";
import { Fleet } from "../config/fleet";
import { droppedStacks } from "./dropped";
import { synthHelp } from "./help";
import { publish, type Published, SYNTHESIZED } from "./output";
import { configurationFiles, readArguments } from "./program";
import { Progress } from "./progress";
import { select } from "./selection";
import { withStaging } from "./staging";
import type { Warning } from "./synthesis";
import { withStacks } from "./synthesis-threads";

/**
 * Reads the configuration, and writes the Terraform of each selected stack: warehouses, shared keys, shared parameter groups and
 * endpoints of the Data API. If a stack has a problem, nothing is written.
 *
 * @param threads - the number of threads; default: one for each core, if there are enough stacks
 */
export async function synth(threads?: number): Promise<void> {
  const { positionals: patterns, values } = readArguments("synth", {});
  if (values.help) {
    console.log(synthHelp());
    return;
  }
  if (process.env.SYNTH_HCL_OUTPUT === "true") {
    throw new ConfigurationError(["--hcl must be left out: Terraform refuses the HCL that CDKTF writes"]);
  }
  const outdir = process.env.CDKTF_OUTDIR || "cdktf.out";
  const fleet = Fleet.load(configurationFiles());
  const selected = select(fleet, patterns);
  const progress = new Progress();
  const options = {
    onStep: progress.step.bind(progress),
    projectDirectory: relative(resolve(outdir, "stacks", "name"), process.cwd()),
    selected,
    threads,
  };
  try {
    await withStacks(fleet, options, async (stacks) => {
      await withStaging(outdir, async (staging) => {
        const warnings = await stacks.write(staging);
        const configured = new Set(fleet.names);
        const dropped = droppedStacks(outdir, configured);
        const published = publish(staging, outdir, configured);
        progress.end();
        report(stacks.names, warnings, published, dropped, outdir);
      });
    });
  } finally {
    progress.end();
  }
}

/** Prints the warnings, the file of each stack, and the number of changes. */
function report(
  stacks: readonly string[],
  warnings: readonly Warning[],
  { added, changed, unchanged }: Published,
  dropped: readonly string[],
  outdir: string,
): void {
  for (const stack of stacks) {
    console.log(printable(`${stack}: ${join(outdir, "stacks", stack, SYNTHESIZED)}`));
  }
  for (const [text, [first, ...others]] of groupBy(warnings, ({ text }) => text)) {
    const othersText = others.length > 0 ? ` and ${others.length} more` : "";
    console.warn(printable(`warning: [${first!.path}${othersText}] ${text}`));
  }
  for (const warning of dropped) {
    console.warn(printable(`warning: ${warning}`));
  }
  const counts = Object.entries({ new: added, changed, unchanged }).map(
    ([change, { length }]) => `${length} ${change}`,
  );
  console.log(`${stacks.length} ${stacks.length === 1 ? "stack" : "stacks"}: ${counts.join(", ")}`);
}
