import { groupBy } from "../../modules/private/group-by";
import { KEY_TYPES } from "../model/key";
import type { IamPolicy, Model } from "../model/model";
import { attributeOf, stringOf } from "../plan/attributes";
import type { PlannedResource } from "../plan/plan";
import { changedTags, hasOtherTags } from "../plan/tags";
import { ALIAS_KEYS, type ConditionTest, conditionTests, PRINCIPAL_TAG, RESOURCE_TAG } from "../policy/condition";
import { hasActionOf, inSentence, matchesPattern, type Statement, titleOf } from "../policy/statement";
import { listOf } from "./list-of";
import { hiddenKeyPolicies, hiddenPolicies } from "./not-shown";
import { type NotJudged, type Rule, rule } from "./rule";
import { RESOURCE_POLICIES } from "./sharing";

const SIDES = ["before", "after"] as const;
/** The most statements that a finding names. */
const MOST_NAMED = 5;

/**
 * The condition keys on the tags of a resource begin with `start`. Only requests to `services` have these keys; undefined means all
 * services.
 */
interface TagKeys {
  readonly services: readonly string[] | undefined;
  readonly start: string;
}

const IDENTITY_TAGS: readonly TagKeys[] = [
  { services: undefined, start: PRINCIPAL_TAG },
  { services: ["iam", "sts"], start: RESOURCE_TAG },
  { services: ["iam", "sts"], start: "iam:resourcetag/" },
];
const WAREHOUSE_TAGS: readonly TagKeys[] = [
  { services: ["redshift", "redshift-data", "redshift-serverless"], start: RESOURCE_TAG },
];
/** The types of resources whose tags conditions can test, each with the condition keys. */
const TAGGED: Readonly<Record<string, readonly TagKeys[]>> = {
  aws_iam_role: IDENTITY_TAGS,
  aws_iam_user: IDENTITY_TAGS,
  aws_redshift_cluster: WAREHOUSE_TAGS,
  aws_redshiftserverless_namespace: WAREHOUSE_TAGS,
  aws_redshiftserverless_workgroup: WAREHOUSE_TAGS,
  aws_secretsmanager_secret: [
    { services: ["secretsmanager"], start: RESOURCE_TAG },
    { services: ["secretsmanager"], start: "secretsmanager:resourcetag/" },
  ],
  ...Object.fromEntries(KEY_TYPES.map((type) => [type, [{ services: ["kms"], start: RESOURCE_TAG }]])),
};

/** The rule about tags and aliases that the plan changes and that conditions test. */
export const CONDITION_RULES: readonly Rule[] = [
  rule({
    id: "condition-fact-changes",
    severity: "warning",
    title: "The plan changes a tag or alias that conditions test",
    see: "https://docs.aws.amazon.com/kms/latest/developerguide/abac.html",
    notShown: policiesNotShown,
    subjects: changedFacts,
    unjudged: ({ facts, resource, tests }, model) => {
      // Default tags of a provider that are unknown hide all tags, although no attribute of the resource refers to them.
      const whyDefaultsHidden = facts.length === 0 ? "tags_all is unknown until apply" : undefined;
      return tests.length === 0 ? undefined : (model.whyHidden(resource, "tags", "tags_all") ?? whyDefaultsHidden);
    },
    faultOf: ({ facts, tests }) =>
      tests.length > 0 &&
      facts.length > 0 && {
        consequence: `The plan changes ${facts.join(", ")}. Conditions that test this decide who may do something, so somebody may gain or lose access: ${statementsText(tests)}.`,
        remedy: "Compare the value before and after the change with these conditions.",
      },
  }),
];

/** A condition test of a tag or an alias, and the statement that has the test. */
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
  /** The tests of these tags or of this alias. If the tags are not shown, the tests of any tag. */
  readonly tests: readonly FactTest[];
}

/**
 * Returns the resources whose tags the plan may change. Returns also the aliases that the plan creates, destroys, replaces or moves
 * to another key.
 */
function changing(model: Model): readonly PlannedResource[] {
  return [
    ...model.withType(...Object.keys(TAGGED)).filter((one) => one.action === "update" && hasOtherTags(one)),
    ...model.withType("aws_kms_alias").filter(changesTarget),
  ];
}

function changesTarget(alias: PlannedResource): boolean {
  const [before, after] = SIDES.map((side) => stringOf(alias, side, "target_key_id"));
  return ["create", "destroy", "replace"].includes(alias.action) || before !== after;
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
  const testsOf = (isKey: (key: string, start: string) => boolean): readonly FactTest[] =>
    TAGGED[type]!.flatMap(({ services, start }) =>
      [...byKey]
        .filter(([key]) => isKey(key, start))
        .flatMap(([, tests]) =>
          tests.filter(({ statement }) => services === undefined || hasActionOf(statement, services)),
        ),
    );
  const names = changedTags(resource);
  if (names === undefined) {
    return { address, facts: [], resource, tests: testsOf((key, start) => key.startsWith(start)) };
  }
  const testsOfTag = (name: string) => testsOf((key, start) => key === `${start}${name.toLowerCase()}`);
  const tested = names.filter((name) => testsOfTag(name).length > 0);
  return { address, facts: tested.map((name) => `the tag ${name}`), resource, tests: tested.flatMap(testsOfTag) };
}

/** Groups condition tests by their condition keys. The tests are those of all shown policies after the change. */
function testsByKey(model: Model): ReadonlyMap<string, readonly FactTest[]> {
  const keyPolicies = model.keys.map(({ address, policy }) => ({ address, statements: policy.after.statements }));
  const policies = [...keyPolicies, ...model.iamPolicies, ...model.trustPolicies, ...resourcePolicies(model)];
  const tests = policies.flatMap(({ address, statements }) =>
    statements.flatMap((statement) => conditionTests(statement).map((test) => ({ address, statement, test }))),
  );
  return groupBy(tests, ({ test }) => test.key);
}

/** Returns the policies that resources of the plan set on secrets and on warehouses. */
function resourcePolicies(model: Model): readonly IamPolicy[] {
  return model
    .withType("aws_secretsmanager_secret", "aws_secretsmanager_secret_policy", ...RESOURCE_POLICIES)
    .filter((resource) => {
      const { kind } = attributeOf(resource, "after", "policy");
      const isEmpty = kind === "known" && stringOf(resource, "after", "policy") === "";
      return kind === "unknown until apply" ? model.whyHidden(resource, "policy") !== undefined : !isEmpty;
    })
    .map((resource) => model.policyOf(resource, "policy"));
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
    : [
        ...hiddenKeyPolicies(model),
        ...hiddenPolicies([...model.iamPolicies, ...model.trustPolicies, ...resourcePolicies(model)]),
      ];
}
