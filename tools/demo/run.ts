import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { stripVTControlCharacters } from "node:util";
import { UserError } from "../command";
import type { Command, Step } from "./steps";

/** The environment and the folder of the commands, and the signal that ends them. */
export interface Shell {
  readonly directory: string;
  readonly env: NodeJS.ProcessEnv;
  readonly interruption: AbortSignal;
}

/** The values that commands have printed, by name. */
type Values = Readonly<Record<string, string>>;

/** A step that was run, with its duration in seconds. */
export interface Timed {
  readonly seconds: number;
  readonly title: string;
}

/**
 * Runs the steps one after another, and prints each with its commands and their output.
 *
 * @throws UserError if a command ends in another way than its step expects
 */
export async function runSteps(steps: readonly Step[], shell: Shell, first: Values): Promise<readonly Timed[]> {
  let values = first;
  const timed: Timed[] = [];
  for (const [index, { commands, prose, title }] of steps.entries()) {
    const start = performance.now();
    console.log(`\n${index + 1}. ${title}\n\n${withValues(prose, values)}`);
    for (const command of commands) {
      values = { ...values, ...(await runCommand(command, shell, values)) };
    }
    timed.push({ seconds: Math.round((performance.now() - start) / 1_000), title });
  }
  return timed;
}

/** Runs a command, and returns the values that the named groups of its expected output match. */
async function runCommand(
  { exitStatus = 0, expected, line, shown = /^/ }: Command,
  { directory, env, interruption }: Shell,
  values: Values,
): Promise<Values> {
  interruption.throwIfAborted();
  const text = withValues(line, values);
  console.log(`\n$ ${text}`);
  // In a process group of its own, the command gets no Ctrl-C of the terminal, so that this process decides when the command ends.
  const child = spawn("sh", ["-c", `exec 2>&1\n${text}`], {
    cwd: directory,
    detached: true,
    env,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const onInterruption = (): void => {
    killTree(child);
  };
  interruption.addEventListener("abort", onInterruption, { once: true });
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const lines: string[] = [];
  const hidden: string[] = [];
  for await (const output of createInterface(child.stdout)) {
    const outputLine = stripVTControlCharacters(output).trimEnd();
    lines.push(outputLine);
    if (shown.test(outputLine)) {
      console.log(outputLine);
    } else {
      hidden.push(outputLine);
    }
  }
  const status = await ended;
  interruption.removeEventListener("abort", onInterruption);
  interruption.throwIfAborted();
  const match = expected.exec(lines.join("\n"));
  if (status !== exitStatus || match === null) {
    console.log(hidden.join("\n"));
    throw new UserError(
      `the command must end with exit status ${exitStatus} and print ${String(expected)}, got: exit status ${status}; its output is above`,
    );
  }
  if (hidden.length > 0) {
    console.log(`(lines not shown: ${hidden.length})`);
  }
  return match.groups ?? {};
}

/** Returns a string in which values replace the placeholders, such as `{key}`. */
function withValues(text: string, values: Values): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name]!);
}

/**
 * Kills a command and its descendants. Under cdktf, terraform runs in a session of its own, so that a signal to the group of the
 * command does not reach terraform.
 */
function killTree({ pid }: ChildProcess): void {
  const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const processes = stdout
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number));
  const tree = [pid!];
  // The loop also visits the processes that it adds to the list.
  for (const parent of tree) {
    tree.push(...processes.filter(([, parentOf]) => parentOf === parent).map(([child]) => child!));
  }
  for (const descendant of tree) {
    try {
      process.kill(descendant, "SIGKILL");
    } catch (error) {
      // ESRCH: the process has ended already.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
        throw error;
      }
    }
  }
}
