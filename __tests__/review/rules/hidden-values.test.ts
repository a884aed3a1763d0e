import { Model } from "../../../review/model/model";
import { readPlan } from "../../../review/plan/read-plan";
import { PLAN_RULES } from "../../../review/rules";
import type { Rule } from "../../../review/rules/rule";
import { DEFAULT_THRESHOLD, failsReview } from "../../../review/report/findings";
import { review } from "../../../review/report/report";
import { planOf } from "../../plans/goldens";

type Values = Record<string, unknown>;
interface Change {
  readonly address: string;
  readonly change: { readonly after: Values | null } & Values;
}
interface Plan {
  readonly resource_changes?: Change[];
}

/** Ways to hide an attribute of a resource after the change. */
const HIDE = {
  sensitive: ({ change }: Change, name: string) => ({
    ...change,
    after_sensitive: { ...(change.after_sensitive as Values), [name]: true },
  }),
  unknown: ({ change: { after, ...change } }: Change, name: string) => ({
    ...change,
    after: Object.fromEntries(Object.entries(after!).filter(([other]) => other !== name)),
    after_unknown: { ...(change.after_unknown as Values), [name]: true },
  }),
} as const;

const WAYS = ["sensitive", "unknown"] as const;

const modelOf = (plan: Plan): Model => new Model(readPlan(JSON.stringify(plan), "plan"));
const verdictOf = (rule: Rule, model: Model) =>
  rule.judge(model, { promises: { forbidden: [], references: [] }, standing: () => model });
const isFound = (rule: Rule, model: Model): boolean => verdictOf(rule, model).faults.length > 0;

/** The attributes whose value the configuration gives. */
function configuredAttributes(plan: Plan): { attribute: string; index: number }[] {
  const model = modelOf(plan);
  return (plan.resource_changes ?? []).flatMap(({ address, change: { after } }, index) => {
    const resource = model.atAddress(address);
    return Object.entries(after ?? {})
      .filter(
        ([name, value]) => value !== null && resource && model.references.configuration.isConfigured(resource, name),
      )
      .map(([attribute]) => ({ attribute, index }));
  });
}

function withHidden(plan: Plan, index: number, attribute: string, way: keyof typeof HIDE): Plan {
  const changes = plan.resource_changes!.map((change, at) =>
    at === index ? { ...change, change: HIDE[way](change, attribute) } : change,
  );
  return { ...plan, resource_changes: changes };
}

test.each(PLAN_RULES.map((rule) => [rule.id, rule] as const))(
  "the rule %s has a finding or is not judged if one configured value of its triggers plan is unknown or sensitive",
  (id, rule) => {
    const plan = JSON.parse(planOf(`${id}/triggers`)) as Plan;
    const reasonsIn = (model: Model) => verdictOf(rule, model).notJudged.map((entry) => JSON.stringify(entry));
    const shown = reasonsIn(modelOf(plan));
    const isSilent = (model: Model): boolean =>
      !isFound(rule, model) && reasonsIn(model).every((reason) => shown.includes(reason));
    const silent = configuredAttributes(plan).flatMap(({ attribute, index }) =>
      WAYS.filter((way) => isSilent(modelOf(withHidden(plan, index, attribute, way)))).map(
        (way) => `${plan.resource_changes![index]!.address}.${attribute} ${way}`,
      ),
    );
    expect(silent).toStrictEqual([]);
  },
);

test.each(PLAN_RULES.filter(({ severity }) => severity === "error").map(({ id }) => [id]))(
  "the triggers plan of %s fails the review, too, if one configured value is sensitive",
  (id) => {
    const plan = JSON.parse(planOf(`${id}/triggers`)) as Plan;
    const isPassed = (changed: Plan): boolean =>
      !failsReview(review(readPlan(JSON.stringify(changed), "plan")), DEFAULT_THRESHOLD);
    const hidden = configuredAttributes(plan).filter(({ attribute, index }) =>
      isPassed(withHidden(plan, index, attribute, "sensitive")),
    );
    expect(isPassed(plan)).toBe(false);
    expect(hidden).toStrictEqual([]);
  },
);
