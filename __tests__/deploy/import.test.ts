import { ACCOUNT, ADMIN_ARN, REGION } from "../support/support";
import { Caller, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { createCluster, createServerless } from "./existing";
import { Project, type Warehouse } from "./project";

/** The arguments that the provider does not read, and the key policy. */
const UNREAD = {
  "update aws_kms_key": ["bypass_policy_lockout_safety_check", "deletion_window_in_days", "policy"],
  "update aws_redshift_cluster": ["apply_immediately", "final_snapshot_identifier", "skip_final_snapshot"],
  "update aws_redshift_logging": ["log_destination_type"],
};

/** A resource of a plan. */
interface PlannedResource {
  readonly change: {
    readonly actions: readonly string[];
    readonly after: Readonly<Record<string, unknown>>;
    readonly before: Readonly<Record<string, unknown>> | null;
    readonly importing?: object;
  };
  readonly type: string;
}

/** The plan of a project: each type with its actions and the arguments that change, and the types that are imported. */
async function planOf(project: Project) {
  expect((await project.plan("-out=plan")).errors).toStrictEqual([]);
  const { stdout } = await project.terraform("show", "-json", "plan");
  const { resource_changes = [] } = JSON.parse(stdout) as { resource_changes?: readonly PlannedResource[] };
  const changes = resource_changes.flatMap(({ change: { actions, after, before }, type }) =>
    actions[0] === "no-op" || actions[0] === "read"
      ? []
      : [
          [
            `${actions.join(" and ")} ${type}`,
            before === null
              ? []
              : Object.keys(after)
                  .filter((key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]))
                  .sort(),
          ] as const,
        ],
  );
  const imported = resource_changes.flatMap(({ change, type }) => (change.importing ? [type] : [])).sort();
  return { changes: Object.fromEntries(changes), imported };
}

deployLane("import", () => {
  const admin = new Caller("ExampleAdminRole");
  const entry = { account: ACCOUNT, administrators: [ADMIN_ARN], region: REGION, users: [] };
  beforeAll(async () => makeRole(admin.name, EVERYTHING));

  describe("of a cluster", () => {
    const name = "imported-cluster";
    const project = new Project(name, admin.name);
    afterAll(() => {
      project.remove();
    });

    test("changes nothing in AWS but the key policy, and leaves nothing to do", async () => {
      const { id: keyId } = await createCluster(admin, name);
      const warehouse: Warehouse = {
        ...entry,
        cluster: {
          clusterParameterGroupName: `${name}-parameters`,
          databaseName: "sales",
          logExports: ["userlog"],
          masterUsername: "boss",
          nodeType: "ra3.large",
        },
        import: { alias: `alias/keys/${name}`, clusterIdentifier: name, keyId, logging: true },
        key: { alias: `alias/keys/${name}` },
        name,
      };
      project.configure(warehouse);
      expect(await planOf(project)).toStrictEqual({
        changes: {
          "create terraform_data": [],
          ...UNREAD,
        },
        imported: ["aws_kms_alias", "aws_kms_key", "aws_redshift_cluster", "aws_redshift_logging"],
      });
      await project.deploy();
      await project.expectNoChanges();
    });
  });

  describe("of a namespace and a workgroup", () => {
    const name = "imported-serverless";
    const project = new Project(name, admin.name);
    afterAll(() => {
      project.remove();
    });

    test("changes nothing in AWS but the key policy, and leaves nothing to do", async () => {
      const { id: keyId } = await createServerless(admin, name);
      const workgroupName = `${name}-group`;
      project.configure({
        ...entry,
        import: { alias: `alias/keys/${name}`, keyId, namespaceName: name, workgroupName },
        key: { alias: `alias/keys/${name}` },
        name,
        serverless: { databaseName: "sales", workgroupName },
      });
      expect(await planOf(project)).toStrictEqual({
        changes: { "update aws_kms_key": UNREAD["update aws_kms_key"] },
        imported: [
          "aws_kms_alias",
          "aws_kms_key",
          "aws_redshiftserverless_namespace",
          "aws_redshiftserverless_workgroup",
        ],
      });
      await project.deploy();
      await project.expectNoChanges();
    });
  });
});
