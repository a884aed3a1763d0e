import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftResourcePolicy } from "@cdktf/provider-aws/lib/redshift-resource-policy";
import { DataApiRole, Identity, IntegrationPolicy, type IntegrationPolicyProps } from "../../../modules";
import { ACCOUNT, CLUSTER_ARN, REGION, USER_ARN } from "../../support/arns";
import {
  analyticsCluster,
  analyticsServerless,
  only,
  reference,
  statementsOf,
  synthesize,
  testStack,
  user,
} from "../../support/support";

const DATABASE = `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:orders`;
const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/orders`;

test("IntegrationPolicy lets Redshift accept integrations of the authorized sources into a cluster's namespace", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const { resource } = new IntegrationPolicy(stack, "Policy", { authorizedSources: [DATABASE, TABLE], warehouse });
  expect(resource.node.path).toBe("test/Policy/Resource");
  const { policy, ...rest } = only(synthesize(stack), RedshiftResourcePolicy);
  const namespaceArn = reference(warehouse.resource, "cluster_namespace_arn");
  expect(rest).toStrictEqual({ resource_arn: namespaceArn });
  expect(statementsOf(policy as string)).toStrictEqual([
    {
      Action: "redshift:AuthorizeInboundIntegration",
      Condition: { StringEquals: { "aws:SourceArn": [TABLE, DATABASE] } },
      Effect: "Allow",
      Principal: { Service: "redshift.amazonaws.com" },
      Resource: namespaceArn,
      Sid: "AllowSources",
    },
  ]);
});

test("IntegrationPolicy lets principals create integrations into a namespace, and waits for created roles", () => {
  const stack = testStack();
  const warehouse = analyticsServerless(stack);
  const role = new DataApiRole(stack, "Role", {
    accountId: ACCOUNT,
    partition: "aws",
    roleName: "Maker",
    trustedPrincipals: [user()],
  });
  const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
  new IntegrationPolicy(stack, "Policy", {
    authorizedPrincipals: [role.identity, Identity.forAccountRoot("444455556666")],
    authorizedSources: [TABLE],
    provider,
    warehouse,
  });
  const { policy, ...rest } = only(synthesize(stack), RedshiftResourcePolicy);
  const namespaceArn = reference(warehouse.namespace, "arn");
  expect(rest).toStrictEqual({
    depends_on: [`aws_iam_role.${role.resource.friendlyUniqueId}`],
    provider: "aws.other",
    resource_arn: namespaceArn,
  });
  const [integrations, sources] = statementsOf(policy as string);
  expect(integrations).toStrictEqual({
    Action: "redshift:CreateInboundIntegration",
    Effect: "Allow",
    Principal: { AWS: [role.identity.arn, "arn:aws:iam::444455556666:root"] },
    Resource: namespaceArn,
    Sid: "AllowIntegrations",
  });
  expect(sources!.Condition).toStrictEqual({ StringEquals: { "aws:SourceArn": TABLE } });
});

test("IntegrationPolicy has no statement for sources if only principals are given", () => {
  const stack = testStack();
  const warehouse = analyticsCluster(stack);
  const { statements } = new IntegrationPolicy(stack, "Policy", { authorizedPrincipals: [user()], warehouse });
  expect(statements.map(({ Sid }) => Sid)).toStrictEqual(["AllowIntegrations"]);
});

const SOURCE_RULE = "be the ARN of an integration's source";

describe("IntegrationPolicy refuses", () => {
  test.each<[string, unknown, string]>([
    ["missing props", undefined, "'props' must be given, got: nothing"],
    [
      "a warehouse by ARN",
      { authorizedSources: [TABLE], warehouse: CLUSTER_ARN },
      `'warehouse' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: ${CLUSTER_ARN}`,
    ],
  ])("%s", (_, props, message) => {
    expect(() => new IntegrationPolicy(testStack(), "Policy", props as IntegrationPolicyProps)).toThrow(
      new Error(`[test/Policy] ${message}`),
    );
  });

  test.each<[string, Partial<IntegrationPolicyProps>, string]>([
    [
      "neither sources nor principals",
      {},
      "'authorizedSources' must name a source, unless 'authorizedPrincipals' names a principal, got: nothing",
    ],
    ["a source by name", { authorizedSources: ["orders"] }, `'authorizedSources[0]' must ${SOURCE_RULE}, got: orders`],
    [
      "a source with a wildcard",
      { authorizedSources: [TABLE.replace("orders", "*")] },
      `'authorizedSources[0]' must ${SOURCE_RULE}; name every source, without wildcards, got: ` +
        TABLE.replace("orders", "*"),
    ],
    [
      "a source of another partition",
      { authorizedSources: [TABLE.replace("aws", "aws-cn")] },
      `'authorizedSources[0]' must be of the partition aws, got: ${TABLE.replace("aws", "aws-cn")}`,
    ],
    [
      "the same source twice",
      { authorizedSources: [TABLE, TABLE] },
      `'authorizedSources[1]' must not repeat an earlier item, got: ${TABLE}`,
    ],
    [
      "a principal by ARN",
      { authorizedPrincipals: [USER_ARN as never] },
      "'authorizedPrincipals[0]' must be an Identity: for an ARN, use Identity.fromArn(arn); for a role, use role.identity, " +
        `got: ${USER_ARN}`,
    ],
    [
      "a principal of another partition",
      { authorizedPrincipals: [Identity.forAccountRoot(ACCOUNT, "aws-cn")] },
      `'authorizedPrincipals[0]' must be of the partition aws, got: arn:aws-cn:iam::${ACCOUNT}:root`,
    ],
  ])("%s", (_, props, message) => {
    const stack = testStack();
    const warehouse = analyticsCluster(stack);
    expect(() => new IntegrationPolicy(stack, "Policy", { warehouse, ...props })).toThrow(
      new Error(`[test/Policy] ${message}`),
    );
  });
});
