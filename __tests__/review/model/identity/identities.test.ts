import { Model } from "../../../../review/model/model";
import { readPlan } from "../../../../review/plan/read-plan";
import type { Permission } from "../../../../review/policy/identity-permission";
import { ACCOUNT, KEY_ARN } from "../../../support/arns";
import {
  allow,
  created,
  destroyed,
  kept,
  keyWith,
  modelOf,
  newKey,
  policyOf,
  readDuringApply,
  replaced,
  type Resource,
  reviewed,
  reviewedUnder,
  updated,
  type Values,
} from "../../support/small-plan";

const ROOT = allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:*");
const ANALYST = `arn:aws:iam::${ACCOUNT}:role/Analyst`;
const USER = `arn:aws:iam::${ACCOUNT}:user/ana`;
const POLICY_ARN = `arn:aws:iam::${ACCOUNT}:policy/team/decrypt`;

const decrypt = (more: object = {}) => ({ Action: "kms:Decrypt", Effect: "Allow", Resource: KEY_ARN, ...more });
const deny = (more: object = {}) => decrypt({ Effect: "Deny", ...more });
const role = (values: Values = {}) => created("aws_iam_role.analyst", { name: "Analyst", path: "/", ...values });
const inline = (...statements: readonly object[]) =>
  created("aws_iam_role_policy.analyst", { name: "inline", policy: policyOf(...statements), role: "Analyst" });
const attached = (arn: string) =>
  created("aws_iam_role_policy_attachment.analyst", { policy_arn: arn, role: "Analyst" });
const managed = created("aws_iam_policy.decrypt", { name: "decrypt", path: "/team/", policy: policyOf(decrypt()) });

function permission(resources: readonly Resource[], principal = ANALYST, facts = {}): Permission {
  const model = modelOf(
    ...(resources.some(({ change }) => change.type === "aws_kms_key") ? [] : [keyWith(ROOT)]),
    ...resources,
  );
  return model.identities.permission(principal, "kms:Decrypt", model.keys[0]!, facts);
}
const answer = (...given: Parameters<typeof permission>): string => {
  const result = permission(...given);
  return result.kind === "allowed" ? "allowed" : `${result.kind}: ${result.reason}`;
};

const ON_VARIABLE = KEY_ARN.replace(/key\/.*/, "key/${aws:PrincipalTag/key, '0f1e2d'}");
const ON_A_PART = { Resource: "arn:aws:kms:*:*:key/0*" };
const NOTHING_ALLOWS = "not allowed: no IAM policy of aws_iam_role.analyst in this plan allows it";
const CONDITION = { Condition: { StringEquals: { "kms:ViaService": "redshift.us-east-1.amazonaws.com" } } };

test("kms:Decrypt is allowed by a policy whose role and ARN are local values", () => {
  const local = (name: string) => ({
    after_unknown: { [name]: true },
    expressions: { [name]: { references: ["local.a"] } },
  });
  const rolePolicy = created("aws_iam_role_policy.p", { policy: policyOf(decrypt()) }, local("role"));
  const analyst = created("aws_iam_role.analyst", { name: "Analyst", path: "/" }, { after_unknown: { id: true } });
  const policy = created(
    "aws_iam_policy.decrypt",
    { name: "decrypt", policy: policyOf(decrypt()) },
    { after_unknown: { arn: true } },
  );
  const attachment = created("aws_iam_role_policy_attachment.a", { role: "Analyst" }, local("policy_arn"));
  const gives = (resources: readonly Resource[], resource: string, attribute: string) =>
    reviewed([keyWith(ROOT), ...resources], {}, { relevant_attributes: [{ attribute: [attribute], resource }] })
      .keys.flatMap(({ principals }) => principals)
      .map(({ principal }) => principal);
  expect(gives([analyst, rolePolicy], "aws_iam_role.analyst", "id")).toContain(ANALYST);
  expect(gives([analyst, policy, attachment], "aws_iam_policy.decrypt", "arn")).toContain(ANALYST);
});

describe("kms:Decrypt by the IAM policies of a role", () => {
  test.each([
    ["allowed by an inline policy", [role(), inline(decrypt())], "allowed"],
    [
      "allowed by an inline policy for every key",
      [role(), inline(decrypt({ Resource: "arn:aws:kms:*:*:key/*" }))],
      "allowed",
    ],
    [
      "allowed by NotAction of other actions",
      [role(), inline(decrypt({ Action: undefined, NotAction: "iam:*" }))],
      "allowed",
    ],
    [
      "allowed by NotResource of other resources",
      [role(), inline(decrypt({ NotResource: "arn:aws:s3:::a", Resource: undefined }))],
      "allowed",
    ],
    [
      "not allowed by NotResource of the key",
      [role(), inline(decrypt({ NotResource: KEY_ARN, Resource: undefined }))],
      NOTHING_ALLOWS,
    ],
    [
      "not allowed by a policy for another key",
      [role(), inline(decrypt({ Resource: `${KEY_ARN.slice(0, -1)}0` }))],
      NOTHING_ALLOWS,
    ],
    [
      "not allowed by a policy for another action",
      [role(), inline(decrypt({ Action: "kms:Encrypt" }))],
      NOTHING_ALLOWS,
    ],
    ["not allowed without a policy", [role()], NOTHING_ALLOWS],
    [
      "not allowed if a statement denies it",
      [role(), inline(decrypt(), deny())],
      "not allowed: aws_iam_role_policy.analyst denies it",
    ],
    [
      "not allowed if a statement denies it on all of KMS",
      [role(), inline(decrypt(), deny({ Resource: "arn:aws:kms" }))],
      "not allowed: aws_iam_role_policy.analyst denies it",
    ],
    [
      "unknown if the resource has a policy variable",
      [role(), inline(decrypt({ Resource: ON_VARIABLE }))],
      "unknown: a resource of aws_iam_role_policy.analyst has a policy variable",
    ],
    [
      "unknown if NotResource has a policy variable",
      [role(), inline(decrypt({ NotResource: ON_VARIABLE, Resource: undefined }))],
      "unknown: a resource of aws_iam_role_policy.analyst has a policy variable",
    ],
    [
      "allowed by keys in the account of the caller",
      [role(), inline(decrypt({ Resource: "arn:aws:kms:*:${ aws:principalAccount }:key/*" }))],
      "allowed",
    ],
    [
      "not allowed if a denial is on keys in the account of the caller",
      [role(), inline(decrypt(), deny({ Resource: "arn:aws:kms:*:${aws:PrincipalAccount}:key/*" }))],
      "not allowed: aws_iam_role_policy.analyst denies it",
    ],
    [
      "unknown if only one of several variables is the account of the caller",
      [role(), inline(decrypt({ Resource: ON_VARIABLE.replace(ACCOUNT, "${aws:PrincipalAccount}") }))],
      "unknown: a resource of aws_iam_role_policy.analyst has a policy variable",
    ],
    [
      "allowed by the key beside a policy variable",
      [role(), inline(decrypt({ Resource: [ON_VARIABLE, KEY_ARN] }))],
      "allowed",
    ],
    [
      "not allowed by a policy variable in the ARN of another kind of resource",
      [role(), inline(decrypt({ Resource: ON_VARIABLE.replace(":key/", ":alias/") }))],
      NOTHING_ALLOWS,
    ],
    [
      "allowed if a denial is on a policy variable",
      [role(), inline(decrypt(), deny({ Resource: ON_VARIABLE }))],
      "allowed",
    ],
    ["allowed for a new key by a part of all keys", [newKey(ROOT), role(), inline(decrypt(ON_A_PART))], "allowed"],
    [
      "allowed for a new key if a part of all keys is denied",
      [newKey(ROOT), role(), inline(decrypt({ Resource: "*" }), deny(ON_A_PART))],
      "allowed",
    ],
    [
      "allowed for a new key by NotResource of a part of all keys",
      [newKey(ROOT), role(), inline(decrypt({ NotResource: ON_A_PART.Resource, Resource: undefined }))],
      "allowed",
    ],
    [
      "not allowed for a new key if all keys are denied",
      [newKey(ROOT), role(), inline(decrypt({ Resource: "*" }), deny({ Resource: "arn:aws:kms:*:*:key/*" }))],
      "not allowed: aws_iam_role_policy.analyst denies it",
    ],
    [
      "allowed by inline_policy of aws_iam_role",
      [
        created(
          "aws_iam_role.analyst",
          { inline_policy: [{ name: "a", policy: policyOf(decrypt()) }], name: "Analyst" },
          { expressions: { inline_policy: [{}] } },
        ),
      ],
      "allowed",
    ],
    [
      "allowed by a configured inline_policy with the name of an aws_iam_role_policy",
      [
        kept(
          "aws_iam_role.analyst",
          { inline_policy: [{ name: "a", policy: policyOf(decrypt()) }], name: "Analyst" },
          { expressions: { inline_policy: [{}] } },
        ),
        kept("aws_iam_role_policy.a", { name: "a", policy: policyOf(), role: "Analyst" }),
      ],
      "allowed",
    ],
    ["allowed by an attached managed policy of the plan", [role(), managed, attached(POLICY_ARN)], "allowed"],
    [
      "unknown if the attached managed policy has another path than that of the plan",
      [role(), managed, attached(POLICY_ARN.replace("team", "other"))],
      `unknown: ${POLICY_ARN.replace("team", "other")} is not shown: its content is not in the plan`,
    ],
    [
      "unknown if the managed policy of the plan is of another account",
      [
        role(),
        created("aws_iam_policy.decrypt", {
          arn: POLICY_ARN.replace(ACCOUNT, "999988887777"),
          name: "decrypt",
          path: "/team/",
          policy: policyOf(decrypt()),
        }),
        attached(POLICY_ARN),
      ],
      `unknown: ${POLICY_ARN} is not shown: its content is not in the plan`,
    ],
    [
      "allowed by aws_iam_policy_attachment with several roles",
      [
        role(),
        managed,
        created("aws_iam_policy_attachment.a", { policy_arn: POLICY_ARN, roles: ["Analyst", "Other"] }),
      ],
      "allowed",
    ],
    [
      "allowed by a policy of an exclusive list",
      [
        role(),
        managed,
        created("aws_iam_role_policy_attachments_exclusive.a", {
          policy_arns: ["arn:aws:iam::aws:policy/AWSKeyManagementServicePowerUser", POLICY_ARN],
          role_name: "Analyst",
        }),
      ],
      "allowed",
    ],
    [
      "allowed by an exclusive list with a known and an unknown policy",
      [
        role(),
        managed,
        created(
          "aws_iam_role_policy_attachments_exclusive.a",
          { policy_arns: ["arn:aws:iam::aws:policy/AWSKeyManagementServicePowerUser", null], role_name: "Analyst" },
          {
            after_unknown: { policy_arns: [false, true] },
            expressions: { policy_arns: { references: ["aws_iam_policy.decrypt.arn", "aws_iam_policy.decrypt"] } },
          },
        ),
      ],
      "allowed",
    ],
    [
      "unknown if an exclusive list is sensitive",
      [
        role(),
        created(
          "aws_iam_role_policy_attachments_exclusive.a",
          { policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"], role_name: "Analyst" },
          { after_sensitive: { policy_arns: true } },
        ),
      ],
      "unknown: aws_iam_role_policy_attachments_exclusive.a is not shown: sensitive",
    ],
    ["allowed by AdministratorAccess", [role(), attached("arn:aws:iam::aws:policy/AdministratorAccess")], "allowed"],
    [
      "allowed by AdministratorAccess of the partition aws-cn",
      [role(), attached("arn:aws-cn:iam::aws:policy/AdministratorAccess")],
      "allowed",
    ],
    ["allowed by PowerUserAccess", [role(), attached("arn:aws:iam::aws:policy/PowerUserAccess")], "allowed"],
    [
      "not allowed by AWSKeyManagementServicePowerUser",
      [role(), attached("arn:aws:iam::aws:policy/AWSKeyManagementServicePowerUser")],
      NOTHING_ALLOWS,
    ],
    [
      "unknown if the review does not have the content of a policy of AWS",
      [role(), attached("arn:aws:iam::aws:policy/AWSGlueConsoleFullAccess")],
      "unknown: arn:aws:iam::aws:policy/AWSGlueConsoleFullAccess is not shown: its content is not in the plan",
    ],
    [
      "not allowed by managed_policy_arns of another role",
      [
        role({ managed_policy_arns: [] }),
        kept("aws_iam_role.b", { managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"], name: "B" }),
      ],
      NOTHING_ALLOWS,
    ],
    [
      "unknown if a policy is not JSON",
      [role(), created("aws_iam_role_policy.analyst", { policy: "{", role: "Analyst" })],
      "unknown: aws_iam_role_policy.analyst is not shown: it does not follow IAM's policy grammar",
    ],
    [
      "unknown if inline_policy is a string",
      [
        created(
          "aws_iam_role.analyst",
          { inline_policy: "{}", name: "Analyst" },
          { expressions: { inline_policy: {} } },
        ),
      ],
      "unknown: aws_iam_role.analyst is not shown: it is no list of policies",
    ],
    [
      "unknown if a policy is sensitive",
      [
        role(),
        created(
          "aws_iam_role_policy.analyst",
          { policy: "{}", role: "Analyst" },
          { after_sensitive: { policy: true } },
        ),
      ],
      "unknown: aws_iam_role_policy.analyst is not shown: sensitive",
    ],
    [
      "not allowed by a policy that the plan destroys",
      [
        role(),
        {
          ...inline(),
          change: {
            ...inline().change,
            change: { actions: ["delete"], after: null, before: { policy: policyOf(decrypt()), role: "Analyst" } },
          },
        },
      ],
      NOTHING_ALLOWS,
    ],
  ] as const)("is %s", (_, resources, expected) => {
    expect(answer(resources)).toBe(expected);
  });

  test("is allowed to a user by aws_iam_policy_attachment", () => {
    const user = created("aws_iam_user.ana", { name: "ana", path: "/" });
    const attachment = { policy_arn: POLICY_ARN, users: ["ana"] };
    expect(answer([user, managed, created("aws_iam_policy_attachment.a", attachment)], USER)).toBe("allowed");
  });

  test("is unknown if an exclusive list is unknown until apply", () => {
    const list = { policy_arns: ["arn:aws:iam::aws:policy/AmazonRedshiftFullAccess"], role_name: "Analyst" };
    const unknown = { after_unknown: { policy_arns: true } };
    const resources = [role(), created("aws_iam_role_policy_attachments_exclusive.a", list, unknown)];
    expect(answer(resources)).toMatch(/^unknown: aws_iam_role_policy_attachments_exclusive\.a is not shown/);
  });

  test.each([
    ["aws_iam_role", "managed_policy_arns"],
    ["aws_iam_role_policy_attachments_exclusive", "policy_arns"],
  ])("is unknown if %s.%s is unknown as a whole, unless a policy in the list decides", (type, attribute) => {
    const list = (after_unknown: Values, after: Values = {}) =>
      created(
        `${type}.analyst`,
        { name: "Analyst", role_name: "Analyst", ...after },
        {
          after_unknown,
          expressions: { [attribute]: { references: ["aws_iam_policy.own.arn", "aws_iam_policy.own"] } },
        },
      );
    const policyWith = (...statements: readonly object[]) =>
      created("aws_iam_policy.own", { name: "own", policy: policyOf(...statements) }, { after_unknown: { arn: true } });
    const answerBy = (...resources: readonly Resource[]) =>
      answer(type === "aws_iam_role" ? resources : [role(), ...resources]);
    const whole = list({ [attribute]: true });
    expect(answerBy(whole, policyWith(decrypt()))).toBe("allowed");
    expect(answerBy(whole, policyWith(deny()))).toBe("not allowed: aws_iam_policy.own denies it");
    expect(answerBy(whole, policyWith())).toBe(
      `unknown: ${type}.analyst is not shown: ${attribute} is unknown until apply, so a constant in it is not shown`,
    );
    const partly = list({ [attribute]: [true] }, { [attribute]: [null] });
    expect(answerBy(partly, policyWith())).toBe(NOTHING_ALLOWS);
  });

  test("is allowed by a policy that AWS lists for an existing role, unless the plan empties the list", () => {
    const values = {
      inline_policy: [{ name: "by-hand", policy: policyOf(decrypt()) }],
      managed_policy_arns: [],
      name: "Analyst",
    };
    expect(answer([kept("aws_iam_role.analyst", values)])).toBe("allowed");
    const removed = { name: "by-hand", policy: policyOf(decrypt()), role: "Analyst" };
    expect(
      answer([
        kept("aws_iam_role.analyst", values),
        updated("aws_iam_role_policy.a", removed, { ...removed, policy: policyOf() }),
      ]),
    ).toBe(NOTHING_ALLOWS);
    const byHand = { managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"], name: "Analyst" };
    expect(answer([kept("aws_iam_role.analyst", byHand)])).toBe("allowed");
  });

  describe("by the policies that AWS lists in the role", () => {
    const POWER_USER = "arn:aws:iam::aws:policy/AWSKeyManagementServicePowerUser";
    const ADMIN = "arn:aws:iam::aws:policy/AdministratorAccess";
    const managedOnly = kept("aws_iam_role.analyst", { managed_policy_arns: [ADMIN], name: "Analyst" });
    const inlineOnly = kept("aws_iam_role.analyst", {
      inline_policy: [{ name: "by-hand", policy: policyOf(decrypt()) }],
      name: "Analyst",
    });
    const attachment = { policy_arn: ADMIN, role: "Analyst" };
    const replacedRole = (policies: Values) =>
      replaced(
        "aws_iam_role.analyst",
        { ...policies, name: "Analyst" },
        { name: "Analyst" },
        { after_unknown: { inline_policy: true, managed_policy_arns: true }, expressions: { name: {} } },
      );
    const exclusiveArns = (...policy_arns: readonly string[]) =>
      created("aws_iam_role_policy_attachments_exclusive.a", { policy_arns, role_name: "Analyst" });
    const exclusiveNames = (...policy_names: readonly string[]) =>
      created("aws_iam_role_policies_exclusive.a", { policy_names, role_name: "Analyst" });

    test.each([
      ["allowed", "nothing takes it away", managedOnly, []],
      ["not allowed", "the plan replaces the role", replacedRole({ managed_policy_arns: [ADMIN] }), []],
      [
        "not allowed",
        "the plan replaces the role, and the policy is inline",
        replacedRole({ inline_policy: [{ name: "by-hand", policy: policyOf(decrypt()) }] }),
        [],
      ],
      [
        "not allowed",
        "its attachment is deleted",
        managedOnly,
        [destroyed("aws_iam_role_policy_attachment.a", attachment)],
      ],
      [
        "not allowed",
        "its attachment goes to another role",
        managedOnly,
        [updated("aws_iam_role_policy_attachment.a", attachment, { ...attachment, role: "Other" })],
      ],
      [
        "not allowed",
        "an aws_iam_policy_attachment leaves the role out",
        managedOnly,
        [
          updated(
            "aws_iam_policy_attachment.a",
            { policy_arn: ADMIN, roles: ["Analyst"] },
            { policy_arn: ADMIN, roles: ["Other"] },
          ),
        ],
      ],
      ["not allowed", "an exclusive list leaves it out", managedOnly, [exclusiveArns()]],
      [
        "allowed",
        "an exclusive list has another policy with the permission",
        managedOnly,
        [exclusiveArns(POWER_USER, ADMIN)],
      ],
      [
        "allowed",
        "the configuration of the role sets it, and its attachment is deleted",
        kept(
          "aws_iam_role.analyst",
          { managed_policy_arns: [ADMIN], name: "Analyst" },
          { expressions: { managed_policy_arns: {} } },
        ),
        [destroyed("aws_iam_role_policy_attachment.a", attachment)],
      ],
      [
        "not allowed",
        "its aws_iam_role_policy is deleted",
        inlineOnly,
        [destroyed("aws_iam_role_policy.a", { name: "by-hand", policy: policyOf(decrypt()), role: "Analyst" })],
      ],
      ["not allowed", "an exclusive list has another name", inlineOnly, [exclusiveNames("other")]],
      ["allowed", "an exclusive list has its name", inlineOnly, [exclusiveNames("by-hand")]],
      [
        "allowed",
        "the names of an exclusive list are unknown",
        inlineOnly,
        [
          created(
            "aws_iam_role_policies_exclusive.a",
            { role_name: "Analyst" },
            { after_unknown: { policy_names: true } },
          ),
        ],
      ],
    ])("is %s if %s", (expected, _, listing, others) => {
      expect(answer([listing, ...others])).toBe(expected === "allowed" ? "allowed" : NOTHING_ALLOWS);
    });
  });

  test("is allowed with the conditions of its statements, unless a fact of the request breaks a condition", () => {
    const result = permission([
      role(),
      inline(decrypt(CONDITION), deny({ Condition: { Bool: { "aws:SecureTransport": "false" } } })),
    ]);
    expect(result).toMatchObject({ kind: "allowed", notShown: [], unless: [{ Effect: "Deny" }], ways: [CONDITION] });
    expect(answer([role(), inline(decrypt(CONDITION))], ANALYST, { "kms:viaservice": null })).toBe(NOTHING_ALLOWS);
    const byCaller = { Condition: { StringEquals: { "aws:PrincipalAccount": "999988887777" } } };
    expect(answer([role(), inline(decrypt(byCaller))])).toBe(NOTHING_ALLOWS);
  });

  test("is limited by a permissions boundary", () => {
    const bounded = (arn: string) => [role({ permissions_boundary: arn }), managed, inline(decrypt())];
    expect(answer(bounded(POLICY_ARN))).toBe("allowed");
    expect(answer(bounded("arn:aws:iam::aws:policy/AmazonRedshiftFullAccess"))).toBe(
      "not allowed: the permissions boundary arn:aws:iam::aws:policy/AmazonRedshiftFullAccess does not allow it",
    );
    expect(answer(bounded(`arn:aws:iam::${ACCOUNT}:policy/unknown`))).toBe(
      `unknown: the permissions boundary arn:aws:iam::${ACCOUNT}:policy/unknown is not shown: its content is not in the plan`,
    );
    expect(answer([role({ permissions_boundary: POLICY_ARN }), managed])).toBe(NOTHING_ALLOWS);
  });

  test("is allowed to the sessions of the role, and unknown for a role of another path or account", () => {
    const inPath = [role({ path: "/team/" }), inline(decrypt())];
    expect(answer(inPath, `arn:aws:iam::${ACCOUNT}:role/team/Analyst`)).toBe("allowed");
    expect(answer(inPath, `arn:aws:sts::${ACCOUNT}:assumed-role/Analyst/ana`)).toBe("allowed");
    expect(answer(inPath)).toBe(`unknown: the plan has no IAM policies of ${ANALYST}`);
    const elsewhere = [
      kept("aws_iam_role.analyst", { arn: "arn:aws:iam::999988887777:role/Analyst", name: "Analyst" }),
      inline(decrypt()),
    ];
    expect(answer(elsewhere)).toBe(`unknown: the plan has no IAM policies of ${ANALYST}`);
  });

  test("is allowed by a policy of a role that is not in the plan, and unknown without such a policy", () => {
    expect(answer([inline(decrypt())])).toBe("allowed");
    const encryption = inline(decrypt({ Action: "kms:Encrypt" }));
    expect(answer([encryption])).toBe("unknown: Analyst is not in this plan");
    expect(answer([destroyed("aws_iam_role.analyst", { name: "Analyst" }), encryption])).toBe(
      "unknown: Analyst is not in this plan",
    );
    const federated = `arn:aws:sts::${ACCOUNT}:federated-user/Analyst`;
    expect(answer([role(), inline(decrypt())], federated)).toBe(
      `unknown: the plan has no IAM policies of ${federated}`,
    );
  });

  test("is allowed by an attachment that refers to one role, and unknown if two roles match", () => {
    const unknown = (names: readonly string[], references: Readonly<Record<string, string>>) => ({
      after_unknown: Object.fromEntries(names.map((name) => [name, true])),
      expressions: Object.fromEntries(
        Object.entries(references).map(([name, reference]) => [name, { references: [reference] }]),
      ),
    });
    const attachment = created(
      "aws_iam_role_policy_attachment.a",
      {},
      unknown(["policy_arn", "role"], { policy_arn: "aws_iam_policy.decrypt.arn", role: "aws_iam_role.analyst.name" }),
    );
    expect(answer([role(), managed, attachment])).toBe("allowed");
    const splatPair = created(
      "aws_iam_role_policy_attachment.a",
      { role: "Analyst" },
      unknown(["policy_arn"], { policy_arn: "aws_iam_policy.each" }),
    );
    const each = ["a", "b"].map((index) => created(`aws_iam_policy.each["${index}"]`, { policy: policyOf(decrypt()) }));
    expect(answer([role(), ...each, splatPair])).toBe(
      "unknown: aws_iam_role_policy_attachment.a is not shown: unknown until apply",
    );
    const roles = ["a", "b"].map((index) => created(`aws_iam_role.analyst["${index}"]`, { name: index }));
    const splatOne = created(
      "aws_iam_role_policy.a",
      { policy: policyOf(decrypt()) },
      unknown(["role"], { role: "aws_iam_role.analyst" }),
    );
    expect(answer([...roles, splatOne], `arn:aws:iam::${ACCOUNT}:role/a`)).toBe(
      "unknown: aws_iam_role_policy.a is not shown: its identity is unknown until apply",
    );
  });
});

describe("an IAM policy that is unknown until apply", () => {
  const policy = created(
    "aws_iam_role_policy.analyst",
    { role: "Analyst" },
    {
      after_unknown: { policy: true },
      expressions: { policy: { references: ["data.aws_iam_policy_document.a.json"] } },
    },
  );
  const document = (statement: Values, unknown: Values, references: readonly string[] = []) =>
    readDuringApply(
      "data.aws_iam_policy_document.a",
      { statement: [{ actions: ["kms:Decrypt"], effect: "Allow", ...statement }] },
      { after_unknown: { statement: [unknown] }, expressions: { statement: [{ resources: { references } }] } },
    );

  test("allows and denies by the known statements of its policy document", () => {
    expect(permission([role(), policy, document({ resources: ["*"] }, {})])).toMatchObject({
      kind: "allowed",
      notShown: ["aws_iam_role_policy.analyst is not shown: unknown until apply"],
    });
    expect(answer([role(), policy, document({ effect: "Deny", resources: ["*"] }, {})])).toBe(
      "not allowed: aws_iam_role_policy.analyst denies it",
    );
  });

  test("allows by a statement on the new key, not by a statement on unknown resources", () => {
    const arns = document({}, { resources: [true] }, ["aws_kms_key.this.arn", "aws_kms_key.this"]);
    const onArn = {
      ...arns,
      change: {
        ...arns.change,
        change: {
          ...(arns.change.change as Values),
          after: { statement: [{ actions: ["kms:Decrypt"], effect: "Allow", resources: [null] }] },
        },
      },
    };
    const key = created("aws_kms_key.this", { policy: policyOf(ROOT) }, { after_unknown: { arn: true } });
    expect(answer([key, role(), policy, onArn])).toBe("allowed");
    const whole = document({}, { resources: true }, ["var.resources"]);
    expect(answer([newKey(ROOT), role(), policy, whole])).toBe(
      "unknown: aws_iam_role_policy.analyst is not shown: unknown until apply",
    );
  });

  test("keeps the conditions of its known statements", () => {
    const condition = [
      { test: "StringEquals", values: ["a"], variable: "kms:ViaService" },
      { test: "StringEquals", values: [ACCOUNT], variable: "aws:PrincipalAccount" },
    ];
    expect(permission([role(), policy, document({ condition, resources: ["*"] }, {})])).toMatchObject({
      kind: "allowed",
      ways: [{ Condition: { StringEquals: { "aws:PrincipalAccount": ACCOUNT, "kms:ViaService": "a" } } }],
    });
    const other = [{ test: "StringEquals", values: ["999988887777"], variable: "aws:PrincipalAccount" }];
    expect(answer([role(), policy, document({ condition: other, resources: ["*"] }, {})])).toBe(
      "unknown: aws_iam_role_policy.analyst is not shown: unknown until apply",
    );
    const source = readDuringApply("data.aws_iam_policy_document.a", {
      source_policy_documents: [policyOf(decrypt(CONDITION))],
    });
    expect(permission([role(), policy, source])).toMatchObject({ kind: "allowed", ways: [CONDITION] });
    expect(answer([role(), policy, document({ resources: ["*"] }, { condition: true })])).toBe("allowed");
    const denial = document({ effect: "Deny", resources: ["*"] }, { condition: true });
    const allowing = created("aws_iam_role_policy.other", { policy: policyOf(decrypt()), role: "Analyst" });
    expect(answer([role(), policy, denial, allowing])).toBe("allowed");
  });
});

describe("the IAM policies of a user", () => {
  const user = created("aws_iam_user.ana", { name: "ana" });
  const group = created("aws_iam_group.team", { name: "team" });
  const teamPolicy = created("aws_iam_group_policy.team", { group: "team", policy: policyOf(decrypt()) });

  test.each([
    ["an inline policy of the user", [created("aws_iam_user_policy.a", { policy: policyOf(decrypt()), user: "ana" })]],
    [
      "a managed policy of the user",
      [managed, created("aws_iam_user_policy_attachment.a", { policy_arn: POLICY_ARN, user: "ana" })],
    ],
    [
      "a policy of a group in aws_iam_user_group_membership",
      [group, teamPolicy, created("aws_iam_user_group_membership.a", { groups: ["team"], user: "ana" })],
    ],
    [
      "a policy of a group in aws_iam_group_membership",
      [group, teamPolicy, created("aws_iam_group_membership.a", { group: "team", users: ["ana"] })],
    ],
    [
      "a managed policy of a group by aws_iam_policy_attachment",
      [
        group,
        managed,
        created("aws_iam_policy_attachment.a", { groups: ["team"], name: "a", policy_arn: POLICY_ARN }),
        created("aws_iam_group_membership.a", { group: "team", users: ["ana"] }),
      ],
    ],
    [
      "an exclusive list of the user",
      [
        created("aws_iam_user_policy_attachments_exclusive.a", { policy_arns: [POLICY_ARN], user_name: "ana" }),
        managed,
      ],
    ],
    [
      "an exclusive list of a group",
      [
        created("aws_iam_group_policy_attachments_exclusive.a", { group_name: "team", policy_arns: [POLICY_ARN] }),
        created("aws_iam_group_membership.a", { group: "team", users: ["ana"] }),
        group,
        managed,
      ],
    ],
    [
      "a managed policy of a group",
      [
        group,
        managed,
        created("aws_iam_group_policy_attachment.a", { group: "team", policy_arn: POLICY_ARN }),
        created("aws_iam_group_membership.a", { group: "team", users: ["ana"] }),
      ],
    ],
  ] as const)("allow kms:Decrypt by %s", (_, resources) => {
    expect(answer([user, ...resources], USER)).toBe("allowed");
  });

  test("are incomplete if the user exists already or a group is not in the plan", () => {
    expect(answer([user], USER)).toBe("not allowed: no IAM policy of aws_iam_user.ana in this plan allows it");
    expect(answer([kept("aws_iam_user.ana", { name: "ana" })], USER)).toBe(
      "unknown: the plan does not list all policies of aws_iam_user.ana",
    );
    expect(answer([user, created("aws_iam_user_group_membership.a", { groups: ["team"], user: "ana" })], USER)).toBe(
      "unknown: the group team is not in this plan",
    );
  });
});

describe("the users of a list that is unknown as a whole", () => {
  const unknownList = (type: string, attribute: string, reference: string, values: Values) =>
    created(`${type}.a`, values, {
      after_unknown: { [attribute]: true },
      expressions: { [attribute]: { references: [reference] } },
    });
  const newUser = created("aws_iam_user.ana", { name: "ana", path: "/" });
  const group = created("aws_iam_group.analysts", { name: "analysts" });
  const groupPolicy = created("aws_iam_group_policy.p", { group: "analysts", policy: policyOf(decrypt()) });

  test("may be in a group that the plan does not show", () => {
    const membership = unknownList("aws_iam_user_group_membership", "groups", "aws_iam_group.analysts.id", {
      user: "ana",
    });
    expect(answer([newUser, group, membership], USER)).toBe(
      "unknown: the plan does not show all groups of aws_iam_user.ana",
    );
  });

  test("may be other members of their group than the plan shows", () => {
    const membership = (marks: object) =>
      created(
        "aws_iam_group_membership.a",
        { group: "analysts", users: ["ana"] },
        { ...marks, expressions: { users: { references: ["aws_iam_user.ana.id"] } } },
      );
    const groupsOf = (...resources: readonly Resource[]) =>
      modelOf(newUser, group, groupPolicy, ...resources).heldPolicies.groupsWithoutMembers();
    expect(groupsOf(membership({}))).toStrictEqual([]);
    expect(groupsOf(membership({ after_unknown: { users: true } }))).toStrictEqual(["analysts"]);
  });

  test.each([
    ["aws_iam_group_membership", "users", "aws_iam_user.ana.id", { group: "analysts" }],
    ["aws_iam_policy_attachment", "users", "aws_iam_user.ana.id", { policy_arn: POLICY_ARN }],
    ["aws_iam_user_group_membership", "groups", "aws_iam_group.analysts.id", { user: "ana" }],
  ])("are not judged (%s)", (type, attribute, reference, values) => {
    const { notJudged } = reviewed([newUser, group, managed, unknownList(type, attribute, reference, values)]);
    expect(notJudged).toContainEqual({
      address: `${type}.a`,
      reason: `${attribute} is unknown until apply, so a constant in it is not shown`,
      rule: "role-policy-not-shown",
    });
  });

  test("are not judged for --forbid", () => {
    const attachment = unknownList("aws_iam_policy_attachment", "users", "aws_iam_user.ana.id", {
      policy_arn: POLICY_ARN,
    });
    const forbidden = [{ action: "kms:Decrypt", principal: "*", text: "kms:Decrypt" }];
    const { notJudged } = reviewedUnder({ forbidden }, keyWith(ROOT), newUser, managed, attachment);
    expect(notJudged).toContainEqual({
      address: "aws_iam_policy_attachment.a",
      reason: "the plan does not show who has the policy",
      rule: "promise-forbidden-action",
    });
  });
});

describe("kms:Decrypt by a permission set", () => {
  const SET_ARN = "arn:aws:sso:::permissionSet/ssoins-1234567890abcdef/ps-1234567890abcdef";
  const set = kept("aws_ssoadmin_permission_set.analysts", { arn: SET_ARN, name: "Analysts" });
  const inlinePolicy = created("aws_ssoadmin_permission_set_inline_policy.a", {
    inline_policy: policyOf(decrypt()),
    permission_set_arn: SET_ARN,
  });
  const SSO_ROLE = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Analysts_0123456789abcdef`;
  const boundary = (block: Values) =>
    created("aws_ssoadmin_permissions_boundary_attachment.a", {
      permission_set_arn: SET_ARN,
      permissions_boundary: [block],
    });

  test.each([
    ["allowed by an inline policy", [inlinePolicy], "allowed"],
    [
      "allowed by a managed policy of AWS",
      [
        created("aws_ssoadmin_managed_policy_attachment.a", {
          managed_policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
          permission_set_arn: SET_ARN,
        }),
      ],
      "allowed",
    ],
    [
      "allowed by a customer managed policy of the account",
      [
        managed,
        created("aws_ssoadmin_customer_managed_policy_attachment.a", {
          customer_managed_policy_reference: [{ name: "decrypt", path: "/team/" }],
          permission_set_arn: SET_ARN,
        }),
      ],
      "allowed",
    ],
    [
      "allowed by an exclusive list of managed policies of AWS",
      [
        created("aws_ssoadmin_managed_policy_attachments_exclusive.a", {
          managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
          permission_set_arn: SET_ARN,
        }),
      ],
      "allowed",
    ],
    [
      "allowed by a customer managed policy without a path",
      [
        created("aws_iam_policy.root", { name: "root", policy: policyOf(decrypt()) }),
        created("aws_ssoadmin_customer_managed_policy_attachment.a", {
          customer_managed_policy_reference: [{ name: "root" }],
          permission_set_arn: SET_ARN,
        }),
      ],
      "allowed",
    ],
    [
      "unknown by a customer managed policy that is unknown until apply",
      [
        created(
          "aws_ssoadmin_customer_managed_policy_attachment.a",
          { permission_set_arn: SET_ARN },
          { after_unknown: { customer_managed_policy_reference: true } },
        ),
      ],
      "unknown: aws_ssoadmin_customer_managed_policy_attachment.a is not shown: unknown until apply, the plan does not list all policies of aws_ssoadmin_permission_set.analysts",
    ],
    [
      "unknown by a sensitive customer managed policy",
      [
        created(
          "aws_ssoadmin_customer_managed_policy_attachment.a",
          { customer_managed_policy_reference: [{ name: "decrypt" }], permission_set_arn: SET_ARN },
          { after_sensitive: { customer_managed_policy_reference: true } },
        ),
      ],
      "unknown: aws_ssoadmin_customer_managed_policy_attachment.a is not shown: sensitive, the plan does not list all policies of aws_ssoadmin_permission_set.analysts",
    ],
    [
      "unknown by an empty exclusive list, without a policy that is not shown",
      [
        created("aws_ssoadmin_customer_managed_policy_attachments_exclusive.a", {
          customer_managed_policy_reference: [],
          permission_set_arn: SET_ARN,
        }),
      ],
      "unknown: the plan does not list all policies of aws_ssoadmin_permission_set.analysts",
    ],
    [
      "allowed by exclusive lists of policies",
      [
        managed,
        created("aws_ssoadmin_managed_policy_attachments_exclusive.a", {
          managed_policy_arns: ["arn:aws:iam::aws:policy/AmazonRedshiftFullAccess"],
          permission_set_arn: SET_ARN,
        }),
        created("aws_ssoadmin_customer_managed_policy_attachments_exclusive.a", {
          customer_managed_policy_reference: [
            { name: "other", path: "/" },
            { name: "decrypt", path: "/team/" },
          ],
          permission_set_arn: SET_ARN,
        }),
      ],
      "allowed",
    ],
    [
      "allowed within a boundary that allows it",
      [managed, inlinePolicy, boundary({ customer_managed_policy_reference: [{ name: "decrypt", path: "/team/" }] })],
      "allowed",
    ],
    [
      "not allowed by a boundary that does not allow it",
      [inlinePolicy, boundary({ managed_policy_arn: "arn:aws:iam::aws:policy/AmazonRedshiftFullAccess" })],
      "not allowed: the permissions boundary arn:aws:iam::aws:policy/AmazonRedshiftFullAccess does not allow it",
    ],
    [
      "unknown without a policy in the plan",
      [],
      "unknown: the plan does not list all policies of aws_ssoadmin_permission_set.analysts",
    ],
  ] as const)("is %s", (_, resources, expected) => {
    expect(answer([set, ...resources], SSO_ROLE)).toBe(expected);
  });

  test("is unknown for a permission set whose name begins with the name of the first permission set", () => {
    const role = SSO_ROLE.replace("Analysts_", "Analysts_Admins_");
    expect(answer([set, inlinePolicy], role)).toBe(`unknown: the plan has no IAM policies of ${role}`);
    const other = kept("aws_ssoadmin_permission_set.other", { name: "Analysts_Admins" });
    expect(answer([set, other, inlinePolicy], role)).toBe(
      "unknown: the plan does not list all policies of aws_ssoadmin_permission_set.other",
    );
    // The digits are 16, and hexadecimal.
    expect(answer([set, inlinePolicy], SSO_ROLE.replace(/f$/, "g"))).toContain("the plan has no IAM policies");
  });
});

describe("the IAM policies of a role name in several providers", () => {
  const withProvider = (provider: string, resource: Resource): Resource => {
    const { address, mode, name, type } = resource.change;
    return { ...resource, configured: [{ address, mode, name, provider_config_key: provider, type }] };
  };
  const namesake = created("aws_iam_role.namesake", { name: "Analyst", path: "/namesake/" });

  test("belong to the only role of that name, also if the role has another provider", () => {
    const resources = [withProvider("aws.roles", role()), withProvider("aws.policies", inline(decrypt()))];
    expect(answer(resources)).toBe("allowed");
  });

  test("belong to the role of that name in their own provider", () => {
    const resources = [
      withProvider("aws.other", namesake),
      withProvider("aws.roles", role()),
      withProvider("aws.roles", inline(decrypt())),
    ];
    expect(answer(resources)).toBe("allowed");
    expect(answer(resources, ANALYST.replace("role/", "role/namesake/"))).toMatch(/^not allowed/);
  });

  test("do not belong to a role of that name under another path", () => {
    const elsewhere = ANALYST.replace("role/", "role/elsewhere/");
    expect(answer([inline(decrypt())], elsewhere)).toBe("allowed");
    expect(answer([namesake, inline(decrypt())], elsewhere)).toContain("the plan has no IAM policies");
  });
});

describe("identities of one name in two accounts", () => {
  const OTHER = "444455556666";
  const arnIn = (account: string, name = "role/app") => `arn:aws:iam::${account}:${name}`;
  const app = (address: string) => created(address, { name: "app", path: "/" }, { after_unknown: { arn: true } });
  const decryption = policyOf({ Action: "kms:Decrypt", Effect: "Allow", Resource: "*" });
  const policyFor = (values: Values) => created("aws_iam_role_policy.other", { policy: decryption, ...values });

  /** The resources at addresses that end in `other` are of the other account. */
  const inAccounts = (...resources: readonly Resource[]): Model => {
    const provider = (account: string) => ({ expressions: { allowed_account_ids: { constant_value: [account] } } });
    const configured = resources.map(({ change: { address, mode } }) => ({
      address,
      mode,
      provider_config_key: String(address).endsWith("other") ? "aws.other" : "aws",
    }));
    const plan = {
      configuration: {
        provider_config: { aws: provider(ACCOUNT), "aws.other": provider(OTHER) },
        root_module: { resources: configured },
      },
      format_version: "1.2",
      resource_changes: resources.map(({ change }) => change),
    };
    return new Model(readPlan(JSON.stringify(plan), "plan"));
  };
  const kindOf = ({ identities, keys }: Model, account: string) =>
    identities.permission(arnIn(account), "kms:Decrypt", keys[0]!).kind;

  test("have the policies of their account if both are in the plan", () => {
    const roles = [app("aws_iam_role.app"), app("aws_iam_role.other")];
    const model = inAccounts(keyWith(), ...roles, policyFor({ role: "app" }));
    expect([kindOf(model, ACCOUNT), kindOf(model, OTHER)]).toStrictEqual(["not allowed", "allowed"]);
  });

  test("have the policies of their account if one of them is not in the plan", () => {
    const model = inAccounts(keyWith(), app("aws_iam_role.app"), policyFor({ role: "app" }));
    expect([kindOf(model, ACCOUNT), kindOf(model, OTHER)]).toStrictEqual(["not allowed", "allowed"]);
    const { heldPolicies } = model;
    expect(
      [ACCOUNT, OTHER, undefined].map((account) => heldPolicies.absentNames("aws_iam_role", account)),
    ).toStrictEqual([[], ["app"], ["app"]]);
  });

  test("have the managed policy of their account", () => {
    const attachment = created("aws_iam_role_policy_attachment.other", {
      policy_arn: arnIn(OTHER, "policy/app"),
      role: "app",
    });
    const kindWith = (address: string) => {
      const policy = created(address, { name: "app", path: "/", policy: decryption });
      return kindOf(inAccounts(keyWith(), app("aws_iam_role.other"), policy, attachment), OTHER);
    };
    expect(["aws_iam_policy.other", "aws_iam_policy.app"].map(kindWith)).toStrictEqual(["allowed", "unknown"]);
  });

  test("have the members of the groups of their account", () => {
    const policy = created("aws_iam_group_policy.other", { group: "readers", policy: decryption });
    const { heldPolicies } = inAccounts(keyWith(), policy);
    expect([ACCOUNT, OTHER].map((account) => heldPolicies.groupsWithoutMembers(account))).toStrictEqual([
      [],
      ["readers"],
    ]);
  });
});
