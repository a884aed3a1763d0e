import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { runSimulation, type Simulation } from "@cloud-copilot/iam-simulate";
import {
  DataApiAccess,
  DataApiKey,
  DataApiRole,
  EncryptedCluster,
  EncryptedServerless,
  EncryptionContext,
  Identity,
} from "../../../modules";
import { blocks, CONFIGURATION } from "../../support/readme";
import { ACCOUNT, ADMIN_ARN, CLUSTER_ARN, KEY_ARN, NAMESPACE_ARN, REGION, USER_ARN } from "../../support/arns";
import { admin, only, reference, synthesize, testStack, user } from "../../support/support";

const OTHER_ACCOUNT = "444455556666";
const WORKGROUP_ARN = NAMESPACE_ARN.replace("namespace", "workgroup");
const CREATE_TIME = "20250815T0000Z";

type Principal = keyof typeof PRINCIPALS;
const PRINCIPALS = {
  admin: ADMIN_ARN,
  "admin's session": `arn:aws:sts::${ACCOUNT}:assumed-role/ExampleAdminRole/session`,
  user: USER_ARN,
  "user's session": `arn:aws:sts::${ACCOUNT}:assumed-role/ExampleUserRole/session`,
  stranger: `arn:aws:iam::${ACCOUNT}:role/Stranger`,
  foreigner: `arn:aws:iam::${OTHER_ACCOUNT}:role/Foreigner`,
  "cluster's pipeline": `arn:aws:iam::${ACCOUNT}:role/ClusterPipeline`,
  "namespace's pipeline": `arn:aws:iam::${ACCOUNT}:role/NamespacePipeline`,
};

type Resource = keyof typeof RESOURCES;
const RESOURCES = {
  key: KEY_ARN,
  cluster: CLUSTER_ARN,
  "another cluster": CLUSTER_ARN.replace("analytics", "other"),
  "the cluster's namesake in another Region": CLUSTER_ARN.replace(REGION, "eu-west-1"),
  "the cluster's namesake in another account": CLUSTER_ARN.replace(ACCOUNT, OTHER_ACCOUNT),
  workgroup: WORKGROUP_ARN,
  "another workgroup": WORKGROUP_ARN.replace("12345678", "87654321"),
  "the cluster's database": `arn:aws:redshift:${REGION}:${ACCOUNT}:dbname:analytics/dev`,
  "another database of the cluster": `arn:aws:redshift:${REGION}:${ACCOUNT}:dbname:analytics/prod`,
  "a database of another cluster": `arn:aws:redshift:${REGION}:${ACCOUNT}:dbname:other/dev`,
  "*": "*",
};

/**
 * The simulator takes condition keys of free name only if a slash precedes the name, so it would drop
 * `kms:EncryptionContext:NAME` from a request. `aws:RequestTag/NAME` holds one string, too, and goes with every action.
 */
function readable<T>(value: T): T {
  const json = JSON.stringify(value).replaceAll('"kms:EncryptionContext:', '"aws:RequestTag/kms:EncryptionContext:');
  return JSON.parse(json) as T;
}

/** The emitted policies, as AWS gets them. */
const EMITTED = (() => {
  const stack = testStack();
  const pipeline = (name: Principal, Sid: string, { conditions }: EncryptionContext) =>
    ({
      Sid,
      Effect: "Allow",
      Principal: { AWS: PRINCIPALS[name] },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      Condition: conditions,
    }) as const;
  const key = new DataApiKey(stack, "Key", {
    accountId: ACCOUNT,
    additionalStatements: [
      pipeline(
        "cluster's pipeline",
        "ClusterPipeline",
        EncryptionContext.forCluster({ clusterArn: CLUSTER_ARN, createTime: "2025-08-15T00:00:00Z" }),
      ),
      pipeline(
        "namespace's pipeline",
        "NamespacePipeline",
        EncryptionContext.forNamespace({ namespaceArn: NAMESPACE_ARN }),
      ),
    ],
    administrators: [admin()],
    alias: "alias/warehouse",
    region: REGION,
    users: [user()],
  });
  const role = DataApiRole.fromRoleArn(stack, "User", USER_ARN);
  const cluster = new EncryptedCluster(stack, "Cluster", {
    accountId: ACCOUNT,
    clusterIdentifier: "analytics",
    key,
    nodeType: "ra3.large",
    region: REGION,
  });
  const serverless = new EncryptedServerless(stack, "Serverless", { key, namespaceName: "analytics" });
  new DataApiAccess(stack, "ClusterAccess", { role, warehouse: cluster });
  new DataApiAccess(stack, "ServerlessAccess", { role, warehouse: serverless });
  const synthesized = synthesize(stack);
  const parse = (policy: string): unknown =>
    JSON.parse(policy.replaceAll(reference(serverless.workgroup, "arn"), WORKGROUP_ARN).replaceAll("$${", "${"));
  return {
    keyPolicy: parse(only(synthesized, KmsKey).policy as string),
    accessPolicies: Object.values(synthesized.resource[IamRolePolicy.tfResourceType]!).map(({ name, policy }) => ({
      name: name as string,
      policy: parse(policy as string),
    })),
  };
})();

/** Everything that IAM can allow: a key policy that does not hand over to IAM must withstand it. */
const EVERYTHING = {
  name: "Everything",
  policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] },
};

function simulation(who: Principal, action: string, resource: Resource, context: Record<string, string>): Simulation {
  const isKeyAction = action.startsWith("kms:");
  return {
    identityPolicies: isKeyAction ? [EVERYTHING] : who.startsWith("user") ? EMITTED.accessPolicies : [],
    request: {
      action,
      contextVariables: context,
      principal: PRINCIPALS[who],
      resource: { accountId: ACCOUNT, resource: RESOURCES[resource] },
    },
    resourceControlPolicies: [],
    resourcePolicy: isKeyAction ? EMITTED.keyPolicy : undefined,
    serviceControlPolicies: [],
  };
}

const via = (service: string, account = ACCOUNT) => ({
  "kms:CallerAccount": account,
  "kms:ViaService": `${service}.amazonaws.com`,
});
const directly = (account = ACCOUNT) => ({ "kms:CallerAccount": account });
const within = (context: Readonly<Record<string, string>>) => ({
  ...directly(),
  ...Object.fromEntries(Object.entries(context).map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
});
const CLUSTER_CONTEXT = {
  "aws:redshift:arn": CLUSTER_ARN,
  "aws:redshift:createtime": CREATE_TIME,
  serviceName: "RedshiftDataAPI",
};
const NAMESPACE_CONTEXT = { "aws:redshift-serverless:arn": NAMESPACE_ARN, serviceName: "RedshiftDataAPI" };
const OWN_STATEMENT = {
  "aws:userid": "AROAEXAMPLE:alice",
  "redshift-data:statement-owner-iam-userid": "AROAEXAMPLE:alice",
};
const STATEMENT_OF_ANOTHER = { ...OWN_STATEMENT, "redshift-data:statement-owner-iam-userid": "AROAEXAMPLE:bob" };

const MY_SESSION = { "aws:userid": "AROAEXAMPLE:alice", "redshift-data:session-owner-iam-userid": "AROAEXAMPLE:alice" };
const THEIR_SESSION = { ...MY_SESSION, "redshift-data:session-owner-iam-userid": "AROAEXAMPLE:bob" };

const ALLOWED = "Allowed";
const DENIED = "ImplicitlyDenied";
type Row = readonly [
  who: Principal,
  action: string,
  resource: Resource,
  context: Record<string, string>,
  expected: string,
];

const THROUGH_REDSHIFT: readonly Row[] = [
  ["stranger", "kms:CreateGrant", "key", via(`redshift.${REGION}`), ALLOWED],
  ["stranger", "kms:DescribeKey", "key", via(`redshift.${REGION}`), ALLOWED],
  ["stranger", "kms:CreateGrant", "key", via(`redshift-serverless.${REGION}`), ALLOWED],
  ["stranger", "kms:DescribeKey", "key", via(`redshift-serverless.${REGION}`), ALLOWED],
  ["stranger", "kms:CreateGrant", "key", via("redshift"), ALLOWED],
  ["stranger", "kms:DescribeKey", "key", via("redshift"), ALLOWED],
  ["user", "kms:CreateGrant", "key", via(`redshift.${REGION}`), ALLOWED],
  ["user's session", "kms:CreateGrant", "key", via(`redshift-serverless.${REGION}`), ALLOWED],
  ["cluster's pipeline", "kms:CreateGrant", "key", via(`redshift.${REGION}`), ALLOWED],
  ["stranger", "kms:CreateGrant", "key", via(`s3.${REGION}`), DENIED],
  ["stranger", "kms:DescribeKey", "key", via(`s3.${REGION}`), DENIED],
  ["stranger", "kms:CreateGrant", "key", via("redshift.eu-west-1"), DENIED],
  ["stranger", "kms:DescribeKey", "key", via("redshift.eu-west-1"), DENIED],
  ["stranger", "kms:CreateGrant", "key", via("redshift-serverless.eu-west-1"), DENIED],
  ["stranger", "kms:CreateGrant", "key", via("redshift-serverless"), DENIED],
  ["stranger", "kms:CreateGrant", "key", via(`REDSHIFT.${REGION}`), DENIED],
  ["stranger", "kms:CreateGrant", "key", directly(), DENIED],
  ["stranger", "kms:DescribeKey", "key", directly(), DENIED],
  ["stranger", "kms:CreateGrant", "key", { "kms:ViaService": `redshift.${REGION}.amazonaws.com` }, DENIED],
  ["foreigner", "kms:CreateGrant", "key", via(`redshift.${REGION}`, OTHER_ACCOUNT), DENIED],
  ["foreigner", "kms:DescribeKey", "key", via(`redshift.${REGION}`, OTHER_ACCOUNT), DENIED],
  ["foreigner", "kms:CreateGrant", "key", via("redshift", OTHER_ACCOUNT), DENIED],
  ["foreigner", "kms:Decrypt", "key", directly(OTHER_ACCOUNT), DENIED],
  ["stranger", "kms:Decrypt", "key", via(`redshift.${REGION}`), DENIED],
  ["stranger", "kms:GenerateDataKey", "key", via(`redshift-serverless.${REGION}`), DENIED],
  ["stranger", "kms:RetireGrant", "key", via(`redshift.${REGION}`), DENIED],
  ["stranger", "kms:Decrypt", "key", directly(), DENIED],
  ["stranger", "kms:PutKeyPolicy", "key", directly(), DENIED],
];

const ADMINISTRATION: readonly Row[] = [
  ...["PutKeyPolicy", "ScheduleKeyDeletion", "DisableKey", "ListGrants", "RevokeGrant", "CreateGrant"].map(
    (action): Row => ["admin", `kms:${action}`, "key", directly(), ALLOWED],
  ),
  ["admin", "kms:Decrypt", "key", via(`s3.${REGION}`), ALLOWED],
  ["admin", "kms:RotateKeyOnDemand", "key", directly(), ALLOWED],
  ["admin's session", "kms:PutKeyPolicy", "key", directly(), ALLOWED],
];

const USE: readonly Row[] = [
  ...[
    "Encrypt",
    "Decrypt",
    "ReEncryptFrom",
    "ReEncryptTo",
    "GenerateDataKey",
    "GenerateDataKeyPair",
    "GenerateDataKeyWithoutPlaintext",
    "DescribeKey",
  ].map((action): Row => ["user", `kms:${action}`, "key", directly(), ALLOWED]),
  ["user", "kms:Decrypt", "key", via(`s3.${REGION}`), ALLOWED],
  ["user's session", "kms:Decrypt", "key", directly(), ALLOWED],
  ...["PutKeyPolicy", "ScheduleKeyDeletion", "CreateGrant", "ListGrants", "RevokeGrant", "DisableKey"].map(
    (action): Row => ["user", `kms:${action}`, "key", directly(), DENIED],
  ),
  ["user", "kms:CreateGrant", "key", via(`s3.${REGION}`), DENIED],
];

const CONTEXTS: readonly Row[] = [
  ["cluster's pipeline", "kms:Decrypt", "key", within(CLUSTER_CONTEXT), ALLOWED],
  ["cluster's pipeline", "kms:GenerateDataKey", "key", within({ ...CLUSTER_CONTEXT, more: "pairs" }), ALLOWED],
  ["cluster's pipeline", "kms:Encrypt", "key", within(CLUSTER_CONTEXT), DENIED],
  ["cluster's pipeline", "kms:Decrypt", "key", within({}), DENIED],
  [
    "cluster's pipeline",
    "kms:Decrypt",
    "key",
    within({ ...CLUSTER_CONTEXT, "aws:redshift:arn": RESOURCES["another cluster"] }),
    DENIED,
  ],
  [
    "cluster's pipeline",
    "kms:Decrypt",
    "key",
    within({ ...CLUSTER_CONTEXT, "aws:redshift:createtime": "20250815T0001Z" }),
    DENIED,
  ],
  [
    "cluster's pipeline",
    "kms:Decrypt",
    "key",
    within({ "aws:redshift:arn": CLUSTER_ARN, "aws:redshift:createtime": CREATE_TIME }),
    DENIED,
  ],
  ["cluster's pipeline", "kms:Decrypt", "key", within({ ...CLUSTER_CONTEXT, serviceName: "redshiftdataapi" }), DENIED],
  ["cluster's pipeline", "kms:Decrypt", "key", within(NAMESPACE_CONTEXT), DENIED],
  ["cluster's pipeline", "kms:DescribeKey", "key", directly(), DENIED],
  ["namespace's pipeline", "kms:Decrypt", "key", within(NAMESPACE_CONTEXT), ALLOWED],
  ["namespace's pipeline", "kms:GenerateDataKey", "key", within(NAMESPACE_CONTEXT), ALLOWED],
  ["namespace's pipeline", "kms:Decrypt", "key", within({ serviceName: "RedshiftDataAPI" }), DENIED],
  ["namespace's pipeline", "kms:Decrypt", "key", within(CLUSTER_CONTEXT), DENIED],
  [
    "namespace's pipeline",
    "kms:Decrypt",
    "key",
    within({ ...NAMESPACE_CONTEXT, "aws:redshift-serverless:arn": WORKGROUP_ARN }),
    DENIED,
  ],
  ["stranger", "kms:Decrypt", "key", within(CLUSTER_CONTEXT), DENIED],
];

const DATA_API: readonly Row[] = [
  ...[
    "ExecuteStatement",
    "BatchExecuteStatement",
    "ListDatabases",
    "ListSchemas",
    "ListTables",
    "DescribeTable",
  ].flatMap((action): Row[] => [
    ["user", `redshift-data:${action}`, "cluster", {}, ALLOWED],
    ["user", `redshift-data:${action}`, "workgroup", {}, ALLOWED],
    ["user", `redshift-data:${action}`, "another cluster", {}, DENIED],
    ["user", `redshift-data:${action}`, "another workgroup", {}, DENIED],
  ]),
  ["user's session", "redshift-data:ExecuteStatement", "cluster", {}, ALLOWED],
  ["user", "redshift-data:ExecuteStatement", "the cluster's namesake in another Region", {}, DENIED],
  ["user", "redshift-data:ExecuteStatement", "the cluster's namesake in another account", {}, DENIED],
  ["stranger", "redshift-data:ExecuteStatement", "cluster", {}, DENIED],
  ...["DescribeStatement", "GetStatementResult", "CancelStatement", "ListStatements"].flatMap((action): Row[] => [
    ["user's session", `redshift-data:${action}`, "*", OWN_STATEMENT, ALLOWED],
    ["user's session", `redshift-data:${action}`, "*", STATEMENT_OF_ANOTHER, DENIED],
  ]),
  ...["ExecuteStatement", "BatchExecuteStatement"].flatMap((action): Row[] => [
    ["user's session", `redshift-data:${action}`, "cluster", MY_SESSION, ALLOWED],
    ["user's session", `redshift-data:${action}`, "cluster", THEIR_SESSION, DENIED],
    ["user's session", `redshift-data:${action}`, "workgroup", THEIR_SESSION, DENIED],
  ]),
  ["user's session", "redshift-data:ListSessions", "*", MY_SESSION, ALLOWED],
  ["user's session", "redshift-data:ListSessions", "*", THEIR_SESSION, DENIED],
  ["user's session", "redshift-data:ListSessions", "*", { "aws:userid": "AROAEXAMPLE:alice" }, DENIED],
  ["user's session", "redshift-data:GetStatementResult", "*", { "aws:userid": "AROAEXAMPLE:alice" }, DENIED],
  ["user", "redshift:GetClusterCredentialsWithIAM", "the cluster's database", {}, ALLOWED],
  ["user", "redshift:GetClusterCredentialsWithIAM", "another database of the cluster", {}, DENIED],
  ["user", "redshift:GetClusterCredentialsWithIAM", "a database of another cluster", {}, DENIED],
  ["user", "redshift:GetClusterCredentials", "the cluster's database", {}, DENIED],
  ["stranger", "redshift:GetClusterCredentialsWithIAM", "the cluster's database", {}, DENIED],
  ["user", "redshift-serverless:GetCredentials", "workgroup", {}, ALLOWED],
  ["user", "redshift-serverless:GetCredentials", "another workgroup", {}, DENIED],
  ["stranger", "redshift-serverless:GetCredentials", "workgroup", {}, DENIED],
];

describe.each([
  ["use of a key through Redshift", THROUGH_REDSHIFT],
  ["use of a key by an administrator", ADMINISTRATION],
  ["use of a key by a user", USE],
  ["use of a key under an encryption context", CONTEXTS],
  ["use of the Data API", DATA_API],
])("in the IAM simulator, %s", (_, rows) => {
  test.each(rows)("%s calls %s on %s with the context %j: %s", async (who, action, resource, context, expected) => {
    const result = await runSimulation(readable(simulation(who, action, resource, context)), {});
    if (result.resultType !== "single") {
      throw new Error(JSON.stringify(result));
    }
    expect({ ignored: result.result.ignoredContextKeys, result: result.overallResult }).toStrictEqual({
      ignored: [],
      result: expected,
    });
  });
});

describe("in the IAM simulator, with a key of another account:", () => {
  const keyArn = KEY_ARN.replace(ACCOUNT, OTHER_ACCOUNT);
  const stack = testStack();
  const key = DataApiKey.fromKeyArn(stack, "Key", {
    accountId: ACCOUNT,
    deployers: [Identity.fromArn(PRINCIPALS.stranger)],
    keyArn,
    users: [user()],
  });
  const warehouse = new EncryptedServerless(stack, "Serverless", { key, namespaceName: "analytics" });
  const { statements } = new DataApiAccess(stack, "Access", {
    role: DataApiRole.fromRoleArn(stack, "User", USER_ARN),
    warehouse,
  });
  const resourcePolicy = { Version: "2012-10-17", Statement: key.requiredStatements };
  const DOCUMENTED = statements.filter(({ Resource }) => Resource === keyArn);
  const forAwsResource = (service: string) => ({ ...via(service), "kms:GrantIsForAWSResource": "true" });
  const SERVERLESS = `redshift-serverless.${REGION}`;

  test.each<[who: Principal, iam: "documented" | "every" | "no", action: string, Record<string, string>, string]>([
    ...["CreateGrant", "DescribeKey", "Encrypt", "Decrypt", "GenerateDataKey", "ReEncryptFrom"].flatMap(
      (action): [Principal, "documented" | "every" | "no", string, Record<string, string>, string][] => [
        ["user", "documented", action, via(SERVERLESS), ALLOWED],
        ["user's session", "documented", action, via(`redshift.${REGION}`), ALLOWED],
        ["user", "documented", action, via("redshift"), ALLOWED],
        ["user", "documented", action, via(`s3.${REGION}`), DENIED],
        ["user", "documented", action, directly(), DENIED],
        ["user", "no", action, via(SERVERLESS), DENIED],
      ],
    ),
    ["user", "documented", "RetireGrant", via(SERVERLESS), DENIED],
    ["user", "documented", "PutKeyPolicy", via(SERVERLESS), DENIED],
    ["stranger", "every", "GenerateDataKey", via(SERVERLESS), ALLOWED],
    ["stranger", "every", "RetireGrant", directly(), ALLOWED],
    ["stranger", "every", "CreateGrant", forAwsResource(`secretsmanager.${REGION}`), ALLOWED],
    ["stranger", "every", "CreateGrant", directly(), DENIED],
    ["stranger", "no", "GenerateDataKey", via(SERVERLESS), DENIED],
    ["cluster's pipeline", "every", "CreateGrant", via(SERVERLESS), ALLOWED],
    ["cluster's pipeline", "every", "Decrypt", via(SERVERLESS), DENIED],
    ["foreigner", "every", "CreateGrant", via(SERVERLESS, OTHER_ACCOUNT), DENIED],
  ])(
    "%s with %s IAM permissions calls kms:%s with the context %j: %s",
    async (who, iam, action, contextVariables, expected) => {
      const policies = {
        every: [EVERYTHING],
        no: [],
        documented: [{ name: "Documented", policy: { ...resourcePolicy, Statement: DOCUMENTED } }],
      };
      const result = await runSimulation(
        {
          identityPolicies: policies[iam],
          request: {
            action: `kms:${action}`,
            contextVariables,
            principal: PRINCIPALS[who],
            resource: { accountId: OTHER_ACCOUNT, resource: keyArn },
          },
          resourceControlPolicies: [],
          resourcePolicy,
          serviceControlPolicies: [],
        },
        {},
      );
      expect(result).toMatchObject({ overallResult: expected });
    },
  );
});

test("the IAM simulator ignores condition keys of an encryption context unless the test rewrites them", async () => {
  const unread = simulation("cluster's pipeline", "kms:Decrypt", "key", within(CLUSTER_CONTEXT));
  expect(await runSimulation(unread, {})).toMatchObject({
    overallResult: DENIED,
    result: { ignoredContextKeys: Object.keys(CLUSTER_CONTEXT).map((name) => `kms:EncryptionContext:${name}`) },
  });
});

describe("the documented key policy statement for the role name of a permission set", () => {
  const [statement] = blocks("json", CONFIGURATION);
  const role = (path: string): string => `arn:aws:iam::${ACCOUNT}:role/${path}`;

  test.each([
    [
      "the role of the permission set",
      role("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_0123456789abcdef"),
      ALLOWED,
    ],
    [
      "a recreated role of the permission set",
      role("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_fedcba9876543210"),
      ALLOWED,
    ],
    [
      "the role of the permission set from another Region",
      role("aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Analyst_0123456789abcdef"),
      ALLOWED,
    ],
    [
      "the role of a permission set whose name begins the same",
      role("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_2_0123456789abcdef"),
      DENIED,
    ],
    [
      "a role of that name without the path of IAM Identity Center",
      role("AWSReservedSSO_Analyst_0123456789abcdef"),
      DENIED,
    ],
  ])("decides about %s (%s): %s", async (_, principal, expected) => {
    const result = await runSimulation(
      {
        ...simulation("stranger", "kms:Decrypt", "key", {
          "aws:PrincipalAccount": ACCOUNT,
          "aws:PrincipalArn": principal,
        }),
        resourcePolicy: { Version: "2012-10-17", Statement: [JSON.parse(statement!) as unknown] },
      },
      {},
    );
    expect(result).toMatchObject({ overallResult: expected });
  });
});

describe("the trust policy of a DataApiRole with session names and a service", () => {
  const ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/Trusting`;
  const ALICE = `arn:aws:iam::${ACCOUNT}:user/alice`;
  const stack = testStack();
  new DataApiRole(stack, "Role", {
    accountId: ACCOUNT,
    partition: "aws",
    roleName: "Trusting",
    sessionNames: ["${aws:username}", "nightly"],
    trustedPrincipals: [Identity.fromArn(ALICE), user()],
    trustedServices: ["scheduler.amazonaws.com"],
  });
  const trust = (only(synthesize(stack), IamRole).assume_role_policy as string).replaceAll("$${", "${");

  test.each([
    [
      "a user in a session of the user's name",
      ALICE,
      { "aws:username": "alice", "sts:RoleSessionName": "alice" },
      ALLOWED,
    ],
    [
      "a user in a session of another user's name",
      ALICE,
      { "aws:username": "alice", "sts:RoleSessionName": "bob" },
      DENIED,
    ],
    [
      "a user in a session of a name of the list",
      ALICE,
      { "aws:username": "alice", "sts:RoleSessionName": "nightly" },
      ALLOWED,
    ],
    ["a role in a session of a name of the list", USER_ARN, { "sts:RoleSessionName": "nightly" }, ALLOWED],
    ["a role in a session of another name", USER_ARN, { "sts:RoleSessionName": "alice" }, DENIED],
    ["a service for the account", "scheduler.amazonaws.com", { "aws:SourceAccount": ACCOUNT }, ALLOWED],
    ["a service for another account", "scheduler.amazonaws.com", { "aws:SourceAccount": OTHER_ACCOUNT }, DENIED],
    ["a service that gives no account", "scheduler.amazonaws.com", {}, ALLOWED],
  ])("decides about %s (%s, context %j): %s", async (_, principal, contextVariables, expected) => {
    const result = await runSimulation(
      {
        identityPolicies: [],
        request: {
          action: "sts:AssumeRole",
          contextVariables,
          principal,
          resource: { accountId: ACCOUNT, resource: ROLE_ARN },
        },
        resourceControlPolicies: [],
        resourcePolicy: JSON.parse(trust) as unknown,
        serviceControlPolicies: [],
      },
      {},
    );
    expect(result).toMatchObject({ overallResult: expected });
  });
});
