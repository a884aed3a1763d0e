import { CreateKeyCommand, ListGrantsCommand } from "@aws-sdk/client-kms";
import { KeyStatements } from "../../modules";
import { Caller, deployLane } from "../deploy/endpoint";
import { ACCOUNT, REGION } from "../support/arns";
import { call, createCluster, text } from "./call";

const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/orders`;
const DATABASE = `arn:aws:rds:${REGION}:${ACCOUNT}:cluster:orders`;

deployLane("in the emulator, a zero-ETL integration", () => {
  const { kms } = new Caller("root");
  let target: string;
  const create = async (
    IntegrationName: string,
    more: Readonly<Record<string, string>> = {},
    service: "rds" | "redshift" = "redshift",
  ) => call(service, "CreateIntegration", { IntegrationName, SourceArn: TABLE, TargetArn: target, ...more });
  const keyWith = async (...statements: readonly object[]): Promise<string> => {
    const root = {
      Action: "kms:*",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
      Resource: "*",
    };
    const Policy = JSON.stringify({ Statement: [root, ...statements], Version: "2012-10-17" });
    return (await kms.send(new CreateKeyCommand({ Policy }))).KeyMetadata!.Arn!;
  };
  const statement = KeyStatements.forIntegrations({ accountId: ACCOUNT, region: REGION });
  beforeAll(async () => {
    target = text(await createCluster("integrating"), "ClusterNamespaceArn")!;
    const authorization = {
      Action: "redshift:AuthorizeInboundIntegration",
      Condition: { StringEquals: { "aws:SourceArn": [TABLE, DATABASE] } },
      Effect: "Allow",
      Principal: { Service: "redshift.amazonaws.com" },
      Resource: target,
    };
    const Policy = JSON.stringify({ Statement: [authorization], Version: "2012-10-17" });
    await call("redshift", "PutResourcePolicy", { Policy, ResourceArn: target });
  });

  test("refuses a target that does not exist, and a source that the target does not authorize", async () => {
    const other = `arn:aws:redshift:${REGION}:${ACCOUNT}:namespace:01234567-89ab-4cde-8f01-23456789abcd`;
    expect(await create("nowhere", { TargetArn: other })).toBe("IntegrationTargetNotFoundFault");
    expect(await create("stock", { SourceArn: TABLE.replace("orders", "stock") })).toBe("AccessDenied");
  });

  test.each<["rds" | "redshift", string]>([
    ["rds", DATABASE],
    ["redshift", TABLE],
  ])("of %s refuses a key on which Redshift may not create grants", async (service, SourceArn) => {
    const more = { SourceArn };
    expect(await create("locked", { ...more, KMSKeyId: await keyWith() }, service)).toBe("AccessDenied");
    const elsewhere = KeyStatements.forIntegrations({ accountId: "444455556666", region: REGION });
    const key = await keyWith(elsewhere);
    expect(await create("locked", { ...more, KMSKeyId: key }, service)).toBe("AccessDenied");
  });

  test("creates a grant on its key with its encryption context", async () => {
    const key = await keyWith(statement);
    const context = {
      "AdditionalEncryptionContext.entry.1.key": "department",
      "AdditionalEncryptionContext.entry.1.value": "sales",
    };
    const arn = text(await create("granted", { ...context, KMSKeyId: key }), "IntegrationArn")!;
    const { Grants } = await kms.send(new ListGrantsCommand({ KeyId: key }));
    expect(Grants).toMatchObject([
      {
        Constraints: {
          EncryptionContextSubset: {
            "aws:redshift:integration:arn": arn,
            "aws:servicename:id": "Redshift",
            department: "sales",
          },
        },
        GranteePrincipal: "redshift.amazonaws.com",
      },
    ]);
  });

  test("can be changed, tagged and deleted", async () => {
    const arn = text(await create("changing", { SourceArn: DATABASE }, "rds"), "IntegrationArn")!;
    const change = { IntegrationIdentifier: arn, IntegrationName: "changed" };
    expect(text(await call("rds", "ModifyIntegration", change), "IntegrationName")).toBe("changed");
    const tags = { ResourceName: arn, "Tags.Tag.1.Key": "team", "Tags.Tag.1.Value": "data" };
    await call("rds", "AddTagsToResource", tags);
    const described = await call("rds", "DescribeIntegrations", { IntegrationIdentifier: arn });
    expect([text(described, "Key"), text(described, "Value")]).toStrictEqual(["team", "data"]);
    await call("rds", "RemoveTagsFromResource", { ResourceName: arn, "TagKeys.member.1": "team" });
    expect(text(await call("rds", "DescribeIntegrations"), "Key")).toBeUndefined();
    await call("rds", "DeleteIntegration", { IntegrationIdentifier: arn });
    expect(await call("rds", "DeleteIntegration", { IntegrationIdentifier: arn })).toBe("IntegrationNotFoundFault");
  });

  test("refuses a name that exists", async () => {
    await create("twice");
    expect(await create("twice")).toBe("IntegrationAlreadyExistsFault");
  });
});
