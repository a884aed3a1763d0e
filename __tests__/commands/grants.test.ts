/// <reference types="@cdktf/node-pty-prebuilt-multiarch" />
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as NodePty from "@lydell/node-pty";
import { ACCOUNT, ADMIN_ARN, KEY_ARN } from "../support/arns";
import { ROOT } from "../support/paths";
import { FakeAws } from "./fake-aws";

// The terminal of cdktf-cli: package.json gives this name to @lydell/node-pty.
const { spawn: spawnOnTerminal } = jest.requireActual<typeof NodePty>("@cdktf/node-pty-prebuilt-multiarch");

const PROGRAM = ["--require", join(ROOT, "register.cjs"), join(ROOT, "tools", "grants", "main.ts")];
const CREDENTIALS = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "any" };
const KEY = ["--key", KEY_ARN];

const home = mkdtempSync(join(tmpdir(), "grants-"));
let aws: FakeAws;
let url: string;

beforeEach(async () => {
  aws = new FakeAws(["g1", "g2", "g3"]);
  url = await aws.listen();
});
afterEach(() => {
  aws.close();
});
afterAll(() => {
  rmSync(home, { recursive: true });
});

function environment(credentials: Readonly<Record<string, string>>): Record<string, string> {
  const { PATH } = process.env;
  return { AWS_EC2_METADATA_DISABLED: "true", AWS_ENDPOINT_URL: url, HOME: home, PATH: PATH!, ...credentials };
}

/** Runs the program without a terminal. */
async function run(
  args: readonly string[],
  credentials: Readonly<Record<string, string>> = CREDENTIALS,
  onStart: (child: ChildProcess) => void = () => undefined,
) {
  const child = spawn(process.execPath, [...PROGRAM, ...args], { env: environment(credentials), stdio: "pipe" });
  let [stderr, stdout] = ["", ""];
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  onStart(child);
  const status = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { status, stderr, stdout };
}

/** Runs the program on a terminal, and types the input at its question. */
async function runOnTerminal(args: readonly string[], input: string) {
  const options = { cols: 200, env: environment(CREDENTIALS) };
  const terminal = spawnOnTerminal(process.execPath, [...PROGRAM, ...args], options);
  let output = "";
  let isAnswered = false;
  terminal.onData((text) => {
    output += text;
    if (!isAnswered && output.includes("Type revoke to go on: ")) {
      isAnswered = true;
      terminal.write(input);
    }
  });
  const status = await new Promise<number>((resolve) => {
    terminal.onExit(({ exitCode }) => {
      resolve(exitCode);
    });
  });
  return { output, status };
}

test("npm run grants --help prints its usage", async () => {
  expect(await run(["--help"])).toMatchObject({
    status: 0,
    stderr: "",
    stdout: expect.stringMatching(/^Usage: npm --silent run grants -- /) as string,
  });
});

test("npm run grants refuses an unknown option in one line", async () => {
  expect(await run(["--drop"])).toStrictEqual({
    status: 2,
    stderr: "grants: Unknown option '--drop'; npm --silent run grants -- --help lists the options\n",
    stdout: "",
  });
});

test("npm run grants without credentials prints one line with the remedy", async () => {
  expect(await run(KEY, {})).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(
      /^grants: CredentialsProviderError: [^\n]*; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n$/,
    ) as string,
    stdout: "",
  });
});

test("npm run grants --role-arn assumes the role in the session redshift-kms-grants", async () => {
  expect(await run([...KEY, "--role-arn", ADMIN_ARN])).toMatchObject({ status: 1 });
  const [assumption, ...others] = aws.requests;
  expect(Object.fromEntries(new URLSearchParams(assumption!.body))).toMatchObject({
    Action: "AssumeRole",
    RoleArn: ADMIN_ARN,
    RoleSessionName: "redshift-kms-grants",
  });
  expect(assumption!.accessKeyId).toBe("AKIAEXAMPLE");
  expect(new Set(others.map(({ accessKeyId }) => accessKeyId))).toStrictEqual(new Set(["ASIAEXAMPLE"]));
});

test("npm run grants --profile uses the credentials of the profile", async () => {
  mkdirSync(join(home, ".aws"));
  const lines = ["[audit]", "aws_access_key_id = AKIAAUDIT", "aws_secret_access_key = any", ""];
  writeFileSync(join(home, ".aws", "credentials"), lines.join("\n"));
  expect(await run([...KEY, "--profile", "audit"], {})).toMatchObject({ status: 1 });
  expect(new Set(aws.requests.map(({ accessKeyId }) => accessKeyId))).toStrictEqual(new Set(["AKIAAUDIT"]));
});

test("npm run grants --json prints JSON on standard output, and progress on standard error", async () => {
  const { status, stderr, stdout } = await run([...KEY, "--json"]);
  expect({ status, stderr }).toStrictEqual({
    status: 1,
    stderr: `grants: reads ${KEY_ARN} in us-east-1 (1 of 1)\n`,
  });
  expect(JSON.parse(stdout)).toMatchObject({ account: ACCOUNT, revoked: [] });
});

test("npm run grants --revoke revokes nothing without a terminal and without --yes", async () => {
  expect(await run([...KEY, "--revoke", "orphans"])).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(
      /\ngrants: --yes must be given if there is no terminal; nothing was revoked\n$/,
    ) as string,
  });
  expect(aws.operations).not.toContain("RevokeGrant");
});

test("npm run grants --revoke revokes grants if the answer on a terminal is revoke", async () => {
  const { output, status } = await runOnTerminal([...KEY, "--revoke", "g1", "--revoke", "g3"], "revoke\r");
  expect(output).toContain("The warehouse is gone. The stored results of its last statements become unreadable.");
  expect(output).toMatch(/grants: revoked g1 \(1 of 2\)\s+grants: revoked g3 \(2 of 2\)/);
  expect(status).toBe(1);
  const revocations = aws.requests.filter(({ operation }) => operation === "RevokeGrant");
  expect(revocations.map(({ body }) => JSON.parse(body) as object)).toStrictEqual([
    { GrantId: "g1", KeyId: KEY_ARN },
    { GrantId: "g3", KeyId: KEY_ARN },
  ]);
});

test.each([
  ["is another word", "yes\r", "yes"],
  ["is the end of the input", "\u0004", "none"],
  ["is Ctrl+C", "\u0003", "none"],
])("npm run grants --revoke revokes nothing if the answer on a terminal %s", async (_, input, answer) => {
  const { output, status } = await runOnTerminal([...KEY, "--revoke", "orphans"], input);
  expect(output).toContain(`grants: the answer must be revoke, got: ${answer}; nothing was revoked`);
  expect(status).toBe(2);
  expect(aws.operations).not.toContain("RevokeGrant");
});

test("npm run grants ends after the running revocation if interrupted, and prints the revoked grants", async () => {
  aws.revocationTime = 500;
  const args = [...KEY, "--revoke", "orphans", "--yes", "--json"];
  const { status, stderr, stdout } = await run(args, CREDENTIALS, (child) => {
    const timer = setInterval(() => {
      if (aws.operations.includes("RevokeGrant")) {
        clearInterval(timer);
        child.kill("SIGINT");
      }
    }, 20);
  });
  expect(stderr).toMatch(
    /\ngrants: revoked g1 \(1 of 3\)\ngrants: interrupted by SIGINT: 1 of 3 grants are revoked\n$/,
  );
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({ revoked: ["g1"] });
  expect(aws.operations.filter((operation) => operation === "RevokeGrant")).toHaveLength(1);
});
