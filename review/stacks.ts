import { spawnSync, type StdioOptions } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readInput, run } from "./main";
import { PlanError } from "./plan";

/** Where the app writes its stacks. */
const STACKS = join(process.env.CDKTF_OUTDIR || "cdktf.out", "stacks");
/** A plan of a thousand resources is some megabytes. */
const LARGEST = 1 << 29;

let isSynthesized = false;

/** The text of a plan: what a file holds or, where there is none of the name, what a plan of the stack gives. */
function readOrPlan(input: string): string {
  return input === "-" || existsSync(input) ? readInput(input) : plan(input);
}

/** Plans a stack of the configuration as it is now. What that prints goes to standard error. */
function plan(stack: string): string {
  if (!isSynthesized) {
    execute("the synthesis", process.execPath, ["--require", "./register.cjs", "main.ts"]);
    isSynthesized = true;
  }
  const directory = join(STACKS, stack);
  if (!/^[\w-]+$/.test(stack) || !existsSync(join(directory, "cdk.tf.json"))) {
    throw new PlanError(`${stack} is neither a file nor a stack of the configuration`);
  }
  const scratch = mkdtempSync(join(tmpdir(), "review-"));
  try {
    const file = join(scratch, "plan.out");
    const colour = process.stderr.isTTY ? [] : ["-no-color"];
    const terraform = (...args: string[]): string => {
      return execute(`terraform ${args[0]} of ${stack}`, "terraform", [`-chdir=${directory}`, ...args]);
    };
    terraform("init", "-input=false", ...colour);
    terraform("plan", "-input=false", ...colour, `-out=${file}`);
    return terraform("show", "-json", file);
  } finally {
    rmSync(scratch, { force: true, recursive: true });
  }
}

/** What a command prints, where it is asked to show something; else it goes to standard error. */
function execute(what: string, command: string, args: readonly string[]): string {
  const stdio: StdioOptions = ["ignore", args.includes("show") ? "pipe" : 2, 2];
  const { error, status, stdout } = spawnSync(command, args, { encoding: "utf8", maxBuffer: LARGEST, stdio });
  if (error) {
    throw new PlanError(`${what} cannot be run: ${(error as NodeJS.ErrnoException).code}`);
  }
  if (status !== 0) {
    throw new PlanError(`${what} ended with exit status ${status}`);
  }
  return stdout;
}

run(process.argv.slice(2), readOrPlan);
