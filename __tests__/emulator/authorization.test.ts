import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { CreateAliasCommand, CreateKeyCommand } from "@aws-sdk/client-kms";
import { Caller, checkedActions, deployLane } from "../deploy/endpoint";
import { ACCOUNT, REGION } from "../support/arns";
import { send } from "./request";

type Content = Parameters<typeof send>[1];

const VERSIONS: Readonly<Record<string, string>> = {
  ec2: "2016-11-15",
  iam: "2010-05-08",
  monitoring: "2010-08-01",
  redshift: "2012-12-01",
  sns: "2010-03-31",
  sts: "2011-06-15",
};
const root = new Caller("root");
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

const arn = (service: string, resource: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const json = (target: string, members: object): Content => ({ json: members, target });
const form = (service: string, Action: string, members: Readonly<Record<string, string>> = {}): Content => ({
  form: { Action, Version: VERSIONS[service]!, ...members },
});
const DESCRIBE_CLUSTERS = form("redshift", "DescribeClusters");

const allow = (Resource: string, Action = "*", Condition?: object): object => ({
  Action,
  Effect: "Allow",
  Resource,
  ...(Condition && { Condition }),
});
const deny = (Resource: string, Action = "*"): object => ({ Action, Effect: "Deny", Resource });
const trust = (Principal: object, Condition?: object): readonly object[] => [
  { Action: "sts:AssumeRole", Effect: "Allow", Principal, ...(Condition && { Condition }) },
];
const document = (Statement: readonly object[]): string => JSON.stringify({ Statement, Version: "2012-10-17" });

let roles = 0;

/** Makes a role of a new name. Returns the name. */
async function makeRole(
  statements: readonly object[],
  { boundary, trusts = [] }: { readonly boundary?: string | undefined; readonly trusts?: readonly object[] } = {},
): Promise<string> {
  const RoleName = `Authorized${++roles}`;
  const AssumeRolePolicyDocument = document(trusts);
  await root.iam.send(new CreateRoleCommand({ AssumeRolePolicyDocument, PermissionsBoundary: boundary, RoleName }));
  if (statements.length > 0) {
    const policy = { PolicyDocument: document(statements), PolicyName: "test" };
    await root.iam.send(new PutRolePolicyCommand({ ...policy, RoleName }));
  }
  return RoleName;
}

/** The message of a denial; undefined if IAM allows the request. */
async function denial(caller: string, service: string, content: Content): Promise<string | undefined> {
  const { body, status } = await send(service, content, caller);
  expect(status).not.toBe(500);
  return /(?<=not authorized to perform: )[^"<]*|The security token[^"<]*/.exec(body)?.[0];
}

const assumption = (role: string, more: Readonly<Record<string, string>> = {}): Content =>
  form("sts", "AssumeRole", { RoleArn: roleArn(role), RoleSessionName: "session", ...more });

/** The access key ID of a session of a role. */
async function assume(role: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const { body } = await send("sts", assumption(role, more), "Assumer");
  return /<AccessKeyId>(\w+)</.exec(body)![1]!;
}

deployLane("in the emulator, authorization", () => {
  test.each<[service: string, content: Content, resource: string]>([
    [
      "monitoring",
      form("monitoring", "DeleteAlarms", { "AlarmNames.member.1": "cpu" }),
      arn("cloudwatch", "alarm:cpu"),
    ],
    ["ec2", form("ec2", "DeleteVpcEndpoints", { "VpcEndpointId.1": "vpce-1" }), arn("ec2", "vpc-endpoint/vpce-1")],
    ["events", json("AWSEvents.DescribeRule", { Name: "nightly" }), arn("events", "rule/nightly")],
    ["iam", form("iam", "GetRole", { RoleName: "Nobody" }), roleArn("Nobody")],
    ["logs", json("Logs_20140328.DeleteLogGroup", { logGroupName: "/aws/a" }), arn("logs", "log-group:/aws/a:*")],
    [
      "logs",
      json("Logs_20140328.ListTagsForResource", { resourceArn: arn("logs", "log-group:/aws/a") }),
      arn("logs", "log-group:/aws/a"),
    ],
    ["redshift", form("redshift", "DescribeClusters", { ClusterIdentifier: "a" }), arn("redshift", "cluster:a")],
    ["redshift", DESCRIBE_CLUSTERS, arn("redshift", "cluster:*")],
    [
      "redshift",
      form("redshift", "DeleteClusterSnapshot", { SnapshotClusterIdentifier: "a", SnapshotIdentifier: "s" }),
      arn("redshift", "snapshot:a/s"),
    ],
    [
      "redshift",
      form("redshift", "DeleteClusterSubnetGroup", { ClusterSubnetGroupName: "g" }),
      arn("redshift", "subnetgroup:g"),
    ],
    [
      "redshift",
      form("redshift", "DeleteTags", { ResourceName: arn("redshift", "usagelimit:l"), "TagKeys.TagKey.1": "a" }),
      arn("redshift", "usagelimit:l"),
    ],
    [
      "redshift-serverless",
      json("RedshiftServerless.GetWorkgroup", { workgroupName: "unmade" }),
      arn("redshift-serverless", "workgroup/*"),
    ],
    [
      "secretsmanager",
      json("secretsmanager.DescribeSecret", { SecretId: arn("secretsmanager", "secret:redshift!a-b-123456") }),
      arn("secretsmanager", "secret:redshift!a-b-123456"),
    ],
    ["sns", form("sns", "CreateTopic", { Name: "alarms" }), arn("sns", "alarms")],
    [
      "sns",
      form("sns", "SetSubscriptionAttributes", {
        AttributeName: "FilterPolicy",
        SubscriptionArn: arn("sns", "alarms:12345678-1234-1234-1234-123456789012"),
      }),
      arn("sns", "alarms"),
    ],
    ["sns", form("sns", "DeleteTopic", { TopicArn: arn("sns", "alarms") }), arn("sns", "alarms")],
  ])("authorizes %s %j on the resource %s", async (service, content, resource) => {
    expect(await denial(await makeRole([allow(resource)]), service, content)).toBeUndefined();
    expect(await denial(await makeRole([allow("*"), deny(resource)]), service, content)).toContain(
      `on resource: ${resource} with an explicit deny in an identity-based policy`,
    );
  });

  test("authorizes a request on each of its resources", async () => {
    const endpoint = form("ec2", "CreateVpcEndpoint", {
      "SecurityGroupId.1": "sg-1",
      "SubnetId.1": "subnet-1",
      "SubnetId.2": "subnet-2",
      VpcId: "vpc-1",
    });
    for (const resource of ["security-group/sg-1", "subnet/subnet-2", "vpc/vpc-1", "vpc-endpoint/*"]) {
      const role = await makeRole([allow("*"), deny(arn("ec2", resource))]);
      expect(await denial(role, "ec2", endpoint)).toContain(`on resource: ${arn("ec2", resource)} with`);
    }
  });

  test("authorizes an action without resources on * only", async () => {
    const content = form("redshift", "DescribeScheduledActions");
    expect(await denial(await makeRole([allow("*")]), "redshift", content)).toBeUndefined();
    expect(await denial(await makeRole([allow("arn:aws:redshift:*")]), "redshift", content)).toBe(
      "redshift:DescribeScheduledActions on resource: * because no identity-based policy allows the " +
        "redshift:DescribeScheduledActions action",
    );
  });

  test("returns the checked actions of a role, with resource and decision", async () => {
    const role = await makeRole([allow(arn("redshift", "cluster:mine"), "redshift:DescribeClusters")]);
    expect(await checkedActions(role)).toStrictEqual([]);
    for (const ClusterIdentifier of ["mine", "other", "other"]) {
      await denial(role, "redshift", form("redshift", "DescribeClusters", { ClusterIdentifier }));
    }
    expect(await checkedActions(role)).toStrictEqual([
      { action: "redshift:DescribeClusters", allowed: true, resource: arn("redshift", "cluster:mine") },
      { action: "redshift:DescribeClusters", allowed: false, resource: arn("redshift", "cluster:other") },
    ]);
  });

  test("returns the checked actions of a role on a key", async () => {
    const role = await makeRole([
      allow("*", "kms:DescribeKey", { "ForAnyValue:StringEquals": { "kms:ResourceAliases": "alias/authorized" } }),
    ]);
    const { KeyMetadata } = await root.kms.send(new CreateKeyCommand({}));
    const { Arn: resource, KeyId } = KeyMetadata!;
    const describe = json("TrentService.DescribeKey", { KeyId });
    expect(await denial(role, "kms", describe)).toContain("kms:DescribeKey");
    await root.kms.send(new CreateAliasCommand({ AliasName: "alias/authorized", TargetKeyId: KeyId }));
    expect(await denial(role, "kms", describe)).toBeUndefined();
    expect(await checkedActions(role)).toStrictEqual([
      { action: "kms:DescribeKey", allowed: false, resource },
      { action: "kms:DescribeKey", allowed: true, resource },
    ]);
  });

  test("requires kms:TagResource for a key that is created with tags", async () => {
    const role = await makeRole([allow("*", "kms:CreateKey")]);
    const create = (Tags: readonly object[]) => json("TrentService.CreateKey", { Tags });
    expect(await denial(role, "kms", create([]))).toBeUndefined();
    expect(await denial(role, "kms", create([{ TagKey: "team", TagValue: "data" }]))).toContain(
      `kms:TagResource on resource: ${arn("kms", "key/*")} because no identity-based`,
    );
  });

  test.each([
    ["secretsmanager:TagResource", "secret:redshift!authorized"],
    ["secretsmanager:GetRandomPassword", undefined],
  ])("requires %s for a managed password", async (action, secret) => {
    const cluster = form("redshift", "CreateCluster", {
      ClusterIdentifier: "authorized",
      ManageMasterPassword: "true",
      MasterUsername: "u",
      NodeType: "ra3.large",
    });
    const namespace = json("RedshiftServerless.CreateNamespace", {
      manageAdminPassword: true,
      namespaceName: "authorized",
    });
    const role = await makeRole([{ Effect: "Allow", NotAction: action, Resource: "*" }]);
    const reason = `${action} on resource: ${secret ? arn("secretsmanager", secret) : "*"} because no identity-based`;
    expect(await denial(role, "redshift", cluster)).toContain(reason);
    expect(await denial(role, "redshift-serverless", namespace)).toContain(reason);
  });

  describe("requires iam:PassRole", () => {
    const passed = roleArn("Passed");
    test.each<[operation: string, service: string, content: Content, to: string]>([
      [
        "CreateCluster",
        "redshift",
        form("redshift", "CreateCluster", {
          ClusterIdentifier: "passed",
          "IamRoles.IamRoleArn.1": passed,
          MasterUserPassword: "Password1",
          MasterUsername: "u",
          NodeType: "ra3.large",
        }),
        "redshift.amazonaws.com",
      ],
      [
        "RestoreFromClusterSnapshot",
        "redshift",
        form("redshift", "RestoreFromClusterSnapshot", {
          ClusterIdentifier: "passed",
          DefaultIamRoleArn: passed,
          SnapshotIdentifier: "unmade",
        }),
        "redshift.amazonaws.com",
      ],
      [
        "ModifyClusterIamRoles",
        "redshift",
        form("redshift", "ModifyClusterIamRoles", {
          "AddIamRoles.IamRoleArn.1": passed,
          ClusterIdentifier: "unmade",
        }),
        "redshift.amazonaws.com",
      ],
      [
        "CreateScheduledAction",
        "redshift",
        form("redshift", "CreateScheduledAction", {
          IamRole: passed,
          Schedule: "cron(0 8 * * ? *)",
          ScheduledActionName: "passed",
          "TargetAction.PauseCluster.ClusterIdentifier": "unmade",
        }),
        "scheduler.redshift.amazonaws.com",
      ],
      [
        "ModifyScheduledAction",
        "redshift",
        form("redshift", "ModifyScheduledAction", { IamRole: passed, ScheduledActionName: "unmade" }),
        "scheduler.redshift.amazonaws.com",
      ],
      [
        "CreateNamespace",
        "redshift-serverless",
        json("RedshiftServerless.CreateNamespace", { iamRoles: [passed], namespaceName: "passed" }),
        "redshift-serverless.amazonaws.com",
      ],
      [
        "UpdateNamespace",
        "redshift-serverless",
        json("RedshiftServerless.UpdateNamespace", { defaultIamRoleArn: passed, namespaceName: "unmade" }),
        "redshift-serverless.amazonaws.com",
      ],
      [
        "PutTargets",
        "events",
        json("AWSEvents.PutTargets", { Rule: "unmade", Targets: [{ Arn: passed, Id: "a", RoleArn: passed }] }),
        "events.amazonaws.com",
      ],
    ])("for the roles of %s", async (_, service, content, to) => {
      const others = { Effect: "Allow", NotAction: "iam:PassRole", Resource: "*" };
      const pass = (serviceName: string): object =>
        allow(passed, "iam:PassRole", { StringEquals: { "iam:PassedToService": serviceName } });
      expect(await denial(await makeRole([others, pass("ec2.amazonaws.com")]), service, content)).toBe(
        `iam:PassRole on resource: ${passed} because no identity-based policy allows the iam:PassRole action`,
      );
      expect(await denial(await makeRole([others, pass(to)]), service, content)).toBeUndefined();
    });
  });

  test("reads the default version of managed policies", async () => {
    const role = await makeRole([]);
    const { Policy: policy } = await root.iam.send(
      new CreatePolicyCommand({
        PolicyDocument: document([allow("*", "redshift:*")]),
        PolicyName: "AuthorizedManaged",
      }),
    );
    const PolicyArn = policy!.Arn;
    await root.iam.send(new AttachRolePolicyCommand({ PolicyArn, RoleName: role }));
    expect(await denial(role, "redshift", DESCRIBE_CLUSTERS)).toBeUndefined();
    const PolicyDocument = document([allow("*", "kms:*")]);
    await root.iam.send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault: true }));
    expect(await denial(role, "redshift", DESCRIBE_CLUSTERS)).toContain("because no identity-based policy allows");
  });

  test("limits a role by its permissions boundary", async () => {
    const PolicyDocument = document([allow("*", "redshift:DescribeTags")]);
    const { Policy: policy } = await root.iam.send(
      new CreatePolicyCommand({ PolicyDocument, PolicyName: "AuthorizedBoundary" }),
    );
    const role = await makeRole([allow("*")], { boundary: policy!.Arn });
    expect(await denial(role, "redshift", form("redshift", "DescribeTags"))).toBeUndefined();
    expect(await denial(role, "redshift", DESCRIBE_CLUSTERS)).toContain(
      "because no permissions boundary allows the redshift:DescribeClusters action",
    );
  });

  describe("of a session", () => {
    const trusts = trust({ AWS: ROOT });

    test("is decided by the policies of its role", async () => {
      const session = await assume(await makeRole([allow("*", "redshift:DescribeTags")], { trusts }));
      expect(await denial(session, "redshift", form("redshift", "DescribeTags"))).toBeUndefined();
      expect(await denial(session, "redshift", DESCRIBE_CLUSTERS)).toContain("because no identity-based policy allows");
    });

    test("is limited by its session policy", async () => {
      const Policy = document([allow("*", "redshift:DescribeTags")]);
      const session = await assume(await makeRole([allow("*")], { trusts }), { Policy });
      expect(await denial(session, "redshift", form("redshift", "DescribeTags"))).toBeUndefined();
      expect(await denial(session, "redshift", DESCRIBE_CLUSTERS)).toContain("because no session policy allows");
    });

    test("is an error for managed session policies, which the emulator lacks", async () => {
      const content = assumption(await makeRole([], { trusts }), {
        "PolicyArns.member.1.arn": "arn:aws:iam::aws:policy/A",
      });
      expect((await send("sts", content)).body).toContain("The emulator has no PolicyArns of AssumeRole.");
    });

    test("ends with its role, even if a role of the same name is created", async () => {
      const role = await makeRole([], { trusts });
      const session = await assume(role);
      const identity = form("sts", "GetCallerIdentity");
      expect(await denial(session, "sts", identity)).toBeUndefined();
      await root.iam.send(new DeleteRoleCommand({ RoleName: role }));
      expect((await send("sts", identity, session)).body).toContain("<Code>InvalidClientTokenId</Code>");
      await root.iam.send(new CreateRoleCommand({ AssumeRolePolicyDocument: document(trusts), RoleName: role }));
      expect(await denial(session, "kms", json("TrentService.ListKeys", {}))).toBe(
        "The security token included in the request is invalid.",
      );
      expect(await denial(await assume(role), "sts", identity)).toBeUndefined();
    });
  });

  describe("by the policy of a key", () => {
    const trusts = trust({ AWS: ROOT });

    /** Makes a key that a principal may describe. */
    async function makeKey(principal: string): Promise<Content> {
      const names = [ROOT, principal].map((AWS) => ({ ...allow("*", "kms:*"), Principal: { AWS } }));
      const { KeyMetadata } = await root.kms.send(new CreateKeyCommand({ Policy: document(names) }));
      return json("TrentService.DescribeKey", { KeyId: KeyMetadata!.KeyId });
    }

    test("is allowed if the key policy names the role, unless an identity-based policy denies it", async () => {
      const granted = await makeRole([]);
      expect(await denial(granted, "kms", await makeKey(roleArn(granted)))).toBeUndefined();
      const denied = await makeRole([deny("*", "kms:*")]);
      expect(await denial(denied, "kms", await makeKey(roleArn(denied)))).toContain("kms:DescribeKey on resource");
    });

    test("is limited by the session policy if the key policy names the role, and not if it names the session", async () => {
      const role = await makeRole([allow("*")], { trusts });
      const session = await assume(role, { Policy: document([allow("*", "redshift:*")]) });
      expect(await denial(session, "kms", await makeKey(roleArn(role)))).toContain("kms:DescribeKey on resource");
      const sessionArn = `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/session`;
      expect(await denial(session, "kms", await makeKey(sessionArn))).toBeUndefined();
    });
  });

  describe("of AssumeRole", () => {
    const mayAssume = [allow("*", "sts:AssumeRole")];

    test("refuses a role that trusts a service only", async () => {
      const role = await makeRole([], { trusts: trust({ Service: "scheduler.redshift.amazonaws.com" }) });
      expect(await denial(await makeRole(mayAssume), "sts", assumption(role))).toBe(
        `sts:AssumeRole on resource: ${roleArn(role)}`,
      );
    });

    test("requires sts:AssumeRole of the caller for a role that trusts the account", async () => {
      const role = await makeRole([], { trusts: trust({ AWS: ROOT }) });
      expect(await denial(await makeRole([]), "sts", assumption(role))).toContain("sts:AssumeRole");
      expect(await denial(await makeRole(mayAssume), "sts", assumption(role))).toBeUndefined();
    });

    test("allows a caller that the role trusts only under the trust's conditions", async () => {
      const caller = await makeRole([]);
      const condition = { StringEquals: { "sts:ExternalId": "42" } };
      const role = await makeRole([], { trusts: trust({ AWS: roleArn(caller) }, condition) });
      expect(await denial(caller, "sts", assumption(role))).toContain("sts:AssumeRole");
      expect(await denial(caller, "sts", assumption(role, { ExternalId: "42" }))).toBeUndefined();
    });
  });
});
