import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "../config/configuration-file";

const PREFIX = ".synth-";
/** A run takes minutes at most, in milliseconds. */
const LONGEST = 24 * 60 * 60 * 1000;
const SIGNALS = ["SIGHUP", "SIGINT", "SIGTERM"] as const;

/**
 * Runs what writes to a directory of its own within the output directory, and so on the same file system. Removes that
 * directory when the work ends, fails or is interrupted, and those that killed runs have left.
 */
export async function withStaging(outdir: string, work: (staging: string) => Promise<void>): Promise<void> {
  const ownHost = `${PREFIX}${hostname()}-`;
  const staging = join(outdir, `${ownHost}${process.pid}`);
  const remove = () => rmSync(staging, { force: true, recursive: true });
  const interrupt = (signal: NodeJS.Signals) => {
    remove();
    // Without this handler, the signal ends the process.
    process.kill(process.pid, signal);
  };
  try {
    remove();
    mkdirSync(staging, { recursive: true });
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([`CDKTF_OUTDIR must be a directory that can be written to, got: ${outdir} (${code})`]);
  }
  SIGNALS.forEach((signal) => process.once(signal, interrupt));
  try {
    const others = readdirSync(outdir).filter((name) => name.startsWith(PREFIX) && join(outdir, name) !== staging);
    for (const name of others.filter((other) => isLeft(outdir, other, ownHost))) {
      rmSync(join(outdir, name), { force: true, recursive: true });
    }
    await work(staging);
  } finally {
    remove();
    SIGNALS.forEach((signal) => process.off(signal, interrupt));
  }
}

/** Whether the run of a directory has ended: its process is gone or, on another host, it has been there for too long. */
function isLeft(outdir: string, name: string, ownHost: string): boolean {
  if (name.startsWith(ownHost)) {
    return !isRunning(Number(name.slice(ownHost.length)));
  }
  const found = statSync(join(outdir, name), { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > LONGEST;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
