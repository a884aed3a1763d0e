import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import "@microsoft/jest-sarif";
import { globSync } from "tinyglobby";
import { CASES, committedGoldens, goldens, planOf, REPORTED, reportOf, sarifLogOf } from "../plans/goldens";
import { PLANS } from "../support/paths";

const EXPECTED = goldens();
const read = (file: string): string => readFileSync(join(PLANS, file), "utf8");

describe("a golden", () => {
  test("belongs to a recorded plan, or is the SARIF of the reports", () => {
    expect([...committedGoldens()].sort()).toStrictEqual(Object.keys(EXPECTED).sort());
  });

  // A change of them is written by: npm run goldens
  test.each(Object.keys(EXPECTED).filter((file) => existsSync(join(PLANS, file))))("%s is current", (file) => {
    expect(read(file)).toBe(EXPECTED[file]);
  });
});

test("every recorded plan has its source, and every source has its plan", () => {
  const sources = globSync(["*/*.{tf,yaml}", "!*/before.*"], { cwd: PLANS });
  expect(sources.map((file) => file.replace(/\.\w+$/, "")).sort()).toStrictEqual(CASES);
});

test.each(["shipped/after", "second-user/after"])(
  "every rule is judged in %s, a plan of a stack of the app",
  (name) => {
    expect(reportOf(name).notJudged).toStrictEqual([]);
  },
);

test("SARIF follows its schema", () => {
  const log = sarifLogOf(REPORTED);
  expect(log).toBeValidSarifLog();
  expect({ ...log, runs: [{ ...log.runs[0], results: [{ level: "fatal" }] }] }).not.toBeValidSarifLog();
});

test("no secret of a plan is reported", () => {
  const secrets = ["Written-1n-code", "Kept-1n-state", "S3cretUserRole", "S3cretRegion"];
  const plans = CASES.map(planOf).join();
  expect(secrets.filter((secret) => !plans.includes(secret))).toStrictEqual([]);
  const reports = JSON.stringify(CASES.map(reportOf));
  expect(secrets.filter((secret) => reports.includes(secret))).toStrictEqual([]);
});
