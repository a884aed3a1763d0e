import { join } from "node:path";
import { DeleteRoleCommand, GetRoleCommand, ListRolesCommand, type Role } from "@aws-sdk/client-iam";
import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  type GrantListEntry,
  ListAliasesCommand,
  ListGrantsCommand,
  PutKeyPolicyCommand,
  RevokeGrantCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { DescribeClustersCommand } from "@aws-sdk/client-redshift";
import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
} from "@aws-sdk/client-redshift-data";
import { GetNamespaceCommand, GetWorkgroupCommand } from "@aws-sdk/client-redshift-serverless";
import { EncryptionContext } from "../../modules";
import { ACCOUNT, ADMIN_ARN } from "../support/arns";
import { hasAwsCli } from "./aws-cli";
import { Caller, deployLane, EVERYTHING, KEY_USE, makeRole, refusal } from "./endpoint";
import { expectSuccess, Project, shipped, unprotected, type Warehouse } from "./project";

const ACCESS_DENIED = "AccessDeniedException";
const hasAws = hasAwsCli("the proof of the deploy lane");
const PLAINTEXT = Buffer.from("select 1");

/** The differences of the two kinds of warehouse. */
export interface Kind {
  /** The shipped stack. */
  readonly name: "analytics-cluster" | "analytics-serverless";
  readonly user: string;
  /** How the Data API names the warehouse. */
  readonly target: { readonly ClusterIdentifier?: string; readonly WorkgroupName?: string };
  /** The warehouse's settings in the configuration. */
  readonly settings: "cluster" | "serverless";
  /** More capacity: the setting, and what it changes. */
  readonly capacity: readonly [settings: object, actions: readonly string[]];
  /** The changes of turning the audit log off and on. */
  readonly audit: readonly [off: readonly string[], on: readonly string[]];
  /**
   * The database roles of the stack, and the check of them.
   *
   * @default - none
   */
  readonly databaseRoles?: {
    readonly configuration: object;
    readonly expectIn: (admin: Caller, warehouse: Warehouse, file: string) => Promise<void>;
    readonly statements: readonly string[];
  };
  /** The resources that have tags. */
  readonly tagged: readonly string[];
}

/** Everything that happens to a warehouse from its deployment to its end, in order. */
export function lifecycle({ audit, capacity, databaseRoles, name, settings, tagged, target, user }: Kind): void {
  const admin = new Caller("ExampleAdminRole");
  const reader = new Caller(user);
  const nobody = new Caller(`Stranger-${settings}`);
  const visitor = new Caller("444455556666.Visitor");
  const project = new Project(name, admin.name);
  // For cdktf-cli, one stack is as another, and it takes several times as long as terraform.
  const isDeployedByCdktf = settings === "cluster";
  let warehouse: Warehouse = {
    ...shipped(name),
    ...(databaseRoles && { databaseRoles: databaseRoles.configuration }),
  };
  let keyArn: string;
  let othersStatement: string;
  let encryptionContext: Record<string, string>;

  const statement = { ...target, Database: "dev" };
  const execute = async (caller: Caller): Promise<string> =>
    (await caller.data.send(new ExecuteStatementCommand({ ...statement, Sql: "select 1" }))).Id!;
  const describeStatement = async (caller: Caller, Id: string) =>
    caller.data.send(new DescribeStatementCommand({ Id }));
  const result = async (caller: Caller, Id: string) => caller.data.send(new GetStatementResultCommand({ Id }));
  const encrypt = async (caller: Caller, EncryptionContext = encryptionContext) =>
    caller.kms.send(new EncryptCommand({ EncryptionContext, KeyId: keyArn, Plaintext: PLAINTEXT }));

  /** The grants that Redshift made for the Data API. */
  async function grants(): Promise<GrantListEntry[]> {
    const { Grants = [] } = await admin.kms.send(new ListGrantsCommand({ KeyId: keyArn }));
    return Grants.filter(({ Constraints }) => Constraints?.EncryptionContextSubset?.serviceName === "RedshiftDataAPI");
  }

  async function revokeGrants(): Promise<void> {
    for (const { GrantId } of await grants()) {
      await admin.kms.send(new RevokeGrantCommand({ GrantId, KeyId: keyArn }));
    }
  }

  /** Plans a change of the configuration and applies it; what it leaves to do is in the next plan. */
  async function change(next: Warehouse, actions: readonly string[]): Promise<void> {
    warehouse = next;
    project.configure(warehouse);
    expect(await project.apply()).toStrictEqual({ actions: [...actions].sort(), errors: [] });
  }

  deployLane(name, () => {
    beforeAll(async () => {
      // With everything that IAM can allow: it is the key policy that refuses it the key.
      await makeRole(nobody.name, KEY_USE);
      await makeRole(admin.name, EVERYTHING);
      await makeRole("SecondAdminRole", EVERYTHING);
      project.configure(warehouse);
    });
    afterAll(() => {
      project.remove();
    });

    describe("in use", () => {
      test("is deployed by its administrator, and the next plan is empty", async () => {
        if (isDeployedByCdktf) {
          expectSuccess(await project.cdktf("deploy"));
        } else {
          await project.deploy();
        }
        await project.expectNoChanges();
        const outputs = await project.outputs();
        keyArn = outputs.key_arn as string;
        encryptionContext = await contextOf(outputs);
      });

      /** The context that the library computes, with the creation time that only AWS has. */
      async function contextOf(outputs: Record<string, unknown>): Promise<Record<string, string>> {
        if (settings === "serverless") {
          return { ...EncryptionContext.forNamespace({ namespaceArn: outputs.namespace_arn as string }).pairs };
        }
        const { Clusters } = await admin.redshift.send(new DescribeClustersCommand(target));
        const createTime = Clusters![0]!.ClusterCreateTime;
        return { ...EncryptionContext.forCluster({ clusterArn: outputs.warehouse_arn as string, createTime }).pairs };
      }

      test("runs its user's statements under one grant with the library's encryption context", async () => {
        const id = await execute(reader);
        expect((await describeStatement(reader, id)).Status).toBe("FINISHED");
        expect((await result(reader, id)).Records).toStrictEqual([[{ longValue: 1 }]]);
        const batch = new BatchExecuteStatementCommand({ ...statement, Sqls: ["select 1", "select 2"] });
        expect((await reader.data.send(batch)).Id).toMatch(/^[\da-f-]{36}$/);
        othersStatement = await execute(admin);
        const [grant, ...others] = await grants();
        expect(others).toStrictEqual([]);
        expect(grant!.Constraints).toStrictEqual({ EncryptionContextSubset: encryptionContext });
      });

      if (databaseRoles) {
        test("gets the database roles of its configuration, and only what its database lacks", async () => {
          const { database_roles_sql: sql } = await project.outputs();
          expect(sql).toStrictEqual(databaseRoles.statements);
          await databaseRoles.expectIn(admin, warehouse, join(project.directory, "warehouses.yaml"));
        });
      }

      test("lets its user encrypt and decrypt with the key under one encryption context", async () => {
        const { CiphertextBlob } = await encrypt(reader);
        const decrypt = async (context: Record<string, string>) =>
          reader.kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context, KeyId: keyArn }));
        expect(Buffer.from((await decrypt(encryptionContext)).Plaintext!)).toStrictEqual(PLAINTEXT);
        expect(await refusal(decrypt({ ...encryptionContext, serviceName: "Other" }))).toBe(
          "InvalidCiphertextException",
        );
      });

      test.each<[string, () => Promise<unknown>]>([
        ["Encrypt by another role", async () => encrypt(nobody)],
        ["ExecuteStatement by another role", async () => execute(nobody)],
        [
          "PutKeyPolicy by the user",
          async () => reader.kms.send(new PutKeyPolicyCommand({ KeyId: keyArn, Policy: "{}" })),
        ],
        [
          "ScheduleKeyDeletion by the user",
          async () => reader.kms.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn })),
        ],
        ["ListGrants by the user", async () => reader.kms.send(new ListGrantsCommand({ KeyId: keyArn }))],
        [
          "DescribeStatement by the user for another's statement",
          async () => describeStatement(reader, othersStatement),
        ],
        ["GetStatementResult by the user for another's statement", async () => result(reader, othersStatement)],
        ["Encrypt by another account", async () => encrypt(visitor)],
        ["ExecuteStatement by another account", async () => execute(visitor)],
      ])("refuses %s", async (_, call) => {
        expect(await refusal(call())).toBe(ACCESS_DENIED);
      });

      test("refuses earlier results once the grant is revoked, and gets a new grant with the next statement", async () => {
        const id = await execute(reader);
        await revokeGrants();
        expect(await refusal(result(reader, id))).toBe(ACCESS_DENIED);
        expect(await refusal(describeStatement(reader, id))).toBe(ACCESS_DENIED);
        expect((await result(reader, await execute(reader))).Records).toHaveLength(1);
        expect(await grants()).toHaveLength(1);
      });

      (hasAws ? test : test.skip)(
        "refuses statements if kms:ViaService names no service of its Region, and its proof fails the apply",
        async () => {
          await revokeGrants();
          const before = warehouse;
          const proof = `arn:aws:iam::${ACCOUNT}:role/${user}`;
          const elsewhere = {
            ...warehouse,
            dataApiProof: proof,
            key: { viaServices: ["redshift.eu-west-1.amazonaws.com"] },
          };
          project.configure(elsewhere);
          const { actions, errors } = await project.apply();
          expect(actions).toStrictEqual(["create terraform_data", "update aws_kms_key"]);
          expect(errors).toHaveLength(1);
          expect(errors[0]).toContain(ACCESS_DENIED);
          expect(await refusal(execute(reader))).toBe(ACCESS_DENIED);

          await change({ ...before, dataApiProof: proof }, ["replace terraform_data", "update aws_kms_key"]);
          expect((await grants()).map(({ Constraints }) => Constraints)).toStrictEqual([
            { EncryptionContextSubset: encryptionContext },
          ]);
          await project.expectNoChanges();
          await change(before, ["delete terraform_data"]);
        },
      );
    });

    describe("after a change of its configuration", () => {
      const second = { roleName: `Second-${settings}`, trustedServices: ["lambda.amazonaws.com"] };
      const steps: readonly (readonly [string, () => Warehouse, readonly string[]])[] = [
        [
          "a second user",
          () => ({ ...warehouse, users: [...(warehouse.users as object[]), second] }),
          ["create aws_iam_role", "create aws_iam_role_policy", "update aws_kms_key"],
        ],
        [
          "a user less",
          () => ({ ...warehouse, users: (warehouse.users as object[]).slice(0, 1) }),
          ["delete aws_iam_role", "delete aws_iam_role_policy", "update aws_kms_key"],
        ],
        [
          "a second administrator",
          () => ({ ...warehouse, administrators: [ADMIN_ARN, `arn:aws:iam::${ACCOUNT}:role/SecondAdminRole`] }),
          ["update aws_kms_key"],
        ],
        [
          "another rotation period",
          () => ({ ...warehouse, key: { rotationPeriodInDays: 180 } }),
          ["update aws_kms_key"],
        ],
        ["more capacity", () => changed(capacity[0]), capacity[1]],
        ["tags", () => ({ ...warehouse, tags: { team: "data" } }), tagged.map((type) => `update ${type}`)],
        ["no audit log", () => changed({ logExports: [] }), audit[0]],
        ["an audit log", () => changed({ logExports: ["connectionlog", "userlog", "useractivitylog"] }), audit[1]],
        [
          "another alias",
          () => ({ ...warehouse, key: { ...(warehouse.key as object), alias: `alias/${name}/renamed` } }),
          ["replace aws_kms_alias"],
        ],
        [
          "a created role given by ARN",
          () => ({ ...warehouse, users: [`arn:aws:iam::${ACCOUNT}:role/${user}`] }),
          ["remove aws_iam_role"],
        ],
      ];

      test.each(steps)("gets %s, with exactly the expected changes", async (_, next, actions) => {
        await change(next(), actions);
      });

      test("has an empty plan, and still runs its user's statements", async () => {
        await project.expectNoChanges();
        const { Role } = await admin.iam.send(new GetRoleCommand({ RoleName: user }));
        expect(Role!.Arn).toBe(`arn:aws:iam::${ACCOUNT}:role/${user}`);
        expect((await result(reader, await execute(reader))).Records).toHaveLength(1);
      });

      const immutable: readonly (readonly [string, () => Warehouse, string])[] = [
        [
          "key",
          () => {
            return {
              ...warehouse,
              administrators: undefined,
              key: { keyArn: keyArn.replace(/[\da-f]{12}$/, "000000000000") },
            };
          },
          "AWS refuses another key for an encrypted cluster, which stays under arn:aws:kms:",
        ],
        [
          "key that must replace its own",
          () => ({ ...warehouse, key: { ...(warehouse.key as object), deletionProtection: false, multiRegion: true } }),
          "Instance cannot be destroyed: Resource aws_redshift_cluster.",
        ],
        [
          "identifier",
          () => changed({ clusterIdentifier: "renamed" }),
          "This cluster cannot become renamed: its ARN would change, and every grant and statement that is bound to the " +
            "ARN of analytics-cluster would be lost.",
        ],
      ];
      // AWS re-keys a namespace in place, and another name is another namespace, which is protected.
      for (const [what, next, message] of settings === "cluster" ? immutable : []) {
        test(`fails the plan with the reason if it gets another ${what}`, async () => {
          project.configure(next());
          const { errors } = await project.plan();
          expect(errors).toHaveLength(1);
          expect(errors[0]).toContain(message);
          project.configure(warehouse);
          await project.expectNoChanges();
        });
      }
    });

    test("cannot be destroyed while it is protected, and the plan names a protected resource", async () => {
      const { errors } = await project.plan("-destroy");
      expect(errors.join()).toContain("Instance cannot be destroyed");
      expect(errors.join()).toMatch(/aws_(kms_key|redshift_cluster|redshiftserverless_workgroup)\./);
      expect((await admin.kms.send(new DescribeKeyCommand({ KeyId: keyArn }))).KeyMetadata!.KeyState).toBe("Enabled");
    });

    test("is destroyed, and its key is pending deletion for the configured window", async () => {
      const key = { ...(warehouse.key as object), deletionWindowInDays: 21 };
      await change(unprotected({ ...warehouse, key }), [
        "update aws_kms_key",
        ...(settings === "cluster" ? ["update aws_redshift_cluster"] : []),
      ]);
      if (isDeployedByCdktf) {
        expectSuccess(await project.cdktf("destroy"));
      } else {
        await project.destroy();
      }
      expect((await project.terraform("state", "list")).stdout).toBe("");

      const { KeyMetadata } = await admin.kms.send(new DescribeKeyCommand({ KeyId: keyArn }));
      expect(KeyMetadata!.KeyState).toBe("PendingDeletion");
      const days = (KeyMetadata!.DeletionDate!.getTime() - Date.now()) / 86_400_000;
      expect(Math.round(days)).toBe(21);
      const { Aliases = [] } = await admin.kms.send(new ListAliasesCommand({}));
      expect(Aliases.map(({ AliasName }) => AliasName).filter((alias) => alias!.includes(name))).toStrictEqual([]);
      const { Roles = [] } = await admin.iam.send(new ListRolesCommand({}));
      expect(Roles.filter(({ RoleName }: Role) => RoleName!.includes(`Second-${settings}`))).toStrictEqual([]);
      const gone =
        settings === "cluster"
          ? [admin.redshift.send(new DescribeClustersCommand(target))]
          : [
              admin.serverless.send(new GetWorkgroupCommand({ workgroupName: name })),
              admin.serverless.send(new GetNamespaceCommand({ namespaceName: name })),
            ];
      for (const call of gone) {
        expect(await refusal(call)).toMatch(/NotFound/);
      }
      // The last configuration has the role by its ARN, so the stack does not delete it.
      await admin.iam.send(new DeleteRoleCommand({ RoleName: user }));
    });

    function changed(more: object): Warehouse {
      return { ...warehouse, [settings]: { ...(warehouse[settings] as object), ...more } };
    }
  });
}
