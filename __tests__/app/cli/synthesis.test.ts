import fs, { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os, { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { App } from "cdktf";
import { globSync } from "tinyglobby";
import { makeApp, withoutStackTraces } from "../../../app/cli/synthesis";
import { threadsFor, withStacks } from "../../../app/cli/synthesis-threads";
import { fleetStacks } from "../../../app/stacks/fleet-stacks";
import { ROOT } from "../../support/paths";
import { fleetOf } from "../../support/support";

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "synthesis-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** The files of a folder, with their texts. */
const textsOf = (folder: string) =>
  readdirSync(folder, { encoding: "utf8", recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [file.slice(folder.length), readFileSync(file, "utf8")]);

test.each(["warehouses.yaml", ...globSync("examples/configuration/*.yaml", { cwd: ROOT }).sort()])(
  "withStacks writes the same files for %s as app.synth() of the framework",
  async (file) => {
    const fleet = fleetOf({ [file]: readFileSync(join(ROOT, file), "utf8") });
    const [ours, frameworks] = ["ours", "frameworks"].map((name) => join(directory, name)) as [string, string];
    mkdirSync(ours);
    const options = { onStep: () => undefined, projectDirectory: "../../.." };
    await withStacks(fleet, options, async (stacks) => {
      await stacks.write(ours);
    });
    const app = new App({ outdir: frameworks, stackTraces: false });
    fleetStacks(app, fleet, options.projectDirectory);
    app.synth();
    expect(textsOf(ours)).toHaveLength(fleet.names.length + 1);
    expect(textsOf(ours)).toStrictEqual(textsOf(frameworks));
  },
);

test("withStacks handles other events between two stacks", async () => {
  const fleet = fleetOf({ "warehouses.yaml": readFileSync(join(ROOT, "warehouses.yaml"), "utf8") });
  const order: string[] = [];
  const onStep = (step: string) => {
    order.push(step);
    if (step === "Writing") {
      setImmediate(() => order.push("event"));
    }
  };
  await withStacks(fleet, { onStep, projectDirectory: "." }, async (stacks) => {
    await stacks.write(directory);
  });
  expect(order.slice(0, 5)).toStrictEqual(["Creating", "Creating", "Writing", "event", "Writing"]);
});

test("makeApp leaves no temporary folder", () => {
  jest.spyOn(os, "tmpdir").mockReturnValue(directory);
  const makeFolder = jest.spyOn(fs, "mkdtempSync");
  makeApp();
  expect(makeFolder.mock.results.map(({ value }) => dirname(value as string))).toStrictEqual([directory]);
  expect(readdirSync(directory)).toStrictEqual([]);
});

test("withoutStackTraces gives the property of Error its function back", () => {
  const before = Object.getOwnPropertyDescriptor(Error, "captureStackTrace");
  withoutStackTraces(() => undefined);
  expect(Object.getOwnPropertyDescriptor(Error, "captureStackTrace")).toStrictEqual(before);
});

test("an error within or after withoutStackTraces has its stack trace", () => {
  const fail = () => {
    throw new Error("a bug");
  };
  let stack: string | undefined;
  try {
    withoutStackTraces(fail);
  } catch (error) {
    ({ stack } = error as Error);
  }
  expect(stack).toMatch(/^Error: a bug\n +at fail \(.*synthesis\.test\.ts:/);
  expect(new Error("later").stack).toContain("synthesis.test.ts:");
});

test("Error.captureStackTrace writes no stack within withoutStackTraces", () => {
  const object = { stack: "" };
  withoutStackTraces(() => {
    Error.captureStackTrace(object);
    expect(object.stack).toBe("");
  });
});

test.each([
  [1, 5000, 1],
  [2, 399, 1],
  [2, 400, 2],
  [4, 400, 2],
  [4, 800, 4],
  [64, 5000, 4],
])("threadsFor on a machine with %i cores and with %i stacks returns %i", (cores, stacks, threads) => {
  jest.spyOn(os, "availableParallelism").mockReturnValue(cores);
  expect(threadsFor(stacks)).toBe(threads);
});
