import { grantStatements } from "../../../review/model/grant-statements";
import { ADMIN_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import { created, kept, modelOf, type Resource, type ResourceDetails, type Values } from "../support/small-plan";

const statementsOf = (values: Values, details: ResourceDetails = {}) => {
  const grant = { grantee_principal: USER_ARN, key_id: KEY_ARN, operations: ["Decrypt", "DescribeKey"], ...values };
  return grantOf(created("aws_kms_grant.g", grant, details));
};
const grantOf = (...resources: readonly Resource[]) => {
  const model = modelOf(...resources);
  return grantStatements(model.withType("aws_kms_grant")[0]!, model);
};
const allow = (principal: string, Action: readonly string[], Condition: object = {}) => ({
  Action,
  Condition,
  Effect: "Allow",
  Principal: { AWS: principal },
  Resource: "*",
});
const FREE = allow(USER_ARN, ["kms:DescribeKey"]);

test.each<[string, Values, readonly object[]]>([
  ["no constraint", {}, [allow(USER_ARN, ["kms:Decrypt"]), FREE]],
  [
    "a subset of the encryption context",
    { constraints: [{ encryption_context_equals: null, encryption_context_subset: { a: "b" } }] },
    [allow(USER_ARN, ["kms:Decrypt"], { StringEquals: { "kms:EncryptionContext:a": "b" } }), FREE],
  ],
  [
    "the whole encryption context",
    { constraints: [{ encryption_context_equals: { a: "b" }, encryption_context_subset: null }] },
    [
      allow(USER_ARN, ["kms:Decrypt"], {
        "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["a"] },
        StringEquals: { "kms:EncryptionContext:a": "b" },
      }),
      FREE,
    ],
  ],
  [
    "a retiring principal",
    { operations: ["RetireGrant", "Encrypt"], retiring_principal: ADMIN_ARN },
    [allow(USER_ARN, ["kms:Encrypt"]), allow(USER_ARN, ["kms:RetireGrant"]), allow(ADMIN_ARN, ["kms:RetireGrant"])],
  ],
])("a grant with %s has the statements of its permissions", (_, values, statements) => {
  expect(statementsOf(values)).toStrictEqual({ notShown: undefined, statements });
});

test.each([
  ["grantee_principal", "after_unknown", "unknown until apply"],
  ["operations", "after_sensitive", "sensitive"],
  ["constraints", "after_unknown", "unknown until apply"],
])("a grant whose %s is hidden by %s shows only who may retire the grant", (name, mark, kind) => {
  const values = { retiring_principal: ADMIN_ARN, ...(mark === "after_unknown" && { [name]: undefined }) };
  expect(statementsOf(values, { [mark]: { [name]: true } })).toStrictEqual({
    notShown: `${name} is ${kind}`,
    statements: [allow(ADMIN_ARN, ["kms:RetireGrant"])],
  });
});

test("the principals of a grant can be roles whose ARNs are unknown until apply", () => {
  const role = (name: string, arn: string) => kept(`aws_iam_role.${name}`, { arn, name });
  const principals = { grantee_principal: "aws_iam_role.user.arn", retiring_principal: "aws_iam_role.admin.arn" };
  const expressions = Object.fromEntries(
    Object.entries(principals).map(([name, reference]) => [name, { references: [reference] }]),
  );
  const details = { after_unknown: { grantee_principal: true, retiring_principal: true }, expressions };
  const grant = created("aws_kms_grant.g", { key_id: KEY_ARN, operations: ["Decrypt"] }, details);
  expect(grantOf(grant, role("user", USER_ARN), role("admin", ADMIN_ARN))).toStrictEqual({
    notShown: undefined,
    statements: [allow(USER_ARN, ["kms:Decrypt"]), allow(USER_ARN, []), allow(ADMIN_ARN, ["kms:RetireGrant"])],
  });
});
