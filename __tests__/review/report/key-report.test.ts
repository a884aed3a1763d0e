import { render } from "../../../review/render/render";
import type { Report } from "../../../review/report/report";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  destroyed,
  kept,
  keyWith,
  type ResourceDetails,
  newKey,
  policyOf,
  policyUnknownFrom,
  readDuringApply,
  type Resource,
  reviewed,
  updated,
  USER,
} from "../support/small-plan";

const A = { StringEquals: { "kms:ViaService": "a" } };
const B = { StringEquals: { "aws:PrincipalTag/team": "b" } };
const A_AND_B = { StringEquals: { "kms:ViaService": "a", "aws:PrincipalTag/team": "b" } };

const STANDS_FOR = "the root of the account, and every role and user of it whom its IAM policies allow";
const NOT_LISTED = "; new ones of this plan are not listed, because the account of the key is unknown";

describe("the table of a key", () => {
  const abilities = (report: Report, principal: string) =>
    report.keys[0]!.principals.find((one) => one.principal === principal)!.abilities;

  test.each([
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyPair",
    "kms:GenerateDataKeyPairWithoutPlaintext",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
  ])("shows a principal that may only do %s", (action) => {
    const report = reviewed([newKey(ADMINISTRATOR, allow(USER_ARN, action))]);
    expect(abilities(report, USER_ARN)["encrypt and decrypt"].after).toMatchObject({
      actions: [action],
      extent: "part",
      limits: [`only ${action}`],
    });
  });

  test("shows a statement on keys in the account of the caller as a statement for that account", () => {
    const ownKeys = { Resource: "arn:aws:kms:*:${aws:PrincipalAccount}:key/*" };
    const limitsOf = (more: object) =>
      abilities(reviewed([keyWith(ADMINISTRATOR, allow(USER_ARN, "kms:Decrypt", { ...ownKeys, ...more }))]), USER_ARN)[
        "encrypt and decrypt"
      ].after.limits;
    const accountCondition = `if aws:PrincipalAccount StringEquals ${ACCOUNT}`;
    expect(limitsOf({})).toStrictEqual(["only kms:Decrypt", accountCondition]);
    expect(limitsOf({ Condition: A })).toStrictEqual([
      "only kms:Decrypt",
      `${accountCondition} and kms:ViaService StringEquals a`,
    ]);
    const denial = allow("*", "kms:*", { Effect: "Deny", ...ownKeys });
    const { findings } = reviewed([keyWith(ADMINISTRATOR, denial)]);
    expect(findings.map(({ rule }) => rule)).toContain("key-policy-locks-out-everyone");
  });

  test.each([
    ["Resource", { Resource: KEY_ARN.replace(/key\/.*/, "${kms:RequestAlias}") }],
    ["NotResource", { NotResource: KEY_ARN.replace(/key\/.*/, "key/${aws:PrincipalTag/key}"), Resource: undefined }],
    [
      "Resource beside a test of the account",
      {
        Condition: { StringEquals: { "aws:principalAccount": "444455556666" } },
        Resource: "arn:aws:kms:*:${aws:PrincipalAccount}:key/*",
      },
    ],
  ])("has a limit by a denial if the policy variable in its %s can match the key", (_, elements) => {
    const denial = allow("*", "kms:*", { Effect: "Deny", ...elements });
    for (const key of [keyWith(ADMINISTRATOR, denial), newKey(ADMINISTRATOR, denial)]) {
      const report = reviewed([key]);
      expect(abilities(report, ADMIN_ARN)["make grants"].after.extent).toBe("all");
      expect(report.keys[0]!.unplaced).toHaveLength(1);
    }
  });

  test("shows no change for a new key", () => {
    const { administer } = abilities(reviewed([newKey(ADMINISTRATOR)]), ADMIN_ARN);
    expect([administer.after.extent, administer.change]).toStrictEqual(["all", "same"]);
  });

  test("names the root of the key's account if the plan does not show the account", () => {
    const report = reviewed([created("aws_kms_key.this", {})]);
    expect(report.keys[0]!.principals.map(({ principal }) => principal)).toStrictEqual([
      "the root of the key's account",
    ]);
    expect(report.keys[0]!.principals[0]!.standsFor).toBe(`${STANDS_FOR}${NOT_LISTED}`);
    expect(abilities(report, "the root of the key's account").administer.after).toMatchObject({
      extent: "none",
      leftToIam: { extent: "all" },
    });
  });

  test.each([
    ["not listed if the policy names roots of several accounts", [ACCOUNT, "444455556666"], NOT_LISTED],
    ["listed if the policy names one root", [ACCOUNT], ""],
  ])("has the text that new roles of an unknown account are %s", (_, accounts, text) => {
    const roots = accounts.map((account) => allow(`arn:aws:iam::${account}:root`, "kms:*"));
    const { principals } = reviewed([newKey(...roots)]).keys[0]!;
    expect(principals.map(({ standsFor }) => standsFor)).toStrictEqual(roots.map(() => `${STANDS_FOR}${text}`));
  });

  test.each([
    ["the account", ACCOUNT],
    ["another account, 444455556666", "444455556666"],
  ])("has the text that a root stands for the principals of %s", (text, account) => {
    const root = allow(`arn:aws:iam::${account}:root`, "kms:*");
    const report = reviewed([kept("aws_kms_key.this", { arn: KEY_ARN, policy: policyOf(ADMINISTRATOR, root) })]);
    const { standsFor } = report.keys[0]!.principals.find(({ principal }) => principal.endsWith(":root"))!;
    expect(standsFor).toMatch(new RegExp(`^the root of ${text}, and every role and user of it`));
  });

  describe("under a statement for the root of the account", () => {
    const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
    const LEFT = allow(ROOT, "kms:*");
    const change = (before: readonly object[], after: readonly object[], principal: string) => {
      const [old, current] = [before, after].map((statements) => ({ arn: KEY_ARN, policy: policyOf(...statements) }));
      const key = updated("aws_kms_key.this", old!, current!);
      return abilities(reviewed([key]), principal)["encrypt and decrypt"].change;
    };

    test.each<[string, readonly object[], readonly object[], string]>([
      [
        "gained if a statement for the user replaces the statement for the root",
        [LEFT],
        [ADMINISTRATOR, USER],
        "gained",
      ],
      ["gained if a statement for the user is added", [LEFT], [LEFT, USER], "gained"],
      ["lost if the statement for the user is removed", [LEFT, USER], [LEFT], "lost"],
      ["lost if the statement for the root replaces the statement for the user", [USER], [LEFT], "lost"],
      ["gained if another action replaces an action", [USER], [allow(USER_ARN, "kms:Encrypt")], "gained"],
      [
        "changed if the statement for the root is added",
        [allow(USER_ARN, "kms:Encrypt")],
        [LEFT, allow(USER_ARN, "kms:Encrypt")],
        "changed",
      ],
      [
        "changed if the statement for the root gets a condition",
        [LEFT, USER],
        [{ ...LEFT, Condition: A }, USER],
        "changed",
      ],
      [
        "changed if a denial excepts only the user",
        [USER],
        [USER, { Action: "kms:*", Effect: "Deny", NotPrincipal: { AWS: USER_ARN }, Resource: "*" }],
        "changed",
      ],
      ["the same if only another statement changes", [LEFT, USER], [LEFT, USER, ADMINISTRATOR], "same"],
    ])("an ability is %s", (_, before, after, expected) => {
      expect(change(before, after, USER_ARN)).toBe(expected);
    });

    test("an action that is granted under a condition is left to IAM as well, and an action that is granted without a limit is not", () => {
      const grant = allow(USER_ARN, "kms:CreateGrant", { Condition: A });
      const report = reviewed([keyWith(LEFT, grant, allow(USER_ARN, "kms:Describe*"))]);
      const { "make grants": grants, "read metadata": metadata } = abilities(report, USER_ARN);
      expect(grants.after).toMatchObject({ extent: "all", leftToIam: { actions: ["kms:CreateGrant"], limits: [] } });
      expect(metadata.after.actions).toStrictEqual(["kms:DescribeKey"]);
      expect(metadata.after.leftToIam.actions).not.toContain("kms:DescribeKey");
    });

    test.each([
      [ROOT, "none", "all"],
      ["arn:aws:iam::444455556666:root", "all", "none"],
    ])("the ability of %s has the extent %s granted, and the extent %s left to IAM", (root, granted, leftToIam) => {
      const report = reviewed([keyWith(ADMINISTRATOR, allow(root, "kms:*"))]);
      expect(abilities(report, root)["make grants"].after).toMatchObject({
        extent: granted,
        leftToIam: { extent: leftToIam },
      });
    });
  });

  test("has no row for everybody if a statement only denies everybody", () => {
    const denial = {
      ...allow("*", "kms:Decrypt", { Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      Effect: "Deny",
    };
    const { principals } = reviewed([newKey(ADMINISTRATOR, denial)]).keys[0]!;
    expect(principals.map(({ principal }) => principal)).toStrictEqual([ADMIN_ARN]);
  });

  test.each<[string, readonly object[], readonly string[]]>([
    ["a condition, and the same condition with another condition", [A, A_AND_B], ["if kms:ViaService StringEquals a"]],
    ["two conditions together, and the first condition alone", [A_AND_B, A], ["if kms:ViaService StringEquals a"]],
    ["the same condition twice", [A, A], ["if kms:ViaService StringEquals a"]],
    [
      "two different conditions",
      [A, B],
      ["if kms:ViaService StringEquals a, or if aws:PrincipalTag/team StringEquals b"],
    ],
  ])("has no redundant limit for %s", (_, conditions, limits) => {
    const statements = conditions.map((Condition) => allow(USER_ARN, "kms:CreateGrant", { Condition }));
    const report = reviewed([newKey(ADMINISTRATOR, ...statements)]);
    expect(abilities(report, USER_ARN)["make grants"].after.limits).toStrictEqual(limits);
  });

  test.each<[string, Resource, string]>([
    ["no aws_kms_key_policy", created("aws_kms_alias.this", {}), "no change"],
    [
      "a new aws_kms_key_policy",
      created("aws_kms_key_policy.this", { key_id: KEY_ARN, policy: policyOf(USER) }),
      "its policy changes",
    ],
    [
      "an aws_kms_key_policy with an unknown policy",
      created("aws_kms_key_policy.this", { key_id: KEY_ARN }, { after_unknown: { policy: true } }),
      "its policy may change",
    ],
  ])("names the change of the policy in its title, for an unchanged key and %s", (_, resource, change) => {
    const key = kept("aws_kms_key.this", { arn: KEY_ARN, policy: policyOf(ADMINISTRATOR) }, { expressions: {} });
    expect(render([reviewed([key, resource])], "text")).toContain(`aws_kms_key.this (${change}; `);
  });

  test('has the policy "default" before the plan for a destroyed key without a policy', () => {
    const [key] = reviewed([destroyed("aws_kms_key.this", { arn: KEY_ARN })]).keys;
    expect(key!.policy).toStrictEqual({ after: "none", before: "default" });
  });

  test('has the policy "default" for a new key with an empty policy', () => {
    const [key] = reviewed([
      created("aws_kms_key.this", { policy: "" }, { expressions: { policy: { constant_value: "" } } }),
    ]).keys;
    expect(key!.policy).toStrictEqual({ after: "default", before: "none" });
  });

  const principals = (key: Resource) => reviewed([key]).keys[0]!.principals.map(({ principal }) => principal);

  test.each<[string, object]>([
    ["names the key by its ARN", { Resource: KEY_ARN }],
    ["names the key among others", { Resource: [KEY_ARN.replace(/key.*/, "key/other"), KEY_ARN] }],
    ["has a pattern for all keys of the account", { Resource: `arn:aws:kms:*:${ACCOUNT}:key/*` }],
    ["has a short pattern", { Resource: "arn:aws:kms:*" }],
    ["excludes aliases", { NotResource: "arn:aws:kms:*:*:alias/*", Resource: undefined }],
  ])("has the principal of a statement that %s", (_, resource) => {
    const key = keyWith(allow(USER_ARN, "kms:Decrypt", resource));
    expect(principals(key)).toStrictEqual([USER_ARN]);
    expect(reviewed([key]).keys[0]!.unplaced).toStrictEqual([]);
  });

  test.each<[string, object]>([
    ["names another key", { Resource: KEY_ARN.replace(/key.*/, "key/other") }],
    ["has a pattern for keys of another account", { Resource: "arn:aws:kms:*:444455556666:key/*" }],
    ["excludes the key", { NotResource: KEY_ARN, Resource: undefined }],
    ["has an empty list of resources", { Resource: [] }],
    ["has an empty list of principals", { Principal: { AWS: [] } }],
    ["has no principals", { Principal: undefined }],
  ])("has beside it a statement that %s, and has no row for the statement's principal", (_, resource) => {
    const key = keyWith(allow(USER_ARN, "kms:Decrypt", resource));
    expect(principals(key)).toStrictEqual([]);
    expect(reviewed([key]).keys[0]!.unplaced).toHaveLength(1);
  });

  test("has the principal of a statement whose resource is the key_id of aws_kms_key_policy", () => {
    const policy = (key: string) =>
      created("aws_kms_key_policy.this", {
        key_id: "1234abcd-12ab-34cd-56ef-1234567890ab",
        policy: policyOf(allow(USER_ARN, "kms:Decrypt", { Resource: `arn:aws:kms:us-east-1:${ACCOUNT}:key/${key}` })),
      });
    expect(principals(policy("1234abcd-12ab-34cd-56ef-1234567890ab"))).toStrictEqual([USER_ARN]);
    expect(principals(policy("0000abcd-12ab-34cd-56ef-1234567890ab"))).toStrictEqual([]);
  });

  test("has no ability for a principal of a statement with an empty list of actions", () => {
    const [key] = reviewed([keyWith(allow(USER_ARN, "kms:Decrypt", { Action: [] }))]).keys;
    const [row] = key!.principals;
    expect(key!.unplaced).toHaveLength(1);
    expect(Object.values(row!.abilities).map(({ after }) => after.extent)).toStrictEqual(Array(4).fill("none"));
  });

  describe("has a row for the callers", () => {
    const everybody = (condition: object) => allow("*", "kms:Decrypt", { Condition: condition });
    const PATTERN = `arn:aws:iam::${ACCOUNT}:role/team/*`;
    const decrypting = (...statements: readonly object[]) =>
      reviewed([keyWith(ADMINISTRATOR, ...statements)])
        .keys[0]!.principals.filter(({ abilities }) =>
          abilities["encrypt and decrypt"].after.actions.includes("kms:Decrypt"),
        )
        .filter(({ principal }) => principal !== ADMIN_ARN)
        .map(({ abilities, principal }) => [principal, ...abilities["encrypt and decrypt"].after.limits.slice(1)]);

    test.each<[string, object, readonly string[][]]>([
      ["aws:PrincipalArn", { ArnEquals: { "aws:PrincipalArn": USER_ARN } }, [[USER_ARN]]],
      [
        "a pattern of aws:PrincipalArn",
        { ArnLike: { "aws:PrincipalArn": [PATTERN, USER_ARN] } },
        [[USER_ARN], [PATTERN]],
      ],
      [
        "aws:PrincipalOrgID",
        { StringEquals: { "aws:PrincipalOrgID": "o-example1", "kms:ViaService": "a" } },
        [["organization o-example1", "if kms:ViaService StringEquals a"]],
      ],
      [
        "a pattern that limits nothing, in the row of everybody",
        { ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/team/*" } },
        [["*", "if aws:PrincipalArn ArnLike arn:aws:iam::*:role/team/*"]],
      ],
    ])("that a condition names by %s", (_, condition, rows) => {
      expect(decrypting(everybody(condition))).toStrictEqual(rows);
    });

    test("of an organization, with the limits for everybody and without the limits for a role pattern", () => {
      const statements = [
        everybody({ StringEquals: { "aws:PrincipalOrgID": "o-example1" } }),
        everybody({ ArnLike: { "aws:PrincipalArn": PATTERN } }),
        allow("*", "kms:CreateGrant", { Condition: A }),
      ];
      expect(decrypting(...statements)).toStrictEqual([[PATTERN], ["organization o-example1"]]);
      const grants = abilities(reviewed([keyWith(...statements)]), "organization o-example1")["make grants"];
      expect(grants.after.limits).toStrictEqual(["if kms:ViaService StringEquals a"]);
    });

    test("that a statement for the root names by aws:PrincipalArn, whose access is left to IAM", () => {
      const report = reviewed([
        keyWith(
          allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:*", {
            Condition: { ArnEquals: { "aws:PrincipalArn": USER_ARN } },
          }),
        ),
      ]);
      expect(abilities(report, USER_ARN).administer.after).toMatchObject({
        extent: "none",
        leftToIam: { extent: "all", limits: [] },
      });
    });

    test("that NotPrincipal does not except, with the exception as a limit", () => {
      const report = reviewed([
        keyWith({ Action: "kms:*", Effect: "Allow", NotPrincipal: { AWS: USER_ARN }, Resource: "*" }),
      ]);
      expect(abilities(report, "*").administer.after.limits).toStrictEqual([`if the caller is none of ${USER_ARN}`]);
      expect(abilities(report, USER_ARN).administer.after.extent).toBe("none");
    });
  });
});

describe("the statements beside the table of a key", () => {
  const denial = { Action: "kms:*", Effect: "Deny", Principal: { Service: "s3.amazonaws.com" }, Resource: "*" };
  const unplaced = (...resources: readonly Resource[]) => reviewed(resources).keys[0]!.unplaced;
  const document = (statement: readonly object[], more: ResourceDetails = {}) =>
    readDuringApply("data.aws_iam_policy_document.key", { statement }, more);
  const DOCUMENT = "data.aws_iam_policy_document.key";
  const JSON_OF_DOCUMENT = [`${DOCUMENT}.json`, DOCUMENT];
  const statement = { actions: ["kms:Decrypt"], effect: "Allow", resources: ["*"] };
  const shown = { Action: ["kms:Decrypt"], Effect: "Allow", Resource: ["*"] };

  test("include the statements of a key that is destroyed", () => {
    expect(unplaced(destroyed("aws_kms_key.this", { arn: KEY_ARN, policy: policyOf(denial) }))).toStrictEqual([
      { change: "same", statement: denial },
    ]);
  });

  test("include a statement that the plan removes", () => {
    const [before, after] = [policyOf(ADMINISTRATOR, denial), policyOf(ADMINISTRATOR)];
    expect(
      unplaced(updated("aws_kms_key.this", { arn: KEY_ARN, policy: before }, { arn: KEY_ARN, policy: after })),
    ).toStrictEqual([{ change: "removed", statement: denial }]);
  });

  test("have 'unknown until apply' in place of an unknown part of a policy document", () => {
    const key = created("aws_kms_key.this", {}, policyUnknownFrom(...JSON_OF_DOCUMENT));
    const unknown = { after_unknown: { json: true, statement: [{ condition: true }] } };
    expect(unplaced(key, document([statement], unknown))).toStrictEqual([
      { change: "same", statement: { ...shown, Condition: "unknown until apply" } },
    ]);
  });

  test("include those of a policy document with after_unknown and after_sensitive null", () => {
    const key = created("aws_kms_key.this", {}, policyUnknownFrom(...JSON_OF_DOCUMENT));
    expect(unplaced(key, document([statement], { after_sensitive: null, after_unknown: null }))).toStrictEqual([
      { change: "same", statement: shown },
    ]);
  });

  test("leave out the statements of a sensitive policy", () => {
    const key = created(
      "aws_kms_key.this",
      { policy: policyOf(USER) },
      { after_sensitive: { policy: true }, expressions: { policy: { references: JSON_OF_DOCUMENT } } },
    );
    const report = reviewed([key, document([statement])]);
    expect(report.keys[0]).toMatchObject({ notShown: { after: "sensitive" }, unplaced: [] });
  });

  test("include those of each instance of the policy document that a policy refers to", () => {
    const key = (index: string) => created(`aws_kms_key.this["${index}"]`, {}, policyUnknownFrom(DOCUMENT));
    const one = (index: string) =>
      readDuringApply(`${DOCUMENT}["${index}"]`, { statement: [{ ...statement, sid: index }] });
    const both = [
      { change: "same", statement: { ...shown, Sid: "a" } },
      { change: "same", statement: { ...shown, Sid: "b" } },
    ];
    const report = reviewed([key("a"), key("b"), one("a"), one("b")]);
    expect(report.keys.map((each) => each.unplaced)).toStrictEqual([both, both]);
  });
});
