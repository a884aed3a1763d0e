import { ACCOUNT, KEY_ARN } from "../../support/arns";
import {
  allow,
  created,
  destroyed,
  kept,
  policyOf,
  type Resource,
  reviewed,
  reviewedUnder,
  updated,
  type Values,
} from "../support/small-plan";

const ROOT = allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:*");
const READER = `arn:aws:iam::${ACCOUNT}:role/Reader`;
const OTHER = "arn:aws:iam::444455556666:role/Reader";
const role = kept("aws_iam_role.reader", { arn: READER, name: "Reader", path: "/" });
const keyOf = (...statements: object[]) =>
  kept("aws_kms_key.k", { arn: KEY_ARN, policy: policyOf(...statements) }, { expressions: { policy: {} } });
const policyFor = (statement: Values) => ({
  policy: policyOf({ Action: "kms:Decrypt", Effect: "Allow", Resource: KEY_ARN, ...statement }),
  role: "Reader",
});
const grants = (statement: Values = {}) => created("aws_iam_role_policy.p", policyFor(statement));

const deny = (more: object) => ({ ...allow("*", "kms:*", more), Effect: "Deny" });

/** The row of the role in the table of the key. */
function rowIn(...resources: Resource[]) {
  const [key] = reviewed(resources).keys;
  const row = key!.principals.find(({ principal }) => principal === READER);
  const ability = row?.abilities["encrypt and decrypt"];
  return (
    ability && {
      actions: ability.after.leftToIam.actions,
      change: ability.change,
      limits: ability.after.leftToIam.limits,
    }
  );
}

describe("a role that reaches a key by IAM policies alone", () => {
  test('has a row in the table with the change "gained" by a new policy', () => {
    expect(rowIn(keyOf(ROOT), role, grants())).toStrictEqual({
      actions: ["kms:Decrypt"],
      change: "gained",
      limits: ["only kms:Decrypt"],
    });
    const [key] = reviewed([keyOf(ROOT), role, grants()]).keys;
    expect(key!.principals.map(({ standsFor }) => standsFor)).toContain("by its IAM policies in this plan");
  });

  test("has a row if the account of a new key is unknown, and the key policy names one root", () => {
    const newRole = created("aws_iam_role.reader", { name: "Reader", path: "/" });
    const bypassing = (...statements: readonly object[]) =>
      created("aws_kms_key.k", {
        bypass_policy_lockout_safety_check: true,
        policy: policyOf(...statements),
      });
    const rowOf = (...statements: readonly object[]) =>
      reviewed([bypassing(...statements), newRole, grants({ Resource: "*" })]).keys[0]!.principals.find(
        ({ principal }) => principal === READER,
      );
    expect(rowOf(ROOT)?.standsFor).toBe("by its IAM policies in this plan, if the key is in the account of the root");
    expect(rowOf(ROOT, allow("arn:aws:iam::444455556666:root", "kms:*"))).toBeUndefined();
  });

  test.each<[string, readonly object[], string | undefined, string]>([
    ["its root", [ROOT, allow("arn:aws:iam::444455556666:root", "kms:Decrypt")], OTHER, "gained"],
    ["the role", [allow(OTHER, "kms:Decrypt")], `${OTHER} (IAM policies)`, "gained"],
    ["everybody, beside the root of the key", [ROOT, allow("*", "kms:Decrypt")], OTHER, "gained"],
    ["nobody of it", [ROOT, allow(READER, "kms:Decrypt")], undefined, ""],
    ["its root, for another action", [ROOT, allow("arn:aws:iam::444455556666:root", "kms:Sign")], undefined, ""],
  ])("has a row if it is of another account and the key policy names %s", (_, statements, principal, change) => {
    const other = kept("aws_iam_role.reader", { arn: OTHER, name: "Reader", path: "/" });
    const [key] = reviewed([keyOf(...statements), other, grants()]).keys;
    const row = key!.principals.find(({ standsFor }) => standsFor === "by its IAM policies in this plan");
    expect(row?.principal).toBe(principal);
    expect(row?.abilities["encrypt and decrypt"].change ?? "").toBe(change);
  });

  test.each([
    ["aws", "by its IAM policies in this plan"],
    ["aws.other", "by its IAM policies in this plan, if its provider is for the account of the key"],
  ])("has a row if it is new and of the provider %s, with the remark: %s", (provider, standsFor) => {
    const newRole = created("aws_iam_role.reader", { name: "Reader", path: "/" });
    const configured = (address: string, key: string) => ({ address, mode: "managed", provider_config_key: key });
    const [key] = reviewed(
      [],
      {},
      {
        configuration: {
          root_module: { resources: [configured("aws_kms_key.k", "aws"), configured("aws_iam_role.reader", provider)] },
        },
        resource_changes: [keyOf(ROOT), newRole, grants({ Resource: "*" })].map(({ change }) => change),
      },
    ).keys;
    expect(key!.principals.find(({ principal }) => principal === READER)?.standsFor).toBe(standsFor);
  });

  test("has a row if its name is unknown", () => {
    const unnamed = (address: string, name_prefix: string) =>
      created(address, { name_prefix, path: "/" }, { after_unknown: { arn: true, name: true } });
    const inline = (address: string, ...references: string[]) =>
      created(
        address,
        { policy: policyOf({ Action: "kms:Decrypt", Effect: "Allow", Resource: KEY_ARN }) },
        { after_unknown: { role: true }, expressions: { policy: {}, role: { references } } },
      );
    const resources = [
      unnamed("aws_iam_role.app", "app-"),
      unnamed("aws_iam_role.other", "app-"),
      inline("aws_iam_role_policy.app", "aws_iam_role.app.name", "aws_iam_role.app"),
    ];
    const report = reviewed([keyOf(ROOT), ...resources]);
    const rows = report.keys[0]!.principals.filter(({ principal }) => principal.includes("app-"));
    expect(rows.map(({ principal, standsFor }) => [principal, standsFor])).toStrictEqual([
      [
        `arn:aws:iam::${ACCOUNT}:role/app-* (aws_iam_role.app)`,
        "its name is unknown until apply, by its IAM policies in this plan",
      ],
    ]);
    expect(rows[0]!.abilities["encrypt and decrypt"].change).toBe("gained");
    const everything = created(
      "aws_iam_role_policy_attachment.all",
      {
        policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
      },
      {
        after_unknown: { role: true },
        expressions: { policy_arn: {}, role: { references: ["aws_iam_role.other.name"] } },
      },
    );
    const [finding] = reviewed([keyOf(ROOT), ...resources, everything]).findings.filter(
      ({ rule }) => rule === "role-does-everything",
    );
    expect(finding?.reach?.keys).toStrictEqual(["aws_kms_key.k"]);
  });

  test("has a row if the plan does not show which of several policies is attached, or which of several roles has the policy", () => {
    const use = (index: string, action: string) =>
      created(`aws_iam_policy.use["${index}"]`, {
        name: index,
        policy: policyOf(
          { Action: action, Effect: "Allow", Resource: KEY_ARN },
          { Action: "kms:*", Effect: "Deny", Resource: "*" },
        ),
      });
    const policies = [use("a", "kms:Decrypt"), use("b", "kms:CreateGrant")];
    const maybe = ["only kms:Decrypt", "if the policy is attached to it, which the plan does not show"];
    const expected = { actions: ["kms:Decrypt"], change: "gained", limits: maybe };
    const attachment = (known: Values, hidden: string, ...references: string[]) =>
      created("aws_iam_role_policy_attachment.a", known, {
        after_unknown: { [hidden]: true },
        expressions: { [hidden]: { references } },
      });
    const onePolicy = attachment({ role: "Reader" }, "policy_arn", "aws_iam_policy.use", "each.value");
    expect(rowIn(keyOf(ROOT), role, ...policies, onePolicy)).toStrictEqual(expected);
    const roles = ["a", "b"].map((index) =>
      created(`aws_iam_role.reader["${index}"]`, { name: index === "a" ? "Reader" : "Other", path: "/" }),
    );
    const oneRole = created(
      "aws_iam_role_policy.p",
      { ...policyFor({}), role: undefined },
      {
        after_unknown: { role: true },
        expressions: { role: { references: ["aws_iam_role.reader", "each.value"] } },
      },
    );
    expect(rowIn(keyOf(ROOT), ...roles, oneRole)).toStrictEqual(expected);
    const nobodys = kept('aws_iam_policy.use["b"]', { policy: policyOf() });
    expect(rowIn(keyOf(ROOT), role, use("a", "kms:Encrypt"), nobodys, onePolicy)?.actions).toStrictEqual([
      "kms:Encrypt",
    ]);
    expect(rowIn(keyOf(), role, ...policies, onePolicy)).toBeUndefined();
  });

  test.each([
    ["arn:aws:kms:*:*:key/*", true],
    [KEY_ARN.replace(/.$/, "?"), true],
    ["*", true],
    ["arn:aws:kms", true],
    ["arn:aws:redshift", false],
    [KEY_ARN.replace(/key\/.*/, "key/other*"), false],
    [KEY_ARN.replace(/key\/.*/, "alias/*"), false],
  ])("by a policy on the resource %s has a row: %s", (Resource, isRow) => {
    const row = rowIn(keyOf(ROOT), role, grants({ Resource }));
    expect(row?.actions).toStrictEqual(isRow ? ["kms:Decrypt"] : undefined);
  });

  test("has the resources of a denial as a limit if their policy variable can match the key", () => {
    const denial = { Action: "kms:*", Effect: "Deny", Resource: KEY_ARN.replace(/.{4}$/, "${aws:PrincipalTag/id}") };
    const policy = policyOf({ Action: "kms:Decrypt", Effect: "Allow", Resource: KEY_ARN }, denial);
    const row = rowIn(keyOf(ROOT), role, created("aws_iam_role_policy.p", { policy, role: "Reader" }));
    expect(row?.limits).toStrictEqual(["only kms:Decrypt", `unless the key is one of ${denial.Resource}`]);
  });

  test("has a row by a policy of an exclusive list", () => {
    const list = created("aws_iam_role_policy_attachments_exclusive.a", {
      policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
      role_name: "Reader",
    });
    expect(rowIn(keyOf(ROOT), role, list)).toMatchObject({ change: "gained" });
  });

  test('has the change "same" if its policy stays, and "gained" if it allows more', () => {
    const stays = kept("aws_iam_role_policy.p", policyFor({}));
    expect(rowIn(keyOf(ROOT), role, stays)).toMatchObject({ actions: ["kms:Decrypt"], change: "same" });
    const more = updated("aws_iam_role_policy.p", policyFor({}), policyFor({ Action: ["kms:Decrypt", "kms:Encrypt"] }));
    expect(rowIn(keyOf(ROOT), role, more)).toMatchObject({ actions: ["kms:Decrypt", "kms:Encrypt"], change: "gained" });
  });

  test("has a row in the order of the plan, also if another role's policy names the key", () => {
    const roleWith = (name: string, Resource: string): Resource[] => [
      kept(`aws_iam_role.${name}`, { arn: `arn:aws:iam::${ACCOUNT}:role/${name}`, name, path: "/" }),
      created(`aws_iam_role_policy.${name}`, { ...policyFor({ Resource }), role: name }),
    ];
    const [key] = reviewed([keyOf(ROOT), ...roleWith("First", "*"), ...roleWith("Second", KEY_ARN)]).keys;
    const roles = key!.principals.map(({ principal }) => principal).filter((principal) => principal.includes("role/"));
    expect(roles.map((arn) => arn.split("/").at(-1))).toStrictEqual(["First", "Second"]);
  });

  test.each<[string, string, Values, boolean]>([
    ["aws_kms_key", "mrk-*", { multi_region: true }, true],
    ["aws_kms_replica_key", "mrk-*", {}, true],
    ["aws_kms_key", "mrk-*", { multi_region: false }, false],
    ["aws_kms_key", "mrk-*", {}, false],
    ["aws_kms_key", "????????-*", { multi_region: true }, false],
    ["aws_kms_key", "????????-*", {}, true],
  ])("has a row for a new %s by the key ID %s, if the policy has %j: %j", (type, id, values, isRow) => {
    const key = created(`${type}.k`, { policy: policyOf(ROOT), ...values });
    expect(rowIn(key, role, grants({ Resource: `arn:aws:kms:us-east-1:${ACCOUNT}:key/${id}` })) !== undefined).toBe(
      isRow,
    );
  });

  test.each<[string, string, boolean]>([
    ["its place", `arn:aws:kms:eu-west-1:${ACCOUNT}:key/*`, true],
    ["its Region in every account", "arn:aws:kms:eu-*:*:key/*", true],
    ["another Region", `arn:aws:kms:us-east-1:${ACCOUNT}:key/*`, false],
    ["another account", "arn:aws:kms:eu-west-1:999988887777:key/*", false],
    ["another partition", "arn:aws-us-gov:kms:*:*:key/*", false],
  ])("has a row for a new key by the keys of %s, and no row by a denial of them: %j", (_, Resource, isRow) => {
    const key = created("aws_kms_key.k", { policy: policyOf(ROOT), region: "eu-west-1" });
    expect(rowIn(key, role, grants({ Resource })) !== undefined).toBe(isRow);
    const denial = created("aws_iam_role_policy.d", { ...policyFor({ Effect: "Deny", Resource }), name: "d" });
    expect(rowIn(key, role, grants({ Resource: "*" }), denial) !== undefined).toBe(!isRow);
  });

  test('has a row with the change "same" for a new key', () => {
    const key = created("aws_kms_key.k", { arn: KEY_ARN, policy: policyOf(ROOT) }, { expressions: { policy: {} } });
    expect(rowIn(key, role, grants())).toMatchObject({ change: "same" });
  });

  test.each<[string, string, readonly Resource[], string | undefined]>([
    ["the ARN, by a new policy", KEY_ARN, [grants()], "gained"],
    ["the ID, by a new policy", KEY_ARN.split("/")[1]!, [grants({ Resource: KEY_ARN.replace(/.$/, "*") })], "gained"],
    ["the ARN, by a policy that stays", KEY_ARN, [kept("aws_iam_role_policy.p", policyFor({}))], "unknown"],
    [
      "the ARN, by a policy that allows more",
      KEY_ARN,
      [
        kept("aws_iam_role_policy.p", policyFor({})),
        created("aws_iam_role_policy.q", { ...policyFor({ Action: "kms:Encrypt" }), name: "q" }),
      ],
      "gained",
    ],
    ["the ARN, but not by a policy on another key", KEY_ARN, [grants({ Resource: `${KEY_ARN}0` })], undefined],
    ["the ID, but not by a policy on another key", "1234abcd", [grants({ Resource: `${KEY_ARN}*` })], undefined],
  ])("has a row for a key outside the plan by %s", (_, key_id, policies, change) => {
    const policy = created("aws_kms_key_policy.k", { key_id, policy: policyOf(ROOT) });
    expect(rowIn(policy, role, ...policies)?.change).toBe(change);
  });

  test("has the conditions of its policy and of the key policy as limits", () => {
    const keyStatement = allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:*", {
      Condition: { StringEquals: { "kms:ViaService": "redshift.us-east-1.amazonaws.com" } },
    });
    const condition = { Condition: { StringEquals: { "aws:PrincipalTag/team": "data" } } };
    expect(rowIn(keyOf(keyStatement), role, grants(condition))!.limits).toStrictEqual([
      "only kms:Decrypt",
      "if kms:ViaService StringEquals redshift.us-east-1.amazonaws.com and if aws:PrincipalTag/team StringEquals data",
    ]);
  });

  test.each<[string, readonly Resource[]]>([
    ["its policies are for another key", [keyOf(ROOT), role, grants({ Resource: KEY_ARN.replace(/.$/, "x") })]],
    ["its policies allow other actions", [keyOf(ROOT), role, grants({ Action: "redshift-data:*" })]],
    ["its policies deny it", [keyOf(ROOT), role, grants({ Effect: "Deny" })]],
    [
      "the key policy leaves nothing to IAM",
      [keyOf(allow(`arn:aws:iam::${ACCOUNT}:role/Admin`, "kms:*")), role, grants()],
    ],
  ])("has no row if %s", (_, resources) => {
    expect(rowIn(...resources)).toBeUndefined();
  });
});

/** The changes of the rows of the role, by the names of the rows. */
function changesIn(...resources: Resource[]) {
  const [key] = reviewed(resources).keys;
  const rows = key!.principals.filter(({ principal }) => principal.startsWith(READER));
  return Object.fromEntries(
    rows.map(({ abilities, principal }) => [
      principal.replace(READER, "Reader"),
      abilities["encrypt and decrypt"].change,
    ]),
  );
}

describe("a permissions boundary that the plan does not show", () => {
  const BOUNDED = "if its permissions boundary allows it, which the plan does not show";
  const COMPANY = `arn:aws:iam::${ACCOUNT}:policy/Company`;
  const reader = { arn: READER, name: "Reader", path: "/" };
  const boundedRole = kept("aws_iam_role.reader", { ...reader, permissions_boundary: COMPANY });
  const gained = (...limits: readonly string[]) => ({
    actions: ["kms:Decrypt"],
    change: "gained",
    limits: ["only kms:Decrypt", ...limits],
  });

  test("is a limit in the row of a role, and causes no finding and no rule that is not judged", () => {
    expect(rowIn(keyOf(ROOT), boundedRole, grants())).toStrictEqual(gained(BOUNDED));
    const { findings, notJudged } = reviewed([keyOf(ROOT), boundedRole, grants()]);
    const about = [...findings, ...notJudged].filter(({ address }) => address.startsWith("aws_iam_role"));
    expect(about).toStrictEqual([]);
  });

  test("is a limit beside the conditions and the denials of the policies", () => {
    const tagged = (value: string) => ({ StringEquals: { "aws:PrincipalTag/team": value } });
    const statements = [
      { Action: "kms:Decrypt", Condition: tagged("a"), Effect: "Allow", Resource: KEY_ARN },
      { Action: "kms:Decrypt", Condition: tagged("b"), Effect: "Deny", Resource: KEY_ARN },
    ];
    const policy = created("aws_iam_role_policy.p", { policy: policyOf(...statements), role: "Reader" });
    expect(rowIn(keyOf(ROOT), boundedRole, policy)).toStrictEqual(
      gained(`${BOUNDED} and aws:PrincipalTag/team StringEquals a, unless aws:PrincipalTag/team StringEquals b`),
    );
  });

  test("is a limit beside a policy that may be attached", () => {
    const policies = ["a", "b"].map((index) =>
      created(`aws_iam_policy.use["${index}"]`, { name: index, policy: policyFor({}).policy }),
    );
    const attachment = created(
      "aws_iam_role_policy_attachment.a",
      { role: "Reader" },
      {
        after_unknown: { policy_arn: true },
        expressions: { policy_arn: { references: ["aws_iam_policy.use", "each.value"] } },
      },
    );
    const attached = "if the policy is attached to it, which the plan does not show";
    expect(rowIn(keyOf(ROOT), boundedRole, ...policies, attachment)).toStrictEqual(
      gained(`${attached} and ${BOUNDED.slice("if ".length)}`),
    );
  });

  const forbidding = {
    arn: `${COMPANY}2`,
    name: "Company2",
    path: "/",
    policy: policyOf({ Action: "s3:*", Effect: "Allow", Resource: "*" }),
  };
  test.each<[string, Values, Parameters<typeof updated>[3]]>([
    ["outside the plan", { permissions_boundary: COMPANY }, {}],
    ["that is sensitive", { permissions_boundary: COMPANY }, { after_sensitive: { permissions_boundary: true } }],
    ["that is unknown", {}, { after_unknown: { permissions_boundary: true } }],
  ])("%s is a gain in place of a boundary that forbids the action", (_, after, details) => {
    const before = { ...reader, permissions_boundary: `${COMPANY}2` };
    const rebounded = updated("aws_iam_role.reader", before, { ...reader, ...after }, details);
    const policies = [kept("aws_iam_policy.c", forbidding), kept("aws_iam_role_policy.p", policyFor({}))];
    expect(rowIn(keyOf(ROOT), rebounded, ...policies)).toStrictEqual(gained(BOUNDED));
  });

  const user = kept("aws_iam_user.u", {
    arn: `arn:aws:iam::${ACCOUNT}:user/u`,
    name: "u",
    permissions_boundary: COMPANY,
  });
  const set = { arn: "arn:aws:sso:::permissionSet/ssoins-a/ps-a", name: "Analysts" };
  test.each<[string, string, readonly Resource[]]>([
    ["a user", "user/u", [user, created("aws_iam_user_policy.p", { policy: policyFor({}).policy, user: "u" })]],
    [
      "a member of a group",
      "user/u",
      [
        user,
        kept("aws_iam_group.g", { name: "g" }),
        kept("aws_iam_group_membership.m", { group: "g", users: ["u"] }),
        created("aws_iam_group_policy.p", { group: "g", policy: policyFor({}).policy }),
      ],
    ],
    [
      "the role of a permission set",
      "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analysts_*",
      [
        kept("aws_ssoadmin_permission_set.s", set),
        created("aws_ssoadmin_permission_set_inline_policy.p", {
          inline_policy: policyFor({}).policy,
          permission_set_arn: set.arn,
        }),
        kept("aws_ssoadmin_permissions_boundary_attachment.b", {
          permission_set_arn: set.arn,
          permissions_boundary: [{ customer_managed_policy_reference: [{ name: "Company", path: "/" }] }],
        }),
      ],
    ],
  ])("is a limit of the row of %s", (_, name, resources) => {
    const [key] = reviewed([keyOf(ROOT), ...resources]).keys;
    const row = key!.principals.find(({ principal }) => principal === `arn:aws:iam::${ACCOUNT}:${name}`);
    const { after, change } = row!.abilities["encrypt and decrypt"];
    expect([change, after.leftToIam.limits[1]]).toStrictEqual(["gained", expect.stringContaining(BOUNDED)]);
  });

  test("is a limit of the access by policies outside the plan, if it replaces another boundary", () => {
    const before = { arn: `arn:aws:iam::${ACCOUNT}:user/u`, name: "u", permissions_boundary: `${COMPANY}2` };
    const [key] = reviewed([
      keyOf(ROOT),
      kept("aws_iam_policy.c", forbidding),
      updated("aws_iam_user.u", before, { ...before, permissions_boundary: COMPANY }),
    ]).keys;
    const row = key!.principals.find(({ principal }) => principal.endsWith("user/u (denials)"));
    const { after, before: former, change } = row!.abilities["encrypt and decrypt"];
    expect([change, former.leftToIam.extent, after.leftToIam.limits]).toStrictEqual(["changed", "none", [BOUNDED]]);
  });

  test("is the reason for which --forbid does not judge the role", () => {
    const forbidden = [{ action: "kms:Decrypt", principal: "*", text: "kms:Decrypt" }];
    const { notJudged } = reviewedUnder({ forbidden }, keyOf(ROOT), boundedRole, grants());
    expect(notJudged.map(({ reason }) => reason)).toContain(
      `kms:Decrypt by ${READER}: the permissions boundary ${COMPANY} is not shown: its content is not in the plan`,
    );
  });

  test("gives no row to a role without a policy that allows an action", () => {
    expect(rowIn(keyOf(ROOT), boundedRole, grants({ Action: "s3:*" }))).toBeUndefined();
  });
});

describe("the IAM policies of a role that the key policy names", () => {
  const viaRedshift = { Condition: { StringEquals: { "kms:ViaService": "redshift.us-east-1.amazonaws.com" } } };

  test.each<[string, object]>([
    ["allows the action under a condition", allow(READER, "kms:Decrypt", viaRedshift)],
    ["allows another action", allow(READER, "kms:DescribeKey")],
    ["denies another action", allow(READER, "kms:ScheduleKeyDeletion", { Effect: "Deny" })],
    [
      "names the role in a condition",
      allow("*", "kms:DescribeKey", { Condition: { ArnLike: { "aws:PrincipalArn": READER } } }),
    ],
  ])("have a separate row, which gains by a new policy, if the key policy %s", (_, statement) => {
    expect(changesIn(keyOf(ROOT, statement), role, grants())).toStrictEqual({
      Reader: "same",
      "Reader (IAM policies)": "gained",
    });
  });

  test("gain an action that the key policy no longer grants and leaves to IAM", () => {
    const key = (...statements: object[]) => ({ arn: KEY_ARN, policy: policyOf(...statements) });
    const moved = updated(
      "aws_kms_key.k",
      key(allow(READER, "kms:Decrypt"), allow(`arn:aws:iam::${ACCOUNT}:role/Admin`, "kms:*")),
      key(ROOT),
      { expressions: { policy: {} } },
    );
    expect(changesIn(moved, role, grants())).toStrictEqual({ Reader: "lost", "Reader (IAM policies)": "gained" });
  });

  test("stay the same if only the key policy changes", () => {
    const key = (...statements: object[]) => ({ arn: KEY_ARN, policy: policyOf(...statements) });
    const narrowed = updated("aws_kms_key.k", key(ROOT, allow(READER, "kms:Decrypt")), key(ROOT), {
      expressions: { policy: {} },
    });
    expect(changesIn(narrowed, role, kept("aws_iam_role_policy.p", policyFor({})))).toStrictEqual({
      Reader: "lost",
      "Reader (IAM policies)": "same",
    });
  });
});

describe("a role that reached a key by IAM policies alone", () => {
  const policyGoes = destroyed("aws_iam_role_policy.p", policyFor({}));

  test.each<[string, readonly Resource[]]>([
    ["the plan destroys its policy", [keyOf(ROOT), role, policyGoes]],
    [
      "the plan destroys the role",
      [keyOf(ROOT), destroyed("aws_iam_role.reader", { arn: READER, name: "Reader", path: "/" }), policyGoes],
    ],
    [
      "the key policy leaves nothing to IAM any more",
      [
        updated(
          "aws_kms_key.k",
          { arn: KEY_ARN, policy: policyOf(ROOT) },
          { arn: KEY_ARN, policy: policyOf(allow(`arn:aws:iam::${ACCOUNT}:role/Admin`, "kms:*")) },
          { expressions: { policy: {} } },
        ),
        role,
        kept("aws_iam_role_policy.p", policyFor({})),
      ],
    ],
  ])('has the change "lost" in its row if %s', (_, resources) => {
    expect(changesIn(...resources)).toStrictEqual({ Reader: "lost" });
  });
});

describe("the roles of a permission set", () => {
  const SET_ARN = "arn:aws:sso:::permissionSet/ssoins-a/ps-a";
  const set = kept("aws_ssoadmin_permission_set.s", { arn: SET_ARN, name: "Analysts" });
  const inlinePolicy = created("aws_ssoadmin_permission_set_inline_policy.p", {
    inline_policy: policyFor({}).policy,
    permission_set_arn: SET_ARN,
  });
  const inRegion = (region: string) => ({
    configuration: {
      provider_config: { aws: { expressions: { region: { constant_value: region } }, name: "aws" } },
      root_module: {
        resources: [
          {
            address: "aws_ssoadmin_permission_set.s",
            expressions: {},
            mode: "managed",
            name: "s",
            provider_config_key: "aws",
            type: "aws_ssoadmin_permission_set",
          },
        ],
      },
    },
  });

  test.each([
    ["us-east-1", "role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analysts_*"],
    ["eu-west-1", "role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Analysts_*"],
  ])("have a row with the path for the Region %s, which gains by a new policy", (region, name) => {
    const [key] = reviewed([keyOf(ROOT), set, inlinePolicy], {}, inRegion(region)).keys;
    const row = key!.principals.find(({ principal }) => principal === `arn:aws:iam::${ACCOUNT}:${name}`);
    expect(row!.abilities["encrypt and decrypt"]).toMatchObject({
      after: { leftToIam: { actions: ["kms:Decrypt"] } },
      change: "gained",
    });
    expect(row!.standsFor).toContain("if it is assigned in the account");
  });

  test("are in the reach of a finding of the set's AdministratorAccess", () => {
    const everything = created("aws_ssoadmin_managed_policy_attachment.a", {
      managed_policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
      permission_set_arn: SET_ARN,
    });
    const finding = reviewed([keyOf(ROOT), set, everything]).findings.find(({ rule }) => rule.startsWith("role-does"));
    expect(finding?.reach?.keys).toStrictEqual(["aws_kms_key.k"]);
  });

  test("break --forbid by a new policy of the set", () => {
    const forbidden = [{ action: "kms:Decrypt", principal: "*", text: "kms:Decrypt" }];
    const report = reviewedUnder({ forbidden }, keyOf(ROOT), role, set, inlinePolicy);
    expect(report.findings.filter(({ rule }) => rule === "promise-forbidden-action")).toMatchObject([
      { consequence: expect.stringContaining("AWSReservedSSO_Analysts_*") as string },
    ]);
  });
});

describe("a denial in IAM policies that the plan removes", () => {
  const denial = policyOf({ Action: "kms:Decrypt", Effect: "Deny", Resource: "*" });
  const forbidden = [{ action: "kms:Decrypt", principal: "*", text: "kms:Decrypt" }];
  const policyArn = `arn:aws:iam::${ACCOUNT}:policy/d`;
  const user = kept("aws_iam_user.u", { arn: `arn:aws:iam::${ACCOUNT}:user/u`, name: "u", path: "/" });
  const rolePolicy = (name: string) => destroyed("aws_iam_role_policy.p", { name: "p", policy: denial, role: name });
  const rowsOf = (...resources: Resource[]) =>
    reviewedUnder({ forbidden }, ...resources).keys[0]!.principals.filter(({ principal }) =>
      principal.endsWith(" (denials)"),
    );

  test.each<[string, string, readonly Resource[]]>([
    ["a role outside the plan", "role/Outside", [rolePolicy("Outside")]],
    [
      "a role outside the plan, by an attachment",
      "role/Outside",
      [
        kept("aws_iam_policy.d", { arn: policyArn, name: "d", path: "/", policy: denial }),
        destroyed("aws_iam_role_policy_attachment.a", { policy_arn: policyArn, role: "Outside" }),
      ],
    ],
    [
      "a role outside the plan, by another action",
      "role/Outside",
      [
        updated(
          "aws_iam_role_policy.p",
          { name: "p", policy: denial, role: "Outside" },
          { name: "p", policy: denial.replace("kms:Decrypt", "s3:*"), role: "Outside" },
        ),
      ],
    ],
    [
      "a user outside the plan",
      "user/outside",
      [destroyed("aws_iam_user_policy.p", { policy: denial, user: "outside" })],
    ],
    ["a user of the plan", "user/u", [user, destroyed("aws_iam_user_policy.p", { policy: denial, user: "u" })]],
    [
      "a group outside the plan",
      "user/any member of staff",
      [destroyed("aws_iam_group_policy.p", { group: "staff", policy: denial })],
    ],
  ])("is a change of %s, and not judged by --forbid", (_, name, resources) => {
    const principal = `arn:aws:iam::${ACCOUNT}:${name}`;
    const [row, ...others] = rowsOf(keyOf(ROOT), ...resources);
    expect(others).toStrictEqual([]);
    expect(row).toMatchObject({
      abilities: {
        administer: { after: { leftToIam: { actions: [] } }, change: "same" },
        "encrypt and decrypt": {
          after: { leftToIam: { extent: "all" } },
          before: { leftToIam: { limits: ["all but kms:Decrypt"] } },
          change: "changed",
        },
      },
      principal: `${principal} (denials)`,
    });
    const { notJudged } = reviewedUnder({ forbidden }, keyOf(ROOT), ...resources);
    expect(notJudged.map(({ reason }) => reason)).toContainEqual(
      expect.stringContaining(`kms:Decrypt by ${principal}: `),
    );
  });

  test.each<[string, string, readonly Resource[]]>([
    ["of the plan", "Reader", [role]],
    ["outside the plan", "Outside", []],
  ])("is a gain of a role %s that the key policy names", (_, name, resources) => {
    const principal = `arn:aws:iam::${ACCOUNT}:role/${name}`;
    const [row] = rowsOf(keyOf(ROOT, allow(principal, "kms:Decrypt")), ...resources, rolePolicy(name));
    expect(row!.abilities["encrypt and decrypt"]).toMatchObject({
      after: { actions: ["kms:Decrypt"] },
      before: { extent: "none" },
      change: "gained",
    });
  });

  test("is the end of a limit if it has a condition", () => {
    const condition = { Bool: { "aws:MultiFactorAuthPresent": "false" } };
    const policy = policyOf({ Action: "kms:Decrypt", Condition: condition, Effect: "Deny", Resource: "*" });
    const [row] = rowsOf(keyOf(ROOT), destroyed("aws_iam_role_policy.p", { policy, role: "Outside" }));
    expect(row!.abilities["encrypt and decrypt"].before.leftToIam.limits[0]).toBe(
      "kms:Decrypt unless aws:MultiFactorAuthPresent Bool false",
    );
  });

  test("has no separate row if the row of the role by its IAM policies gains", () => {
    const stays = kept("aws_iam_role_policy.a", { ...policyFor({}), name: "a", role: "Outside" });
    expect(rowsOf(keyOf(ROOT), stays, rolePolicy("Outside"))).toStrictEqual([]);
  });

  test.each<[string, readonly Resource[]]>([
    [
      "the plan destroys or creates the role",
      [
        destroyed("aws_iam_role.reader", { arn: READER, name: "Reader", path: "/" }),
        rolePolicy("Reader"),
        created("aws_iam_role.other", { arn: `${READER}2`, name: "Reader2", path: "/" }),
        created("aws_iam_role_policy.q", { name: "q", policy: denial, role: "Reader2" }),
      ],
    ],
    ["the denial stays", [kept("aws_iam_role_policy.p", { policy: denial, role: "Outside" })]],
    [
      "the denial is for another service",
      [destroyed("aws_iam_role_policy.p", { policy: denial.replace("kms:Decrypt", "s3:*"), role: "Outside" })],
    ],
    ["the policies of the role are all in the plan, and none allows the action", [role, rolePolicy("Reader")]],
  ])("has no row if %s", (_, resources) => {
    expect(rowsOf(keyOf(ROOT), ...resources)).toStrictEqual([]);
  });
});

describe("two roles with the same IAM policies", () => {
  const WRITER = `arn:aws:iam::${ACCOUNT}:role/Writer`;
  const [keyOfBoth, otherKey] = ["k", "other"].map((name) =>
    kept(`aws_kms_key.${name}`, { arn: `${KEY_ARN.slice(0, -1)}${name === "k" ? "1" : "2"}`, policy: policyOf(ROOT) }),
  );
  const roleWith = (arn: string, statement: Values, more: Values = {}) => {
    const name = arn.slice(arn.lastIndexOf("/") + 1);
    const policy = policyOf({ Action: "kms:Decrypt", Effect: "Allow", Resource: "*", ...statement });
    return [
      kept(`aws_iam_role.${name}`, { arn, name, path: "/", ...more }),
      created(`aws_iam_role_policy.${name}`, { policy, role: name }),
    ];
  };
  const rowsIn = (...resources: readonly Resource[]) =>
    reviewed(resources).keys.flatMap(({ principals }) =>
      principals.filter(({ standsFor }) => standsFor === "by its IAM policies in this plan"),
    );
  const ONLY_READER = { Condition: { ArnEquals: { "aws:PrincipalArn": READER } } };

  test("share their abilities, and the tables of keys share their rows", () => {
    const [reader, writer, ...others] = rowsIn(
      keyOfBoth!,
      otherKey!,
      ...[READER, WRITER].flatMap((arn) => roleWith(arn, {})),
    );
    expect(reader!.abilities).toBe(writer!.abilities);
    expect(others).toHaveLength(2);
    expect(others[0]).toBe(reader);
    expect(others[1]).toBe(writer);
  });

  test.each<[string, Resource, Values, Values, boolean]>([
    ["a condition of the policies names one", keyOf(ROOT), ONLY_READER, {}, false],
    ["a condition of a denial in the key policy names one", keyOf(ROOT, deny(ONLY_READER)), {}, {}, false],
    [
      "a pattern in the key policy matches one",
      keyOf(ROOT, deny({ Condition: { ArnLike: { "aws:PrincipalArn": `${READER}*` } } })),
      {},
      {},
      false,
    ],
    ["the key policy names one", keyOf(ROOT, { ...deny({}), Principal: { AWS: READER } }), {}, {}, false],
    [
      "a denial in the key policy excepts one",
      keyOf(ROOT, { Action: "kms:*", Effect: "Deny", NotPrincipal: { AWS: [READER, ACCOUNT] }, Resource: "*" }),
      {},
      {},
      false,
    ],
    [
      "the boundary of one is not shown",
      keyOf(ROOT),
      {},
      { permissions_boundary: `arn:aws:iam::${ACCOUNT}:policy/b` },
      false,
    ],
    [
      "two conditions of a denial in the key policy match one",
      keyOf(
        ROOT,
        deny({
          Condition: {
            ArnLike: { "aws:PrincipalArn": `${READER}*` },
            StringLike: { "aws:PrincipalArn": "*" },
          },
        }),
      ),
      {},
      {},
      false,
    ],
    [
      "one has a policy that the plan does not show",
      keyOf(ROOT),
      {},
      { managed_policy_arns: [`arn:aws:iam::${ACCOUNT}:policy/Hidden`] },
      false,
    ],
    [
      "a condition of the policies is on the request",
      keyOf(ROOT),
      { Condition: { Bool: { "aws:SecureTransport": "true" } } },
      {},
      true,
    ],
  ])("have the rows that each has without the other if %s", (_, key, statement, more, isSame) => {
    const roles = [roleWith(READER, statement, more), roleWith(WRITER, statement)];
    const [apart, together] = [roles.flatMap((one) => rowsIn(key, ...one)), rowsIn(key, ...roles.flat())];
    expect(together).toStrictEqual(apart);
    const [reader, writer] = [READER, WRITER].map(
      (arn) => together.find(({ principal }) => principal.startsWith(arn))?.abilities,
    );
    expect(JSON.stringify(reader) === JSON.stringify(writer)).toBe(isSame);
  });
});
