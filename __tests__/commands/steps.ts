import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "js-yaml";
import { fakePrograms, runScript } from "./fake-programs";
import { ROOT } from "../support/paths";

interface Step {
  readonly env?: Readonly<Record<string, string>>;
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
}
interface Action {
  readonly description: string;
  readonly inputs: Readonly<
    Record<string, { readonly default?: string; readonly description: string; readonly required?: boolean }>
  >;
  readonly name: string;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[]; readonly using: string };
}

export const TEXT = readFileSync(join(ROOT, "action.yml"), "utf8");
export const ACTION = load(TEXT) as Action;
export const { steps } = ACTION.runs;
export const [REVIEW, COMMENT, UPLOAD, VERDICT] = steps as readonly [Step, Step, Step, Step];

/** The folder of a test. */
export let scratch: string;
let programs: string;
beforeAll(() => {
  programs = fakePrograms({ gh: `exec "${process.execPath}" "${join(__dirname, "fake-gh.cjs")}" "$@"` });
});
afterAll(() => rmSync(programs, { recursive: true }));
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "action-"));
});
afterEach(() => rmSync(scratch, { recursive: true }));

/** Runs a step as a runner does. Its expressions have the values of the inputs, and of what the test gives. */
export function run(
  { env = {}, run: script }: Step,
  values: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
) {
  const expanded = Object.entries(env).map(([name, expression]) => {
    const [, path = ""] = /^\$\{\{ (.*) \}\}$/.exec(expression) ?? [];
    const input = path.replace(/^inputs\./, "");
    return [name, values[path] ?? values[input] ?? ACTION.inputs[input]?.default ?? ""];
  });
  const [output, summary] = ["output", "summary"].map((name) => join(scratch, name));
  const { status, stderr, stdout } = runScript(script!, scratch, programs, {
    GITHUB_ACTION_PATH: ROOT,
    GITHUB_OUTPUT: output!,
    GITHUB_REPOSITORY: "acme/data",
    GITHUB_STEP_SUMMARY: summary!,
    RUNNER_TEMP: scratch,
    ...(Object.fromEntries(expanded) as Record<string, string>),
    ...more,
  });
  const read = (file: string): string => (existsSync(file) ? readFileSync(file, "utf8") : "");
  const outputs = Object.fromEntries(
    read(output!)
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  ) as Readonly<Record<string, string>>;
  return { outputs, status, stderr, stdout, summary: read(summary!) };
}
