import { shownPart } from "../../../review/model/partial-policy";
import { ACCOUNT, KEY_ARN, USER_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  created,
  policyOf,
  policyUnknownFrom,
  readDuringApply,
  type Resource,
  reviewed,
  updated,
  type Values,
} from "../support/small-plan";

const DOCUMENT = "data.aws_iam_policy_document.key";
const UNKNOWN = "unknown until apply";
const STATEMENT = { Action: "kms:Decrypt", Effect: "Allow", Principal: { AWS: USER_ARN }, Resource: "*" };

describe("the shown part of a statement", () => {
  test.each<[string, object, object]>([
    ["Action", { Action: ["kms:Decrypt", UNKNOWN] }, {}],
    ["Principal", { Principal: { AWS: [USER_ARN, UNKNOWN] } }, {}],
    ["Principal if it is unknown as a whole", { Principal: UNKNOWN }, { Principal: {} }],
    ["Resource", { Resource: ["*", "sensitive"] }, {}],
  ])("leaves out the unknown and sensitive elements of %s", (_, partial, shown) => {
    expect(shownPart({ ...STATEMENT, ...partial })).toStrictEqual([{ ...STATEMENT, ...shown }]);
  });

  test.each<[string, object]>([
    ["Effect", { Effect: UNKNOWN }],
    ["Condition", { Condition: UNKNOWN }],
    ["a value in Condition", { Condition: [{ StringEquals: { "kms:ViaService": [UNKNOWN] } }] }],
    ["a principal in NotPrincipal", { NotPrincipal: { AWS: [USER_ARN, "sensitive"] }, Principal: undefined }],
    ["an action in NotAction", { Action: undefined, NotAction: ["kms:Decrypt", UNKNOWN] }],
    ["a resource in NotResource", { NotResource: ["*", UNKNOWN], Resource: undefined }],
  ])("is empty if %s is unknown", (_, partial) => {
    expect(shownPart({ ...STATEMENT, ...partial })).toStrictEqual([]);
  });

  test("is the whole statement of an identity policy, which has no Principal", () => {
    const statement = { Action: "kms:Decrypt", Effect: "Allow", Resource: "*" };
    expect(shownPart(statement)).toStrictEqual([statement]);
  });

  test("joins the blocks of its condition", () => {
    const condition = [{ StringEquals: { a: ["1"] } }, { StringEquals: { b: ["2"] } }];
    expect(shownPart({ ...STATEMENT, Condition: condition })).toStrictEqual([
      { ...STATEMENT, Condition: { StringEquals: { a: "1", b: "2" } } },
    ]);
  });

  test("joins the values of blocks with one operator and key", () => {
    const condition = [{ StringEquals: { a: ["1"] } }, { StringEquals: { a: ["2"] } }];
    expect(shownPart({ ...STATEMENT, Condition: condition })).toStrictEqual([
      expect.objectContaining({ Condition: { StringEquals: { a: ["1", "2"] } } }),
    ]);
  });
});

describe("a key policy of which a part is unknown", () => {
  const report = (statement: Values, before: readonly object[] = [ADMINISTRATOR]) =>
    reviewed([
      updated(
        "aws_kms_key.this",
        { arn: KEY_ARN, policy: policyOf(...before) },
        { arn: KEY_ARN },
        policyUnknownFrom(`${DOCUMENT}.json`, DOCUMENT),
      ),
      readDuringApply(DOCUMENT, { statement: [{ effect: "Allow", resources: ["*"], ...statement }] }),
    ]);
  const everybody = [{ identifiers: ["*"], type: "AWS" }];
  const user = [{ identifiers: [USER_ARN], type: "AWS" }];
  const changeOf = (...given: Parameters<typeof report>) =>
    report(...given).keys[0]!.principals.find(({ principal }) => principal === USER_ARN)?.abilities[
      "encrypt and decrypt"
    ];

  test("has the finding key-policy-public for a statement that is shown", () => {
    const { findings } = report({ actions: ["kms:Decrypt"], principals: everybody });
    expect(findings.map(({ rule }) => rule)).toStrictEqual(
      expect.arrayContaining(["key-policy-not-shown", "key-policy-public"]),
    );
  });

  test("has the finding key-policy-public for a principal * of the type *", () => {
    const { findings } = report({ actions: ["kms:Decrypt"], principals: [{ identifiers: ["*"], type: "*" }] });
    expect(findings.map(({ rule }) => rule)).toContain("key-policy-public");
  });

  test("has a statement with an unknown principal beside the table of the key", () => {
    const besideTable = (identifiers: readonly string[]) =>
      report({ actions: ["kms:Decrypt"], principals: [{ identifiers, type: "AWS" }] }).keys[0]!.unplaced;
    expect(besideTable([USER_ARN])).toStrictEqual([]);
    expect(besideTable([USER_ARN, UNKNOWN])).toMatchObject([{ statement: { Action: ["kms:Decrypt"] } }]);
  });

  test("has the finding of a service whose statement also names an unknown role", () => {
    const principals = [
      { identifiers: [UNKNOWN], type: "AWS" },
      { identifiers: ["s3.amazonaws.com"], type: "Service" },
    ];
    const { findings, keys } = report({ actions: ["kms:Decrypt"], principals });
    expect(findings.map(({ rule }) => rule)).toStrictEqual(
      expect.arrayContaining(["key-policy-not-shown", "key-policy-service-without-source"]),
    );
    expect(keys[0]!.unplaced).toMatchObject([
      { statement: { Principal: { AWS: [UNKNOWN], Service: ["s3.amazonaws.com"] } } },
    ]);
  });

  test('has the change "gained" by a statement that is shown, and "unknown" in place of "lost"', () => {
    expect(changeOf({ actions: ["kms:Decrypt"], principals: user })).toMatchObject({
      after: {
        actions: ["kms:Decrypt"],
        limits: ["only kms:Decrypt", "by the statements that are shown: the others may allow more, or deny it"],
      },
      change: "gained",
    });
    const old = [{ ...STATEMENT, Action: ["kms:Decrypt", "kms:Encrypt"] }];
    expect(changeOf({ actions: ["kms:Decrypt"], principals: user }, old)).toMatchObject({ change: "unknown" });
    expect(changeOf({ actions: ["kms:DescribeKey"], principals: user }, old)).toMatchObject({
      after: { extent: "unknown" },
      change: "unknown",
    });
  });
});

describe("a policy of several documents", () => {
  const source = "data.aws_iam_policy_document.source";
  const override = "data.aws_iam_policy_document.override";
  const block = (sid: string | null, principal: string): Values => ({
    actions: ["kms:Decrypt"],
    principals: [{ identifiers: [principal], type: "AWS" }],
    resources: ["*"],
    sid,
  });
  const documentOf = (address: string, values: Values, references: Values = {}) =>
    readDuringApply(
      address,
      { statement: [], ...values },
      {
        after_unknown: { json: true },
        expressions: Object.fromEntries(
          Object.entries(references).map(([name, from]) => [name, { references: [`${String(from)}.json`, from] }]),
        ),
      },
    );
  const principalsOf = (...documents: readonly Resource[]) => {
    const key = created("aws_kms_key.this", {}, policyUnknownFrom(`${DOCUMENT}.json`, DOCUMENT));
    return reviewed([key, ...documents]).keys[0]!.principals.map(({ principal }) => principal);
  };

  test.each<[string, readonly Resource[]]>([
    [
      "a statement of a source by a statement of an override",
      [
        documentOf(DOCUMENT, {}, { override_policy_documents: override, source_policy_documents: source }),
        documentOf(source, { statement: [block("Use", "*")] }),
        documentOf(override, { statement: [block("Use", USER_ARN)] }),
      ],
    ],
    [
      "a statement of a known source by a statement of an override",
      [
        documentOf(
          DOCUMENT,
          { source_policy_documents: [policyOf({ ...STATEMENT, Principal: "*", Sid: "Use" })] },
          { override_policy_documents: override },
        ),
        documentOf(override, { statement: [block("Use", USER_ARN)] }),
      ],
    ],
    [
      "a statement of a source by a statement of the document itself",
      [
        documentOf(DOCUMENT, { statement: [block("Use", USER_ARN)] }, { source_policy_documents: source }),
        documentOf(source, { statement: [block("Use", "*")] }),
      ],
    ],
  ])("replaces %s of the same Sid", (_, documents) => {
    expect(principalsOf(...documents)).toStrictEqual([USER_ARN]);
  });

  const middle = "data.aws_iam_policy_document.middle";
  test.each<[string, readonly Resource[]]>([
    [
      "of a source that an override replaces in its own source",
      [
        documentOf(DOCUMENT, {}, { override_policy_documents: middle, source_policy_documents: source }),
        documentOf(middle, { statement: [block("Use", USER_ARN)] }, { source_policy_documents: source }),
        documentOf(source, { statement: [block("Use", "*")] }),
      ],
    ],
    [
      "of a source of a source that the document replaces",
      [
        documentOf(DOCUMENT, { statement: [block("Use", USER_ARN)] }, { source_policy_documents: middle }),
        documentOf(middle, { statement: [] }, { source_policy_documents: source }),
        documentOf(source, { statement: [block("Use", "*")] }),
      ],
    ],
    [
      "of an override in a source that the document replaces",
      [
        documentOf(DOCUMENT, { statement: [block("Use", USER_ARN)] }, { source_policy_documents: middle }),
        documentOf(middle, {}, { override_policy_documents: override, source_policy_documents: source }),
        documentOf(source, { statement: [block("Use", "*")] }),
        documentOf(override, { statement: [block("Use", "*")] }),
      ],
    ],
    [
      "of a document that contains itself",
      [documentOf(DOCUMENT, { statement: [block("Use", USER_ARN)] }, { source_policy_documents: DOCUMENT })],
    ],
  ])("lacks the statement %s", (_, documents) => {
    expect(principalsOf(...documents)).toStrictEqual([USER_ARN]);
  });

  test("has the statement of the source that an override has from its own source", () => {
    const documents = [
      documentOf(DOCUMENT, {}, { override_policy_documents: override, source_policy_documents: middle }),
      documentOf(middle, { statement: [block("Use", "*")] }, { source_policy_documents: source }),
      documentOf(override, {}, { source_policy_documents: source }),
      documentOf(source, { statement: [block("Use", USER_ARN)] }),
    ];
    expect(principalsOf(...documents)).toStrictEqual([USER_ARN]);
  });

  test("has the statement of the last override of the same Sid", () => {
    const references = { references: [`${source}.json`, source, `${override}.json`, override] };
    const document = readDuringApply(
      DOCUMENT,
      { statement: [] },
      { after_unknown: { json: true }, expressions: { override_policy_documents: references } },
    );
    const overrides = [
      documentOf(source, { statement: [block("Use", "*")] }),
      documentOf(override, { statement: [block("Use", USER_ARN)] }),
    ];
    expect(principalsOf(document, ...overrides)).toStrictEqual([USER_ARN]);
  });

  test.each<[string, string | null, string | null]>([
    ["another Sid", "Use", "Other"],
    ["no Sid", null, null],
  ])("keeps a statement of a source beside a statement of %s", (_, sourceBlock, documentBlock) => {
    const documents = [
      documentOf(DOCUMENT, { statement: [block(documentBlock, USER_ARN)] }, { source_policy_documents: source }),
      documentOf(source, { statement: [block(sourceBlock, "*")] }),
    ];
    expect(principalsOf(...documents)).toStrictEqual(["*", USER_ARN]);
  });

  test("keeps a statement of a document that is a source and an override", () => {
    const documents = [
      documentOf(DOCUMENT, {}, { override_policy_documents: source, source_policy_documents: source }),
      documentOf(source, { statement: [block("Use", USER_ARN)] }),
    ];
    expect(principalsOf(...documents)).toStrictEqual([USER_ARN]);
  });
});

describe("a statement of a key policy whose resource is the unknown ARN of a key", () => {
  const keys = (...policies: readonly Resource[]) =>
    reviewed([
      ...policies,
      ...["this", "other"].map((name) => created(`aws_kms_key.${name}`, {}, { after_unknown: { arn: true } })),
    ]).keys;
  const policy = created(
    "aws_kms_key_policy.this",
    {},
    {
      after_unknown: { key_id: true, policy: true },
      expressions: {
        key_id: { references: ["aws_kms_key.this.id", "aws_kms_key.this"] },
        policy: { references: [`${DOCUMENT}.json`, DOCUMENT] },
      },
    },
  );
  const documentOn = (...names: readonly string[]) => documentOf(names.length, ...names);
  const documentOf = (hidden: number, ...names: readonly string[]) =>
    readDuringApply(
      DOCUMENT,
      {
        statement: [
          {
            actions: ["kms:Decrypt"],
            principals: [{ identifiers: [USER_ARN], type: "AWS" }],
            resources: Array.from({ length: hidden }, () => null),
          },
        ],
      },
      {
        after_unknown: { json: true, statement: [{ resources: Array.from({ length: hidden }, () => true) }] },
        expressions: { statement: [{ resources: { references: names.flatMap((name) => [`${name}.arn`, name]) } }] },
      },
    );
  const thisKey = (name: string) =>
    keys(policy, documentOn(name)).find(({ address }) => address === "aws_kms_key.this")!;

  test("is in the table of the key", () => {
    const { principals, unplaced } = thisKey("aws_kms_key.this");
    expect(principals.map(({ principal }) => principal)).toStrictEqual([USER_ARN]);
    expect(unplaced).toStrictEqual([]);
  });

  test.each<[string, Resource]>([
    ["two unknown ARNs of this key", documentOf(2, "aws_kms_key.this")],
    ["the unknown ARNs of two keys", documentOn("aws_kms_key.other", "aws_kms_key.this")],
  ])("is in the table of the key if it has %s", (_, document) => {
    const key = keys(policy, document).find(({ address }) => address === "aws_kms_key.this")!;
    expect(key.principals.map(({ principal }) => principal)).toStrictEqual([USER_ARN]);
  });

  test("is beside the table of another key", () => {
    const { principals, unplaced } = thisKey("aws_kms_key.other");
    expect(principals).toStrictEqual([]);
    expect(unplaced).toMatchObject([{ statement: { Resource: ["aws_kms_key.other.arn"] } }]);
  });

  test.each<[string, readonly object[], readonly string[], readonly string[]]>([
    [
      "has the key as resource if it refers to the key of the same each.key",
      [{}],
      ["aws_kms_key.this", "each.key"],
      ["*"],
    ],
    [
      "has the key as resource if it refers to each.value, which is the key",
      [{}],
      ["each.value.arn", "each.value"],
      ["*"],
    ],
    [
      "has an unknown resource if it refers to another attribute of each.value",
      [{}],
      ["each.value.key_id", "each.value"],
      [UNKNOWN],
    ],
    ...[["secretsmanager:GetSecretValue"], ["*"], ["kms:Decrypt", "s3:GetObject"]].map(
      (actions): [string, readonly object[], readonly string[], readonly string[]] => [
        `has an unknown resource if it refers to the key of the same each.key for ${actions.join(", ")}`,
        [{ actions }],
        ["aws_kms_key.this", "each.key"],
        [UNKNOWN],
      ],
    ),
    [
      "has an unknown resource if it is beside a dynamic block",
      [{}, { sid: "Other" }],
      ["aws_kms_key.this.arn", "aws_kms_key.this"],
      [UNKNOWN],
    ],
    [
      "has an unknown resource if it refers to another attribute of the key",
      [{}],
      ["aws_kms_key.this.key_id", "aws_kms_key.this"],
      [UNKNOWN],
    ],
  ])("%s", (_, blocks, references, resources) => {
    const statement = blocks.map((one) => ({
      actions: ["kms:Decrypt"],
      principals: [{ identifiers: [USER_ARN], type: "AWS" }],
      resources: [null],
      ...one,
    }));
    const document = readDuringApply(
      DOCUMENT,
      { statement },
      {
        after_unknown: { json: true, statement: blocks.map(() => ({ resources: [true] })) },
        expressions: { statement: [{ resources: { references } }] },
      },
    );
    const chained = document.configured.map((one) => ({
      ...one,
      for_each_expression: { references: ["aws_kms_key.this"] },
    }));
    const [key] = reviewed([
      policy,
      { ...document, configured: chained },
      created("aws_kms_key.this", {}, { after_unknown: { arn: true, key_id: true } }),
    ]).keys;
    expect(key!.unplaced.map((one) => one.statement.Resource)).toStrictEqual(
      resources[0] === "*" ? [] : blocks.map(() => resources),
    );
  });
});

describe("an unknown principal of a key policy", () => {
  const PARTNER = "arn:aws:iam::444455556666:role/Partner";
  const role = (name: string, after: Values, more: object = {}) =>
    created(`aws_iam_role.${name}`, after, { after_unknown: { arn: true, unique_id: true }, expressions: {}, ...more });
  const keyOf = (references: readonly string[], hidden: number, ...roles: readonly Resource[]) => {
    const identifiers = [PARTNER, ...Array.from({ length: hidden }, () => null)];
    const document = readDuringApply(
      DOCUMENT,
      {
        statement: [
          {
            actions: ["kms:Decrypt"],
            principals: [
              { identifiers, type: "AWS" },
              { identifiers: ["sns.amazonaws.com"], type: "Service" },
            ],
            resources: ["*"],
          },
        ],
      },
      {
        after_unknown: {
          json: true,
          statement: [{ principals: [{ identifiers: identifiers.map((one) => one === null) }, {}] }],
        },
        expressions: { statement: [{ principals: [{ identifiers: { references } }] }] },
      },
    );
    const key = created("aws_kms_key.this", {}, policyUnknownFrom(`${DOCUMENT}.json`, DOCUMENT));
    const caller = { address: "data.aws_caller_identity.c", mode: "data", type: "aws_caller_identity" };
    const root_module = { resources: [{ ...caller, values: { arn: USER_ARN } }] };
    return reviewed([key, document, ...roles], {}, { prior_state: { values: { root_module } } }).keys[0]!;
  };
  const principalsWith = (...given: Parameters<typeof keyOf>) =>
    keyOf(...given)
      .principals.map(({ principal }) => principal)
      .filter((principal) => principal !== PARTNER);
  const app = role("app", { name: "App", path: "/svc/" });
  const APP = `arn:aws:iam::${ACCOUNT}:role/svc/App`;

  test("is the ARN of the role to which the document refers, beside a constant principal", () => {
    expect(principalsWith(["aws_iam_role.app.arn", "aws_iam_role.app"], 1, app)).toStrictEqual([APP]);
    expect(principalsWith(["aws_iam_role.app", "each.key"], 1, app)).toStrictEqual([APP]);
  });

  test("does not remove the statement of a trust policy, which has no Resource", () => {
    const document = readDuringApply(
      DOCUMENT,
      {
        statement: [
          { actions: ["sts:AssumeRole"], principals: [{ identifiers: [PARTNER, null], type: "AWS" }], resources: null },
        ],
      },
      {
        after_unknown: { json: true, statement: [{ principals: [{ identifiers: [false, true] }] }] },
        expressions: { statement: [{ principals: [{ identifiers: { references: ["aws_iam_role.app.arn"] } }] }] },
      },
    );
    const trusting = role(
      "trusting",
      { name: "Trusting", path: "/" },
      {
        after_unknown: { arn: true, assume_role_policy: true },
        expressions: { assume_role_policy: { references: [`${DOCUMENT}.json`, DOCUMENT] } },
      },
    );
    const { findings } = reviewed([document, trusting, app]);
    expect(findings).toContainEqual(expect.objectContaining({ rule: "role-trusts-other-account" }));
  });

  test("does not remove the services of its statement", () => {
    expect(keyOf(["aws_iam_role.app.arn", "aws_iam_role.app"], 1, app).unplaced).toMatchObject([
      { statement: { Principal: { AWS: [PARTNER, APP], Service: ["sns.amazonaws.com"] } } },
    ]);
  });

  test("is one of several roles if there are as many unknown principals as roles", () => {
    const other = role("other", { name: "Other", path: "/" });
    const both = ["aws_iam_role.app.arn", "aws_iam_role.app", "aws_iam_role.other.arn", "aws_iam_role.other"];
    expect(principalsWith(both, 2, app, other)).toStrictEqual([`arn:aws:iam::${ACCOUNT}:role/Other`, APP]);
    expect(principalsWith(both, 1, app, other)).toStrictEqual([]);
  });

  test("stays unknown if it is another attribute, the ARN of another resource, or a part of the ARN is not shown", () => {
    expect(principalsWith(["aws_iam_role.app.unique_id", "aws_iam_role.app"], 1, app)).toStrictEqual([]);
    const topic = created("aws_sns_topic.t", { name: "T" }, { after_unknown: { arn: true } });
    expect(principalsWith(["aws_sns_topic.t.arn", "aws_sns_topic.t"], 1, topic)).toStrictEqual([]);
    const prefixed = role("app", { path: "/" }, { after_unknown: { arn: true, name: true } });
    expect(principalsWith(["aws_iam_role.app.arn", "aws_iam_role.app"], 1, prefixed)).toStrictEqual([]);
  });
});
