import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftserverlessCustomDomainAssociation } from "@cdktf/provider-aws/lib/redshiftserverless-custom-domain-association";
import { ServerlessCustomDomain, type ServerlessCustomDomainProps } from "../../../modules";
import { ACCOUNT, KEY_ARN, REGION } from "../../support/arns";
import { analyticsCluster, analyticsServerless, only, reference, synthesize, testStack } from "../../support/support";

const DOMAIN = {
  certificateArn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/12345678-1234-1234-1234-123456789012`,
  domainName: "warehouse.example.com",
};

test("ServerlessCustomDomain associates a domain name with a workgroup", () => {
  const stack = testStack();
  const warehouse = analyticsServerless(stack);
  const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
  const { resource } = new ServerlessCustomDomain(stack, "Domain", { ...DOMAIN, provider, warehouse });
  expect(resource.node.path).toBe("test/Domain/Resource");
  expect(only(synthesize(stack), RedshiftserverlessCustomDomainAssociation)).toStrictEqual({
    custom_domain_certificate_arn: DOMAIN.certificateArn,
    custom_domain_name: DOMAIN.domainName,
    provider: "aws.other",
    workgroup_name: reference(warehouse.workgroup, "workgroup_name"),
  });
});

describe("ServerlessCustomDomain refuses", () => {
  test("missing props", () => {
    expect(() => new ServerlessCustomDomain(testStack(), "Domain", undefined as never)).toThrow(
      new Error("[test/Domain] 'props' must be given, got: nothing"),
    );
  });

  test("a cluster as warehouse", () => {
    const stack = testStack();
    const warehouse = analyticsCluster(stack);
    expect(() => new ServerlessCustomDomain(stack, "Domain", { ...DOMAIN, warehouse } as never)).toThrow(
      new Error(
        "[test/Domain] 'warehouse' must be serverless: the AWS provider has no domain names for clusters, " +
          'got: "EncryptedCluster"',
      ),
    );
  });

  test.each<[string, Partial<ServerlessCustomDomainProps>, string]>([
    [
      "the ARN of a KMS key as certificate",
      { certificateArn: KEY_ARN },
      `'certificateArn' must be the ARN of an ACM certificate, got: ${KEY_ARN}`,
    ],
    [
      "a certificate of another Region",
      { certificateArn: DOMAIN.certificateArn.replace(REGION, "eu-west-1") },
      `'certificateArn' must be of the Region ${REGION}, got: ${DOMAIN.certificateArn.replace(REGION, "eu-west-1")}`,
    ],
    [
      "a certificate of another partition",
      { certificateArn: DOMAIN.certificateArn.replace("aws", "aws-cn") },
      `'certificateArn' must be of the partition aws, got: ${DOMAIN.certificateArn.replace("aws", "aws-cn")}`,
    ],
    [
      "a missing certificate ARN",
      { certificateArn: undefined! },
      "'certificateArn' must be the ARN of an ACM certificate, got: nothing",
    ],
    [
      "a URL as domain name",
      { domainName: "https://example.com" },
      "'domainName' must be a domain name such as warehouse.example.com, got: https://example.com",
    ],
    [
      "a missing domain name",
      { domainName: undefined! },
      "'domainName' must be a domain name such as warehouse.example.com, got: nothing",
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const domain = { ...DOMAIN, warehouse: analyticsServerless(stack) };
    expect(() => new ServerlessCustomDomain(stack, "Domain", { ...domain, ...props })).toThrow(
      new Error(`[test/Domain] ${message}`),
    );
  });
});
