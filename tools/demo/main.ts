// Deploys the shipped stacks to an emulator of AWS, uses them and destroys them, with prose between the steps.
//
//     npm run demo
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { constants } from "node:os";
import { resolve } from "node:path";
import { Emulator } from "../../emulator/emulator";
import { interruptible, parseArguments, runAwsCommand } from "../command";
import { prepareAccount } from "./account";
import { configureTerraform, createProject, environmentOf, requireShippedStacks } from "./project";
import { missingRequirement, providerUnavailable } from "./requirements";
import { runSteps, type Timed } from "./run";
import { DESTROY, STEPS } from "./steps";

const USAGE = `Usage: npm run demo [-- --keep]

Deploys the shipped stacks with cdktf and terraform to an emulator of AWS on this machine, runs SQL, shows the grant and the
refusals, reviews a change, and destroys the stacks. It needs terraform, python3 with moto, and no AWS account. It prints SKIPPED
and the reason if one is missing.

  --keep   keep the emulator and the stacks until Ctrl-C, and do not destroy the stacks
  --help

The exit status is 0 if every step ends as described or the demo is skipped, 1 if a step fails, and 130 after Ctrl-C.`;

/** The folder of the reports, in the folder in which the user started the demo. */
const REPORTS = "demo.out";
/** Matches the environment variables that another shell needs to use the emulator. */
const SHOWN = /^(AWS_|HTTPS?_PROXY|NO_PROXY|TF_|WAREHOUSES)/;

async function main(args: readonly string[]): Promise<void> {
  const options = { help: { default: false, type: "boolean" }, keep: { default: false, type: "boolean" } } as const;
  const { help, keep } = parseArguments("demo", { args: [...args], options }).values;
  if (help) {
    console.log(USAGE);
    return;
  }
  const reason = missingRequirement();
  if (reason !== undefined) {
    skip(reason);
    return;
  }
  requireShippedStacks();
  // npm and the terminal may both send the signal, so it can arrive twice.
  const { signal: interruption } = interruptible((name) => {
    process.exitCode = 128 + constants.signals[name];
  });
  const directory = createProject();
  try {
    await demonstrate(directory, keep, interruption);
    interruption.throwIfAborted();
  } catch (error) {
    if (!interruption.aborted) {
      throw error;
    }
    console.log("Interrupted: the demo has ended its processes, and removes its folder.");
  } finally {
    rmSync(directory, { force: true, maxRetries: 5, recursive: true });
  }
}

function skip(reason: string): void {
  console.log(`SKIPPED: the demo, because ${reason}`);
}

async function demonstrate(directory: string, keep: boolean, interruption: AbortSignal): Promise<void> {
  const start = performance.now();
  console.log(
    "The demo takes a few minutes. It installs the AWS provider in a temporary folder, and starts the emulator.",
  );
  const reason = providerUnavailable(directory);
  if (reason !== undefined) {
    skip(reason);
    return;
  }
  configureTerraform(directory);
  const reports = resolve(REPORTS);
  mkdirSync(reports, { recursive: true });
  const emulator = await Emulator.start();
  try {
    await prepareAccount(emulator.url);
    const env = environmentOf(directory, emulator.url);
    const steps = keep ? STEPS : [...STEPS, DESTROY];
    const timed = await runSteps(steps, { directory, env, interruption }, { directory, reports });
    console.log(summaryOf(timed, Math.round((performance.now() - start) / 1_000), reports));
    if (keep) {
      await keepUntilInterruption(directory, env, interruption);
    }
  } finally {
    await emulator.stop();
  }
}

function summaryOf(timed: readonly Timed[], seconds: number, reports: string): string {
  const rows = timed.map((step, index) => `${String(step.seconds).padStart(5)} s  ${index + 1}. ${step.title}`);
  return ["", "The time of each step:", ...rows, `${String(seconds).padStart(5)} s  in all`, ""]
    .concat(`The reports stay in ${reports}. The demo removes everything else.`)
    .join("\n");
}

/** Prints how to use the emulator and the stacks from another shell, and waits for Ctrl-C. */
async function keepUntilInterruption(
  directory: string,
  env: NodeJS.ProcessEnv,
  interruption: AbortSignal,
): Promise<void> {
  console.log("\nThe emulator and the stacks stay until Ctrl-C. In another shell:\n");
  console.log(`cd ${directory}`);
  for (const [name, value] of Object.entries(env).filter(([variable]) => SHOWN.test(variable))) {
    console.log(`export ${name}='${value}'`);
  }
  await once(interruption, "abort");
}

runAwsCommand("demo", main);
