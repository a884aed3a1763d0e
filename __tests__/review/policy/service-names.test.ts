import { mistypedServiceFor } from "../../../review/policy/service-names";

describe("the service name", () => {
  test.each([
    ["redshfit.amazonaws.com", "redshift.amazonaws.com"],
    ["Redshift.amazonaws.com", "redshift.amazonaws.com"],
    ["redshift-serverles.us-east-1.amazonaws.com", "redshift-serverless.us-east-1.amazonaws.com"],
    ["redshift_serverless.eu-west-1.amazonaws.com", "redshift-serverless.eu-west-1.amazonaws.com"],
    ["redshift.us-gov-west-1.amazonaw.com", "redshift.us-gov-west-1.amazonaws.com"],
    ["log.us-east-1.amazonaws.com", "logs.us-east-1.amazonaws.com"],
    ["lamda.amazonaws.com", "lambda.amazonaws.com"],
    ["lamdba.amazonaws.com", "lambda.amazonaws.com"],
    ["redshift.us-east1.amazonaws.com", "redshift.REGION.amazonaws.com"],
    ["logs.useast1.amazonaws.com", "logs.REGION.amazonaws.com"],
    ["ec2.eu-west.amazonaws.com", "ec2.REGION.amazonaws.com"],
  ])("%s is mistyped for %s", (name, meant) => {
    expect(mistypedServiceFor(name)).toBe(meant);
  });

  test.each([
    "redshift.amazonaws.com",
    "redshift.us-east-1.amazonaws.com",
    "redshift.cn-north-1.amazonaws.com.cn",
    "redshift.us-isob-east-1.amazonaws.com",
    "events.workmail.amazonaws.com",
    "redshift.*.amazonaws.com",
    "logs.${aws:RequestedRegion}.amazonaws.com",
    "ec2.amazonaws.com",
    "lgos.amazonaws.com",
    "sns.amazonaws.com",
    "dms.us-east-1.amazonaws.com",
    "some-new-service.amazonaws.com",
  ])("%s is not reported as mistyped", (name) => {
    expect(mistypedServiceFor(name)).toBeUndefined();
  });
});
