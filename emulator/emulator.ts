import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

/** The folder in which python3 finds the package `emulator`. */
const ROOT = dirname(__dirname);
const SECONDS_TO_START = 120;
/** How many characters of the standard error are kept. */
const KEPT = 4_000;
const TRACEBACK = "Traceback (most recent call last)";

/** Why the emulator cannot run here, with the fix; undefined if it can. */
export function emulatorUnavailable(python = "python3"): string | undefined {
  const { error, status } = spawnSync(python, ["-c", "import moto.moto_server.werkzeug_app, regex"]);
  if (error) {
    return `there is no ${python} on the PATH; install Python 3`;
  }
  return status === 0
    ? undefined
    : "python3 lacks moto or regex; install them: python3 -m pip install -r emulator/requirements.txt";
}

/** The standard error of the emulator, of which little is kept. */
class Errors {
  /** The last characters. */
  public end = "";
  /** The first exception, with its stack. */
  public exception: string | undefined;

  public constructor(stream: Readable) {
    stream.on("data", (chunk: Buffer) => {
      this.end = (this.end + chunk.toString()).slice(-KEPT);
      if (this.exception !== undefined) {
        this.exception = (this.exception + chunk.toString()).slice(0, KEPT);
      } else if (this.end.includes(TRACEBACK)) {
        this.exception = this.end.slice(this.end.indexOf(TRACEBACK));
      }
    });
  }
}

/** An emulator of its own process, which ends with this one. */
export class Emulator {
  private constructor(
    public readonly url: string,
    private readonly process: ChildProcess,
    private readonly errors: Errors,
  ) {}

  /** The first exception that the emulator did not expect, which its client saw as an error 500. */
  public get exception(): string | undefined {
    return this.errors.exception;
  }

  /** Starts an emulator on a free port of loopback. It needs no credentials, so it gets none. */
  public static async start(...options: readonly string[]): Promise<Emulator> {
    const args = ["-m", "emulator", "--end-with-parent", ...options];
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_")));
    const child = spawn("python3", args, { cwd: ROOT, env, stdio: ["pipe", "pipe", "pipe"] });
    const errors = new Errors(child.stderr);
    const timer = setTimeout(() => child.kill(), SECONDS_TO_START * 1_000);
    child.once("exit", () => {
      clearTimeout(timer);
    });
    for await (const line of createInterface(child.stdout)) {
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (url) {
        clearTimeout(timer);
        return new Emulator(url, child, errors);
      }
    }
    throw new Error(`the emulator must start within ${SECONDS_TO_START} seconds, got: ${errors.end}`);
  }

  /** Ends the process, unless a signal of the terminal has ended it. */
  public async stop(): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) {
      return;
    }
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill();
    await ended;
  }
}
