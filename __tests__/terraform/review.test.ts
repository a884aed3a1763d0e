import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../support/paths";
import { ACCOUNT } from "../support/arns";
import { TESTED_VERSIONS } from "../../app/config/provider-version";
import { CallerEndpoint, terraformLane } from "./terraform";

const SHIPPED = readFileSync(join(ROOT, "warehouses.yaml"), "utf8");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };

terraformLane("npm run review of stacks, with the real terraform,", () => {
  const endpoint = new CallerEndpoint(`arn:aws:sts::${ACCOUNT}:assumed-role/ExampleAdminRole/session`);
  let directory: string;
  beforeAll(async () => {
    await endpoint.listen();
  });
  afterAll(async () => {
    await endpoint.close();
  });
  beforeEach(() => {
    endpoint.callerArn = `arn:aws:sts::${ACCOUNT}:assumed-role/ExampleAdminRole/session`;
    directory = mkdtempSync(join(tmpdir(), "review-lane-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** Runs `npm run review` on a configuration; not synchronously, because the endpoint is in this process. */
  async function review(text: string, ...args: string[]) {
    const warehouses = join(directory, "warehouses.yaml");
    writeFileSync(warehouses, text);
    const [, ...command] = scripts.review!.split(" ");
    const env = { ...endpoint.env, CDKTF_OUTDIR: join(directory, "cdktf.out"), WAREHOUSES: warehouses };
    const child = spawn(process.execPath, [...command, ...args], { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
    const printed = { stderr: "", stdout: "" };
    child.stdout.on("data", (chunk: Buffer) => (printed.stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (printed.stderr += chunk.toString()));
    const status = await new Promise((resolve) => child.on("close", resolve));
    return { ...printed, status };
  }

  const configuration = `awsProviderVersion: "${TESTED_VERSIONS}"\n${SHIPPED}`;

  test("plans the shipped stacks, prints only reports to standard output, and exits with 0 under --strict", async () => {
    const { status, stderr, stdout } = await review(
      configuration,
      "analytics-cluster",
      "analytics-serverless",
      "--strict",
    );
    expect(stdout.split("\n")[0]).toBe("analytics-cluster");
    expect(stdout).toContain("\nanalytics-serverless\n====");
    const tally = "0 errors, 0 warnings, 0 notes, 0 ignored";
    expect(stdout.match(/^\d+ errors?, .*$/gm)).toStrictEqual([tally, tally]);
    expect(stderr).toContain("Plan: 8 to add, 0 to change, 0 to destroy.");
    expect(status).toBe(0);
  });

  test("fails if terraform plan fails", async () => {
    endpoint.callerArn = `arn:aws:sts::${ACCOUNT}:assumed-role/Other/session`;
    const { status, stderr, stdout } = await review(configuration, "analytics-cluster");
    expect(stderr.replace(/\s+/g, " ")).toContain("is not an administrator of this key");
    expect(stderr.trimEnd().split("\n").at(-1)).toBe("terraform plan of analytics-cluster ended with exit status 1");
    expect({ status, stdout }).toStrictEqual({ status: 2, stdout: "" });
  });

  test("fails if the configuration is invalid, or does not have the stack", async () => {
    const last = "is neither a file nor a stack that can be synthesized\\n$";
    const wrong = await review(configuration.replace("us-east-1", "us-est-1"), "analytics-cluster");
    expect(wrong.stderr).toMatch(new RegExp(`must be an AWS region, got: us-est-1\\nanalytics-cluster ${last}`));
    const none = await review(configuration, "analytics");
    expect(none.stderr).toMatch(new RegExp(`did you mean analytics-\\w+\\?\\nanalytics ${last}`));
    expect([wrong.status, none.status]).toStrictEqual([2, 2]);
  });
});
