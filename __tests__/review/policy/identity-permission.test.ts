import {
  type Identity,
  permissionOf,
  permissionsOf,
  permissionsText,
  type ResourceMatch,
} from "../../../review/policy/identity-permission";
import { patternOutcome } from "../../../review/policy/resource-pattern";
import { matchesPattern, type Statement } from "../../../review/policy/statement";
import { KEY_ARN } from "../../support/arns";

const VARIABLE = "arn:aws:kms:*:*:key/${aws:PrincipalTag/key}";
const isKey: ResourceMatch = (pattern) => patternOutcome(pattern, (one) => matchesPattern(one, KEY_ARN));
const FACTS = { "kms:viaservice": null };

type Elements = { readonly [K in keyof Statement]?: Statement[K] | undefined };
const allow = (more: Elements = {}) =>
  ({ Action: "kms:Decrypt", Effect: "Allow", Resource: "*", ...more }) as Statement;
const deny = (more: Elements = {}): Statement => allow({ Effect: "Deny", ...more });
const policy = (name: string, statements: readonly Statement[], notShown?: string) => ({ name, notShown, statements });
const identity = (statements: readonly Statement[], more: Partial<Identity> = {}): Identity => ({
  address: "aws_iam_role.r",
  boundary: undefined,
  policies: [policy("p", statements)],
  unlisted: undefined,
  ...more,
});
const permission = (one: Identity, isResource = isKey) => permissionOf(one, "kms:Decrypt", isResource, FACTS);

const viaService = (value: string) => ({ Condition: { StringEquals: { "kms:ViaService": value } } });
const tagged = { Condition: { StringEquals: { "aws:PrincipalTag/a": "b" } } };

test.each<[string, readonly Statement[]]>([
  ["no statement", []],
  ["a statement on another action", [allow({ Action: "kms:Encrypt" })]],
  ["a statement on all but the action", [allow({ Action: undefined, NotAction: "kms:*" })]],
  ["a statement on another key", [allow({ Resource: `${KEY_ARN}0` })]],
  ["a statement on all but the key", [allow({ NotResource: KEY_ARN, Resource: undefined })]],
  ["a condition that no request meets", [allow(viaService("redshift.amazonaws.com"))]],
])("an identity with %s has no permission", (_, statements) => {
  const reason = "no IAM policy of aws_iam_role.r in this plan allows it";
  expect(permission(identity(statements))).toStrictEqual({ kind: "not allowed", reason });
});

test.each<[string, Statement]>([
  ["a statement on the action and the key", allow({ Resource: [KEY_ARN, "other"] })],
  ["a statement on all but another action", allow({ Action: undefined, NotAction: "kms:Encrypt" })],
  ["a statement on all but another key", allow({ NotResource: "other", Resource: undefined })],
  ["a condition that some requests meet", allow(tagged)],
])("an identity with %s has a permission", (_, statement) => {
  expect(permission(identity([statement]))).toStrictEqual({
    kind: "allowed",
    notShown: [],
    unless: [],
    ways: [statement],
    within: [],
  });
});

test.each<[string, Statement, boolean]>([
  ["that always applies", deny(), true],
  ["on all but another key", deny({ NotResource: "other", Resource: undefined }), true],
  ["under a condition", deny(tagged), false],
  ["on a resource with a policy variable", deny({ Resource: VARIABLE }), false],
])("a denial %s refuses each request: %j", (_, denial, isCertain) => {
  const { kind, ...rest } = permission(identity([allow(), denial]));
  expect(kind).toBe(isCertain ? "not allowed" : "allowed");
  expect(rest).toMatchObject(isCertain ? { reason: "p denies it" } : { unless: [denial] });
});

test.each<[string, Elements]>([
  ["action", { Action: "sensitive" }],
  ["resource", { Resource: ["unknown until apply"] }],
  ["NotAction", { Action: undefined, NotAction: "sensitive" }],
  ["NotResource", { NotResource: "sensitive", Resource: undefined }],
])("a statement with an %s that is not shown gives no certain permission and no certain denial", (_, part) => {
  const hidden = (statement: Statement) => ({ policies: [policy("p", [allow(), statement], "sensitive")] });
  expect(permission(identity([], hidden(deny(part))))).toMatchObject({ kind: "allowed", unless: [] });
  expect(permission(identity([], { policies: [policy("p", [allow(part)], "sensitive")] }))).toStrictEqual({
    kind: "unknown",
    possible: [],
    reason: "p is not shown: sensitive",
  });
});

test("a policy that may be attached gives no certain permission, and still shows its statement on the action and the key", () => {
  const others = [
    allow({ Action: "kms:Encrypt" }),
    allow({ Resource: "other" }),
    allow(viaService("redshift.amazonaws.com")),
  ];
  const hidden = { ...policy("p", [], "unknown until apply"), possible: [allow(tagged), ...others] };
  const result = { kind: "unknown", possible: [allow(tagged)], reason: "p is not shown: unknown until apply" };
  expect(permission(identity([], { policies: [hidden] }))).toStrictEqual(result);
  expect(permission(identity([], { policies: [policy("q", [deny()]), hidden] }))).toMatchObject({
    kind: "not allowed",
  });
});

test("a permission on a resource with a policy variable is unknown", () => {
  expect(permission(identity([allow({ Resource: VARIABLE })]))).toStrictEqual({
    kind: "unknown",
    possible: [],
    reason: "a resource of p has a policy variable",
  });
});

test("policies that are not shown or not listed are reasons for which a permission is unknown", () => {
  const more = { policies: [policy("p", [], "sensitive"), policy("q", [allow()])], unlisted: "others may exist" };
  const notShown = ["p is not shown: sensitive", "others may exist"];
  expect(permission(identity([], more))).toMatchObject({ kind: "allowed", notShown });
  expect(permission(identity([], { ...more, policies: [more.policies[0]!] }))).toStrictEqual({
    kind: "unknown",
    possible: [],
    reason: notShown.join(", "),
  });
});

describe("a permissions boundary", () => {
  const within = (boundary: readonly Statement[], notShown?: string, statements = [allow()]) =>
    permission(identity(statements, { boundary: policy("b", boundary, notShown) }));

  test("that allows the action is beside the statement", () => {
    expect(within([allow(tagged)])).toMatchObject({ kind: "allowed", ways: [allow()], within: [allow(tagged)] });
  });

  test("alone gives no permission", () => {
    expect(within([allow()], undefined, [])).toMatchObject({ kind: "not allowed" });
  });

  test("that does not allow the action refuses it, and may refuse it if the boundary is not shown", () => {
    expect(within([])).toStrictEqual({
      kind: "not allowed",
      reason: "the permissions boundary b does not allow it",
    });
    expect(within([], "sensitive")).toStrictEqual({
      ifBounded: { kind: "allowed", notShown: [], unless: [], ways: [allow()], within: [] },
      kind: "unknown",
      possible: [],
      reason: "the permissions boundary b is not shown: sensitive",
    });
  });

  test("that is not shown refuses nothing that no policy allows, and limits beside the denials that are shown", () => {
    const nothing = { kind: "not allowed", reason: "no IAM policy of aws_iam_role.r in this plan allows it" };
    expect(within([], "sensitive", [])).toStrictEqual(nothing);
    expect(within([deny(tagged)], "sensitive")).toMatchObject({ ifBounded: { unless: [deny(tagged)] } });
  });

  test("that allows the action may deny it in a part that is not shown", () => {
    expect(within([allow()], "unknown until apply")).toMatchObject({
      kind: "allowed",
      notShown: ["b is not shown: unknown until apply"],
    });
    expect(within([allow()])).toMatchObject({ kind: "allowed", notShown: [] });
  });

  test("that denies the action refuses it", () => {
    expect(within([allow(), deny()])).toStrictEqual({ kind: "not allowed", reason: "b denies it" });
  });
});

test("for a key that is not shown, a pattern must match every key in a denial, and one key in a permission", () => {
  const asked: unknown[] = [];
  const isResource: ResourceMatch = (pattern, quantifier) => {
    asked.push([pattern, quantifier]);
    return "met";
  };
  const excepting = { NotResource: "not", Resource: undefined };
  permission(identity([allow(), deny(), allow(excepting), deny(excepting)]), isResource);
  expect(asked).toStrictEqual([
    ["*", "some"],
    ["*", "every"],
    ["not", "every"],
    ["not", "some"],
  ]);
});

test("actions of the same statements have one permission, and other actions have another", () => {
  const statements = [allow({ Action: ["kms:Decrypt", "kms:Encrypt"] }), allow({ Action: "kms:De*" })];
  const permissionOn = permissionsOf(identity(statements), isKey, FACTS);
  expect(permissionOn("kms:DescribeKey")).toBe(permissionOn("kms:DeleteAlias"));
  expect(permissionOn("kms:Encrypt")).toMatchObject({ ways: [statements[0]] });
  expect(permissionOn("kms:Decrypt")).toMatchObject({ ways: statements });
});

test("identities share a text of their permissions only if both boundaries are shown", () => {
  const bounded = (notShown?: string) => permissionsText(identity([allow()], { boundary: policy("b", [], notShown) }));
  expect(bounded()).toBe(bounded());
  expect(bounded("unknown until apply")).not.toBe(bounded());
  expect(permissionsText(identity([allow()]))).not.toBe(bounded());
});
