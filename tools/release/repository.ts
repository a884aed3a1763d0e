import { spawnSync } from "node:child_process";
import { UserError } from "../command";

/** The git repository of a checkout, and the commands that run in it. */
export class Repository {
  public constructor(private readonly root: string) {}

  /**
   * Runs a command, and returns its output.
   *
   * @throws UserError if it fails, after its output is printed
   */
  public run(command: string, ...args: readonly string[]): string {
    const { error, signal, status, stderr, stdout } = spawnSync(command, args, {
      cwd: this.root,
      encoding: "utf8",
      maxBuffer: 2 ** 27,
    });
    if (status !== 0) {
      process.stderr.write(`${stdout ?? ""}${stderr ?? ""}`);
      const reason = error?.message ?? (signal ? `signal ${signal}` : `exit status ${status}`);
      throw new UserError(`'${[command, ...args].slice(0, 3).join(" ")}' must succeed, got: ${reason}`);
    }
    return stdout.trim();
  }

  /** The commit of the checkout. */
  public commit(): string {
    return this.run("git", "rev-parse", "HEAD");
  }

  /** The branch of the checkout. It is empty if a commit is checked out. */
  public branch(): string {
    return this.run("git", "branch", "--show-current");
  }

  /** The files that differ from the commit, or that git does not have or ignore. */
  public changedFiles(): readonly string[] {
    return this.run("git", "status", "--porcelain", "--untracked-files=all")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.trim().replace(/^\S+ +/, ""));
  }

  public hasTag(tag: string): boolean {
    return this.run("git", "tag", "--list", tag) !== "";
  }

  /** Restores the files of a commit, and removes files that git does not have or ignore. */
  public restore(commit: string): void {
    this.run("git", "reset", "--quiet", "--hard", commit);
    this.run("git", "clean", "--quiet", "--force", "-d");
  }
}
