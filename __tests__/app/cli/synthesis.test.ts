import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os, { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { globSync } from "tinyglobby";
import { withoutStackTraces } from "../../../app/cli/synthesis";
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
