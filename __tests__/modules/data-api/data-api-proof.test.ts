import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TerraformStack } from "cdktf";
import {
  DataApiAccess,
  DataApiKey,
  DataApiProof,
  type DataApiProofProps,
  DataApiRole,
  EncryptedCluster,
  EncryptedServerless,
  type IDataApiKey,
} from "../../../modules";
import { ACCOUNT, ADMIN_ARN, CLUSTER_ARN, REGION, USER_ARN } from "../../support/arns";
import { admin, existingKey, reference, synthesize, testStack } from "../../support/support";

function clusterIn(stack: TerraformStack, key: IDataApiKey = existingKey(stack)): EncryptedCluster {
  return new EncryptedCluster(stack, "Cluster", {
    accountId: ACCOUNT,
    clusterIdentifier: "analytics",
    databaseName: "sales",
    key,
    nodeType: "ra3.large",
    region: REGION,
  });
}

function serverlessIn(stack: TerraformStack): EncryptedServerless {
  return new EncryptedServerless(stack, "Serverless", { key: existingKey(stack), namespaceName: "analytics" });
}

const SECRET_ARN = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:reader-AbCdEf`;

const KEY_POLICY = "aws_kms_key.Key_961B73FD.policy";

/** The command and the resource of a proof, with the AWS CLI's inputs as values. */
function runOf({ node, resource }: DataApiProof) {
  const synthesized = synthesize(node.scope as TerraformStack).resource.terraform_data!;
  const { lifecycle, depends_on, provisioner } = synthesized[resource.friendlyUniqueId]! as unknown as Run;
  const [{ "local-exec": localExec }] = provisioner;
  const { ROLES, STATEMENT, ...environment } = localExec.environment as { ROLES: string; STATEMENT: string };
  return {
    command: localExec.command,
    dependsOn: depends_on,
    environment,
    interpreter: localExec.interpreter,
    lifecycle,
    roles: ROLES.split(" ").flatMap((role) => (role === "" ? [] : (JSON.parse(role) as object))),
    statement: JSON.parse(STATEMENT) as object,
  };
}

interface Run {
  readonly depends_on?: readonly string[];
  readonly lifecycle: object;
  readonly provisioner: readonly [
    {
      readonly "local-exec": {
        readonly command: string;
        readonly environment: Record<string, string>;
        readonly interpreter: readonly string[];
      };
    },
  ];
}

test("DataApiProof runs select 1 on a cluster, and again when the cluster's namespace changes", () => {
  const stack = testStack();
  const warehouse = clusterIn(stack);
  const run = runOf(new DataApiProof(stack, "Proof", { warehouse }));
  expect(run).toMatchObject({
    environment: { AWS_REGION: REGION },
    interpreter: ["/bin/sh", "-c"],
    lifecycle: {
      replace_triggered_by: [`aws_redshift_cluster.${warehouse.resource.friendlyUniqueId}.cluster_namespace_arn`],
    },
    roles: [],
    statement: {
      ClusterIdentifier: reference(warehouse.resource, "cluster_identifier"),
      Database: "sales",
      Sql: "select 1",
      StatementName: "data-api-proof",
    },
  });
  expect(run.dependsOn).toBeUndefined();
});

test("DataApiProof runs on a workgroup, and again when the namespace changes or the policy of its key", () => {
  const stack = testStack();
  const key = new DataApiKey(stack, "Key", { administrators: [admin()], alias: "alias/analytics" });
  const warehouse = new EncryptedServerless(stack, "Serverless", { key, namespaceName: "analytics" });
  const { lifecycle, statement } = runOf(new DataApiProof(stack, "Proof", { warehouse }));
  expect(lifecycle).toStrictEqual({
    replace_triggered_by: [
      `aws_redshiftserverless_namespace.${warehouse.namespace.friendlyUniqueId}.namespace_id`,
      KEY_POLICY,
    ],
  });
  expect(statement).toMatchObject({ Database: "dev", WorkgroupName: reference(warehouse.workgroup, "workgroup_name") });
});

test("DataApiProof passes the database, the database user or the secret to the statement", () => {
  const statement = (props: Partial<DataApiProofProps>) => {
    const stack = testStack();
    return runOf(new DataApiProof(stack, "Proof", { warehouse: clusterIn(stack), ...props })).statement;
  };
  expect(statement({ database: "hr", databaseUser: "reader" })).toMatchObject({ Database: "hr", DbUser: "reader" });
  expect(statement({ secretArn: SECRET_ARN })).toMatchObject({ Database: "sales", SecretArn: SECRET_ARN });
});

test("DataApiProof assumes the roles of 'assumedRoles' in their order", () => {
  const stack = testStack();
  const assumedRoles = [
    { externalId: "ticket-1", roleArn: ADMIN_ARN, sessionName: "deploy" },
    { roleArn: USER_ARN },
  ] as const;
  expect(runOf(new DataApiProof(stack, "Proof", { assumedRoles, warehouse: clusterIn(stack) })).roles).toStrictEqual([
    { ExternalId: "ticket-1", RoleArn: ADMIN_ARN, RoleSessionName: "deploy" },
    { RoleArn: USER_ARN, RoleSessionName: "data-api-proof" },
  ]);
});

test("DataApiProof depends on the policy of its access", () => {
  const stack = testStack();
  const warehouse = clusterIn(stack);
  const role = DataApiRole.fromRoleArn(stack, "Role", USER_ARN);
  const access = new DataApiAccess(stack, "Access", { role, warehouse });
  expect(runOf(new DataApiProof(stack, "Proof", { access, warehouse })).dependsOn).toStrictEqual([
    `aws_iam_role_policy.${access.resource!.friendlyUniqueId}`,
  ]);
});

describe("the shell command of DataApiProof", () => {
  const stack = testStack();
  const { command } = runOf(new DataApiProof(stack, "Proof", { warehouse: clusterIn(stack) }));
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "proof-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  /** Runs the command with an `aws` that answers as a statement of a status, and calls that are refused at first. */
  function run(status: string, ROLES = "", refusals = 0) {
    const log = join(directory, "log");
    writeFileSync(
      join(directory, "aws"),
      `#!/bin/sh
echo "\${AWS_ACCESS_KEY_ID-caller} $2 $4" >>${log}
[ "$(grep -c "$2" ${log})" -gt ${refusals} ] || exit 254
case "$*" in
  *assume-role*) echo "key-of-$(grep -c assume-role ${log}) secret token" ;;
  *execute-statement*) echo id ;;
  *Status\\ *) echo ${status} ;;
  *) echo "${status} the reason" ;;
esac
`,
      { mode: 0o755 },
    );
    writeFileSync(join(directory, "sleep"), `#!/bin/sh\necho "sleep $1" >>${log}\n`, { mode: 0o755 });
    const env = { PATH: `${directory}:${process.env.PATH}`, ROLES, STATEMENT: "{}" };
    const ended = spawnSync("/bin/sh", ["-c", command], { encoding: "utf8", env });
    return { calls: readFileSync(log, "utf8").trim().split("\n"), status: ended.status, stderr: ended.stderr };
  }

  test("has no Terraform expression or directive", () => {
    expect(command).not.toMatch(/[$%]\{/);
  });

  test("runs the statement with the credentials of the last assumed role", () => {
    expect(run("FINISHED", '{"RoleArn":"a"} {"RoleArn":"b"}')).toStrictEqual({
      calls: [
        'caller assume-role {"RoleArn":"a"}',
        'key-of-1 assume-role {"RoleArn":"b"}',
        "key-of-2 execute-statement {}",
        "key-of-2 describe-statement id",
      ],
      status: 0,
      stderr: "",
    });
  });

  test("tries a refused statement four times, with pauses of 5, 10 and 15 seconds, and fails", () => {
    const calls = Array.from({ length: 4 }, () => "caller execute-statement {}");
    expect(run("FINISHED", "", 9)).toMatchObject({
      calls: calls.flatMap((call, index) => [call, `sleep ${[5, 10, 15, 0][index]}`]),
      status: 1,
    });
  });

  test("fails with the reason of a statement whose status is FAILED", () => {
    expect(run("FAILED")).toMatchObject({ status: 1, stderr: "FAILED the reason\n" });
  });
});

describe("DataApiProof refuses", () => {
  test.each<[string, unknown, string]>([
    ["missing props", undefined, "'props' must be given, got: nothing"],
    [
      "a missing warehouse",
      {},
      "'warehouse' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: nothing",
    ],
    [
      "a database user and a secret",
      { databaseUser: "reader", secretArn: SECRET_ARN, warehouse: clusterIn(testStack()) },
      "'databaseUser' must not be combined with 'secretArn': the secret names the user, got: reader",
    ],
    [
      "a secret of another Region",
      { secretArn: SECRET_ARN.replace(REGION, "eu-west-1"), warehouse: clusterIn(testStack()) },
      `'secretArn' must be of the Region ${REGION}, got: ${SECRET_ARN.replace(REGION, "eu-west-1")}`,
    ],
    [
      "a database name with capitals",
      { database: "HR", warehouse: clusterIn(testStack()) },
      "'database' must be 1 to 64 lowercase letters, digits or any of _$, beginning with a letter, got: HR",
    ],
    [
      "a secret by name",
      { secretArn: "reader", warehouse: clusterIn(testStack()) },
      "'secretArn' must be the whole ARN of a Secrets Manager secret, with the hyphen and the six letters or digits at its end, got: reader",
    ],
    [
      "a database user for a serverless warehouse",
      { databaseUser: "reader", warehouse: serverlessIn(testStack()) },
      "'databaseUser' must be left out for a serverless warehouse: its credentials are for the workgroup, got: reader",
    ],
    [
      "the ARN of a session as an assumed role",
      {
        assumedRoles: [{ roleArn: `arn:aws:sts::${ACCOUNT}:assumed-role/Reader/me` }],
        warehouse: clusterIn(testStack()),
      },
      "'assumedRoles[0].roleArn' must be the ARN of an IAM role; for this session give its role, " +
        `arn:aws:iam::${ACCOUNT}:role/Reader (with the role's path before its name, if it has one), ` +
        `got: arn:aws:sts::${ACCOUNT}:assumed-role/Reader/me`,
    ],
    [
      "an external ID of one character",
      { assumedRoles: [{ externalId: "x", roleArn: ADMIN_ARN }], warehouse: clusterIn(testStack()) },
      "'assumedRoles[0].externalId' must be 2 to 1224 letters, digits or any of _+=,.@:/-, got: x",
    ],
    [
      "a session name of one character",
      { assumedRoles: [{ roleArn: ADMIN_ARN, sessionName: "x" }], warehouse: clusterIn(testStack()) },
      "'assumedRoles[0].sessionName' must be 2 to 64 letters, digits or any of _+=,.@-, got: x",
    ],
    [
      "a warehouse by ARN",
      { warehouse: CLUSTER_ARN },
      `'warehouse' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: ${CLUSTER_ARN}`,
    ],
  ])("%s", (_, props, message) => {
    expect(() => new DataApiProof(testStack(), "Proof", props as DataApiProofProps)).toThrow(
      new Error(`[test/Proof] ${message}`),
    );
  });
});
