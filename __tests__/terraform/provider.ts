import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { globSync } from "tinyglobby";
import { installProvider } from "../../tools/provider";

/**
 * Installs the AWS provider for a lane, and names its program and terraform's in the environment. TF_CLI_CONFIG_FILE counts.
 * Returns the reason if it cannot.
 *
 * @throws if PROVIDER_REQUIRED is set and the provider cannot be installed
 */
export function prepareProvider(): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), "provider-"));
  process.env.LANE_PROVIDER_DIRECTORY = directory;
  const reason = installProvider(directory);
  if (reason !== undefined) {
    removeProvider();
    if (process.env.PROVIDER_REQUIRED) {
      throw new Error(reason);
    }
    return reason;
  }
  [process.env.LANE_PROVIDER] = globSync("**/terraform-provider-aws_v*", { absolute: true, cwd: directory, dot: true });
  process.env.LANE_TERRAFORM = execFileSync("sh", ["-c", "command -v terraform"], { encoding: "utf8" }).trim();
  return undefined;
}

/** Ends the providers that the script `deploy/terraform` has started, and removes the provider. */
export function removeProvider(): void {
  const directory = process.env.LANE_PROVIDER_DIRECTORY!;
  const pids = join(directory, "pids");
  for (const pid of existsSync(pids) ? readFileSync(pids, "utf8").trim().split("\n") : []) {
    try {
      process.kill(Number(pid));
    } catch (error) {
      // It may have ended before.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
        throw error;
      }
    }
  }
  // A provider that ends removes its socket.
  rmSync(directory, { maxRetries: 5, recursive: true });
}

/** A provider that serves many terraform commands, by the program `slim-provider.mjs` beside this file. */
export class ProviderProcess {
  private constructor(
    /** The environment in which terraform uses this provider. */
    public readonly env: { readonly TF_REATTACH_PROVIDERS: string },
    private readonly process: ChildProcess,
  ) {}

  /** Starts a provider, which reads its endpoint and its caller from this environment. */
  public static async start(env: NodeJS.ProcessEnv): Promise<ProviderProcess> {
    const { LANE_PROVIDER, LANE_PROVIDER_DIRECTORY } = process.env;
    const child = spawn(process.execPath, [join(__dirname, "slim-provider.mjs")], {
      env: { ...env, LANE_PROVIDER, LANE_PROVIDER_DIRECTORY },
      stdio: ["ignore", "pipe", "inherit"],
    });
    for await (const line of createInterface(child.stdout)) {
      return new ProviderProcess({ TF_REATTACH_PROVIDERS: line }, child);
    }
    throw new Error("the provider must print TF_REATTACH_PROVIDERS");
  }

  public async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill();
    await ended;
  }
}
