import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { App, TerraformStack } from "cdktf";
import { DataApiAccess, DataApiKey, DataApiRole, EncryptedCluster, EncryptedServerless, Identity } from "../../modules";
import { version } from "../../package.json";
import { TERRAFORM } from "../../tools/hcl/files";
import { follows, type Rule } from "../../modules/private/rule";
import * as rules from "../../modules/private/rules";
import { conditionOf } from "../../tools/hcl/conditions";
import golden from "../golden/key-policy.json";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, REGION, USER_ARN } from "../support/arns";
import { statementsOf } from "../support/support";
import { TESTED_VERSIONS } from "../../app/config/provider-version";
import { ProviderProcess } from "./provider";
import { CallerEndpoint, type Plan, plan, terraform, terraformLane } from "./terraform";

const EXAMPLE = readFileSync(join(TERRAFORM, "examples", "complete", "main.tf"), "utf8");
const PROVIDER = `provider "aws" {\n  region = "${REGION}"\n}\n`;

terraformLane("the Terraform modules, with the real terraform", () => {
  const endpoint = new CallerEndpoint(`arn:aws:sts::${ACCOUNT}:assumed-role/ExampleAdminRole/session`);
  let provider: ProviderProcess;
  let env: NodeJS.ProcessEnv;
  let directory: string;
  beforeAll(async () => {
    await endpoint.listen();
    provider = await ProviderProcess.start(endpoint.env);
    env = { ...endpoint.env, ...provider.env };
  });
  afterAll(async () => {
    await provider.stop();
    await endpoint.close();
  });
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "terraform-root-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  test("are formatted as terraform fmt formats them", async () => {
    const { code, stdout } = await terraform(TERRAFORM, endpoint.env, "fmt", "-check", "-recursive", "-diff");
    expect({ code, stdout }).toStrictEqual({ code: 0, stdout: "" });
  });

  test("pass terraform validate and terraform test without AWS", async () => {
    cpSync(TERRAFORM, directory, { recursive: true });
    for (const args of [["init", "-input=false"], ["validate"]]) {
      const { code, stderr } = await terraform(directory, env, ...args, "-no-color");
      expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" });
    }
    const { code, stderr, stdout } = await terraform(directory, env, "test", "-no-color");
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/Success! (\d\d) passed, 0 failed/);
  });

  describe("in a root module, with a Git source,", () => {
    const { administrators, users, viaServices } = golden.inputs;
    const GOLDEN = `module "golden" {
      source         = "${TERRAFORM}"
      administrators = ${JSON.stringify(administrators)}
      alias          = "alias/golden"
      users          = ${JSON.stringify(users)}
      via_services   = ${JSON.stringify(viaServices)}
    }`;
    let planned: Plan;

    beforeAll(async () => {
      const root = mkdtempSync(join(tmpdir(), "terraform-root-"));
      const repository = mkdtempSync(join(tmpdir(), "terraform-repository-"));
      try {
        writeFileSync(join(root, "main.tf"), `${PROVIDER}${EXAMPLE}${GOLDEN}`);
        planned = await plan(root, { ...env, ...gitRepository(repository) });
      } finally {
        rmSync(root, { recursive: true });
        rmSync(repository, { recursive: true });
      }
    });

    const isGolden = ({ address }: { address: string }) => address.startsWith("module.golden.");

    test("plan only creations, and send only GetCallerIdentity", () => {
      expect([...new Set(planned.resource_changes.map(({ change }) => change.actions.join()))]).toStrictEqual([
        "create",
      ]);
      expect(endpoint.otherRequests).toStrictEqual([]);
    });

    test("plan the documented key policy for the documented inputs", () => {
      const [key] = planned.resource_changes.filter((change) => isGolden(change) && change.type === "aws_kms_key");
      expect(statementsOf(key!.change.after.policy as string)).toStrictEqual(golden.statements);
    });

    test("plan the README's example with the same values as the constructs", async () => {
      const app = new App({ outdir: directory, stackTraces: false });
      const stack = new TerraformStack(app, "same");
      new AwsProvider(stack, "Aws", { region: REGION });
      stack.addOverride("terraform.required_providers.aws", { source: "hashicorp/aws", version: TESTED_VERSIONS });
      exampleInConstructs(stack);
      app.synth();
      const fromConstructs = await plan(join(directory, "stacks", "same"), env);
      const fromModule = planned.resource_changes.filter((change) => !isGolden(change));
      expect(values(fromModule)).toStrictEqual(values(fromConstructs.resource_changes));
    });
  });

  test("plan users whose roles the same configuration creates, also if the key has depends_on", async () => {
    const role = (name: string) => `resource "aws_iam_role" "${name}" {
      name               = "${name}"
      assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
    }`;
    const configuration = `${PROVIDER}
    ${role("analyst")}
    ${role("administrator")}
    ${role("other")}
    module "key" {
      source         = "${TERRAFORM}"
      administrators = [aws_iam_role.administrator.arn]
      alias          = "alias/analytics"
      deployers      = [aws_iam_role.administrator.arn]
      users          = [aws_iam_role.analyst.arn]
      user_roles     = { Reader = { trusted_principals = [aws_iam_role.analyst.arn] } }
      depends_on     = [aws_iam_role.other]
    }
    module "cluster" {
      source                 = "${TERRAFORM}/modules/cluster"
      cluster_identifier     = "analytics"
      default_iam_role_arn   = aws_iam_role.other.arn
      iam_roles              = [aws_iam_role.other.arn]
      key_arn                = module.key.key_arn
      node_type              = "ra3.large"
      number_of_nodes        = 2
      subnet_ids             = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
      user_role_arns         = module.key.user_role_arns
      vpc_security_group_ids = ["sg-0123456789abcdef0"]
    }
    module "serverless" {
      source             = "${TERRAFORM}/modules/serverless"
      key_arn            = module.key.key_arn
      namespace_name     = "analytics"
      security_group_ids = ["sg-0123456789abcdef0"]
      subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1", "subnet-0123456789abcdef2"]
      user_role_arns     = [aws_iam_role.analyst.arn]
    }`;
    writeFileSync(join(directory, "main.tf"), configuration);
    const { resource_changes: changes } = await plan(directory, env);
    const access = changes.filter(({ type }) => type === "aws_iam_role_policy");
    expect(access.map(({ address, change }) => [address, change.after.name])).toStrictEqual([
      ["module.cluster.aws_iam_role_policy.access[0]", "analytics-cluster-data-api-0"],
      ["module.cluster.aws_iam_role_policy.access[1]", "analytics-cluster-data-api-1"],
      ["module.serverless.aws_iam_role_policy.access[0]", "analytics-serverless-data-api-0"],
    ]);
  });

  test("accept and refuse the same values of variables as the library's rules", () => {
    const role = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
    const RESERVED_ROLES = [
      role("AWSReservedSSO_A_0123456789abcdef"),
      role("sso.amazonaws.com/AWSReservedSSO_A_0123456789abcdef"),
      role("aws-reserved/sso.amazonaws.com/AWSReservedSSO_A_0123456789abcdef"),
      role("aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_A_0123456789abcdef"),
      role("AWSServiceRoleForRedshift"),
      role("aws-service-role/redshift.amazonaws.com/AWSServiceRoleForRedshift"),
      role("team/aws-reserved/Any"),
    ];
    const ROLES = [ADMIN_ARN, role("p/r"), `arn:aws:iam::${ACCOUNT}:user/u`, "r", `${USER_ARN} `, ...RESERVED_ROLES];
    const samples: Partial<Record<keyof typeof rules, readonly (number | string)[]>> = {
      ADMIN_USERNAME: [
        "admin",
        "a_1",
        "a+b.c@d-e",
        "a:b",
        "user",
        "users",
        "Admin",
        "public",
        "publican",
        "1a",
        "a".repeat(128),
        "a".repeat(129),
      ],
      ALIAS: [
        "alias/a",
        "alias/a/b_c-d",
        "alias/aws/x",
        "alias/awsome",
        "a",
        "alias/",
        "alias/a b",
        `alias/${"a".repeat(251)}`,
      ],
      AUTOMATED_SNAPSHOT_RETENTION: [0, 1, 35, 36, 1.5],
      BASE_CAPACITY: [4, 8, 12, 16, 512, 520, 544, 560, 1024, 1056, 0],
      CLUSTER_IDENTIFIER: ["a", "a-b", "a--b", "a-", "-a", "1a", "A", "a".repeat(63), "a".repeat(64)],
      DATABASE_NAME: ["dev", "d$_1", "1d", "Dev", "d-e", "d".repeat(64), "d".repeat(65)],
      DELETION_WINDOW_IN_DAYS: [6, 7, 30, 31, 7.5],
      GROUP_NAME: ["standard", "default.redshift-2.0", "a_b", "A", "", "a".repeat(255), "a".repeat(256)],
      KEY_ARN: [KEY_ARN, KEY_ARN.replace("aws", "aws-cn"), KEY_ARN.replace("key/", "alias/"), "key", `${KEY_ARN} `],
      LOG_EXPORT: ["userlog", "connectionlog", "log", ""],
      FIRST_DATABASE_NAME: ["dev", "d$_1", "d-e", "table", "tables"],
      NAMESPACE_NAME: ["abc", "snapshot", "snapshots", "ab", "a-1", "A-1", "a".repeat(64), "a".repeat(65)],
      NODE_TYPE: ["ra3.large", "rg.xlarge", "dc2.large", ""],
      PERMISSION_SET_NAME: ["Analyst", "a+b=c,d.e@f-g_h", "a b", "*", "", "n".repeat(32), "n".repeat(33)],
      PORT: [5430, 5431, 5455, 5456, 8190, 8191, 8215, 8216, 5431.5],
      POSITIVE_INTEGER: [0, 1, 2.5, 1000],
      PRINCIPAL_ARN: [
        ADMIN_ARN,
        `arn:aws-us-gov:iam::${ACCOUNT}:root`,
        `arn:aws:iam::${ACCOUNT}:user/a/b/c`,
        `arn:aws:iam::${ACCOUNT}:group/a`,
        `arn:aws:sts::${ACCOUNT}:assumed-role/a/b`,
        `arn:aws:iam::${ACCOUNT}:role/*`,
        "*",
        ACCOUNT,
        ...RESERVED_ROLES,
      ],
      ROLE_ARN: ROLES,
      ROLE_NAME: ["Reader", "a+b=c,d.e@f-g_h", "a b", "", "a".repeat(64), "a".repeat(65)],
      ROLE_PATH: ["/", "/a/", "/a/b/", "a/", "/a", "/*/", "//"],
      ROTATION_PERIOD_IN_DAYS: [89, 90, 2560, 2561],
      SECURITY_GROUP_ID: ["sg-0123456789abcdef0", "sg-01234567", "sg-1", "subnet-01234567"],
      SUBNET_ID: ["subnet-0123456789abcdef0", "subnet-1", "sg-01234567"],
      TRUSTING_ROLE_ARN: ROLES,
      TRACK_NAME: ["current", "trailing", "latest"],
      VIA_SERVICE: ["redshift.amazonaws.com", `redshift.${REGION}.amazonaws.com`, "redshift", "a.b.c.amazonaws.com"],
      WORKGROUP_NAME: ["abc", "ab", "a".repeat(63), "a".repeat(64)],
    };
    const cases = Object.entries(samples).flatMap(([name, values]) => {
      const rule = rules[name as keyof typeof rules] as Rule;
      return values.map((sample) => ({
        expected: follows(sample, rule),
        name: `${name} ${sample}`,
      }));
    });
    // Each condition occurs once: the console reads a line of at most 64 KB.
    const answersOf = Object.entries(samples).map(([name, values]) => {
      const rule = rules[name as keyof typeof rules] as Rule;
      return `[for sample in ${JSON.stringify(values)} : (${conditionOf(rule, "sample")})]`;
    });
    const { stdout } = spawnSync("terraform", ["console"], {
      cwd: directory,
      encoding: "utf8",
      env: endpoint.env,
      input: `jsonencode(flatten([${answersOf.join(", ")}]))\n`,
    });
    const answers = JSON.parse(JSON.parse(stdout) as string) as boolean[];
    expect(answers).toHaveLength(cases.length);
    const different = cases.filter(({ expected }, index) => answers[index] !== expected).map(({ name }) => name);
    expect(different).toStrictEqual([]);
  });
});

/** The example, in constructs. */
function exampleInConstructs(stack: TerraformStack): void {
  const role = new DataApiRole(stack, "Role", {
    roleName: "AnalyticsReader",
    trustedPrincipals: [Identity.forAccountRoot(ACCOUNT)],
  });
  const administrators = [Identity.fromArn(ADMIN_ARN)];
  const key = new DataApiKey(stack, "Key", {
    administrators,
    alias: "alias/analytics",
    multiRegion: false,
    region: REGION,
    rotationPeriodInDays: 365,
    users: [role.identity],
  });
  const subnet = (last: number) => `subnet-0123456789abcdef${last}`;
  const groups = ["sg-0123456789abcdef0"];
  const cluster = new EncryptedCluster(stack, "Cluster", {
    clusterIdentifier: "analytics",
    key: DataApiKey.fromKeyArn(stack, "ClusterKey", { keyArn: key.keyArn }),
    nodeType: "ra3.large",
    numberOfNodes: 2,
    subnetIds: [subnet(0), subnet(1)],
    vpcSecurityGroupIds: groups,
  });
  const serverless = new EncryptedServerless(stack, "Serverless", {
    key: DataApiKey.fromKeyArn(stack, "ServerlessKey", { keyArn: key.keyArn }),
    namespaceName: "analytics",
    // The module states the level that AWS takes by default, because its block cannot be absent.
    pricePerformanceLevel: 50,
    securityGroupIds: groups,
    subnetIds: [subnet(0), subnet(1), subnet(2)],
  });
  new DataApiAccess(stack, "ClusterAccess", { policyName: "analytics-cluster-data-api-0", role, warehouse: cluster });
  new DataApiAccess(stack, "ServerlessAccess", {
    policyName: "analytics-serverless-data-api-0",
    role,
    warehouse: serverless,
  });
}

/** The resources that a plan makes, by type, without addresses. Policies are parsed, and their lists are sets. */
function values(changes: Plan["resource_changes"]): unknown {
  const sorted = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(sorted).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : value;
  return changes
    .map(({ change: { after }, type }) => ({
      after: Object.fromEntries(
        Object.entries(after)
          // Nothing, however it is written.
          .filter(([, value]) => value !== null && JSON.stringify(value) !== "[]" && JSON.stringify(value) !== "{}")
          .map(([name, value]) => [
            name,
            name.endsWith("policy")
              ? statementsOf(value as string).map(({ Principal, ...rest }) => ({
                  ...rest,
                  // A trust policy's one principal may stand in a list.
                  Principal: Object.fromEntries(
                    Object.entries((Principal ?? {}) as object).map(([kind, who]) => [kind, [who].flat().sort()]),
                  ),
                }))
              : sorted(value),
          ]),
      ),
      type,
    }))
    .sort((a, b) => (a.type + JSON.stringify(a) < b.type + JSON.stringify(b) ? -1 : 1));
}

/** Makes a repository of the modules, tagged with the version, and returns the environment in which git reads it for the example's. */
function gitRepository(directory: string): NodeJS.ProcessEnv {
  cpSync(TERRAFORM, join(directory, "terraform"), { recursive: true });
  const author = ["-c", "user.name=Example", "-c", "user.email=user@example.com"];
  for (const args of [
    ["init", "-q"],
    ["add", "."],
    [...author, "commit", "-q", "-m", "Modules"],
    ["tag", `v${version}`],
  ]) {
    execFileSync("git", args, { cwd: directory });
  }
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `url.file://${directory}.insteadOf`,
    GIT_CONFIG_VALUE_0: "https://example.com/redshift-kms.git",
  };
}
