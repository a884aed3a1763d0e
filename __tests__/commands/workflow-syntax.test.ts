import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { installLane } from "../support/install-lane";
import { ROOT } from "../support/paths";
import { blocks, REVIEW_IN_CI } from "../support/readme";
import { printSkipped } from "../support/skipped";

const EXAMPLES = join(ROOT, "examples", "fleet", "github");
const filesOf = (folder: string): readonly string[] => readdirSync(folder).map((file) => join(folder, file));

const reason = installLane(__dirname);
const testSyntax = reason === undefined ? test : test.skip;
if (reason !== undefined) {
  printSkipped("the tests of the syntax of workflows", reason);
}
let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "workflows-"));
  buildSync({
    bundle: true,
    // The package is written for a bundler: its JSON has no import attribute.
    entryPoints: [join(__dirname, "workflow-problems.mjs")],
    outfile: join(scratch, "problems.cjs"),
    platform: "node",
  });
}, 300_000);
afterAll(() => rmSync(scratch, { recursive: true }));

const problemsOf = (...files: readonly string[]): readonly string[] =>
  execFileSync(process.execPath, [join(scratch, "problems.cjs"), ...files], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line !== "");

testSyntax("action.yml and the workflows of .github and examples have valid syntax", () => {
  const files = [join(ROOT, "action.yml"), ...filesOf(join(ROOT, ".github", "workflows")), ...filesOf(EXAMPLES)];
  expect(problemsOf(...files)).toStrictEqual([]);
});

testSyntax("the workflow of docs/review-in-ci.md has valid syntax", () => {
  const [workflow] = blocks("yaml", REVIEW_IN_CI);
  writeFileSync(join(scratch, "page.yml"), workflow!);
  expect(problemsOf(join(scratch, "page.yml"))).toStrictEqual([]);
});

testSyntax("the syntax check finds an unknown key, context, output and input", () => {
  const text = readFileSync(join(EXAMPLES, "fleet.yml"), "utf8")
    .replace("timeout-minutes", "timeout")
    .replace("github.ref", "git.ref")
    .replace("needs.changes.outputs", "needs.change.outputs")
    .replace("wave: first", "name: first");
  writeFileSync(join(scratch, "fleet.yml"), text);
  copyFileSync(join(EXAMPLES, "fleet-wave.yml"), join(scratch, "fleet-wave.yml"));
  const messages = problemsOf(join(scratch, "fleet.yml")).map((line) => line.replace(/^\S+ /, ""));
  expect(messages).toEqual(
    expect.arrayContaining([
      "Context access might be invalid: change",
      "Input wave is required, but not provided while calling.",
      "Invalid input, name is not defined in the referenced workflow.",
      "Unexpected value 'timeout'",
      "Unrecognized named-value: 'git'",
    ]),
  );
});
