import { join } from "node:path";
import { Testing } from "cdktf";
import { Fleet } from "../../../app/config/fleet";
import { StackError } from "../../../app/config/problems";
import { WarehouseStack } from "../../../app/stacks/warehouse-stack";
import { DataApiKeyPolicy, Identity } from "../../../modules";
import golden from "../../golden/key-policy.json";
import { ROOT } from "../../support/paths";
import { ADMIN_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import {
  type Arguments,
  fleetOf,
  only,
  statementsOf,
  type Synthesized,
  synthesize,
  warningsOf,
} from "../../support/support";

const SHIPPED = join(ROOT, "warehouses.yaml");
const type = (tfResourceType: string) => ({ tfResourceType });

/** The stacks of a configuration. */
function stacksOf(fleet: Fleet): WarehouseStack[] {
  const { warehouses, ...shared } = fleet.configuration;
  return warehouses.map(
    (warehouse) => new WarehouseStack(Testing.app(), warehouse, { ...shared, projectDirectory: "../../.." }),
  );
}

/** The only stack of a configuration with one warehouse, with more lines in it or at the top. */
function stackOf(lines: string, top = ""): WarehouseStack {
  const text = `${top}
warehouses:
  - ${lines.includes("name:") ? "" : "name: analytics"}
    account: "111122223333"
    region: us-east-1
    ${lines.includes("administrators:") ? "" : `administrators: [${ADMIN_ARN}]`}
    ${lines.includes("users:") ? "" : `users: [${USER_ARN}]`}
    ${lines}
`;
  return stacksOf(fleetOf({ "w.yaml": text }))[0]!;
}

const [cluster, serverless] = stacksOf(Fleet.load(SHIPPED)).map(synthesize) as [Synthesized, Synthesized];

/** The attribute of the only resource of a type, as an expression. */
function attribute(synthesized: Synthesized, resourceType: string, name: string): string {
  return `\${${resourceType}.${Object.keys(synthesized.resource[resourceType]!)[0]}.${name}}`;
}

test("the shipped stacks equal their snapshot, logical IDs included", () => {
  expect({ cluster, serverless }).toMatchSnapshot();
});

describe("the shipped stacks", () => {
  test.each([
    ["cluster", cluster, "ExampleUserRole"],
    ["serverless", serverless, "AnalyticsUserRole"],
  ])("of the %s has the documented statements in its key policy", (_, synthesized, role) => {
    const user = `arn:aws:iam::111122223333:role/${role}`;
    const [redshift, administrators, users] = golden.statements;
    expect(statementsOf(only(synthesized, type("aws_kms_key")).policy as string)).toStrictEqual([
      {
        ...redshift,
        Condition: {
          StringEquals: {
            "kms:CallerAccount": "111122223333",
            "kms:ViaService": [
              "redshift-serverless.us-east-1.amazonaws.com",
              "redshift.amazonaws.com",
              "redshift.us-east-1.amazonaws.com",
            ],
          },
        },
      },
      {
        ...administrators,
        Principal: {
          AWS: [
            "arn:aws:iam::111122223333:role/ExampleAdminRole",
            "arn:aws:iam::111122223333:role/ExampleBreakGlassRole",
          ],
        },
      },
      { ...users, Principal: { AWS: user } },
    ]);
  });

  test("encrypt the cluster, the namespace and their admin secrets with the key", () => {
    expect(only(cluster, type("aws_redshift_cluster"))).toMatchObject({
      encrypted: "true",
      kms_key_id: attribute(cluster, "aws_kms_key", "arn"),
      master_password_secret_kms_key_id: attribute(cluster, "aws_kms_key", "arn"),
    });
    expect(only(serverless, type("aws_redshiftserverless_namespace"))).toMatchObject({
      admin_password_secret_kms_key_id: attribute(serverless, "aws_kms_key", "arn"),
      kms_key_id: attribute(serverless, "aws_kms_key", "arn"),
    });
  });

  test("output encryption contexts with the ARN of the cluster or the namespace", () => {
    expect(cluster.output.encryption_context!.value).toStrictEqual({
      "aws:redshift:arn": "arn:aws:redshift:us-east-1:111122223333:cluster:analytics-cluster",
      serviceName: "RedshiftDataAPI",
    });
    expect(serverless.output.encryption_context!.value).toStrictEqual({
      "aws:redshift-serverless:arn": attribute(serverless, "aws_redshiftserverless_namespace", "arn"),
      serviceName: "RedshiftDataAPI",
    });
  });

  test.each([
    ["cluster", cluster, "ExampleUserRole", "arn:aws:redshift:us-east-1:111122223333:cluster:analytics-cluster"],
    ["serverless", serverless, "AnalyticsUserRole", attribute(serverless, "aws_redshiftserverless_workgroup", "arn")],
  ])(
    "of the %s creates the user role before the key and before the role's policy, which names the warehouse",
    (_, synthesized, name, warehouseArn) => {
      const [address] = Object.keys(synthesized.resource.aws_iam_role!);
      expect(only(synthesized, type("aws_iam_role"))).toMatchObject({ name });
      const policy = only(synthesized, type("aws_iam_role_policy"));
      expect(policy).toMatchObject({ depends_on: [`aws_iam_role.${address}`], role: name });
      expect(statementsOf(policy.policy as string)[0]).toMatchObject({ Resource: warehouseArn });
      expect(only(synthesized, type("aws_kms_key")).depends_on).toStrictEqual([`aws_iam_role.${address}`]);
    },
  );

  test("have key policies without Terraform expressions", () => {
    for (const synthesized of [cluster, serverless]) {
      expect(only(synthesized, type("aws_kms_key")).policy).not.toContain("${");
    }
  });

  test("have no role name, key alias or warehouse name in common", () => {
    const [clusterNames, serverlessNames] = [cluster, serverless].map(({ resource }) =>
      Object.entries(resource).flatMap(([type, resources]) =>
        Object.values(resources).flatMap(({ cluster_identifier, name, namespace_name, workgroup_name }: Arguments) =>
          [cluster_identifier, name, namespace_name, workgroup_name]
            .filter((value) => typeof value === "string" && type !== "aws_iam_role_policy")
            .map((value) => `${type}: ${String(value)}`),
        ),
      ),
    );
    expect(clusterNames!.length).toBeGreaterThan(2);
    expect(serverlessNames!.length).toBeGreaterThan(2);
    expect(clusterNames!.filter((name) => serverlessNames!.includes(name))).toStrictEqual([]);
  });
});

describe("the outputs of a warehouse's stack", () => {
  const values = ({ output }: Synthesized) =>
    Object.fromEntries(Object.entries(output).map(([name, { value }]) => [name, value as unknown]));

  test("describe a cluster", () => {
    expect(values(cluster)).toStrictEqual({
      admin_secret_arn: attribute(cluster, "aws_redshift_cluster", "master_password_secret_arn"),
      administrator_arns: [ADMIN_ARN, ADMIN_ARN.replace("ExampleAdmin", "ExampleBreakGlass")],
      cluster_identifier: attribute(cluster, "aws_redshift_cluster", "cluster_identifier"),
      database_name: attribute(cluster, "aws_redshift_cluster", "database_name"),
      encryption_context: expect.any(Object) as object,
      endpoint: attribute(cluster, "aws_redshift_cluster", "endpoint"),
      key_alias: "alias/analytics-cluster",
      key_arn: attribute(cluster, "aws_kms_key", "arn"),
      key_id: attribute(cluster, "aws_kms_key", "key_id"),
      user_role_arns: [USER_ARN],
      warehouse_arn: "arn:aws:redshift:us-east-1:111122223333:cluster:analytics-cluster",
    });
  });

  test("describe a serverless warehouse", () => {
    const workgroup = (name: string) => attribute(serverless, "aws_redshiftserverless_workgroup", name);
    expect(values(serverless)).toMatchObject({
      admin_secret_arn: attribute(serverless, "aws_redshiftserverless_namespace", "admin_password_secret_arn"),
      database_name: "dev",
      endpoint: `${workgroup("endpoint[0].address")}:${workgroup("endpoint[0].port")}`,
      namespace_arn: attribute(serverless, "aws_redshiftserverless_namespace", "arn"),
      warehouse_arn: workgroup("arn"),
      workgroup_arn: workgroup("arn"),
      workgroup_name: workgroup("workgroup_name"),
    });
  });

  test("have required_key_policy_statements for an existing key", () => {
    const { output } = synthesize(stackOf(`# administrators:\n    key: {keyArn: "${KEY_ARN}"}\n    serverless: {}`));
    const expected = DataApiKeyPolicy.requiredStatements({
      accountId: "111122223333",
      users: [Identity.fromArn(USER_ARN)],
      viaServices: DataApiKeyPolicy.viaServicesFor("us-east-1"),
    });
    expect(output.required_key_policy_statements!.value).toStrictEqual(expected);
    expect(output).not.toHaveProperty("key_alias");
    expect(output).not.toHaveProperty("administrator_arns");
  });
});

describe("the provider of a warehouse's stack", () => {
  test("is limited to the warehouse's account and Region", () => {
    const here = { allowed_account_ids: ["111122223333"], region: "us-east-1" };
    expect(cluster.provider.aws).toStrictEqual([here, { alias: "proof", ...here }]);
  });

  test("has default tags, in which the warehouse's tags have precedence", () => {
    const top = "defaultTags: {team: data, stage: test}";
    expect(synthesize(stackOf("tags: {stage: production}\n    serverless: {}", top)).provider.aws![0]).toMatchObject({
      default_tags: [{ tags: { stage: "production", team: "data" } }],
    });
  });

  test("has a range of versions, ~> 6.25 by default", () => {
    expect(cluster.terraform.required_providers).toStrictEqual({
      aws: { source: "hashicorp/aws", version: "~> 6.25" },
    });
    const older = synthesize(stackOf("serverless: {}", 'awsProviderVersion: ">= 5.100, < 7"'));
    expect(older.terraform.required_providers).toMatchObject({ aws: { version: ">= 5.100, < 7" } });
  });
});

describe("the state of a warehouse's stack", () => {
  const backend = (top: string): object => {
    const { backend, cloud } = synthesize(stackOf("serverless: {}", top)).terraform as {
      backend?: object;
      cloud?: object;
    };
    return { ...backend, ...(cloud && { cloud }) };
  };

  test("is a local file of the project by default", () => {
    expect(backend("")).toStrictEqual({ local: { path: "../../../terraform.analytics.tfstate" } });
  });

  test("is in S3, encrypted and locked by default", () => {
    expect(backend("backend: {s3: {bucket: states, region: eu-west-1}}")).toStrictEqual({
      s3: {
        bucket: "states",
        encrypt: true,
        key: "analytics/terraform.tfstate",
        region: "eu-west-1",
        use_lockfile: true,
      },
    });
  });

  test("is in S3 with the keyPrefix, kmsKeyId and useLockfile of the configuration", () => {
    const s3 = `{bucket: states, region: eu-west-1, keyPrefix: data/, kmsKeyId: "${KEY_ARN}", useLockfile: false}`;
    expect(backend(`backend: {s3: ${s3}}`)).toStrictEqual({
      s3: {
        bucket: "states",
        encrypt: true,
        key: "data/analytics/terraform.tfstate",
        kms_key_id: KEY_ARN,
        region: "eu-west-1",
        use_lockfile: false,
      },
    });
  });

  test("is in a workspace of HCP Terraform that is named after the stack", () => {
    expect(backend("backend: {cloud: {organization: example}}")).toStrictEqual({
      cloud: { organization: "example", workspaces: { name: "analytics" } },
    });
  });

  test("is in a workspace with the hostname, prefix and project of the configuration", () => {
    const workspaces = "{prefix: data-, project: warehouses}";
    expect(
      backend(`backend: {cloud: {organization: example, hostname: tf.example.com, workspaces: ${workspaces}}}`),
    ).toStrictEqual({
      cloud: {
        hostname: "tf.example.com",
        organization: "example",
        workspaces: { name: "data-analytics", project: "warehouses" },
      },
    });
  });
});

describe("assumeRole of an account", () => {
  const roleArn = "arn:aws:iam::111122223333:role/Deployer";
  const accounts = `accounts: {"111122223333": {assumeRole: {roleArn: "${roleArn}", externalId: ticket-1, sessionName: deploy}}}`;
  const deployer = { external_id: "ticket-1", role_arn: roleArn, session_name: "deploy" };

  test("is the role of each provider, also in other Regions", () => {
    const { provider } = synthesize(stackOf("serverless: {}\n    formerRegions: [eu-west-1]", accounts));
    expect(provider.aws!.map(({ assume_role }) => assume_role as unknown)).toStrictEqual([
      [deployer],
      [deployer],
      [deployer],
    ]);
  });

  test("is the first role that the proof assumes", () => {
    const proved = synthesize(stackOf(`serverless: {}\n    dataApiProof: ${USER_ARN}`, accounts));
    expect(proofOf(proved)!.roles).toStrictEqual([
      { ExternalId: "ticket-1", RoleArn: roleArn, RoleSessionName: "deploy" },
      { RoleArn: USER_ARN, RoleSessionName: "data-api-proof" },
    ]);
  });

  test("does not apply to a warehouse of another account", () => {
    const { provider } = synthesize(stackOf("serverless: {}", accounts.replaceAll("111122223333", "444455556666")));
    expect(provider.aws!.map(({ assume_role }) => assume_role as unknown)).toStrictEqual([undefined, undefined]);
  });
});

describe("the subnets and security groups", () => {
  const lookups = (kind: string, subnets: string, groups: string) =>
    synthesize(
      stackOf(
        `${kind}: {${kind === "cluster" ? "nodeType: ra3.large, vpcS" : "s"}ecurityGroupIds: ${groups}, subnetIds: ${subnets}}`,
      ),
    );
  const lookupOf = ({ data }: Synthesized, dataSource: string): [ids: string, query: Arguments] => {
    const [[address, query]] = Object.entries(data[dataSource]!) as [[string, Arguments]];
    return [`\${data.${dataSource}.${address}.ids}`, query];
  };

  test("of a cluster are not looked up if they are given by ID", () => {
    const stack = lookups("cluster", "[subnet-0123456789abcdef0]", "[sg-0123456789abcdef0]");
    expect(only(stack, type("aws_redshift_subnet_group")).subnet_ids).toStrictEqual(["subnet-0123456789abcdef0"]);
    expect(only(stack, type("aws_redshift_cluster")).vpc_security_group_ids).toStrictEqual(["sg-0123456789abcdef0"]);
    expect(stack.data).not.toHaveProperty("aws_security_groups");
  });

  test("of a cluster are looked up by tags alone", () => {
    const stack = lookups("cluster", "{tags: {tier: data}}", "{tags: {tier: clients}}");
    expect(lookupOf(stack, "aws_subnets")[1]).toMatchObject({ tags: { tier: "data" } });
    expect(lookupOf(stack, "aws_security_groups")[1]).toMatchObject({ tags: { tier: "clients" } });
  });

  test("of a cluster are looked up by VPC, tags or names, with postconditions on their number", () => {
    const stack = lookups("cluster", "{vpcId: vpc-0123456789abcdef0, tags: {tier: data}}", "{names: [a, b]}");
    const [subnetIds, subnets] = lookupOf(stack, "aws_subnets");
    expect(subnets).toStrictEqual({
      filter: [{ name: "vpc-id", values: ["vpc-0123456789abcdef0"] }],
      lifecycle: {
        postcondition: [
          {
            condition: "${(length(self.ids) >= 1)}",
            error_message: 'Fewer than 1 subnet is found by {"vpcId":"vpc-0123456789abcdef0","tags":{"tier":"data"}}.',
          },
        ],
      },
      tags: { tier: "data" },
    });
    const [groupIds, groups] = lookupOf(stack, "aws_security_groups");
    expect(groups).toMatchObject({
      filter: [{ name: "group-name", values: ["a", "b"] }],
      lifecycle: {
        postcondition: [
          {
            condition: "${(length(self.ids) >= 2)}",
            error_message: 'Fewer than 2 security groups are found by {"names":["a","b"]}.',
          },
        ],
      },
    });
    expect(only(stack, type("aws_redshift_subnet_group")).subnet_ids).toBe(subnetIds);
    expect(only(stack, type("aws_redshift_cluster")).vpc_security_group_ids).toBe(groupIds);
  });

  test("of a workgroup are looked up, with a postcondition of two subnets", () => {
    const stack = lookups("serverless", "{tags: {tier: data}}", "{vpcId: vpc-0123456789abcdef0, tags: {tier: data}}");
    const [subnetIds, subnets] = lookupOf(stack, "aws_subnets");
    expect(subnets).toMatchObject({ lifecycle: { postcondition: [{ condition: "${(length(self.ids) >= 2)}" }] } });
    const [securityGroupIds, groups] = lookupOf(stack, "aws_security_groups");
    expect(groups).toMatchObject({ filter: [{ name: "vpc-id" }], tags: { tier: "data" } });
    expect(only(stack, type("aws_redshiftserverless_workgroup"))).toMatchObject({
      security_group_ids: securityGroupIds,
      subnet_ids: subnetIds,
    });
  });

  test("of a multi-AZ cluster are looked up, with a postcondition of three subnets", () => {
    const stack = synthesize(stackOf("cluster: {nodeType: ra3.large, multiAz: true, subnetIds: {tags: {tier: data}}}"));
    const [, subnets] = lookupOf(stack, "aws_subnets");
    expect(subnets).toMatchObject({ lifecycle: { postcondition: [{ condition: "${(length(self.ids) >= 3)}" }] } });
  });
});

describe("other Regions of a warehouse", () => {
  const copy = (lines: string, key = "replicaRegions: [eu-west-1]", cluster = "destinationRegion: eu-west-1") =>
    stackOf(`cluster: {nodeType: ra3.large, snapshotCopy: {${cluster}}}\n    key: {${key}}\n    ${lines}`);
  const aliases = ({ provider }: Synthesized) => provider.aws!.map(({ alias }) => alias as string | undefined);

  test("have a replica of the key, a provider, and the copy grant under the replica", () => {
    const synthesized = synthesize(copy("tags: {team: data}", "replicaRegions: [eu-west-1, eu-west-2]"));
    expect(only(synthesized, type("aws_kms_key")).multi_region).toBe(true);
    const replicas = Object.entries(synthesized.resource.aws_kms_replica_key!);
    expect(replicas.map(([, { provider }]) => provider as string)).toStrictEqual(["aws.eu-west-1", "aws.eu-west-2"]);
    expect(only(synthesized, type("aws_redshift_snapshot_copy_grant"))).toStrictEqual({
      kms_key_id: `\${aws_kms_replica_key.${replicas[0]![0]}.arn}`,
      provider: "aws.eu-west-1",
      snapshot_copy_grant_name: "analytics",
    });
    expect(only(synthesized, type("aws_redshift_snapshot_copy"))).toMatchObject({ destination_region: "eu-west-1" });
    expect(aliases(synthesized)).toStrictEqual([undefined, "eu-west-1", "eu-west-2", "proof"]);
    expect(synthesized.provider.aws![1]).toStrictEqual({
      alias: "eu-west-1",
      allowed_account_ids: ["111122223333"],
      default_tags: [{ tags: { team: "data" } }],
      region: "eu-west-1",
    });
    expect(Object.keys(synthesized.output.replica_key_arns!.value as object)).toStrictEqual(["eu-west-1", "eu-west-2"]);
  });

  test("have replicas with the settings and the services of the key", () => {
    const settings =
      "deletionProtection: false, deletionWindowInDays: 20, description: D, lockoutPrecondition: false, replicaRegions: [eu-west-1]";
    const viaServices = "[redshift.us-east-1.amazonaws.com, none.amazonaws.com]";
    const replica = only(synthesize(copy("", `${settings}, viaServices: ${viaServices}`)), type("aws_kms_replica_key"));
    expect(replica).toMatchObject({ deletion_window_in_days: 20, description: "D" });
    expect(replica.lifecycle).toStrictEqual({ prevent_destroy: false });
    const [redshift] = statementsOf(replica.policy as string);
    expect((redshift!.Condition as { StringEquals: object }).StringEquals).toMatchObject({
      "kms:ViaService": ["none.amazonaws.com", "redshift.eu-west-1.amazonaws.com"],
    });
  });

  test("have a copy grant under destinationKeyArn, and the settings of the copy", () => {
    const keyArn = KEY_ARN.replace("us-east-1", "eu-west-1");
    const settings = `retentionPeriod: 3, manualSnapshotRetentionPeriod: 10, snapshotCopyGrantName: copies`;
    const synthesized = synthesize(
      copy("", "", `destinationRegion: eu-west-1, destinationKeyArn: "${keyArn}", ${settings}`),
    );
    expect(only(synthesized, type("aws_redshift_snapshot_copy_grant"))).toMatchObject({
      kms_key_id: keyArn,
      snapshot_copy_grant_name: "copies",
    });
    expect(only(synthesized, type("aws_redshift_snapshot_copy"))).toMatchObject({
      manual_snapshot_retention_period: 10,
      retention_period: 3,
    });
  });

  test("keep their provider if they are in formerRegions", () => {
    const synthesized = synthesize(stackOf("serverless: {}\n    formerRegions: [eu-west-1]"));
    expect(aliases(synthesized)).toStrictEqual([undefined, "eu-west-1", "proof"]);
  });
});

describe("the roles of an entry", () => {
  test("to create as administrators have every setting", () => {
    const { resource } = synthesize(
      stackOf(`administrators:
      - roleName: Keeper
        path: /keys/
        description: Keeps keys
        externalId: ticket-1
        maxSessionDuration: 7200
        permissionsBoundary: arn:aws:iam::111122223333:policy/Boundary
        trustedPrincipals: [arn:aws:iam::111122223333:root]
    serverless: {}`),
    );
    expect(only({ ...cluster, resource }, type("aws_iam_role"))).toStrictEqual({
      assume_role_policy: expect.any(String) as string,
      description: "Keeps keys",
      max_session_duration: 7200,
      name: "Keeper",
      path: "/keys/",
      permissions_boundary: "arn:aws:iam::111122223333:policy/Boundary",
    });
    const [, administrators] = statementsOf(only({ ...cluster, resource }, type("aws_kms_key")).policy as string);
    expect(administrators!.Principal).toStrictEqual({ AWS: "arn:aws:iam::111122223333:role/keys/Keeper" });
  });

  test.each([
    ["as a user", ["users: [{roleName: Reader, trustedServices: [lambda.amazonaws.com]}]", "users: [ARN]"]],
    [
      "as an administrator",
      ["administrators: [{roleName: Reader, trustedServices: [lambda.amazonaws.com]}]", "administrators: [ARN]"],
    ],
  ])("that the stack created stay in AWS if the entry then names them by ARN, %s", (_, [created, given]) => {
    const arn = "arn:aws:iam::111122223333:role/Reader";
    const [address] = Object.keys(synthesize(stackOf(`${created}\n    serverless: {}`)).resource.aws_iam_role!);
    const { removed } = synthesize(stackOf(`${given!.replace("ARN", arn)}\n    serverless: {}`));
    expect(removed).toContainEqual({ from: `aws_iam_role.${address}`, lifecycle: [{ destroy: false }] });
  });

  test("to create trust OIDC users, SAML users and principals with conditions", () => {
    const provider = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com";
    const { resource } = synthesize(
      stackOf(`users:
      - roleName: Loader
        oidcTrusts:
          - providerArn: ${provider}
            audiences: [sts.amazonaws.com]
            subjects: ["repo:octo-org/warehouse:*"]
        samlTrusts:
          - {providerArn: "arn:aws:iam::111122223333:saml-provider/Corporate", sessionTags: [Team]}
        principalTrusts:
          - {principals: [${ADMIN_ARN}], sessionNames: ["\${aws:username}"], sourceIdentities: ["\${aws:username}"]}
    serverless: {}`),
    );
    const trust = statementsOf(only({ ...cluster, resource }, type("aws_iam_role")).assume_role_policy as string);
    expect(trust.map(({ Condition, Sid }) => [Sid as string, Condition as unknown])).toStrictEqual([
      [
        "AllowPrincipals1",
        {
          StringEquals: { "sts:RoleSessionName": "$${aws:username}" },
          StringLike: { "sts:SourceIdentity": "$${aws:username}" },
        },
      ],
      [
        "AllowOidcUsers1",
        {
          StringEquals: { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" },
          StringLike: { "token.actions.githubusercontent.com:sub": "repo:octo-org/warehouse:*" },
        },
      ],
      ["AllowSamlUsers1", { StringEquals: { "SAML:aud": "https://signin.aws.amazon.com/saml" } }],
      ["AllowSessionTags1", { "ForAllValues:StringEquals": { "aws:TagKeys": "Team" } }],
      ["AllowSourceIdentity1", { StringLike: { "sts:SourceIdentity": "$${aws:username}" } }],
    ]);
  });

  test("may be both administrator and user, with a warning", () => {
    const root = "arn:aws:iam::111122223333:root";
    const stack = stackOf(`administrators: [${ADMIN_ARN}, "${root}"]\n    users: [${ADMIN_ARN}]\n    serverless: {}`);
    expect(synthesize(stack).removed).toHaveLength(1);
    expect(warningsOf(stack)).toStrictEqual([
      `${ADMIN_ARN} is both an administrator and a user of the key: separate the duties, or choose one`,
    ]);
  });

  test("as administrators have no construct if they are roles of another account, IAM users or roots", () => {
    const others =
      "arn:aws:iam::444455556666:role/Keeper, arn:aws:iam::111122223333:user/me, arn:aws:iam::111122223333:root";
    const { removed } = synthesize(stackOf(`administrators: [${others}]\n    serverless: {}`));
    expect(removed).toHaveLength(1);
  });

  test("given by ARN may have databases, a database user, and ownStatementsOnly: false", () => {
    const stack =
      stackOf(`users: [{roleArn: "${USER_ARN}", databases: [sales], databaseUser: reader, ownStatementsOnly: false}]
    cluster: {nodeType: ra3.large}`);
    const statements = statementsOf(only(synthesize(stack), type("aws_iam_role_policy")).policy as string);
    expect(statements.map(({ Condition }) => Condition as unknown)).toStrictEqual([undefined, undefined, undefined]);
    expect(statements[2]).toMatchObject({
      Action: "redshift:GetClusterCredentials",
      Resource: [
        "arn:aws:redshift:us-east-1:111122223333:dbname:analytics/sales",
        "arn:aws:redshift:us-east-1:111122223333:dbuser:analytics/reader",
      ],
    });
  });
});

describe("the roles of an entry that only AWS changes", () => {
  const SSO_ARN =
    "arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Reader_0123456789abcdef";
  const stack = stackOf(`administrators: [${ADMIN_ARN}, {permissionSet: Keeper}]
    users: [{permissionSet: Analyst, databases: [sales]}, "${SSO_ARN}", ${USER_ARN}]
    cluster: {nodeType: ra3.large}`);
  const { data, output, resource } = synthesize(stack);
  const arnOf = (permissionSet: string): string => {
    const [id] = Object.entries(data.aws_iam_roles!).find(([, { name_regex: regex }]) =>
      (regex as string).includes(`_${permissionSet}_`),
    )!;
    return `\${one(tolist(data.aws_iam_roles.${id}.arns))}`;
  };

  test("administer and use the key", () => {
    const [, administrators, users] = statementsOf(
      only({ ...cluster, resource }, type("aws_kms_key")).policy as string,
    );
    expect(administrators!.Principal).toStrictEqual({ AWS: [arnOf("Keeper"), ADMIN_ARN] });
    expect(users!.Principal).toStrictEqual({ AWS: [arnOf("Analyst"), USER_ARN, SSO_ARN] });
  });

  test("get no policy, and the output user_policies has their permissions", () => {
    const { policy, role } = only({ ...cluster, resource }, type("aws_iam_role_policy"));
    expect(role).toBe("ExampleUserRole");
    const policies = output.user_policies!.value as Record<string, string>;
    expect(Object.keys(policies).sort()).toStrictEqual([arnOf("Analyst"), SSO_ARN]);
    expect(policies[SSO_ARN]).toBe(policy);
    expect(policies[arnOf("Analyst")]).toBe((policy as string).replace("/dev", "/sales"));
  });

  test("are named by their permission set in a warning", () => {
    const both = "administrators: [{permissionSet: Keeper}]\n    users: [{permissionSet: Keeper}]\n    serverless: {}";
    const stack = stackOf(both);
    synthesize(stack);
    expect(warningsOf(stack)).toContain(
      "the permission set Keeper is both an administrator and a user of the key: separate the duties, or choose one",
    );
  });
});

describe("verifyPrincipals", () => {
  const account = "111122223333";
  const principals =
    `administrators: ["arn:aws:iam::${account}:role/team/Keeper", "arn:aws:iam::${account}:user/me", ` +
    `"arn:aws:iam::${account}:root", "arn:aws:iam::444455556666:role/Foreign"]\n` +
    `    deployers: ["arn:aws:iam::${account}:role/team/Keeper", "arn:aws:iam::${account}:role/Pipeline"]\n` +
    "    users: [{roleName: Reader, trustedServices: [lambda.amazonaws.com]}]\n    serverless: {}";

  test("looks up each existing role and user of the account once, with a postcondition on the ARN", () => {
    const { data } = synthesize(stackOf(`verifyPrincipals: true\n    ${principals}`));
    const { aws_iam_role: roles, aws_iam_user: users } = data;
    const roleArns = { Keeper: "role/team/Keeper", Pipeline: "role/Pipeline" };
    expect(Object.values(roles!)).toStrictEqual(
      Object.entries(roleArns).map(([name, path]) => ({
        lifecycle: {
          postcondition: [
            {
              condition: `\${(self.arn == "arn:aws:iam::${account}:${path}")}`,
              error_message:
                `arn:aws:iam::${account}:${path} is named in the configuration, but the role ${name} has the ARN ` +
                "${self.arn}.",
            },
          ],
        },
        name,
      })),
    );
    expect(Object.values(users!)).toStrictEqual([
      {
        lifecycle: {
          postcondition: [
            {
              condition: `\${(self.arn == "arn:aws:iam::${account}:user/me")}`,
              error_message:
                `arn:aws:iam::${account}:user/me is named in the configuration, but the user me has the ARN ` +
                "${self.arn}.",
            },
          ],
        },
        user_name: "me",
      },
    ]);
  });

  test("is off by default", () => {
    const { data } = synthesize(stackOf(principals));
    expect(data).not.toHaveProperty("aws_iam_role");
    expect(data).not.toHaveProperty("aws_iam_user");
  });
});

test("a warehouse's stack has no output user_policies if Terraform may change each of its roles", () => {
  expect(cluster.output).not.toHaveProperty("user_policies");
});

/** The proof of a stack, if it has one, with the inputs of the AWS CLI as values. */
function proofOf({ resource }: Synthesized) {
  const [proof] = Object.entries(resource.terraform_data ?? {}).filter(([id]) => id.startsWith("Proof_"));
  if (!proof) {
    return undefined;
  }
  const [{ "local-exec": localExec }] = proof[1].provisioner as [{ "local-exec": { environment: Arguments } }];
  const { ROLES, STATEMENT } = localExec.environment as { ROLES: string; STATEMENT: string };
  return {
    dependsOn: proof[1].depends_on as unknown,
    roles: ROLES.split(" ").map((role) => JSON.parse(role) as object),
    statement: JSON.parse(STATEMENT) as object,
  };
}

test("a warehouse's stack has a proof as the given user only if the entry has dataApiProof", () => {
  expect(proofOf(cluster)).toBeUndefined();
  expect(proofOf(synthesize(stackOf(`serverless: {}\n    dataApiProof: ${USER_ARN}`)))).toMatchObject({
    roles: [{ RoleArn: USER_ARN, RoleSessionName: "data-api-proof" }],
    statement: { Database: "dev", Sql: "select 1" },
  });
});

test("the proof of an entry has the database and the database user of its user, and depends on the access", () => {
  const users = `users: [{roleArn: "${USER_ARN}", databases: [sales, hr], databaseUser: reader}]`;
  const proved = synthesize(stackOf(`${users}\n    cluster: {nodeType: ra3.large}\n    dataApiProof: ${USER_ARN}`));
  const [access] = Object.keys(proved.resource.aws_iam_role_policy!);
  expect(proofOf(proved)).toMatchObject({
    dependsOn: [`aws_iam_role_policy.${access}`],
    statement: { Database: "sales", DbUser: "reader" },
  });
});

describe("a warehouse's stack reports, at the path of the entry,", () => {
  const problemsOf = (lines: string, top = "") => {
    try {
      stackOf(lines, top);
      return [];
    } catch (error) {
      expect(error).toBeInstanceOf(StackError);
      return (error as StackError).problems.map(({ message, path }) => [path.join("."), message]);
    }
  };

  test.each([
    [
      "two wrong props of a cluster",
      "cluster: {nodeType: ra3.4xlarge, numberOfNodes: 1, skipFinalSnapshot: true, finalSnapshotIdentifier: last}",
      [
        ["cluster.numberOfNodes", "must be an integer from 2 to 64 for ra3.4xlarge, got: 1"],
        ["cluster.finalSnapshotIdentifier", "must be left out if 'skipFinalSnapshot' is true, got: last"],
      ],
    ],
    [
      "a user role to create without a trust",
      "users: [{roleName: Reader}]\n    serverless: {}",
      [
        [
          "users.0.trustedPrincipals",
          "must name a principal that may assume the role, unless 'trustedServices' names a service, or one of 'oidcTrusts', 'principalTrusts' and 'samlTrusts' has a trust, got: []",
        ],
      ],
    ],
    [
      "an administrator role to create without a trust",
      "administrators: [{roleName: Keeper}]\n    serverless: {}",
      [
        [
          "administrators.0.trustedPrincipals",
          "must name a principal that may assume the role, unless 'trustedServices' names a service, or one of 'oidcTrusts', 'principalTrusts' and 'samlTrusts' has a trust, got: []",
        ],
      ],
    ],
    [
      "a role without a trust only once if dataApiProof names it too",
      `users: [{roleName: ExampleUserRole}]\n    serverless: {}\n    dataApiProof: ${USER_ARN}`,
      [
        [
          "users.0.trustedPrincipals",
          "must name a principal that may assume the role, unless 'trustedServices' names a service, or one of 'oidcTrusts', 'principalTrusts' and 'samlTrusts' has a trust, got: []",
        ],
      ],
    ],
    [
      "an OIDC trust without subjects",
      'users: [{roleName: Loader, oidcTrusts: [{providerArn: "arn:aws:iam::111122223333:oidc-provider/oidc.example.com", audiences: [sts]}]}]\n    serverless: {}',
      [
        [
          "users.0.oidcTrusts.0.subjects",
          "must name at least one subject, such as system:serviceaccount:NAMESPACE:NAME (EKS) or repo:OWNER/REPOSITORY:environment:NAME (GitHub Actions): only 'audiences' (aud) and 'subjects' (sub) together limit the users of a provider, got: []",
        ],
      ],
    ],
    [
      "a SAML provider of another account",
      'users: [{roleName: Loader, samlTrusts: [{providerArn: "arn:aws:iam::444455556666:saml-provider/Corporate"}]}]\n    serverless: {}',
      [
        [
          "users.0.samlTrusts.0.providerArn",
          "must be in the role's account, 111122223333: create the identity provider there, got: arn:aws:iam::444455556666:saml-provider/Corporate",
        ],
      ],
    ],
    [
      "a user role of another account",
      "users: [arn:aws:iam::444455556666:role/Reader]\n    serverless: {}",
      [["users.0", "must be a role of the stack's account, 111122223333, got: arn:aws:iam::444455556666:role/Reader"]],
    ],
    [
      "a user role of another account, given as roleArn",
      "users: [{roleArn: arn:aws:iam::444455556666:role/Reader}]\n    serverless: {}",
      [
        [
          "users.0.roleArn",
          "must be a role of the stack's account, 111122223333, got: arn:aws:iam::444455556666:role/Reader",
        ],
      ],
    ],
    [
      "an administrator of another partition",
      "administrators: [arn:aws-cn:iam::111122223333:root]\n    serverless: {}",
      [["administrators.0", "must be of the partition aws, got: arn:aws-cn:iam::111122223333:root"]],
    ],
    [
      "a rotation period of a key without rotation",
      "key: {enableKeyRotation: false, rotationPeriodInDays: 90}\n    serverless: {}",
      [["key.rotationPeriodInDays", "must be left out if 'enableKeyRotation' is false, got: 90"]],
    ],
    [
      "administrators beside keyArn",
      `key: {keyArn: "${KEY_ARN}"}\n    serverless: {}`,
      [["administrators", "must be left out for an existing key: the owner of the key names them, got: a list"]],
    ],
    [
      "a database user for a serverless warehouse",
      `users: [{roleArn: "${USER_ARN}", databaseUser: reader}]\n    serverless: {}`,
      [
        [
          "users.0.databaseUser",
          "must be left out for a serverless warehouse: its credentials are for the workgroup, got: reader",
        ],
      ],
    ],
    [
      "a user role to create with the name of an administrator that is given by ARN",
      `users: [{roleName: ExampleAdminRole, trustedServices: [lambda.amazonaws.com]}]\n    serverless: {}`,
      [
        [
          "users.0.roleName",
          `must not be the name of the role to create, because the entry names the existing role ${ADMIN_ARN}, got: ExampleAdminRole`,
        ],
      ],
    ],
    [
      "a user role with an administrator's name and another path",
      `users: [${ADMIN_ARN.replace("role/", "role/a/")}]\n    serverless: {}`,
      [
        [
          "users.0",
          `must not have the name of another role, ${ADMIN_ARN}, got: ${ADMIN_ARN.replace("role/", "role/a/")}`,
        ],
      ],
    ],
    [
      "dataApiProof with a role that only a service may assume",
      `users: [{roleName: ExampleUserRole, trustedServices: [lambda.amazonaws.com]}]\n    serverless: {}\n    dataApiProof: ${USER_ARN}`,
      [
        [
          "dataApiProof",
          `must be a role with 'trustedPrincipals', so that the deployer may assume it, got: ${USER_ARN}`,
        ],
      ],
    ],
    [
      "dataApiProof with a role whose sessionNames lack data-api-proof",
      `users: [{roleName: ExampleUserRole, sessionNames: [nightly], trustedPrincipals: [${ADMIN_ARN}]}]\n    serverless: {}\n    dataApiProof: ${USER_ARN}`,
      [["dataApiProof", `must be a role that has data-api-proof in its 'sessionNames', got: ${USER_ARN}`]],
    ],
    [
      "dataApiProof with a role that is no user",
      `serverless: {}\n    dataApiProof: ${ADMIN_ARN}`,
      [["dataApiProof", `must be the ARN of one of 'users', got: ${ADMIN_ARN}`]],
    ],
    [
      "an entry name that is too short for a namespace",
      "serverless: {}\n    name: ab",
      [
        [
          "name",
          "makes the namespaceName ab, which must be 3 to 64 lowercase letters, digits or hyphens, and not be a reserved word of Redshift",
        ],
      ],
    ],
    [
      "a namespace name that is too long for the default workgroup name",
      `serverless: {namespaceName: ${"n".repeat(64)}}`,
      [
        [
          "serverless.namespaceName",
          `makes the workgroupName ${"n".repeat(64)}, which must be 3 to 63 lowercase letters, digits or hyphens`,
        ],
      ],
    ],
    [
      "a replica in the key's own Region",
      "key: {replicaRegions: [us-east-1]}\n    serverless: {}",
      [["key.replicaRegions.0", "must be another Region of the partition of us-east-1, got: us-east-1"]],
    ],
    [
      "a replica in another partition",
      "key: {replicaRegions: [eu-west-1, cn-north-1]}\n    serverless: {}",
      [["key.replicaRegions.1", "must be another Region of the partition of us-east-1, got: cn-north-1"]],
    ],
    [
      "replicaRegions beside multiRegion: false",
      "key: {multiRegion: false, replicaRegions: [eu-west-1]}\n    serverless: {}",
      [["key.multiRegion", "must be true if there are 'replicaRegions', got: false"]],
    ],
    [
      "a snapshot copy without a key in the destination Region",
      "cluster: {nodeType: ra3.large, snapshotCopy: {destinationRegion: eu-west-1}}",
      [
        [
          "cluster.snapshotCopy.destinationKeyArn",
          "must be given unless 'replicaRegions' of the key has eu-west-1, got: nothing",
        ],
      ],
    ],
    [
      "destinationKeyArn beside a replica in the destination Region",
      `key: {replicaRegions: [eu-west-1]}\n    cluster: {nodeType: ra3.large, snapshotCopy: {destinationRegion: eu-west-1, destinationKeyArn: "${KEY_ARN}"}}`,
      [
        [
          "cluster.snapshotCopy.destinationKeyArn",
          `must be left out if the key has a replica in eu-west-1, got: ${KEY_ARN}`,
        ],
      ],
    ],
    [
      "a snapshot copy to the cluster's own Region",
      `cluster: {nodeType: ra3.large, snapshotCopy: {destinationRegion: us-east-1, destinationKeyArn: "${KEY_ARN}"}}`,
      [["cluster.snapshotCopy.destinationRegion", "must be another Region than the cluster's, got: us-east-1"]],
    ],
    [
      "a snapshot copy to the cluster's own Region without a key",
      "cluster: {nodeType: ra3.large, snapshotCopy: {destinationRegion: us-east-1}}",
      [["cluster.snapshotCopy.destinationRegion", "must be another Region than the cluster's, got: us-east-1"]],
    ],
    [
      "a role of another account, and a key of another Region for the admin's secret",
      `serverless: {adminSecretKeyArn: "${KEY_ARN.replace("us-east-1", "eu-west-1")}", iamRoles: [arn:aws:iam::444455556666:role/Copy]}`,
      [
        [
          "serverless.adminSecretKeyArn",
          `must be of the Region us-east-1, got: ${KEY_ARN.replace("us-east-1", "eu-west-1")}`,
        ],
        ["serverless.iamRoles.0", "must be of the account 111122223333, got: arn:aws:iam::444455556666:role/Copy"],
      ],
    ],
    [
      "an alarm topic of another Region",
      "serverless: {alarms: {computeCapacity: 8, topicArns: [arn:aws:sns:eu-west-1:111122223333:alarms]}}",
      [
        [
          "serverless.alarms.topicArns.0",
          "must be of the Region us-east-1, got: arn:aws:sns:eu-west-1:111122223333:alarms",
        ],
      ],
    ],
    [
      "a role of another partition in iamRoles",
      "serverless: {iamRoles: [arn:aws-cn:iam::111122223333:role/Copy]}",
      [["serverless.iamRoles.0", "must be of the partition aws, got: arn:aws-cn:iam::111122223333:role/Copy"]],
    ],
  ])("%s", (_, lines, problems) => {
    expect(problemsOf(lines)).toStrictEqual(problems);
  });

  test("tags that differ in case only from defaultTags", () => {
    const error =
      'must be at most 50 tags: keys of 1 to 128 characters that do not start with aws: and differ in more than case, values of at most 256, and in both only letters, digits, spaces and any of _.:/=+-@, got: {"Team":"data","team":"sales"}';
    expect(problemsOf("tags: {team: sales}\n    serverless: {}", "defaultTags: {Team: data}")).toStrictEqual([
      ["tags", error],
    ]);
  });

  const reader =
    "users: [{roleName: Reader, trustedServices: [lambda.amazonaws.com], databaseGroups: [a]}]\n    serverless: {}";
  const tagsOf = (count: number) => `defaultTags: {${Array.from({ length: count }, (_, i) => `t${i}: x`).join(", ")}}`;

  test.each([
    ["50 tags of its stack", tagsOf(50)],
    ["a tag of its stack of the same key in another case", "defaultTags: {redshiftdbgroups: x}"],
  ])("a role with database groups and %s", (_, top) => {
    expect(problemsOf(reader, top)).toStrictEqual([
      [
        "users.0.databaseGroups",
        "must have, with the default tags of its provider, at most 50 tags whose keys differ in more than case, " +
          'got: ["RedshiftDbGroups"]',
      ],
    ]);
  });

  test("no role with database groups and 49 tags of its stack", () => {
    expect(problemsOf(reader, tagsOf(49))).toStrictEqual([]);
  });

  test("missing administrators of a key to create", () => {
    expect(problemsOf("# administrators:\n    serverless: {}")).toStrictEqual([
      ["administrators", "must name at least one administrator, got: []"],
    ]);
  });

  test("a key of another Region", () => {
    const keyArn = KEY_ARN.replace("us-east-1", "eu-west-1");
    expect(problemsOf(`# administrators:\n    key: {keyArn: "${keyArn}"}\n    serverless: {}`)).toStrictEqual([
      ["key.keyArn", `must be the ARN of a key in us-east-1, got: ${keyArn}`],
    ]);
  });

  test("a key of another partition", () => {
    const keyArn = KEY_ARN.replace("arn:aws:", "arn:aws-cn:");
    expect(problemsOf(`# administrators:\n    key: {keyArn: "${keyArn}"}\n    serverless: {}`)).toStrictEqual([
      ["key.keyArn", `must be of the partition aws, got: ${keyArn}`],
    ]);
  });
});
