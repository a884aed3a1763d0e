import {
  CreateAliasCommand,
  CreateGrantCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  ListAliasesCommand,
  ListGrantsCommand,
  ListKeysCommand,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
  RetireGrantCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { CreateNamespaceCommand, DeleteNamespaceCommand } from "@aws-sdk/client-redshift-serverless";
import { Caller, deployLane, KEY_USE, makeRole, refusal } from "../deploy/endpoint";
import { ACCOUNT, REGION } from "../support/arns";
import { failure } from "./request";

const OTHER_ACCOUNT = "444455556666";
const DENIED = "AccessDeniedException";
const arnOf = (role: string, account = ACCOUNT): string => `arn:aws:iam::${account}:role/${role}`;
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const OWNER = arnOf("KeyOwner", OTHER_ACCOUNT);
const NO_IDENTITY = "because no identity-based policy allows";
const PLAINTEXT = Buffer.from("a");

deployLane("in the emulator, KMS of several accounts", () => {
  const owner = new Caller(`${OTHER_ACCOUNT}.KeyOwner`).kms;
  const [both, onlyKeyPolicy] = ["CrossUser", "CrossBare"].map((name) => new Caller(name)) as [Caller, Caller];
  const denied = new Caller("CrossDenied");
  let KeyId: string;

  /** A key policy that lets the owner do everything, and principals what is given. */
  const policyOf = (principals: readonly string[], Action: readonly string[] = ["kms:*"]): string => {
    const Statement = [
      { Action: "kms:*", Effect: "Allow", Principal: { AWS: OWNER }, Resource: "*" },
      ...(principals.length > 0 ? [{ Action, Effect: "Allow", Principal: { AWS: principals }, Resource: "*" }] : []),
    ];
    return JSON.stringify({ Statement, Version: "2012-10-17" });
  };
  const allow = async (...principals: readonly string[]) =>
    owner.send(new PutKeyPolicyCommand({ KeyId, Policy: policyOf(principals) }));
  const encrypt = async ({ kms }: Caller) => kms.send(new EncryptCommand({ KeyId, Plaintext: PLAINTEXT }));

  beforeAll(async () => {
    await makeRole("CrossUser", KEY_USE);
    await makeRole("CrossBare", [{ Action: "s3:GetObject", Effect: "Allow", Resource: "*" }]);
    await makeRole("CrossDenied", [...KEY_USE, { Action: "kms:Encrypt", Effect: "Deny", Resource: "*" }]);
    KeyId = (await owner.send(new CreateKeyCommand({ Policy: policyOf([]) }))).KeyMetadata!.Arn!;
  });

  test("creates a key and its alias in the caller's account", async () => {
    expect(KeyId).toMatch(new RegExp(`^arn:aws:kms:${REGION}:${OTHER_ACCOUNT}:key/`));
    const AliasName = "alias/cross-account";
    await owner.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
    const { Aliases } = await owner.send(new ListAliasesCommand({}));
    expect(Aliases!.map(({ AliasArn }) => AliasArn)).toContain(`arn:aws:kms:${REGION}:${OTHER_ACCOUNT}:${AliasName}`);
    expect((await owner.send(new DescribeKeyCommand({ KeyId: AliasName }))).KeyMetadata!.Arn).toBe(KeyId);
    expect((await owner.send(new ListKeysCommand({}))).Keys!.map(({ KeyArn }) => KeyArn)).toContain(KeyId);
  });

  test("finds neither the key's ID nor its alias in another account", async () => {
    await allow(ROOT);
    const id = KeyId.split("/")[1]!;
    expect(await failure(both.kms.send(new DescribeKeyCommand({ KeyId: id })))).toBe(
      `NotFoundException: Key 'arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}' does not exist`,
    );
    expect(await failure(both.kms.send(new DescribeKeyCommand({ KeyId: "alias/cross-account" })))).toBe(
      `NotFoundException: Alias arn:aws:kms:${REGION}:${ACCOUNT}:alias/cross-account is not found.`,
    );
    expect((await both.kms.send(new ListKeysCommand({}))).Keys!.map(({ KeyArn }) => KeyArn)).not.toContain(KeyId);
  });

  test.each<[string, Caller, readonly string[], string | undefined]>([
    ["lets a role that both policies allow encrypt and decrypt", both, [arnOf("CrossUser")], undefined],
    ["lets a role that IAM allows encrypt and decrypt if the key policy names its account", both, [ROOT], undefined],
    ["refuses Encrypt by a role that only the key policy allows", onlyKeyPolicy, [arnOf("CrossBare")], NO_IDENTITY],
    ["refuses Encrypt by a role that the key policy allows with the principal *", onlyKeyPolicy, ["*"], NO_IDENTITY],
    [
      "refuses Encrypt by a session that only the key policy allows",
      onlyKeyPolicy,
      [`arn:aws:sts::${ACCOUNT}:assumed-role/CrossBare/CrossBare`],
      NO_IDENTITY,
    ],
    ["refuses Encrypt by a role that only IAM allows", both, [], "because no resource-based policy allows"],
    [
      "refuses Encrypt by a role that IAM denies",
      denied,
      [arnOf("CrossDenied")],
      "with an explicit deny in an identity-based policy",
    ],
  ])("%s", async (_, caller, principals, reason) => {
    await allow(...principals);
    if (reason !== undefined) {
      expect(await failure(encrypt(caller))).toContain(`kms:Encrypt on resource: ${KeyId} ${reason}`);
      return;
    }
    const { CiphertextBlob } = await encrypt(caller);
    const { Plaintext } = await caller.kms.send(new DecryptCommand({ CiphertextBlob, KeyId }));
    expect(Buffer.from(Plaintext!)).toStrictEqual(PLAINTEXT);
  });

  test("lets a role of the key's account that only the key policy allows encrypt", async () => {
    const { KeyMetadata } = await both.kms.send(
      new CreateKeyCommand({
        Policy: policyOf([arnOf("CrossBare"), arnOf("CrossUser")]).replace(OWNER, arnOf("CrossUser")),
      }),
    );
    const encrypt = new EncryptCommand({ KeyId: KeyMetadata!.KeyId, Plaintext: PLAINTEXT });
    expect(await refusal(onlyKeyPolicy.kms.send(encrypt))).toMatchObject({ KeyId: KeyMetadata!.Arn });
  });

  test.each<[string, () => Promise<unknown>]>([
    ["GetKeyPolicy", async () => both.kms.send(new GetKeyPolicyCommand({ KeyId }))],
    [
      "PutKeyPolicy",
      async () => both.kms.send(new PutKeyPolicyCommand({ KeyId, Policy: policyOf([arnOf("CrossUser")]) })),
    ],
    ["ScheduleKeyDeletion", async () => both.kms.send(new ScheduleKeyDeletionCommand({ KeyId }))],
    ["ReplicateKey", async () => both.kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "eu-west-1" }))],
    [
      "CreateAlias",
      async () => both.kms.send(new CreateAliasCommand({ AliasName: "alias/foreign", TargetKeyId: KeyId })),
    ],
  ])("refuses %s of another account that the key policy allows", async (_, call) => {
    await allow(arnOf("CrossUser"));
    expect(await refusal(call())).toBe(DENIED);
  });

  test("creates, lists, retires and revokes grants for another account", async () => {
    await allow(arnOf("CrossUser"));
    const input = { GranteePrincipal: arnOf("CrossUser"), KeyId, Operations: ["Decrypt" as const] };
    const [first, second] = [
      await both.kms.send(new CreateGrantCommand(input)),
      await both.kms.send(new CreateGrantCommand({ ...input, RetiringPrincipal: arnOf("CrossUser") })),
    ];
    const { Grants } = await both.kms.send(new ListGrantsCommand({ KeyId }));
    expect(Grants!.map(({ GrantId }) => GrantId).sort()).toStrictEqual([first.GrantId, second.GrantId].sort());
    await both.kms.send(new RevokeGrantCommand({ GrantId: first.GrantId, KeyId }));
    await both.kms.send(new RetireGrantCommand({ GrantToken: second.GrantToken }));
    expect((await owner.send(new ListGrantsCommand({ KeyId }))).Grants).toStrictEqual([]);
  });

  test("encrypts a namespace of another account for a caller that both policies allow", async () => {
    const input = { kmsKeyId: KeyId, namespaceName: "cross-account" };
    const redshift = { Action: "redshift-serverless:*", Effect: "Allow", Resource: "*" };
    await makeRole("CrossDeployer", [...KEY_USE, redshift]);
    await makeRole("CrossBareDeployer", [redshift]);
    await allow(arnOf("CrossDeployer"), arnOf("CrossBareDeployer"));
    const create = async (name: string) => new Caller(name).serverless.send(new CreateNamespaceCommand(input));
    expect(await refusal(create("CrossBareDeployer"))).toBe(DENIED);
    expect((await create("CrossDeployer")).namespace!.kmsKeyId).toBe(KeyId);
    const { serverless } = new Caller("CrossDeployer");
    await serverless.send(new DeleteNamespaceCommand({ namespaceName: input.namespaceName }));
  });
});
