import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "../config/configuration-file";
import { makeFolder } from "./folder";
import { SIGNALS } from "./signals";

const PREFIX = ".synth-";
/** The age after which a staging directory of another host is removed, in milliseconds. A run takes minutes. */
const MAX_AGE = 24 * 60 * 60 * 1000;

/**
 * Runs a function with a staging directory. The directory is in the output directory, and so on the same file system. It is
 * removed when the function ends, fails or is interrupted. The staging directories of killed runs are removed, too.
 */
export async function withStaging(outdir: string, work: (staging: string) => Promise<void>): Promise<void> {
  const hostPrefix = `${PREFIX}${hostname()}-`;
  const staging = join(outdir, `${hostPrefix}${process.pid}`);
  const renamed = `${staging}.removed`;
  const remove = () => {
    try {
      // Another thread may still write there. Its next file fails, because the path is gone.
      renameSync(staging, renamed);
    } catch {
      // There is no directory, or the file system is full: it is removed in place.
    }
    [staging, renamed].forEach((path) => {
      rmSync(path, { force: true, recursive: true });
    });
  };
  const interrupt = (signal: NodeJS.Signals) => {
    remove();
    // Without this handler, the signal ends the process.
    process.kill(process.pid, signal);
  };
  try {
    remove();
    makeFolder(staging);
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([`CDKTF_OUTDIR must be a writable directory, got: ${outdir} (${code})`]);
  }
  SIGNALS.forEach((signal) => process.once(signal, interrupt));
  try {
    const others = readdirSync(outdir).filter((name) => name.startsWith(PREFIX) && join(outdir, name) !== staging);
    for (const name of others.filter((other) => isStale(outdir, other, hostPrefix))) {
      rmSync(join(outdir, name), { force: true, recursive: true });
    }
    await work(staging);
  } finally {
    remove();
    SIGNALS.forEach((signal) => process.off(signal, interrupt));
  }
}

/** Whether the run of a staging directory has ended: its process has, or a directory of another host is too old. */
function isStale(outdir: string, name: string, hostPrefix: string): boolean {
  if (name.startsWith(hostPrefix)) {
    return !isRunning(Number.parseInt(name.slice(hostPrefix.length)));
  }
  const stats = statSync(join(outdir, name), { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > MAX_AGE;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
