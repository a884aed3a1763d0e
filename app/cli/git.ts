import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shortened } from "../../modules/private/printable";
import { ConfigurationError } from "../config/configuration-file";

/** The repository of the working directory. */
export interface Repository {
  /** The absolute path of the top folder of the repository, with symbolic links resolved. */
  readonly top: string;
  /** The path of the working directory, relative to the top folder; empty if they are the same. */
  readonly prefix: string;
}

/** @throws ConfigurationError if there is no git, or the working directory is in no repository */
export function repositoryHere(): Repository {
  const { status, stderr, stdout } = git(["rev-parse", "--show-toplevel", "--show-prefix"]);
  if (status !== 0) {
    throw new ConfigurationError([`--changed-since must be used in a git repository: ${shortened(stderr.trim())}`]);
  }
  const [top, prefix] = stdout.split("\n") as [string, string];
  return { prefix, top: realpathSync(top) };
}

/**
 * Returns the commit ID of a git ref.
 *
 * @throws ConfigurationError if the repository lacks the commit
 */
export function commitOf(ref: string): string {
  // git would read a ref that begins with a hyphen as an option.
  const parsed = ref.startsWith("-") ? undefined : git(["rev-parse", "--verify", `${ref}^{commit}`]);
  if (parsed?.status === 0) {
    return parsed.stdout.trim();
  }
  const isShallow = git(["rev-parse", "--is-shallow-repository"]).stdout.trim() === "true";
  const fix = isShallow
    ? "the clone is shallow, so run git fetch --unshallow, or clone with fetch-depth: 0 (GitHub) or GIT_DEPTH: 0 (GitLab)"
    : "run git fetch, or correct the name";
  throw new ConfigurationError([`--changed-since must be a commit of this repository, got: ${shortened(ref)}: ${fix}`]);
}

/**
 * Returns the files at or below the paths that differ between a commit and the working directory, without files that git ignores.
 * Their paths begin at the top folder of the repository.
 */
export function changedFiles(commit: string, paths: readonly string[]): readonly string[] {
  const outputs = [
    // In a subfolder, --relative would leave out the files above it.
    required(["diff", "--name-only", "--no-renames", "--no-relative", "-z", commit, "--", ...paths]),
    required(["ls-files", "--others", "--exclude-standard", "--full-name", "-z", ...paths]),
  ];
  return [...new Set(outputs.flatMap((output) => output.split("\0")).filter((name) => name !== ""))].sort();
}

/** Runs a function with a temporary folder that has the files of a commit. The working tree and the git index do not change. */
export async function withFilesOf(commit: string, top: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "changed-since-")));
  const files = join(folder, "files");
  try {
    const settings = ["-C", top, "-c", "core.hooksPath=/dev/null", "-c", "core.sparseCheckout=false"];
    const env = { GIT_INDEX_FILE: join(folder, "index") };
    required([...settings, "read-tree", commit], env);
    required([...settings, "checkout-index", "--all", `--prefix=${files}/`], env);
    await work(files);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a git command, and returns its output. Throws if the command fails. */
function required(args: readonly string[], env?: Record<string, string>): string {
  const { status, stderr, stdout } = git(args, env);
  if (status !== 0) {
    throw new ConfigurationError([
      `--changed-since must be able to read the git repository of the working directory, got from git: ${shortened(stderr.trim())}`,
    ]);
  }
  return stdout;
}

function git(args: readonly string[], env?: Record<string, string>) {
  // By default, git diff writes the index.
  const { error, ...result } = spawnSync("git", ["-c", "diff.autoRefreshIndex=false", ...args], {
    encoding: "utf8",
    env: { ...process.env, ...env },
    maxBuffer: Infinity,
  });
  if (error) {
    throw new ConfigurationError([`--changed-since must have git on the PATH: ${error.message}`]);
  }
  return result;
}
