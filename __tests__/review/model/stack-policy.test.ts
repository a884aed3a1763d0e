import { PlanError } from "../../../review/plan/plan";
import { readPlan } from "../../../review/plan/read-plan";
import { readStack } from "../../../review/plan/stack";
import { review } from "../../../review/report/report";
import { planOf } from "../../plans/goldens";

const POLICY = "Access-AnalystRole_44EAAD0B";
const WORKGROUP = "${aws_redshiftserverless_workgroup.Serverless_Workgroup_89047727.arn}";

/** The findings of the first plan of a serverless warehouse whose stack has this policy. */
function rulesWith(policy: unknown): string[] {
  const stack = readStack(JSON.stringify({ resource: { aws_iam_role_policy: { [POLICY]: { policy } } } }), "stack");
  return review(readPlan(planOf("first-serverless/after"), "plan", stack)).findings.map(({ rule }) => rule);
}
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
  ["an interpolated condition key", { Condition: { StringEquals: { "${var.key}": "a" } }, Resource: WORKGROUP }],
])("the policy of a stack is not shown if it has %s", (_, more) => {
  expect(rulesWith(policyOf(statement(more)))).toContain("role-policy-not-shown");
});

test.each([["no JSON"], [{ Statement: [] }], ["[]"], [policyOf("no statement")]])(
  "the policy %j of a stack has the finding role-policy-not-shown",
  (policy) => {
    expect(rulesWith(policy)).toStrictEqual(["role-policy-not-shown"]);
  },
);

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

test.each(["{", "[]", '{"resource":{"aws_iam_role":[]}}'])(
  "the text %s is refused as the cdk.tf.json of a stack",
  (text) => {
    expect(() => readStack(text, "cdk.tf.json")).toThrow(
      new PlanError("cdk.tf.json must be the cdk.tf.json of a stack"),
    );
  },
);

test("a cdk.tf.json may have no resources", () => {
  expect([...readStack("{}", "stack")]).toStrictEqual([]);
});
