import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

/** The folder in which python3 finds the package `emulator`. */
const ROOT = dirname(__dirname);
const SECONDS_TO_START = 60;

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

/** An emulator of its own process, which ends with this one. */
export class Emulator {
  private constructor(
    public readonly url: string,
    private readonly process: ChildProcess,
  ) {}

  /** Starts an emulator on a free port of loopback. It needs no credentials, so it gets none. */
  public static async start(...options: readonly string[]): Promise<Emulator> {
    const args = ["-m", "emulator", "--end-with-parent", ...options];
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("AWS_")));
    const child = spawn("python3", args, { cwd: ROOT, env, stdio: ["pipe", "pipe", "pipe"] });
    let log = "";
    child.stderr.on("data", (chunk: Buffer) => (log = (log + chunk.toString()).slice(-4_000)));
    const timer = setTimeout(() => child.kill(), SECONDS_TO_START * 1_000);
    child.once("exit", () => {
      clearTimeout(timer);
    });
    for await (const line of createInterface(child.stdout)) {
      const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
      if (url) {
        clearTimeout(timer);
        return new Emulator(url, child);
      }
    }
    throw new Error(`the emulator must start within ${SECONDS_TO_START} seconds, got: ${log}`);
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
