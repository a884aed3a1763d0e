import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { UserError } from "../command";

/** The git repository of a checkout, and the commands that run in it. */
export class Repository {
  /**
   * @param root - the folder of the checkout
   * @param stop - ends the command that runs, and refuses the next ones
   */
  public constructor(
    private readonly root: string,
    private readonly stop: AbortSignal,
  ) {}

  /**
   * Runs a command in the checkout, and returns its output.
   *
   * @throws UserError if the command fails, after its output is printed, or if `stop` aborts
   */
  public async run(command: string, ...args: readonly string[]): Promise<string> {
    this.stop.throwIfAborted();
    // A process group can be ended as a whole. git gets no group of its own, because a signature may ask the terminal for a
    // passphrase.
    const output = await this.outputOf(command, args, { isGroup: command !== "git", stop: this.stop });
    this.stop.throwIfAborted();
    return output;
  }

  /** Returns the ID of the commit that is checked out. */
  public commit(): string {
    return this.query("rev-parse", "HEAD");
  }

  /** Returns the name of the branch that is checked out; empty if a commit is checked out. */
  public branch(): string {
    return this.query("branch", "--show-current");
  }

  /** Returns the files that differ from the commit, and the untracked files that git does not ignore. */
  public changedFiles(): readonly string[] {
    return this.query("status", "--porcelain", "--untracked-files=all")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.trim().replace(/^\S+ +/, ""));
  }

  public hasTag(tag: string): boolean {
    return this.query("tag", "--list", tag) !== "";
  }

  /**
   * Restores the files of a commit, removes untracked files that git does not ignore, and deletes a tag. A signal does not stop
   * this method.
   *
   * @throws UserError with the commands that restore the checkout, if one of them fails
   */
  public async restore(commit: string, tag: string): Promise<void> {
    const commands = [
      ["reset", "--quiet", "--hard", commit],
      ["clean", "--quiet", "--force", "-d"],
    ];
    try {
      // In a process group of its own, git gets no signal of the terminal. A signal before git has this group ends git, so it runs again.
      const runGit = async (args: readonly string[]) =>
        this.outputOf("git", args, { isGroup: true }).catch(() => this.outputOf("git", args, { isGroup: true }));
      if ((await runGit(["tag", "--list", tag])) !== "") {
        commands.push(["tag", "--delete", tag]);
      }
      for (const args of commands) {
        await runGit(args);
      }
    } catch {
      const lines = commands.map((args) => `git ${args.join(" ")}`).join(" && ");
      throw new UserError(`the checkout is not restored; to restore it: ${lines}`);
    }
  }

  private query(...args: readonly string[]): string {
    try {
      return execFileSync("git", args, { cwd: this.root, encoding: "utf8" }).trim();
    } catch (error) {
      throw failure("git", args, (error as Error).message);
    }
  }

  private async outputOf(
    command: string,
    args: readonly string[],
    { isGroup, stop }: { readonly isGroup: boolean; readonly stop?: AbortSignal },
  ): Promise<string> {
    const child = spawn(command, args, { cwd: this.root, detached: isGroup, stdio: ["ignore", "pipe", "pipe"] });
    const end = (): void => endProcess(isGroup ? -child.pid! : child.pid!);
    stop?.addEventListener("abort", end);
    try {
      // The output ends when the last process that has it open ends.
      const [[status, signal], stdout, stderr] = await Promise.all([
        once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
        text(child.stdout),
        text(child.stderr),
      ]);
      if (status !== 0) {
        process.stderr.write(`${stdout}${stderr}`);
        throw failure(command, args, signal ? `signal ${signal}` : `exit status ${status}`);
      }
      return stdout.trim();
    } catch (error) {
      throw error instanceof UserError ? error : failure(command, args, (error as Error).message);
    } finally {
      stop?.removeEventListener("abort", end);
    }
  }
}

function failure(command: string, args: readonly string[], reason: string): UserError {
  return new UserError(`'${[command, ...args].slice(0, 3).join(" ")}' must succeed, got: ${reason}`);
}

/** Ends a process, or the process group of a negative ID. Does nothing if it has ended already. */
function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGTERM");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
      throw error;
    }
  }
}
