import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy";
import { TerraformStack, Testing, Token } from "cdktf";
import {
  DataApiAccess,
  type DataApiAccessOptions,
  type DataApiAccessProps,
  DataApiKey,
  DataApiRole,
  EncryptedCluster,
  type EncryptedClusterProps,
  EncryptedServerless,
  type IDataApiKey,
  type IDataApiRole,
  Identity,
  type IWarehouse,
} from "../../../modules";
import { ACCOUNT, CLUSTER_ARN, KEY_ARN, REGION, USER_ARN } from "../../support/arns";
import {
  analyticsCluster,
  analyticsServerless,
  type Arguments,
  existingKey,
  only,
  reference,
  statementsOf,
  synthesize,
  testStack,
  warningsOf,
} from "../../support/support";

const SECRET_ARN = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:reporting-Ab12Cd`;
const DATABASE_ARN = `arn:aws:redshift:${REGION}:${ACCOUNT}:dbname:analytics/dev`;
const STATEMENT_ACTIONS = [
  "redshift-data:ExecuteStatement",
  "redshift-data:BatchExecuteStatement",
  "redshift-data:ListDatabases",
  "redshift-data:ListSchemas",
  "redshift-data:ListTables",
  "redshift-data:DescribeTable",
];
const RESULT_ACTIONS = [
  "redshift-data:DescribeStatement",
  "redshift-data:GetStatementResult",
  "redshift-data:CancelStatement",
  "redshift-data:ListStatements",
];

const SESSION_OWNER = { "redshift-data:session-owner-iam-userid": "$${aws:userid}" };
const STATEMENT_OWNER = { "redshift-data:statement-owner-iam-userid": "$${aws:userid}" };

function clusterIn(stack: TerraformStack, clusterIdentifier = "analytics"): EncryptedCluster {
  return new EncryptedCluster(stack, "Cluster", {
    accountId: ACCOUNT,
    clusterIdentifier,
    key: existingKey(stack),
    nodeType: "ra3.large",
    region: REGION,
  });
}

function serverlessIn(stack: TerraformStack): EncryptedServerless {
  return new EncryptedServerless(stack, "Serverless", { key: existingKey(stack), namespaceName: "analytics" });
}

function existingRole(stack: TerraformStack, roleArn = USER_ARN): IDataApiRole {
  return DataApiRole.fromRoleArn(stack, "Role", roleArn);
}

function createdRole(stack: TerraformStack, roleName = "Analyst"): DataApiRole {
  return new DataApiRole(stack, "Role", {
    accountId: ACCOUNT,
    partition: "aws",
    roleName,
    trustedPrincipals: [Identity.forAccountRoot(ACCOUNT)],
  });
}

type Options = Partial<DataApiAccessOptions>;

function access(warehouse: IWarehouse, options: Options = {}): DataApiAccess {
  const stack = warehouse.node.scope as TerraformStack;
  const props = { role: options.role ?? existingRole(stack), warehouse, ...options };
  return new DataApiAccess(stack, "Access", props as DataApiAccessProps);
}

/** The arguments of the policy of a role that uses a warehouse. */
function policyOf(warehouse: IWarehouse, options: Options = {}): Arguments {
  access(warehouse, options);
  return only(synthesize(warehouse.node.scope as TerraformStack), IamRolePolicy);
}

/** The statements that a role needs, without Sids, of which IAM would count the characters. */
function expectedStatements(
  warehouseArn: string,
  credentials: readonly Arguments[],
  actions: readonly string[] = STATEMENT_ACTIONS,
): readonly Arguments[] {
  return [
    {
      Effect: "Allow",
      Action: actions,
      Resource: warehouseArn,
      Condition: { StringEqualsIfExists: SESSION_OWNER },
    },
    { Effect: "Allow", Action: RESULT_ACTIONS, Resource: "*", Condition: { StringEquals: STATEMENT_OWNER } },
    {
      Effect: "Allow",
      Action: "redshift-data:ListSessions",
      Resource: "*",
      Condition: { StringEquals: SESSION_OWNER },
    },
    ...credentials,
  ];
}

const READ_SECRET = {
  Effect: "Allow",
  Action: "secretsmanager:GetSecretValue",
  Resource: SECRET_ARN,
};
const DECRYPT_SECRET = {
  Effect: "Allow",
  Action: "kms:Decrypt",
  Resource: KEY_ARN,
  Condition: { StringEquals: { "kms:EncryptionContext:SecretARN": SECRET_ARN } },
};

describe("the policy of a role that uses a cluster", () => {
  test.each<[string, Options, readonly Arguments[]]>([
    [
      "the role's own identity",
      {},
      [
        {
          Effect: "Allow",
          Action: "redshift:GetClusterCredentialsWithIAM",
          Resource: DATABASE_ARN,
        },
      ],
    ],
    [
      "the role's own identity, in several databases",
      { databases: ["sales", "dev"] },
      [
        {
          Effect: "Allow",
          Action: "redshift:GetClusterCredentialsWithIAM",
          Resource: [DATABASE_ARN, DATABASE_ARN.replace("dev", "sales")],
        },
      ],
    ],
    [
      "a database user",
      { databaseUser: "Reporting" },
      [
        {
          Effect: "Allow",
          Action: "redshift:GetClusterCredentials",
          Resource: [DATABASE_ARN, `arn:aws:redshift:${REGION}:${ACCOUNT}:dbuser:analytics/Reporting`],
        },
      ],
    ],
    ["a secret", { secretArn: SECRET_ARN }, [READ_SECRET]],
    ["a secret with a key of its own", { secretArn: SECRET_ARN, secretKeyArn: KEY_ARN }, [READ_SECRET, DECRYPT_SECRET]],
  ])("has exactly the documented statements for access with %s", (_, options, credentials) => {
    expect(statementsOf(policyOf(clusterIn(testStack()), options).policy as string)).toStrictEqual(
      expectedStatements(CLUSTER_ARN, credentials),
    );
  });

  test("has the cluster's first database by default", () => {
    const stack = testStack();
    const warehouse = new EncryptedCluster(stack, "Cluster", {
      accountId: ACCOUNT,
      clusterIdentifier: "analytics",
      databaseName: "sales",
      key: existingKey(stack, KEY_ARN.replace("arn:aws", "arn:aws-cn").replace(REGION, "cn-north-1")),
      nodeType: "ra3.large",
      region: "cn-north-1",
    });
    const role = existingRole(stack, `arn:aws-cn:iam::${ACCOUNT}:role/Analyst`);
    expect(access(warehouse, { role }).statements.at(-1)).toMatchObject({
      Resource: `arn:aws-cn:redshift:cn-north-1:${ACCOUNT}:dbname:analytics/sales`,
    });
  });
});

describe("the policy of a role that uses a serverless warehouse", () => {
  const WITH_CREDENTIALS = [...STATEMENT_ACTIONS, "redshift-serverless:GetCredentials"];

  test.each<[string, Options, readonly Arguments[], readonly string[]]>([
    ["the role's own identity", {}, [], WITH_CREDENTIALS],
    ["a secret", { secretArn: SECRET_ARN }, [READ_SECRET], STATEMENT_ACTIONS],
    [
      "a secret with a key of its own",
      { secretArn: SECRET_ARN, secretKeyArn: KEY_ARN },
      [READ_SECRET, DECRYPT_SECRET],
      STATEMENT_ACTIONS,
    ],
  ])("has exactly the documented statements for access with %s", (_, options, credentials, actions) => {
    const warehouse = serverlessIn(testStack());
    const workgroupArn = reference(warehouse.workgroup, "arn");
    expect(statementsOf(policyOf(warehouse, options).policy as string)).toStrictEqual(
      expectedStatements(workgroupArn, credentials, actions),
    );
  });
});

test("the statements of DataApiAccess are those of the policy, with Sids and without Terraform's escapes", () => {
  const used = access(clusterIn(testStack()));
  expect(used.statements.map(({ Sid }) => Sid)).toStrictEqual([
    "RunStatements",
    "FollowStatements",
    "ListSessions",
    "GetCredentials",
  ]);
  expect(used.statements[1]!.Condition).toStrictEqual({
    StringEquals: { "redshift-data:statement-owner-iam-userid": "${aws:userid}" },
  });
});

test.each<[Options, readonly string[]]>([
  [{ ownStatementsOnly: false }, ["RunStatements", "FollowStatements", "GetCredentials"]],
  [{ databaseUser: "loader" }, ["RunStatements", "FollowStatements", "ListSessions", "GetCredentials"]],
  [{ secretArn: SECRET_ARN }, ["RunStatements", "FollowStatements", "ListSessions", "ReadSecret"]],
  [
    { ownStatementsOnly: false, secretArn: SECRET_ARN, secretKeyArn: KEY_ARN },
    ["RunStatements", "FollowStatements", "ReadSecret", "DecryptSecret"],
  ],
])(
  "the statements of DataApiAccess with %j have the Sids %j, and a condition only if IAM needs one",
  (options, sids) => {
    const { statements } = access(clusterIn(testStack()), options);
    expect(statements.map(({ Sid }) => Sid)).toStrictEqual(sids);
    expect(statements.filter((one) => "Condition" in one && one.Condition === undefined)).toStrictEqual([]);
  },
);

test.each([undefined, true])(
  "DataApiAccess limits a role to its own SQL statements and sessions if ownStatementsOnly is %s",
  (isLimited) => {
    const policy = policyOf(clusterIn(testStack()), { ownStatementsOnly: isLimited }).policy as string;
    expect(statementsOf(policy).map(({ Condition }) => Condition as unknown)).toStrictEqual([
      { StringEqualsIfExists: SESSION_OWNER },
      { StringEquals: STATEMENT_OWNER },
      { StringEquals: SESSION_OWNER },
      undefined,
    ]);
  },
);

test("DataApiAccess does not limit a role to its own SQL statements if ownStatementsOnly is false", () => {
  const policy = policyOf(clusterIn(testStack()), { ownStatementsOnly: false }).policy as string;
  expect(statementsOf(policy).slice(0, 2)).toStrictEqual([
    { Effect: "Allow", Action: STATEMENT_ACTIONS, Resource: CLUSTER_ARN },
    {
      Effect: "Allow",
      Action: [...RESULT_ACTIONS, "redshift-data:ListSessions"],
      Resource: "*",
    },
  ]);
});

describe("the inline policy of DataApiAccess", () => {
  test("depends on a role of the same stack, and is replaced with it", () => {
    const stack = testStack();
    const role = createdRole(stack);
    expect(policyOf(clusterIn(stack), { role })).toStrictEqual({
      depends_on: [`aws_iam_role.${role.resource.friendlyUniqueId}`],
      lifecycle: { replace_triggered_by: [`aws_iam_role.${role.resource.friendlyUniqueId}.unique_id`] },
      name: "test-Access",
      policy: expect.any(String) as string,
      role: "Analyst",
    });
  });

  test("is at the construct path ACCESS/Resource", () => {
    expect(access(clusterIn(testStack())).resource!.node.path).toBe("test/Access/Resource");
  });

  test("depends on nothing if the role exists already", () => {
    const stack = testStack();
    const policy = policyOf(clusterIn(stack), {
      role: existingRole(stack, `arn:aws:iam::${ACCOUNT}:role/team/data/Analyst`),
    });
    expect(policy.role).toBe("Analyst");
    expect(policy).not.toHaveProperty("depends_on");
    expect(synthesize(stack).resource).not.toHaveProperty(IamRole.tfResourceType);
  });

  test("computes the role's name in Terraform if the ARN is a token", () => {
    const stack = testStack();
    const resource = new IamRole(stack, "Elsewhere", { assumeRolePolicy: "{}" });
    expect(policyOf(clusterIn(stack), { role: existingRole(stack, resource.arn) }).role).toBe(
      `\${element(reverse(split("/", aws_iam_role.${resource.friendlyUniqueId}.arn)), 0)}`,
    );
  });

  test("has the given 'policyName'", () => {
    expect(policyOf(clusterIn(testStack()), { policyName: "data-api" }).name).toBe("data-api");
  });

  test("has hyphens in its default name, in place of characters that IAM refuses", () => {
    const warehouse = clusterIn(testStack());
    const stack = warehouse.node.scope as TerraformStack;
    new DataApiAccess(stack, "Two words/x", { role: existingRole(stack), warehouse });
    expect(only(synthesize(stack), IamRolePolicy).name).toBe("test-Two-words--x");
  });

  test("requires a 'policyName' if the construct path is too long for a name", () => {
    const warehouse = clusterIn(testStack());
    const stack = warehouse.node.scope as TerraformStack;
    const id = "x".repeat(124);
    expect(() => new DataApiAccess(stack, id, { role: existingRole(stack), warehouse })).toThrow(
      new Error(`[test/${id}] 'policyName' must be 1 to 128 letters, digits or any of _+=,.@-, got: test-${id}`),
    );
  });

  test("has the given provider", () => {
    const stack = testStack();
    const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
    expect(policyOf(clusterIn(stack), { provider }).provider).toBe("aws.other");
  });
});

describe("a role that only AWS changes", () => {
  const SSO_ARN = `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Analyst_0123456789abcdef`;
  const LINKED_ARN = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`;

  test.each<[string, (stack: TerraformStack) => IDataApiRole]>([
    ["of IAM Identity Center by ARN", (stack) => existingRole(stack, SSO_ARN)],
    ["of a service by ARN", (stack) => existingRole(stack, LINKED_ARN)],
    ["of a permission set by name", (stack) => DataApiRole.fromPermissionSetName(stack, "Role", "Analyst")],
  ])("%s gets no policy resource, and policyJson has its permissions", (_, roleIn) => {
    const stack = testStack();
    const used = access(clusterIn(stack), { role: roleIn(stack) });
    expect(used.resource).toBeUndefined();
    expect(synthesize(stack).resource).not.toHaveProperty(IamRolePolicy.tfResourceType);
    const other = testStack();
    const { policy } = policyOf(clusterIn(other), { role: existingRole(other) });
    expect(used.policyJson).toBe(policy);
  });
});

describe("the database groups of a role", () => {
  const roleIn = (stack: TerraformStack): DataApiRole =>
    new DataApiRole(stack, "Role", {
      accountId: ACCOUNT,
      databaseGroups: ["writers", "readers"],
      partition: "aws",
      roleName: "Analyst",
      trustedPrincipals: [Identity.forAccountRoot(ACCOUNT)],
    });

  test("add a JoinGroup statement if the access to a cluster has a database user", () => {
    const stack = testStack();
    const used = access(clusterIn(stack), { databaseUser: "Reporting", role: roleIn(stack) });
    expect(used.statements.at(-1)).toStrictEqual({
      Sid: "JoinGroups",
      Effect: "Allow",
      Action: "redshift:JoinGroup",
      Resource: ["readers", "writers"].map(
        (group) => `arn:aws:redshift:${REGION}:${ACCOUNT}:dbgroup:analytics/${group}`,
      ),
    });
    expect(warningsOf(stack)).toStrictEqual([]);
  });

  test("add a warning, and no JoinGroup, if the access to a cluster has no database user", () => {
    const stack = testStack();
    const used = access(clusterIn(stack), { role: roleIn(stack) });
    expect(used.statements.map(({ Sid }) => Sid)).not.toContain("JoinGroups");
    expect(warningsOf(stack)).toStrictEqual([
      "only a 'databaseUser' joins the 'databaseGroups' of a role: give a 'databaseUser'",
    ]);
  });

  test("add neither JoinGroup nor a warning for a serverless warehouse", () => {
    const stack = testStack();
    const used = access(serverlessIn(stack), { role: roleIn(stack) });
    expect(used.statements.map(({ Sid }) => Sid)).not.toContain("JoinGroups");
    expect(warningsOf(stack)).toStrictEqual([]);
  });
});

describe("DataApiAccess warns", () => {
  const ADMIN_RIGHTS = "who may do everything: give the role";
  const ADMIN_SECRET = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:redshift!analytics-warehouse_admin-AbCdEf`;

  test.each<[string, (warehouse: EncryptedCluster) => Options, string[]]>([
    [
      "of the cluster's admin as database user",
      () => ({ databaseUser: "warehouse_admin" }),
      [`'databaseUser' is warehouse_admin, the warehouse's admin, ${ADMIN_RIGHTS} another database user`],
    ],
    [
      "of the secret of the cluster's admin",
      ({ adminSecretArn }) => ({ secretArn: adminSecretArn }),
      [`'secretArn' is the secret of a warehouse's admin, ${ADMIN_RIGHTS} the secret of another user`],
    ],
    [
      "of a secret whose ARN has the form of an admin's secret",
      () => ({ secretArn: ADMIN_SECRET }),
      [`'secretArn' is the secret of a warehouse's admin, ${ADMIN_RIGHTS} the secret of another user`],
    ],
    ["of no other database user", () => ({ databaseUser: "Reporting" }), []],
    ["of no other secret", () => ({ secretArn: SECRET_ARN }), []],
  ])("%s", (_, options, expected) => {
    const stack = testStack();
    const warehouse = clusterIn(stack);
    access(warehouse, options(warehouse));
    expect(warningsOf(stack)).toStrictEqual(expected);
  });

  test("of no database user if the name of the cluster's admin is unknown", () => {
    const stack = testStack();
    const warehouse = EncryptedCluster.fromClusterAttributes(stack, "Cluster", {
      accountId: ACCOUNT,
      clusterIdentifier: "analytics",
      endpointAddress: "analytics.example.com",
      key: existingKey(stack),
      namespaceArn: `arn:aws:redshift:${REGION}:${ACCOUNT}:namespace:12345678-1234-1234-1234-123456789012`,
      region: REGION,
    });
    access(warehouse);
    expect(warningsOf(stack)).toStrictEqual([]);
  });

  test("of a role with database roles that uses a cluster", () => {
    const stack = testStack();
    const role = new DataApiRole(stack, "Role", {
      accountId: ACCOUNT,
      databaseRoles: ["analyst"],
      partition: "aws",
      roleName: "Analyst",
      trustedPrincipals: [Identity.forAccountRoot(ACCOUNT)],
    });
    access(clusterIn(stack), { role });
    expect(warningsOf(stack)).toStrictEqual([
      "AWS documents 'databaseRoles' of an IAM role for serverless warehouses only: for a cluster, give 'databaseGroups'",
    ]);
  });
});

describe("two accesses of one role", () => {
  const policiesOf = (stack: TerraformStack): Arguments[] =>
    Object.values(synthesize(stack).resource[IamRolePolicy.tfResourceType]!);

  test("share one policy, which has one statement for both resources", () => {
    const stack = testStack();
    const [role, warehouse] = [existingRole(stack), clusterIn(stack)];
    const reports = new EncryptedCluster(stack, "Reports", {
      accountId: ACCOUNT,
      clusterIdentifier: "reports",
      key: warehouse.key,
      nodeType: "ra3.large",
      region: REGION,
    });
    const first = new DataApiAccess(stack, "First", { role, warehouse });
    const second = new DataApiAccess(stack, "Second", { databases: ["sales"], role, warehouse: reports });
    expect(second.resource).toBe(first.resource);
    const [policy, ...others] = policiesOf(stack);
    expect(others).toStrictEqual([]);
    expect(policy!.name).toBe("test-First");
    const [run, follow, sessions, credentials] = expectedStatements(CLUSTER_ARN, [
      {
        Effect: "Allow",
        Action: "redshift:GetClusterCredentialsWithIAM",
        Resource: [DATABASE_ARN, DATABASE_ARN.replace("analytics/dev", "reports/sales")],
      },
    ]);
    expect(statementsOf(policy!.policy as string)).toStrictEqual([
      { ...run, Resource: [CLUSTER_ARN, CLUSTER_ARN.replace("analytics", "reports")] },
      follow,
      sessions,
      credentials,
    ]);
  });

  test("have two policies if their policy names differ", () => {
    const stack = testStack();
    const [role, warehouse] = [existingRole(stack), clusterIn(stack)];
    new DataApiAccess(stack, "First", { policyName: "first", role, warehouse });
    new DataApiAccess(stack, "Second", { policyName: "second", role, warehouse });
    expect(policiesOf(stack).map(({ name }) => name as string)).toStrictEqual(["first", "second"]);
  });

  test("share one policy if their policy names are equal", () => {
    const stack = testStack();
    const [role, warehouse] = [existingRole(stack), clusterIn(stack)];
    new DataApiAccess(stack, "First", { policyName: "one", role, warehouse });
    new DataApiAccess(stack, "Second", { databases: ["sales"], policyName: "one", role, warehouse });
    expect(policiesOf(stack)).toHaveLength(1);
  });

  test("have one policy each if they are in two stacks", () => {
    const [stack, other] = [testStack(), testStack()];
    const role = existingRole(stack);
    new DataApiAccess(stack, "First", { role, warehouse: clusterIn(stack) });
    new DataApiAccess(other, "Second", { role, warehouse: clusterIn(other) });
    expect([policiesOf(stack), policiesOf(other)].map(({ length }) => length)).toStrictEqual([1, 1]);
  });

  const refusal = (path: string, first: string, name: string) =>
    new Error(
      `[${path}] 'policyName' must differ from the name of the policy that ${first} writes for the same role, ` +
        "because each policy would replace the other: give another name or role, or use one role construct for both " +
        "in one stack, " +
        `got: ${name}`,
    );

  test("are refused if two stacks of one app give their policies the same name", () => {
    const app = Testing.app();
    const [stack, other] = [new TerraformStack(app, "one"), new TerraformStack(app, "two")];
    const role = existingRole(stack);
    new DataApiAccess(stack, "Access", { policyName: "data-api", role, warehouse: clusterIn(stack) });
    const props = { policyName: "data-api", role, warehouse: clusterIn(other, "other") };
    expect(() => new DataApiAccess(other, "Access", props)).toThrow(refusal("two/Access", "one/Access", "data-api"));
  });

  test("are refused if two constructs of the role give their policies the same default name", () => {
    const app = Testing.app();
    const [stack, other] = [new TerraformStack(app, "s"), new TerraformStack(app, "s-b")];
    new DataApiAccess(stack, "b-c", { role: existingRole(stack), warehouse: clusterIn(stack) });
    const props = { role: existingRole(other), warehouse: clusterIn(other, "other") };
    expect(() => new DataApiAccess(other, "c", props)).toThrow(refusal("s-b/c", "s/b-c", "s-b-c"));
  });
});

describe("the limit of 10,240 characters for a role's policies", () => {
  const names = (count: number, from = 1000): string[] =>
    Array.from({ length: count }, (_, index) => `tenant_${index + from}`);
  const RULE = "keep the role's inline policies within 10240 characters, which is IAM's quota";

  test("admits 131 databases", () => {
    const { policy } = policyOf(clusterIn(testStack()), { databases: names(131) });
    expect((policy as string).replaceAll("$${", "${").length).toBe(10_230);
  });

  test("refuses 132 databases", () => {
    expect(() => access(clusterIn(testStack()), { databases: names(132) })).toThrow(
      new Error(`[test/Access] 'databases' must ${RULE}: name fewer databases, got: 10301 characters`),
    );
  });

  test("counts all policies of the role together", () => {
    const stack = testStack();
    const warehouse = clusterIn(stack);
    const role = existingRole(stack);
    new DataApiAccess(stack, "First", { databases: names(100), role, warehouse });
    new DataApiAccess(stack, "Second", { databases: names(100), role, warehouse });
    expect(() => new DataApiAccess(stack, "Third", { databases: names(100, 2000), role, warehouse })).toThrow(
      new Error(`[test/Third] 'role' must ${RULE}: use another role for some of its warehouses, got: 15129 characters`),
    );
    expect(
      () => new DataApiAccess(stack, "Own", { databases: names(100), policyName: "own", role, warehouse }),
    ).toThrow(`[test/Own] 'role' must ${RULE}`);
  });

  test("counts each role separately", () => {
    const stack = testStack();
    const warehouse = clusterIn(stack);
    for (const name of ["First", "Second"]) {
      const role = DataApiRole.fromRoleArn(stack, `${name}Role`, `arn:aws:iam::${ACCOUNT}:role/${name}`);
      new DataApiAccess(stack, name, { databases: names(100), role, warehouse });
    }
    expect(Object.keys(synthesize(stack).resource[IamRolePolicy.tfResourceType]!)).toHaveLength(2);
  });

  test("does not apply to a role that only AWS changes", () => {
    const stack = testStack();
    const role = DataApiRole.fromPermissionSetName(stack, "Role", "Analyst");
    expect(access(clusterIn(stack), { databases: names(200), role }).policyJson.length).toBeGreaterThan(10_240);
  });
});

describe("the account of the role of DataApiAccess", () => {
  const FOREIGN_ARN = "arn:aws:iam::444455556666:role/Analyst";

  test("must be the cluster's account", () => {
    const stack = testStack();
    expect(() => access(clusterIn(stack), { role: existingRole(stack, FOREIGN_ARN) })).toThrow(
      new Error(`[test/Access] 'role' must be a role of the warehouse's account, ${ACCOUNT}, got: ${FOREIGN_ARN}`),
    );
  });

  test("must be the account of the key, if the warehouse's account is unknown at synthesis", () => {
    const stack = testStack();
    expect(() => access(analyticsServerless(stack), { role: existingRole(stack, FOREIGN_ARN) })).toThrow(
      new Error(
        `[test/Access] 'role' must be a role of ${ACCOUNT}, the 'accountId' of the warehouse's key: no other account ` +
          `may use the key, got: ${FOREIGN_ARN}`,
      ),
    );
  });

  test("is not compared with accounts of a warehouse and a key that are unknown at synthesis", () => {
    const stack = testStack();
    const warehouse = new EncryptedCluster(stack, "Cluster", {
      clusterIdentifier: "analytics",
      key: existingKey(stack, Token.asString({ resolve: () => KEY_ARN })),
      nodeType: "ra3.large",
    });
    expect(policyOf(warehouse, { role: existingRole(stack, FOREIGN_ARN) }).role).toBe("Analyst");
  });

  test("is not compared if the role's account is unknown at synthesis", () => {
    const stack = testStack();
    const role = new DataApiRole(stack, "Role", { roleName: "Analyst", trustedServices: ["lambda.amazonaws.com"] });
    expect(policyOf(clusterIn(stack), { role }).role).toBe("Analyst");
  });
});

test("DataApiAccess accepts a database that is a token", () => {
  const databases = [Token.asString({ resolve: () => "sales" })];
  const [, , , credentials] = statementsOf(policyOf(clusterIn(testStack()), { databases }).policy as string);
  expect(credentials!.Resource).toBe(DATABASE_ARN.replace("dev", "sales"));
});

test("DataApiAccess refuses missing props", () => {
  expect(() => new DataApiAccess(testStack(), "Access", undefined as never)).toThrow(
    new Error("[test/Access] 'props' must be given, got: nothing"),
  );
});

test("DataApiAccess refuses a role of another partition", () => {
  const stack = testStack();
  const arn = `arn:aws-cn:iam::${ACCOUNT}:role/Analyst`;
  expect(() => access(clusterIn(stack), { role: existingRole(stack, arn) })).toThrow(
    new Error(`[test/Access] 'role' must be of the partition aws, got: ${arn}`),
  );
});

test("DataApiAccess reports every problem in one error", () => {
  const stack = testStack();
  expect(() =>
    access(clusterIn(stack), {
      databases: [],
      policyName: "a b",
      role: existingRole(stack, "arn:aws:iam::444455556666:role/Analyst"),
      secretKeyArn: KEY_ARN,
    }),
  ).toThrow(
    new Error(
      [
        "[test/Access] 'databases' must name at least one database, got: []",
        "[test/Access] 'policyName' must be 1 to 128 letters, digits or any of _+=,.@-, got: a b",
        `[test/Access] 'role' must be a role of the warehouse's account, ${ACCOUNT}, got: arn:aws:iam::444455556666:role/Analyst`,
        `[test/Access] 'secretKeyArn' must be given only with 'secretArn', got: ${KEY_ARN}`,
      ].join("\n"),
    ),
  );
});

const DATABASE_RULE = "be 1 to 64 lowercase letters, digits or any of _$, beginning with a letter";
const USER_RULE = "be 1 to 63 letters, digits or any of _+.@-, beginning with a letter or an underscore";
const POLICY_RULE = "be 1 to 128 letters, digits or any of _+=,.@-";
const SERVERLESS_RULE = "be left out for a serverless warehouse: its credentials are for the workgroup";
const LONG = "a".repeat(129);

describe("DataApiAccess refuses", () => {
  test.each<[string, Options, string]>([
    ["an empty policy name", { policyName: "" }, `'policyName' must ${POLICY_RULE}, got: ""`],
    ["a policy name of 129 characters", { policyName: LONG }, `'policyName' must ${POLICY_RULE}, got: ${LONG}`],
    ["an empty list of databases", { databases: [] }, "'databases' must name at least one database, got: []"],
    ["the database *", { databases: ["*"] }, `'databases[0]' must ${DATABASE_RULE}, got: *`],
    [
      "the same database twice",
      { databases: ["dev", "dev"] },
      "'databases[1]' must not repeat an earlier item, got: dev",
    ],
    [
      "a list token as databases",
      { databases: Token.asList({ resolve: () => ["dev"] }) },
      "'databases' must be a list whose length is known when the configuration is synthesized, got: a list token",
    ],
    [
      "a missing role",
      { role: undefined! },
      "'role' must be a DataApiRole, or a role that DataApiRole.fromRoleArn returns, got: nothing",
    ],
    [
      "a role by ARN",
      { role: USER_ARN as never },
      `'role' must be a DataApiRole, or a role that DataApiRole.fromRoleArn returns, got: ${USER_ARN}`,
    ],
    [
      "a key as the warehouse",
      { warehouse: { keyArn: KEY_ARN } as never },
      `'warehouse' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: {"keyArn":"${KEY_ARN}"}`,
    ],
    [
      "a string as 'ownStatementsOnly'",
      { ownStatementsOnly: "false" as never },
      `'ownStatementsOnly' must be true or false, known when the configuration is synthesized, got: "false"`,
    ],
    [
      "a secret of another partition",
      { secretArn: SECRET_ARN.replace("aws", "aws-cn") },
      `'secretArn' must be of the partition aws, got: ${SECRET_ARN.replace("aws", "aws-cn")}`,
    ],
    [
      "a key of a secret of another partition",
      { secretArn: SECRET_ARN, secretKeyArn: KEY_ARN.replace("aws", "aws-cn") },
      `'secretKeyArn' must be of the partition aws, got: ${KEY_ARN.replace("aws", "aws-cn")}`,
    ],
    [
      "a secret of another Region than the warehouse",
      { secretArn: SECRET_ARN.replace(REGION, "eu-west-1") },
      `'secretArn' must be of the Region ${REGION}, got: ${SECRET_ARN.replace(REGION, "eu-west-1")}`,
    ],
    [
      "a key of a secret of another Region than the warehouse",
      { secretArn: SECRET_ARN, secretKeyArn: KEY_ARN.replace(REGION, "eu-west-1") },
      `'secretKeyArn' must be of the Region ${REGION}, got: ${KEY_ARN.replace(REGION, "eu-west-1")}`,
    ],
    ["the database user *", { databaseUser: "*" }, `'databaseUser' must ${USER_RULE}, got: *`],
    ["a database user that begins with a digit", { databaseUser: "1a" }, `'databaseUser' must ${USER_RULE}, got: 1a`],
    [
      "a database user of 64 characters",
      { databaseUser: LONG.slice(0, 64) },
      `'databaseUser' must ${USER_RULE}, got: ${LONG.slice(0, 64)}`,
    ],
    [
      "a secret by name",
      { secretArn: "analytics" },
      "'secretArn' must be the whole ARN of a Secrets Manager secret, with the hyphen and the six letters or digits at its end, got: analytics",
    ],
    [
      "a secret ARN without the characters that Secrets Manager adds",
      { secretArn: SECRET_ARN.slice(0, -"-Ab12Cd".length) },
      `'secretArn' must be the whole ARN of a Secrets Manager secret, with the hyphen and the six letters or digits at its end, got: ${SECRET_ARN.slice(0, -"-Ab12Cd".length)}`,
    ],
    [
      "a secret ARN with a wildcard",
      { secretArn: `${SECRET_ARN}*` },
      `'secretArn' must be the whole ARN of a Secrets Manager secret, with the hyphen and the six letters or digits at its end, got: ${SECRET_ARN}*`,
    ],
    [
      "a key of a secret by alias",
      { secretArn: SECRET_ARN, secretKeyArn: "alias/secrets" },
      "'secretKeyArn' must be the ARN of a KMS key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an alias and not a key ID, got: alias/secrets",
    ],
    [
      "a key of a secret without the secret",
      { secretKeyArn: KEY_ARN },
      `'secretKeyArn' must be given only with 'secretArn', got: ${KEY_ARN}`,
    ],
    [
      "a database user and a secret together",
      { databaseUser: "reporting", secretArn: SECRET_ARN },
      "'databaseUser' must not be combined with 'secretArn': the secret names the user, got: reporting",
    ],
    [
      "databases and a secret together",
      { databases: ["dev"], secretArn: SECRET_ARN },
      `'databases' must not be combined with 'secretArn': IAM does not limit a secret to databases, got: ["dev"]`,
    ],
  ])("%s", (_, options, message) => {
    expect(() => access(clusterIn(testStack()), options)).toThrow(new Error(`[test/Access] ${message}`));
  });

  test.each<[string, Options, string]>([
    ["databases", { databases: ["dev"] }, `'databases' must ${SERVERLESS_RULE}, got: ["dev"]`],
    ["a database user", { databaseUser: "reporting" }, `'databaseUser' must ${SERVERLESS_RULE}, got: reporting`],
  ])("%s for a serverless warehouse", (_, options, message) => {
    expect(() => access(serverlessIn(testStack()), options)).toThrow(new Error(`[test/Access] ${message}`));
  });
});

describe("for a key of another account, the statement UseKey", () => {
  const OTHER_ACCOUNT = "444455556666";
  const FOREIGN_KEY_ARN = KEY_ARN.replace(ACCOUNT, OTHER_ACCOUNT);
  const USE_KEY = {
    Effect: "Allow",
    Action: [
      "kms:CreateGrant",
      "kms:Encrypt",
      "kms:Decrypt",
      "kms:ReEncrypt*",
      "kms:GenerateDataKey*",
      "kms:DescribeKey",
    ],
    Resource: FOREIGN_KEY_ARN,
    Condition: {
      StringEquals: {
        "kms:ViaService": [
          "redshift-serverless.us-east-1.amazonaws.com",
          "redshift.amazonaws.com",
          "redshift.us-east-1.amazonaws.com",
        ],
      },
    },
  };
  const cluster = (stack: TerraformStack, key: IDataApiKey, more: Partial<EncryptedClusterProps> = {}) =>
    analyticsCluster(stack, { key, ...more });
  const foreignKey = (stack: TerraformStack) =>
    DataApiKey.fromKeyArn(stack, "ExistingKey", { accountId: ACCOUNT, keyArn: FOREIGN_KEY_ARN });
  const lastOf = (warehouse: IWarehouse, options: Options = {}) =>
    statementsOf(policyOf(warehouse, options).policy as string).at(-1);

  test.each<[string, (stack: TerraformStack) => IWarehouse]>([
    ["a cluster", (stack) => cluster(stack, foreignKey(stack))],
    ["a serverless warehouse", (stack) => analyticsServerless(stack, { key: foreignKey(stack) })],
  ])("is the last statement of the policy of a role that uses %s", (_, warehouseIn) => {
    const warehouse = warehouseIn(testStack());
    const used = access(warehouse);
    expect(used.statements.at(-1)).toStrictEqual({ Sid: "UseKey", ...USE_KEY });
    const policy = only(synthesize(warehouse.node.scope as TerraformStack), IamRolePolicy).policy as string;
    expect(statementsOf(policy).at(-1)).toStrictEqual(USE_KEY);
  });

  test("is the last statement of the policyJson of a permission set", () => {
    const stack = testStack();
    const role = DataApiRole.fromPermissionSetName(stack, "Role", "Analyst", { accountId: ACCOUNT, partition: "aws" });
    const { policyJson } = access(analyticsServerless(stack, { key: foreignKey(stack) }), { role });
    expect(statementsOf(policyJson).at(-1)).toStrictEqual(USE_KEY);
  });

  test("has the 'viaServices' of the key", () => {
    const stack = testStack();
    const viaServices = [`redshift-serverless.${REGION}.amazonaws.com`];
    const key = DataApiKey.fromKeyArn(stack, "Key", { accountId: ACCOUNT, keyArn: FOREIGN_KEY_ARN, viaServices });
    expect(lastOf(cluster(stack, key))).toStrictEqual({
      ...USE_KEY,
      Condition: { StringEquals: { "kms:ViaService": viaServices[0] } },
    });
  });

  test("has the default services of the Region if the key has no 'viaServices'", () => {
    const stack = testStack();
    expect(lastOf(cluster(stack, foreignKey(stack)))).toStrictEqual(USE_KEY);
  });

  test("is in the policy once for two warehouses of the role", () => {
    const stack = testStack();
    const key = foreignKey(stack);
    const role = existingRole(stack);
    access(cluster(stack, key), { role });
    new DataApiAccess(stack, "Second", { role, warehouse: analyticsServerless(stack, { key }) });
    const statements = statementsOf(only(synthesize(stack), IamRolePolicy).policy as string);
    expect(statements.filter(({ Resource }) => Resource === FOREIGN_KEY_ARN)).toStrictEqual([USE_KEY]);
  });

  test("is added if the key is not in the warehouse's account and the role's ARN is a token", () => {
    const stack = testStack();
    const role = existingRole(stack, Token.asString({ "Fn::any": "arn" }));
    expect(lastOf(cluster(stack, foreignKey(stack)), { role })).toStrictEqual(USE_KEY);
  });

  const unknownRole = (stack: TerraformStack) =>
    new DataApiRole(stack, "Role", { roleName: "Analyst", trustedServices: ["lambda.amazonaws.com"] });

  test.each<[string, (stack: TerraformStack, key: IDataApiKey) => [warehouse: IWarehouse, role: IDataApiRole]]>([
    ["a serverless warehouse", (stack, key) => [analyticsServerless(stack, { key }), unknownRole(stack)]],
    [
      "a cluster whose account comes from the provider",
      (stack, key) => [cluster(stack, key, { accountId: undefined }), unknownRole(stack)],
    ],
    [
      "a cluster that Terraform looks up",
      (stack, key) => [
        EncryptedCluster.fromClusterIdentifier(stack, "Existing", "analytics", { key }),
        unknownRole(stack),
      ],
    ],
    [
      "a serverless warehouse, in the role of a permission set",
      (stack, key) => [
        analyticsServerless(stack, { key }),
        DataApiRole.fromPermissionSetName(stack, "Role", "Analyst", { partition: "aws" }),
      ],
    ],
  ])(
    "is added if the 'accountId' of the key differs from the account in the key's ARN and the role's account is unknown, for %s",
    (_, usedBy) => {
      const stack = testStack();
      const [warehouse, role] = usedBy(stack, foreignKey(stack));
      expect(access(warehouse, { role }).statements.at(-1)).toStrictEqual({ Sid: "UseKey", ...USE_KEY });
    },
  );

  test.each<[string, (stack: TerraformStack) => [warehouse: IWarehouse, options: Options]]>([
    ["the key is of the role's account", (stack) => [cluster(stack, existingKey(stack)), {}]],
    [
      "the ARN of the key is a token",
      (stack) => [cluster(stack, existingKey(stack, Token.asString({ "Fn::any": "arn" }))), {}],
    ],
    [
      "the ARN of the role is a token, and neither the warehouse nor the key has an account",
      (stack) => [
        analyticsServerless(stack, { key: existingKey(stack, FOREIGN_KEY_ARN) }),
        { role: existingRole(stack, Token.asString({ "Fn::any": "arn" })) },
      ],
    ],
    [
      "the accounts of the role and the cluster come from the provider, and the key has no account",
      (stack) => [
        cluster(stack, existingKey(stack, FOREIGN_KEY_ARN), { accountId: undefined }),
        { role: unknownRole(stack) },
      ],
    ],
  ])("is absent if %s", (_, warehouseOf) => {
    const [warehouse, options] = warehouseOf(testStack());
    expect(access(warehouse, options).statements.map(({ Sid }) => Sid)).not.toContain("UseKey");
  });
});
