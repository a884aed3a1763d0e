import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { CreateKeyCommand, KMSClient, ListGrantsCommand } from "@aws-sdk/client-kms";
import { ExecuteStatementCommand, RedshiftDataClient } from "@aws-sdk/client-redshift-data";
import {
  CreateNamespaceCommand,
  CreateWorkgroupCommand,
  RedshiftServerlessClient,
} from "@aws-sdk/client-redshift-serverless";
import type { VerifiedRecord } from "../../tools/verify-aws/record";
import { Emulator } from "../../emulator/emulator";
import { deployLane, refusal } from "../deploy/endpoint";
import { ACCOUNT } from "../support/arns";

/** Another Region than the record's, in its partition. */
const REGION = "eu-west-1";
const DOCUMENTED = "redshift.amazonaws.com";
const SERVERLESS = `redshift-serverless.${REGION}.amazonaws.com`;

/** It differs from every assumption. */
const RECORD: VerifiedRecord = {
  date: "2026-11-26",
  grants: [
    {
      constraints: { EncryptionContextSubset: { "aws:redshift:arn": "another grant" } },
      event: null,
      grantee: "another.amazonaws.com",
      operations: ["Decrypt"],
      retiring: null,
    },
    {
      constraints: {
        EncryptionContextSubset: {
          "aws:redshift-serverless:arn": "arn:aws:redshift-serverless:REGION:ACCOUNT:namespace:NAMESPACE_ID",
          serviceName: "RedshiftDataAPI",
        },
      },
      event: {
        invokedBy: "recorded.amazonaws.com",
        sourceIPAddress: "recorded.amazonaws.com",
        userAgent: "recorded.amazonaws.com",
        userIdentityType: "AssumedRole",
      },
      grantee: "recorded.REGION.amazonaws.com",
      operations: ["Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey"],
      retiring: null,
    },
  ],
  partition: "aws",
  region: "us-east-1",
  revoked: { DescribeStatement: "AccessDeniedException", GetStatementResult: "AccessDeniedException" },
  viaServices: {
    "redshift-serverless.REGION.amazonaws.com": "AccessDeniedException",
    "redshift.REGION.amazonaws.com": "FINISHED",
    "redshift.amazonaws.com": "AccessDeniedException",
  },
  withoutViaService: "AccessDeniedException",
  workgroup: {
    baseCapacity: 4,
    configParameters: { enable_large_strings_opt_in: "false", require_ssl: "true" },
    pricePerformanceTarget: null,
  },
};

deployLane("in the emulator, a record of verify:aws", () => {
  const directory = mkdtempSync(join(tmpdir(), "records-"));
  const [recorded, none, broken] = ["recorded", "none", "broken"].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const emulators: Emulator[] = [];

  beforeAll(() => {
    mkdirSync(recorded);
    writeFileSync(join(recorded, "us-east-1-serverless.json"), JSON.stringify(RECORD));
    mkdirSync(broken);
    writeFileSync(join(broken, "broken.json"), JSON.stringify({ ...RECORD, grants: undefined }));
  });
  afterAll(async () => {
    await Promise.all(emulators.map(async (emulator) => emulator.stop()));
    rmSync(directory, { recursive: true });
  });

  async function start(...options: readonly string[]): Promise<Emulator> {
    const emulator = await Emulator.start(...options);
    emulators.push(emulator);
    return emulator;
  }

  /** Makes a warehouse, whose key is for some names of services, and runs a statement: what both come to. */
  async function use(emulator: Emulator, name: string, viaServices: readonly string[]) {
    const configuration = {
      credentials: { accessKeyId: "ExampleAdminRole", secretAccessKey: "any" },
      endpoint: emulator.url,
      maxAttempts: 1,
      region: REGION,
    };
    const [kms, serverless] = [new KMSClient(configuration), new RedshiftServerlessClient(configuration)];
    const Statement = [
      {
        Action: ["kms:DescribeKey", "kms:CreateGrant"],
        Condition: { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": viaServices } },
        Effect: "Allow",
        Principal: { AWS: "*" },
        Resource: "*",
      },
      {
        Action: ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:ListGrants", "kms:PutKeyPolicy"],
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
        Resource: "*",
      },
    ];
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Policy: JSON.stringify({ Statement }) }));
    const { Arn: kmsKeyId } = KeyMetadata!;
    const namespace = new CreateNamespaceCommand({ kmsKeyId, namespaceName: name });
    const { namespaceArn, namespaceId } = (await serverless.send(namespace)).namespace!;
    const workgroup = new CreateWorkgroupCommand({ baseCapacity: 8, namespaceName: name, workgroupName: name });
    const { configParameters } = (await serverless.send(workgroup)).workgroup!;
    const statement = new ExecuteStatementCommand({ Database: "dev", Sql: "select 1", WorkgroupName: name });
    const executed = await refusal(new RedshiftDataClient(configuration).send(statement));
    const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId: kmsKeyId }));
    const { Events = [] } = await new CloudTrailClient(configuration).send(new LookupEventsCommand({}));
    return {
      configParameters: configParameters!.map(({ parameterKey }) => parameterKey),
      executed,
      grants: Grants.map(({ Constraints, GranteePrincipal, Operations }) => ({
        context: Constraints!.EncryptionContextSubset,
        grantee: GranteePrincipal,
        operations: Operations,
      })),
      invokedBy: Events.map(
        ({ CloudTrailEvent }) =>
          (JSON.parse(CloudTrailEvent!) as { userIdentity: { invokedBy: string } }).userIdentity.invokedBy,
      ),
      namespaceArn,
      namespaceId,
    };
  }

  test("replaces the assumptions of the emulator, in every Region of its partition", async () => {
    const emulator = await start("--records", recorded);
    const used = await use(emulator, "sales", [`redshift.${REGION}.amazonaws.com`, SERVERLESS]);
    expect(used.grants).toStrictEqual([
      {
        context: {
          "aws:redshift-serverless:arn": `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}:namespace:${used.namespaceId}`,
          serviceName: "RedshiftDataAPI",
        },
        grantee: `recorded.${REGION}.amazonaws.com`,
        operations: ["Decrypt", "DescribeKey", "Encrypt", "GenerateDataKey"],
      },
    ]);
    expect(used.invokedBy).toStrictEqual(["recorded.amazonaws.com"]);
    expect(used.configParameters).toStrictEqual(["enable_large_strings_opt_in", "require_ssl"]);

    const { executed, grants } = await use(emulator, "without-the-recorded-service", [SERVERLESS]);
    expect([executed, grants]).toStrictEqual(["AccessDeniedException", []]);
  });

  test("does not override the emulator's option --via", async () => {
    const emulator = await start("--records", recorded, "--via", "documented");
    expect((await use(emulator, "sales", [DOCUMENTED])).grants).toHaveLength(1);
  });

  test("without grants keeps the assumptions of the emulator", async () => {
    const used = await use(await start("--records", none), "sales", [SERVERLESS]);
    expect(used.grants).toStrictEqual([
      {
        context: { "aws:redshift-serverless:arn": used.namespaceArn, serviceName: "RedshiftDataAPI" },
        grantee: "redshift-data.amazonaws.com",
        operations: ["Encrypt", "GenerateDataKey", "Decrypt"],
      },
    ]);
    expect(used.invokedBy).toStrictEqual(["redshift-serverless.amazonaws.com"]);
    expect(used.configParameters).toContain("search_path");
  });

  test("that is not valid ends the emulator with an error that has its file name", async () => {
    await expect(Emulator.start("--records", broken)).rejects.toThrow(
      "broken.json must be a record of npm run verify:aws: it lacks grants",
    );
  });
});
