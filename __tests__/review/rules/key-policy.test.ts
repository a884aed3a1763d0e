import { render } from "../../../review/render/render";
import { ACCOUNT, ADMIN_ARN, CLUSTER_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  allow,
  created,
  destroyed,
  findingsOf,
  IN_ACCOUNT,
  kept,
  keyWith,
  newKey,
  policyOf,
  replaced,
  type Resource,
  type ResourceDetails,
  reviewed,
  ruleIds,
  USER,
  type Values,
  updated,
} from "../support/small-plan";

const PROVIDER = `arn:aws:iam::${ACCOUNT}:saml-provider/Okta`;
/** A denial for all but the administrator. */
const EXCEPTING = {
  Action: "kms:*",
  Effect: "Deny",
  NotPrincipal: { AWS: [ADMIN_ARN, `arn:aws:iam::${ACCOUNT}:root`] },
  Resource: "*",
};

describe("a key policy", () => {
  const callerOf = (arn: string) => ({
    prior_state: {
      values: {
        root_module: {
          resources: [
            { address: "data.aws_caller_identity.this", mode: "data", type: "aws_caller_identity", values: { arn } },
          ],
        },
      },
    },
  });

  test.each<[string, Values]>([
    ["aws:PrincipalAccount", { StringEquals: { "aws:PrincipalAccount": ACCOUNT } }],
    ["aws:PrincipalArn", { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/*` } }],
    ["aws:PrincipalOrgID", { StringEquals: { "aws:PrincipalOrgID": "o-example" } }],
    ["aws:PrincipalOrgPaths", { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-example/r-root/*" } }],
    ["aws:SourceAccount", { StringEquals: { "aws:SourceAccount": ACCOUNT } }],
    ["aws:SourceVpc", { StringEquals: { "aws:SourceVpc": "vpc-1" } }],
    ["aws:SourceVpce", { StringEquals: { "aws:SourceVpce": "vpce-1" } }],
    ["aws:userid", { StringLike: { "aws:userid": "AROAEXAMPLE:*" } }],
    ["kms:CallerAccount", { StringEquals: { "kms:CallerAccount": ACCOUNT } }],
  ])("is not public if %s limits everybody", (_, Condition) => {
    expect(ruleIds(newKey(ADMINISTRATOR, allow("*", "kms:Decrypt")))).toContain("key-policy-public");
    expect(ruleIds(newKey(ADMINISTRATOR, allow("*", "kms:Decrypt", { Condition })))).not.toContain("key-policy-public");
  });

  test.each<[string, Values]>([
    ["aws:CalledVia", { "ForAnyValue:StringEquals": { "aws:CalledVia": "redshift.amazonaws.com" } }],
    ["aws:PrincipalTag/", { StringEquals: { "aws:PrincipalTag/team": "data" } }],
    ["aws:SourceVpce", { StringEquals: { "aws:SourceVpce": "vpce-1" } }],
    ["aws:userid", { StringEquals: { "aws:userid": "AROAEXAMPLE:me" } }],
    ["kms:ViaService", { StringEquals: { "kms:ViaService": "redshift.us-east-1.amazonaws.com" } }],
  ])("is not for everybody directly if %s limits everybody of its account", (_, more) => {
    const inAccount = { StringLike: { "kms:CallerAccount": ACCOUNT } };
    const ids = (Condition: Values) => ruleIds(newKey(ADMINISTRATOR, allow("*", "kms:Decrypt", { Condition })));
    expect(ids(inAccount)).toContain("key-policy-everybody-directly");
    expect(ids({ ...inAccount, ...more })).not.toContain("key-policy-everybody-directly");
  });

  test.each<[string, object]>([
    ["denies", { Action: "kms:*", Effect: "Deny", NotPrincipal: { AWS: ADMIN_ARN }, Resource: "*" }],
    ["has no resource", allow(ADMIN_ARN, "kms:*", { Resource: undefined })],
    ["is for a service", allow("", "kms:*", { Principal: { Service: "redshift.amazonaws.com" } })],
    ["is for the ID of a deleted role", allow("AROA1234567890EXAMPLE", "kms:*")],
    [
      "denies users of an identity provider",
      allow("", "kms:*", { Effect: "Deny", Principal: { Federated: PROVIDER } }),
    ],
    ["lets users of an identity provider decrypt", allow("", "kms:Decrypt", { Principal: { Federated: PROVIDER } })],
  ])("locks out everyone if the only statement that could allow changing it %s", (_, statement) => {
    expect(ruleIds(newKey(USER, statement))).toContain("key-policy-locks-out-everyone");
  });

  test.each<[string, object]>([
    ["an encryption context", { Null: { "kms:EncryptionContext:aws:redshift:arn": "true" } }],
    ["the context of a warehouse", { StringNotEquals: { "kms:EncryptionContext:aws:redshift:arn": CLUSTER_ARN } }],
    ["an operation of a grant", { StringNotEquals: { "kms:GranteePrincipal": ADMIN_ARN } }],
    ["a service as its caller", { Bool: { "aws:PrincipalIsAWSService": "false" } }],
  ])("locks out everyone if it denies all requests without %s", (_, Condition) => {
    const denies = (Action: string) => allow("*", Action, { Condition, Effect: "Deny" });
    expect(ruleIds(newKey(ADMINISTRATOR, denies("kms:*")))).toContain("key-policy-locks-out-everyone");
    expect(ruleIds(newKey(ADMINISTRATOR, denies("kms:Decrypt")))).not.toContain("key-policy-locks-out-everyone");
  });

  test.each<[string, readonly object[]]>([
    ["allows users of an identity provider", [USER, allow("", "kms:*", { Principal: { Federated: PROVIDER } })]],
    [
      "excepts a user of the account from its denial",
      [allow("*", "kms:*", IN_ACCOUNT), EXCEPTING, allow(ADMIN_ARN, "kms:Decrypt")],
    ],
  ])("does not lock out everyone if it %s", (_, statements) => {
    expect(ruleIds(newKey(...statements))).not.toContain("key-policy-locks-out-everyone");
  });

  test.each<[string, Resource, { isFound: boolean; isJudged: boolean }]>([
    ["allows another role", newKey(ADMINISTRATOR), { isFound: true, isJudged: false }],
    ["allows everybody of the account", newKey(allow("*", "kms:*", IN_ACCOUNT)), { isFound: false, isJudged: false }],
    ["locks out everyone", newKey(USER), { isFound: false, isJudged: false }],
    [
      "allows users of an identity provider",
      newKey(ADMINISTRATOR, allow("", "kms:*", { Principal: { Federated: PROVIDER } })),
      { isFound: false, isJudged: false },
    ],
    ["stays", keyWith(ADMINISTRATOR), { isFound: false, isJudged: true }],
    [
      "is set without a check",
      created("aws_kms_key.this", { bypass_policy_lockout_safety_check: true, policy: policyOf(ADMINISTRATOR) }),
      { isFound: false, isJudged: true },
    ],
  ])(
    "that %s has the expected result for a lockout of its caller, also if the plan does not show the caller",
    (_, key, { isFound, isJudged }) => {
      const caller = callerOf(`arn:aws:sts::${ACCOUNT}:assumed-role/Deployer/me`);
      const isNamed = ({ rule }: { readonly rule: string }) => rule === "key-policy-locks-out-caller";
      expect(reviewed([key], {}, caller).findings.some(isNamed)).toBe(isFound);
      expect(reviewed([key]).notJudged.some(isNamed)).toBe(!isJudged);
    },
  );

  test("that stays has no finding of a bypassed lockout check", () => {
    const values = { arn: KEY_ARN, bypass_policy_lockout_safety_check: true, policy: policyOf(ADMINISTRATOR) };
    expect(ruleIds(kept("aws_kms_key.this", values))).not.toContain("key-policy-lockout-check-bypassed");
  });

  test.each<[string, readonly Resource[]]>([
    [
      "is set by a new aws_kms_key_policy",
      [keyWith(ADMINISTRATOR), created("aws_kms_key_policy.p", { key_id: KEY_ARN, policy: policyOf(ADMINISTRATOR) })],
    ],
    [
      "stays, and the key is created again",
      [replaced("aws_kms_key.this", { policy: policyOf(ADMINISTRATOR) }, { policy: policyOf(ADMINISTRATOR) })],
    ],
  ])("that %s may lock out its caller", (_, resources) => {
    const { notJudged } = reviewed(resources);
    expect(notJudged.map(({ rule }) => rule)).toContain("key-policy-locks-out-caller");
  });

  test("that a new key gets from AWS is not judged by the rules about its statements", () => {
    const { notJudged } = reviewed([created("aws_kms_key.this", {}, { expressions: {} })]);
    expect(notJudged.map(({ rule }) => rule)).not.toContain("key-policy-other-account");
  });

  test("of aws_kms_key_policy is too large", () => {
    const policy = policyOf(ADMINISTRATOR, { ...USER, Sid: "s".repeat(32_768) });
    const large = created("aws_kms_key_policy.p", { key_id: KEY_ARN, policy });
    expect(ruleIds(keyWith(ADMINISTRATOR), large)).toContain("key-policy-too-large");
  });

  test("has no finding of two owners if the plan destroys the key", () => {
    const policies = ["p", "q"].map((name) =>
      created(`aws_kms_key_policy.${name}`, { key_id: KEY_ARN, policy: policyOf(ADMINISTRATOR) }),
    );
    const key = { arn: KEY_ARN, policy: policyOf(ADMINISTRATOR) };
    expect(ruleIds(kept("aws_kms_key.this", key), ...policies)).toContain("key-policy-two-owners");
    expect(ruleIds(destroyed("aws_kms_key.this", key), ...policies)).not.toContain("key-policy-two-owners");
  });

  test("has one finding that names all principals that KMS refuses, in order", () => {
    const names = ["AROA2EXAMPLE", "role", "AROA1EXAMPLE", "", `arn:aws:iam::${ACCOUNT}:group/a`];
    const texts = ["key-policy-orphaned-id", "key-policy-not-a-principal"].map(
      (rule) => findingsOf(rule, newKey(ADMINISTRATOR, { ...USER, Principal: { AWS: names } }))[0]?.consequence,
    );
    expect(texts).toStrictEqual([
      expect.stringMatching(/^AROA1EXAMPLE, AROA2EXAMPLE is an ID/),
      expect.stringContaining(`because of "", arn:aws:iam::${ACCOUNT}:group/a, role. A principal`),
    ]);
  });

  test("of aws_kms_key_policy has a finding if it names a principal of another partition than its own", () => {
    const policy = policyOf(ADMINISTRATOR, allow(USER_ARN.replace("aws", "aws-cn"), "kms:Decrypt"));
    const inRegion = (region: string) => created("aws_kms_key_policy.p", { key_id: "k", policy, region });
    const principals = (region: string) =>
      findingsOf("key-policy-not-a-principal", inRegion(region)).map(
        ({ consequence }) => /because of (\S*)\./.exec(consequence)?.[1],
      );
    expect(principals("us-east-1")).toStrictEqual([USER_ARN.replace("aws", "aws-cn")]);
    expect(principals("cn-north-1")).toStrictEqual([ADMIN_ARN]);
  });

  test("that names a role that stays does not have the finding of a destroyed principal", () => {
    const role = kept("aws_iam_role.r", { arn: USER_ARN, name: "ExampleUserRole", path: "/" });
    expect(ruleIds(keyWith(ADMINISTRATOR, USER), role)).toStrictEqual([]);
  });

  test("has no finding if everybody is administrator and user", () => {
    const both = [allow("*", "kms:*", IN_ACCOUNT), allow("*", "kms:Decrypt", IN_ACCOUNT)];
    expect(ruleIds(newKey(...both))).not.toContain("key-policy-administrator-is-user");
  });

  test("is not judged for a role of an unknown name, which may be the name of a principal of the policy", () => {
    const unnamed = created("aws_iam_role.r", {}, { after_unknown: { name: true }, expressions: { name: {} } });
    const reasons = (...resources: readonly Resource[]) =>
      reviewed([...resources, unnamed]).notJudged.filter(({ rule }) => rule === "key-policy-role-path");
    expect(reasons(keyWith(ADMINISTRATOR))).toMatchObject([{ address: "aws_iam_role.r" }]);
    expect(reasons()).toStrictEqual([]);
  });

  test.each<[string, string, Resource, boolean]>([
    [
      "a role under another path",
      "/ExampleUserRole",
      kept("aws_iam_role.r", { arn: `${USER_ARN}x`, name: "ExampleUserRole", path: "/team/" }),
      true,
    ],
    [
      "a role without a path in the plan",
      "/team/ExampleUserRole",
      created("aws_iam_role.r", { name: "ExampleUserRole" }),
      true,
    ],
    ["a role under its path", "/ExampleUserRole", created("aws_iam_role.r", { name: "ExampleUserRole" }), false],
    [
      "a role of another account",
      "/ExampleUserRole",
      kept("aws_iam_role.r", {
        arn: USER_ARN.replace(ACCOUNT, "444455556666"),
        name: "ExampleUserRole",
        path: "/team/",
      }),
      false,
    ],
    [
      "a role that the plan destroys",
      "/ExampleUserRole",
      destroyed("aws_iam_role.r", { arn: `${USER_ARN}x`, name: "ExampleUserRole", path: "/team/" }),
      false,
    ],
  ])("that names %s has the expected result of the rule about the role's path", (_, name, role, isFound) => {
    const key = keyWith(ADMINISTRATOR, allow(`arn:aws:iam::${ACCOUNT}:role${name}`, "kms:Decrypt"));
    expect(ruleIds(key, role).includes("key-policy-role-path")).toBe(isFound);
  });

  describe("that names a role that the plan creates again", () => {
    const arn = `arn:aws:iam::${ACCOUNT}:role/Loader`;
    const before = { arn, name: "Loader", path: "/" };
    const outcome = (after: Values, more: ResourceDetails = {}) => {
      const resources = [
        keyWith(ADMINISTRATOR, allow(arn, "kms:Decrypt")),
        replaced("aws_iam_role.r", before, after, more),
      ];
      const { findings, notJudged } = reviewed(resources);
      const reasons = notJudged.map(({ reason, rule }) => `${rule}: ${reason}`);
      return [...findings.map(({ rule }) => rule), ...reasons].filter((text) =>
        /(deleted|replaced)-principal/.test(text),
      );
    };

    test.each<[string, Values, ResourceDetails, readonly string[]]>([
      ["the same name again", { name: "Loader", path: "/" }, {}, ["key-policy-replaced-principal"]],
      ["another name", { name: "Other", path: "/" }, {}, ["key-policy-deleted-principal"]],
      ["another path", { name: "Loader", path: "/team/" }, {}, ["key-policy-deleted-principal"]],
      [
        "an unknown name",
        { path: "/" },
        { after_unknown: { name: true }, expressions: { name: {} } },
        [
          "key-policy-deleted-principal: name is unknown until apply",
          "key-policy-replaced-principal: name is unknown until apply",
        ],
      ],
    ])("has the expected findings if the role gets %s", (_, after, more, expected) => {
      expect(outcome(after, more)).toStrictEqual(expected);
    });
  });

  test("has no finding everybody-directly if it is public", () => {
    expect(ruleIds(newKey(ADMINISTRATOR, allow("*", "kms:Decrypt")))).not.toContain("key-policy-everybody-directly");
  });

  test("is for everybody directly if a single value of aws:PrincipalArn matches every role", () => {
    const resultFor = (...names: readonly string[]) => {
      const arns = names.map((name) => `arn:aws:iam::${ACCOUNT}:role/${name}`);
      return newKey(ADMINISTRATOR, allow("*", "kms:Decrypt", { Condition: { ArnLike: { "aws:PrincipalArn": arns } } }));
    };
    expect(ruleIds(resultFor("Loader", "*"))).toContain("key-policy-everybody-directly");
    expect(ruleIds(resultFor("Loader", "Reader"))).not.toContain("key-policy-everybody-directly");
  });

  describe("that names principals of other accounts", () => {
    const RULE = "key-policy-other-account";
    const [FIRST, SECOND] = ["444455556666", "777788889999"].map((account) => `arn:aws:iam::${account}:role/R`);
    const consequences = (key: Resource) => findingsOf(RULE, key).map(({ consequence }) => consequence);
    const both = [SECOND!, FIRST!].map((arn) => allow(arn, "kms:Decrypt"));
    const unknownAccountPolicy = (...statements: readonly object[]) =>
      created("aws_kms_key.this", { policy: policyOf(...statements) });

    test("has a finding that names each principal, in order", () => {
      expect(consequences(keyWith(ADMINISTRATOR, ...both))).toStrictEqual([
        `Principals outside the key's account may use the key: ${FIRST}, ${SECOND}.`,
      ]);
    });

    test("has a finding that names the accounts, if they are two and the key's account is unknown", () => {
      expect(consequences(unknownAccountPolicy(...both))).toStrictEqual([
        "Principals of several accounts may use the key: 444455556666, 777788889999.",
      ]);
      const user = { ...allow("", "kms:Decrypt"), Principal: { CanonicalUser: "c1" } };
      expect(consequences(unknownAccountPolicy(both[0]!, user))).toStrictEqual([]);
    });

    test("has no new finding if the plan adds only a principal of the key's account", () => {
      const [before, after] = [[], [USER]].map((more) => ({
        arn: KEY_ARN,
        policy: policyOf(ADMINISTRATOR, ...both, ...more),
      }));
      expect(findingsOf(RULE, updated("aws_kms_key.this", before!, after!))).toMatchObject([{ isNew: false }]);
    });
  });

  test.each<[string, object, string]>([
    ["an action", allow("", "kms:Decrypt", { Principal: { Federated: PROVIDER } }), "kms:Decrypt"],
    [
      "all but an action",
      { ...allow("", "", { Principal: { Federated: PROVIDER } }), Action: undefined, NotAction: "kms:Decrypt" },
      "almost anything",
    ],
  ])("names %s in the finding of an identity provider", (_, statement, text) => {
    expect(findingsOf("key-policy-federated-users", newKey(ADMINISTRATOR, statement))[0]?.consequence).toContain(
      ` allows ${text} to users of ${PROVIDER}, and no condition`,
    );
  });

  describe("locks out its caller", () => {
    const sessionOf = (role: string, account = ACCOUNT) => `arn:aws:sts::${account}:assumed-role/${role}/me`;
    const ADMIN = sessionOf("ExampleAdminRole");
    const DEPLOYER = sessionOf("Deployer");

    test.each<[string, string, object, string, string]>([
      [
        "who is not the role of aws:PrincipalArn",
        "*",
        { ArnEquals: { "aws:PrincipalArn": ADMIN_ARN } },
        DEPLOYER,
        ADMIN,
      ],
      [
        "who is not the role that the root's statement names",
        `arn:aws:iam::${ACCOUNT}:root`,
        { ArnEquals: { "aws:PrincipalArn": ADMIN_ARN } },
        DEPLOYER,
        ADMIN,
      ],
      [
        "who does not match the pattern of aws:PrincipalArn",
        "*",
        { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/*/AWSReservedSSO_KeyAdmin_*` } },
        DEPLOYER,
        sessionOf("AWSReservedSSO_KeyAdmin_0123456789abcdef"),
      ],
      [
        "who is of another account",
        "*",
        { StringEquals: { "aws:PrincipalAccount": ACCOUNT } },
        sessionOf("ExampleAdminRole", "444455556666"),
        ADMIN,
      ],
    ])("%s", (_, principal, Condition, denied, allowed) => {
      const locksOut = (arn: string) =>
        reviewed([newKey(allow(principal, "kms:*", { Condition }))], {}, callerOf(arn)).findings.some(
          ({ rule }) => rule === "key-policy-locks-out-caller",
        );
      expect([denied, allowed].map(locksOut)).toStrictEqual([true, false]);
    });
  });

  describe("of a warehouse that the plan creates", () => {
    const RULE = "key-policy-deployer-cannot-use";
    const CALLER = `arn:aws:iam::${ACCOUNT}:role/Deployer`;
    const ACTIONS = ["kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"];
    const ROOT = allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:*");
    const CLUSTER = created("aws_redshift_cluster.w", { kms_key_id: KEY_ARN, region: "eu-west-1" });
    const NAMESPACE = created("aws_redshiftserverless_namespace.w", { kms_key_id: KEY_ARN, region: "eu-west-1" });
    const IN_UNKNOWN_REGION = created("aws_redshift_cluster.w", { kms_key_id: KEY_ARN });
    const uses = (test: object) => allow(CALLER, "", { Action: ACTIONS, Condition: test });
    const via = (service: string) => uses({ StringEquals: { "kms:ViaService": `${service}.eu-west-1.amazonaws.com` } });
    const outcome = (statements: readonly object[], ...resources: readonly Resource[]) => {
      const { findings, notJudged } = reviewed(
        [keyWith(ADMINISTRATOR, ...statements), ...resources],
        {},
        callerOf(CALLER),
      );
      return [
        ...findings.map(({ consequence, rule }) => ({
          rule,
          text: /allowed (.*) with the key/.exec(consequence)?.[1],
        })),
        ...notJudged.map(({ reason, rule }) => ({ rule, text: reason })),
      ].flatMap(({ rule, text }) => (rule === RULE ? [text] : []));
    };
    const iam = (Action: readonly string[]) => [
      kept("aws_iam_role.d", { arn: CALLER, name: "Deployer", path: "/" }),
      kept("aws_iam_role_policy.d", { policy: policyOf({ Action, Effect: "Allow", Resource: "*" }), role: "Deployer" }),
    ];

    test.each<[string, readonly object[], readonly Resource[], readonly string[]]>([
      ["allows the caller directly", [uses({ Null: { "kms:ViaService": "true" } })], [CLUSTER], []],
      ["allows the caller through Redshift", [via("redshift")], [CLUSTER], []],
      ["allows the caller through Redshift Serverless", [via("redshift-serverless")], [NAMESPACE], []],
      [
        "does not allow the caller through the service of a cluster",
        [via("redshift-serverless")],
        [CLUSTER],
        [ACTIONS.join(", ")],
      ],
      [
        "does not allow the caller through the service of a namespace",
        [via("redshift")],
        [NAMESPACE],
        [ACTIONS.join(", ")],
      ],
      [
        "may allow the caller in a Region that is unknown",
        [via("redshift")],
        [IN_UNKNOWN_REGION],
        ["the Region of aws_redshift_cluster.w is unknown"],
      ],
      ["does not allow the caller in any Region", [], [IN_UNKNOWN_REGION], [ACTIONS.join(", ")]],
      [
        "does not allow the caller of a warehouse that is created again",
        [],
        [replaced("aws_redshift_cluster.w", { kms_key_id: KEY_ARN }, { kms_key_id: KEY_ARN, region: "eu-west-1" })],
        [ACTIONS.join(", ")],
      ],
      ["has a warehouse that stays", [], [kept("aws_redshift_cluster.w", { kms_key_id: KEY_ARN })], []],
      ["allows the caller, but the IAM policies do not", [uses({})], [CLUSTER, ...iam(["s3:*"])], []],
      ["allows the caller, and the IAM policies allow it, too", [uses({})], [CLUSTER, ...iam(ACTIONS)], []],
      ["leaves the caller to the IAM policies, which allow it", [ROOT], [CLUSTER, ...iam(ACTIONS)], []],
      [
        "leaves the caller to the IAM policies, which do not allow it",
        [ROOT],
        [CLUSTER, ...iam(ACTIONS.slice(1))],
        [ACTIONS[0]!],
      ],
    ])("%s", (_, statements, resources, expected) => {
      expect(outcome(statements, ...resources)).toStrictEqual(expected);
    });
  });

  test("lets the Data API create its grant if it allows everybody of the account", () => {
    const cluster = kept("aws_redshift_cluster.this", { arn: CLUSTER_ARN, kms_key_id: KEY_ARN });
    expect(ruleIds(keyWith(ADMINISTRATOR), cluster)).toContain("key-policy-no-data-api-grant");
    expect(ruleIds(keyWith(allow("*", "kms:*", IN_ACCOUNT)), cluster)).not.toContain("key-policy-no-data-api-grant");
  });

  test("has a remedy with the service name of the Region of a new namespace", () => {
    const namespace = created("aws_redshiftserverless_namespace.this", { kms_key_id: KEY_ARN, region: "eu-west-1" });
    const [finding] = findingsOf("key-policy-no-data-api-grant", keyWith(ADMINISTRATOR), namespace);
    expect(finding?.remedy).toContain(" kms:ViaService is one of redshift-serverless.eu-west-1.amazonaws.com,");
  });

  test("has the finding of a bypassed lockout check if only aws_kms_key_policy bypasses it", () => {
    const policy = { bypass_policy_lockout_safety_check: true, key_id: KEY_ARN, policy: policyOf(ADMINISTRATOR) };
    const key = kept("aws_kms_key.this", { arn: KEY_ARN, bypass_policy_lockout_safety_check: false });
    expect(ruleIds(key, created("aws_kms_key_policy.this", policy))).toContain("key-policy-lockout-check-bypassed");
  });

  test("has the finding key-policy-reset if its aws_kms_key_policy is destroyed, unless the plan changes the inline policy of the key", () => {
    const values = (...statements: readonly object[]) => ({
      arn: KEY_ARN,
      key_id: "1",
      policy: policyOf(...statements),
    });
    const gone = destroyed("aws_kms_key_policy.this", { key_id: KEY_ARN, policy: policyOf(ADMINISTRATOR, USER) });
    const configured = { expressions: { policy: {} } };
    const both = values(ADMINISTRATOR, USER);
    expect(ruleIds(kept("aws_kms_key.this", both, configured), gone)).toContain("key-policy-reset");
    expect(ruleIds(updated("aws_kms_key.this", both, values(ADMINISTRATOR), configured), gone)).not.toContain(
      "key-policy-reset",
    );
  });

  test("that a new key does not set has no finding key-policy-reset", () => {
    expect(ruleIds(created("aws_kms_key.this", {}, { expressions: {} }))).not.toContain("key-policy-reset");
  });

  test("has one finding with every administrator who is also a user", () => {
    const both = [ADMIN_ARN, USER_ARN].flatMap((arn) => [allow(arn, "kms:*"), allow(arn, "kms:Decrypt")]);
    const [finding] = findingsOf("key-policy-administrator-is-user", newKey(...both));
    expect(finding?.consequence).toContain(`${ADMIN_ARN}, ${USER_ARN} may manage the key`);
  });

  test.each([`arn:aws:iam::${ACCOUNT}:root`, ACCOUNT])(
    "has no finding if the root %s is both administrator and user",
    (root) => {
      const policy = newKey(allow(root, "kms:Put*"), allow(root, "kms:Decrypt"));
      expect(ruleIds(policy)).not.toContain("key-policy-administrator-is-user");
    },
  );

  test("is public if it allows everybody but one principal", () => {
    const statement = { Action: "kms:*", Effect: "Allow", NotPrincipal: { AWS: USER_ARN }, Resource: "*" };
    expect(ruleIds(newKey(ADMINISTRATOR, statement))).toContain("key-policy-public");
    expect(ruleIds(newKey(ADMINISTRATOR, { ...statement, Effect: "Deny" }))).not.toContain("key-policy-public");
  });

  describe("that names an IAM user", () => {
    const userArn = (path: string) => `arn:aws:iam::${ACCOUNT}:user${path}`;
    const changed = (before: Values, after: Values) =>
      updated("aws_iam_user.u", { arn: userArn("/Ann"), name: "Ann", path: "/", ...before }, { name: "Ann", ...after });
    const roleOfUser = (user: Resource, principal = userArn("/Ann")) =>
      findingsOf("key-policy-role-path", keyWith(ADMINISTRATOR, allow(principal, "kms:Decrypt")), user).map(
        ({ consequence }) => consequence,
      );

    test.each<[string, Values, string]>([
      ["name", { name: "Anna" }, "/Anna"],
      ["path", { path: "/team/" }, "/team/Ann"],
    ])("has a finding if the plan gives the user another %s", (_, after, renamed) => {
      expect(roleOfUser(changed({}, after))).toStrictEqual([
        expect.stringMatching(`^The policy names ${userArn("/Ann")}, which this plan renames to ${userArn(renamed)} `),
      ]);
      expect(roleOfUser(changed({}, after), userArn(renamed))).toStrictEqual([]);
    });

    test.each<[string, Resource, string]>([
      [
        "another attribute of the user changes",
        changed({ tags: {} }, { path: "/", tags: { a: "b" } }),
        userArn("/Ann"),
      ],
      ["the new name of the user is unknown", changed({}, { name: undefined, path: "/" }), userArn("/Ann")],
      [
        "the user is created again",
        replaced("aws_iam_user.u", { arn: userArn("/Ann"), name: "Ann", path: "/" }, { name: "Anna", path: "/" }),
        userArn("/Ann"),
      ],
      ["it does not name the user by an ARN", changed({ arn: "Ann" }, { name: "Anna" }), "Ann"],
    ])("has no finding if %s", (_, user, principal) => {
      expect(roleOfUser(user, principal)).toStrictEqual([]);
    });
  });

  describe("of a warehouse", () => {
    const via = (principal: string, action: string, service = "redshift.us-east-1.amazonaws.com") =>
      allow(principal, action, {
        Condition: { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": service } },
      });
    const describeKey = (...statements: readonly object[]) =>
      findingsOf(
        "key-policy-no-data-api-describe-key",
        keyWith(ADMINISTRATOR, ...statements),
        kept("aws_redshift_cluster.this", { arn: CLUSTER_ARN, encrypted: true, kms_key_id: KEY_ARN }),
      ).map(({ consequence }) => consequence);

    test.each<[string, readonly object[]]>([
      [
        "everybody may describe the key and create a grant through Redshift",
        [via("*", "kms:CreateGrant"), via("*", "kms:DescribeKey")],
      ],
      [
        "a user may describe the key and create a grant",
        [via("*", "kms:CreateGrant"), allow(USER_ARN, "kms:DescribeKey")],
      ],
      ["nobody may create a grant", [via("*", "kms:DescribeKey")]],
    ])("has no finding for DescribeKey if %s", (_, statements) => {
      expect(describeKey(...statements)).toStrictEqual([]);
    });

    test.each<[string, readonly object[]]>([
      ["nobody may describe the key", [via("*", "kms:CreateGrant")]],
      [
        "the statement names another service",
        [via("*", "kms:CreateGrant"), via("*", "kms:DescribeKey", "rds.us-east-1.amazonaws.com")],
      ],
      [
        "a statement denies requests without an encryption context, which DescribeKey never has",
        [
          allow(USER_ARN, "kms:CreateGrant"),
          allow(USER_ARN, "kms:DescribeKey"),
          allow("*", "kms:DescribeKey", {
            Condition: { StringNotEquals: { "kms:EncryptionContext:aws:redshift:arn": CLUSTER_ARN } },
            Effect: "Deny",
          }),
        ],
      ],
    ])("has a finding for DescribeKey if %s", (_, statements) => {
      expect(describeKey(...statements)).toStrictEqual([
        "Only administrators may do both kms:CreateGrant and kms:DescribeKey through redshift.us-east-1.amazonaws.com. " +
          "AWS lists both for the users of the Data API on aws_redshift_cluster.this.",
      ]);
    });
  });
});

describe("a key policy whose key the plan does not show", () => {
  const key = (index: string) =>
    created(`aws_kms_key.k["${index}"]`, {}, { after_unknown: { arn: true, id: true, key_id: true }, expressions: {} });
  const policy = (index: string, ...references: string[]) =>
    created(
      `aws_kms_key_policy.p["${index}"]`,
      { policy: policyOf(ADMINISTRATOR, { ...USER, Sid: index }, { ...USER, Effect: "Deny" }) },
      { after_unknown: { key_id: true }, expressions: { key_id: { references }, policy: {} } },
    );
  const BY_VALUE = ["aws_kms_key.k", "each.value"];
  const hiddenIn = (...resources: readonly Resource[]) =>
    reviewed(resources).keys.map(({ name, notShown }) => `${name}: ${notShown.after}`);
  const MAY_SET = 'aws_kms_key_policy.p["a"] or aws_kms_key_policy.p["b"] may set it';

  test("may be the policy of each of the keys", () => {
    const resources = [key("a"), key("b"), policy("a", ...BY_VALUE), policy("b", ...BY_VALUE)];
    const report = reviewed(resources);
    expect(report.keys.map(({ name, notShown }) => `${name}: ${notShown.after}`)).toStrictEqual([
      `aws_kms_key.k["a"]: ${MAY_SET}`,
      `aws_kms_key.k["b"]: ${MAY_SET}`,
    ]);
    expect(report.keys[0]!.principals.map(({ principal }) => principal)).toContain(USER_ARN);
    const [finding] = report.findings.filter(({ rule }) => rule === "key-policy-not-shown");
    expect(finding).toMatchObject({
      consequence: `The plan does not show which policy the key gets: ${MAY_SET}.`,
      isNew: true,
      remedy:
        'Let key_id of aws_kms_key_policy.p["a"], aws_kms_key_policy.p["b"] refer to one key: by its address, or with each.key or count.index as its index.',
    });
  });

  test("may be the policy of any key, if its reference leads to no key", () => {
    const localPolicy = policy("a", "local.id");
    const data = created("terraform_data.t", {}, { after_unknown: { output: true } });
    expect(hiddenIn(key("a"), newKey(ADMINISTRATOR), localPolicy, data)).toStrictEqual([
      'aws_kms_key.k["a"]: aws_kms_key_policy.p["a"] may set it',
      'aws_kms_key.this: aws_kms_key_policy.p["a"] may set it',
    ]);
  });

  const NOBODY_POLICY = { key_id: KEY_ARN, policy: policyOf(ADMINISTRATOR) };
  const USER_POLICY = { key_id: KEY_ARN, policy: policyOf(ADMINISTRATOR, USER) };
  const BY_VARIABLE = { expressions: { key_id: { references: ["var.k"] } } };
  const SENSITIVE = { ...BY_VARIABLE, after_sensitive: { key_id: true }, before_sensitive: { key_id: true } };
  const UNKNOWN = { ...BY_VARIABLE, after_unknown: { key_id: true } };
  const createdPolicy = created("aws_kms_key_policy.p", { policy: USER_POLICY.policy }, UNKNOWN);

  test.each<[string, Resource]>([
    ["is sensitive and changes", updated("aws_kms_key_policy.p", USER_POLICY, NOBODY_POLICY, SENSITIVE)],
    ["is sensitive and is created", created("aws_kms_key_policy.p", USER_POLICY, SENSITIVE)],
    ["has an unknown key_id", createdPolicy],
    [
      "gets an unknown key_id in place of a known one",
      replaced("aws_kms_key_policy.p", { ...USER_POLICY, key_id: "other" }, { policy: USER_POLICY.policy }, UNKNOWN),
    ],
  ])("may be the policy of a key that has another policy, if it %s", (_, hidden) => {
    const resources = [keyWith(ADMINISTRATOR), hidden];
    expect(hiddenIn(...resources)).toStrictEqual(["aws_kms_key.this: aws_kms_key_policy.p may set it"]);
    const { findings, notJudged } = reviewed(resources);
    expect(findings).toContainEqual(expect.objectContaining({ isNew: true, rule: "key-policy-not-shown" }));
    expect(notJudged).toContainEqual({
      address: "aws_kms_key.this",
      reason: "the key policy is not shown (aws_kms_key_policy.p may set it)",
      rule: "key-policy-no-data-api-grant",
    });
  });

  test("is read for each key if there are at most 64 of them", () => {
    const policies = Array.from({ length: 65 }, (_, index) => ({ ...createdPolicy, address: `policy-${index}` }));
    const [shown] = hiddenIn(keyWith(ADMINISTRATOR), ...policies);
    expect(shown!.split(" or ")).toHaveLength(64);
  });

  test("may be the policy of a replica key", () => {
    const replica = kept("aws_kms_replica_key.r", { arn: KEY_ARN, policy: NOBODY_POLICY.policy });
    expect(hiddenIn(replica, createdPolicy)).toStrictEqual(["aws_kms_replica_key.r: aws_kms_key_policy.p may set it"]);
  });

  test("is not the policy of a key in another Region", () => {
    const regionalPolicy = created("aws_kms_key_policy.p", { ...USER_POLICY, region: "us-east-1" }, SENSITIVE);
    const keys = ["us-west-2", "us-east-1"].map((region) =>
      kept(`aws_kms_key.k["${region}"]`, {
        arn: KEY_ARN.replace("us-east-1", region),
        policy: NOBODY_POLICY.policy,
      }),
    );
    expect(hiddenIn(...keys, regionalPolicy)).toStrictEqual([
      'aws_kms_key.k["us-west-2"]: undefined',
      'aws_kms_key.k["us-east-1"]: aws_kms_key_policy.p may set it',
    ]);
  });

  test("is not the policy of a key in another account", () => {
    const { change, configured } = created("aws_kms_key_policy.p", USER_POLICY, SENSITIVE);
    const resources = configured.map((one) => ({ ...one, provider_config_key: "aws" }));
    const provider = { expressions: { allowed_account_ids: { constant_value: ["999999999999"] } }, name: "aws" };
    const configuration = { provider_config: { aws: provider }, root_module: { resources } };
    const report = reviewed([keyWith(ADMINISTRATOR), { change, configured }], {}, { configuration });
    expect(report.keys.map(({ name, notShown }) => `${name}: ${notShown.after}`)).toStrictEqual([
      "aws_kms_key.this: undefined",
      "the key of aws_kms_key_policy.p: undefined",
    ]);
  });

  test("is the policy of the key whose ID was shown before the change", () => {
    const hiddenNow = { ...BY_VARIABLE, after_sensitive: { key_id: true } };
    const resources = [keyWith(ADMINISTRATOR), updated("aws_kms_key_policy.p", NOBODY_POLICY, USER_POLICY, hiddenNow)];
    expect(hiddenIn(...resources)).toStrictEqual(["aws_kms_key.this: undefined"]);
    expect(reviewed(resources).keys[0]).toMatchObject({ policyChange: "changed" });
  });

  test.each<[string, Resource[]]>([
    ["it does not change", [keyWith(ADMINISTRATOR), kept("aws_kms_key_policy.p", USER_POLICY, SENSITIVE)]],
    ["the plan has no key", [created("aws_kms_key_policy.p", USER_POLICY, SENSITIVE)]],
  ])("is judged by itself if %s, and its key is listed as not judged", (_, resources) => {
    const report = reviewed(resources);
    const [key] = report.keys.filter(({ address }) => address === "aws_kms_key_policy.p");
    expect(key).toMatchObject({ isHidden: true, name: "the key of aws_kms_key_policy.p" });
    expect(key!.principals.map(({ principal }) => principal)).toContain(USER_ARN);
    expect(report.notJudged).toContainEqual({
      address: "aws_kms_key_policy.p",
      reason: "the plan does not show which key its key_id names",
      rule: "key-policy-no-data-api-grant",
    });
    expect(render([report], "text")).toContain("the key of aws_kms_key_policy.p (the plan does not show the key; ");
    expect(render([report], "html")).toContain("the plan does not show the key</");
  });

  test("is reported with the unknown policy of its key before it is created", () => {
    const [key] = reviewed([created("aws_kms_key_policy.p", USER_POLICY, SENSITIVE)]).keys;
    expect(key!.notShown.before).toBe("the plan does not show the key");
  });

  test("has the finding key-policy-reset if it is destroyed", () => {
    const gone = destroyed("aws_kms_key_policy.p", USER_POLICY, { before_sensitive: { key_id: true } });
    expect(ruleIds(keyWith(ADMINISTRATOR), gone)).toContain("key-policy-reset");
  });

  test("is not the policy for a warehouse whose key is an alias outside of the plan", () => {
    const cluster = kept("aws_redshift_cluster.c", { encrypted: true, kms_key_id: "alias/other" });
    const { warehouses } = reviewed([kept("aws_kms_key_policy.p", USER_POLICY, SENSITIVE), cluster]);
    expect(warehouses[0]!.key.after).not.toContain("aws_kms_key_policy.p");
  });

  test("is the policy of no other key than the key to which its reference leads", () => {
    const policyOfA = policy("a", 'aws_kms_key.k["a"].id', 'aws_kms_key.k["a"]');
    expect(hiddenIn(key("a"), key("b"), policyOfA)).toStrictEqual([
      'aws_kms_key.k["a"]: undefined',
      'aws_kms_key.k["b"]: undefined',
    ]);
  });
});
