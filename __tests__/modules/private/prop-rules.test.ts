import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Token } from "cdktf";
import ts from "typescript";
import { fail } from "../../../modules/private/checks";
import {
  checkProps,
  decision,
  list,
  number,
  type PropRule,
  propRules,
  type PropSet,
  text,
} from "../../../modules/private/prop-rules";
import { TAGGED_RESOURCE_PROPS } from "../../../modules/private/resource-props";
import { oneOfOrNewer } from "../../../modules/private/rule";
import { PERCENTAGE, REGION } from "../../../modules/private/rules";
import { readDescriptions } from "../../../tools/docs/descriptions";
import { ROOT } from "../../support/paths";
import { testStack, warningsOf } from "../../support/support";

const DESCRIPTIONS = readDescriptions();
const MODULES = join(ROOT, "modules");
const SETS = readdirSync(MODULES, { encoding: "utf8", recursive: true })
  .filter((file) => file.endsWith(".ts") && readFileSync(join(MODULES, file), "utf8").includes(" = propRules("))
  .flatMap((file) => Object.values(jest.requireActual<Readonly<Record<string, unknown>>>(join(MODULES, file))))
  .filter((value): value is PropSet<Readonly<Record<string, PropRule>>> => {
    const { name, rules } = (value ?? {}) as Partial<PropSet<unknown>>;
    return typeof name === "string" && typeof rules === "object";
  });
const PROPS = SETS.flatMap(({ name, rules }) =>
  Object.entries(rules).map(([prop, rule]) => [`${name}.${prop}`, rule] as const),
);

/** The known values of the unions `OrNewer<…>`, by interface and prop. */
function knownValuesOfTypes(): ReadonlyMap<string, readonly string[]> {
  return new Map(
    readdirSync(MODULES, { encoding: "utf8", recursive: true })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => ts.createSourceFile(file, readFileSync(join(MODULES, file), "utf8"), ts.ScriptTarget.ES2022, true))
      .flatMap(({ statements }) => statements.filter(ts.isInterfaceDeclaration))
      .flatMap(({ members, name }) =>
        members.filter(ts.isPropertySignature).flatMap((member) => {
          const [, union] = /OrNewer<([^>]*)>/.exec(member.type!.getText()) ?? [];
          const values = union?.match(/(?<=")[^"]+(?=")/g)?.filter((part) => /\w/.test(part));
          return values === undefined ? [] : [[`${name.text}.${member.name.getText()}`, values.sort()] as const];
        }),
      ),
  );
}

test("the known values of each OrNewer type are the known values of the prop's rule", () => {
  const types = knownValuesOfTypes();
  const ruleTypes = [...types.keys()].map((name) => {
    // A base interface has no rules: those that extend it have.
    const isBase = SETS.every((set) => set.name !== name.split(".")[0]);
    const props = PROPS.filter(([prop]) => (isBase ? prop.split(".")[1] === name.split(".")[1] : prop === name));
    const values = props.flatMap(([, { rule }]) => rule?.knownValues ?? []);
    return [name, [...new Set(values)].sort()] as const;
  });
  expect(ruleTypes).toStrictEqual([...types]);
  expect(types.size).toBeGreaterThan(5);
});

test("each prop with a rule has a JSDoc description", () => {
  expect(PROPS.filter(([prop]) => !DESCRIPTIONS.get(prop)?.meaning)).toStrictEqual([]);
});

test("each literal default in JSDoc is the default of the rules", () => {
  const documented = PROPS.filter(([prop]) => DESCRIPTIONS.get(prop)?.literal !== undefined);
  expect(documented.map(([prop, { preset }]) => [prop, JSON.stringify(preset)])).toStrictEqual(
    documented.map(([prop]) => [prop, DESCRIPTIONS.get(prop)!.literal]),
  );
  expect(documented).not.toStrictEqual([]);
});

const BOTH_CLAIMS = "only 'audiences' (aud) and 'subjects' (sub) together limit the users of a provider";
/** The word for an item of each list that must not be empty, by interface and prop. */
const ITEMS = {
  "AuditLogGroupsProps.logExports": "log",
  "CreatedDataApiKeyProps.viaServices": "service",
  "DataApiAccessOptions.databases": "database",
  "DataApiEndpointProps.subnetIds": "subnet",
  "DataApiGrantProps.operations": "operation",
  "DataApiKeyProps.administrators": "administrator",
  "DataApiKeyProps.viaServices": "service",
  "DataApiKeyReplicaProps.administrators": "administrator",
  "DataApiKeyReplicaProps.viaServices": "service",
  "DataApiRoleProps.databaseGroups": "group",
  "DataApiRoleProps.databaseRoles": "role",
  "DataApiRoleProps.sessionNames": "session name",
  "DatabaseGrant.privileges": "privilege",
  "DefaultPrivilege.privileges": "privilege",
  "EndpointAuthorizationProps.vpcIds": "VPC",
  "EventSubscriptionProps.eventCategories": "category",
  "ExistingDataApiKeyProps.viaServices": "service",
  "KeyUsageAlarmsProps.aliases": "alias",
  "OidcTrust.audiences": `audience, such as sts.amazonaws.com: ${BOTH_CLAIMS}`,
  "OidcTrust.sessionNames": "session name",
  "OidcTrust.sessionTags": "tag key",
  "OidcTrust.sourceIdentities": "source identity",
  "OidcTrust.subjects":
    "subject, such as system:serviceaccount:NAMESPACE:NAME (EKS) or repo:OWNER/REPOSITORY:environment:NAME (GitHub Actions): " +
    BOTH_CLAIMS,
  "PrincipalTrust.principals": "principal",
  "PrincipalTrust.sessionNames": "session name",
  "PrincipalTrust.sessionTags": "tag key",
  "PrincipalTrust.sourceIdentities": "source identity",
  "SamlTrust.audiences": "sign-in URL",
  "SamlTrust.sessionNames": "session name",
  "SamlTrust.sessionTags": "tag key",
  "SamlTrust.sourceIdentities": "source identity",
  "SamlTrust.subjects": "subject",
  "ScheduledQueryGroupOptions.databases": "database",
  "ScheduledQueryProps.sqls": "statement",
  "SchemaGrant.privileges": "privilege",
  "ServerlessSnapshotPolicyProps.restorers": "principal",
  "SnapshotScheduleProps.definitions": "time",
  "TableGrant.privileges": "privilege",
  "TableGrant.tables": "table",
  "WarehouseAlarmsOptions.topicArns": "topic",
};

test.each(Object.entries(ITEMS))("the list %s must have at least one %s", (name, item) => {
  const prop = name.split(".")[1]!;
  const [, rule] = PROPS.find(([one]) => one === name)!;
  expect(() => checkProps("Test", { [prop]: [] }, propRules("Props", { [prop]: rule }))).toThrow(
    new Error(`[Test] '${prop}' must name at least one ${item}, got: []`),
  );
});

test("each other list may be empty", () => {
  const names = PROPS.filter(([, { atLeastOne }]) => atLeastOne !== undefined).map(([name]) => name);
  expect([...new Set(names)].sort()).toStrictEqual(Object.keys(ITEMS).sort());
});

const CONSTRUCTS = PROPS.filter(([, { kind, rule }]) => kind === "code" && rule !== undefined);
test.each(CONSTRUCTS)(
  "the prop %s, which is a construct, may be neither null nor another object nor a token",
  (name, rule) => {
    const prop = name.split(".")[1]!;
    const check = (value: unknown) => () => checkProps("Test", { [prop]: value }, propRules("Props", { [prop]: rule }));
    expect(check(null)).toThrow(new RegExp(`^\\[Test\\] '${prop}' must be .*, got: null$`));
    expect(check(Token.asAny("a token"))).toThrow(new RegExp(`^\\[Test\\] '${prop}' must be .*, got: a token$`));
    expect(check({})).toThrow(new RegExp(`^\\[Test\\] '${prop}' must be .*, got: \\{\\}$`));
  },
);

describe("checkProps", () => {
  interface Props {
    readonly fewest: number;
    readonly most: number;
    readonly region: string;
  }
  const set = propRules("Props", { fewest: number(PERCENTAGE), most: number(PERCENTAGE), region: text(REGION) });
  const check = (props: object) =>
    checkProps(
      "Test",
      props as Props,
      set,
      ({ region }) => region.startsWith("cn-") && fail("Test", "region", "be outside China", region),
      ({ fewest, most }) => fewest > most && fail("Test", "most", `be ${fewest} or more`, most),
    );

  test("reports the errors of all checks of several props if each prop follows its rule", () => {
    const message = "[Test] 'region' must be outside China, got: cn-north-1\n[Test] 'most' must be 8 or more, got: 7";
    expect(() => check({ fewest: 8, most: 7, region: "cn-north-1" })).toThrow(message);
  });

  test("skips a check that reads a prop that breaks its rule, and runs the other checks", () => {
    const message = "[Test] 'region' must be an AWS region, got: 7\n[Test] 'most' must be 8 or more, got: 7";
    expect(() => check({ fewest: 8, most: 7, region: 7 })).toThrow(message);
  });

  test.each<[string, object, string]>([
    [
      "an item of a list token",
      { text: Token.asList("a token")[0] },
      "'text' must be a string of 1 to 9 characters; for an item of a list token, use Token.asString(Fn.element(list, 0)) in place of list[0], got: #{TfToken[",
    ],
    [
      "a token that is no list",
      { list: Token.asAny("a token") },
      "'list' must be a list; for a token, use Token.asList(token), got: a token",
    ],
    [
      "a token that is no string",
      { text: Token.asAny("a token") },
      "'text' must be a string; for a token, use Token.asString(token), got: a token",
    ],
    [
      "a token that is no string in a list",
      { list: ["us-east-1", Token.asAny("a token")] },
      "'list[1]' must be a string; for a token, use Token.asString(token), got: a token",
    ],
    [
      "a token for a value that synthesis depends on",
      { decision: Token.asAny("a token") },
      "'decision' must be an AWS region, known when the configuration is synthesized, got: a token",
    ],
    [
      "the name of a provider",
      { provider: "aws.europe" },
      "'provider' must be a provider, such as an AwsProvider, got: aws.europe",
    ],
    ["a list as tags", { tags: ["owner"] }, "'tags' must be a map, got: [\"owner\"]"],
    ["a Map as tags", { tags: new Map([["owner", "data"]]) }, "'tags' must be a map, got: \"Map\""],
    ["null as provider", { provider: null }, "'provider' must be a provider, such as an AwsProvider, got: null"],
  ])("refuses %s", (_, props, message) => {
    const rules = {
      decision: decision(text(REGION)),
      list: list(REGION),
      text: text({ maxLength: 9, minLength: 1, must: "be a string of 1 to 9 characters" }),
    };
    const check = () => checkProps("Test", props, propRules("Props", { ...rules, ...TAGGED_RESOURCE_PROPS }));
    expect(check).toThrow(`[Test] ${message}`);
  });

  test("warns of each unknown value of a list, and of none that is a token", () => {
    const stack = testStack();
    const names = propRules("Props", { names: list(oneOfOrNewer(["red", "blue"], "[a-z]+")) });
    checkProps(stack, { names: ["red", "rad", Token.asString({ resolve: () => "a" })] }, names);
    checkProps(stack, { names: Token.asList("a token") }, names);
    expect(warningsOf(stack)).toStrictEqual([
      "'names[1]' should be a known value, got: rad. The nearest is red. If AWS has added the value, ignore this warning: " +
        "checks that depend on the value are skipped",
    ]);
  });

  test("accepts a list token", () => {
    const props = { list: Token.asList("a token") };
    expect(() => checkProps("Test", props, propRules("Props", { list: list(REGION) }))).not.toThrow();
  });

  test("throws a TypeError of a check", () => {
    const fault = (): never => {
      throw new TypeError("a fault");
    };
    expect(() => checkProps("Test", {}, set, fault)).toThrow(TypeError);
  });
});
