import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { PlanError, readPlan } from "../../../review/plan/plan";
import { markdownOf } from "../../../review/render/markdown";
import { textOf } from "../../../review/render/text";
import { review } from "../../../review/report/report";
import { RULES } from "../../../review/rules";
import { PLANS, ROOT } from "../../support/paths";

/** Real plans, each beside the configuration that it is of. */
const FOLDERS = readdirSync(PLANS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const ALL = FOLDERS.flatMap((folder) =>
  readdirSync(join(PLANS, folder))
    .filter((file) => file.endsWith(".plan.json"))
    .map((file) => `__tests__/plans/${folder}/${file}`),
).sort();

function reviewed(path: string) {
  return review(readPlan(readFileSync(join(ROOT, path), "utf8"), path));
}

const found = (plan: string): string[] => reviewed(plan).findings.map(({ rule }) => rule);

describe("a rule", () => {
  test("has an ID of its own, and there are many", () => {
    const ids = RULES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(40);
  });

  test.each(RULES.map((rule) => [rule.id, rule] as const))("%s triggers, and just does not", (id) => {
    expect(found(`__tests__/plans/${id}/triggers.plan.json`)).toContain(id);
    expect(found(`__tests__/plans/${id}/passes.plan.json`)).not.toContain(id);
  });

  test.each(RULES.map((rule) => [rule.id, rule] as const))("%s is written in sentences, with a page", (id, rule) => {
    expect(rule.see).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/[\w/.-]+\.html(#[\w-]+)?$/);
    for (const { address, consequence, remedy, rule: of } of reviewed(`__tests__/plans/${id}/triggers.plan.json`)
      .findings) {
      expect([of, address, consequence, remedy].join(" ")).not.toMatch(/undefined|null|NaN|\[object/);
      expect(consequence).toMatch(/^\S.*[^.]\.$/);
      expect(remedy).toMatch(/^[A-Z].*[^.]\.$/);
    }
  });

  test("is in the file that its ID begins with", () => {
    const files = readdirSync(join(ROOT, "review", "rules")).map((file) => file.replace(/\.ts$/, ""));
    const homes = RULES.map(
      ({ id }) => files.filter((file) => id.startsWith(`${file}-`)).sort((a, b) => b.length - a.length)[0]!,
    );
    const read = (file: string): string => readFileSync(join(ROOT, "review", "rules", `${file}.ts`), "utf8");
    expect(RULES.filter(({ id }, index) => !read(homes[index]!).includes(`id: "${id}"`))).toStrictEqual([]);
  });
});

test("every plan has its source, and every source its plan", () => {
  const sourceOf = (plan: string): boolean =>
    ["tf", "yaml"].some((type) => existsSync(join(ROOT, plan.replace(/plan\.json$/, type))));
  expect(ALL.filter((plan) => !sourceOf(plan))).toStrictEqual([]);
  const sources = FOLDERS.flatMap((folder) =>
    readdirSync(join(PLANS, folder))
      .filter((file) => /\.(tf|yaml)$/.test(file) && !file.startsWith("before."))
      .map((file) => `__tests__/plans/${folder}/${file.replace(/\.\w+$/, ".plan.json")}`),
  );
  expect(sources.sort()).toStrictEqual(ALL);
});

test("the report of all plans", () => {
  const told = ALL.map((plan) => textOf(reviewed(plan), true)).join("\n");
  // A change of it is made by: npm run --silent review -- __tests__/plans/*/*.plan.json > __tests__/plans/report.txt
  expect(told.split("\n")).toStrictEqual(readFileSync(join(PLANS, "report.txt"), "utf8").split("\n"));
});

test("no secret of a plan is reported", () => {
  const secrets = ["Written-1n-code", "Kept-1n-state", "S3cretUserRole", "S3cretRegion"];
  const plans = ALL.map((plan) => readFileSync(join(ROOT, plan), "utf8"));
  expect(secrets.filter((secret) => !plans.some((plan) => plan.includes(secret)))).toStrictEqual([]);
  const told = JSON.stringify(ALL.map(reviewed));
  expect(secrets.filter((secret) => told.includes(secret))).toStrictEqual([]);
});

/** Every place in a value: what holds it, and under which key. */
function placesIn(value: unknown): (readonly [Record<string, unknown>, string])[] {
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [
        [value as Record<string, unknown>, key] as const,
        ...placesIn(inner),
      ])
    : [];
}

test("a plan that has anything anywhere is reviewed, or refused in one line", () => {
  const plans = ALL.map((plan) => readFileSync(join(ROOT, plan), "utf8")).filter(({ length }) => length < 20_000);
  let [read, refused] = [0, 0];
  const changed = fc.record({ at: fc.nat(), json: fc.jsonValue({ maxDepth: 2 }), within: fc.nat() });
  fc.assert(
    fc.property(fc.constantFrom(...plans), fc.array(changed, { maxLength: 3, minLength: 1 }), (text, changes) => {
      const plan = JSON.parse(text) as object;
      for (const { at, json, within } of changes) {
        const places = placesIn(plan);
        const [holder, key] = places[at % places.length]!;
        const old = holder[key];
        // A policy is JSON within JSON.
        const policy = typeof old === "string" && old.startsWith("{") ? (JSON.parse(old) as object) : undefined;
        const inner = placesIn(policy);
        if (inner.length > 0) {
          const [innerHolder, innerKey] = inner[within % inner.length]!;
          innerHolder[innerKey] = json;
        }
        holder[key] = inner.length > 0 ? JSON.stringify(policy) : json;
      }
      try {
        const report = review(readPlan(JSON.stringify(plan), "plan"));
        markdownOf([report]);
        textOf(report, true);
        read += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(PlanError);
        expect((error as PlanError).message).toMatch(/^plan .+$/);
        refused += 1;
      }
    }),
    { numRuns: 1500, seed: 20251124 },
  );
  expect(Math.min(read, refused)).toBeGreaterThan(100);
});
