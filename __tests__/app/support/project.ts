import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { list as listProgram } from "../../../app/cli/list";
import { synth as synthProgram } from "../../../app/cli/synth";
import { inProcess, type Result } from "../../support/in-process";
import { ROOT } from "../../support/paths";

export const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

/** The directory of a test, with the shipped configuration. */
export let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "synth-"));
  copyFileSync(join(ROOT, "warehouses.yaml"), join(directory, "warehouses.yaml"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** Runs a script of the package as a child process in the directory of the test. Its PATH has no programs. */
export function script(name: string, env: Record<string, string>, ...args: readonly string[]): Result {
  const [, flag, register, main] = scripts[name]!.split(" ") as [string, string, string, string];
  const command = [flag, join(ROOT, register), join(ROOT, main), ...args];
  const { status, stderr, stdout } = spawnSync(process.execPath, command, {
    cwd: directory,
    encoding: "utf8",
    env: { PATH: directory, ...env },
  });
  return { status, stderr, stdout };
}

export async function synth(env: Record<string, string> = {}, ...args: string[]): Promise<Result> {
  return inProcess(synthProgram, directory, { PATH: directory, ...env }, args);
}

export async function list(env: Record<string, string> = {}, ...args: string[]): Promise<Result> {
  return inProcess(listProgram, directory, { PATH: directory, ...env }, args);
}

export function fileOf(stack: string): string {
  return readFileSync(join(directory, "cdktf.out", "stacks", stack, "cdk.tf.json"), "utf8");
}

export function files(): string[] {
  return readdirSync(join(directory, "cdktf.out"), { recursive: true, encoding: "utf8" }).sort();
}

export const WAREHOUSE = `
  - name: one
    account: "111122223333"
    region: us-east-1
    administrators: [arn:aws:iam::111122223333:role/ExampleAdminRole, arn:aws:iam::111122223333:role/SecondAdminRole]
    users: [arn:aws:iam::111122223333:role/ExampleUserRole]
    serverless: {}
`;

export function configuration(text: string): { WAREHOUSES: string } {
  writeFileSync(join(directory, "w.yaml"), text);
  return { WAREHOUSES: "w.yaml" };
}
