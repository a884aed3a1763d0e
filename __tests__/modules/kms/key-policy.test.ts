import { Token } from "cdktf";
import { DataApiKeyPolicy, type DataApiKeyPolicyProps, Identity, type PolicyStatement } from "../../../modules";
import { MAX_POLICY_BYTES } from "../../../modules/kms/key-policy";
import golden from "../../golden/key-policy.json";
import { ACCOUNT, ADMIN_ARN, REGION, USER_ARN } from "../../support/arns";
import { admin, type Arguments, statementsOf, testStack, user } from "../../support/support";

const LIST_RULE = "be a list whose length is known when the configuration is synthesized, got: a list token";
const VIA_RULE = "be a kms:ViaService name such as redshift.us-east-1.amazonaws.com";
const SID_RULE = "not reuse the Sid of another statement";
const PRESENT_RULE = "be present in a statement of a key policy";
const JSON_RULE =
  "have only strings, and lists and maps of strings: for a principal, use identity.arn; for a token, Token.asString(token)";
const REDSHIFT_SID = "Allow access to principals authorized to use Amazon Redshift";

const CONTEXT = "kms:EncryptionContext:serviceName";

const role = (name: string): Identity => Identity.forRole({ accountId: ACCOUNT, roleName: name });
const token = (): string => Token.asString({ resolve: () => "later" });
const listToken = Token.asList({ resolve: () => ["later"] });
const extra: PolicyStatement = {
  Sid: "Extra",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/Extra` },
  Action: "kms:Decrypt",
  Resource: "*",
};

/** The documented policy, with some inputs replaced. */
function policy(props: Partial<DataApiKeyPolicyProps> = {}): DataApiKeyPolicy {
  return new DataApiKeyPolicy({
    accountId: ACCOUNT,
    administrators: [admin()],
    users: [user()],
    viaServices: ["redshift.amazonaws.com"],
    ...props,
  });
}

describe("DataApiKeyPolicy of the documented inputs", () => {
  test("has exactly the documented statements", () => {
    const { accountId, administrators, users, viaServices } = golden.inputs;
    const { statements } = new DataApiKeyPolicy({
      accountId,
      administrators: administrators.map((arn) => Identity.fromArn(arn)),
      users: users.map((arn) => Identity.fromArn(arn)),
      viaServices,
    });
    expect(JSON.stringify(statements)).toBe(JSON.stringify(golden.statements));
  });

  test("has a policy document with these statements as JSON", () => {
    expect(JSON.parse(policy().json)).toStrictEqual({ Version: "2012-10-17", Statement: golden.statements });
  });

  test("has no warnings", () => {
    expect(policy().warnings).toStrictEqual([]);
  });
});

describe("the statements of DataApiKeyPolicy", () => {
  test.each([
    ["in order", ["A", "B", "C"]],
    ["in reverse order", ["C", "B", "A"]],
    ["with duplicates", ["B", "A", "C", "A", "B"]],
  ])("name each administrator and user once, in sorted order, if they are given %s", (_, names) => {
    const { statements } = policy({
      administrators: names.map((name) => role(`Admin${name}`)),
      users: names.map((name) => role(`User${name}`)),
    });
    expect(statements).toStrictEqual([
      golden.statements[0],
      { ...golden.statements[1], Principal: { AWS: ["A", "B", "C"].map((name) => role(`Admin${name}`).arn) } },
      { ...golden.statements[2], Principal: { AWS: ["A", "B", "C"].map((name) => role(`User${name}`).arn) } },
    ]);
  });

  test("have one string for a principal that is given twice", () => {
    const { statements } = policy({ administrators: [admin(), admin()], users: [user(), user()] });
    expect(statements).toStrictEqual(golden.statements);
  });

  test.each([
    ["one service", ["redshift.us-east-1.amazonaws.com"], "redshift.us-east-1.amazonaws.com"],
    [
      "several services in sorted order",
      ["redshift.us-east-1.amazonaws.com", "redshift-serverless.us-east-1.amazonaws.com"],
      ["redshift-serverless.us-east-1.amazonaws.com", "redshift.us-east-1.amazonaws.com"],
    ],
  ])("have %s in kms:ViaService", (_, viaServices, expected) => {
    expect(policy({ viaServices }).statements[0]!.Condition).toStrictEqual({
      StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": expected },
    });
  });

  test("accept tokens as account and service names", () => {
    const [accountId, partition, service] = [token(), token(), `redshift.${token()}.amazonaws.com`];
    expect(policy({ accountId, partition, viaServices: [service] }).statements[0]!.Condition).toStrictEqual({
      StringEquals: { "kms:CallerAccount": accountId, "kms:ViaService": service },
    });
  });

  test.each([
    ["undefined", undefined],
    ["an empty list", []],
  ])("are the first two if users are %s", (_, users) => {
    expect(policy({ users }).statements).toStrictEqual(golden.statements.slice(0, 2));
  });

  test("come before the additional statements, which keep their order", () => {
    const second: PolicyStatement = { ...extra, Sid: "AnotherExtra", Effect: "Deny" };
    expect(policy({ additionalStatements: [extra, second] }).statements).toStrictEqual([
      ...golden.statements,
      extra,
      second,
    ]);
  });

  test("accept principals of the partition of the key", () => {
    const administrator = Identity.fromArn(`arn:aws-cn:iam::${ACCOUNT}:role/Admin`);
    const { statements } = policy({ administrators: [administrator], partition: "aws-cn", users: [] });
    expect(statements[1]!.Principal).toStrictEqual({ AWS: administrator.arn });
  });

  test("accept principals whose partition is a token", () => {
    const [known, unknown] = [Identity.fromArn(token()), Identity.forAccountRoot(ACCOUNT, token())];
    const { statements } = policy({ administrators: [known], partition: "aws-cn", users: [unknown] });
    expect(statements.slice(1).map(({ Principal }) => Principal)).toStrictEqual([
      { AWS: known.arn },
      { AWS: unknown.arn },
    ]);
  });

  test.each([
    ["tokens of few digits", 0],
    ["a token of more digits", 100],
  ])("sort principals with tokens by the text around the tokens, with %s", (_, between) => {
    const first = Identity.fromArn(`arn:aws:iam::${token()}:role/Z`);
    Array.from({ length: between }, token);
    const second = Identity.fromArn(`arn:aws:iam::${token()}:role/A`);
    for (const administrators of [
      [first, second],
      [second, first],
    ]) {
      expect(policy({ administrators }).statements[1]!.Principal).toStrictEqual({ AWS: [second.arn, first.arn] });
    }
  });

  test("keep the given order of principals that are only tokens", () => {
    const [first, second] = [Identity.fromArn(token()), Identity.fromArn(token())];
    const { statements } = policy({ administrators: [second, first], users: [first, second] });
    expect(statements.slice(1).map(({ Principal }) => Principal)).toStrictEqual([
      { AWS: [second.arn, first.arn] },
      { AWS: [first.arn, second.arn] },
    ]);
  });
});

test("viaServicesFor returns the documented name and the two regional names", () => {
  expect(DataApiKeyPolicy.viaServicesFor("eu-west-1")).toStrictEqual([
    "redshift.amazonaws.com",
    "redshift.eu-west-1.amazonaws.com",
    "redshift-serverless.eu-west-1.amazonaws.com",
  ]);
});

test("the condition of an additional statement may have numbers, booleans and absent values, as JSON has", () => {
  const Condition = {
    Bool: { "aws:MultiFactorAuthPresent": true },
    NumericLessThan: { "aws:MultiFactorAuthAge": 300 },
    StringEquals: undefined,
  };
  const { statements } = policy({ additionalStatements: [{ ...extra, Condition } as never] });
  expect(statements.at(-1)).toMatchObject({
    Condition: { Bool: Condition.Bool, NumericLessThan: Condition.NumericLessThan },
  });
});

describe("DataApiKeyPolicy.json", () => {
  const withCondition = (value: string): Arguments =>
    statementsOf(
      policy({ additionalStatements: [{ ...extra, Condition: { StringEquals: { [CONTEXT]: value } } }] }).json,
    )[3]!;

  test.each([
    ["escapes an IAM variable", "${aws:PrincipalTag/x}", "$${aws:PrincipalTag/x}"],
    ["escapes every IAM variable of a text", "${aws:userid}-${aws:username}", "$${aws:userid}-$${aws:username}"],
    ["escapes Terraform's directives", "%{ if true }", "%%{ if true }"],
    ["does not change other dollars and percent signs", "$ { $5 100%", "$ { $5 100%"],
    ["keeps characters of Latin-1", "Zürich ÿ ¡", "Zürich ÿ ¡"],
  ])("%s", (_, value, expected) => {
    expect(withCondition(value)).toStrictEqual({ ...extra, Condition: { StringEquals: { [CONTEXT]: expected } } });
  });

  test("does not escape tokens", () => {
    const value = token();
    expect(withCondition(`${value}/\${aws:userid}`)).toStrictEqual({
      ...extra,
      Condition: { StringEquals: { [CONTEXT]: `${value}/$\${aws:userid}` } },
    });
  });

  test("has the escapes in the JSON only, and not in the statements", () => {
    const statement = { ...extra, Condition: { StringEquals: { [CONTEXT]: "${aws:userid} %{x}" } } };
    expect(policy({ additionalStatements: [statement] }).statements[3]).toStrictEqual(statement);
  });
});

describe("the length of a key policy", () => {
  /** A policy of a number of bytes that KMS counts, with a text in it that is not written as it is counted. */
  function policyOfBytes(bytes: number, text: string, counted: number): () => DataApiKeyPolicy {
    const filled = (length: number): DataApiKeyPolicyProps["additionalStatements"] => [
      {
        ...extra,
        Condition: { StringEquals: { [CONTEXT]: text, "kms:EncryptionContext:padding": "x".repeat(length) } },
      },
    ];
    const document = { Version: "2012-10-17", Statement: [...golden.statements, ...filled(0)!] };
    const others = JSON.stringify(document).length - text.length + counted;
    return () => policy({ additionalStatements: filled(bytes - others) });
  }

  const CASES: readonly (readonly [name: string, text: string, counted: number])[] = [
    ["plain text", "text", 4],
    ["an IAM variable, which counts without its escape", "${aws:userid}", 13],
    ["a percent sign, which counts without its escape", "%{x}", 4],
    ["letters of Latin-1, which count as two bytes each", "ÄÖÜ", 6],
    ["a token, which counts as 0 bytes", Token.asString({ resolve: () => "later" }), 0],
  ];

  test.each(CASES)("may have 32,768 bytes with %s", (_, text, counted) => {
    expect(policyOfBytes(MAX_POLICY_BYTES, text, counted)).not.toThrow();
  });

  test.each(CASES)("may not have 32,769 bytes with %s", (_, text, counted) => {
    expect(policyOfBytes(MAX_POLICY_BYTES + 1, text, counted)).toThrow(
      new Error("[DataApiKeyPolicy] 'policy' must be at most 32768 bytes, got: 32769"),
    );
  });
});

describe("DataApiKeyPolicy warns", () => {
  test("of every user that is an administrator too", () => {
    const both = role("Both");
    const alsoBoth = Identity.fromArn(`arn:aws:iam::${ACCOUNT}:user/alice`);
    const { warnings } = policy({ administrators: [admin(), both, alsoBoth], users: [user(), both, alsoBoth, both] });
    expect(warnings).toStrictEqual([
      `${both.arn} is both an administrator and a user of the key: separate the duties, or choose one`,
      `${alsoBoth.arn} is both an administrator and a user of the key: separate the duties, or choose one`,
    ]);
  });
});

test.each<[string, Partial<PolicyStatement>, boolean]>([
  ["is there for an additional statement for everybody", { Principal: { AWS: "*" } }, true],
  ["is there for an additional statement for everybody among others", { Principal: { AWS: [ADMIN_ARN, "*"] } }, true],
  [
    "is there for an additional statement for everybody and a service",
    { Principal: { AWS: "*", Service: "lambda.amazonaws.com" } },
    true,
  ],
  [
    "is absent for an additional statement for everybody under a condition",
    { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } }, Principal: { AWS: "*" } },
    false,
  ],
  ["is absent for a Deny of everybody", { Effect: "Deny", Principal: { AWS: "*" } }, false],
  ["is absent for an additional statement for one role", {}, false],
])("the warning that a statement opens the key %s", (_, element, warned) => {
  const { warnings } = policy({ additionalStatements: [{ ...extra, ...element }] });
  expect(warnings).toStrictEqual(warned ? ["the statement Extra allows every AWS account, without a condition"] : []);
});

describe("DataApiKeyPolicy.requiredStatements", () => {
  const props = { accountId: ACCOUNT, viaServices: DataApiKeyPolicy.viaServicesFor(REGION) };
  const redshift = {
    ...golden.statements[0],
    Condition: {
      StringEquals: {
        "kms:CallerAccount": ACCOUNT,
        "kms:ViaService": [
          "redshift-serverless.us-east-1.amazonaws.com",
          "redshift.amazonaws.com",
          "redshift.us-east-1.amazonaws.com",
        ],
      },
    },
  };

  test("returns the statement for Redshift only, if there are no users", () => {
    expect(DataApiKeyPolicy.requiredStatements(props)).toStrictEqual([redshift]);
  });

  test("returns the statements for Redshift and for users, and none for administrators", () => {
    expect(DataApiKeyPolicy.requiredStatements({ ...props, users: [user()] })).toStrictEqual([
      redshift,
      golden.statements[2],
    ]);
  });

  test("throws an error with the path of the given construct", () => {
    expect(() => DataApiKeyPolicy.requiredStatements({ ...props, viaServices: [] }, testStack())).toThrow(
      new Error("[test] 'viaServices' must name at least one service, got: []"),
    );
  });
});

const IDENTITY_RULE = "be an Identity: for an ARN, use Identity.fromArn(arn); for a role, use role.identity";

test("DataApiKeyPolicy and requiredStatements throw without props", () => {
  const error = new Error("[DataApiKeyPolicy] 'props' must be given, got: nothing");
  expect(() => new DataApiKeyPolicy(undefined as never)).toThrow(error);
  expect(() => DataApiKeyPolicy.requiredStatements(undefined as never)).toThrow(error);
});

test("a change of the statements of one DataApiKeyPolicy does not change another policy", () => {
  (policy().statements[0]!.Action as string[]).push("kms:*");
  expect(policy().statements[0]).toStrictEqual(golden.statements[0]);
});

describe("DataApiKeyPolicy refuses", () => {
  const foreign = Identity.fromArn(`arn:aws-cn:iam::${ACCOUNT}:role/Foreign`);
  const without = (element: keyof PolicyStatement): readonly unknown[] => [{ ...extra, [element]: undefined }];

  test.each([
    [
      "undefined administrators",
      { administrators: undefined },
      "'administrators' must name at least one administrator, got: nothing",
    ],
    [
      "an empty list of administrators",
      { administrators: [] },
      "'administrators' must name at least one administrator, got: []",
    ],
    ["a list token as administrators", { administrators: listToken }, `'administrators' must ${LIST_RULE}`],
    [
      "an administrator of another partition",
      { administrators: [admin(), foreign] },
      `'administrators[1]' must be of the partition aws, got: ${foreign.arn}`,
    ],
    [
      "an administrator of aws for a key of aws-cn",
      { partition: "aws-cn", users: [] },
      `'administrators[0]' must be of the partition aws-cn, got: ${ADMIN_ARN}`,
    ],
    ["a list token as users", { users: listToken }, `'users' must ${LIST_RULE}`],
    [
      "a user of another partition",
      { users: [foreign] },
      `'users[0]' must be of the partition aws, got: ${foreign.arn}`,
    ],
    [
      "a user of aws for a key of aws-cn",
      { administrators: [foreign], partition: "aws-cn" },
      `'users[0]' must be of the partition aws-cn, got: ${USER_ARN}`,
    ],
    ["a missing account", { accountId: undefined }, "'accountId' must be a 12-digit AWS account ID, got: nothing"],
    ["an account of 4 digits", { accountId: "1234" }, `'accountId' must be a 12-digit AWS account ID, got: "1234"`],
    [
      "an account with hyphens",
      { accountId: "1111-2222-3333" },
      "'accountId' must be a 12-digit AWS account ID, got: 1111-2222-3333",
    ],
    ["a malformed partition", { partition: "china" }, "'partition' must be an AWS partition, got: china"],
    ["undefined services", { viaServices: undefined }, "'viaServices' must name at least one service, got: nothing"],
    ["an empty list of services", { viaServices: [] }, "'viaServices' must name at least one service, got: []"],
    ["a list token as services", { viaServices: listToken }, `'viaServices' must ${LIST_RULE}`],
    ["a service without a domain", { viaServices: ["redshift"] }, `'viaServices[0]' must ${VIA_RULE}, got: redshift`],
    [
      "a service with a wildcard",
      { viaServices: ["redshift.amazonaws.com", "redshift.*.amazonaws.com"] },
      `'viaServices[1]' must ${VIA_RULE}, got: redshift.*.amazonaws.com`,
    ],
    [
      "a service in the domain amazonaws.com.cn",
      { viaServices: ["redshift.cn-north-1.amazonaws.com.cn"] },
      `'viaServices[0]' must ${VIA_RULE}, got: redshift.cn-north-1.amazonaws.com.cn`,
    ],
    [
      "the same service twice",
      { viaServices: ["redshift.amazonaws.com", "redshift.amazonaws.com"] },
      "'viaServices[1]' must not repeat an earlier item, got: redshift.amazonaws.com",
    ],
    [
      "a list token as additional statements",
      { additionalStatements: listToken },
      `'additionalStatements' must ${LIST_RULE}`,
    ],
    [
      "an additional statement with the Sid of the statement for Redshift",
      { additionalStatements: [{ ...extra, Sid: REDSHIFT_SID }] },
      `'additionalStatements[0].Sid' must ${SID_RULE}, got: ${REDSHIFT_SID}`,
    ],
    [
      "an additional statement with the Sid of administrators",
      { additionalStatements: [{ ...extra, Sid: "AllowKeyAdministratorsAccess" }] },
      `'additionalStatements[0].Sid' must ${SID_RULE}, got: AllowKeyAdministratorsAccess`,
    ],
    [
      "an additional statement with the Sid of users, even without users",
      { additionalStatements: [{ ...extra, Sid: "AllowKeyUseForExampleRole" }], users: [] },
      `'additionalStatements[0].Sid' must ${SID_RULE}, got: AllowKeyUseForExampleRole`,
    ],
    [
      "two additional statements with the same Sid",
      { additionalStatements: [extra, extra] },
      `'additionalStatements[1].Sid' must ${SID_RULE}, got: Extra`,
    ],
    [
      "an additional statement without a Sid",
      { additionalStatements: without("Sid") },
      "'additionalStatements[0].Sid' must be a string that is not empty, got: nothing",
    ],
    [
      "an additional statement with an empty Sid",
      { additionalStatements: [{ ...extra, Sid: "" }] },
      `'additionalStatements[0].Sid' must be a string that is not empty, got: ""`,
    ],
    [
      "an additional statement without an effect",
      { additionalStatements: without("Effect") },
      `'additionalStatements[0].Effect' must ${PRESENT_RULE}, got: nothing`,
    ],
    [
      "an additional statement without a principal",
      { additionalStatements: without("Principal") },
      `'additionalStatements[0].Principal' must ${PRESENT_RULE}, got: nothing`,
    ],
    [
      "an additional statement without an action",
      { additionalStatements: without("Action") },
      `'additionalStatements[0].Action' must ${PRESENT_RULE}, got: nothing`,
    ],
    [
      "an additional statement without a resource",
      { additionalStatements: [{ ...extra, Sid: "Complete" }, ...without("Resource")] },
      `'additionalStatements[1].Resource' must ${PRESENT_RULE}, got: nothing`,
    ],
    [
      "the effect 'allow'",
      { additionalStatements: [{ ...extra, Effect: "allow" }] },
      "'additionalStatements[0].Effect' must be one of Allow, Deny, got: allow",
    ],
    [
      "an empty list of principals",
      { additionalStatements: [{ ...extra, Principal: { AWS: [] } }] },
      `'additionalStatements[0].Principal' must ${PRESENT_RULE}, got: {"AWS":[]}`,
    ],
    [
      "an additional statement with an empty list of actions",
      { additionalStatements: [{ ...extra, Action: [] }] },
      `'additionalStatements[0].Action' must ${PRESENT_RULE}, got: []`,
    ],
    [
      "an additional statement with an empty resource",
      { additionalStatements: [{ ...extra, Resource: "" }] },
      `'additionalStatements[0].Resource' must ${PRESENT_RULE}, got: ""`,
    ],
    [
      "a number as Sid",
      { additionalStatements: [{ ...extra, Sid: 5 }] },
      "'additionalStatements[0].Sid' must be a string that is not empty, got: 5",
    ],
    ...(
      [
        ["an Identity as principal", { Principal: { AWS: user() } }],
        ["a construct as principal", { Principal: { AWS: testStack() } }],
        ["null as principal", { Principal: null }],
        ["undefined in the list of actions", { Action: ["kms:Decrypt", undefined] }],
        ["a token that is no string", { Condition: { StringEquals: { "aws:PrincipalOrgID": Token.asAny("x") } } }],
        ["a bigint", { Condition: { NumericEquals: { "aws:MultiFactorAuthAge": 1n } } }],
      ] as const
    ).map(([title, change]): [string, object, string] => [
      `${title} of a statement`,
      { additionalStatements: [{ ...extra, ...change }] },
      `'additionalStatements[0]' must ${JSON_RULE}, got: Extra`,
    ]),
    [
      "a string as additional statement",
      { additionalStatements: ["kms:*"] },
      "'additionalStatements[0]' must be a statement, got: kms:*",
    ],
    [
      "an ARN in place of a list of administrators",
      { administrators: ADMIN_ARN },
      `'administrators' must be a list, got: ${ADMIN_ARN}`,
    ],
    [
      "an administrator by ARN",
      { administrators: [ADMIN_ARN] },
      `'administrators[0]' must ${IDENTITY_RULE}, got: ${ADMIN_ARN}`,
    ],
    ["a user by ARN", { users: [USER_ARN] }, `'users[0]' must ${IDENTITY_RULE}, got: ${USER_ARN}`],
    ["a construct as user", { users: [testStack()] }, `'users[0]' must ${IDENTITY_RULE}, got: "TerraformStack"`],
    ["undefined in the list of users", { users: [undefined] }, `'users[0]' must ${IDENTITY_RULE}, got: nothing`],
    [
      "a character beyond Latin-1",
      { additionalStatements: [{ ...extra, Condition: { StringEquals: { [CONTEXT]: "Ā" } } }] },
      "'additionalStatements[0]' must have no character beyond Latin-1, which KMS refuses, got: Extra",
    ],
    [
      "a list token in a statement",
      { additionalStatements: [{ ...extra, Action: listToken }] },
      "'additionalStatements[0]' must have no list token, because its length is unknown at synthesis, got: Extra",
    ],
  ])("%s", (_, props, message) => {
    expect(() => policy(props as Partial<DataApiKeyPolicyProps>)).toThrow(new Error(`[DataApiKeyPolicy] ${message}`));
  });
});
