import { ACCOUNT, ADMIN_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import {
  ADMINISTRATOR,
  created,
  destroyed,
  kept,
  keyWith,
  modelOf,
  policyOf,
  type Resource,
  type ResourceDetails,
  reviewed,
  updated,
  type Values,
} from "../support/small-plan";

const ADMIN_POLICY = "arn:aws:iam::aws:policy/AdministratorAccess";
const unknown = (name: string, ...references: readonly string[]) => ({
  after_unknown: { [name]: true },
  expressions: { [name]: { references } },
});
const first = (type: string, ...resources: readonly Resource[]) => {
  const model = modelOf(...resources);
  return { model, resource: model.withType(type)[0]! };
};

test.each<[string | undefined, string, Values]>([
  ["aws-cn", "its ARN", { arn: KEY_ARN.replace("aws", "aws-cn"), region: "us-gov-west-1" }],
  ["aws", "its Region", { region: "us-east-1" }],
  ["aws-cn", "its Region", { region: "cn-north-1" }],
  ["aws-eusc", "its Region", { region: "eusc-de-east-1" }],
  ["aws-iso-b", "its Region", { region: "us-isob-east-1" }],
  ["aws-us-gov", "its Region", { region: "us-gov-west-1" }],
  [undefined, "neither", {}],
])("the partition of a resource is %s by %s", (partition, _, values) => {
  const { model, resource } = first("aws_kms_key", created("aws_kms_key.k", values));
  expect(model.partitionOf(resource)).toBe(partition);
});

describe("the ARN of a role that an attribute refers to", () => {
  const grant = created("aws_kms_grant.g", {}, unknown("grantee_principal", "aws_iam_role.r.arn", "aws_iam_role.r"));
  const role = (values: Values = {}, details: Values = {}) =>
    created("aws_iam_role.r", { name: "r", path: "/team/", ...values }, { after_unknown: { arn: true }, ...details });
  const behind = (...resources: readonly Resource[]) => {
    const { model, resource } = first("aws_kms_grant", keyWith(ADMINISTRATOR), ...resources);
    return model.principalIn(resource, "grantee_principal");
  };

  test("is the ARN of the role if the ARN is known, and the known value of the attribute", () => {
    const known = role({ arn: USER_ARN }, { after_unknown: {} });
    expect(behind(grant, known)).toBe(USER_ARN);
    expect(behind(created("aws_kms_grant.g", { grantee_principal: ADMIN_ARN }), known)).toBe(ADMIN_ARN);
  });

  test("is undefined if the account, the name or the path of the role is not known, or if the reference is to another attribute", () => {
    const known = { arn: USER_ARN };
    const grantById = created(
      "aws_kms_grant.g",
      {},
      unknown("grantee_principal", "aws_iam_role.r.id", "aws_iam_role.r"),
    );
    expect(behind(grant, role())).toBeUndefined();
    expect(behind(grantById, role(known, { after_unknown: {} }))).toBeUndefined();
    for (const name of ["name", "path"]) {
      const hidden = role(known, { after_sensitive: { [name]: true }, after_unknown: {} });
      expect(behind(grant, hidden)).toBeUndefined();
    }
  });
});

test.each<[string | undefined, Values]>([
  [undefined, {}],
  ["a is sensitive", { after_sensitive: { a: true } }],
  ["b is unknown until apply", unknown("b", "aws_kms_alias.a.name")],
  [undefined, { after_unknown: { b: true }, expressions: {} }],
])("the reason for which a or b is hidden is %j", (why, details) => {
  const { model, resource } = first("aws_kms_key", created("aws_kms_key.k", { a: 1 }, details));
  expect(model.whyHidden(resource, "a", "b")).toBe(why);
});

describe("a change outside Terraform", () => {
  const driftOf = (resource: Resource, ...planned: readonly Resource[]) =>
    reviewed(planned, {}, { resource_drift: [resource.change] }).drift;

  test("of a policy that aws_kms_key_policy sets is no change of the key", () => {
    const changed = updated(
      "aws_kms_key.k",
      { arn: KEY_ARN, policy: policyOf() },
      { arn: KEY_ARN, policy: policyOf(ADMINISTRATOR) },
    );
    const key = kept(
      "aws_kms_key.k",
      { arn: KEY_ARN, policy: policyOf(ADMINISTRATOR) },
      { expressions: { policy: {} } },
    );
    const elsewhere = kept("aws_kms_key_policy.q", { key_id: `${KEY_ARN}0`, policy: policyOf(ADMINISTRATOR) });
    const policy = kept("aws_kms_key_policy.p", { key_id: KEY_ARN, policy: policyOf(ADMINISTRATOR) });
    expect(JSON.stringify(driftOf(changed, key, elsewhere))).toContain("aws_kms_key.k");
    expect(JSON.stringify(driftOf(changed, key, elsewhere, policy))).not.toContain("aws_kms_key.k");
  });
});

describe("the managed policies of a resource", () => {
  const policies = (...resources: readonly Resource[]) =>
    modelOf(...resources).iamPolicies.map(({ address, attribute, awsManaged, notShown, outOfPlan }) => ({
      address,
      attribute,
      awsManaged,
      notShown,
      outOfPlan,
    }));
  const shown = { awsManaged: undefined, notShown: undefined, outOfPlan: undefined };
  const m = `arn:aws:iam::${ACCOUNT}:policy/m`;

  test.each<[string, string, Values]>([
    ["aws_iam_group_policy_attachment", "policy_arn", {}],
    ["aws_iam_policy_attachment", "policy_arn", {}],
    ["aws_iam_role_policy_attachment", "policy_arn", {}],
    ["aws_iam_user_policy_attachment", "policy_arn", {}],
    ["aws_iam_group_policy_attachments_exclusive", "policy_arns", {}],
    ["aws_iam_role_policy_attachments_exclusive", "policy_arns", {}],
    ["aws_iam_user_policy_attachments_exclusive", "policy_arns", {}],
    ["aws_ssoadmin_managed_policy_attachment", "managed_policy_arn", {}],
    ["aws_ssoadmin_managed_policy_attachments_exclusive", "managed_policy_arns", {}],
  ])("of the type %s are in %s", (type, attribute) => {
    const value = attribute.endsWith("s") ? [ADMIN_POLICY] : ADMIN_POLICY;
    expect(policies(created(`${type}.a`, { [attribute]: value }))).toStrictEqual([
      { ...shown, address: `${type}.a`, attribute, awsManaged: ADMIN_POLICY },
    ]);
  });

  test("are outside the plan unless AWS or the plan has their content", () => {
    const attach = created("aws_iam_role_policy_attachment.a", { policy_arn: m });
    const row = { ...shown, address: "aws_iam_role_policy_attachment.a", attribute: "policy_arn" };
    expect(policies(attach)).toStrictEqual([{ ...row, outOfPlan: `the content of ${m} is not in the plan` }]);
    const policy = created("aws_iam_policy.m", { arn: m, name: "m", policy: policyOf() });
    expect(policies(attach, policy)).toContainEqual(row);
    const fresh = (path: string) => created("aws_iam_policy.m", { name: "m", path, policy: policyOf() });
    expect(policies(attach, fresh("/"))).toContainEqual(row);
    expect(policies(attach, fresh("/team/"))).not.toContainEqual(row);
  });

  test.each([
    ["of AWS", "arn:aws:iam::aws:policy/AmazonS3FullAccess", true],
    ["of the account", m, false],
  ])("%s have the content that a data source has read, unless the plan has the policy", (_, arn, isOfAws) => {
    const attach = created("aws_iam_role_policy_attachment.a", { policy_arn: arn });
    const statement = { Action: "kms:Decrypt", Effect: "Allow", Resource: "*" };
    const dataSource = (values: Values) => {
      const data = { address: "data.aws_iam_policy.p", mode: "data", type: "aws_iam_policy", values };
      return { prior_state: { values: { root_module: { resources: [data] } } } };
    };
    const attached = (policy: string, ...others: readonly Resource[]) => {
      const { findings, notJudged } = reviewed([attach, ...others], {}, dataSource({ arn, policy }));
      return { notJudged: notJudged.map(({ reason }) => reason), remedies: findings.map(({ remedy }) => remedy) };
    };
    const { notJudged, remedies } = attached(policyOf(statement));
    expect(notJudged).toStrictEqual([]);
    expect(remedies.map((remedy) => remedy.startsWith(`Nobody but AWS can change ${arn}`))).toStrictEqual([isOfAws]);
    expect(attached("{").notJudged).toContain(`the content of ${arn} is not in the plan`);
    const policy = created("aws_iam_policy.p", { arn, name: arn.split("/")[1], policy: policyOf() });
    expect(attached(policyOf(statement), policy)).toStrictEqual({ notJudged: [], remedies: [] });
  });

  test("are hidden, unless all policies are in the plan", () => {
    const references = ["aws_iam_policy.m.arn", "aws_iam_policy.m"];
    const attach = (...behind: readonly string[]) =>
      created("aws_iam_role_policy_attachment.a", {}, unknown("policy_arn", ...behind));
    const policy = created("aws_iam_policy.m", { name: "m", policy: policyOf() }, { expressions: {} });
    const other = created("aws_iam_role.r", { name: "r" }, { expressions: {} });
    const notShown = (...resources: readonly Resource[]) =>
      policies(...resources).find(({ attribute }) => attribute === "policy_arn")!.notShown;
    expect(notShown(attach(...references), policy)).toBeUndefined();
    expect(notShown(attach("var.arn"), policy)).toBe("unknown until apply");
    expect(notShown(attach(...references, "aws_iam_role.r.arn", "aws_iam_role.r"), policy, other)).toBe(
      "unknown until apply",
    );
  });

  describe("by their names in a block", () => {
    const attribute = "customer_managed_policy_reference";
    const attach = (names: readonly string[], details: ResourceDetails = {}) =>
      created(
        "aws_ssoadmin_customer_managed_policy_attachments_exclusive.a",
        { [attribute]: names.map((name) => ({ name, path: "/" })) },
        details,
      );
    const row = { ...shown, address: "aws_ssoadmin_customer_managed_policy_attachments_exclusive.a", attribute };
    const policy = created("aws_iam_policy.m", { name: "m", policy: policyOf() }, { expressions: {} });
    const sensitive = { after_sensitive: { [attribute]: true } };
    const byPolicy = unknown(attribute, "aws_iam_policy.m.name", "aws_iam_policy.m");

    test.each<[string, readonly string[], ResourceDetails, readonly object[]]>([
      ["are separate entries if the plan has them", ["m"], {}, []],
      [
        "are outside the plan if the plan does not have them",
        ["m", "n"],
        {},
        [{ ...row, outOfPlan: "the content of arn:aws:iam:::policy/n is not in the plan" }],
      ],
      ["are hidden if they are sensitive", ["m"], sensitive, [{ ...row, notShown: "sensitive" }]],
      [
        "are hidden if they are unknown",
        [],
        unknown(attribute, "var.name"),
        [{ ...row, notShown: "unknown until apply" }],
      ],
      ["are separate entries if they are unknown and in the plan", [], byPolicy, []],
    ])("%s", (_, names, details, expected) => {
      const rows = policies(attach(names, details), policy).filter(({ address }) => address === row.address);
      expect(rows).toStrictEqual(expected);
    });

    test("are none for a boundary, and for a list that is empty or destroyed", () => {
      const type = "aws_ssoadmin_permissions_boundary_attachment";
      const boundary = created(`${type}.b`, { permissions_boundary: [{ managed_policy_arn: m }] });
      expect(policies(boundary, attach([]))).toStrictEqual([]);
      expect(policies(destroyed(row.address, { [attribute]: [{ name: "n", path: "/" }] }))).toStrictEqual([]);
    });
  });

  test("of a role count only if the configuration of the role sets them", () => {
    const values = { arn: USER_ARN, inline_policy: [], managed_policy_arns: [ADMIN_POLICY], name: "r" };
    const attributes = (details: Values) =>
      policies(kept("aws_iam_role.r", values, details)).map(({ attribute }) => attribute);
    expect(attributes({ expressions: { managed_policy_arns: {} } })).toStrictEqual(["managed_policy_arns"]);
    expect(attributes({ expressions: {} })).toStrictEqual([]);
  });
});

test.each<[string, Values, readonly object[]]>([
  ["shown", {}, [{ notShown: undefined, statements: [{ Action: "*", Effect: "Allow", Resource: "*" }] }]],
  [
    "sensitive",
    { after_sensitive: { inline_policy: true } },
    [{ notShown: "inline_policy is sensitive", statements: [] }],
  ],
])("the inline policies of a role are read if they are %s", (_, details, policies) => {
  const blocks = [{ name: "a", policy: policyOf({ Action: "*", Effect: "Allow", Resource: "*" }) }];
  const role = kept(
    "aws_iam_role.r",
    { inline_policy: blocks, name: "r" },
    { expressions: { inline_policy: [{}] }, ...details },
  );
  expect(modelOf(role).iamPolicies).toMatchObject(
    policies.map((policy) => ({ address: "aws_iam_role.r", attribute: "inline_policy", ...policy })),
  );
});

test("an empty inline_policy block, which removes all inline policies, is no policy", () => {
  const role = kept(
    "aws_iam_role.r",
    { inline_policy: [{ name: "", policy: "" }], name: "r" },
    { expressions: { inline_policy: [{}] } },
  );
  expect(modelOf(role).iamPolicies).toStrictEqual([]);
  expect(
    modelOf(role).identities.permission(
      USER_ARN.replace("ExampleUserRole", "r"),
      "kms:Decrypt",
      modelOf(keyWith()).keys[0]!,
    ).kind,
  ).toBe("not allowed");
});

test("the warehouses of a key before and after the plan are those that exist at that time and are encrypted with the key", () => {
  const model = modelOf(keyWith(ADMINISTRATOR), created("aws_redshift_cluster.c", { kms_key_id: KEY_ARN }));
  const addresses = (side: "after" | "before") =>
    model.warehousesOf(model.keys[0]!, side).map(({ address }) => address);
  expect([addresses("before"), addresses("after")]).toStrictEqual([[], ["aws_redshift_cluster.c"]]);
  expect(model.keyAt("aws_kms_key.this")).toBe(model.keys[0]);
  expect(model.atAddress("aws_redshift_cluster.c")).toBe(model.warehouses[0]!.resource);
});
