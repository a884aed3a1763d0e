import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { GO_ENV } from "../../tools/provider";

/** A group of tests of the lane; they are skipped if start.ts found that the lane cannot run here. */
export function terraformLane(name: string, tests: () => void): void {
  (process.env.TERRAFORM_LANE_SKIPPED ? describe.skip : describe)(name, tests);
}

/** An endpoint on loopback that has the caller, which is all that a plan of new resources asks AWS. */
export class CallerEndpoint {
  /** The other requests. */
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

/** Initializes and plans a directory, and returns the plan. Every step must succeed. */
export async function plan(directory: string, env: NodeJS.ProcessEnv): Promise<Plan> {
  for (const args of [
    ["init", "-no-color", "-input=false"],
    ["plan", "-no-color", "-input=false", "-out=plan.out"],
  ]) {
    const { code, stderr, stdout } = await terraform(directory, env, ...args);
    if (code !== 0) {
      throw new Error(`terraform ${args.join(" ")} in ${directory}: ${stdout}${stderr}`);
    }
  }
  return JSON.parse((await terraform(directory, env, "show", "-json", "plan.out")).stdout) as Plan;
}
