import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { environmentOf, requireShippedStacks } from "../../tools/demo/project";
import { DESTROY, REVOCATION, STEPS } from "../../tools/demo/steps";
import { DEMO_EXCERPT } from "../support/paths";

const ENDPOINT = "http://127.0.0.1:4566";
const before = process.env;
afterEach(() => {
  process.env = before;
});

test("the demo's environment has no credentials of the user, and only loopback addresses", () => {
  process.env = {
    ...before,
    AWS_ACCESS_KEY_ID: "AKIAUSER",
    AWS_ENDPOINT_URL_KMS: "https://kms.us-east-1.amazonaws.com",
    AWS_PROFILE: "production",
    AWS_SESSION_TOKEN: "token",
    HTTPS_PROXY: "http://proxy.example.com",
    TF_VAR_x: "production",
    WAREHOUSES: "production.yaml",
  };
  const env = environmentOf("/tmp/demo", ENDPOINT);
  const { AWS_ENDPOINT_URL, AWS_PROFILE, WAREHOUSES } = env;
  expect({ AWS_ENDPOINT_URL, AWS_PROFILE, WAREHOUSES }).toStrictEqual({
    AWS_ENDPOINT_URL: ENDPOINT,
    AWS_PROFILE: "administrator",
    WAREHOUSES: "warehouses.yaml tools/demo/provider.yaml",
  });
  const { PATH, ...others } = env;
  expect(PATH).toContain(before.PATH);
  const text = JSON.stringify(others);
  expect(text).not.toMatch(/AKIAUSER|token|production|example|amazonaws/);
  expect([...text.matchAll(/https?:\/\/([^:"/]+)/g)].map(([, host]) => host)).toStrictEqual(Array(3).fill("127.0.0.1"));
  for (const name of ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "HOME", "TF_CLI_CONFIG_FILE", "TMPDIR"]) {
    expect(env[name]).toMatch(/^\/tmp\/demo\//);
  }
});

test("the demo refuses a checkout whose warehouses.yaml has other stacks", () => {
  expect(() => requireShippedStacks()).not.toThrow();
  const file = join(mkdtempSync(join(tmpdir(), "demo-")), "warehouses.yaml");
  writeFileSync(file, "warehouses: [{ name: sales }]");
  expect(() => requireShippedStacks(file)).toThrow(
    "warehouses.yaml must have the shipped stacks, analytics-cluster and analytics-serverless, got: sales; " +
      "the demo runs in an unchanged checkout",
  );
});

test("each step of the demo uses only values that an earlier step prints", () => {
  const values = new Set(["directory", "reports"]);
  for (const { commands, prose } of [...STEPS, DESTROY]) {
    for (const text of [prose, ...commands.map(({ line }) => line)]) {
      expect(
        [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => !values.has(name!)),
      ).toStrictEqual([]);
    }
    for (const { expected } of commands) {
      [...expected.source.matchAll(/\(\?<(\w+)>/g)].forEach(([, name]) => values.add(name!));
    }
  }
});

test("the demo's excerpt has the commands of its step, each with the expected output", () => {
  const { commands } = STEPS.find(({ title }) => title === REVOCATION)!;
  const shown = readFileSync(DEMO_EXCERPT, "utf8").split(/^\$ /m).slice(1);
  expect(shown).toHaveLength(commands.length);
  commands.forEach(({ expected, line }, index) => {
    const [command, ...output] = shown[index]!.trim().split("\n");
    const [before, ...after] = line.split(/\{\w+\}/);
    expect(command!.startsWith(before!) && command!.endsWith(after.at(-1) ?? "")).toBe(true);
    expect(output.join("\n")).toMatch(expected);
  });
});
