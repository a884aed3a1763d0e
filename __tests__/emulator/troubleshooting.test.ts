import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  ListGrantsCommand,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { CreateClusterCommand, ModifyClusterCommand } from "@aws-sdk/client-redshift";
import {
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
} from "@aws-sdk/client-redshift-data";
import { CreateNamespaceCommand, CreateWorkgroupCommand } from "@aws-sdk/client-redshift-serverless";
import { explained } from "../../examples/data-api/data-api";
import { answerStatements, Caller, deployLane, makeRole } from "../deploy/endpoint";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { CONFIGURATION_PART, messages, PLAN_PART } from "../support/troubleshooting";
import { assume } from "./request";

const NAME = "troubles";
const Sql = "select 1";
const ON_WORKGROUP = { Database: "dev", WorkgroupName: NAME };
const ON_CLUSTER = { ClusterIdentifier: NAME, Database: "dev" };
const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const VIA = ["redshift", "redshift-serverless"].map((service) => `${service}.${REGION}.amazonaws.com`);
const DATA = { Action: "redshift-data:*", Effect: "Allow", Resource: "*" };
const CREDENTIALS = { Action: ["redshift:Get*", "redshift-serverless:Get*"], Effect: "Allow", Resource: "*" };
const EXECUTE = { ...DATA, Action: "redshift-data:ExecuteStatement" };
/** The test of the expiry of statements reproduces it. */
const EXPIRED = "it has expired";
const OWN = { StringEquals: { "redshift-data:statement-owner-iam-userid": "${aws:userid}" } };

/** The three statements of a key policy; `condition` is more of the condition of CreateGrant. */
function keyPolicy(viaServices: readonly string[], condition: object = {}, user = roleArn("TroubledUser")): string {
  const through = { "kms:CallerAccount": ACCOUNT, "kms:ViaService": viaServices };
  const grant = (Action: string, more: object) => ({
    Action,
    Condition: { StringEquals: { ...through, ...more } },
    Effect: "Allow",
    Principal: "*",
    Resource: "*",
  });
  const Statement = [
    grant("kms:DescribeKey", {}),
    grant("kms:CreateGrant", condition),
    { Action: "kms:*", Effect: "Allow", Principal: { AWS: ADMIN_ARN }, Resource: "*" },
    { Action: ["kms:Encrypt", "kms:Decrypt"], Effect: "Allow", Principal: { AWS: user }, Resource: "*" },
  ];
  return JSON.stringify({ Statement, Version: "2012-10-17" });
}

deployLane("in the emulator, the messages of docs/troubleshooting.md", () => {
  const admin = new Caller("ExampleAdminRole");
  const user = new Caller("TroubledUser");
  const stranger = new Caller("TroubledStranger");
  const reproduced = new Set<string>();
  let KeyId: string;

  beforeAll(async () => {
    await makeRole(user.name, [DATA, CREDENTIALS, { ...CREDENTIALS, Action: "redshift-serverless:*" }]);
    await makeRole("TroubledCaller", [DATA]);
    await makeRole(stranger.name, [{ Action: "sts:*", Effect: "Allow", Resource: "*" }]);
    KeyId = (await admin.kms.send(new CreateKeyCommand({ Policy: keyPolicy(VIA) }))).KeyMetadata!.Arn!;
    await admin.serverless.send(new CreateNamespaceCommand({ kmsKeyId: KeyId, namespaceName: NAME }));
    await admin.serverless.send(new CreateWorkgroupCommand({ namespaceName: NAME, workgroupName: NAME }));
    await admin.redshift.send(
      new CreateClusterCommand({
        ClusterIdentifier: NAME,
        Encrypted: true,
        KmsKeyId: KeyId,
        ManageMasterPassword: true,
        MasterUsername: "keeper",
        NodeType: "ra3.large",
      }),
    );
    await answerStatements({ pages: [], sql: "create table nothing (id int)" });
  });

  const execute = async (caller: Caller, more: object = ON_WORKGROUP): Promise<string> =>
    (await caller.data.send(new ExecuteStatementCommand({ Sql, ...more }))).Id!;
  const describe = async (caller: Caller, Id: string) => caller.data.send(new DescribeStatementCommand({ Id }));
  const putPolicy = async (Policy: string) => admin.kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));

  const document = (...Statement: readonly object[]): string => JSON.stringify({ Statement, Version: "2012-10-17" });

  /** Makes a role that the account trusts. */
  async function makeTrustedRole(RoleName: string, ...statements: readonly object[]): Promise<void> {
    const AssumeRolePolicyDocument = document({
      Action: "sts:AssumeRole",
      Effect: "Allow",
      Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    });
    await admin.iam.send(new CreateRoleCommand({ AssumeRolePolicyDocument, RoleName }));
    const PolicyDocument = document(...statements);
    await admin.iam.send(new PutRolePolicyCommand({ PolicyDocument, PolicyName: "test", RoleName }));
  }

  async function deleteRole(RoleName: string): Promise<void> {
    await admin.iam.send(new DeleteRolePolicyCommand({ PolicyName: "test", RoleName }));
    await admin.iam.send(new DeleteRoleCommand({ RoleName }));
  }

  async function revokeGrants(): Promise<void> {
    const { Grants = [] } = await admin.kms.send(new ListGrantsCommand({ KeyId }));
    for (const { GrantId } of Grants) {
      await admin.kms.send(new RevokeGrantCommand({ GrantId, KeyId }));
    }
  }

  /** Requires that a call fails with a message of the page. Returns the error. */
  async function expectMessage(start: string, call: Promise<unknown>): Promise<Error> {
    const error = await call.then(
      () => new Error("no error"),
      (error: unknown) => error as Error & { readonly Code?: string },
    );
    const printed = `${("Code" in error && error.Code) || error.name}: ${error.message}`;
    const message = messages().find(({ pattern, text }) => text.startsWith(start) && pattern.test(printed));
    expect([printed, message !== undefined]).toStrictEqual([printed, true]);
    reproduced.add(message!.text);
    return error;
  }

  test.each<[string, string]>([
    ["no service of the Region", keyPolicy(["redshift.eu-west-1.amazonaws.com"])],
    ["another account", keyPolicy(VIA, { "kms:CallerAccount": "444455556666" })],
    [
      "the context of another warehouse",
      keyPolicy(VIA, { "kms:EncryptionContext:aws:redshift-serverless:arn": "other" }),
    ],
    ["no statement for Redshift", keyPolicy([])],
  ])("the key policy refuses a statement if it allows %s", async (_, policy) => {
    await putPolicy(policy);
    const error = await expectMessage(
      "AccessDeniedException: User: <role> is not authorized to perform: kms:<action>",
      execute(user),
    );
    expect(explained(error).message).toContain("Cause: the key policy does not let");
    await putPolicy(keyPolicy(VIA));
  });

  const DENIED = "AccessDeniedException: User: <role> is not authorized to perform:";
  test.each<[string, () => Promise<unknown>]>([
    [`${DENIED} redshift-data:ExecuteStatement`, async () => execute(stranger)],
    [`${DENIED} redshift-serverless:GetCredentials`, async () => execute(new Caller("TroubledCaller"))],
    [`${DENIED} redshift:GetClusterCredentialsWithIAM`, async () => execute(new Caller("TroubledCaller"), ON_CLUSTER)],
    [
      `${DENIED} redshift:GetClusterCredentials `,
      async () => execute(new Caller("TroubledCaller"), { ...ON_CLUSTER, DbUser: "reader" }),
    ],
    [
      `${DENIED} secretsmanager:GetSecretValue`,
      async () => {
        const SecretArn = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:reader-a1b2c3`;
        return execute(user, { ...ON_WORKGROUP, SecretArn });
      },
    ],
  ])("the caller lacks a permission: %s", async (start, call) => {
    const error = await expectMessage(start, call());
    expect(explained(error).message).toContain("Cause: the IAM policy of this role does not allow");
  });

  test("the caller is a role that was deleted and created again", async () => {
    await makeTrustedRole("TroubledFormer", DATA);
    const former = new Caller(await assume("TroubledFormer", "session"));
    await deleteRole("TroubledFormer");
    await makeTrustedRole("TroubledFormer", DATA);
    await expectMessage("UnrecognizedClientException", execute(former));
    await deleteRole("TroubledFormer");
  });

  test("the warehouse is in another Region", async () => {
    const elsewhere = new Caller(user.name, { region: "eu-west-1" });
    await expectMessage("ValidationException: Redshift endpoint", execute(elsewhere, ON_CLUSTER));
    await expectMessage("ResourceNotFoundException: Serverless workgroup", execute(elsewhere));
  });

  test("the grant is revoked, and the next statement creates it again", async () => {
    const id = await execute(user);
    await revokeGrants();
    const calls = [describe(user, id), user.data.send(new GetStatementResultCommand({ Id: id }))];
    for (const call of calls) {
      const error = await expectMessage("AccessDeniedException: <AWS", call);
      expect(explained(error).message).toContain("Cause: the grant of the Data API on the key is revoked");
    }
    await execute(user);
    expect((await describe(user, id)).Status).toBe("FINISHED");
  });

  test("another session or another role ran the statement", async () => {
    await makeTrustedRole("TroubledOwner", { ...DATA, Condition: OWN }, EXECUTE, CREDENTIALS);
    const [owner, colleague] = [await assume("TroubledOwner", "owner"), await assume("TroubledOwner", "colleague")];
    const id = await execute(new Caller(owner));
    await expectMessage(`${DENIED} redshift-data:<operation>`, describe(new Caller(colleague), id));
    const error = await expectMessage("ResourceNotFoundException: Query does not exist", describe(user, id));
    expect(explained(error).message).toContain("Cause: another role or another session ran the statement");
    await deleteRole("TroubledOwner");
  });

  test("the statement has ended without a result", async () => {
    const id = await execute(user, { ...ON_WORKGROUP, Sql: "create table nothing (id int)" });
    const result = user.data.send(new GetStatementResultCommand({ Id: id }));
    await expectMessage("ResourceNotFoundException: Query does not have result", result);
    await expectMessage(
      "ValidationException: Could not cancel",
      user.data.send(new CancelStatementCommand({ Id: id })),
    );
  });

  test("a key policy names a role that does not exist, or locks its caller out", async () => {
    const missing = keyPolicy(VIA, {}, roleArn("TroubledMissing"));
    await expectMessage("MalformedPolicyDocumentException: Policy contains", putPolicy(missing));
    const withoutAdministrator = keyPolicy(VIA).replace(ADMIN_ARN, roleArn(user.name));
    await expectMessage("MalformedPolicyDocumentException: The new key policy", putPolicy(withoutAdministrator));
  });

  test("a plan reads a key that its caller does not administer", async () => {
    await makeRole("TroubledPlanner", [{ Action: "kms:*", Effect: "Allow", Resource: "*" }]);
    const { kms } = new Caller("TroubledPlanner");
    await expectMessage(`${DENIED} kms:DescribeKey`, kms.send(new DescribeKeyCommand({ KeyId })));
  });

  test("an alias or a role exists already, or only AWS may change a role", async () => {
    const alias = new CreateAliasCommand({ AliasName: "alias/troubles", TargetKeyId: KeyId });
    await admin.kms.send(alias);
    await expectMessage("AlreadyExistsException", admin.kms.send(alias));
    await expectMessage("EntityAlreadyExists", makeTrustedRole(user.name, DATA));
    const path = "/aws-reserved/sso.amazonaws.com/";
    await makeRole("AWSReservedSSO_Troubled", [], new Caller("sso.amazonaws.com"), path);
    const change = { PolicyDocument: document(DATA), PolicyName: "test", RoleName: "AWSReservedSSO_Troubled" };
    await expectMessage("UnmodifiableEntity", admin.iam.send(new PutRolePolicyCommand(change)));
  });

  test("a deployer lacks the key, or a cluster gets another key", async () => {
    const { serverless } = new Caller("TroubledUser");
    const input = { namespaceName: NAME, workgroupName: "troubles-second" };
    await expectMessage("ValidationException: Insufficient", serverless.send(new CreateWorkgroupCommand(input)));
    const { KeyMetadata } = await admin.kms.send(new CreateKeyCommand({}));
    const change = new ModifyClusterCommand({ ClusterIdentifier: NAME, KmsKeyId: KeyMetadata!.Arn! });
    await expectMessage("InvalidParameterCombination", admin.redshift.send(change));
  });

  test("the key is disabled, or pending deletion", async () => {
    const id = await execute(user);
    await revokeGrants();
    await admin.kms.send(new DisableKeyCommand({ KeyId }));
    const error = await expectMessage("DisabledException", execute(user));
    expect(explained(error).message).toContain("Cause: an administrator of the key must enable it");
    await expectMessage("AccessDeniedException: <AWS", describe(user, id));
    await admin.kms.send(new EnableKeyCommand({ KeyId }));
    await admin.kms.send(new ScheduleKeyDeletionCommand({ KeyId }));
    expect(explained(await expectMessage("KMSInvalidStateException", execute(user))).message).toContain(
      "Cause: an administrator",
    );
  });

  test("each message of AWS is reproduced, except those that the page marks", () => {
    const expected = messages().filter(
      ({ isMarked, part, text }) =>
        !isMarked && ![CONFIGURATION_PART, PLAN_PART].includes(part) && !text.includes(EXPIRED),
    );
    expect(expected.filter(({ text }) => !reproduced.has(text)).map(({ text }) => text)).toStrictEqual([]);
  });
});
