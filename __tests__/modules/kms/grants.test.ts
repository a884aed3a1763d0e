import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { KmsReplicaKey } from "@cdktf/provider-aws/lib/kms-replica-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { type App, TerraformOutput, TerraformStack, Testing, Token } from "cdktf";
import {
  AlarmTopic,
  DataApiAccess,
  DataApiKey,
  type DataApiKeyProps,
  DataApiKeyReplica,
  DataApiRole,
  Identity,
  type PolicyStatement,
} from "../../../modules";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, REGION, USER_ARN } from "../../support/arns";
import {
  admin,
  analyticsCluster,
  analyticsServerless,
  type Arguments,
  existingKey,
  only,
  statementsOf,
  synthesize,
  testStack,
  user,
  warningsOf,
} from "../../support/support";

const OTHER_ARN = `arn:aws:iam::${ACCOUNT}:role/Other`;
const other = (): Identity => Identity.fromArn(OTHER_ARN);
const STATEMENT: PolicyStatement = {
  Sid: "Extra",
  Effect: "Allow",
  Principal: { AWS: OTHER_ARN },
  Action: "kms:Decrypt",
  Resource: "*",
};

function keyIn(stack: TerraformStack, props: Partial<DataApiKeyProps> = {}): DataApiKey {
  return new DataApiKey(stack, "Key", {
    accountId: ACCOUNT,
    administrators: [admin(), Identity.forAccountRoot(ACCOUNT)],
    alias: "alias/analytics",
    region: REGION,
    ...props,
  });
}

/** The principals of the statements of the synthesized key, by Sid. */
function principalsOf(stack: TerraformStack, type = KmsKey as { readonly tfResourceType: string }): Arguments {
  const statements = statementsOf(only(synthesize(stack), type).policy as string);
  return Object.fromEntries(statements.map(({ Principal, Sid }) => [Sid as string, (Principal as Arguments).AWS]));
}

function roleIn(stack: TerraformStack, roleName = "Analyst"): DataApiRole {
  return new DataApiRole(stack, roleName, {
    accountId: ACCOUNT,
    partition: "aws",
    roleName,
    trustedServices: ["lambda.amazonaws.com"],
  });
}

function stackIn(app: App, name: string): TerraformStack {
  const stack = new TerraformStack(app, name);
  new AwsProvider(stack, "Aws", { region: REGION });
  return stack;
}

describe("the policy of a DataApiKey to which principals are added", () => {
  test("has added principals and statements in the order of the documented policy", () => {
    const stack = testStack();
    const key = keyIn(stack, { additionalStatements: [STATEMENT], users: [user()] });
    key.addStatement({ ...STATEMENT, Sid: "Later" });
    key.addDeployer(other());
    key.addUser(other());
    key.addAdministrator(other());
    expect(principalsOf(stack)).toStrictEqual({
      "Allow access to principals authorized to use Amazon Redshift": "*",
      AllowKeyAdministratorsAccess: [
        `arn:aws:iam::${ACCOUNT}:role/ExampleAdminRole`,
        OTHER_ARN,
        `arn:aws:iam::${ACCOUNT}:root`,
      ],
      AllowKeyUseForExampleRole: [USER_ARN, OTHER_ARN].sort(),
      AllowDeployers: OTHER_ARN,
      AllowDeployersGrantsForAwsServices: OTHER_ARN,
      Extra: OTHER_ARN,
      Later: OTHER_ARN,
    });
    expect(key.policy.statements).toStrictEqual(key.requiredStatements);
  });

  test("has a principal and a statement once if both are added twice", () => {
    const stack = testStack();
    const key = keyIn(stack, { users: [user()] });
    for (const identity of [user(), other(), other()]) {
      key.addUser(identity);
    }
    key.addStatement(STATEMENT);
    key.addStatement({ ...STATEMENT });
    expect(key.users.map(({ arn }) => arn)).toStrictEqual([USER_ARN, OTHER_ARN]);
    expect(Object.keys(principalsOf(stack))).toHaveLength(4);
  });

  test("depends on an added administrator role before the user roles, and on a deployer role after them", () => {
    const stack = testStack();
    const [administrator, deployer, analyst] = [
      roleIn(stack, "Administrator"),
      roleIn(stack, "Deployer"),
      roleIn(stack),
    ];
    const key = keyIn(stack, { users: [analyst.identity] });
    key.addDeployer(deployer.identity);
    key.addAdministrator(administrator.identity);
    expect(only(synthesize(stack), KmsKey).depends_on).toStrictEqual(
      [administrator, analyst, deployer].map(({ resource }) => `aws_iam_role.${resource.friendlyUniqueId}`),
    );
  });

  test("has the role of a DataApiAccess", () => {
    const stack = testStack();
    const warehouse = analyticsCluster(stack, { key: keyIn(stack) });
    const role = roleIn(stack);
    new DataApiAccess(stack, "Access", { role, warehouse });
    expect(principalsOf(stack).AllowKeyUseForExampleRole).toBe(role.identity.arn);
  });

  test("causes each warning once, at synthesis", () => {
    const stack = testStack();
    const key = keyIn(stack, { administrators: [admin()] });
    expect(warningsOf(stack)).toStrictEqual([]);
    key.addUser(admin());
    synthesize(stack);
    synthesize(stack);
    expect(warningsOf(stack)).toStrictEqual([
      `${ADMIN_ARN} is both an administrator and a user of the key: separate the duties, or choose one`,
      expect.stringContaining(`'administrators' names ${ADMIN_ARN} only`),
    ]);
  });

  test("causes no warning of a single administrator if a second administrator is added", () => {
    const stack = testStack();
    keyIn(stack, { administrators: [admin()] }).addAdministrator(other());
    synthesize(stack);
    expect(warningsOf(stack)).toStrictEqual([]);
  });

  test("is a new object only after a principal or a statement is added", () => {
    const stack = testStack();
    const key = keyIn(stack);
    const { policy } = key;
    expect(key.policy).toBe(policy);
    key.addUser(admin());
    expect(key.policy).not.toBe(policy);
    const withUser = key.policy;
    key.addStatement(STATEMENT);
    expect(key.policy.statements).toStrictEqual([...withUser.statements, STATEMENT]);
  });

  test("is refused at synthesis if it has more than 32,768 bytes", () => {
    const stack = testStack();
    const key = keyIn(stack);
    for (let index = 0; index < 800; index += 1) {
      key.addUser(Identity.fromArn(`${OTHER_ARN}${index}`));
    }
    const message = "[test/Key] 'policy' must be at most 32768 bytes, got: ";
    expect(() => key.policy).toThrow(message);
    expect(key.node.validate()).toStrictEqual([
      expect.stringMatching(/^'policy' must be at most 32768 bytes, got: \d+$/),
    ]);
    expect(() => Testing.synth(stack, true)).toThrow(message);
    // The resolution of tokens comes before the validation of an app.
    expect(() => stack.prepareStack()).toThrow(/^\[test\/Key\] 'policy' must be at most 32768 bytes, got: \d+$/);
  });

  test("makes the cluster's precondition compare the caller with an added user", () => {
    const stack = testStack();
    const key = keyIn(stack, { lockoutPrecondition: false });
    analyticsCluster(stack, { key });
    key.addUser(other());
    const { lifecycle } = only(synthesize(stack), { tfResourceType: "aws_redshift_cluster" });
    const [{ condition }] = (lifecycle as { precondition: [{ condition: string }] }).precondition;
    expect(condition).toContain(`[for arn in ["${ADMIN_ARN}", "arn:aws:iam::${ACCOUNT}:root", "${OTHER_ARN}"] : `);
  });

  test("makes the key's precondition compare the caller with an added administrator", () => {
    const stack = testStack();
    keyIn(stack).addAdministrator(other());
    const { lifecycle } = only(synthesize(stack), KmsKey);
    const [{ condition }] = (lifecycle as { precondition: [{ condition: string }] }).precondition;
    expect(condition).toContain(`"${OTHER_ARN}"] : `);
  });
});

describe("an existing key to which principals are added", () => {
  test("requires the statements for them, also in an output that was created before", () => {
    const stack = testStack();
    const key = existingKey(stack);
    new TerraformOutput(stack, "Required", { value: key.requiredStatements });
    key.addStatement(STATEMENT);
    key.addAdministrator(admin());
    new DataApiAccess(stack, "Access", {
      role: DataApiRole.fromRoleArn(stack, "Role", USER_ARN),
      warehouse: analyticsServerless(stack, { key }),
    });
    const required = synthesize(stack).output.Required!.value as PolicyStatement[];
    expect(required.map(({ Principal, Sid }) => [Sid, Principal!.AWS])).toStrictEqual([
      ["Allow access to principals authorized to use Amazon Redshift", "*"],
      ["AllowKeyAdministratorsAccess", ADMIN_ARN],
      ["AllowKeyUseForExampleRole", USER_ARN],
      ["Extra", OTHER_ARN],
    ]);
    expect(key.warehouseDeployers).toBeUndefined();
  });

  test("has warehouseDeployers with the added deployers and users", () => {
    const key = existingKey(testStack());
    key.addUser(user());
    key.addDeployer(other());
    expect(key.warehouseDeployers!.map(({ arn }) => arn)).toStrictEqual([OTHER_ARN, USER_ARN]);
  });
});

describe("a replica of a key to which principals are added", () => {
  const replicaIn = (stack: TerraformStack, primaryKey: DataApiKey): DataApiKeyReplica =>
    new DataApiKeyReplica(stack, "Replica", {
      accountId: ACCOUNT,
      primaryKey,
      provider: new AwsProvider(stack, "Other", { alias: "other", region: "eu-west-1" }),
      region: "eu-west-1",
    });

  test("has the principals of the primary key, and a user that is added to the replica only", () => {
    const stack = testStack();
    const primaryKey = keyIn(stack, { administrators: [admin()], deployers: [other()], multiRegion: true });
    const replica = replicaIn(stack, primaryKey);
    const role = roleIn(stack);
    primaryKey.addUser(role.identity);
    replica.addUser(user());
    expect(principalsOf(stack, KmsReplicaKey)).toMatchObject({
      AllowDeployers: OTHER_ARN,
      AllowKeyAdministratorsAccess: ADMIN_ARN,
      AllowKeyUseForExampleRole: [role.identity.arn, USER_ARN],
    });
    expect(only(synthesize(stack), KmsReplicaKey).depends_on).toStrictEqual([
      `aws_iam_role.${role.resource.friendlyUniqueId}`,
    ]);
    expect(principalsOf(stack).AllowKeyUseForExampleRole).toBe(role.identity.arn);
  });

  test("has a later user of the primary key in an output that was created before, in any stack", () => {
    const app = Testing.app();
    const [outputs, keys] = [stackIn(app, "outputs"), stackIn(app, "keys")];
    const primaryKey = keyIn(keys, { multiRegion: true });
    const { requiredStatements } = replicaIn(keys, primaryKey);
    for (const stack of [outputs, keys]) {
      new TerraformOutput(stack, "OfPrimary", { value: primaryKey.requiredStatements });
      new TerraformOutput(stack, "OfReplica", { value: requiredStatements });
    }
    primaryKey.addUser(user());
    for (const stack of [keys, outputs]) {
      const { OfPrimary, OfReplica } = synthesize(stack).output;
      expect(OfPrimary!.value).toContainEqual(expect.objectContaining({ Principal: { AWS: USER_ARN } }));
      expect(OfReplica!.value).toContainEqual(expect.objectContaining({ Principal: { AWS: USER_ARN } }));
    }
  });

  test("in another stack makes the primary key refuse a role of that stack", () => {
    const app = Testing.app();
    const [keys, replicas] = [stackIn(app, "keys"), stackIn(app, "replicas")];
    const primaryKey = keyIn(keys, { multiRegion: true });
    replicaIn(replicas, primaryKey);
    expect(() => primaryKey.addUser(roleIn(replicas).identity)).toThrow("the stack replicas is deployed after keys");
  });
});

describe("DataApiKey", () => {
  const MUST =
    "be in the stack keys, or in a stack that is deployed before keys: AWS refuses a policy that names a missing role, and " +
    "the stack warehouses is deployed after keys. Create the role, or look it up, in the stack keys";

  /** A key in a stack, and a warehouse under it in a later stack. */
  function twoStacks() {
    const app = Testing.app();
    const [keys, warehouses] = [stackIn(app, "keys"), stackIn(app, "warehouses")];
    const key = keyIn(keys);
    return { key, keys, warehouse: analyticsServerless(warehouses, { key }), warehouses };
  }

  test("refuses a user whose role a later stack creates", () => {
    const { warehouse, warehouses } = twoStacks();
    const role = roleIn(warehouses);
    expect(() => new DataApiAccess(warehouses, "Access", { role, warehouse })).toThrow(
      new Error(`[warehouses/Access] 'role' must ${MUST}, got: arn:aws:iam::${ACCOUNT}:role/Analyst`),
    );
  });

  test("refuses a user whose ARN a later stack looks up", () => {
    const { warehouse, warehouses } = twoStacks();
    const role = DataApiRole.fromPermissionSetName(warehouses, "Role", "Analyst");
    expect(() => new DataApiAccess(warehouses, "Access", { role, warehouse })).toThrow(
      new Error(`[warehouses/Access] 'role' must ${MUST}, got: the permission set Analyst`),
    );
  });

  test("refuses a user whose ARN is an attribute of a resource of a later stack", () => {
    const { key, warehouses } = twoStacks();
    const { arn } = new IamRole(warehouses, "Role", { assumeRolePolicy: "{}" });
    expect(() => key.addUser(Identity.fromArn(arn))).toThrow(
      new Error(`[keys/Key] 'identity' must ${MUST}, got: a token`),
    );
  });

  test("refuses a user of the props whose role a later stack creates", () => {
    const app = Testing.app();
    const [keys, warehouses] = [stackIn(app, "keys"), stackIn(app, "warehouses")];
    warehouses.addDependency(keys);
    const role = roleIn(warehouses);
    expect(() => keyIn(keys, { users: [user(), role.identity] })).toThrow(
      new Error(`[keys/Key] 'users[1]' must ${MUST}, got: arn:aws:iam::${ACCOUNT}:role/Analyst`),
    );
  });

  test("accepts roles of earlier stacks, on which its stack then depends", () => {
    const app = Testing.app();
    const [roles, lookups, keys] = [stackIn(app, "roles"), stackIn(app, "lookups"), stackIn(app, "keys")];
    const key = keyIn(keys);
    key.addUser(roleIn(roles).identity);
    key.addUser(DataApiRole.fromPermissionSetName(lookups, "Role", "Analyst").identity);
    expect(keys.dependencies).toStrictEqual([roles, lookups]);
  });

  test.each<[string, (key: DataApiKey) => void, string]>([
    [
      "a user of another partition",
      (key) => key.addUser(Identity.fromArn(USER_ARN.replace("aws", "aws-cn"))),
      `'identity' must be of the partition aws, got: ${USER_ARN.replace("aws", "aws-cn")}`,
    ],
    [
      "an administrator by ARN",
      (key) => key.addAdministrator(ADMIN_ARN as never),
      `'identity' must be an Identity: for an ARN, use Identity.fromArn(arn); for a role, use role.identity, got: ${ADMIN_ARN}`,
    ],
    [
      "an added statement whose principal is a construct",
      (key) => key.addStatement({ ...STATEMENT, Principal: { AWS: key as never } }),
      "'statement' must have only strings, and lists and maps of strings: for a principal, use identity.arn; for a " +
        `token, Token.asString(token), got: ${STATEMENT.Sid}`,
    ],
    [
      "an administrator without a prototype",
      (key) => key.addAdministrator(Object.create(null) as never),
      "'identity' must be an Identity: for an ARN, use Identity.fromArn(arn); for a role, use role.identity, got: {}",
    ],
    [
      "an added statement with the Sid AllowDeployers",
      (key) => key.addStatement({ ...STATEMENT, Sid: "AllowDeployers" }),
      "'statement.Sid' must not reuse the Sid of another statement, got: AllowDeployers",
    ],
  ])("refuses %s", (_, add, message) => {
    expect(() => add(keyIn(testStack()))).toThrow(new Error(`[test/Key] ${message}`));
  });
});

describe("a statement of a key", () => {
  const statement = (more: object) => ({ ...STATEMENT, ...more });

  test.each<[string, (stack: TerraformStack, key: DataApiKey) => [more: object, address: RegExp]]>([
    [
      "the encryption context of a serverless warehouse under the key",
      (stack, key) => [
        { Condition: analyticsServerless(stack, { key }).encryptionContext.conditions },
        /aws_redshiftserverless_namespace\.Serverless_\w+/,
      ],
    ],
    [
      "a topic under the key",
      (stack, key) => [
        {
          Condition: {
            ArnEquals: { "aws:SourceArn": new AlarmTopic(stack, "Topic", { key, topicName: "events" }).topicArn },
          },
        },
        /aws_sns_topic\.Topic_\w+/,
      ],
    ],
    ["the key itself", (_, key) => [{ Resource: key.keyArn }, /aws_kms_key\.Key_\w+/]],
  ])("is refused at synthesis if it refers to %s", (_, create) => {
    const stack = stackIn(Testing.app(), "test");
    const key = keyIn(stack);
    const [more, address] = create(stack, key);
    key.addStatement(statement(more));
    const must = "'policy' must refer to no resource that needs the key, because Terraform would have a cycle";
    const source = `errors:\\n  \\[test/Key\\] ${must}, got: ${address.source}\\n`;
    expect(() => Testing.synth(stack, true)).toThrow(new RegExp(source));
  });

  test.each<[string, string, (stack: TerraformStack, later: PolicyStatement) => void]>([
    ["is added", "statement", (stack, later) => keyIn(stack).addStatement(later)],
    [
      "is one of the props",
      "additionalStatements[1]",
      (stack, later) => keyIn(stack, { additionalStatements: [STATEMENT, later] }),
    ],
  ])("is refused if it %s and refers to a stack that is deployed after the key's", (_, prop, create) => {
    const app = Testing.app();
    const [keys, warehouses] = [stackIn(app, "keys"), stackIn(app, "warehouses")];
    const { namespaceArn } = analyticsServerless(warehouses);
    warehouses.addDependency(keys);
    const Condition = { StringEquals: { "kms:EncryptionContext:aws:redshift-serverless:arn": namespaceArn } };
    expect(() => create(keys, { ...STATEMENT, Condition, Sid: "Later" })).toThrow(
      new Error(
        `[keys/Key] '${prop}' must refer to no stack that is deployed after the key's stack, keys, got: warehouses`,
      ),
    );
  });

  test("may refer to an earlier stack, on which the stack of the key then depends", () => {
    const app = Testing.app();
    const [keys, roles] = [stackIn(app, "keys"), stackIn(app, "roles")];
    const { arn } = new IamRole(roles, "Role", { assumeRolePolicy: "{}" });
    keyIn(keys).addStatement(statement({ Principal: { AWS: arn } }));
    expect(keys.dependencies).toStrictEqual([roles]);
  });

  test("adds only one error if it makes the policy too large", () => {
    const key = keyIn(stackIn(Testing.app(), "test"));
    for (let index = 0; index < 40; index++) {
      key.addStatement(statement({ Resource: "*", Sid: `Statement${index}${"0".repeat(1000)}` }));
    }
    expect(key.node.validate()).toStrictEqual([expect.stringContaining("32")]);
  });

  test("may refer to a role that does not need the key", () => {
    const stack = stackIn(Testing.app(), "test");
    const key = keyIn(stack);
    const { arn } = new IamRole(stack, "Role", { assumeRolePolicy: "{}" });
    key.addStatement(statement({ Principal: { AWS: arn } }));
    analyticsServerless(stack, { key });
    expect(key.node.validate()).toStrictEqual([]);
  });
});

describe("a key whose 'viaServices' lack the service of the warehouse", () => {
  const SERVICES = [`redshift-serverless.${REGION}.amazonaws.com`, `redshift.${REGION}.amazonaws.com`];
  const warningOf = (names: string): string =>
    `the 'viaServices' of the key have neither ${names}: the key policy lets nobody use the key through the service of this ` +
    "warehouse. The warehouse cannot be created, and its Data API fails. Add one of these services";
  const [serverless, cluster] = SERVICES as [string, string];
  const existing = (viaServices: string[]) => (stack: TerraformStack) =>
    DataApiKey.fromKeyAttributes(stack, "Key", { keyArn: KEY_ARN, viaServices });
  const created = (viaServices: string[]) => (stack: TerraformStack) => keyIn(stack, { viaServices });

  test.each([
    [
      "warns of a cluster",
      analyticsCluster,
      existing([serverless]),
      [warningOf(`redshift.amazonaws.com nor ${cluster}`)],
    ],
    [
      "warns of a serverless warehouse under an existing key",
      analyticsServerless,
      existing([cluster]),
      [warningOf(`redshift.amazonaws.com nor ${serverless}`)],
    ],
    [
      "warns of a serverless warehouse under the key of its stack",
      analyticsServerless,
      created([cluster]),
      [warningOf(`redshift.amazonaws.com nor ${serverless}`)],
    ],
    [
      "warns of a serverless warehouse under a created key of an unknown Region",
      analyticsServerless,
      (stack: TerraformStack) => keyIn(stack, { region: undefined, viaServices: [cluster] }),
      [warningOf("redshift.amazonaws.com nor redshift-serverless.REGION.amazonaws.com")],
    ],
    [
      "warns of a cluster under a created key if the service is of another Region",
      analyticsCluster,
      created(["redshift.eu-west-1.amazonaws.com"]),
      [warningOf(`redshift.amazonaws.com nor ${cluster}`)],
    ],
    [
      "warns of a cluster if the service is of another Region",
      analyticsCluster,
      existing(["redshift.eu-west-1.amazonaws.com"]),
      [warningOf(`redshift.amazonaws.com nor ${cluster}`)],
    ],
    ["does not warn of a cluster if the regional service is there", analyticsCluster, created([cluster]), []],
    [
      "does not warn of a serverless warehouse if the regional service is there",
      analyticsServerless,
      existing([serverless]),
      [],
    ],
    [
      "does not warn of a serverless warehouse if redshift.amazonaws.com is there",
      analyticsServerless,
      created(["redshift.amazonaws.com"]),
      [],
    ],
    [
      "does not warn of a cluster if a service is a token",
      analyticsCluster,
      created([Token.asString({ resolve: () => serverless })]),
      [],
    ],
  ])("%s", (_, warehouseIn, keyOf, warnings) => {
    const stack = testStack();
    warehouseIn(stack, { key: keyOf(stack) });
    expect(warningsOf(stack)).toStrictEqual(warnings);
  });
});
