import { CreateKeyCommand } from "@aws-sdk/client-kms";
import {
  CreateNamespaceCommand,
  type CreateNamespaceRequest,
  DeleteNamespaceCommand,
  GetNamespaceCommand,
  ListNamespacesCommand,
  ListTagsForResourceCommand,
  type Namespace,
  RedshiftServerlessClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateNamespaceCommand,
  type UpdateNamespaceRequest,
} from "@aws-sdk/client-redshift-serverless";
import { Emulator } from "../../emulator/emulator";
import { deployLane } from "../deploy/endpoint";
import { ACCOUNT, REGION } from "../support/arns";
import { administrator, refusalOf } from "./serverless";

type Settings<T> = Omit<T, "namespaceName">;

async function create(namespaceName: string, settings: Settings<CreateNamespaceRequest> = {}): Promise<Namespace> {
  const command = new CreateNamespaceCommand({ ...settings, namespaceName });
  return (await administrator().serverless.send(command)).namespace!;
}

async function update(namespaceName: string, changes: Settings<UpdateNamespaceRequest>): Promise<Namespace> {
  const command = new UpdateNamespaceCommand({ ...changes, namespaceName });
  return (await administrator().serverless.send(command)).namespace!;
}

async function createKey(): Promise<string> {
  return (await administrator().kms.send(new CreateKeyCommand({}))).KeyMetadata!.Arn!;
}

deployLane("in the emulator, the key of a namespace", () => {
  test("can change from one customer managed key to another", async () => {
    const [first, second] = [await createKey(), await createKey()];
    await create("key-changed", { kmsKeyId: first });
    await update("key-changed", { kmsKeyId: second });
    const { namespace } = await administrator().serverless.send(
      new GetNamespaceCommand({ namespaceName: "key-changed" }),
    );
    expect(namespace!.kmsKeyId).toBe(second);
  });

  test("cannot change from or to a key that AWS owns", async () => {
    const key = await createKey();
    await create("key-owned");
    await create("key-managed", { kmsKeyId: key });
    const refused =
      /^ValidationException: The key of a namespace can change only from one customer managed key to another/;
    expect(await refusalOf(update("key-owned", { kmsKeyId: key }))).toMatch(refused);
    expect(await refusalOf(update("key-managed", { kmsKeyId: "AWS_OWNED_KMS_KEY" }))).toMatch(refused);
  });
});

deployLane("in the emulator, a namespace", () => {
  test.each<[string, Settings<UpdateNamespaceRequest>]>([
    ["the key and the logs", { kmsKeyId: "key", logExports: ["userlog"] }],
    ["the key and the password", { kmsKeyId: "key", manageAdminPassword: true }],
    ["the roles and the logs", { iamRoles: [], logExports: ["userlog"] }],
  ])("refuses a change of %s in one request", async (what, changes) => {
    const name = what.replaceAll(" ", "-");
    await create(name);
    expect(await refusalOf(update(name, changes))).toMatch(
      /^ValidationException: You can't update .* in one request\.$/,
    );
  });

  test("accepts a change of roles, or of admin name and password, in one request", async () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/Copy`;
    await create("together");
    expect(await update("together", { defaultIamRoleArn: role, iamRoles: [role] })).toMatchObject({
      iamRoles: [`IamRole(applyStatus=in-sync, iamRoleArn=${role})`],
    });
    const admin = { adminUserPassword: "Passw0rd1", adminUsername: "owner" };
    expect(await update("together", admin)).toMatchObject({ adminUsername: "owner" });
    expect(await refusalOf(update("together", { adminUsername: "other" }))).toBe(
      "ValidationException: Specify both the user name and password, or neither.",
    );
  });

  test("refuses a given password with a managed password, and a secret's key without a managed password", async () => {
    const both = { adminUserPassword: "Passw0rd1", manageAdminPassword: true };
    expect(await refusalOf(create("two-passwords", both))).toMatch(
      /^ValidationException: You can't use adminUserPassword/,
    );
    expect(await refusalOf(create("secret-key-only", { adminPasswordSecretKmsKeyId: "key" }))).toMatch(
      /^ValidationException: You can only use adminPasswordSecretKmsKeyId/,
    );
  });

  test("refuses a name that exists, and an update of a missing namespace", async () => {
    await create("twice");
    expect(await refusalOf(create("twice"))).toMatch(/^ConflictException: /);
    expect(await refusalOf(update("missing", { logExports: [] }))).toMatch(/^ResourceNotFoundException: /);
  });

  test("is refused as the 26th namespace in a Region", async () => {
    const { credentials } = administrator().serverless.config;
    const emulator = await Emulator.start();
    const client = new RedshiftServerlessClient({ credentials, endpoint: emulator.url, region: REGION });
    const names = [...Array(25).keys()].map((index) => `quota-${index}`);
    for (const namespaceName of names) {
      await client.send(new CreateNamespaceCommand({ namespaceName }));
    }
    const another = new CreateNamespaceCommand({ namespaceName: "quota-25" });
    expect(await refusalOf(client.send(another))).toMatch(
      /^ValidationException: An account can have at most 25 namespaces/,
    );
    expect((await client.send(new ListNamespacesCommand({}))).namespaces).toHaveLength(25);
    await client.send(new DeleteNamespaceCommand({ namespaceName: "quota-0" }));
    await client.send(another);
    await emulator.stop();
  });

  test("has tags, and refuses more than 50", async () => {
    const { serverless } = administrator();
    const { namespaceArn: resourceArn } = await create("tagged", { tags: [{ key: "team", value: "data" }] });
    await serverless.send(new TagResourceCommand({ resourceArn, tags: [{ key: "stage", value: "test" }] }));
    await serverless.send(new UntagResourceCommand({ resourceArn, tagKeys: ["team"] }));
    const list = new ListTagsForResourceCommand({ resourceArn });
    expect((await serverless.send(list)).tags).toStrictEqual([{ key: "stage", value: "test" }]);
    const tags = [...Array(50).keys()].map((index) => ({ key: `tag-${index}`, value: "" }));
    expect(await refusalOf(serverless.send(new TagResourceCommand({ resourceArn, tags })))).toMatch(
      /^TooManyTagsException: /,
    );
    const missing = `arn:aws:redshift-serverless:${REGION}:${ACCOUNT}:namespace/missing`;
    expect(await refusalOf(serverless.send(new ListTagsForResourceCommand({ resourceArn: missing })))).toMatch(
      /^ResourceNotFoundException: /,
    );
  });
});
