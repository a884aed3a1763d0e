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
    ["redshift.us-esat-1.amazonaws.com", "redshift.REGION.amazonaws.com"],
    ["logs.eu-cental-1.amazonaws.com", "logs.REGION.amazonaws.com"],
    ["redshift.us-east-1a.amazonaws.com", "redshift.REGION.amazonaws.com"],
    ["redshift.us-east-11.amazonaws.com", "redshift.REGION.amazonaws.com"],
    ["redshift", "redshift.amazonaws.com"],
    ["redshift-serverless.us-east-1", "redshift-serverless.us-east-1.amazonaws.com"],
    ["redshift.us-east-1.amazon.com", "redshift.us-east-1.amazonaws.com"],
    ["https://redshift.us-east-1.amazonaws.com", "redshift.us-east-1.amazonaws.com"],
    ["us-east-1.logs.amazonaws.com", "logs.us-east-1.amazonaws.com"],
    ["redshift-data-us-east-1.amazonaws.com", "redshift-data.us-east-1.amazonaws.com"],
    ["redshift.us-east-1.amazonaws.com.", "redshift.us-east-1.amazonaws.com"],
  ])("%s is mistyped for %s", (name, meant) => {
    expect(mistypedServiceFor(name)).toBe(meant);
  });

  test.each([
    "redshift.amazonaws.com",
    "redshift.us-east-1.amazonaws.com",
    "redshift.cn-north-1.amazonaws.com.cn",
    "redshift.us-isob-east-1.amazonaws.com",
    "redshift.eusc-de-east-1.amazonaws.com",
    "redshift.ap-southeast-7.amazonaws.com",
    "redshift.xy-east-1.amazonaws.com",
    "lambda.aws.internal",
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
