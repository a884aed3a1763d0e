import { CreateRoleCommand } from "@aws-sdk/client-iam";
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateGrantCommand,
  type CreateGrantCommandInput,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  type KeyMetadata,
  ListGrantsCommand,
  ListResourceTagsCommand,
  ListRetirableGrantsCommand,
  PutKeyPolicyCommand,
  ReplicateKeyCommand,
  type ReplicateKeyCommandInput,
  RetireGrantCommand,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { Caller, deployLane, EVERYTHING, KEY_USE, makeRole, refusal } from "../deploy/endpoint";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { failure } from "./request";

const OTHER_REGION = "eu-west-1";
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

/** A key policy that lets principals do everything. */
function policyOf(...principals: readonly string[]): string {
  const statement = { Action: "kms:*", Effect: "Allow", Principal: { AWS: principals }, Resource: "*" };
  return JSON.stringify({ Statement: [statement], Version: "2012-10-17" });
}

deployLane("in the emulator, KMS", () => {
  const admin = new Caller("ExampleAdminRole");
  const stranger = new Caller("KeyStranger");
  const there = new Caller(admin.name, { region: OTHER_REGION }).kms;
  const create = async (input: CreateKeyCommandInput = {}): Promise<KeyMetadata> =>
    (await admin.kms.send(new CreateKeyCommand({ Policy: policyOf(ADMIN_ARN), ...input }))).KeyMetadata!;
  const describeKey = async (KeyId: string, kms = admin.kms): Promise<KeyMetadata> =>
    (await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!;
  beforeAll(async () => {
    await makeRole(admin.name, EVERYTHING);
    await makeRole(stranger.name, KEY_USE);
    const trust = JSON.stringify({ Statement: [], Version: "2012-10-17" });
    const nested = { AssumeRolePolicyDocument: trust, Path: "/team/", RoleName: "NestedKeyUser" };
    await admin.iam.send(new CreateRoleCommand(nested));
  });

  describe("for key policies", () => {
    test.each([
      `arn:aws:iam::${ACCOUNT}:role/NestedKeyUser`,
      `arn:aws:iam::${ACCOUNT}:role/other/NestedKeyUser`,
      `arn:aws:iam::${ACCOUNT}:role/Nobody`,
      `arn:aws-cn:iam::${ACCOUNT}:root`,
    ])("refuses the principal %s, which does not exist", async (principal) => {
      expect(await failure(create({ Policy: policyOf(ADMIN_ARN, principal) }))).toBe(
        "MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.",
      );
    });

    test("accepts a role with its path, and a session of it", async () => {
      const role = `arn:aws:iam::${ACCOUNT}:role/team/NestedKeyUser`;
      const session = `arn:aws:sts::${ACCOUNT}:assumed-role/NestedKeyUser/any`;
      const { KeyId } = await create({ Policy: policyOf(ADMIN_ARN, role, session) });
      expect(KeyId).toMatch(/^[\da-f-]{36}$/);
    });

    test("refuses Decrypt by another role, with the key's ID and without it", async () => {
      const { KeyId } = await create();
      const { CiphertextBlob } = await admin.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("a") }));
      for (const input of [{ CiphertextBlob, KeyId }, { CiphertextBlob }]) {
        const { Plaintext } = await admin.kms.send(new DecryptCommand(input));
        expect(Buffer.from(Plaintext!).toString()).toBe("a");
        expect(await refusal(stranger.kms.send(new DecryptCommand(input)))).toBe("AccessDeniedException");
      }
    });

    test("refuses DescribeKey only for the role in a Deny statement", async () => {
      const deny = { Action: "kms:*", Effect: "Deny", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/KeyStranger` } };
      const policy = JSON.parse(policyOf(ADMIN_ARN, ROOT)) as { Statement: object[] };
      policy.Statement.push({ ...deny, Resource: "*" });
      const { KeyId } = await create({ Policy: JSON.stringify(policy) });
      expect((await describeKey(KeyId!)).KeyId).toBe(KeyId);
      expect(await refusal(describeKey(KeyId!, stranger.kms))).toBe("AccessDeniedException");
    });
  });

  describe("for IDs and aliases", () => {
    const missing = "alias/missing-one";
    const arn = `arn:aws:kms:${REGION}:${ACCOUNT}:${missing}`;
    const notFound = `NotFoundException: Alias ${arn} is not found.`;

    test.each<[string, (KeyId: string) => Promise<unknown>]>([
      ["DescribeKey", async (KeyId) => describeKey(KeyId)],
      ["GetKeyPolicy", async (KeyId) => admin.kms.send(new GetKeyPolicyCommand({ KeyId }))],
      ["Encrypt", async (KeyId) => admin.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("a") }))],
      ["DeleteAlias", async () => admin.kms.send(new DeleteAliasCommand({ AliasName: missing }))],
    ])("refuses %s with a missing alias", async (_, call) => {
      expect(await failure(call(missing))).toBe(notFound);
      expect(await failure(call(arn))).toBe(notFound);
    });

    test("refuses UpdateAlias of a missing alias, and moves an alias that exists", async () => {
      const [one, two] = [await create(), await create()];
      const AliasName = "alias/moving-one";
      const move = async (alias: string) =>
        admin.kms.send(new UpdateAliasCommand({ AliasName: alias, TargetKeyId: two.KeyId }));
      expect(await failure(move(missing))).toBe(notFound);
      await admin.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: one.KeyId }));
      await move(AliasName);
      expect((await describeKey(AliasName)).KeyId).toBe(two.KeyId);
    });

    test("refuses to delete or move an alias if the key policy does not allow this", async () => {
      const { KeyId } = await create();
      const AliasName = "alias/kept-one";
      await admin.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
      const { KeyMetadata } = await stranger.kms.send(new CreateKeyCommand({}));
      const move = new UpdateAliasCommand({ AliasName, TargetKeyId: KeyMetadata!.KeyId });
      expect(await refusal(stranger.kms.send(move))).toBe("AccessDeniedException");
      expect(await refusal(stranger.kms.send(new DeleteAliasCommand({ AliasName })))).toBe("AccessDeniedException");
      await admin.kms.send(new DeleteAliasCommand({ AliasName }));
      expect(await refusal(describeKey(AliasName))).toBe("NotFoundException");
    });

    test("refuses an alias for an operation that needs a key, and an ARN of another Region", async () => {
      const { Arn, KeyId } = await create();
      const AliasName = "alias/policy-one";
      await admin.kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: KeyId }));
      const getPolicy = admin.kms.send(new GetKeyPolicyCommand({ KeyId: AliasName }));
      expect(await failure(getPolicy)).toBe(`NotFoundException: Invalid keyId '${AliasName}'`);
      expect(await failure(describeKey(Arn!, there))).toBe(`NotFoundException: Invalid arn ${REGION}`);
      const unknown = Arn!.replace(/.{12}$/, "000000000000");
      expect(await failure(describeKey(unknown))).toBe(`NotFoundException: Key '${unknown}' does not exist`);
    });
  });

  describe("for the properties of a key", () => {
    test("gives a key AWS's defaults", async () => {
      const metadata = await create();
      expect(metadata).toMatchObject({
        CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
        Description: "",
        Enabled: true,
        EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
        KeyManager: "CUSTOMER",
        KeySpec: "SYMMETRIC_DEFAULT",
        KeyState: "Enabled",
        KeyUsage: "ENCRYPT_DECRYPT",
        MultiRegion: false,
        Origin: "AWS_KMS",
      });
      expect(metadata).not.toHaveProperty("SigningAlgorithms");
      expect(metadata).not.toHaveProperty("MultiRegionConfiguration");
      expect(await describeKey(metadata.KeyId!)).toStrictEqual(metadata);
    });

    test("requires the usage of an asymmetric key", async () => {
      expect(await failure(create({ KeySpec: "RSA_2048" }))).toBe(
        "ValidationException: You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
      );
      expect((await create({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" })).SigningAlgorithms).not.toStrictEqual([]);
    });

    test("disables a key and schedules its deletion by ID or ARN, and refuses Encrypt meanwhile", async () => {
      const { Arn, KeyId } = await create();
      const encrypt = async () => admin.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("a") }));
      await admin.kms.send(new DisableKeyCommand({ KeyId: Arn }));
      expect(await failure(encrypt())).toBe(`DisabledException: ${Arn} is disabled.`);
      await admin.kms.send(new EnableKeyCommand({ KeyId }));
      await encrypt();

      const deletion = new ScheduleKeyDeletionCommand({ KeyId: Arn, PendingWindowInDays: 7 });
      const answer = await admin.kms.send(deletion);
      expect(answer).toMatchObject({ KeyId: Arn, KeyState: "PendingDeletion", PendingWindowInDays: 7 });
      expect((await describeKey(KeyId!)).DeletionDate).toStrictEqual(answer.DeletionDate);
      const pending = `KMSInvalidStateException: ${Arn} is pending deletion.`;
      expect(await failure(encrypt())).toBe(pending);
      expect(await failure(admin.kms.send(deletion))).toBe(pending);
      expect(await failure(admin.kms.send(new EnableKeyCommand({ KeyId })))).toBe(pending);
      expect((await admin.kms.send(new CancelKeyDeletionCommand({ KeyId }))).KeyId).toBe(Arn);
      expect((await describeKey(KeyId!)).KeyState).toBe("Disabled");
    });

    test.each([6, 31])("refuses a waiting period of %d days", async (PendingWindowInDays) => {
      const { KeyId } = await create();
      const deletion = new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays });
      expect(await refusal(admin.kms.send(deletion))).toBe("ValidationException");
    });
  });

  describe("for multi-Region keys", () => {
    const replicate = async (KeyId: string, more: Partial<ReplicateKeyCommandInput> = {}, by = admin) =>
      by.kms.send(
        new ReplicateKeyCommand({ KeyId, Policy: policyOf(ADMIN_ARN), ReplicaRegion: OTHER_REGION, ...more }),
      );

    test("creates a replica with its own policy, description, tags, aliases and grants, and with the same material", async () => {
      const primary = await create({ Description: "primary", MultiRegion: true, Policy: policyOf(ADMIN_ARN, ROOT) });
      const { Arn, KeyId } = primary;
      expect(KeyId).toMatch(/^mrk-[\da-f]{32}$/);
      await admin.kms.send(new CreateAliasCommand({ AliasName: "alias/related", TargetKeyId: KeyId }));
      const grant = { GranteePrincipal: ADMIN_ARN, KeyId, Operations: ["Decrypt"] } as const;
      await admin.kms.send(new CreateGrantCommand({ ...grant, Operations: [...grant.Operations] }));

      const Tags = [{ TagKey: "team", TagValue: "data" }];
      const answer = await replicate(KeyId!, { Description: "replica", Tags });
      const replicaArn = Arn!.replace(REGION, OTHER_REGION);
      const related = {
        PrimaryKey: { Arn, Region: REGION },
        ReplicaKeys: [{ Arn: replicaArn, Region: OTHER_REGION }],
      };
      expect(answer).toMatchObject({ ReplicaPolicy: policyOf(ADMIN_ARN), ReplicaTags: Tags });
      const replica = await describeKey(KeyId!, there);
      expect(answer.ReplicaKeyMetadata).toMatchObject({ Arn: replicaArn, KeyId, KeyState: "Enabled" });
      expect(replica).toMatchObject({ Arn: replicaArn, Description: "replica", MultiRegion: true });
      expect(replica.MultiRegionConfiguration).toStrictEqual({ MultiRegionKeyType: "REPLICA", ...related });
      expect((await describeKey(KeyId!)).MultiRegionConfiguration).toStrictEqual({
        MultiRegionKeyType: "PRIMARY",
        ...related,
      });
      expect((await describeKey(KeyId!)).Description).toBe("primary");
      expect((await there.send(new ListResourceTagsCommand({ KeyId }))).Tags).toStrictEqual(Tags);
      expect((await admin.kms.send(new ListResourceTagsCommand({ KeyId }))).Tags).toStrictEqual([]);
      expect((await there.send(new ListGrantsCommand({ KeyId }))).Grants).toStrictEqual([]);
      await there.send(new CreateAliasCommand({ AliasName: "alias/related", TargetKeyId: KeyId }));
      expect((await describeKey("alias/related", there)).Arn).toBe(replicaArn);

      const { CiphertextBlob } = await admin.kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("a") }));
      const { Plaintext } = await there.send(new DecryptCommand({ CiphertextBlob, KeyId }));
      expect(Buffer.from(Plaintext!).toString()).toBe("a");
    });

    test("enforces the policy of each key in its Region", async () => {
      const { KeyId } = await create({ MultiRegion: true, Policy: policyOf(ADMIN_ARN, ROOT) });
      await replicate(KeyId!);
      const foreign = new Caller(stranger.name, { region: OTHER_REGION }).kms;
      expect((await describeKey(KeyId!, stranger.kms)).KeyId).toBe(KeyId);
      expect(await refusal(describeKey(KeyId!, foreign))).toBe("AccessDeniedException");
      await there.send(new PutKeyPolicyCommand({ KeyId, Policy: policyOf(ADMIN_ARN, ROOT), PolicyName: "default" }));
      expect((await describeKey(KeyId!, foreign)).KeyId).toBe(KeyId);
      await admin.kms.send(new PutKeyPolicyCommand({ KeyId, Policy: policyOf(ADMIN_ARN), PolicyName: "default" }));
      expect(await refusal(describeKey(KeyId!, stranger.kms))).toBe("AccessDeniedException");
      expect((await describeKey(KeyId!, foreign)).KeyId).toBe(KeyId);
    });

    test("gives a replica without a policy the default key policy", async () => {
      const { KeyId } = await create({ MultiRegion: true });
      const { ReplicaPolicy } = await replicate(KeyId!, { Policy: undefined });
      expect(JSON.parse(ReplicaPolicy!)).toMatchObject({
        Statement: [{ Action: "kms:*", Effect: "Allow", Principal: { AWS: ROOT }, Resource: "*" }],
      });
      expect((await there.send(new GetKeyPolicyCommand({ KeyId }))).Policy).toBe(ReplicaPolicy);
    });

    test("refuses a replica's policy with a missing role, or with a lockout without the bypass", async () => {
      const { KeyId } = await create({ MultiRegion: true });
      const nobody = policyOf(ADMIN_ARN, `arn:aws:iam::${ACCOUNT}:role/Nobody`);
      expect(await failure(replicate(KeyId!, { Policy: nobody }))).toBe(
        "MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.",
      );
      const Policy = policyOf(`arn:aws:iam::${ACCOUNT}:role/KeyStranger`);
      expect(await failure(replicate(KeyId!, { Policy }))).toBe(
        "MalformedPolicyDocumentException: The new key policy will not allow you to update the key policy in the future.",
      );
      await replicate(KeyId!, { BypassPolicyLockoutSafetyCheck: true, Policy });
      expect(await refusal(describeKey(KeyId!, there))).toBe("AccessDeniedException");
    });

    test("replicates only a multi-Region primary key, and only once in a Region", async () => {
      const single = await create();
      expect(await refusal(replicate(single.KeyId!))).toBe("UnsupportedOperationException");
      const { KeyId } = await create({ MultiRegion: true });
      await replicate(KeyId!);
      expect(await refusal(replicate(KeyId!))).toBe("AlreadyExistsException");
      const onward = new ReplicateKeyCommand({ KeyId, ReplicaRegion: "eu-central-1" });
      expect(await refusal(there.send(onward))).toBe("UnsupportedOperationException");
    });

    test("requires kms:ReplicateKey, and CreateKey and TagResource in the replica's Region", async () => {
      const { KeyId } = await create({ MultiRegion: true, Policy: policyOf(ADMIN_ARN, ROOT) });
      await makeRole("Replicator", [
        { Action: ["kms:PutKeyPolicy", "kms:ReplicateKey"], Effect: "Allow", Resource: "*" },
        {
          Action: "kms:CreateKey",
          Condition: { StringEquals: { "aws:RequestedRegion": "eu-central-1" } },
          Effect: "Allow",
          Resource: "*",
        },
      ]);
      const replicator = new Caller("Replicator");
      const open = { Policy: policyOf(ROOT) };
      expect(await failure(replicate(KeyId!, open, replicator))).toContain("not authorized to perform: kms:CreateKey");
      const tagged = { ...open, ReplicaRegion: "eu-central-1", Tags: [{ TagKey: "a", TagValue: "b" }] };
      expect(await failure(replicate(KeyId!, tagged, replicator))).toContain("perform: kms:TagResource");
      await replicate(KeyId!, { ...tagged, Tags: [] }, replicator);
      const { KeyId: closed } = await create({ MultiRegion: true });
      expect(await failure(replicate(closed!, open, replicator))).toContain("perform: kms:ReplicateKey");
    });

    test("rotates replicas with their primary key only", async () => {
      const { Arn, KeyId } = await create({ MultiRegion: true });
      await replicate(KeyId!);
      const enable = new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 180 });
      expect(await refusal(there.send(enable))).toBe("UnsupportedOperationException");
      await admin.kms.send(new EnableKeyRotationCommand({ KeyId: Arn, RotationPeriodInDays: 180 }));
      expect(await there.send(new GetKeyRotationStatusCommand({ KeyId }))).toMatchObject({
        KeyRotationEnabled: true,
        RotationPeriodInDays: 180,
      });
    });

    test("keeps a primary key whose deletion is scheduled until its replicas are gone", async () => {
      const { Arn, KeyId } = await create({ MultiRegion: true });
      await replicate(KeyId!);
      const answer = await admin.kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 8 }));
      expect(answer).toMatchObject({ KeyId: Arn, KeyState: "PendingReplicaDeletion", PendingWindowInDays: 8 });
      expect(answer).not.toHaveProperty("DeletionDate");
      const metadata = await describeKey(KeyId!);
      expect(metadata).toMatchObject({ KeyState: "PendingReplicaDeletion", PendingDeletionWindowInDays: 8 });
      expect(metadata).not.toHaveProperty("DeletionDate");
      const again = replicate(KeyId!, { ReplicaRegion: "eu-central-1" });
      expect(await refusal(again)).toBe("KMSInvalidStateException");
      expect((await describeKey(KeyId!, there)).KeyState).toBe("Enabled");
      const replica = await there.send(new ScheduleKeyDeletionCommand({ KeyId }));
      expect(replica).toMatchObject({ KeyState: "PendingDeletion", PendingWindowInDays: 30 });
      expect((await describeKey(KeyId!)).KeyState).toBe("PendingReplicaDeletion");
    });
  });

  describe("for grants", () => {
    const grantee = `arn:aws:iam::${ACCOUNT}:role/GrantUser`;
    const retiring = `arn:aws:iam::${ACCOUNT}:role/GrantRetirer`;
    const [user, retirer] = [new Caller("GrantUser"), new Caller("GrantRetirer")];
    let KeyId: string;
    let keyArn: string;
    beforeAll(async () => {
      const nothing = [{ Action: "s3:GetObject", Effect: "Allow", Resource: "*" }];
      for (const name of ["GrantUser", "GrantRetirer", "GrantBystander"]) {
        await makeRole(name, nothing);
      }
      const { Arn, KeyId: id } = await create({ Policy: policyOf(ADMIN_ARN, ROOT) });
      [KeyId, keyArn] = [id!, Arn!];
    });
    const grant = async (more: Partial<CreateGrantCommandInput> = {}) =>
      admin.kms.send(new CreateGrantCommand({ GranteePrincipal: grantee, KeyId, Operations: ["Decrypt"], ...more }));
    const retire = async (by: Caller, GrantId?: string) =>
      by.kms.send(new RetireGrantCommand({ GrantId, KeyId: keyArn }));

    test("returns an ID and a token for a grant", async () => {
      const { GrantId, GrantToken } = await grant();
      const { Grants } = await admin.kms.send(new ListGrantsCommand({ GrantId, KeyId }));
      expect(Grants).toHaveLength(1);
      expect(Math.abs(Grants![0]!.CreationDate!.getTime() - Date.now())).toBeLessThan(60_000);
      await admin.kms.send(new RetireGrantCommand({ GrantToken }));
      expect((await admin.kms.send(new ListGrantsCommand({ GrantId, KeyId }))).Grants).toStrictEqual([]);
    });

    test("lets the retiring principal retire a grant, and lists it for that principal", async () => {
      const { GrantId } = await grant({ RetiringPrincipal: retiring });
      const list = new ListRetirableGrantsCommand({ RetiringPrincipal: retiring });
      const { Grants } = await admin.kms.send(list);
      expect(Grants!.map((entry) => entry.GrantId)).toStrictEqual([GrantId]);
      expect(await refusal(retirer.kms.send(list))).toBe("AccessDeniedException");
      expect(await refusal(retire(user, GrantId))).toBe("AccessDeniedException");
      await retire(retirer, GrantId);
      expect((await admin.kms.send(list)).Grants).toStrictEqual([]);
    });

    test("lets the grantee retire a grant that includes RetireGrant", async () => {
      const { GrantId, GrantToken } = await grant({ Operations: ["Decrypt", "RetireGrant"] });
      expect(await refusal(retire(retirer, GrantId))).toBe("AccessDeniedException");
      await user.kms.send(new RetireGrantCommand({ GrantToken }));
      expect(await refusal(retire(user, GrantId))).toBe("NotFoundException");
    });

    test("lets the account's root, and callers whose IAM policies allow RetireGrant, retire a grant", async () => {
      const { GrantId } = await grant();
      expect(await refusal(retire(new Caller("GrantBystander"), GrantId))).toBe("AccessDeniedException");
      await retire(stranger, GrantId);
      await retire(new Caller("root"), (await grant()).GrantId);
    });

    test("refuses an invalid grant token, and a grant ID without a key", async () => {
      const wrong = new RetireGrantCommand({ GrantToken: "none" });
      expect(await refusal(admin.kms.send(wrong))).toBe("InvalidGrantTokenException");
      expect(await refusal(retire(admin))).toBe("ValidationException");
    });
  });
});
