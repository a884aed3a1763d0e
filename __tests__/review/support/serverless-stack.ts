const POLICY = {
  Statement: [
    {
      Action: "redshift-data:ExecuteStatement",
      Effect: "Allow",
      Resource: "${aws_redshiftserverless_workgroup.Serverless_Workgroup_89047727.arn}",
    },
  ],
  Version: "2012-10-17",
};

/** The `cdk.tf.json` of the plan first-serverless/after: the policy that the plan does not show. */
export const SERVERLESS_STACK = JSON.stringify({
  resource: { aws_iam_role_policy: { "Access-AnalystRole_44EAAD0B": { policy: JSON.stringify(POLICY) } } },
});
