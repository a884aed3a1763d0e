import { groupBy } from "../../modules/private/group-by";
import { KEY_TYPES } from "../model/key";
import type { Model } from "../model/model";
import { stringOf } from "../plan/attributes";
import type { PlannedResource } from "../plan/plan";
import { changedTags, hasOtherTags } from "../plan/tags";
import { ALIAS_KEYS, type ConditionTest, conditionTests, PRINCIPAL_TAG, RESOURCE_TAG } from "../policy/condition";
import { asArray, inSentence, matchesPattern, type Statement, titleOf } from "../policy/statement";
import { listOf } from "./list-of";
import { hiddenKeyPolicies, hiddenPolicies } from "./not-shown";
import { type NotJudged, type Rule, rule } from "./rule";

const SIDES = ["before", "after"] as const;
/** The most statements that a finding names. */
const MOST_NAMED = 5;

/** The types of resources whose tags conditions can test, each with the beginning of the condition key. */
const TAGGED: Readonly<Record<string, string>> = {
  aws_iam_role: PRINCIPAL_TAG,
  aws_iam_user: PRINCIPAL_TAG,
  aws_redshift_cluster: RESOURCE_TAG,
  aws_redshiftserverless_namespace: RESOURCE_TAG,
  aws_redshiftserverless_workgroup: RESOURCE_TAG,
  ...Object.fromEntries(KEY_TYPES.map((type) => [type, RESOURCE_TAG])),
};

/** The rule about tags and aliases that the plan changes and that conditions test. */
export const CONDITION_RULES: readonly Rule[] = [
  rule({
    id: "condition-fact-changes",
    severity: "warning",
    title: "A tag or alias that conditions test changes",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/abac.html",
    notShown: policiesNotShown,
    subjects: changedFacts,
    unjudged: ({ resource, tests }, model) =>
      tests.length === 0 || resource.type === "aws_kms_alias"
        ? undefined
        : model.whyHidden(resource, "tags", "tags_all"),
    faultOf: ({ facts, tests }) =>
      tests.length > 0 &&
      facts.length > 0 && {
        consequence: `The plan changes ${facts.join(", ")}. Conditions that test this decide who may do something, so somebody may gain or lose access: ${statementsText(tests)}.`,
        remedy: "Compare the value before and after the change with these conditions.",
      },
  }),
];

/** A condition test of a tag or an alias, and the statement that has it. */
interface FactTest {
  /** The address of the policy. */
  readonly address: string;
  readonly statement: Statement;
  readonly test: ConditionTest;
}

/** A resource of which the plan changes tags or aliases, or may change them. */
interface ChangedFacts {
  readonly address: string;
  /** Words for the changed tags or the changed alias that conditions test; empty if the tags are not shown. */
  readonly facts: readonly string[];
  readonly resource: PlannedResource;
  /** The tests of these tags or of this alias; those of any tag if the tags are not shown. */
  readonly tests: readonly FactTest[];
}

/**
 * Returns the resources whose tags the plan may change, and the aliases that it creates, destroys, replaces or moves to another
 * key.
 */
function changing(model: Model): readonly PlannedResource[] {
  return [
    ...model.ofType(...Object.keys(TAGGED)).filter((one) => one.action === "update" && hasOtherTags(one)),
    ...model.ofType("aws_kms_alias").filter(changesTarget),
  ];
}

function changesTarget(alias: PlannedResource): boolean {
  const [before, after] = SIDES.map((side) => stringOf(alias, side, "target_key_id"));
  return ["create", "destroy", "replace"].includes(alias.action) || (alias.action === "update" && before !== after);
}

function changedFacts(model: Model): readonly ChangedFacts[] {
  const resources = changing(model);
  const tests = resources.length === 0 ? new Map<string, readonly FactTest[]>() : testsByKey(model);
  return resources.map((resource) =>
    resource.type === "aws_kms_alias" ? changedAlias(resource, tests) : changedTagsOf(resource, tests),
  );
}

function changedAlias(alias: PlannedResource, byKey: ReadonlyMap<string, readonly FactTest[]>): ChangedFacts {
  const [name] = SIDES.flatMap((side) => stringOf(alias, side, "name") ?? []);
  const isOfAlias = ({ test: { values } }: FactTest): boolean =>
    name === undefined || values.some((value) => value.includes("${") || matchesPattern(value, name));
  return {
    address: alias.address,
    facts: [name ?? "an alias"],
    resource: alias,
    tests: ALIAS_KEYS.flatMap((key) => byKey.get(key) ?? []).filter(isOfAlias),
  };
}

function changedTagsOf(resource: PlannedResource, byKey: ReadonlyMap<string, readonly FactTest[]>): ChangedFacts {
  const { address, type } = resource;
  const start = TAGGED[type]!;
  const isOnResource = ({ statement }: FactTest): boolean => start === PRINCIPAL_TAG || isFor(statement, type);
  const testsOf = (key: string) => (byKey.get(key) ?? []).filter(isOnResource);
  const names = changedTags(resource);
  if (names === undefined) {
    const tests = [...byKey].flatMap(([key]) => (key.startsWith(start) ? testsOf(key) : []));
    return { address, facts: [], resource, tests };
  }
  const tested = names.filter((name) => testsOf(keyOf(start, name)).length > 0);
  const tests = tested.flatMap((name) => testsOf(keyOf(start, name)));
  return { address, facts: tested.map((name) => `the tag ${name}`), resource, tests };
}

function keyOf(start: string, tag: string): string {
  return `${start}${tag.toLowerCase()}`;
}

/** Whether a statement has actions of the service of a resource type, and so may apply to such a resource. */
function isFor({ Action, NotAction }: Statement, type: string): boolean {
  const services = type.includes("_kms_") ? ["kms"] : ["redshift", "redshift-data", "redshift-serverless"];
  const serviceOf = (action: string): string => action.split(":", 1)[0]!.toLowerCase();
  return (
    NotAction !== undefined ||
    asArray(Action).some((action) => services.some((service) => matchesPattern(serviceOf(action), service)))
  );
}

/** Groups the condition tests of all shown policies after the change by their condition keys. */
function testsByKey(model: Model): ReadonlyMap<string, readonly FactTest[]> {
  const keyPolicies = model.keys.map(({ address, policy }) => ({ address, statements: policy.after.statements }));
  const tests = [...keyPolicies, ...model.iamPolicies, ...model.trustPolicies].flatMap(({ address, statements }) =>
    statements.flatMap((statement) => conditionTests(statement).map((test) => ({ address, statement, test }))),
  );
  return groupBy(tests, ({ test }) => test.key);
}

function statementsText(tests: readonly FactTest[]): string {
  const names = [
    ...new Set(
      tests.map(
        ({ address, statement, test }) => `${inSentence(titleOf(statement))} of ${address} (${test.originalKey})`,
      ),
    ),
  ].sort();
  return listOf(names, MOST_NAMED);
}

/** Returns the policies that are not shown; none if the plan changes no tag and no alias that they may test. */
function policiesNotShown(model: Model): readonly NotJudged[] {
  return changing(model).length === 0
    ? []
    : [...hiddenKeyPolicies(model), ...hiddenPolicies([...model.iamPolicies, ...model.trustPolicies])];
}
