import { ACCOUNT, KEY_ARN } from "../../../support/arns";
import {
  created,
  destroyed,
  kept,
  keyWith,
  modelOf,
  policyOf,
  type Resource,
  updated,
  type Values,
} from "../../support/small-plan";

const ADMIN_POLICY = "arn:aws:iam::aws:policy/AdministratorAccess";
const SET_ARN = "arn:aws:sso:::permissionSet/a/b";
const arn = (name: string) => `arn:aws:iam::${ACCOUNT}:${name}`;
const ALLOW = { Action: "kms:Decrypt", Effect: "Allow", Resource: "*" };
const DENY = { ...ALLOW, Effect: "Deny" };
const TEXT = policyOf(ALLOW);

const role = (values: Values = {}) =>
  kept("aws_iam_role.r", { arn: arn("role/r"), inline_policy: [], name: "r", ...values });
const user = (values: Values = {}) => kept("aws_iam_user.u", { arn: arn("user/u"), name: "u", ...values });
const group = kept("aws_iam_group.g", { name: "g" });
const set = kept("aws_ssoadmin_permission_set.s", { arn: SET_ARN, name: "s" });
const managed = (name = "m", text = TEXT) =>
  kept(`aws_iam_policy.${name}`, { arn: arn(`policy/${name}`), name, path: "/", policy: text });
const rolePolicy = (name = "r", ...statements: object[]) =>
  kept("aws_iam_role_policy.p", { policy: policyOf(...statements), role: name });
const userPolicy = (name = "u", ...statements: object[]) =>
  kept("aws_iam_user_policy.p", { policy: policyOf(...statements), user: name });
const groupPolicy = kept("aws_iam_group_policy.p", { group: "g", policy: TEXT });
const member = (name = "u", groupName = "g") =>
  kept("aws_iam_user_group_membership.m", { groups: [groupName], user: name });
const setPolicy = (more: Values = {}) =>
  kept("aws_ssoadmin_permission_set_inline_policy.p", { inline_policy: TEXT, permission_set_arn: SET_ARN, ...more });
const identitiesOf = (...resources: readonly Resource[]) => modelOf(...resources).identities;

describe("the denials of holders of which the plan may not list all policies", () => {
  test.each<[string, readonly Resource[], readonly string[]]>([
    ["a user", [user(), userPolicy("u", ALLOW, DENY)], ["aws_iam_user_policy.p"]],
    ["an absent role", [rolePolicy("absent", DENY)], ["aws_iam_role_policy.p"]],
    ["a role of the plan", [role(), rolePolicy("r", DENY)], []],
    [
      "a permission set",
      [set, setPolicy({ inline_policy: policyOf(DENY) })],
      ["aws_ssoadmin_permission_set_inline_policy.p"],
    ],
    [
      "a boundary of a permission set",
      [
        set,
        managed("m", policyOf(DENY)),
        kept("aws_ssoadmin_permissions_boundary_attachment.b", {
          permission_set_arn: SET_ARN,
          permissions_boundary: [{ managed_policy_arn: arn("policy/m") }],
        }),
      ],
      [],
    ],
  ])("are those of %s", (_, resources, addresses) => {
    const denials = modelOf(...resources).heldPolicies.denialsOfUnlisted();
    expect(denials.map(({ address, statement }) => [address, statement])).toStrictEqual(
      addresses.map((address) => [address, DENY]),
    );
  });
});

describe("the recipients of a policy", () => {
  const MANAGED_UNKNOWN = {
    after_unknown: { managed_policy_arns: true },
    expressions: { managed_policy_arns: { references: ["aws_iam_policy.m.arn", "aws_iam_policy.m"] } },
  };
  const assignment = kept("aws_ssoadmin_account_assignment.a", {
    permission_set_arn: SET_ARN,
    principal_id: "id",
    principal_type: "GROUP",
    target_id: ACCOUNT,
  });

  test.each<[string, string, readonly Resource[], readonly string[]]>([
    ["a role", "aws_iam_role_policy.p", [role(), rolePolicy("r", ALLOW)], ["aws_iam_role.r"]],
    ["an absent role", "aws_iam_role_policy.p", [rolePolicy("x", ALLOW)], ["aws_iam_role x"]],
    [
      "a role that lists the policy",
      "aws_iam_policy.m",
      [role({ managed_policy_arns: [arn("policy/m")] }), managed()],
      ["aws_iam_role.r"],
    ],
    [
      "no destroyed role that lists the policy",
      "aws_iam_policy.m",
      [destroyed("aws_iam_role.r", { managed_policy_arns: [arn("policy/m")], name: "r" }), managed()],
      [],
    ],
    [
      "a new role whose list refers to the policy",
      "aws_iam_policy.m",
      [
        created("aws_iam_role.r", { name: "r" }, MANAGED_UNKNOWN),
        created("aws_iam_policy.m", { name: "m", policy: TEXT }, { after_unknown: { arn: true }, expressions: {} }),
      ],
      ["aws_iam_role.r"],
    ],
    [
      "a new role whose list refers to the policy and to another one",
      "aws_iam_policy.m",
      [
        created(
          "aws_iam_role.r",
          { name: "r" },
          {
            after_unknown: { managed_policy_arns: true },
            expressions: { managed_policy_arns: { references: ["aws_iam_policy.m.arn", "aws_iam_policy.n.arn"] } },
          },
        ),
        ...["m", "n"].map((name) =>
          created(`aws_iam_policy.${name}`, { name, policy: TEXT }, { after_unknown: { arn: true }, expressions: {} }),
        ),
      ],
      ["aws_iam_role.r"],
    ],
    [
      "a member and its group",
      "aws_iam_group_policy.p",
      [user(), group, groupPolicy, member()],
      ["aws_iam_group.g", "aws_iam_user.u"],
    ],
    [
      "the assignees of a permission set",
      "aws_ssoadmin_permission_set_inline_policy.p",
      [set, setPolicy(), assignment],
      ["aws_ssoadmin_permission_set.s", `aws_ssoadmin_account_assignment ${ACCOUNT} GROUP id`],
    ],
    [
      "the members of an assigned group",
      "aws_ssoadmin_permission_set_inline_policy.p",
      [
        set,
        setPolicy(),
        assignment,
        kept("aws_identitystore_group_membership.m", { group_id: "id", member_id: "ana" }),
        kept("aws_identitystore_group_membership.other", { group_id: "other", member_id: "ben" }),
        destroyed("aws_identitystore_group_membership.gone", { group_id: "id", member_id: "eva" }),
      ],
      [
        "aws_ssoadmin_permission_set.s",
        `aws_ssoadmin_account_assignment ${ACCOUNT} GROUP id`,
        "aws_identitystore_group_membership id ana",
      ],
    ],
    [
      "no assignee of a destroyed assignment",
      "aws_ssoadmin_permission_set_inline_policy.p",
      [set, setPolicy(), destroyed("aws_ssoadmin_account_assignment.a", { permission_set_arn: SET_ARN })],
      ["aws_ssoadmin_permission_set.s"],
    ],
    ["a role itself", "aws_iam_role.r", [role()], ["aws_iam_role.r"]],
    [
      "the user of an access key",
      "aws_iam_access_key.k",
      [user(), kept("aws_iam_access_key.k", { user: "u" })],
      ["aws_iam_user.u"],
    ],
    [
      "the user of a password",
      "aws_iam_user_login_profile.l",
      [user(), kept("aws_iam_user_login_profile.l", { user: "u" })],
      ["aws_iam_user.u"],
    ],
    ["nobody", "aws_iam_policy.m", [managed()], []],
  ])("are %s for the address %s", (_, address, resources, recipients) => {
    expect([...new Set(identitiesOf(...resources).possessions.recipientsAt(address))]).toStrictEqual(recipients);
  });

  test("are each holder of a managed policy once", () => {
    const attached = kept("aws_iam_role_policy_attachment.a", { policy_arn: arn("policy/m"), role: "r" });
    const identities = identitiesOf(role(), managed(), attached);
    for (const address of ["aws_iam_policy.m", "aws_iam_role_policy_attachment.a", "aws_iam_role.r"]) {
      expect(identities.possessions.holdersAt(address)).toMatchObject([{ address: "aws_iam_role.r" }]);
    }
  });
});

test("the roles, users and groups that are absent from the plan are those that a policy or a membership names", () => {
  const { heldPolicies } = modelOf(rolePolicy("x", ALLOW), userPolicy("y", ALLOW), user(), member("z", "h"), role());
  expect(["aws_iam_role", "aws_iam_user", "aws_iam_group"].map((type) => heldPolicies.absentNames(type))).toStrictEqual(
    [["x"], ["y", "z"], []],
  );
});

test("the groups without members are those with a policy that no membership lists", () => {
  const absent = kept("aws_iam_group_policy.q", { group: "absent", policy: TEXT });
  expect(
    modelOf(group, groupPolicy, absent, role(), rolePolicy("r", ALLOW)).heldPolicies.groupsWithoutMembers(),
  ).toStrictEqual(["g", "absent"]);
  expect(modelOf(group, groupPolicy, member()).heldPolicies.groupsWithoutMembers()).toStrictEqual([]);
});

describe("the changed policies of unknown holders", () => {
  const changed = (address: string, values: Values) => updated(address, { ...values, description: "a" }, values);
  const m = { arn: arn("policy/m"), name: "m", path: "/", policy: TEXT };
  const attach = kept("aws_iam_role_policy_attachment.a", { policy_arn: arn("policy/m"), role: "r" });
  const hidden = (action: typeof created, mark = "after_unknown") =>
    action(
      "aws_iam_role_policy.p",
      { policy: TEXT, ...(mark === "after_sensitive" && { role: "r" }) },
      { [mark]: { role: true } },
    );
  const boundary = changed("aws_ssoadmin_permissions_boundary_attachment.b", {
    permission_set_arn: "other",
    permissions_boundary: [{ managed_policy_arn: ADMIN_POLICY }],
  });

  test.each<[string, readonly Resource[], readonly string[]]>([
    ["a managed policy that nothing attaches", [changed("aws_iam_policy.m", m)], ["aws_iam_policy.m"]],
    ["no managed policy that stays", [managed()], []],
    ["no new managed policy", [created("aws_iam_policy.m", m)], []],
    ["no managed policy that a role has", [changed("aws_iam_policy.m", m), role(), attach], []],
    [
      "no managed policy that a role lists",
      [changed("aws_iam_policy.m", m), role({ managed_policy_arns: [arn("policy/m")] })],
      [],
    ],
    [
      "no managed policy that is a boundary",
      [changed("aws_iam_policy.m", m), role({ permissions_boundary: arn("policy/m") })],
      [],
    ],
    [
      "no managed policy that is a boundary of a permission set",
      [
        changed("aws_iam_policy.m", m),
        set,
        kept("aws_ssoadmin_permissions_boundary_attachment.b", {
          permission_set_arn: SET_ARN,
          permissions_boundary: [{ managed_policy_arn: arn("policy/m") }],
        }),
      ],
      [],
    ],
    [
      "a policy of an absent permission set",
      [created("aws_ssoadmin_permission_set_inline_policy.p", { inline_policy: TEXT, permission_set_arn: "other" })],
      ["aws_ssoadmin_permission_set_inline_policy.p"],
    ],
    ["no policy of an absent permission set that stays", [setPolicy({ permission_set_arn: "other" })], []],
    [
      "no policy of a permission set of the plan",
      [
        set,
        changed("aws_ssoadmin_permission_set_inline_policy.p", { inline_policy: TEXT, permission_set_arn: SET_ARN }),
      ],
      [],
    ],
    ["no boundary of an absent permission set", [boundary], []],
    ["no policy of an absent role", [created("aws_iam_role_policy.p", { policy: TEXT, role: "x" })], []],
    ["a policy whose role is unknown", [hidden(created)], ["aws_iam_role_policy.p"]],
    ["a policy whose role is sensitive", [hidden(created, "after_sensitive")], ["aws_iam_role_policy.p"]],
    [
      "a managed policy whose roles are unknown",
      [
        managed(),
        created("aws_iam_policy_attachment.a", { policy_arn: arn("policy/m") }, { after_unknown: { roles: true } }),
      ],
      ["aws_iam_policy_attachment.a"],
    ],
    ["no policy whose role is unknown and that stays", [hidden(kept)], []],
    ["no policy that is destroyed", [destroyed("aws_iam_role_policy.p", { policy: TEXT, role: "r" })], []],
  ])("are %s", (_, resources, addresses) => {
    const policies = modelOf(...resources).heldPolicies.changedPoliciesOfUnknownHolders();
    expect(policies.map(({ address }) => address)).toStrictEqual(addresses);
    expect(policies.map(({ statements }) => statements)).toStrictEqual(addresses.map(() => [ALLOW]));
  });
});

describe("whether a managed policy is only a boundary", () => {
  const bounded = role({ permissions_boundary: arn("policy/m") });
  const SENSITIVE = { after_sensitive: { policy: true } };
  const attachTo = (values: Values, details = {}) => kept("aws_iam_role_policy_attachment.a", values, details);

  test.each<[boolean, string, readonly Resource[]]>([
    [true, "a role", [bounded, managed()]],
    [true, "a user", [user({ permissions_boundary: arn("policy/m") }), managed()]],
    [
      true,
      "a permission set",
      [
        set,
        managed(),
        kept("aws_ssoadmin_permissions_boundary_attachment.b", {
          permission_set_arn: SET_ARN,
          permissions_boundary: [{ customer_managed_policy_reference: [{ name: "m", path: "/" }] }],
        }),
      ],
    ],
    [true, "a role, beside an inline policy", [bounded, managed(), rolePolicy("r", ALLOW)]],
    [
      true,
      "a role, beside an inline policy that is not shown",
      [bounded, managed(), kept("aws_iam_role_policy.p", { policy: TEXT, role: "r" }, SENSITIVE)],
    ],
    [false, "no role", [role(), managed()]],
    [
      false,
      "a destroyed role",
      [destroyed("aws_iam_role.r", { name: "r", permissions_boundary: arn("policy/m") }), managed()],
    ],
    [false, "a role that also has it", [bounded, managed(), attachTo({ policy_arn: arn("policy/m"), role: "r" })]],
    [
      false,
      "a role that also lists it",
      [role({ managed_policy_arns: [arn("policy/m")], permissions_boundary: arn("policy/m") }), managed()],
    ],
    [
      false,
      "a role with an attachment that is not shown",
      [
        bounded,
        managed(),
        attachTo({ policy_arn: arn("policy/x"), role: "r" }, { after_sensitive: { policy_arn: true } }),
      ],
    ],
    [
      true,
      "a role with a policy outside the plan",
      [bounded, managed(), attachTo({ policy_arn: arn("policy/x"), role: "r" })],
    ],
    [true, "a role with an empty policy", [bounded, managed(), rolePolicy("r")]],
  ])("is %j for the boundary of %s", (isOnly, _, resources) => {
    expect([...modelOf(...resources).heldPolicies.policiesOnlyOfBoundaries()]).toStrictEqual(
      isOnly ? ["aws_iam_policy.m"] : [],
    );
  });
});

describe("a permission that the key policy grants", () => {
  const boundary = (text: string) => managed("b", text);
  const BOUNDED = { permissions_boundary: arn("policy/b") };
  const naming = (AWS: string | readonly string[]) => ({ ...ALLOW, Principal: { AWS } }) as const;
  const kindOf = (statement: object, resources: readonly Resource[], principal = arn("role/r")) => {
    const model = modelOf(keyWith(), ...resources);
    return model.identities.permissionIfGranted(principal, "kms:Decrypt", model.keys[0]!, statement as never).kind;
  };
  const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`;
  const NARROW = boundary(policyOf({ ...ALLOW, Action: "s3:*" }));
  const DENYING = boundary(policyOf(ALLOW, DENY));

  // A boundary limits a permission that names the role, and none that names the session or the user.
  test.each<[string, string, object, readonly Resource[], string]>([
    ["allowed", "no policy of the plan denies it", naming(arn("role/r")), [role()], arn("role/r")],
    ["not allowed", "a policy denies it", naming(arn("role/r")), [role(), rolePolicy("r", DENY)], arn("role/r")],
    ["not allowed", "the boundary of a role lacks it", naming(arn("role/r")), [role(BOUNDED), NARROW], arn("role/r")],
    ["not allowed", "the boundary lacks it for a session", naming(arn("role/r")), [role(BOUNDED), NARROW], SESSION],
    ["allowed", "the statement names the session", naming([SESSION, arn("role/r")]), [role(BOUNDED), NARROW], SESSION],
    ["allowed", "the statement names another role", naming(arn("role/q")), [role(BOUNDED), NARROW], arn("role/r")],
    [
      "allowed",
      "the statement names a user of its name",
      naming(arn("user/r")),
      [role(BOUNDED), NARROW],
      arn("role/r"),
    ],
    ["allowed", "it is a user of a named role's name", naming(arn("role/u")), [user(BOUNDED), NARROW], arn("user/u")],
    ["allowed", "the statement is for everybody", { ...ALLOW, Principal: "*" }, [role(BOUNDED), NARROW], arn("role/r")],
    ["not allowed", "the boundary denies it", { ...ALLOW, Principal: "*" }, [role(BOUNDED), DENYING], arn("role/r")],
    ["allowed", "the boundary of a user lacks it", naming(arn("user/u")), [user(BOUNDED), NARROW], arn("user/u")],
    ["unknown", "the plan has no identity", naming(arn("role/x")), [], arn("role/x")],
  ])("is %s if %s", (kind, _, statement, resources, principal) => {
    expect(kindOf(statement, resources, principal)).toBe(kind);
  });
});

test("the limits of a principal are its boundary and its denials", () => {
  const { boundary, denials } = identitiesOf(
    role({ permissions_boundary: arn("policy/m") }),
    managed(),
    rolePolicy("r", ALLOW, DENY),
  ).limitsOf(arn("role/r"));
  expect([boundary?.name, denials]).toStrictEqual(["aws_iam_policy.m", [DENY]]);
  expect(identitiesOf().limitsOf(arn("role/r"))).toStrictEqual({ boundary: undefined, denials: [] });
});

test.each<[boolean, string, readonly Resource[]]>([
  [false, "a role with an inline policy", [role(), rolePolicy("r", ALLOW)]],
  [
    true,
    "a role with a policy that is not shown",
    [role(), kept("aws_iam_role_policy_attachment.a", { policy_arn: arn("policy/x"), role: "r" })],
  ],
  [true, "an absent role with a policy", [rolePolicy("r", ALLOW)]],
  [true, "no role", []],
])("mayHaveOthers is %j for %s", (mayHave, _, resources) => {
  expect(identitiesOf(...resources).mayHaveOthers(arn("role/r"))).toBe(mayHave);
});

test("a key has the names of its address and its ARN", () => {
  const policyOnKey = { ...ALLOW, Resource: KEY_ARN };
  const kind = (...resources: readonly Resource[]) => {
    const model = modelOf(...resources, role(), rolePolicy("r", policyOnKey));
    return model.identities.permission(arn("role/r"), "kms:Decrypt", model.keys[0]!).kind;
  };
  expect(kind(keyWith())).toBe("allowed");
  expect(kind(kept("aws_kms_key.this", { arn: `${KEY_ARN}0`, policy: TEXT }))).toBe("not allowed");
});
