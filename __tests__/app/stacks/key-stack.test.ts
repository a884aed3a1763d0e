import { App, Testing } from "cdktf";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fleetStacks } from "../../../app/stacks/fleet-stacks";
import { KEY_ARN, USER_ARN } from "../../support/arns";
import { fleetOf, only, statementsOf, type Synthesized, synthesize } from "../../support/support";

const type = (tfResourceType: string) => ({ tfResourceType });
const arn = (role: string) => `arn:aws:iam::111122223333:role/${role}`;
const text = (key = "", sales = "", reports = ""): string => `
defaults:
  account: "111122223333"
  region: us-east-1
  key: shared
keys:
  - name: shared
    administrators: [${arn("ExampleAdminRole")}, {roleName: Keeper, trustedServices: [lambda.amazonaws.com]}]
    ${key}
warehouses:
  - name: sales
    users: [${USER_ARN}, {roleName: Seller, path: /team/, trustedServices: [lambda.amazonaws.com]}]
    cluster: {nodeType: ra3.large}
    ${sales}
  - name: reports
    users: [${arn("team/Seller")}, {roleArn: "${arn("Reporter")}"}]
    serverless: {}
    ${reports}
`;

function stacksOf(configuration: string): Synthesized[] {
  return fleetStacks(Testing.app(), fleetOf({ "w.yaml": configuration }), "../../..").map(synthesize);
}

function linesOf(configuration: string): string[] {
  try {
    stacksOf(configuration);
    return [];
  } catch (error) {
    return (error as Error).message.split("\n");
  }
}

describe("an entry of keys", () => {
  const [key, sales, reports] = stacksOf(text()) as [Synthesized, Synthesized, Synthesized];

  test("is a stack with the key, the alias and the roles to create for all its warehouses", () => {
    expect(Object.keys(key.resource).sort()).toStrictEqual(["aws_iam_role", "aws_kms_alias", "aws_kms_key"]);
    expect(Object.values(key.resource.aws_iam_role!)).toMatchObject([
      { description: "Administers the key of shared", name: "Keeper" },
      { description: "Uses the Data API of sales", name: "Seller", path: "/team/" },
    ]);
    const roles = Object.keys(key.resource.aws_iam_role!).map((address) => `aws_iam_role.${address}`);
    expect(only(key, type("aws_kms_key")).depends_on).toStrictEqual(roles);
    expect(only(key, type("aws_kms_alias")).name).toBe("alias/shared");
  });

  test("has one principal for a permission set that is a user of two warehouses", () => {
    const [key, ...warehouses] = stacksOf(
      text()
        .replace(`users: [${USER_ARN}`, "users: [{permissionSet: Analyst}")
        .replace(`users: [${arn("team/Seller")}`, "users: [{permissionSet: Analyst}"),
    );
    const [, , users] = statementsOf(only(key!, type("aws_kms_key")).policy as string);
    const [lookup] = Object.keys(key!.data.aws_iam_roles!);
    expect(users!.Principal).toStrictEqual({
      AWS: [`\${one(tolist(data.aws_iam_roles.${lookup}.arns))}`, arn("Reporter"), arn("team/Seller")],
    });
    const user = expect.stringMatching(/^\$\{one\(tolist\(data\.aws_iam_roles\.[\w-]+\.arns\)\)\}$/) as string;
    expect(warehouses.map(({ output }) => Object.keys(output.user_policies!.value as object))).toStrictEqual([
      [user],
      [user],
    ]);
  });

  test("with permission sets makes each stack look up the roles of the permission sets", () => {
    const configuration = text("deployers: [{permissionSet: Deployer}]").replace(
      "[arn:aws",
      "[{permissionSet: Keeper}, arn:aws",
    );
    for (const stack of stacksOf(configuration)) {
      const lookups = Object.keys(stack.data.aws_iam_roles!);
      expect(lookups).toHaveLength(2);
      const read = JSON.stringify(stack).match(/data\.aws_iam_roles\.([\w-]+)/g)!;
      expect([...new Set(read)].sort()).toStrictEqual(lookups.map((id) => `data.aws_iam_roles.${id}`).sort());
      expect(stack.data).not.toHaveProperty("terraform_remote_state");
    }
  });

  test("has a key policy with the users of all its warehouses, and with both services", () => {
    const [redshift, administrators, users] = statementsOf(only(key, type("aws_kms_key")).policy as string);
    expect(administrators!.Principal).toStrictEqual({ AWS: [arn("ExampleAdminRole"), arn("Keeper")] });
    expect(users!.Principal).toStrictEqual({ AWS: [USER_ARN, arn("Reporter"), arn("team/Seller")] });
    expect(redshift!.Condition).toStrictEqual({
      StringEquals: {
        "kms:CallerAccount": "111122223333",
        "kms:ViaService": [
          "redshift-serverless.us-east-1.amazonaws.com",
          "redshift.amazonaws.com",
          "redshift.us-east-1.amazonaws.com",
        ],
      },
    });
  });

  test("outputs ARN, ID, alias, administrators and users", () => {
    expect(Object.keys(key.output).sort()).toStrictEqual([
      "administrator_arns",
      "key_alias",
      "key_arn",
      "key_id",
      "user_role_arns",
    ]);
  });

  test("is looked up by its alias in the stacks of its warehouses, which create no key and no role", () => {
    for (const stack of [sales, reports]) {
      const [address] = Object.keys(stack.data.aws_kms_key!);
      const { key_id, lifecycle } = stack.data.aws_kms_key![address!]!;
      expect(key_id).toBe("alias/shared");
      // KMS refuses the lookup of any other caller.
      const [{ condition, error_message }] = (lifecycle as { precondition: [Record<string, string>] }).precondition;
      expect(condition).toContain(`[for arn in ["${arn("ExampleAdminRole")}", "${arn("Keeper")}", `);
      expect(error_message).toContain("under the key arn:aws:kms:us-east-1:111122223333:alias/shared: ");
      expect(stack.resource).not.toHaveProperty("aws_kms_key");
      expect(stack.resource).not.toHaveProperty("aws_iam_role");
      expect(stack.data).not.toHaveProperty("terraform_remote_state");
      const [[, warehouse]] = [
        ...Object.entries(stack.resource.aws_redshift_cluster ?? {}),
        ...Object.entries(stack.resource.aws_redshiftserverless_namespace ?? {}),
      ] as [[string, { kms_key_id: string }]];
      expect(warehouse.kms_key_id).toBe(`\${data.aws_kms_key.${address}.arn}`);
      expect(stack.output.key_arn!.value).toBe(warehouse.kms_key_id);
      expect(stack.output).not.toHaveProperty("required_key_policy_statements");
    }
    const policies = Object.values(sales.resource.aws_iam_role_policy!);
    expect(policies.map(({ role }) => role as string).sort()).toStrictEqual(["ExampleUserRole", "Seller"]);
  });

  test("makes the plan of a warehouse compare the caller with administrators, deployers and users", () => {
    const [shared, ...warehouses] = stacksOf(text(`deployers: [${arn("ci/Deployer")}]`));
    const sids = statementsOf(only(shared!, type("aws_kms_key")).policy as string).map(({ Sid }) => Sid as string);
    expect(sids.slice(3)).toStrictEqual(["AllowDeployers", "AllowDeployersGrantsForAwsServices"]);
    const names = ["ExampleAdminRole", "Keeper", "ci/Deployer", "ExampleUserRole", "team/Seller", "Reporter"];
    for (const { resource } of warehouses) {
      const { lifecycle } = Object.values(
        resource.aws_redshift_cluster ?? resource.aws_redshiftserverless_namespace!,
      )[0]!;
      const [{ condition }] = (lifecycle as { precondition: [{ condition: string }] }).precondition;
      expect(condition.match(/role\/[\w/]+(?=")/g)).toStrictEqual(
        expect.arrayContaining(names.map((name) => `role/${name}`)),
      );
    }
  });

  test.each(["administrators", "deployers"])("refuses %s of a warehouse that shares the key", (prop) => {
    expect(linesOf(text("", `${prop}: [${arn("Other")}]`)).join()).toContain(
      `'${prop}' must be left out for a shared key: the entry of the key names them`.replaceAll("'", ""),
    );
  });

  test("is a dependency of the stacks of its warehouses", () => {
    const outdir = mkdtempSync(join(tmpdir(), "key-stack-"));
    try {
      const app = new App({ outdir, stackTraces: false });
      fleetStacks(app, fleetOf({ "w.yaml": text() }), "../../..");
      app.synth();
      const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as {
        stacks: Record<string, { dependencies: string[] }>;
      };
      expect(Object.entries(stacks).map(([name, { dependencies }]) => [name, dependencies])).toStrictEqual([
        ["reports", ["shared"]],
        ["sales", ["shared"]],
        ["shared", []],
      ]);
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });

  test("has its replicas in its own stack, and the stacks of its warehouses look the replicas up", () => {
    const [owner, cluster] = stacksOf(
      text("key: {replicaRegions: [eu-west-1]}").replace(
        "nodeType: ra3.large",
        "nodeType: ra3.large, snapshotCopy: {destinationRegion: eu-west-1}",
      ),
    ) as [Synthesized, Synthesized];
    expect(only(owner, type("aws_kms_replica_key"))).toMatchObject({ provider: "aws.eu-west-1" });
    expect(owner.output).toHaveProperty("replica_key_arns");
    const [, [address, lookup]] = Object.entries(cluster.data.aws_kms_key!) as [unknown, [string, object]];
    expect(lookup).toStrictEqual({ key_id: "alias/shared", provider: "aws.eu-west-1" });
    expect(only(cluster, type("aws_redshift_snapshot_copy_grant"))).toMatchObject({
      kms_key_id: `\${data.aws_kms_key.${address}.arn}`,
      provider: "aws.eu-west-1",
    });
    expect(cluster.resource).not.toHaveProperty("aws_kms_replica_key");
  });

  test("may be an existing key, with the output required_key_policy_statements", () => {
    const existing = text(`key: {keyArn: "${KEY_ARN}"}`).replace(/ +administrators:.*/, "");
    const [owner, cluster] = stacksOf(existing) as [Synthesized, Synthesized];
    expect(Object.keys(owner.resource)).toStrictEqual(["aws_iam_role"]);
    const [, users] = owner.output.required_key_policy_statements!.value as { Principal: object }[];
    expect(users!.Principal).toStrictEqual({ AWS: [USER_ARN, arn("Reporter"), arn("team/Seller")] });
    expect(only(cluster, type("aws_redshift_cluster")).kms_key_id).toBe(KEY_ARN);
    expect(cluster.output.key_id!.value).toBe(KEY_ARN.split("/")[1]);
    expect(cluster.data).not.toHaveProperty("aws_kms_key");
  });

  test.each<[string, string, string[]]>([
    [
      "is refused for a warehouse of another Region",
      text("", "region: eu-west-1"),
      ["w.yaml:5 defaults.key must be the name of a key of 111122223333 in eu-west-1, got: shared"],
    ],
    [
      "is refused for a warehouse of another account",
      text("", 'account: "444455556666"').replace(`${USER_ARN}, `, ""),
      ["w.yaml:5 defaults.key must be the name of a key of 444455556666 in us-east-1, got: shared"],
    ],
    [
      "is refused for a warehouse of another account with a user of the key's account",
      text("", 'account: "444455556666"'),
      [`w.yaml:12 warehouses[0].users[0] must be a role of the stack's account, 444455556666, got: ${USER_ARN}`],
    ],
    [
      "is refused for a warehouse with its own administrators",
      text("", `administrators: [${USER_ARN}]`),
      [
        "w.yaml:14 warehouses[0].administrators must be left out for a shared key: the entry of the key names them, got: a list",
      ],
    ],
    [
      "is refused with a user role without a trust",
      text().replace(", trustedServices: [lambda.amazonaws.com]}]\n    cluster", "}]\n    cluster"),
      [
        "w.yaml:12 warehouses[0].users[1].trustedPrincipals must name a principal that may assume the role, unless 'trustedServices' names a service, or one of 'oidcTrusts', 'principalTrusts' and 'samlTrusts' has a trust, got: []",
      ],
    ],
    [
      "is refused with a user of another partition",
      text().replace(USER_ARN, USER_ARN.replace("aws", "aws-cn")),
      [`w.yaml:12 warehouses[0].users[0] must be of the partition aws, got: ${USER_ARN.replace("aws", "aws-cn")}`],
    ],
    [
      "is refused with a user of another partition, after a user of two warehouses",
      text().replace(`{roleArn: "${arn("Reporter")}"}`, USER_ARN.replace("aws", "aws-cn")),
      [`w.yaml:16 warehouses[1].users[1] must be of the partition aws, got: ${USER_ARN.replace("aws", "aws-cn")}`],
    ],
    [
      "is refused with a rotation period and without rotation",
      text("key: {enableKeyRotation: false, rotationPeriodInDays: 90}"),
      ["w.yaml:9 keys[0].key.rotationPeriodInDays must be left out if 'enableKeyRotation' is false, got: 90"],
    ],
    [
      "is refused with a replica in its own Region",
      text("key: {replicaRegions: [us-east-1]}"),
      ["w.yaml:9 keys[0].key.replicaRegions[0] must be another Region of the partition of us-east-1, got: us-east-1"],
    ],
    [
      "is refused if it names no administrators",
      text().replace(/ +administrators:.*/, ""),
      ["w.yaml:7 keys[0].administrators must be given"],
    ],
  ])("%s", (_, configuration, lines) => {
    expect(linesOf(configuration)).toStrictEqual(lines);
  });
});

test("users of a shared key of another account get IAM permissions on the key, under its viaServices", () => {
  const keyArn = KEY_ARN.replace("111122223333", "444455556666");
  const viaServices = ["redshift.us-east-1.amazonaws.com", "redshift-serverless.us-east-1.amazonaws.com"];
  const configuration = text(`key: {keyArn: "${keyArn}", viaServices: [${viaServices.join(", ")}]}`);
  const [, ...warehouses] = stacksOf(configuration.replace(/administrators: .*/, ""));
  const policies = warehouses.flatMap(({ resource }) => Object.values(resource.aws_iam_role_policy!));
  expect(policies).toHaveLength(4);
  for (const { policy } of policies) {
    expect(statementsOf(policy as string).at(-1)).toMatchObject({
      Condition: { StringEquals: { "kms:ViaService": [...viaServices].sort() } },
      Resource: keyArn,
    });
  }
});
