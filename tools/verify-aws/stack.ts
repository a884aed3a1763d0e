import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TESTED_VERSIONS } from "../../app/config/provider-version";
import { partitionOf } from "../../modules/private/partition";
import { UserError } from "../command";
import type { Options } from "./arguments";
import { deadline } from "./deadline";

const ROOT = join(__dirname, "..", "..");
/** The Regions with 4 RPUs: https://docs.aws.amazon.com/redshift/latest/mgmt/serverless-capacity.html */
const REGIONS_WITH_4_RPUS = [
  "ap-northeast-1",
  "ap-south-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "eu-north-1",
  "eu-west-1",
  "us-east-1",
  "us-east-2",
  "us-west-1",
  "us-west-2",
];
/** The smallest deletion window of a key, in days. */
const DELETION_WINDOW = 7;
/** The use after which AWS turns queries off, in RPU-hours. */
export const MAX_RPU_HOURS = 2;
/** The time limit for terraform to end after an interrupt, in milliseconds. */
const GRACE = 5 * 60_000;
/** The time limit for terraform to destroy, in minutes. */
export const DESTROY_MINUTES = 30;

/** Returns the smallest base capacity that a Region allows, in RPUs. */
export function baseCapacityOf(region: string): number {
  return REGIONS_WITH_4_RPUS.includes(region) ? 4 : 8;
}

/** A stack of one serverless warehouse, in a new directory with a local state. */
export class Stack {
  public readonly directory = mkdtempSync(join(tmpdir(), "verify-aws-"));
  private readonly env: NodeJS.ProcessEnv;
  private isApplied = false;

  public constructor(private readonly options: Options) {
    const configuration = join(this.directory, "warehouses.yaml");
    writeFileSync(configuration, JSON.stringify(configurationOf(options), undefined, 2));
    this.env = {
      ...process.env,
      CDKTF_OUTDIR: join(this.directory, "cdktf.out"),
      CHECKPOINT_DISABLE: "1",
      TF_IN_AUTOMATION: "1",
      WAREHOUSES: configuration,
    };
  }

  /** The directory in which terraform runs. */
  public get stackDirectory(): string {
    return join(this.directory, "cdktf.out", "stacks", this.options.name);
  }

  /** Whether the directory with the state still exists, because resources are left. */
  public get isKept(): boolean {
    return existsSync(this.directory);
  }

  /**
   * Deploys the stack. `interruption` takes effect only between two commands, because an interrupted terraform may create a
   * resource that is in no state. `limit`, the time limit, interrupts terraform, too.
   */
  public async deploy(interruption: AbortSignal, limit: AbortSignal): Promise<void> {
    const app = ["--require", join(ROOT, "register.cjs"), join(ROOT, "main.ts")];
    await this.run("npm run synth", process.execPath, app, this.directory, limit);
    interruption.throwIfAborted();
    await this.terraform(limit, "init", "-input=false");
    interruption.throwIfAborted();
    this.isApplied = true;
    await this.terraform(limit, "apply", "-auto-approve", "-input=false");
  }

  /**
   * Destroys the resources of the stack.
   *
   * @throws UserError if terraform fails; the state then stays in the directory
   */
  public async destroy(): Promise<void> {
    if (this.isApplied) {
      await this.terraform(deadline(DESTROY_MINUTES), "destroy", "-auto-approve", "-input=false");
    }
    rmSync(this.directory, { force: true, recursive: true });
  }

  private async terraform(limit: AbortSignal, ...args: readonly string[]): Promise<void> {
    const colour = process.stdout.isTTY ? [] : ["-no-color"];
    return this.run(`terraform ${args[0]}`, "terraform", [...args, ...colour], this.stackDirectory, limit);
  }

  private async run(
    title: string,
    command: string,
    args: readonly string[],
    cwd: string,
    limit: AbortSignal,
  ): Promise<void> {
    // A separate process group gets no Ctrl-C of the terminal. The output is piped through this process, because terraform ends
    // if the terminal that it writes to is closed.
    const child = spawn(command, args, { cwd, detached: true, env: this.env, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk: Buffer) => process.stdout.write(chunk));
    child.stderr.on("data", (chunk: Buffer) => process.stderr.write(chunk));
    const onLimit = () => interruptGroup(child);
    limit.addEventListener("abort", onLimit, { once: true });
    const code = await exitCodeOf(child, command);
    limit.removeEventListener("abort", onLimit);
    limit.throwIfAborted();
    if (code !== 0) {
      throw new UserError(`${title} failed (${code}); its output is above`);
    }
  }
}

/**
 * Returns the configuration of the app: no deletion protection, no resources that outlive the stack, and the smallest capacity.
 */
function configurationOf({ account, name, region }: Options): object {
  const root = `arn:${partitionOf(region)}:iam::${account}:root`;
  const baseCapacity = baseCapacityOf(region);
  return {
    awsProviderVersion: TESTED_VERSIONS,
    warehouses: [
      {
        account,
        administrators: [root],
        key: { deletionProtection: false, deletionWindowInDays: DELETION_WINDOW },
        name,
        region,
        serverless: {
          baseCapacity,
          deletionProtection: false,
          // Enhanced VPC routing needs subnets in three zones, and a default VPC may have only two.
          enhancedVpcRouting: false,
          // No audit log: Redshift would create log groups, which Terraform does not remove.
          logExports: [],
          maxCapacity: baseCapacity,
          usageLimits: [
            { amount: MAX_RPU_HOURS, breachAction: "deactivate", feature: "serverless-compute", period: "daily" },
          ],
        },
        users: [{ roleName: name, trustedPrincipals: [root] }],
      },
    ],
  };
}

async function exitCodeOf(child: ChildProcess, command: string): Promise<number | string> {
  return new Promise((resolve, reject) => {
    child.once("error", () => {
      reject(new UserError(`${command} cannot run: install ${command}, or add it to the PATH`));
    });
    child.once("close", (code, signal) => {
      resolve(code ?? signal!);
    });
  });
}

/** Interrupts terraform, which then writes its state and ends. Kills it and its plugins if it does not end in time. */
function interruptGroup(child: ChildProcess): void {
  child.kill("SIGINT");
  const timer = setTimeout(() => {
    process.kill(-child.pid!, "SIGKILL");
  }, GRACE);
  child.once("exit", () => {
    clearTimeout(timer);
  });
}
