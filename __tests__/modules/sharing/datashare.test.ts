import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftDataShareAuthorization } from "@cdktf/provider-aws/lib/redshift-data-share-authorization";
import { RedshiftDataShareConsumerAssociation } from "@cdktf/provider-aws/lib/redshift-data-share-consumer-association";
import { TerraformVariable } from "cdktf";
import {
  DatashareAssociation,
  type DatashareAssociationProps,
  DatashareAuthorization,
  type DatashareAuthorizationProps,
} from "../../../modules";
import { CLUSTER_ARN, NAMESPACE_ARN, REGION } from "../../support/arns";
import {
  analyticsCluster,
  analyticsServerless,
  only,
  reference,
  resolved,
  synthesize,
  testStack,
} from "../../support/support";

const CONSUMER = "444455556666";
const DATASHARE_ARN = `arn:aws:redshift:${REGION}:${CONSUMER}:datashare:12345678-1234-1234-1234-123456789012/orders`;

describe("DatashareAuthorization", () => {
  const pattern = '"/^arn:([^:]+):[^:]+:([^:]+):([^:]+):namespace[:/](.+)$/"';

  test("composes the ARN of the datashare from the cluster's namespace", () => {
    const stack = testStack();
    const warehouse = analyticsCluster(stack);
    const authorization = { consumerIdentifier: CONSUMER, datashareName: "orders", warehouse };
    const { dataShareArn, resource } = new DatashareAuthorization(stack, "Share", authorization);
    expect(resource.node.path).toBe("test/Share/Resource");
    const namespaceArn = reference(warehouse.resource, "cluster_namespace_arn").slice(2, -1);
    const arn = `\${replace(${namespaceArn}, ${pattern}, "arn:$1:redshift:$2:$3:datashare:$4/orders")}`;
    expect(resolved(stack, dataShareArn)).toBe(arn);
    expect(only(synthesize(stack), RedshiftDataShareAuthorization)).toStrictEqual({
      consumer_identifier: CONSUMER,
      data_share_arn: arn,
    });
  });

  test("writes a dollar sign in the name of a datashare twice, because a replacement reads a single dollar sign as a group", () => {
    const stack = testStack();
    const warehouse = analyticsCluster(stack);
    const share = { consumerIdentifier: CONSUMER, warehouse };
    const literal = new DatashareAuthorization(stack, "Literal", { ...share, datashareName: "orders$2026" });
    expect(resolved(stack, literal.dataShareArn)).toContain(":datashare:$4/orders$$2026");
    const datashareName = new TerraformVariable(stack, "name", { type: "string" }).stringValue;
    const token = new DatashareAuthorization(stack, "Token", { ...share, datashareName });
    expect(resolved(stack, token.dataShareArn)).toContain(`:datashare:$4/\${replace(var.name, "$", "$$")}`);
  });

  test("passes 'allowWrites', a Data Catalog consumer and the provider, for a serverless warehouse", () => {
    const stack = testStack();
    const warehouse = analyticsServerless(stack);
    new DatashareAuthorization(stack, "Share", {
      allowWrites: true,
      consumerIdentifier: `DataCatalog/${CONSUMER}`,
      datashareName: "orders",
      provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
      warehouse,
    });
    const { data_share_arn: arn, ...rest } = only(synthesize(stack), RedshiftDataShareAuthorization);
    expect(arn).toContain(`replace(${reference(warehouse.namespace, "arn").slice(2, -1)}, `);
    expect(rest).toStrictEqual({
      allow_writes: true,
      consumer_identifier: `DataCatalog/${CONSUMER}`,
      provider: "aws.other",
    });
  });

  const CONSUMER_RULE = "be an account of 12 digits, DataCatalog/ACCOUNT or ADX";
  const NAME_RULE = "be 1 to 127 letters, digits or any of _$-, beginning with a letter or an underscore";

  test.each<[string, Partial<DatashareAuthorizationProps>, string]>([
    [
      "a name as consumer account",
      { consumerIdentifier: "data" },
      `'consumerIdentifier' must ${CONSUMER_RULE}, got: data`,
    ],
    [
      "a missing consumer",
      { consumerIdentifier: undefined! },
      `'consumerIdentifier' must ${CONSUMER_RULE}, got: nothing`,
    ],
    [
      "an ARN as datashare name",
      { datashareName: DATASHARE_ARN },
      `'datashareName' must ${NAME_RULE}, got: ${DATASHARE_ARN}`,
    ],
    ["a missing datashare name", { datashareName: undefined! }, `'datashareName' must ${NAME_RULE}, got: nothing`],
    ["a string as 'allowWrites'", { allowWrites: "no" as never }, "'allowWrites' must be true or false, got: no"],
    [
      "a warehouse by ARN",
      { warehouse: CLUSTER_ARN as never },
      `'warehouse' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: ${CLUSTER_ARN}`,
    ],
  ])("refuses %s", (_, props, message) => {
    const stack = testStack();
    const share = { consumerIdentifier: CONSUMER, datashareName: "orders", warehouse: analyticsCluster(stack) };
    expect(() => new DatashareAuthorization(stack, "Share", { ...share, ...props })).toThrow(
      new Error(`[test/Share] ${message}`),
    );
  });
});

describe("DatashareAssociation", () => {
  test("associates the namespace of a warehouse with a datashare of another account", () => {
    const stack = testStack();
    const warehouse = analyticsServerless(stack);
    const { resource } = new DatashareAssociation(stack, "Share", { dataShareArn: DATASHARE_ARN, warehouse });
    expect(resource.node.path).toBe("test/Share/Resource");
    expect(only(synthesize(stack), RedshiftDataShareConsumerAssociation)).toStrictEqual({
      consumer_arn: reference(warehouse.namespace, "arn"),
      data_share_arn: DATASHARE_ARN,
    });
  });

  test("passes 'allowWrites' and the provider", () => {
    const stack = testStack();
    new DatashareAssociation(stack, "Share", {
      allowWrites: true,
      dataShareArn: DATASHARE_ARN,
      provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
      warehouse: analyticsCluster(stack),
    });
    expect(only(synthesize(stack), RedshiftDataShareConsumerAssociation)).toMatchObject({
      allow_writes: true,
      provider: "aws.other",
    });
  });

  const ARN_RULE = "be the ARN of a datashare, arn:PARTITION:redshift:REGION:ACCOUNT:datashare:NAMESPACE/NAME";

  test.each<[string, Partial<DatashareAssociationProps>, string]>([
    [
      "the ARN of a namespace as datashare",
      { dataShareArn: NAMESPACE_ARN },
      `'dataShareArn' must ${ARN_RULE}, got: ${NAMESPACE_ARN}`,
    ],
    [
      "a datashare of another partition",
      { dataShareArn: DATASHARE_ARN.replace("aws", "aws-cn") },
      `'dataShareArn' must be of the partition aws, got: ${DATASHARE_ARN.replace("aws", "aws-cn")}`,
    ],
    ["a missing datashare ARN", { dataShareArn: undefined! }, `'dataShareArn' must ${ARN_RULE}, got: nothing`],
    ["a string as 'allowWrites'", { allowWrites: "no" as never }, "'allowWrites' must be true or false, got: no"],
    [
      "a warehouse by ARN",
      { warehouse: CLUSTER_ARN as never },
      `'warehouse' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: ${CLUSTER_ARN}`,
    ],
  ])("refuses %s", (_, props, message) => {
    const stack = testStack();
    const share = { dataShareArn: DATASHARE_ARN, warehouse: analyticsCluster(stack) };
    expect(() => new DatashareAssociation(stack, "Share", { ...share, ...props })).toThrow(
      new Error(`[test/Share] ${message}`),
    );
  });
});

test("DatashareAuthorization and DatashareAssociation refuse missing props", () => {
  const message = new Error("[test/Share] 'props' must be given, got: nothing");
  expect(() => new DatashareAuthorization(testStack(), "Share", undefined as never)).toThrow(message);
  expect(() => new DatashareAssociation(testStack(), "Share", undefined as never)).toThrow(message);
});
