import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { globSync } from "tinyglobby";
import { render } from "../../review/render/render";
import type { Report } from "../../review/report/report";
import { PLAN_RULES } from "../../review/rules";
import { CASES, committedGoldens, goldens, planOf, reportOf } from "../plans/goldens";
import { PLANS } from "../support/paths";
import { textOf, textsOf } from "./support/page";

const EXPECTED = goldens();
const read = (file: string): string => readFileSync(join(PLANS, file), "utf8");

describe("a golden file", () => {
  test("is committed for each output of npm run goldens, and no other golden is", () => {
    expect([...committedGoldens()].sort()).toStrictEqual(Object.keys(EXPECTED).sort());
  });

  // A change of them is written by: npm run goldens
  test.each(Object.keys(EXPECTED).filter((file) => existsSync(join(PLANS, file))))(
    "%s equals the present output",
    (file) => {
      expect(read(file)).toBe(EXPECTED[file]);
    },
  );

  test("has each expression of a template replaced by its value", () => {
    expect(Object.values(EXPECTED).flatMap((text) => text.match(/\$\{[a-z]\w*(\.\w+)*\}/g) ?? [])).toStrictEqual([]);
  });
});

test("every recorded plan has a source, and every source has a plan", () => {
  const sources = globSync(["*/*.{tf,yaml}", "!*/before.*"], { cwd: PLANS });
  expect(sources.map((file) => file.replace(/\.\w+$/, "")).sort()).toStrictEqual(CASES);
});

describe("a rule", () => {
  const idsIn = (name: string): string[] => reportOf(name).findings.map(({ rule }) => rule);

  test.each(PLAN_RULES.map(({ id }) => id))(
    "%s has a finding in its triggers plan, and none in its passes plan",
    (id) => {
      expect(idsIn(`${id}/triggers`)).toContain(id);
      expect(idsIn(`${id}/passes`)).not.toContain(id);
    },
  );

  test.each(PLAN_RULES.map((rule) => [rule.id, rule] as const))(
    "%s has the URL of an AWS page, and writes each consequence and remedy in sentences",
    (id, { see }) => {
      expect(see).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+\.html(#[\w-]+)?$/);
      for (const { address, consequence, remedy, rule } of reportOf(`${id}/triggers`).findings) {
        expect([rule, address, consequence, remedy].join(" ")).not.toMatch(/undefined|null|NaN|\[object/);
        expect(consequence).toMatch(/^\S.*[^.]\.$/);
        expect(remedy).toMatch(/^[A-Z].*[^.]\.$/);
      }
    },
  );
});

/** The texts of a report that its page must show. */
function textsOfReport(report: Report): readonly string[] {
  const texts = [
    report.source,
    ...report.findings.flatMap(({ address, consequence, remedy, rule, title }) => [
      address,
      consequence,
      remedy,
      rule,
      title,
    ]),
    ...report.keys.flatMap((key) => [
      key.name,
      ...key.principals.flatMap(({ abilities, principal }) => [
        principal,
        ...Object.values(abilities).flatMap(({ after, before }) => [
          ...(key.policy.after === "none" ? [] : [...after.limits, ...after.leftToIam.limits]),
          ...(key.policy.before === "none" ? [] : [...before.limits, ...before.leftToIam.limits]),
        ]),
      ]),
      ...key.unplaced.map(({ statement }) => JSON.stringify(statement)),
    ]),
    ...report.warehouses.flatMap(({ address, context, key, orphanedGrants }) => [
      address,
      ...Object.values(key),
      ...[...(context.before ?? []), ...(context.after ?? [])].map(({ notShown, value }) => value ?? notShown),
      ...orphanedGrants,
    ]),
    ...[...report.changes.listed, ...report.drift].flatMap(({ address, details }) => [address, ...details]),
    ...Object.keys(report.changes.others),
    ...report.notJudged.flatMap(({ address, reason, rule }) => [address, reason, rule]),
  ].filter((part) => part !== undefined);
  return [...new Set(texts)].map((text) => text.replace(/\s+/g, " "));
}

test.each(CASES)("the HTML page of %s has every finding, key and row of the report", (name) => {
  const report = reportOf(name);
  const html = render([report], "html");
  const text = textOf(html);
  expect(textsOfReport(report).filter((part) => !text.includes(part))).toStrictEqual([]);
  expect(textsOf(html, /<li class="(error|warning|note)"/g)).toHaveLength(report.findings.length);
  expect([...html.matchAll(/<a href="(http[^"]*)"/g)].map(([, see]) => see)).toStrictEqual(
    report.findings.map(({ see }) => see),
  );
  expect(textsOf(html, /<details data-keys/g)).toHaveLength(report.keys.length);
});

test.each(["shipped/after", "second-user/after"])(
  "every rule is judged in %s, a plan of a stack of the app",
  (name) => {
    expect(reportOf(name).notJudged).toStrictEqual([]);
  },
);

test("no secret of a plan is reported", () => {
  const secrets = ["Written-1n-code", "Kept-1n-state", "S3cretUserRole", "S3cretRegion"];
  const plans = CASES.map(planOf).join();
  expect(secrets.filter((secret) => !plans.includes(secret))).toStrictEqual([]);
  const reports = JSON.stringify(CASES.map(reportOf));
  expect(secrets.filter((secret) => reports.includes(secret))).toStrictEqual([]);
});
