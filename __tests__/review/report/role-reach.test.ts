import { render } from "../../../review/render/render";
import { ACCOUNT, CLUSTER_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import { allow, created, kept, keyWith, policyOf, type Resource, reviewed } from "../support/small-plan";

const ROOT = allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:*");
const WORKGROUP_ARN = `arn:aws:redshift-serverless:us-east-1:${ACCOUNT}:workgroup/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0`;
const role = kept("aws_iam_role.user", { arn: USER_ARN, name: "ExampleUserRole", path: "/" });
const cluster = kept("aws_redshift_cluster.analytics", { arn: CLUSTER_ARN, cluster_identifier: "analytics" });
const newCluster = created("aws_redshift_cluster.sales", { cluster_identifier: "sales" });
const namespace = kept("aws_redshiftserverless_namespace.lake", { namespace_name: "lake" });
const workgroup = kept("aws_redshiftserverless_workgroup.lake", { arn: WORKGROUP_ARN, namespace_name: "lake" });

const granting = (Action: string, more: object = {}) => ({ Action, Effect: "Allow", Resource: "*", ...more });
const inlinePolicy = (...statements: object[]) =>
  created("aws_iam_role_policy.p", { name: "p", policy: policyOf(...statements), role: "ExampleUserRole" });

/** The reach in the findings at an address. */
function reachAt(address: string, ...resources: Resource[]) {
  const reaches = reviewed(resources).findings.filter((finding) => finding.address === address);
  expect(reaches.length).toBeGreaterThan(0);
  return reaches[0]!.reach;
}

/** The keys or warehouses that a role reaches, whose policy also has a finding of its own. */
const reached = (kind: "keys" | "warehouses", resources: Resource[], ...statements: object[]) =>
  reachAt(
    "aws_iam_role_policy.p",
    role,
    inlinePolicy(granting("secretsmanager:GetSecretValue"), ...statements),
    ...resources,
  )?.[kind] ?? [];

describe("a finding of a role", () => {
  test.each([
    ["names the key if the key policy names the role", keyWith(allow(USER_ARN, "kms:*")), [], true],
    [
      "names the key if the key policy leaves the action to IAM, which allows it",
      keyWith(ROOT),
      [granting("kms:Decrypt")],
      true,
    ],
    ["names no key if the key policy leaves the action to IAM, which does not allow it", keyWith(ROOT), [], false],
    [
      "names no key if IAM allows the action on another key",
      keyWith(ROOT),
      [granting("kms:Decrypt", { Resource: KEY_ARN.replace(/.$/, "3") })],
      false,
    ],
    [
      "names no key if the key policy names only another role",
      keyWith(allow(`${USER_ARN}2`, "kms:*")),
      [granting("kms:Decrypt")],
      false,
    ],
    ["names no key if the role may only describe the key", keyWith(allow(USER_ARN, "kms:DescribeKey")), [], false],
    [
      "names the key if a pattern in the key policy matches the role",
      keyWith(
        allow("*", "kms:Decrypt", { Condition: { ArnLike: { "aws:PrincipalArn": `${USER_ARN.slice(0, -4)}*` } } }),
      ),
      [],
      true,
    ],
    [
      "names no key if an IAM policy denies the action",
      keyWith(allow(USER_ARN, "kms:*")),
      [{ ...granting("kms:Decrypt"), Effect: "Deny" }],
      false,
    ],
  ])("%s", (_, key, statements, isReached) => {
    expect(reached("keys", [key], ...statements)).toStrictEqual(isReached ? ["aws_kms_key.this"] : []);
  });

  test.each([
    [
      "if its permissions boundary, which the plan does not show, may allow the action",
      [granting("kms:Decrypt")],
      ["aws_kms_key.this"],
    ],
    ["not if only the permissions boundary may allow the action", [], []],
    [
      "not if an IAM policy denies the action within the permissions boundary",
      [granting("kms:Decrypt"), { ...granting("kms:Decrypt"), Effect: "Deny" }],
      [],
    ],
  ])("names the key of a role %s", (_, statements, keys) => {
    const bounded = kept("aws_iam_role.user", {
      arn: USER_ARN,
      name: "ExampleUserRole",
      permissions_boundary: `arn:aws:iam::${ACCOUNT}:policy/Company`,
    });
    const policy = inlinePolicy(granting("secretsmanager:GetSecretValue"), ...statements);
    expect(reachAt("aws_iam_role_policy.p", bounded, policy, keyWith(ROOT))?.keys ?? []).toStrictEqual(keys);
  });

  test("names no key that the key policy denies to the role alone, beside a role with the same policy", () => {
    const other = `${USER_ARN}2`;
    const statements = [granting("secretsmanager:GetSecretValue"), granting("kms:Decrypt")];
    const resources = [
      role,
      inlinePolicy(...statements),
      kept("aws_iam_role.other", { arn: other, name: "ExampleUserRole2", path: "/" }),
      created("aws_iam_role_policy.q", { name: "q", policy: policyOf(...statements), role: "ExampleUserRole2" }),
    ];
    const reachesUnder = (...denials: object[]) =>
      ["p", "q"].map((name) => reachAt(`aws_iam_role_policy.${name}`, ...resources, keyWith(ROOT, ...denials))?.keys);
    expect(reachesUnder()).toStrictEqual([["aws_kms_key.this"], ["aws_kms_key.this"]]);
    const denial = { ...allow(other, "kms:Decrypt"), Effect: "Deny" };
    expect(reachesUnder(denial)).toStrictEqual([["aws_kms_key.this"], undefined]);
  });

  test("names the key on which the role has a grant", () => {
    const grant = kept("aws_kms_grant.g", { grantee_principal: USER_ARN, key_id: KEY_ARN, operations: ["Decrypt"] });
    const byReference = created(
      "aws_kms_grant.g",
      { key_id: KEY_ARN, operations: ["Decrypt"] },
      {
        after_unknown: { grantee_principal: true },
        expressions: { grantee_principal: { references: ["aws_iam_role.user.arn", "aws_iam_role.user"] } },
      },
    );
    for (const one of [grant, byReference]) {
      expect(reached("keys", [keyWith(allow(`${USER_ARN}2`, "kms:*")), one])).toStrictEqual(["aws_kms_key.this"]);
    }
  });

  const CLUSTER = "aws_redshift_cluster.analytics";
  const NEW = "aws_redshift_cluster.sales";
  const LAKE = "aws_redshiftserverless_namespace.lake";
  const database = (resource: string) => CLUSTER_ARN.replace("cluster:", resource);

  test.each([
    ["redshift-data:ExecuteStatement", "*", [CLUSTER, NEW, LAKE]],
    ["redshift-data:BatchExecuteStatement", CLUSTER_ARN, [CLUSTER]],
    ["redshift-data:ExecuteStatement", CLUSTER_ARN.replace("analytics", "sales"), [NEW]],
    ["redshift-data:ExecuteStatement", WORKGROUP_ARN, [LAKE]],
    ["redshift-data:ExecuteStatement", WORKGROUP_ARN.replace(/.$/, "1"), []],
    // The resource of a statement that refers to an ARN that is unknown until apply.
    ["redshift-data:ExecuteStatement", "aws_redshiftserverless_workgroup.lake.arn", [LAKE]],
    ["redshift-data:ExecuteStatement", "aws_redshift_cluster.sales.arn", [NEW]],
    ["redshift-data:ExecuteStatement", "arn:aws:redshift:us-east-1:111122223333:cluster:*a*s", [CLUSTER, NEW]],
    ["redshift-data:ExecuteStatement", "arn:aws:redshift:us-east-1:111122223333:cl?ster:ana*", [CLUSTER]],
    [
      "redshift-data:ExecuteStatement",
      "arn:aws:redshift:us-east-1:${aws:PrincipalAccount}:cluster:analytics",
      [CLUSTER],
    ],
    ["redshift-data:ExecuteStatement", "arn:aws:redshift:us-east-1:*:cluster:${aws:PrincipalTag/cluster}", []],
    // A wildcard matches colons, too.
    ["redshift-data:ExecuteStatement", "arn:aws:*:*:*:analytics", [CLUSTER]],
    ["redshift-data:ListStatements", "*", []],
    ["redshift:GetClusterCredentials", `${database("dbuser:")}/reader`, [CLUSTER]],
    ["redshift:GetClusterCredentials", `${database("dbuser:ana")}/reader`, []],
    ["redshift:GetClusterCredentials", CLUSTER_ARN, []],
    ["redshift:GetClusterCredentialsWithIAM", `${database("dbname:")}/*`, [CLUSTER]],
    ["redshift-serverless:GetCredentials", "arn:aws:redshift-serverless:*:*:workgroup/*", [LAKE]],
  ])("names the warehouses that %s on %s reaches: %j", (action, Resource, names) => {
    const warehouses = [cluster, newCluster, namespace, workgroup];
    expect(reached("warehouses", warehouses, granting(action, { Resource }))).toStrictEqual(names);
  });

  test("names a cluster if a denial is on one of its database users, or on a policy variable", () => {
    const login = granting("redshift:GetClusterCredentials");
    const denialOn = (user: string) => ({ ...login, Effect: "Deny", Resource: `${database("dbuser:*")}/${user}` });
    expect(reached("warehouses", [cluster], login, denialOn("admin"))).toStrictEqual([CLUSTER]);
    expect(reached("warehouses", [cluster], login, denialOn("${aws:PrincipalTag/user}"))).toStrictEqual([CLUSTER]);
    expect(reached("warehouses", [cluster], login, denialOn("*"))).toStrictEqual([]);
  });

  test("names no warehouse that a denial or NotResource excepts", () => {
    const all = granting("redshift-data:ExecuteStatement");
    const denial = { ...all, Effect: "Deny", Resource: CLUSTER_ARN };
    const others = { Action: "redshift-data:ExecuteStatement", Effect: "Allow", NotResource: CLUSTER_ARN };
    expect(reached("warehouses", [cluster, newCluster], all, denial)).toStrictEqual([NEW]);
    expect(reached("warehouses", [cluster, newCluster], others)).toStrictEqual([NEW]);
  });

  test("names a namespace whose workgroup is not in the plan, for a pattern of every workgroup", () => {
    const everywhere = granting("redshift-data:ExecuteStatement");
    expect(reached("warehouses", [namespace], everywhere)).toStrictEqual([LAKE]);
    expect(reached("warehouses", [namespace], { ...everywhere, Resource: WORKGROUP_ARN })).toStrictEqual([]);
  });

  test("names the namespace in the provider of its workgroup, not a namespace of the same name in another provider", () => {
    const east = kept("aws_redshiftserverless_namespace.east", { namespace_name: "lake" });
    const statement = granting("redshift-data:ExecuteStatement", { Resource: WORKGROUP_ARN });
    const resources = [role, inlinePolicy(granting("secretsmanager:GetSecretValue"), statement)];
    const configured = (provider: string, ...addresses: readonly string[]) =>
      addresses.map((address) => ({ address, mode: "managed", provider_config_key: provider }));
    const { findings } = reviewed(
      [...resources, east, namespace, workgroup],
      {},
      {
        configuration: {
          root_module: {
            resources: [
              ...configured(
                "aws",
                "aws_iam_role.user",
                "aws_iam_role_policy.p",
                "aws_redshiftserverless_namespace.east",
              ),
              ...configured("aws.west", LAKE, "aws_redshiftserverless_workgroup.lake"),
            ],
          },
        },
      },
    );
    expect(findings.map(({ reach }) => reach?.warehouses)).toContainEqual([LAKE]);
  });

  test("names the key that the role reaches, for a finding of its trust policy", () => {
    const trusting = kept("aws_iam_role.user", {
      arn: USER_ARN,
      assume_role_policy: policyOf({ Action: "sts:AssumeRole", Effect: "Allow", Principal: "*" }),
      name: "ExampleUserRole",
      path: "/",
    });
    const key = keyWith(allow(USER_ARN, "kms:Decrypt"));
    expect(reachAt("aws_iam_role.user", trusting, key)?.keys).toStrictEqual(["aws_kms_key.this"]);
  });

  test("names the key that members of a group reach, at the managed policy and at the attachment of the policy", () => {
    const user = (name: string) =>
      kept(`aws_iam_user.${name}`, { arn: `arn:aws:iam::${ACCOUNT}:user/${name}`, name, path: "/" });
    const member = (name: string) =>
      kept(`aws_iam_user_group_membership.${name}`, { groups: ["analysts"], user: name });
    const policyArn = `arn:aws:iam::${ACCOUNT}:policy/all`;
    const policy = kept("aws_iam_policy.all", {
      arn: policyArn,
      name: "all",
      path: "/",
      policy: policyOf(granting("kms:Decrypt")),
    });
    const group = kept("aws_iam_group.analysts", { name: "analysts" });
    const attached = kept("aws_iam_group_policy_attachment.a", { group: "analysts", policy_arn: policyArn });
    const administrator = kept("aws_iam_group_policy_attachment.b", {
      group: "analysts",
      policy_arn: "arn:aws:iam::aws:policy/AdministratorAccess",
    });
    const key = keyWith(
      allow(`arn:aws:iam::${ACCOUNT}:user/one`, "kms:*"),
      allow(`arn:aws:iam::${ACCOUNT}:user/three`, "kms:*"),
    );
    const members = [user("one"), user("two"), user("three"), member("one"), member("two"), group, key];
    expect(reachAt("aws_iam_policy.all", ...members, policy, attached)?.keys).toStrictEqual(["aws_kms_key.this"]);
    expect(reachAt("aws_iam_group_policy_attachment.b", ...members, administrator)?.keys).toStrictEqual([
      "aws_kms_key.this",
    ]);
    const withoutGroup = [user("one"), user("two"), member("two"), group, key];
    expect(reachAt("aws_iam_policy.all", ...withoutGroup, policy, attached)).toBeUndefined();
  });

  test("names the key that the role of a permission set reaches", () => {
    const set = kept("aws_ssoadmin_permission_set.analysts", {
      arn: "arn:aws:sso:::permissionSet/a/b",
      name: "Analysts",
    });
    const inline = created("aws_ssoadmin_permission_set_inline_policy.p", {
      inline_policy: policyOf(granting("secretsmanager:GetSecretValue")),
      permission_set_arn: "arn:aws:sso:::permissionSet/a/b",
    });
    const ssoRole = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analysts_0123456789abcdef`;
    expect(
      reachAt("aws_ssoadmin_permission_set_inline_policy.p", set, inline, keyWith(allow(ssoRole, "kms:*")))?.keys,
    ).toStrictEqual(["aws_kms_key.this"]);
  });

  test.each([
    [11, "1 more key"],
    [12, "2 more keys"],
  ])("names ten of %d keys, and counts the others, in HTML, Markdown, SARIF and text", (length, others) => {
    const keys = Array.from({ length }, (_, index) =>
      kept(`aws_kms_key.k${index}`, {
        arn: `${KEY_ARN}${index}`,
        policy: policyOf(allow(USER_ARN, "kms:Decrypt")),
      }),
    );
    const report = reviewed([role, inlinePolicy(granting("secretsmanager:GetSecretValue")), ...keys]);
    for (const format of ["html", "markdown", "sarif", "text"] as const) {
      const text = render([report], format).replace(/[`\\]/g, "").replace(/\s+/g, " ");
      expect(text).toContain("In this plan, the role reaches aws");
      expect(text.replaceAll("_", "")).toContain(`awskmskey.k9, ${others}.`);
    }
  });
});
