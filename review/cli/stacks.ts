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
/** The most bytes of output that a command may have. A plan of a thousand resources has some megabytes. */
const LARGEST = 1 << 29;
/** The arguments of Node.js that run `synth`: main.js of the package or, in a checkout, main.ts. */
const SYNTH = isPackaged("review") ? [join(__dirname, "main.js"), "synth"] : ["--require", "./register.cjs", "main.ts"];

/** Reads a plan from a file. If the input is no file and can be the name of a stack, synthesizes and plans that stack. */
export function readOrPlan(input: string): string {
  return isStack(input) ? plan(input) : readInput(input);
}

/** Reads the `cdk.tf.json` of a stack that readOrPlan plans; undefined if the input is a file. */
export function stackOf(input: string): Stack | undefined {
  return isStack(input) ? stackIn(join(STACKS, input), readInput) : undefined;
}

/**
 * Whether the input can be the name of one stack, and is no file. A pattern such as `*` is refused, because it can match several
 * stacks.
 */
function isStack(input: string): boolean {
  return /^\w[\w-]*$/.test(input) && statSync(input, { throwIfNoEntry: false })?.isDirectory() !== false;
}

/** Synthesizes and plans a stack, and returns the plan as JSON. All other output goes to standard error. */
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

/** Runs a command. Its standard output goes to standard error; only that of `terraform show` is returned. */
function execute(command: string, args: readonly string[]): SpawnSyncReturns<string> {
  const stdio: StdioOptions = ["ignore", args.includes("show") ? "pipe" : 2, 2];
  return spawnSync(command, args, { encoding: "utf8", maxBuffer: LARGEST, stdio });
}
