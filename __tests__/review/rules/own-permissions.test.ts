import { ACCOUNT } from "../../support/arns";
import { created, findingsOf, kept, policyOf, type Resource, type Values } from "../support/small-plan";

const arnOf = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;
const statement = (Action: string, Resource: string, more: Values = {}) =>
  policyOf({ Action, Effect: "Allow", Resource, ...more });
const role = kept("aws_iam_role.r", { arn: arnOf("role/app/Loader"), name: "Loader", path: "/app/" });
const newRole = created("aws_iam_role.r", { name: "Loader", path: "/app/" }, { after_unknown: { arn: true } });
const user = kept("aws_iam_user.u", { arn: arnOf("user/Ann"), name: "Ann", path: "/" });
const bounded = (values: Values) => ({ ...values, permissions_boundary: arnOf("policy/Limit") });
const boundedRole = kept("aws_iam_role.r", bounded({ arn: arnOf("role/app/Loader"), name: "Loader", path: "/app/" }));
const newBoundedRole = created("aws_iam_role.r", bounded({ name: "Loader", path: "/app/" }), {
  after_unknown: { arn: true },
});
const boundedUser = kept("aws_iam_user.u", bounded({ arn: arnOf("user/Ann"), name: "Ann", path: "/" }));
const rolePolicy = (policy: string) => created("aws_iam_role_policy.p", { name: "p", policy, role: "Loader" });
const userPolicy = (policy: string) => created("aws_iam_user_policy.p", { name: "p", policy, user: "Ann" });
const attached = (policy: string): Resource[] => [
  kept("aws_iam_policy.m", { arn: arnOf("policy/Own"), name: "Own", path: "/", policy }),
  created("aws_iam_role_policy_attachment.a", { policy_arn: arnOf("policy/Own"), role: "Loader" }),
];
const UNNAMED = { after_unknown: { arn: true, name: true }, expressions: {} };
const consequences = (...resources: Resource[]) =>
  findingsOf("role-gives-itself-permissions", ...resources).map(({ consequence }) => consequence);

test.each<[string, string, readonly Resource[]]>([
  ["PutRolePolicy", "its ARN", [role, rolePolicy(statement("iam:PutRolePolicy", arnOf("role/app/Loader")))]],
  ["AttachRolePolicy", "a pattern", [role, rolePolicy(statement("iam:Attach*", arnOf("role/app/L*")))]],
  [
    "PutRolePolicy",
    "its ARN before the role exists",
    [newRole, rolePolicy(statement("iam:PutRolePolicy", arnOf("role/app/Loader")))],
  ],
  [
    "AttachUserPolicy",
    "a policy variable",
    [user, userPolicy(statement("iam:AttachUserPolicy", arnOf("user/${aws:username}")))],
  ],
  [
    "CreatePolicyVersion",
    "the ARN of its policy",
    [role, ...attached(statement("iam:CreatePolicyVersion", arnOf("policy/Own")))],
  ],
  ...["AttachRolePolicy", "PutRolePolicy", "DeleteRolePermissionsBoundary"].map(
    (action): [string, string, readonly Resource[]] => [
      action,
      "its ARN in a policy that the role lists",
      [
        kept(
          "aws_iam_role.r",
          bounded({ arn: arnOf("role/Loader"), managed_policy_arns: [arnOf("policy/Own")], name: "Loader", path: "/" }),
        ),
        kept("aws_iam_policy.m", {
          arn: arnOf("policy/Own"),
          name: "Own",
          path: "/",
          policy: statement(`iam:${action}`, arnOf("role/Loader")),
        }),
      ],
    ],
  ),
  [
    "DeleteRolePermissionsBoundary",
    "its ARN",
    [boundedRole, rolePolicy(statement("iam:DeleteRolePermissionsBoundary", arnOf("role/app/Loader")))],
  ],
  ...["DeleteRolePolicy", "DetachRolePolicy"].map((action): [string, string, readonly Resource[]] => [
    action,
    "its ARN beside a denial",
    [
      role,
      rolePolicy(
        policyOf(
          { Action: `iam:${action}`, Effect: "Allow", Resource: arnOf("role/app/Loader") },
          { Action: "kms:Decrypt", Effect: "Deny", Resource: "*" },
        ),
      ),
    ],
  ]),
  [
    "DeleteRolePermissionsBoundary",
    "*",
    [boundedRole, rolePolicy(statement("iam:DeleteRolePermissionsBoundary", "*"))],
  ],
  [
    "DeleteRolePermissionsBoundary",
    "* before the role exists",
    [newBoundedRole, rolePolicy(statement("iam:DeleteRolePermissionsBoundary", "*"))],
  ],
  [
    "DeleteRolePermissionsBoundary",
    "NotResource of another role",
    [
      boundedRole,
      rolePolicy(
        policyOf({
          Action: "iam:DeleteRolePermissionsBoundary",
          Effect: "Allow",
          NotResource: arnOf("role/app/Other"),
        }),
      ),
    ],
  ],
  [
    "DeleteRolePermissionsBoundary",
    "* with a condition on its own boundary",
    [
      boundedRole,
      rolePolicy(
        statement("iam:DeleteRolePermissionsBoundary", "*", {
          Condition: { StringEquals: { "iam:PermissionsBoundary": arnOf("policy/Limit") } },
        }),
      ),
    ],
  ],
  [
    "DeleteRolePermissionsBoundary",
    "* if its name is unknown",
    [
      created("aws_iam_role.r", bounded({ name_prefix: "loader-" }), UNNAMED),
      created(
        "aws_iam_role_policy.p",
        { name: "p", policy: statement("iam:DeleteRolePermissionsBoundary", "*") },
        {
          after_unknown: { role: true },
          expressions: { role: { references: ["aws_iam_role.r.name", "aws_iam_role.r"] } },
        },
      ),
    ],
  ],
  [
    "PutRolePolicy",
    "its ARN without a path",
    [
      created("aws_iam_role.r", { name: "Loader" }, { after_unknown: { arn: true } }),
      rolePolicy(statement("iam:PutRolePolicy", arnOf("role/Loader"))),
    ],
  ],
  [
    "PutUserPermissionsBoundary",
    "a policy variable",
    [boundedUser, userPolicy(statement("iam:PutUserPermissionsBoundary", arnOf("user/${aws:username}")))],
  ],
])(
  "a role or user that may do iam:%s on itself, with the resource %s, gives itself permissions",
  (action, _, resources) => {
    expect(consequences(...resources)).toStrictEqual([
      expect.stringContaining(` lets the role do iam:${action} on itself or on a policy that it has.`),
    ]);
  },
);

test.each<[string, readonly Resource[]]>([
  ["another role", [role, rolePolicy(statement("iam:PutRolePolicy", arnOf("role/Loader")))]],
  ["its trust policy", [role, rolePolicy(statement("iam:UpdateAssumeRolePolicy", arnOf("role/app/Loader")))]],
  ["a policy that it does not have", [role, ...attached(statement("iam:CreatePolicyVersion", arnOf("policy/Other")))]],
  [
    "its boundary, but has no boundary,",
    [role, rolePolicy(statement("iam:DeleteRolePermissionsBoundary", arnOf("role/app/Loader")))],
  ],
  [
    "its boundary, but has an empty boundary,",
    [
      kept("aws_iam_role.r", { arn: arnOf("role/Loader"), name: "Loader", path: "/", permissions_boundary: "" }),
      rolePolicy(statement("iam:DeleteRolePermissionsBoundary", arnOf("role/Loader"))),
    ],
  ],
  ["its policies, but has no denial,", [role, rolePolicy(statement("iam:DeleteRolePolicy", arnOf("role/app/Loader")))]],
  [
    "the boundary of another role",
    [boundedRole, rolePolicy(statement("iam:DeleteRolePermissionsBoundary", arnOf("role/app/Other")))],
  ],
  [
    "its boundary, but only to the same boundary",
    [
      boundedRole,
      rolePolicy(
        statement("iam:PutRolePermissionsBoundary", "*", {
          Condition: { StringEquals: { "iam:PermissionsBoundary": arnOf("policy/Limit") } },
        }),
      ),
    ],
  ],
  [
    "a role of another name, but is itself new,",
    [newRole, rolePolicy(statement("iam:PutRolePolicy", arnOf("role/app/Other")))],
  ],
  [
    "its policies under a boundary only",
    [
      role,
      rolePolicy(
        statement("iam:PutRolePolicy", arnOf("role/app/Loader"), {
          Condition: { StringEquals: { "iam:PermissionsBoundary": arnOf("policy/B") } },
        }),
      ),
    ],
  ],
])("a role that may change %s does not give itself permissions", (_, resources) => {
  expect(consequences(...resources)).toStrictEqual([]);
});

test.each<[string, string | readonly string[]]>([
  ["Take these actions out, or add a condition on iam:PermissionsBoundary or iam:PolicyARN.", "iam:PutRolePolicy"],
  ["Take these actions out.", "iam:DeleteRolePermissionsBoundary"],
  ["Take these actions out.", ["iam:PutRolePolicy", "iam:DeleteRolePermissionsBoundary"]],
])("has the remedy %j for a role that may do %j on itself", (remedy, Action) => {
  const policy = policyOf({ Action, Effect: "Allow", Resource: arnOf("role/app/Loader") });
  expect(findingsOf("role-gives-itself-permissions", boundedRole, rolePolicy(policy))).toMatchObject([{ remedy }]);
});

test.each([
  ["AttachRolePolicy", "role/app/Loader"],
  ["PutRolePolicy", "role/app/Loader"],
  ["DeleteRolePermissionsBoundary", "role/app/Loader"],
  ["PutRolePermissionsBoundary", "role/app/Loader"],
  ["AttachUserPolicy", "user/Ann"],
  ["PutUserPolicy", "user/Ann"],
  ["DeleteUserPermissionsBoundary", "user/Ann"],
  ["PutUserPermissionsBoundary", "user/Ann"],
  ["CreatePolicyVersion", "policy/Own"],
  ["SetDefaultPolicyVersion", "policy/Own"],
])("a role or user with iam:%s on %s may change its own permissions", (action, name) => {
  const policy = statement(`iam:${action}`, arnOf(name));
  const resources = name.startsWith("policy")
    ? attached(policy)
    : [name.startsWith("role") ? rolePolicy(policy) : userPolicy(policy)];
  expect(consequences(boundedRole, boundedUser, ...resources)).toHaveLength(1);
});
