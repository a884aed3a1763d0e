import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { UserError } from "../command";
import type { TestRecord } from "./related-tests";

/** The time limit of a jest run, in milliseconds: a constant, and an addition for each test file. */
const CONSTANT = 90_000;
const EACH = 60_000;

/** The outcome of a test run. */
export type Outcome = "failed" | "passed" | "too slow";

/** A copy of the checkout, in which one source at a time has a mutant. */
export class Clone {
  private readonly directory: string;
  private readonly cache: string;
  private readonly records: string;
  private readonly temporary: string;

  /**
   * @param files - the paths of the files to copy, from the root
   * @param signal - ends the processes of this clone
   */
  public constructor(
    root: string,
    files: readonly string[],
    place: string,
    private readonly signal: AbortSignal,
  ) {
    this.directory = join(place, "checkout");
    this.cache = join(place, "cache");
    this.records = join(place, "records.json");
    // Tests that are killed leave files here. The folder is removed with the clone.
    this.temporary = join(place, "tmp");
    mkdirSync(this.temporary, { recursive: true });
    files.forEach((file) => cpSync(join(root, file), join(this.directory, file)));
    symlinkSync(join(root, "node_modules"), join(this.directory, "node_modules"), "dir");
  }

  public write(file: string, text: string): void {
    writeFileSync(join(this.directory, file), text);
  }

  /** Returns the tests that import a file, directly or through other files. */
  public async testsImporting(file: string): Promise<readonly string[]> {
    const { output } = await this.jest(["--listTests", "--findRelatedTests", file], CONSTANT);
    return (
      output
        .split("\n")
        // The first line of jest's output is no file: it names the projects.
        .filter((line) => line.startsWith(this.directory))
        .map((path) => relative(this.directory, path))
    );
  }

  /** Runs test files in the given order, until one fails or the time limit ends the run. */
  public async run(tests: readonly string[]): Promise<Outcome> {
    const sequencer = join(this.directory, "tools", "mutate", "in-order.mjs");
    const args = ["--runInBand", "--bail", `--testSequencer=${sequencer}`, "--runTestsByPath", ...tests];
    const { status } = await this.jest(args, CONSTANT + EACH * tests.length);
    return status === undefined ? "too slow" : status === 0 ? "passed" : "failed";
  }

  /** Runs test files on the intact sources, and records which lines of the sources each of them executes. */
  public async record(tests: readonly string[], sources: readonly string[]): Promise<readonly TestRecord[]> {
    const args = [
      "--runInBand",
      "--coverage",
      "--coverageReporters=none",
      ...sources.map((source) => `--collectCoverageFrom=${source}`),
      `--reporters=${join(this.directory, "tools", "mutate", "recorder.cjs")}`,
      "--runTestsByPath",
      ...tests,
    ];
    const { status } = await this.jest(args, CONSTANT + EACH * tests.length);
    if (status === undefined || !existsSync(this.records)) {
      throw new UserError(`tests must pass on the intact sources, got: ${tests.join(" ")} ended without a result`);
    }
    return JSON.parse(readFileSync(this.records, "utf8")) as readonly TestRecord[];
  }

  /** Runs jest. The status is undefined if the time limit ended the run. */
  private async jest(args: readonly string[], limit: number) {
    this.signal.throwIfAborted();
    const program = join(this.directory, "node_modules", "jest", "bin", "jest.js");
    // jest runs in a process group of its own, so that one signal also ends the processes that tests start.
    const projects = ["--selectProjects", "unit", "commands"];
    // The time limit of `npm run test:commands`. With jest's default, slow tests would fail on the intact sources.
    const options = [...projects, "--testTimeout=60000", "--ci", "--no-watchman", `--cacheDirectory=${this.cache}`];
    const child = spawn(process.execPath, [program, ...options, ...args], {
      cwd: this.directory,
      detached: true,
      env: { ...process.env, RECORDS: this.records, TMPDIR: this.temporary },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const output: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
    const onAbort = () => killGroup(child);
    this.signal.addEventListener("abort", onAbort, { once: true });
    let isTooSlow = false;
    const timer = setTimeout(() => {
      isTooSlow = true;
      killGroup(child);
    }, limit);
    const status = await statusOf(child);
    clearTimeout(timer);
    this.signal.removeEventListener("abort", onAbort);
    this.signal.throwIfAborted();
    return { output: Buffer.concat(output).toString(), status: isTooSlow ? undefined : status };
  }
}

async function statusOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      // The code is null if a signal ended the process.
      resolve(code ?? 1);
    });
  });
}

function killGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, "SIGKILL");
  } catch {
    // The process group has ended already.
  }
}
