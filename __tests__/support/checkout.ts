import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./paths";

/** A copy of the checkout with its changes, as one commit on main, with the packages that are installed here. */
export class Checkout {
  public readonly directory = mkdtempSync(join(tmpdir(), "checkout-"));

  public constructor() {
    const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: ROOT });
    for (const file of files
      .toString()
      .split("\0")
      .filter((path) => path !== "" && existsSync(join(ROOT, path)))) {
      cpSync(join(ROOT, file), join(this.directory, file));
    }
    this.git("init", "--quiet", "--initial-branch=main");
    symlinkSync(join(ROOT, "node_modules"), join(this.directory, "node_modules"), "dir");
    // .gitignore has the folder only.
    appendFileSync(join(this.directory, ".git", "info", "exclude"), "node_modules\n");
    this.git("config", "user.name", "Example");
    this.git("config", "user.email", "example@example.com");
    this.commit("Example");
  }

  public git(...args: readonly string[]): string {
    return execFileSync("git", args, { cwd: this.directory, encoding: "utf8" }).trim();
  }

  public commit(subject: string): void {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", subject);
  }

  /** The commit, the files that differ from it, and the tags. */
  public state(): { readonly changed: string; readonly commit: string; readonly tags: string } {
    return {
      changed: this.git("status", "--porcelain"),
      commit: this.git("rev-parse", "HEAD"),
      tags: this.git("tag", "--list"),
    };
  }

  public remove(): void {
    rmSync(this.directory, { recursive: true });
  }
}
