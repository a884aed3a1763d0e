import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The oldest provider that the library is for, as the newest that a machine may have. */
export const PROVIDER_VERSION = ">= 5.100, < 7";

/** The environment of terraform and its provider, in which they take the least CPU time. */
export const GO_ENV = { GOGC: "200" };

/**
 * Why terraform or the AWS provider cannot be used here; undefined where both can. TF_CLI_CONFIG_FILE counts.
 *
 * @throws where PROVIDER_REQUIRED says that there is a provider, and terraform does not get it
 */
export function unavailable(): string | undefined {
  const directory = mkdtempSync(join(tmpdir(), "terraform-probe-"));
  try {
    return installProvider(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Installs the AWS provider in a directory. Returns the reason if it cannot, and throws as `unavailable` does. */
export function installProvider(directory: string): string | undefined {
  const version = spawnSync("terraform", ["version"], { encoding: "utf8" });
  if (version.error) {
    return "there is no terraform on the PATH";
  }
  const requirement = { aws: { source: "hashicorp/aws", version: PROVIDER_VERSION } };
  writeFileSync(join(directory, "main.tf.json"), JSON.stringify({ terraform: { required_providers: requirement } }));
  const init = spawnSync("terraform", ["init", "-no-color", "-input=false"], {
    cwd: directory,
    encoding: "utf8",
    timeout: 120_000,
  });
  if (init.status === 0) {
    return undefined;
  }
  const reason = `terraform init does not get the AWS provider: ${init.stderr.trim()}`;
  if (process.env.PROVIDER_REQUIRED) {
    throw new Error(reason);
  }
  return reason;
}

/** Says what does not run and why; not by the console, of which jest keeps silent where every test of a file is skipped. */
export function saySkipped(what: string, reason: string): void {
  process.stderr.write(`SKIPPED: ${what}, because ${reason}\n`);
}

/** An endpoint on loopback that knows who calls, which is all that a plan of new resources asks AWS. */
export class CallerEndpoint {
  /** What else was asked. */
  public readonly otherRequests: string[] = [];
  private readonly server: Server;

  public constructor(public callerArn: string) {
    this.server = createServer((request, response) => {
      let body = "";
      request.on("data", (chunk: Buffer) => (body += chunk.toString()));
      request.on("end", () => {
        if (!body.includes("Action=GetCallerIdentity")) {
          this.otherRequests.push(`${request.method} ${request.url} ${body}`);
          response.writeHead(500).end();
          return;
        }
        const account = this.callerArn.split(":")[4];
        response
          .writeHead(200, { "content-type": "text/xml" })
          .end(
            '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
              `<Arn>${this.callerArn}</Arn><UserId>AROAEXAMPLE:session</UserId><Account>${account}</Account>` +
              "</GetCallerIdentityResult></GetCallerIdentityResponse>",
          );
      });
    });
  }

  public async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  public async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }

  /** The environment in which terraform asks this endpoint and nobody else. */
  public get env(): NodeJS.ProcessEnv {
    const { HOME, PATH, TF_CLI_CONFIG_FILE, TMPDIR } = process.env;
    return {
      AWS_ACCESS_KEY_ID: "example",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`,
      AWS_REGION: "us-east-1",
      AWS_SECRET_ACCESS_KEY: "example",
      CHECKPOINT_DISABLE: "1",
      ...GO_ENV,
      HOME,
      PATH,
      ...(TF_CLI_CONFIG_FILE && { TF_CLI_CONFIG_FILE }),
      ...(TMPDIR && { TMPDIR }),
    };
  }
}

/** How a terraform command ended. */
export interface Ended {
  readonly code: number;
  readonly stderr: string;
  readonly stdout: string;
}

/** Runs terraform; not synchronously, because the endpoint that it asks is in this process. */
export async function terraform(directory: string, env: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: directory, env, maxBuffer: 64 * 1024 * 1024 };
    execFile("terraform", args, options, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === "number" ? error.code : error ? 1 : 0, stderr, stdout });
    });
  });
}

/** A resource of a plan. */
export interface PlannedResource {
  readonly address: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly after: Record<string, unknown>;
    readonly after_unknown: Record<string, unknown>;
  };
  readonly provider_name: string;
  readonly type: string;
}

/** A plan as `terraform show -json` gives it. */
export interface Plan {
  readonly output_changes: Record<string, { readonly after?: unknown; readonly after_unknown: unknown }>;
  readonly resource_changes: readonly PlannedResource[];
}

/** Initializes, validates and plans a directory; the plan, parsed. Every step must succeed. */
export async function plan(directory: string, env: NodeJS.ProcessEnv): Promise<Plan> {
  for (const args of [
    ["init", "-no-color", "-input=false"],
    ["validate", "-no-color"],
    ["plan", "-no-color", "-input=false", "-out=plan.out"],
  ]) {
    const { code, stderr, stdout } = await terraform(directory, env, ...args);
    if (code !== 0) {
      throw new Error(`terraform ${args.join(" ")} in ${directory}: ${stdout}${stderr}`);
    }
  }
  return JSON.parse((await terraform(directory, env, "show", "-json", "plan.out")).stdout) as Plan;
}
