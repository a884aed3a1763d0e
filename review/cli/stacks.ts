import { spawnSync, type SpawnSyncReturns, type StdioOptions } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isPackaged } from "../../app/cli/command-line";
import { PlanError } from "../plan/plan";
import type { Stack } from "../plan/stack";
import { readInput } from "./main";
import { stackIn } from "./stack-directory";

/** The directory in which the app writes its stacks. */
const STACKS = join(process.env.CDKTF_OUTDIR || "cdktf.out", "stacks");
/** A plan of a thousand resources is some megabytes. */
const LARGEST = 1 << 29;
/** The arguments of Node.js that synthesize: the package has a command for it, and a checkout the app. */
const SYNTH = isPackaged("review") ? [join(__dirname, "main.js"), "synth"] : ["--require", "./register.cjs", "main.ts"];

/** The text of a plan: of a file or, if there is none of the name, of a new plan of the stack. */
export function readOrPlan(input: string): string {
  return isStack(input) ? plan(input) : readInput(input);
}

/** The configuration of a stack that is planned. */
export function stackOf(input: string): Stack | undefined {
  return isStack(input) ? stackIn(join(STACKS, input), readInput) : undefined;
}

/** Whether the input can be the name of a stack, and is no file. A pattern would be several stacks. */
function isStack(input: string): boolean {
  return /^\w[\w-]*$/.test(input) && statSync(input, { throwIfNoEntry: false })?.isDirectory() !== false;
}

/** Plans a stack of the configuration as it is now. Its output goes to standard error. */
function plan(stack: string): string {
  const directory = join(STACKS, stack);
  if (execute(process.execPath, [...SYNTH, stack]).status !== 0) {
    throw new PlanError(`${stack} is neither a file nor a stack that can be synthesized`);
  }
  const scratch = mkdtempSync(join(tmpdir(), "review-"));
  try {
    const file = join(scratch, "plan.out");
    const colour = process.stderr.isTTY ? [] : ["-no-color"];
    const terraform = (...args: string[]): string => {
      const { error, status, stdout } = execute("terraform", [`-chdir=${directory}`, ...args]);
      if (status !== 0) {
        const why = error
          ? `cannot be run: ${(error as NodeJS.ErrnoException).code}`
          : `ended with exit status ${status}`;
        throw new PlanError(`terraform ${args[0]} of ${stack} ${why}`);
      }
      return stdout;
    };
    terraform("init", "-input=false", ...colour);
    terraform("plan", "-input=false", ...colour, `-out=${file}`);
    return terraform("show", "-json", file);
  } finally {
    rmSync(scratch, { force: true, recursive: true });
  }
}

/** Runs a command. Its output goes to standard error, unless it is asked to show something. */
function execute(command: string, args: readonly string[]): SpawnSyncReturns<string> {
  const stdio: StdioOptions = ["ignore", args.includes("show") ? "pipe" : 2, 2];
  return spawnSync(command, args, { encoding: "utf8", maxBuffer: LARGEST, stdio });
}
