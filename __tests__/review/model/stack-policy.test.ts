import { PlanError } from "../../../review/plan/plan";
import { readPlan } from "../../../review/plan/read-plan";
import { readStack } from "../../../review/plan/stack";
import { review } from "../../../review/report/report";
import { planOf } from "../../plans/goldens";
import { ACCOUNT, USER_ARN } from "../../support/arns";
import { allow, created, policyUnknownFrom, readDuringApply, reviewed } from "../support/small-plan";

const POLICY = "Access-AnalystRole_44EAAD0B";
const ROOT = allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:*");
const CLUSTER = "arn:aws:redshift:us-east-1:111122223333:cluster:";
const WORKGROUP = "${aws_redshiftserverless_workgroup.Serverless_Workgroup_89047727.arn}";

interface TestPlan {
  readonly configuration: {
    readonly root_module: {
      readonly resources: readonly { readonly address: string; readonly expressions: Record<string, unknown> }[];
      variables?: unknown;
    };
  };
  variables?: unknown;
}

/** The findings of the first plan of a serverless warehouse whose stack has this policy, and whose plan has its references. */
function rulesWith(
  policy: unknown,
  { locals = {}, references = referencesIn(policy), variables = {}, workgroup = {} } = {},
): string[] {
  const configuration = { locals, resource: { aws_iam_role_policy: { [POLICY]: { policy } } } };
  const plan = JSON.parse(planOf("first-serverless/after")) as TestPlan;
  const { root_module: root } = plan.configuration;
  root.resources.find(({ address }) => address === `aws_iam_role_policy.${POLICY}`)!.expressions.policy = {
    references,
  };
  Object.assign(root.resources.find(({ address }) => WORKGROUP.includes(address))!.expressions, workgroup);
  root.variables = variables;
  plan.variables = variables;
  const stack = readStack(JSON.stringify(configuration), "stack");
  return review(readPlan(JSON.stringify(plan), "plan", stack)).findings.map(({ rule }) => rule);
}
const referencesIn = (policy: unknown): readonly string[] =>
  [...JSON.stringify(policy).matchAll(/(?<!\$)\$\{([\w.-]+)\}/g)].map(([, reference]) => reference!);
const statement = (more: object) => ({ Action: "redshift-data:ExecuteStatement", Effect: "Allow", ...more });
const policyOf = (...Statement: unknown[]): string => JSON.stringify({ Statement, Version: "2012-10-17" });

test.each<[string, object]>([
  ["the ARN of a resource of the plan", { Resource: WORKGROUP }],
  ["several ARNs of resources of the plan", { Resource: [WORKGROUP, `${WORKGROUP}/*`] }],
  [
    "the name of a role of the plan",
    { Resource: "arn:aws:redshift:us-east-1:${aws_iam_role.Role-AnalystRole_8791A244.name}:cluster:a" },
  ],
  [
    "the caller's account",
    { Resource: "arn:aws:redshift:us-east-1:${data.aws_caller_identity.Key_Caller_D52F8A58.account_id}:cluster:a" },
  ],
  [
    "no interpolation, and false as a value",
    {
      Condition: { Bool: { "aws:MultiFactorAuthPresent": false } },
      Resource: "arn:aws:redshift:us-east-1:111122223333:cluster:a",
    },
  ],
  [
    "a policy variable behind $$",
    { Condition: { StringEquals: { "aws:ResourceTag/team": "$${aws:PrincipalTag/team}" } }, Resource: WORKGROUP },
  ],
])("the policy of a stack is judged if its interpolations are %s", (_, more) => {
  expect(rulesWith(policyOf(statement(more)))).toStrictEqual([]);
});

test.each<[string, object]>([
  ["a resource that is not in the plan", { Resource: "${aws_redshiftserverless_workgroup.Other.arn}" }],
  ["letters before an ARN", { Resource: `x${WORKGROUP}` }],
  ["an attribute that AWS assigns and that is no ARN", { Resource: WORKGROUP.replace(".arn", ".workgroup_id") }],
  ["a function", { Resource: '${replace("arn", "arn", "*")}' }],
  ["a directive", { Resource: "%{ if true }*%{ endif }" }],
  ["an ARN as a value of a condition", { Condition: { ArnEquals: { "aws:SourceArn": WORKGROUP } }, Resource: "*" }],
  ["an ARN in NotResource", { NotResource: WORKGROUP }],
  ["another data source", { Resource: "${data.aws_ssm_parameter.p.value}" }],
  [
    "an interpolated condition key",
    { Condition: { StringEquals: { "${var.key}": "a", "aws:ResourceTag/team": "b" } }, Resource: WORKGROUP },
  ],
])("the policy of a stack is not shown if it has %s", (_, more) => {
  expect(rulesWith(policyOf(statement(more)))).toContain("role-policy-not-shown");
});

const JSONENCODE = `jsonencode({ Statement = [{ Action = "redshift-data:ExecuteStatement", Effect = "Allow", Resource = "*" }] })`;

const wide = statement({ Resource: "*" });
test.each([
  ["an element that IAM does not have", JSON.stringify({ Statement: [wide], Statements: [] })],
  ["an unknown Version", JSON.stringify({ Statement: [wide], Version: "${aws_iam_role.Other.id}" })],
  ["a name twice", `{"Statement":[],"Statement":[${JSON.stringify(wide)}]}`],
])("the policy of a stack is not shown if it has %s", (_, policy) => {
  expect(rulesWith(policy)).toContain("role-policy-not-shown");
});

test.each([
  ["2012-10-17", ["role-data-api-everywhere"]],
  ["2008-10-17", []],
])("a policy variable of a stack is read as in the Version %s", (Version, expected) => {
  const Condition = { StringEquals: { "aws:ResourceTag/team": "$${aws:ResourceTag/team}" } };
  expect(rulesWith(JSON.stringify({ Statement: [{ ...wide, Condition }], Version }))).toStrictEqual(expected);
});

test.each([["no JSON"], [{ Statement: [] }], ["[]"], [policyOf("no statement")], [`%{${JSONENCODE}}`]])(
  "the policy %j of a stack has the finding role-policy-not-shown",
  (policy) => {
    expect(rulesWith(policy)).toStrictEqual(["role-policy-not-shown"]);
  },
);

test.each<[string, object, object]>([
  [
    "a local value",
    { Resource: "arn:aws:redshift:us-east-1:${local.account}:cluster:a" },
    { locals: { account: "111122223333" } },
  ],
  [
    "a local value with a reference",
    { Resource: "arn:aws:redshift:us-east-1:${local.name}:cluster:a" },
    { locals: { name: "1${aws_iam_role.Role-AnalystRole_8791A244.name}" } },
  ],
  [
    "a list as a local value",
    { Action: ["${local.actions}", "kms:Encrypt"], Resource: ["${local.names}", WORKGROUP] },
    { locals: { actions: ["kms:Decrypt"], names: ["${local.more}"], more: [WORKGROUP] } },
  ],
  [
    "a list as a variable of the root module",
    { Condition: { StringEquals: { "aws:PrincipalTag/team": "${var.teams}" } }, Resource: WORKGROUP },
    { variables: { teams: { value: ["a", "%{b", "${c"] } } },
  ],
  [
    "a variable of the root module",
    { Resource: "arn:aws:redshift:us-east-1:111122223333:cluster:${var.name}" },
    { variables: { name: { value: "a" } } },
  ],
])("the policy of a stack is judged if it has %s", (_, more, settings) => {
  expect(rulesWith(policyOf(statement(more)), settings)).toStrictEqual([]);
});

test.each<[string, object, object]>([
  ["a local value that is a map", { Resource: "${local.names}" }, { locals: { names: { a: "b" } } }],
  ["an element of a local value", { Resource: "${local.names[0]}" }, { locals: { names: ["a"] } }],
  ["a list with an unknown element", { Resource: "${local.names}" }, { locals: { names: ["${local.name}"] } }],
  ["an unknown local value", { Resource: "${local.name}" }, {}],
  ["a local value with a quote", { Resource: `${CLUSTER}\${local.name}` }, { locals: { name: 'a"b' } }],
  [
    "each.value beside a variable named value",
    { Resource: `${CLUSTER}\${each.value}` },
    { variables: { value: { value: "a" } } },
  ],
  [
    "an ARN that the configuration sets",
    { Resource: WORKGROUP },
    { workgroup: { arn: { references: ["aws_a.b.arn"] } } },
  ],
  ["a sensitive list", { Resource: "${var.names}" }, { variables: { names: { sensitive: true, value: ["a"] } } }],
  [
    "a sensitive variable",
    { Resource: "${var.name}" },
    { variables: { name: { sensitive: true, value: "arn:aws:redshift:us-east-1:111122223333:cluster:a" } } },
  ],
])("the policy of a stack is not shown if it has %s", (_, more, settings) => {
  expect(rulesWith(policyOf(statement(more)), settings)).toContain("role-policy-not-shown");
});

test("a local value that refers to itself is refused as too deep", () => {
  expect(() => rulesWith(policyOf(statement({ Resource: "${local.a}" })), { locals: { a: "${local.a}" } })).toThrow(
    RangeError,
  );
});

test.each([
  ["lacks a reference of the plan", [...referencesIn(WORKGROUP), "aws_iam_role.Role-AnalystRole_8791A244.name"]],
  ["has a reference that the plan lacks", []],
])("a stack is not the configuration of the plan if the policy %s", (_, references) => {
  expect(rulesWith(policyOf(statement({ Resource: WORKGROUP })), { references })).toStrictEqual([
    "role-policy-not-shown",
  ]);
});

test.each([
  ["is jsonencode", `\${${JSONENCODE}}`, {}],
  [
    "has the value false",
    policyOf(statement({ Condition: { Bool: { "aws:ViaAWSService": false } }, Resource: "*" })),
    {},
  ],
  ["is a local value", "${local.policy}", { locals: { policy: policyOf(statement({ Resource: "*" })) } }],
])("the policy of a stack is judged if it %s", (_, policy, settings) => {
  expect(rulesWith(policy, settings)).toStrictEqual(["role-data-api-everywhere"]);
});

test("a wide statement of a stack has its finding beside a statement on an ARN that AWS assigns", () => {
  const login = {
    Action: "redshift:GetClusterCredentials",
    Effect: "Allow",
    Resource: "arn:aws:redshift:*:*:dbuser:*/*",
  };
  expect(rulesWith(policyOf(statement({ Resource: WORKGROUP }), statement({ Resource: "*" }), login))).toStrictEqual([
    "role-data-api-everywhere",
    "role-any-database-user",
  ]);
});

test.each(["{", "[]", '{"locals":[]}', '{"resource":{"aws_iam_role":[]}}'])(
  "the text %s is refused as the cdk.tf.json of a stack",
  (text) => {
    expect(() => readStack(text, "cdk.tf.json")).toThrow(
      new PlanError("cdk.tf.json must be Terraform configuration in JSON, with one object for each resource"),
    );
  },
);

test.each([
  ["is not shown", "other_cluster.c", true],
  ["is judged", "aws_redshift_cluster.c", false],
])("the policy of a stack %s if it has an unknown ARN of %s", (_, address, isHidden) => {
  const resources = [
    created(address, {}, { after_unknown: { arn: true }, expressions: {} }),
    created("aws_iam_role_policy.p", { role: "r" }, policyUnknownFrom(`${address}.arn`)),
  ];
  const policy = policyOf(statement({ Resource: `\${${address}.arn}` }));
  const stack = JSON.stringify({ resource: { aws_iam_role_policy: { p: { policy } } } });
  const rules = reviewed(resources, {}, {}, stack).findings.map(({ rule }) => rule);
  expect(rules.includes("role-policy-not-shown")).toBe(isHidden);
});

test.each([
  ["gives", "", 1],
  ["does not give", "/a", 0],
])("the policy of a stack %s access to a new key with %j behind the ARN of the key", (_, end, count) => {
  const resources = [
    created("aws_kms_key.k", { policy: policyOf(ROOT) }, { after_unknown: { arn: true }, expressions: { policy: {} } }),
    created("aws_iam_role.r", { name: "Reader", path: "/" }),
    created("aws_iam_role_policy.p", { role: "Reader" }, policyUnknownFrom("aws_kms_key.k.arn")),
  ];
  const policy = policyOf({ Action: "kms:Decrypt", Effect: "Allow", Resource: `\${aws_kms_key.k.arn}${end}` });
  const stack = JSON.stringify({ resource: { aws_iam_role_policy: { p: { policy } } } });
  const { principals } = reviewed(resources, {}, {}, stack).keys[0]!;
  expect(principals.filter(({ principal }) => principal.endsWith("role/Reader"))).toHaveLength(count);
});

test("the policy of a stack has escapes and values of data sources in its conditions", () => {
  const context = "$${a} %%{b} ${data.aws_region.r.id} ${data.aws_partition.p.partition}";
  const references = [...context.matchAll(/data[.\w]+/g)].map(([reference]) => reference);
  const Condition = { StringEquals: { "kms:EncryptionContext:a": context } };
  const policy = policyOf(ROOT, allow(USER_ARN, "kms:Decrypt", { Condition }));
  const data = (type: string, name: string, values: object) => {
    const address = `data.${type}.${name}`;
    return { address, mode: "data", name, type, values };
  };
  const resources = [data("aws_region", "r", { id: "us-east-1" }), data("aws_partition", "p", { partition: "aws" })];
  const { keys } = reviewed(
    [created("aws_kms_key.k", {}, policyUnknownFrom(...references))],
    {},
    { prior_state: { values: { root_module: { resources } } } },
    JSON.stringify({ resource: { aws_kms_key: { k: { policy } } } }),
  );
  const row = keys[0]!.principals.find(({ principal }) => principal === USER_ARN)!;
  expect(row.abilities["encrypt and decrypt"].after.limits.join()).toContain("StringEquals ${a} %{b} us-east-1 aws");
});

test("a policy that is not shown has a remedy with --stack-files if the plan has no stack", () => {
  const address = "data.aws_iam_policy_document.d";
  const document = readDuringApply(address, {}, { after_unknown: { json: true }, expressions: {} });
  const remedies = ["aws_iam_role.r.arn", `${address}.json`].flatMap((reference) => {
    const key = created("aws_kms_key.k", {}, policyUnknownFrom(reference));
    return [undefined, "{}"].map((stack) => reviewed([key, document], {}, {}, stack).findings[0]!.remedy);
  });
  expect(remedies.map((remedy) => remedy.includes("--stack-files"))).toStrictEqual([true, false, true, false]);
});

describe("a policy document of a stack", () => {
  const ROLE = "aws_iam_role.r.arn";
  const ADDRESS = "data.aws_iam_policy_document.d";
  const PRINCIPALS = [{ identifiers: [`\${${ROLE}}`], type: "AWS" }];
  const STATEMENT = { actions: ["kms:Decrypt"], principals: PRINCIPALS, resources: ["*"] };
  const keyWith = (document: unknown, more = {}, attribute = "json") => {
    const stack = {
      data: { aws_iam_policy_document: { d: document } },
      resource: { aws_kms_key: { k: { policy: `\${${ADDRESS}.${attribute}}` } } },
    };
    const planned = readDuringApply(
      ADDRESS,
      {
        statement: [{ actions: ["kms:Decrypt"], principals: [{ identifiers: [null], type: "AWS" }], resources: ["*"] }],
      },
      {
        after_unknown: { json: true, statement: [{ principals: [{ identifiers: [true] }] }] },
        expressions: { statement: [{ principals: [{ identifiers: { references: [ROLE, "aws_iam_role.r"] } }] }] },
        ...more,
      },
    );
    const role = created("aws_iam_role.r", { arn: USER_ARN, name: "r" }, { expressions: {} });
    const key = created("aws_kms_key.k", {}, policyUnknownFrom(`${ADDRESS}.${attribute}`, ADDRESS));
    return reviewed([key, planned, role], {}, {}, JSON.stringify(stack)).keys[0]!;
  };

  test.each([
    ["alone", { statement: [STATEMENT] }, "json"],
    ["by minified_json", { statement: [STATEMENT] }, "minified_json"],
    ["beside a version and depends_on", { depends_on: ["a.b"], statement: [STATEMENT], version: "2012-10-17" }, "json"],
    ["with the metadata of a CDKTF construct", { "//": { metadata: {} }, statement: [STATEMENT] }, "json"],
  ])("is shown if it has statements %s", (_, document, attribute) => {
    const { notShown, principals } = keyWith(document, {}, attribute);
    expect(notShown.after).toBeUndefined();
    expect(principals.map(({ principal }) => principal)).toStrictEqual([USER_ARN]);
  });

  test.each<[string, unknown, object]>([
    ["a source", { source_policy_documents: [], statement: [STATEMENT] }, {}],
    ["a dynamic block", { dynamic: { statement: {} }, statement: [STATEMENT] }, {}],
    ["for_each", { for_each: {}, statement: [STATEMENT] }, {}],
    ["a dynamic block in a statement", { statement: [{ ...STATEMENT, dynamic: {} }] }, {}],
    ["another key in a condition", { statement: [{ ...STATEMENT, condition: [{ test: "Bool", each: 1 }] }] }, {}],
    ["principals that are no blocks", { statement: [{ ...STATEMENT, principals: "${a.b}" }] }, {}],
    ["a function", { statement: [{ ...STATEMENT, actions: ["${upper(local.a)}"] }] }, {}],
    ["more statements than in the plan", { statement: [STATEMENT, STATEMENT] }, {}],
    ["no statement", {}, {}],
    [
      "other references than in the plan",
      { statement: [STATEMENT] },
      { expressions: { statement: [{ principals: [{ identifiers: { references: ["aws_iam_role.s.arn"] } }] }] } },
    ],
  ])("is not shown with %s", (_, document, more) => {
    expect(keyWith(document, more).notShown.after).toBe("unknown until apply");
  });

  test("has the conditions of its blocks, with policy variables behind &", () => {
    const [test, variable] = ["StringEquals", "aws:PrincipalTag/team"];
    const condition = [
      { test, values: ["&{aws:RequestTag/team}"], variable },
      { test, values: ["b"], variable },
      { test: "Bool", values: ["true"], variable: "aws:SecureTransport" },
    ];
    const { principals } = keyWith({ statement: [{ ...STATEMENT, condition }] });
    expect(principals[0]!.abilities["encrypt and decrypt"].after).toMatchObject({
      limits: ["only kms:Decrypt", expect.stringContaining(`${variable} ${test} \${aws:RequestTag/team} | b`)],
    });
  });
});

test("a cdk.tf.json may have no resources", () => {
  expect([...readStack("{}", "stack")]).toStrictEqual([["local", {}]]);
});

test("the policy of a stack has the elements of a list in place of a reference to the list", () => {
  const policy = policyOf(statement({ Resource: ["${local.names}", WORKGROUP] }));
  expect(rulesWith(policy, { locals: { names: ["${var.name}"] }, variables: { name: { value: "*" } } })).toStrictEqual([
    "role-data-api-everywhere",
  ]);
  expect(
    rulesWith(policyOf(statement({ Resource: "${var.names}" })), { variables: { names: { value: ["*"] } } }),
  ).toStrictEqual(["role-data-api-everywhere"]);
});
