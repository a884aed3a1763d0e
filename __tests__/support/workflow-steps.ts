import { readFileSync } from "node:fs";
import { join } from "node:path";
import { load } from "js-yaml";
import { ROOT } from "./paths";

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly steps?: readonly { readonly name?: string; readonly run?: string }[] }>
  >;
}

/** The script of a step of the release workflow. */
export function releaseStep(name: string): string {
  const workflow = load(readFileSync(join(ROOT, ".github", "workflows", "release.yml"), "utf8")) as Workflow;
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps ?? []);
  return steps.find((step) => step.name === name)!.run!;
}
