import { PlanCallers } from "../../../review/model/plan-callers";
import { ACCOUNT, KEY_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  created,
  destroyed,
  kept,
  keyWith,
  modelOf,
  newKey,
  policyOf,
  type Resource,
  type Values,
} from "../support/small-plan";

const arn = (name: string) => `arn:aws:iam::${ACCOUNT}:${name}`;
const statement = (more: Values = {}) => ({ Action: "kms:Decrypt", Effect: "Allow", Resource: "*", ...more });
const role = (name: string, values: Values = {}) =>
  kept(`aws_iam_role.${name}`, { arn: arn(`role/${name}`), inline_policy: [], name, ...values });
const rolePolicy = (name: string, ...statements: object[]) =>
  kept(`aws_iam_role_policy.${name}`, { policy: policyOf(...statements), role: name });
const callersOf = (resources: readonly Resource[], account: string | null = ACCOUNT) =>
  PlanCallers.inAccount(modelOf(...resources), "aws", account ?? undefined);
const one = (principal: string, standsForOthers = false) => ({ name: principal, principal, standsForOthers });

describe("the callers of a plan", () => {
  const SSO = "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_s_";
  const group = kept("aws_iam_group.g", { name: "g" });
  const groupPolicy = kept("aws_iam_group_policy.g", { group: "g", policy: policyOf() });

  test.each<[string, readonly Resource[], readonly object[], readonly object[]]>([
    ["a role by its ARN", [role("r")], [one(arn("role/r"))], []],
    ["a new user by its name", [created("aws_iam_user.u", { name: "u" })], [one(arn("user/u"))], []],
    ["no destroyed role", [destroyed("aws_iam_role.r", { arn: arn("role/r"), name: "r" })], [], []],
    [
      "a permission set by its role",
      [kept("aws_ssoadmin_permission_set.s", { name: "s" })],
      [{ name: arn(`${SSO}*`), principal: arn(`${SSO}${"0".repeat(16)}`), standsForOthers: true }],
      [],
    ],
    [
      "a role outside the plan that gets a policy",
      [rolePolicy("r", statement())],
      [one(arn("role/r"))],
      [one(arn("role/r"))],
    ],
    [
      "the members of a group",
      [group, groupPolicy],
      [one(arn("user/any member of g"), true)],
      [one(arn("user/any member of g"), true)],
    ],
  ])("are %s", (_, resources, callers, outside) => {
    const read = callersOf(resources);
    expect([read.callers, read.outside]).toStrictEqual([callers, outside]);
    expect([...read.principals]).toStrictEqual(read.callers.map(({ principal }) => principal));
  });

  test("are in their own account if their ARN has one, or else in the account of the key", () => {
    const foreign = role("r", { arn: "arn:aws:iam::444455556666:role/r" });
    expect(callersOf([foreign]).callers).toStrictEqual([one("arn:aws:iam::444455556666:role/r")]);
  });

  test("are only those with an ARN if the account is unknown", () => {
    const resources = [role("r"), rolePolicy("absent", statement()), created("aws_iam_user.u", { name: "u" })];
    const read = callersOf([...resources, kept("aws_iam_user.v", { name: "v" })], null);
    expect([read.callers, read.outside, read.withoutArn]).toStrictEqual([[one(arn("role/r"))], [], ["aws_iam_user.u"]]);
  });

  test("are read once for each partition and account", () => {
    const model = modelOf(role("r"));
    expect(PlanCallers.inAccount(model, "aws", ACCOUNT)).toBe(PlanCallers.inAccount(model, "aws", ACCOUNT));
    expect(PlanCallers.inAccount(model, "aws-cn", undefined)).not.toBe(PlanCallers.inAccount(model, "aws", undefined));
  });
});

describe("the callers with a permission on a key", () => {
  const named = (key: Resource, ...statements: readonly Values[]) => {
    const roles = statements.flatMap((more, index) => [role(`r${index}`), rolePolicy(`r${index}`, statement(more))]);
    const model = modelOf(key, ...roles);
    return PlanCallers.inAccount(model, "aws", ACCOUNT)
      .withPermissionOn(model.keys[0]!)
      .map(({ principal }) => principal.split("/")[1]);
  };
  const withoutResource = (more: Values) => ({ Resource: undefined, ...more });

  test("are those whose statements allow an action on the key, in the order of the plan", () => {
    expect(
      named(
        keyWith(ADMINISTRATOR),
        { Resource: "arn:aws:kms:*:*:key/*" },
        { Resource: KEY_ARN },
        withoutResource({ NotResource: "other" }),
        { Action: "kms:*", Resource: ["other", "*"] },
        { Resource: `${KEY_ARN}0` },
        { Action: "s3:*" },
        { Effect: "Deny" },
      ),
    ).toStrictEqual(["r0", "r1", "r2", "r3"]);
  });

  test("include a role whose resource has a policy variable or, for a new key, a pattern", () => {
    expect(
      named(newKey(ADMINISTRATOR), { Resource: "arn:aws:kms:*:*:key/${aws:PrincipalTag/key}" }, { Resource: KEY_ARN }),
    ).toStrictEqual(["r0"]);
  });
});

describe("whether a caller has other limits than before", () => {
  const limited = (before: readonly Resource[], after: readonly Resource[]) =>
    callersOf(after)
      .withOtherLimits(callersOf(before))
      .map(({ principal }) => principal);
  const denial = statement({ Effect: "Deny" });
  const bounded = role("r", { permissions_boundary: "arn:aws:iam::aws:policy/ReadOnlyAccess" });

  test.each<[boolean, string, readonly Resource[], readonly Resource[]]>([
    [true, "gets a denial", [role("r")], [role("r"), rolePolicy("r", denial)]],
    [true, "loses a denial", [role("r"), rolePolicy("r", denial)], [role("r")]],
    [true, "gets a boundary", [role("r")], [bounded]],
    [true, "is outside the plan and loses a denial", [rolePolicy("r", denial)], []],
    [false, "gets a permission", [role("r")], [role("r"), rolePolicy("r", statement())]],
    [false, "keeps a denial", [role("r"), rolePolicy("r", denial)], [role("r"), rolePolicy("r", denial)]],
    [false, "is new", [], [role("r"), rolePolicy("r", denial)]],
  ])("is %j for a role that %s", (isOther, _, before, after) => {
    expect(limited(before, after)).toStrictEqual(isOther ? [arn("role/r")] : []);
  });
});
