import {
  created,
  findingsOf,
  kept,
  policyOf,
  readDuringApply,
  reviewed,
  ruleIds,
  type Resource,
} from "../support/small-plan";

const idsOf = (...resources: readonly Resource[]) =>
  reviewed(resources)
    .findings.map(({ rule }) => rule)
    .filter((rule) => ["role-does-everything", "role-trusts-federated-users"].includes(rule));

describe("a policy of a role", () => {
  const policy = (statement: object) =>
    kept("aws_iam_role_policy.this", { policy: policyOf({ Effect: "Allow", Resource: "*", ...statement }) });

  test.each<[string, object]>([
    ["by *", { Action: "*" }],
    ["by redshift*:*", { Action: ["s3:Get*", "redshift*:*"] }],
    ["by NotAction", { NotAction: ["iam:*", "organizations:*"] }],
    ["by NotAction of the Data API only", { NotAction: "redshift-data:*" }],
    ["on the resources arn:aws:*", { Action: "*", Resource: "arn:aws:*" }],
    [
      "by NotAction of the actions that reach data at once",
      { NotAction: ["kms:Decrypt", "redshift-data:*", "redshift:*", "redshift-serverless:*", "secretsmanager:*"] },
    ],
    ["by *:PutKeyPolicy", { Action: "*:PutKeyPolicy" }],
    ["by red*:AuthorizeDataShare", { Action: "red*:AuthorizeDataShare" }],
    [
      "with a condition that limits no resource",
      { Action: "*", Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } },
    ],
  ])("allows everything %s", (_, statement) => {
    expect(idsOf(policy(statement))).toStrictEqual(["role-does-everything"]);
  });

  test("has the finding if it is a permissions boundary only if a role also has it as a policy", () => {
    const arn = "arn:aws:iam::111122223333:policy/guard";
    const boundary = kept("aws_iam_policy.guard", {
      arn,
      name: "guard",
      policy: policyOf({ Action: "*", Effect: "Allow", Resource: "*" }),
    });
    const role = (more: object = {}) =>
      kept("aws_iam_role.r", {
        arn: "arn:aws:iam::111122223333:role/r",
        name: "r",
        permissions_boundary: arn,
        ...more,
      });
    const attachment = (details: object = {}) => created("aws_iam_role_policy_attachment.a", { role: "r", ...details });
    expect(idsOf(boundary)).toStrictEqual(["role-does-everything"]);
    expect(idsOf(boundary, role())).toStrictEqual([]);
    expect(idsOf(boundary, role(), attachment({ policy_arn: arn }))).toStrictEqual(["role-does-everything"]);
    expect(idsOf(boundary, role({ managed_policy_arns: [arn] }))).toStrictEqual(["role-does-everything"]);
    const unknown = created(
      "aws_iam_role_policy_attachment.a",
      { role: "r" },
      { after_unknown: { policy_arn: true }, expressions: { policy_arn: { references: ["local.arn"] } } },
    );
    expect(idsOf(boundary, role(), unknown)).toStrictEqual(["role-does-everything"]);
  });

  test.each<[string, object]>([
    ["names the services", { Action: ["kms:*", "redshift-data:*", "redshift:*"] }],
    ["is for another resource", { Action: "*", Resource: "arn:aws:s3:::example/*" }],
    [
      "excludes the services",
      { NotAction: ["iam:*", "identitystore:*", "kms:*", "redshift*:*", "secretsmanager:*", "sso*:*", "sts:*"] },
    ],
    ["denies", { Action: "*", Effect: "Deny" }],
    ["is limited by a tag", { Action: "*", Condition: { StringEquals: { "aws:ResourceTag/team": "data" } } }],
  ])("does not allow everything if it %s", (_, statement) => {
    expect(idsOf(policy(statement))).toStrictEqual([]);
  });

  test("that AWS manages has the remedy that another policy is attached", () => {
    const attachment = { policy_arn: "arn:aws:iam::aws:policy/SecretsManagerReadWrite", role: "Deployer" };
    const [finding] = findingsOf("role-reads-every-secret", kept("aws_iam_role_policy_attachment.this", attachment));
    expect(finding?.remedy).toBe(
      "Nobody but AWS can change arn:aws:iam::aws:policy/SecretsManagerReadWrite. In place of it, attach a policy of your own with the actions and the resources that are needed.",
    );
  });

  test("in inline_policy of a role has a finding, unless an aws_iam_role_policy has the same policy", () => {
    const policy = policyOf({ Action: "*", Effect: "Allow", Resource: "*" });
    const role = kept(
      "aws_iam_role.this",
      { inline_policy: [{ name: "all", policy }], name: "Deployer" },
      { expressions: { name: {} } },
    );
    const { findings } = reviewed([role]);
    expect(findings.map(({ isNew, rule }) => [rule, isNew])).toStrictEqual([["role-does-everything", false]]);
    const resource = kept("aws_iam_role_policy.this", { name: "all", policy, role: "Deployer" });
    expect(reviewed([role, resource]).findings.map(({ address }) => address)).toStrictEqual([
      "aws_iam_role_policy.this",
    ]);
  });

  test.each([
    ["known", { inline_policy: [{ policy: policyOf({ Action: "*", Effect: "Allow", Resource: "*" }) }] }, {}],
    ["unknown", { inline_policy: [{}] }, { inline_policy: [{ policy: true }] }],
    ["sensitive", { inline_policy: [{ policy: "{}" }] }, undefined],
  ])("in a dynamic block of inline_policy is judged as %s", (kind, values, unknown) => {
    const marks = unknown ? { after_unknown: unknown } : { after_sensitive: { inline_policy: [{ policy: true }] } };
    const role = created("aws_iam_role.this", { name: "Deployer", ...values }, { ...marks, expressions: { name: {} } });
    expect(ruleIds(role)).toStrictEqual([kind === "known" ? "role-does-everything" : "role-policy-not-shown"]);
  });

  test("that AWS chooses has no finding", () => {
    const unknown = { after_unknown: { inline_policy: true, managed_policy_arns: true }, expressions: { name: {} } };
    expect(ruleIds(created("aws_iam_role.this", { name: "Deployer" }, unknown))).toStrictEqual([]);
  });

  test.each([
    ["AdministratorAccess", ["role-does-everything"]],
    ["PowerUserAccess", ["role-does-everything"]],
    ["AmazonRedshiftReadOnlyAccess", []],
  ])("attached as %s has the findings %j", (name, ids) => {
    const attachment = { policy_arn: `arn:aws:iam::aws:policy/${name}`, role: "Deployer" };
    expect(idsOf(kept("aws_iam_role_policy_attachment.this", attachment))).toStrictEqual(ids);
  });

  test.each([
    ["aws_iam_group_policy_attachment", "policy_arn"],
    ["aws_iam_group_policy_attachments_exclusive", "policy_arns"],
    ["aws_iam_policy_attachment", "policy_arn"],
    ["aws_iam_role", "managed_policy_arns"],
    ["aws_iam_role_policy_attachments_exclusive", "policy_arns"],
    ["aws_iam_user_policy_attachment", "policy_arn"],
    ["aws_iam_user_policy_attachments_exclusive", "policy_arns"],
    ["aws_ssoadmin_managed_policy_attachment", "managed_policy_arn"],
    ["aws_ssoadmin_managed_policy_attachments_exclusive", "managed_policy_arns"],
  ])("is read from %s.%s", (type, attribute) => {
    const arns = [
      "arn:aws:iam::aws:policy/AmazonRedshiftReadOnlyAccess",
      "arn:aws:iam::aws:policy/AdministratorAccess",
    ];
    const value = attribute.endsWith("s") ? arns : arns[1];
    const more = { expressions: { [attribute]: {} } };
    expect(idsOf(kept(`${type}.this`, { [attribute]: value }, more))).toContain("role-does-everything");
    expect(ruleIds(created(`${type}.this`, {}, { ...more, after_unknown: { [attribute]: true } }))).toContain(
      "role-policy-not-shown",
    );
  });

  test("is read from a list if another ARN of the list is unknown", () => {
    const list = { policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess", null], role_name: "Deployer" };
    const attach = (marks: object) =>
      created("aws_iam_role_policy_attachments_exclusive.this", list, {
        ...marks,
        after_unknown: { policy_arns: [false, true] },
        expressions: { policy_arns: { references: ["aws_iam_policy.own.arn", "aws_iam_policy.own"] } },
      });
    const planned = created("aws_iam_policy.own", { name: "own", policy: policyOf() });
    expect(ruleIds(planned, attach({}))).toStrictEqual(["role-does-everything"]);
    const isSensitive = { after_sensitive: { policy_arns: [true, false] } };
    expect(ruleIds(planned, attach(isSensitive))).not.toContain("role-does-everything");
  });

  test("is not shown in a list that is unknown as a whole, beside a policy of the plan", () => {
    const role = created(
      "aws_iam_role.this",
      { name: "Deployer" },
      {
        after_unknown: { managed_policy_arns: true },
        expressions: { managed_policy_arns: { references: ["aws_iam_policy.own.arn", "aws_iam_policy.own"] } },
      },
    );
    const planned = created("aws_iam_policy.own", { name: "own", policy: policyOf() });
    expect(ruleIds(role, planned)).toStrictEqual(["role-policy-not-shown"]);
  });

  test("in managed_policy_arns is not read if the configuration of the role does not set it", () => {
    const listed = { managed_policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"] };
    expect(idsOf(kept("aws_iam_role.this", listed, { expressions: {} }))).toStrictEqual([]);
  });
});

describe("a trust policy for a federated provider", () => {
  const GITHUB = "token.actions.githubusercontent.com";
  const trust = (Federated: string, Condition: object, more: object = {}) =>
    kept("aws_iam_role.this", {
      assume_role_policy: policyOf({
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition,
        Effect: "Allow",
        Principal: { Federated },
        ...more,
      }),
    });
  const OIDC = `arn:aws:iam::111122223333:oidc-provider/${GITHUB}`;
  const SAML = "arn:aws:iam::111122223333:saml-provider/Example";
  const COGNITO = "cognito-identity.amazonaws.com";
  const POOL = { [`${COGNITO}:aud`]: "us-east-1:12345678-dead-beef-cafe-123456790ab" };
  const amr = (value: string) => ({ [`${COGNITO}:amr`]: value });

  test.each<[string, string, object]>([
    ["has no condition", OIDC, {}],
    ["has a condition on the audience alone", OIDC, { StringEquals: { [`${GITHUB}:aud`]: "sts.amazonaws.com" } }],
    ["has a pattern without an organization", OIDC, { StringLike: { [`${GITHUB}:sub`]: "repo:*" } }],
    ["has a pattern for a part of the organization's name", OIDC, { StringLike: { [`${GITHUB}:sub`]: "repo:exam*" } }],
    ["is for SAML and has no condition", SAML, {}],
    ["has only the ID of an identity pool", COGNITO, { StringEquals: POOL }],
    [
      "is for guests of an identity pool",
      COGNITO,
      { StringEquals: POOL, "ForAnyValue:StringLike": amr("unauthenticated") },
    ],
    [
      "is for guests and for users who log in",
      COGNITO,
      { StringEquals: POOL, "ForAnyValue:StringLike": amr("*authenticated") },
    ],
  ])("has a finding if it %s", (_, provider, condition) => {
    expect(idsOf(trust(provider, condition))).toStrictEqual(["role-trusts-federated-users"]);
  });

  test.each<[string, string, object]>([
    ["the subject", OIDC, { StringEquals: { [`${GITHUB}:sub`]: "repo:example/warehouse:ref:refs/heads/main" } }],
    ["a pattern of an organization", OIDC, { StringLike: { [`${GITHUB}:sub`]: "repo:example/*" } }],
    ["the users of a pool who log in", COGNITO, { StringEquals: POOL, "ForAnyValue:StringLike": amr("authenticated") }],
    [
      "the users of a pool but not its guests",
      COGNITO,
      { StringEquals: POOL, "ForAllValues:StringNotLike": amr("unauthenticated") },
    ],
    ["the audience of SAML", SAML, { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } }],
  ])("has no finding if a condition has %s", (_, provider, condition) => {
    expect(idsOf(trust(provider, condition))).toStrictEqual([]);
  });

  test.each(["sts:TagSession", "sts:SetSourceIdentity"])("has no finding if it allows %s alone", (Action) => {
    expect(idsOf(trust(OIDC, {}, { Action }))).toStrictEqual([]);
  });

  test.each(["sts:*", "*", ["sts:TagSession", "sts:AssumeRoleWithWebIdentity"]])(
    "has a finding if it allows %j",
    (Action) => {
      expect(idsOf(trust(OIDC, {}, { Action }))).toStrictEqual(["role-trusts-federated-users"]);
    },
  );

  test("has no finding if it denies", () => {
    expect(idsOf(trust(OIDC, {}, { Effect: "Deny" }))).toStrictEqual([]);
  });

  describe("of a document that is read during the apply", () => {
    const DOCUMENT = "data.aws_iam_policy_document.trust";
    const findingsFor = (claim: string, provider: Resource, ...types: readonly string[]) => {
      const kinds = [...types, "Federated"];
      const references = [`${provider.change.address as string}.arn`, provider.change.address as string];
      const document = readDuringApply(
        DOCUMENT,
        {
          statement: [
            {
              actions: ["sts:AssumeRoleWithWebIdentity"],
              condition: [{ test: "StringLike", values: ["repo:example/*"], variable: `${GITHUB}:${claim}` }],
              principals: kinds.map((type) => ({ identifiers: [null], type })),
            },
          ],
        },
        {
          after_unknown: { json: true, statement: [{ principals: kinds.map(() => ({ identifiers: [true] })) }] },
          expressions: { statement: [{ principals: [{ identifiers: { references } }] }] },
        },
      );
      const role = created(
        "aws_iam_role.this",
        { name: "this" },
        {
          after_unknown: { assume_role_policy: true },
          expressions: { assume_role_policy: { references: [`${DOCUMENT}.json`, DOCUMENT] } },
        },
      );
      const caller = { address: "data.aws_caller_identity.c", mode: "data", type: "aws_caller_identity" };
      const root_module = { resources: [{ ...caller, values: { arn: "arn:aws:iam::111122223333:user/a" } }] };
      return reviewed([role, document, provider], {}, { prior_state: { values: { root_module } } }).findings.filter(
        ({ rule }) => rule === "role-trusts-federated-users",
      );
    };
    const newProvider = (url?: string) =>
      created("aws_iam_openid_connect_provider.p", { url }, { after_unknown: { arn: true }, expressions: {} });

    test("has the ARN of the provider that the plan creates", () => {
      expect(findingsFor("sub", newProvider(`https://${GITHUB}`))).toStrictEqual([]);
      const [finding] = findingsFor("aud", newProvider(`https://${GITHUB}`));
      expect(finding?.consequence).toContain(`lets every user of ${OIDC} assume the role`);
    });

    test("has no finding if the provider is unknown, or may be that of another kind of principals", () => {
      expect(findingsFor("sub", newProvider())).toStrictEqual([]);
      expect(findingsFor("aud", newProvider())).toStrictEqual([]);
      expect(findingsFor("aud", newProvider(`https://${GITHUB}`), "AWS")).toStrictEqual([]);
    });
  });
});
