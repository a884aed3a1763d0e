import fc from "fast-check";
import { PlanError } from "../../../review/plan/plan";
import { readPlan } from "../../../review/plan/read-plan";
import { render } from "../../../review/render/render";
import { failsReview } from "../../../review/report/findings";
import { review } from "../../../review/report/report";
import { CASES, planOf } from "../../plans/goldens";
import { propertyRuns } from "../../support/property-runs";

test.each<[string, object]>([
  ["configuration", { configuration: [] }],
  [
    "resource_changes",
    {
      resource_changes: [
        { address: "a.b", change: { actions: ["delete"] }, deposed: 1, mode: "managed", name: "b", type: "a" },
      ],
    },
  ],
  [
    "resource_changes",
    { resource_changes: [{ address: "a.b", change: { actions: ["upsert"] }, mode: "managed", name: "b", type: "a" }] },
  ],
  ["variables", { variables: { team: "data" } }],
  ["configuration", { configuration: { root_module: { variables: { team: "data" } } } }],
  ["configuration", { configuration: { root_module: { outputs: { id: { expression: { references: "x" } } } } } }],
])("a plan is refused if its %s does not have the layout of Terraform", (part, values) => {
  const plan = JSON.stringify({ format_version: "1.2", resource_changes: [], ...values });
  expect(() => readPlan(plan, "plan")).toThrow(
    `plan has ${part} that do not have the layout of Terraform: it must be a plan as \`terraform show -json\` prints it`,
  );
});

test.each([
  ["at the top", `{"format_version": "1.2", "resource_changes": [{}], "resource_changes": []}`],
  [
    "at the top, once with an escape",
    String.raw`{"format_version": "1.2", "resource\u005fchanges": [{}], "resource_changes" : []}`,
  ],
  ["in a value", `{"format_version": "1.2", "resource_changes": [], "variables": {"a": {}, "a"\n: {}}}`],
])("a plan is refused if an object has two members of the same name: %s", (_, plan) => {
  expect(() => readPlan(plan, "plan")).toThrow(
    "plan has an object with two members of the same name: it must be a plan as `terraform show -json` prints it",
  );
});

test("a resource of a refresh-only plan has the index and the module that the state gives", () => {
  const inState = (more: object) => ({ mode: "managed", name: "this", type: "aws_kms_key", values: {}, ...more });
  const root_module = {
    child_modules: [
      { address: "module.a", resources: [inState({ address: 'module.a.aws_kms_key.this["x"]', index: "x" })] },
    ],
    resources: [
      inState({ address: "aws_kms_key.one", index: null }),
      inState({ address: "aws_kms_key.two[0]", index: 0 }),
    ],
  };
  const plan = { format_version: "1.2", planned_values: {}, prior_state: { values: { root_module } } };
  for (const changes of [undefined, null]) {
    const { resources } = readPlan(JSON.stringify({ ...plan, resource_changes: changes }), "plan");
    expect(resources.map(({ address, index, module_address: module }) => [address, index, module])).toStrictEqual([
      ["aws_kms_key.one", undefined, undefined],
      ["aws_kms_key.two[0]", 0, undefined],
      ['module.a.aws_kms_key.this["x"]', "x", "module.a"],
    ]);
  }
});

test("a plan is read if a text in it has a name, a colon and quotes", () => {
  const variables = { a: { value: `\\"a": "b" : {"a":` } };
  expect(
    readPlan(JSON.stringify({ format_version: "1.2", resource_changes: [], variables }), "plan").variables,
  ).toEqual(variables);
});

test("a deposed object of a key is a second key, with its own finding", () => {
  const { resource_changes: changes, ...plan } = JSON.parse(planOf("key-destroyed/triggers")) as {
    resource_changes: { address: string }[];
  };
  const key = changes.find(({ address }) => address === "aws_kms_key.this");
  const text = JSON.stringify({ ...plan, resource_changes: [...changes, { ...key, deposed: "00000001" }] });
  const { findings, keys } = review(readPlan(text, "plan"));
  const destroyed = findings.filter(({ rule }) => rule === "key-destroyed").map(({ address }) => address);
  expect(destroyed).toStrictEqual(["aws_kms_key.this", "aws_kms_key.this (deposed object 00000001)"]);
  expect(keys).toHaveLength(2);
});

test("null counts as absent for deposed, module_address and previous_address", () => {
  const { resource_changes: changes, ...plan } = JSON.parse(planOf("key-destroyed/triggers")) as {
    resource_changes: object[];
  };
  const withNulls = changes.map((change) => ({
    ...change,
    deposed: null,
    module_address: null,
    previous_address: null,
  }));
  const text = JSON.stringify({ ...plan, resource_changes: withNulls });
  expect(review(readPlan(text, "plan"))).toStrictEqual(review(readPlan(planOf("key-destroyed/triggers"), "plan")));
});

test.each([
  ["errored", true, "The plan ended with an error, so it may not show every change."],
  ["complete", false, "The plan leaves changes out, because of -target or because Terraform defers them."],
  ["deferred_changes", [{}], "The plan leaves changes out, because of -target or because Terraform defers them."],
])("an incomplete plan, by %s, is reported and fails the review only if strict", (key, value, line) => {
  const plan = JSON.parse(planOf("second-user/after")) as object;
  const report = review(readPlan(JSON.stringify({ ...plan, [key]: value }), "plan"));
  expect(render([report], "text").startsWith(`${line}\n`)).toBe(true);
  expect(render([report], "markdown")).toContain(`\n> ${line.replace("-target", "`-target`")}\n`);
  const { runs } = JSON.parse(render([report], "sarif")) as {
    readonly runs: readonly [{ readonly invocations: readonly [{ readonly toolExecutionNotifications: object }] }];
  };
  expect(runs[0].invocations[0].toolExecutionNotifications).toStrictEqual([
    { level: "warning", message: { text: line } },
  ]);
  const ignoring = { failOn: "error", onlyNew: true } as const;
  expect([false, true].map((strict) => failsReview(report, { ...ignoring, strict }))).toStrictEqual([false, true]);
});

test("a resource that Terraform forgets and creates again is created, because the old resource stays", () => {
  const change = { actions: ["forget", "create"], after: { policy: "{}" }, before: { policy: "{}" } };
  const resources = [{ address: "aws_kms_key.k", change, mode: "managed", name: "k", type: "aws_kms_key" }];
  const plan = readPlan(JSON.stringify({ format_version: "1.2", resource_changes: resources }), "plan");
  expect(plan.resources.map(({ action }) => action)).toStrictEqual(["create"]);
});

/** Every place in a value: its object or array, and its key in it. */
function placesIn(value: unknown): (readonly [Record<string, unknown>, string])[] {
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => [
        [value as Record<string, unknown>, key] as const,
        ...placesIn(inner),
      ])
    : [];
}

/** The value of a text; undefined if it is not JSON. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

test("a plan with random values in random places is reviewed, or refused in one line", () => {
  const plans = CASES.map(planOf).filter(({ length }) => length < 20_000);
  let [read, refused] = [0, 0];
  const changed = fc.record({ at: fc.nat(), json: fc.jsonValue({ maxDepth: 2 }), within: fc.nat() });
  fc.assert(
    fc.property(fc.constantFrom(...plans), fc.array(changed, { maxLength: 3, minLength: 1 }), (text, changes) => {
      const plan = JSON.parse(text) as object;
      // A value that is put into a plan is changed there, and fast-check draws it again.
      for (const { at, json, within } of structuredClone(changes)) {
        const places = placesIn(plan);
        const [holder, key] = places[at % places.length]!;
        const old = holder[key];
        // A policy is JSON within JSON.
        const policy = typeof old === "string" && old.startsWith("{") ? valueOf(old) : undefined;
        const inner = placesIn(policy);
        if (inner.length > 0) {
          const [innerHolder, innerKey] = inner[within % inner.length]!;
          innerHolder[innerKey] = json;
        }
        holder[key] = inner.length > 0 ? JSON.stringify(policy) : json;
      }
      try {
        const report = review(readPlan(JSON.stringify(plan), "plan"));
        render([report], "markdown");
        render([report], "text");
        read += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(PlanError);
        expect((error as PlanError).message).toMatch(/^plan .+$/);
        refused += 1;
      }
    }),
    { numRuns: propertyRuns(150), seed: 20251124 },
  );
  expect(Math.min(read, refused)).toBeGreaterThan(propertyRuns(12));
});
