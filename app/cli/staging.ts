import { readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ConfigurationError } from "../config/configuration-file";
import { makeFolder } from "./folder";
import { SIGNALS } from "./signals";

const PREFIX = ".synth-";
/**
 * The age in milliseconds after which a staging directory of another host counts as abandoned, and is removed. A run takes
 * minutes.
 */
const MAX_AGE = 24 * 60 * 60 * 1000;

/**
 * Runs a function with a staging directory, and then removes the directory, also after an error or an interruption. The staging
 * directory is in the output directory, so that a rename can move its files there. Removes the staging directories that killed runs
 * have left.
 */
export async function withStaging(outdir: string, work: (staging: string) => Promise<void>): Promise<void> {
  const hostPrefix = `${PREFIX}${hostname()}-`;
  const staging = join(outdir, `${hostPrefix}${process.pid}`);
  const renamed = `${staging}.removed`;
  const remove = () => {
    try {
      // Another thread may still write into the directory. After the rename, its next write fails.
      renameSync(staging, renamed);
    } catch {
      // The directory does not exist, or the file system is full: it is removed without a rename.
    }
    [staging, renamed].forEach((path) => {
      rmSync(path, { force: true, recursive: true });
    });
  };
  const interrupt = (signal: NodeJS.Signals) => {
    remove();
    // The handler of a signal replaces the default, which ends the process. `once` has removed this handler, so that this call ends
    // the process.
    process.kill(process.pid, signal);
  };
  try {
    remove();
    makeFolder(staging);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigurationError([`CDKTF_OUTDIR must be a writable directory, got: ${outdir} (${code})`]);
  }
  SIGNALS.forEach((signal) => process.once(signal, interrupt));
  try {
    const directories = readdirSync(outdir).filter((name) => name.startsWith(PREFIX));
    for (const name of directories.filter((directory) => isStale(outdir, directory, hostPrefix))) {
      rmSync(join(outdir, name), { force: true, recursive: true });
    }
    await work(staging);
  } finally {
    remove();
    SIGNALS.forEach((signal) => process.off(signal, interrupt));
  }
}

/**
 * Returns whether a staging directory is abandoned: its process has ended, or the directory is of another host and older than
 * `MAX_AGE`.
 */
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
