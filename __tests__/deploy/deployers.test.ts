import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type DeploymentPolicyOptions,
  deploymentStatements,
  type StackFile,
} from "../../app/deployment/deployment-policy";
import { ACCOUNT, ADMIN_ARN, REGION } from "../support/arns";
import { type CheckedAction, checkedActions, deployLane, EVERYTHING, makeRole } from "./endpoint";
import { Project, type Warehouse } from "./project";

const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const BOUNDARY = { permissionsBoundary: `arn:aws:iam::${ACCOUNT}:policy/Boundary` };
const OFF = { deletionProtection: false };
const ENTRY = { account: ACCOUNT, region: REGION };
const arnOf = (roleName: string): string => `arn:aws:iam::${ACCOUNT}:role/${roleName}`;

/** The policy of the stack that a project has synthesized. */
function policyOf({ stackDirectory }: Project, options: DeploymentPolicyOptions) {
  const file = readFileSync(join(stackDirectory, "cdk.tf.json"), "utf8");
  return deploymentStatements(JSON.parse(file) as StackFile, options);
}

/** The actions of a policy that were never checked on a resource of their statement. */
function unusedOf(statements: ReturnType<typeof policyOf>, checked: readonly CheckedAction[]): readonly string[] {
  return statements.flatMap(({ Action, Resource }) => {
    const patterns = [Resource!]
      .flat()
      .map((arn) => new RegExp(`^${arn.replace(/[^\w*]/g, "\\$&").replaceAll("*", ".*")}$`));
    const used = checked.filter(({ resource }) => patterns.some((pattern) => pattern.test(resource)));
    return [Action].flat().filter((name) => !used.some(({ action }) => action.toLowerCase() === name.toLowerCase()));
  });
}

/** Deploys, plans, changes and destroys a stack, each by a role with exactly the policy for it. */
async function live(project: Project, deployer: string, planner: string, change: () => void) {
  await project.synth();
  await makeRole(deployer, policyOf(project, {}));
  await makeRole(planner, policyOf(project, { readOnly: true }));
  await project.deploy();
  project.caller = planner;
  await project.expectNoChanges();
  project.caller = deployer;
  change();
  await project.deploy();
  await project.destroy();
  for (const [role, readOnly] of [
    [deployer, false],
    [planner, true],
  ] as const) {
    const checked = await checkedActions(role);
    const denied = checked.filter(({ allowed }) => !allowed);
    const unused = unusedOf(policyOf(project, { readOnly, seldom: false }), checked);
    expect({ denied, role, unused }).toStrictEqual({ denied: [], role, unused: [] });
  }
}

deployLane("a deployer with the policy of its stack", () => {
  const trust = { trustedPrincipals: [ROOT] };

  test("deploys, changes and destroys a cluster whose key policy delegates to IAM", async () => {
    const project = new Project("deployed-cluster", "ClusterDeployer");
    const cluster = { ...OFF, nodeType: "ra3.large", numberOfNodes: 2, skipFinalSnapshot: true };
    const first: Warehouse = {
      ...ENTRY,
      administrators: [ROOT],
      cluster,
      key: OFF,
      name: "deployed-cluster",
      tags: { team: "data" },
      users: [
        { roleName: "DeployedReader", ...trust },
        { path: "/team/", roleName: "DeployedWriter", ...trust, ...BOUNDARY },
      ],
    };
    const second: Warehouse = {
      ...first,
      administrators: [ADMIN_ARN, ROOT],
      cluster: { ...cluster, automatedSnapshotRetentionPeriod: 8 },
      key: { ...OFF, description: "Changed", enableKeyRotation: false },
      tags: { owner: "finance" },
      users: [
        { description: "Reads", maxSessionDuration: 7200, roleName: "DeployedReader", ...BOUNDARY, ...trust },
        { path: "/team/", roleName: "DeployedWriter", trustedServices: ["lambda.amazonaws.com"] },
      ],
    };
    try {
      project.configure(first);
      await live(project, "ClusterDeployer", "ClusterPlanner", () => project.configure(second));
    } finally {
      project.remove();
    }
  });

  test("deploys a warehouse under a shared key that it does not administer, and a stranger's plan fails", async () => {
    const [key, project] = ["deployed-key", "deployed-serverless"].map((name) => new Project(name, "ExampleAdminRole"));
    const [deployer, planner, stranger] = ["ServerlessDeployer", "ServerlessPlanner", "DeployingStranger"] as const;
    const keys = [
      {
        ...ENTRY,
        administrators: [ADMIN_ARN],
        deployers: [deployer, planner].map(arnOf),
        key: OFF,
        name: "deployed-key",
      },
    ];
    const serverless = { ...OFF, baseCapacity: 8 };
    const first: Warehouse = {
      ...ENTRY,
      key: "deployed-key",
      name: "deployed-serverless",
      serverless,
      tags: { team: "data" },
      users: [{ path: "/team/", roleName: "DeployedSeller", ...trust }],
    };
    const second = {
      ...first,
      serverless: { ...serverless, baseCapacity: 16, logExports: ["userlog"] },
      tags: { owner: "finance" },
    };
    try {
      await makeRole("ExampleAdminRole", EVERYTHING);
      await makeRole(deployer);
      await makeRole(planner);
      await makeRole(stranger, EVERYTHING);
      key!.configure(first, { keys });
      await key!.deploy();
      project!.configure(first, { keys });
      project!.caller = stranger;
      const { errors } = await project!.plan();
      expect(errors.map((error) => error.replace(/\s+/g, " "))).toStrictEqual([
        expect.stringContaining(
          `assumed-role/${stranger}/${stranger}, may not create a warehouse under the key ` +
            `arn:aws:kms:${REGION}:${ACCOUNT}:alias/deployed-key: Redshift uses the key with the permissions of the caller. ` +
            `Add ${arnOf(stranger)} to 'deployers' of the key`,
        ),
      ]);
      project!.caller = deployer;
      await live(project!, deployer, planner, () => project!.configure(second, { keys }));
      await key!.destroy();
    } finally {
      key!.remove();
      project!.remove();
    }
  });
});
