import { ACCOUNT } from "../../support/arns";
import {
  created,
  destroyed,
  kept,
  policyOf,
  type Resource,
  reviewed,
  ruleIds,
  updated,
  type Values,
} from "../support/small-plan";

const OTHER_ACCOUNT = "999988887777";
const CALLER = `arn:aws:iam::${ACCOUNT}:role/Loader`;
const SECRET_ARN = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:redshift!c-admin-0f1e2d`;

const policy = (statement: Values = {}) =>
  policyOf({
    Action: "secretsmanager:GetSecretValue",
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` },
    Resource: "*",
    ...statement,
  });
const policyOfSecret = (statement: Values = {}, arn = SECRET_ARN) =>
  created("aws_secretsmanager_secret_policy.s", { policy: policy(statement), secret_arn: arn });
const secretRules = (...resources: readonly Resource[]) =>
  ruleIds(...resources).filter((id) => id.startsWith("sharing-secret"));
/** An attribute that is unknown until apply, and refers to a resource. */
const unknown = (name: string, reference: string) => ({
  after_unknown: { [name]: true },
  expressions: { [name]: { references: [reference, reference.split(".").slice(0, 2).join(".")] } },
});

test.each<[string, Values, readonly string[]]>([
  ["another account has sharing-secret", {}, ["sharing-secret"]],
  ["a role of its account has no finding", { Principal: { AWS: CALLER } }, []],
  ["everybody has sharing-secret-public", { Principal: "*" }, ["sharing-secret-public"]],
  [
    "everybody of an organization has sharing-secret",
    { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }, Principal: "*" },
    ["sharing-secret"],
  ],
  [
    "another account that may set the policy has sharing-secret",
    { Action: "secretsmanager:Put*Policy" },
    ["sharing-secret"],
  ],
  [
    "everybody who may set the policy has sharing-secret-public",
    { Action: "secretsmanager:PutResourcePolicy", Principal: "*" },
    ["sharing-secret-public"],
  ],
  [
    "the users of a public identity provider has sharing-secret",
    { Principal: { Federated: "cognito-identity.amazonaws.com" } },
    ["sharing-secret"],
  ],
  ["another account that may only describe the secret has no finding", { Action: "secretsmanager:DescribeSecret" }, []],
  ["another account in a denial has no finding", { Effect: "Deny" }, []],
  [
    "a service has sharing-secret-service-without-source",
    { Principal: { Service: "appflow.amazonaws.com" } },
    ["sharing-secret-service-without-source"],
  ],
  [
    "a service for its account has no finding",
    { Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT } }, Principal: { Service: "appflow.amazonaws.com" } },
    [],
  ],
])("the findings of a secret that Redshift keeps: a policy for %s", (_, statement, expected) => {
  expect(secretRules(policyOfSecret(statement))).toStrictEqual(expected);
});

test("a service has no finding if a denial of the secret's policy requires its source", () => {
  const service = { Action: "secretsmanager:*", Principal: { Service: "appflow.amazonaws.com" }, Resource: "*" };
  const Condition = { StringNotEquals: { "aws:SourceAccount": ACCOUNT } };
  const denying = policyOf({ ...service, Effect: "Allow" }, { ...service, Condition, Effect: "Deny", Principal: "*" });
  const secret = created("aws_secretsmanager_secret_policy.s", { policy: denying, secret_arn: SECRET_ARN });
  expect(secretRules(secret)).toStrictEqual([]);
});

test("the policy in aws_secretsmanager_secret has a finding for another account, and no finding for the secret's account", () => {
  const secret = kept("aws_secretsmanager_secret.s", {
    arn: SECRET_ARN,
    policy: policy({ Principal: { AWS: CALLER } }),
  });
  expect(secretRules(secret)).toStrictEqual([]);
  expect(secretRules(kept("aws_secretsmanager_secret.s", { arn: SECRET_ARN, policy: policy() }))).toStrictEqual([
    "sharing-secret",
  ]);
});

describe("the policy in aws_secretsmanager_secret, which another resource sets, has", () => {
  const before = { policy: policy(), secret_arn: SECRET_ARN };
  const address = "aws_secretsmanager_secret_policy.s";
  test.each<[string, Resource, readonly string[]]>([
    ["no finding if the plan removes the policy", destroyed(address, before), []],
    [
      "no finding if the plan changes the policy",
      updated(address, before, { ...before, policy: policy({ Principal: { AWS: CALLER } }) }),
      [],
    ],
    ["one finding if the policy stays", kept(address, before), ["sharing-secret"]],
    [
      "a finding if the policy is of another secret",
      destroyed(address, { ...before, secret_arn: `${SECRET_ARN}2` }),
      ["sharing-secret"],
    ],
  ])("%s", (_, resource, expected) => {
    const secret = kept("aws_secretsmanager_secret.s", { arn: SECRET_ARN, policy: policy() });
    expect(secretRules(secret, resource)).toStrictEqual(expected);
  });

  test("a finding if its configuration has it, too", () => {
    const expressions = { policy: {} };
    const secret = kept("aws_secretsmanager_secret.s", { arn: SECRET_ARN, policy: policy() }, { expressions });
    expect(secretRules(secret, destroyed(address, before))).toStrictEqual(["sharing-secret"]);
  });
});

describe("a secret is judged if", () => {
  const OWN_ARN = `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:warehouse-0f1e2d`;

  test("a warehouse has the secret's ARN", () => {
    const cluster = kept("aws_redshift_cluster.c", { master_password_secret_arn: OWN_ARN });
    expect(secretRules(policyOfSecret({}, OWN_ARN), cluster)).toStrictEqual(["sharing-secret"]);
    expect(secretRules(policyOfSecret({}, OWN_ARN))).toStrictEqual([]);
  });

  test("a warehouse of the plan creates the secret", () => {
    const reference = "aws_redshiftserverless_namespace.n.admin_password_secret_arn";
    expect(
      secretRules(
        created("aws_secretsmanager_secret_policy.s", { policy: policy() }, unknown("secret_arn", reference)),
        created("aws_redshiftserverless_namespace.n", {}, { expressions: {} }),
      ),
    ).toStrictEqual(["sharing-secret"]);
  });

  test("the secret's policy has the ARN from a local value, and not if the local value may be of any resource", () => {
    const resources = [
      created("aws_secretsmanager_secret_policy.s", { policy: policy() }, unknown("secret_arn", "local.arn")),
      created(
        "aws_redshift_cluster.c",
        {},
        { after_unknown: { master_password_secret_arn: true }, expressions: { master_username: {} } },
      ),
      created("random_password.p", {}, { after_unknown: { result: true }, expressions: {} }),
    ];
    const review = (...sources: readonly string[]) => {
      const relevant = sources.map((source) => source.split(/\.(?=\w+$)/));
      const relevant_attributes = relevant.map(([resource, attribute]) => ({ attribute: [attribute], resource }));
      const { findings, notJudged } = reviewed(resources, {}, { relevant_attributes });
      return [...findings, ...notJudged].filter(({ rule }) => rule === "sharing-secret");
    };
    const clusterSecret = "aws_redshift_cluster.c.master_password_secret_arn";
    expect(review(clusterSecret)).toMatchObject([{ severity: "warning" }]);
    expect(review(clusterSecret, "random_password.p.result")).toStrictEqual([
      {
        address: "aws_secretsmanager_secret_policy.s",
        reason: "secret_arn is unknown until apply",
        rule: "sharing-secret",
      },
    ]);
  });

  test("a warehouse reads its password from the resource that the secret stores", () => {
    const resources = (source: string) => [
      created(
        "aws_secretsmanager_secret_policy.s",
        { policy: policy() },
        unknown("secret_arn", "aws_secretsmanager_secret.s.arn"),
      ),
      created("aws_secretsmanager_secret.s", {}, { after_unknown: { arn: true, id: true }, expressions: {} }),
      created(
        "aws_secretsmanager_secret_version.v",
        {},
        {
          after_unknown: { secret_id: true, secret_string: true },
          expressions: {
            secret_id: { references: ["aws_secretsmanager_secret.s.id", "aws_secretsmanager_secret.s"] },
            secret_string: { references: ["random_password.p.result", "random_password.p"] },
          },
        },
      ),
      created("random_password.p", {}, { expressions: {} }),
      created("random_password.q", {}, { expressions: {} }),
      created("aws_redshift_cluster.c", {}, unknown("master_password", `random_password.${source}.result`)),
    ];
    expect(secretRules(...resources("p"))).toStrictEqual(["sharing-secret"]);
    expect(secretRules(...resources("q"))).toStrictEqual([]);
  });
});

/** A secret that stores the values to which references lead. */
const secretWith = (attribute: string, ...references: readonly string[]) => [
  policyOfSecret({}, "arn:aws:secretsmanager:us-east-1:111122223333:secret:warehouse-0f1e2d"),
  kept("aws_secretsmanager_secret.s", {
    arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:warehouse-0f1e2d",
    id: "s",
  }),
  created("aws_secretsmanager_secret_version.v", { secret_id: "s" }, { expressions: { [attribute]: { references } } }),
];

test.each<[string, readonly string[], readonly string[]]>([
  [
    "has a finding if it stores the password of a cluster",
    ["aws_redshift_cluster.c.master_password"],
    ["sharing-secret"],
  ],
  [
    "has a finding if it stores the password of a namespace",
    ["aws_redshiftserverless_namespace.n.admin_user_password"],
    ["sharing-secret"],
  ],
  ["has a finding if it stores the passwords of all clusters", ["aws_redshift_cluster.c"], ["sharing-secret"]],
  ["has no finding if it stores the endpoint of a cluster", ["aws_redshift_cluster.c.endpoint"], []],
  ["has no finding if it stores the password of another database", ["aws_rds_cluster.r.master_password"], []],
])("a secret %s", (_, references, expected) => {
  const resources = [
    ...secretWith("secret_string", ...references),
    created("aws_redshift_cluster.c", { master_password: "x" }, { expressions: { master_password: {} } }),
    created("aws_redshiftserverless_namespace.n", {}, { expressions: {} }),
    created("aws_rds_cluster.r", {}, { expressions: {} }),
  ];
  expect(secretRules(...resources)).toStrictEqual(expected);
});

describe("a secret with the source of a warehouse's password is judged:", () => {
  const passwordOf = (attribute: string, ...references: readonly string[]) =>
    created("aws_redshift_cluster.c", {}, { expressions: { [attribute]: { references } } });

  test.each([
    ["the same variable", "secret_string_wo", "var.pw", "var.pw", true],
    ["a variable with the password", "secret_string", "var.db", "var.db.password", true],
    ["a part of the variable", "secret_string", "var.db.password", "var.db", true],
    ["another part of the variable", "secret_string", "var.db.host", "var.db.password", false],
    ["another variable", "secret_string", "var.other", "var.pw", false],
    [
      "the same ephemeral resource",
      "secret_string_wo",
      "ephemeral.random_password.p.result",
      "ephemeral.random_password.p.result",
      true,
    ],
    [
      "another ephemeral resource",
      "secret_string_wo",
      "ephemeral.random_password.p.result",
      "ephemeral.random_password.q.result",
      false,
    ],
    ["the same resource", "secret_string", "terraform_data.z.output", "terraform_data.z.output", true],
    ["the same local value", "secret_string", "local.pw", "local.pw", true],
    ["a local value with the password", "secret_string", "local.db", "local.db.password", true],
    ["another part of the local value", "secret_string", "local.db.host", "local.db.password", false],
    ["the same data source", "secret_string", "data.random.p.result", "data.random.p.result", true],
    ["another data source", "secret_string", "data.random.p.result", "data.random.q.result", false],
  ])("%s", (_, attribute, ofSecret, ofWarehouse, isJudged) => {
    const data = created("terraform_data.z", {}, { expressions: {} });
    const rules = secretRules(...secretWith(attribute, ofSecret), passwordOf("master_password_wo", ofWarehouse), data);
    expect(rules).toStrictEqual(isJudged ? ["sharing-secret"] : []);
  });
});

test("a secret of a warehouse is judged if a reference to all instances of the secret or to a data source names it", () => {
  const policyBy = (...references: string[]) =>
    created(
      "aws_secretsmanager_secret_policy.p",
      { policy: policy() },
      { after_unknown: { secret_arn: true }, expressions: { policy: {}, secret_arn: { references } } },
    );
  const namespace = created("aws_redshiftserverless_namespace.n", { manage_admin_password: true }, { expressions: {} });
  expect(secretRules(policyBy("aws_redshiftserverless_namespace.n"), namespace)).toStrictEqual(["sharing-secret"]);
  expect(secretRules(policyBy("aws_redshiftserverless_namespace.n.id"), namespace)).toStrictEqual([]);
  const reader = "data.aws_secretsmanager_secret.s.arn";
  const cluster = created("aws_redshift_cluster.c", {}, unknown("master_password", reader));
  expect(secretRules(policyBy(reader), cluster)).toStrictEqual(["sharing-secret"]);
  expect(secretRules(policyBy("data.aws_secretsmanager_secret.t.arn"), cluster)).toStrictEqual([]);
});

test("the policy of each secret is not judged if an ephemeral resource that the plan lacks reads a password", () => {
  const secret = created("aws_secretsmanager_secret.s", {
    arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:s",
  });
  const policies = [
    created("aws_secretsmanager_secret_policy.p", {
      policy: policy(),
      secret_arn: "arn:aws:secretsmanager:us-east-1:111122223333:secret:s",
    }),
  ];
  const reasons = (reference: string) => {
    const cluster = created("aws_redshift_cluster.c", {}, unknown("master_password_wo", reference));
    return reviewed([secret, ...policies, cluster])
      .notJudged.filter(({ rule }) => rule === "sharing-secret")
      .map(({ address, reason }) => `${address}: ${reason}`);
  };
  expect(reasons("ephemeral.aws_secretsmanager_secret_version.v.secret_string")).toStrictEqual([
    "aws_secretsmanager_secret_policy.p: the plan does not show the secret of ephemeral.aws_secretsmanager_secret_version.v, which has the password of a warehouse",
  ]);
  expect(reasons("ephemeral.random_password.v.result")).toStrictEqual([]);
});

test.each(["data", "ephemeral"])("a secret whose value a %s resource reads for a warehouse is judged", (mode) => {
  const type = "aws_secretsmanager_secret_version";
  const rulesFor = (reader: string) => {
    const resources = [
      created("aws_secretsmanager_secret.s", {}, { after_unknown: { arn: true, policy: true } }),
      created("aws_secretsmanager_secret_policy.p", { policy: policy() }, { after_unknown: { secret_arn: true } }),
      created("aws_redshift_cluster.c", {}),
    ];
    const configured = (address: string, name: string, reference: string) => ({
      address,
      expressions: { [name]: { references: [reference, reference.replace(/\.\w+$/, "")] } },
      mode: address.startsWith(mode) ? mode : "managed",
    });
    const root_module = {
      resources: [
        { address: "aws_secretsmanager_secret.s", mode: "managed" },
        configured("aws_secretsmanager_secret_policy.p", "secret_arn", "aws_secretsmanager_secret.s.arn"),
        configured(`${mode}.${type}.v`, "secret_id", "aws_secretsmanager_secret.s.id"),
        configured("aws_redshift_cluster.c", "master_password_wo", `${mode}.${type}.${reader}.secret_string`),
      ],
    };
    const { findings } = reviewed(resources, {}, { configuration: { root_module } });
    return findings.map(({ rule }) => rule).filter((rule) => rule.startsWith("sharing-secret"));
  };
  expect(rulesFor("v")).toStrictEqual(["sharing-secret"]);
  expect(rulesFor("other")).toStrictEqual([]);
});

test("a new secret has no finding without a policy in its configuration, and a finding with an unknown policy", () => {
  const cluster = created("aws_redshift_cluster.c", {}, unknown("master_password", "random_password.p.result"));
  const version = created(
    "aws_secretsmanager_secret_version.v",
    {},
    {
      after_unknown: { secret_id: true, secret_string: true },
      expressions: {
        secret_id: { references: ["aws_secretsmanager_secret.s.id", "aws_secretsmanager_secret.s"] },
        secret_string: { references: ["random_password.p.result", "random_password.p"] },
      },
    },
  );
  const secret = (expressions: Values) =>
    created("aws_secretsmanager_secret.s", {}, { after_unknown: { arn: true, id: true, policy: true }, expressions });
  const password = created("random_password.p", {}, { expressions: {} });
  expect(secretRules(secret({}), version, password, cluster)).toStrictEqual([]);
  expect(
    secretRules(
      secret({ policy: { references: ["aws_iam_role.r.arn", "aws_iam_role.r"] } }),
      version,
      password,
      cluster,
    ),
  ).toStrictEqual(["sharing-secret-not-shown"]);
});

test("a sensitive policy of a secret has a finding, and the other rules on the policy are not judged", () => {
  const secret = created(
    "aws_secretsmanager_secret_policy.s",
    { policy: policy(), secret_arn: SECRET_ARN },
    { after_sensitive: { policy: true } },
  );
  const { findings, notJudged } = reviewed([secret]);
  expect(findings.map(({ rule }) => rule)).toStrictEqual(["sharing-secret-not-shown"]);
  expect(notJudged.map(({ rule }) => rule)).toEqual(
    expect.arrayContaining(["sharing-secret", "sharing-secret-public"]),
  );
});

test("the policy of a sensitive secret is judged as that of a warehouse's admin", () => {
  const resourcePolicy = { policy: policy({ Principal: "*" }), secret_arn: SECRET_ARN.replace("redshift!", "") };
  const rules = [{}, { after_sensitive: { secret_arn: true } }].map((marks) =>
    secretRules(created("aws_secretsmanager_secret_policy.s", resourcePolicy, marks)),
  );
  expect(rules).toStrictEqual([[], ["sharing-secret-public"]]);
});

// The comparison of each secret with each cluster does not end in time.
test("6,000 secrets with policies are compared with 6,000 clusters", () => {
  const each = <T>(create: (index: number) => T): readonly T[] =>
    Array.from({ length: 6000 }, (_, index) => create(index));
  const arn = (index: number) => `arn:aws:secretsmanager:us-east-1:${ACCOUNT}:secret:s${index}`;
  const clusters = each((index) =>
    kept(`aws_redshift_cluster.c["${index}"]`, { master_password_secret_arn: index === 5999 ? arn(0) : `x${index}` }),
  );
  const secrets = each((index) =>
    kept(`aws_secretsmanager_secret.s["${index}"]`, { arn: arn(index), policy: policy() }),
  );
  const { findings } = reviewed([...clusters, ...secrets]);
  expect(findings.filter(({ rule }) => rule === "sharing-secret")).toMatchObject([
    { address: 'aws_secretsmanager_secret.s["0"]' },
  ]);
});
