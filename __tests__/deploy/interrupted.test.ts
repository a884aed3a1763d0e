import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { DescribeKeyCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { Caller, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { expectSuccess, Project, shipped, unprotected } from "./project";

/** Passes everything on to the endpoint, but for the creation of warehouses, which nobody ever answers. */
class Gate {
  /** Whether a warehouse waits to be created. */
  public isHolding = false;
  private readonly server: Server;

  public constructor() {
    this.server = createServer((incoming, outgoing) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("end", () => {
        const body = Buffer.concat(chunks);
        const target = String(incoming.headers["x-amz-target"]);
        if (body.includes("Action=CreateCluster&") || target === "RedshiftServerless.CreateNamespace") {
          this.isHolding = true;
          return;
        }
        const { headers, method, url } = incoming;
        const { hostname, port } = new URL(process.env.AWS_ENDPOINT_URL!);
        const forwarded = request({ headers, hostname, method, path: url, port }, (answer) => {
          outgoing.writeHead(answer.statusCode!, answer.headers);
          answer.pipe(outgoing);
        });
        forwarded.on("error", () => outgoing.destroy());
        forwarded.end(body);
      });
    });
  }

  public async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Whether a state has a resource of a type. */
function has(file: string, type: string): boolean {
  if (!existsSync(file)) {
    return false;
  }
  try {
    const { resources } = JSON.parse(readFileSync(file, "utf8")) as {
      resources: { instances: object[]; type: string }[];
    };
    return resources.some((resource) => resource.type === type && resource.instances.length > 0);
  } catch {
    // Terraform is writing it.
    return false;
  }
}

deployLane("an interrupted apply", () => {
  const admin = new Caller("ExampleAdminRole");
  beforeAll(async () => {
    await makeRole(admin.name, EVERYTHING);
  });

  const projects: Project[] = [];
  afterAll(() => {
    projects.forEach((project) => project.remove());
  });

  /** How many keys there are for a warehouse. */
  async function keysOf(name: string): Promise<number> {
    const { Keys = [] } = await admin.kms.send(new ListKeysCommand({}));
    const described = await Promise.all(
      Keys.map(async ({ KeyId }) => admin.kms.send(new DescribeKeyCommand({ KeyId })).catch(() => undefined)),
    );
    return described.filter((key) => key?.KeyMetadata?.Description?.endsWith(`: ${name}`)).length;
  }

  test.each(["cluster", "serverless"])(
    "between the key and the %s is completed by the next apply, with the same key",
    async (kind) => {
      const name = `interrupted-${kind}`;
      const project = new Project(name, admin.name);
      projects.push(project);
      const gate = new Gate();
      const deployment = { ...shipped(`analytics-${kind}`), name };
      project.configure(
        unprotected({ ...deployment, users: [{ roleName: name, trustedServices: ["lambda.amazonaws.com"] }] }),
      );
      const { endpoint } = project;
      project.endpoint = await gate.listen();
      await project.synth();
      expectSuccess(await project.terraform("init", "-input=false"));
      const apply = spawn("terraform", ["apply", "-auto-approve", "-input=false"], {
        cwd: project.stackDirectory,
        detached: true,
        env: project.env,
        stdio: "ignore",
      });
      const exited = new Promise((resolve) => apply.once("exit", resolve));
      const state = join(project.directory, `terraform.${name}.tfstate`);
      try {
        for (const until = Date.now() + 60_000; Date.now() < until; await sleep(50)) {
          // All that can be made without the warehouse is in the state: what is in flight would be lost to Terraform.
          if (gate.isHolding && has(state, "aws_kms_alias")) {
            break;
          }
        }
        expect(gate.isHolding).toBe(true);
      } finally {
        if (apply.exitCode === null) {
          // The whole group, because the provider is a process of its own.
          process.kill(-apply.pid!, "SIGKILL");
        }
        await exited;
        await gate.close();
      }
      expect(await keysOf(name)).toBe(1);

      project.endpoint = endpoint;
      await project.deploy();
      await project.expectNoChanges();
      expect(await keysOf(name)).toBe(1);
      await project.destroy();
    },
  );
});
