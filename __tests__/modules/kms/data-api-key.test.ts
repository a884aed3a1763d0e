import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition";
import { DataAwsRegion } from "@cdktf/provider-aws/lib/data-aws-region";
import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { TerraformOutput, type TerraformStack, Token } from "cdktf";
import {
  DataApiKey,
  type DataApiKeyProps,
  DataApiRole,
  type ExistingDataApiKeyProps,
  Identity,
  type PolicyStatement,
} from "../../../modules";
import golden from "../../golden/key-policy.json";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, REGION, USER_ARN } from "../../support/arns";
import {
  admin,
  type Arguments,
  only,
  reference,
  regionExpression,
  shownError,
  statementsOf,
  synthesize,
  type Synthesized,
  testStack,
  user,
  warningsOf,
} from "../../support/support";

const ALIAS_RULE = "be alias/ and 1 to 250 letters, digits or any of /_-, and not begin with alias/aws/";
const ARN_RULE = "be the ARN of a KMS key (arn:PARTITION:kms:REGION:ACCOUNT:key/ID), not an alias and not a key ID";
const WINDOW_RULE = "be an integer from 7 to 30";
const ROTATION_RULE = "be an integer from 90 to 2560";
const TAGS_RULE =
  "be at most 50 tags: keys of 1 to 128 characters that do not start with aws: and differ in more than case, values of at most 256, and in both only letters, digits, spaces and any of _.:/=+-@";
const LIST_RULE = "be a list whose length is known when the configuration is synthesized, got: a list token";
const VIA_RULE = "be a kms:ViaService name such as redshift.us-east-1.amazonaws.com";

const minimal: DataApiKeyProps = { administrators: [admin()], alias: "alias/warehouse" };
const literal: DataApiKeyProps = { ...minimal, accountId: ACCOUNT, region: REGION };
const listToken = Token.asList({ resolve: () => ["later"] });
const extra: PolicyStatement = {
  Sid: "Extra",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/Extra` },
  Action: "kms:Decrypt",
  Resource: "*",
  Condition: { StringEquals: { "aws:PrincipalTag/team": "${aws:PrincipalTag/x}" } },
};

/** A stack with a key, and its synthesized form. */
function synthesizedKey(props: DataApiKeyProps): { stack: TerraformStack; key: DataApiKey; synthesized: Synthesized } {
  const stack = testStack();
  const key = new DataApiKey(stack, "Key", props);
  return { stack, key, synthesized: synthesize(stack) };
}

/** The address of the only data source of a type. */
function dataSource({ data }: Synthesized, { tfResourceType }: { readonly tfResourceType: string }): string {
  const names = Object.keys(data[tfResourceType] ?? {});
  expect(names).toHaveLength(1);
  return `data.${tfResourceType}.${names[0]}`;
}

/** The statement for Redshift, given account and Region as they stand in the policy. */
const redshiftStatement = (account: string, viaServices: readonly string[]): Arguments => ({
  ...golden.statements[0],
  Condition: { StringEquals: { "kms:ViaService": viaServices, "kms:CallerAccount": account } },
});
const LITERAL_SERVICES = [
  `redshift-serverless.${REGION}.amazonaws.com`,
  "redshift.amazonaws.com",
  `redshift.${REGION}.amazonaws.com`,
];

/** The caller's role in expressions. */
const roleOf = (caller: string): string =>
  `replace(${caller}.arn, "/^arn:([^:]+):sts::([0-9]+):assumed-role/([^/]+)/.*$/", "arn:$1:iam::$2:role/$3")`;

describe("the resources of DataApiKey", () => {
  test("have rotation, a window of 30 days and prevent_destroy by default", () => {
    const { key, synthesized } = synthesizedKey(literal);
    const { lifecycle, policy, ...others } = only(synthesized, KmsKey);
    expect(others).toStrictEqual({
      bypass_policy_lockout_safety_check: false,
      deletion_window_in_days: 30,
      description: "Amazon Redshift and its Data API",
      enable_key_rotation: true,
    });
    expect(Object.keys(lifecycle as object)).toStrictEqual(["precondition", "prevent_destroy"]);
    expect((lifecycle as Arguments).prevent_destroy).toBe(true);
    expect(JSON.parse(policy as string)).toStrictEqual({
      Version: "2012-10-17",
      Statement: [redshiftStatement(ACCOUNT, LITERAL_SERVICES), golden.statements[1]],
    });
    expect(only(synthesized, KmsAlias)).toStrictEqual({
      name: "alias/warehouse",
      target_key_id: reference(key.resource, "key_id"),
    });
  });

  test("have the value of every prop", () => {
    const props: Required<Omit<DataApiKeyProps, "deployers" | "provider">> = {
      accountId: ACCOUNT,
      additionalStatements: [extra],
      administrators: [admin()],
      alias: "alias/team/warehouse_1-a",
      bypassPolicyLockoutSafetyCheck: true,
      deletionProtection: false,
      deletionWindowInDays: 14,
      description: "The warehouse's key",
      enableKeyRotation: true,
      lockoutPrecondition: false,
      multiRegion: true,
      partition: "aws",
      region: REGION,
      rotationPeriodInDays: 90,
      tags: { Team: "data" },
      users: [user()],
      viaServices: ["redshift.amazonaws.com"],
    };
    const { key, synthesized } = synthesizedKey(props);
    const { policy, ...others } = only(synthesized, KmsKey);
    expect(others).toStrictEqual({
      bypass_policy_lockout_safety_check: true,
      deletion_window_in_days: 14,
      description: "The warehouse's key",
      enable_key_rotation: true,
      lifecycle: { prevent_destroy: false },
      multi_region: true,
      rotation_period_in_days: 90,
      tags: { Team: "data" },
    });
    expect(JSON.parse(policy as string)).toStrictEqual({
      Version: "2012-10-17",
      Statement: [
        ...golden.statements,
        { ...extra, Condition: { StringEquals: { "aws:PrincipalTag/team": "$${aws:PrincipalTag/x}" } } },
      ],
    });
    expect(only(synthesized, KmsAlias)).toStrictEqual({
      name: "alias/team/warehouse_1-a",
      target_key_id: reference(key.resource, "key_id"),
    });
    expect(synthesized.data).toStrictEqual({});
  });

  test("have no rotation if 'enableKeyRotation' is false", () => {
    const { synthesized } = synthesizedKey({ ...literal, enableKeyRotation: false });
    expect(only(synthesized, KmsKey).enable_key_rotation).toBe(false);
  });

  test("give the construct its ARN, its ID and its alias", () => {
    const stack = testStack();
    const key = new DataApiKey(stack, "Key", literal);
    new TerraformOutput(stack, "Arn", { value: key.keyArn });
    new TerraformOutput(stack, "Id", { value: key.keyId });
    expect(synthesize(stack).output).toStrictEqual({
      Arn: { value: reference(key.resource, "arn") },
      Id: { value: reference(key.resource, "key_id") },
    });
    expect(key.aliasName).toBe("alias/warehouse");
    expect(key.aliasResource.nameInput).toBe("alias/warehouse");
  });
});

describe("the policy of DataApiKey", () => {
  test("has the provider's account and Region if they are not given", () => {
    const { synthesized } = synthesizedKey({ ...minimal, users: [user()] });
    const account = `\${${dataSource(synthesized, DataAwsCallerIdentity)}.account_id}`;
    const region = "REGION";
    const expression = regionExpression(dataSource(synthesized, DataAwsRegion).replace("data.aws_region.", ""));
    dataSource(synthesized, DataAwsPartition);
    const policy = (only(synthesized, KmsKey).policy as string).replaceAll(expression, region);
    expect(statementsOf(policy)).toStrictEqual([
      redshiftStatement(account, [
        `redshift-serverless.${region}.amazonaws.com`,
        `redshift.${region}.amazonaws.com`,
        "redshift.amazonaws.com",
      ]),
      golden.statements[1],
      golden.statements[2],
    ]);
  });

  test("equals the statements of key.policy", () => {
    const { key, synthesized } = synthesizedKey({ ...literal, users: [user()] });
    expect(statementsOf(only(synthesized, KmsKey).policy as string)).toStrictEqual(key.policy.statements);
  });

  test("needs no Region if 'viaServices' are given", () => {
    const { synthesized } = synthesizedKey({ ...minimal, partition: "aws", viaServices: ["redshift.amazonaws.com"] });
    expect(Object.keys(synthesized.data)).toStrictEqual([DataAwsCallerIdentity.tfResourceType]);
  });

  test("depends once on each role of the same stack", () => {
    const stack = testStack();
    const created = (roleName: string): DataApiRole =>
      new DataApiRole(stack, roleName, {
        accountId: ACCOUNT,
        partition: "aws",
        roleName,
        trustedPrincipals: [admin()],
      });
    const [administrator, analyst] = [created("Administrator"), created("Analyst")];
    new DataApiKey(stack, "Key", {
      ...literal,
      administrators: [administrator.identity, admin()],
      users: [analyst.identity, administrator.identity, user()],
    });
    expect(only(synthesize(stack), KmsKey).depends_on).toStrictEqual([
      `aws_iam_role.${administrator.resource.friendlyUniqueId}`,
      `aws_iam_role.${analyst.resource.friendlyUniqueId}`,
    ]);
  });

  test("names a role of the same stack by a literal ARN", () => {
    const stack = testStack();
    const { identity } = new DataApiRole(stack, "Role", {
      accountId: ACCOUNT,
      partition: "aws",
      path: "/team/",
      roleName: "Analyst",
      trustedPrincipals: [admin()],
    });
    new DataApiKey(stack, "Key", { ...literal, users: [identity] });
    expect(statementsOf(only(synthesize(stack), KmsKey).policy as string)[2]!.Principal).toStrictEqual({
      AWS: `arn:aws:iam::${ACCOUNT}:role/team/Analyst`,
    });
  });
});

describe("the lockout precondition", () => {
  test("compares the caller with literal administrators", () => {
    const { synthesized } = synthesizedKey({
      ...literal,
      administrators: [admin(), Identity.fromArn(`arn:aws:iam::${ACCOUNT}:role/team/Admin`)],
    });
    const caller = dataSource(synthesized, DataAwsCallerIdentity);
    expect(only(synthesized, KmsKey).lifecycle).toStrictEqual({
      prevent_destroy: true,
      precondition: [
        {
          condition:
            `\${length(setintersection([for arn in ["${ADMIN_ARN}", "arn:aws:iam::${ACCOUNT}:role/team/Admin"] : ` +
            `replace(arn, "/:role/.*//", ":role/")], [${roleOf(caller)}, ` +
            `join("", ["arn:aws:iam::", ${caller}.account_id, ":root"])])) > 0}`,
          error_message:
            `The caller of this plan, \${${caller}.arn}, is not an administrator of this key, and ` +
            "KMS refuses a key policy that its caller could not change again. Three ways out: " +
            `(1) add \${${roleOf(caller)}} to 'administrators', with the role's path before its name, if it has one ` +
            "(a role of IAM Identity Center has /aws-reserved/sso.amazonaws.com/ or /aws-reserved/sso.amazonaws.com/REGION/); " +
            `(2) add the account root, arn:aws:iam::\${${caller}.account_id}:root, to 'administrators', ` +
            "so that the IAM policies of the account decide; (3) set 'bypassPolicyLockoutSafetyCheck' to true, " +
            "if the key is meant to be out of this caller's hands.",
        },
      ],
    });
  });

  test("compares the caller with an administrator whose account comes from a data source", () => {
    const stack = testStack();
    const role = new DataApiRole(stack, "Role", { roleName: "Administrator", trustedPrincipals: [admin()] });
    new DataApiKey(stack, "Key", { ...minimal, administrators: [role.identity] });
    const synthesized = synthesize(stack);
    const [roleCaller, keyCaller] = Object.keys(synthesized.data.aws_caller_identity!)
      .sort((a) => (a.startsWith("Role") ? -1 : 1))
      .map((name) => `data.aws_caller_identity.${name}`) as [string, string];
    const [rolePartition, keyPartition] = Object.keys(synthesized.data.aws_partition!)
      .sort((a) => (a.startsWith("Role") ? -1 : 1))
      .map((name) => `data.aws_partition.${name}.partition`);
    const { precondition } = only(synthesized, KmsKey).lifecycle as { precondition: { condition: string }[] };
    expect(precondition.map(({ condition }) => condition)).toStrictEqual([
      "${length(setintersection([for arn in " +
        `[join("", ["arn:", ${rolePartition}, ":iam::", ${roleCaller}.account_id, ":role/Administrator"])] : ` +
        `replace(arn, "/:role/.*//", ":role/")], [${roleOf(keyCaller)}, ` +
        `join("", ["arn:", ${keyPartition}, ":iam::", ${keyCaller}.account_id, ":root"])])) > 0}`,
    ]);
  });

  test("compares the caller with an administrator that is a token", () => {
    const stack = testStack();
    const { resource } = new DataApiRole(stack, "Role", {
      accountId: ACCOUNT,
      partition: "aws",
      roleName: "Administrator",
      trustedPrincipals: [admin()],
    });
    new DataApiKey(stack, "Key", { ...literal, administrators: [Identity.fromArn(resource.arn)] });
    const synthesized = synthesize(stack);
    const caller = dataSource(synthesized, DataAwsCallerIdentity);
    const { precondition } = only(synthesized, KmsKey).lifecycle as { precondition: { condition: string }[] };
    expect(precondition.map(({ condition }) => condition)).toStrictEqual([
      `\${length(setintersection([for arn in [aws_iam_role.${resource.friendlyUniqueId}.arn] : ` +
        `replace(arn, "/:role/.*//", ":role/")], [${roleOf(caller)}, ` +
        `join("", ["arn:aws:iam::", ${caller}.account_id, ":root"])])) > 0}`,
    ]);
  });

  test.each([
    ["is absent if 'lockoutPrecondition' is false", { lockoutPrecondition: false }, false],
    ["is absent if 'bypassPolicyLockoutSafetyCheck' is true", { bypassPolicyLockoutSafetyCheck: true }, true],
    ["is absent if both props turn it off", { bypassPolicyLockoutSafetyCheck: true, lockoutPrecondition: false }, true],
  ])("%s, and then no data source reads the caller", (_, props, bypass) => {
    const { synthesized } = synthesizedKey({ ...literal, ...props });
    const { bypass_policy_lockout_safety_check, lifecycle } = only(synthesized, KmsKey);
    expect(lifecycle).toStrictEqual({ prevent_destroy: true });
    expect(bypass_policy_lockout_safety_check).toBe(bypass);
    expect(synthesized.data).toStrictEqual({});
  });
});

describe("the partition of DataApiKey", () => {
  const inPartition = (partition: string): Identity => Identity.forAccountRoot(ACCOUNT, partition);

  test.each([
    ["us-east-1", "aws"],
    ["eu-central-2", "aws"],
    ["cn-north-1", "aws-cn"],
    ["us-gov-west-1", "aws-us-gov"],
    ["eusc-de-east-1", "aws-eusc"],
    ["us-iso-east-1", "aws-iso"],
    ["us-isob-east-1", "aws-iso-b"],
    ["eu-isoe-west-1", "aws-iso-e"],
    ["us-isof-south-1", "aws-iso-f"],
  ])("in %s is %s", (region, partition) => {
    const props = { ...literal, administrators: [inPartition(partition)], lockoutPrecondition: false, region };
    const { synthesized } = synthesizedKey(props);
    const [redshift, administrators] = statementsOf(only(synthesized, KmsKey).policy as string);
    expect(redshift).toStrictEqual(
      redshiftStatement(
        ACCOUNT,
        [
          "redshift.amazonaws.com",
          `redshift.${region}.amazonaws.com`,
          `redshift-serverless.${region}.amazonaws.com`,
        ].sort(),
      ),
    );
    expect(administrators!.Principal).toStrictEqual({ AWS: `arn:${partition}:iam::${ACCOUNT}:root` });
    expect(synthesized.data).toStrictEqual({});
    const other = inPartition(partition === "aws" ? "aws-cn" : "aws");
    expect(() => new DataApiKey(testStack(), "Key", { ...props, administrators: [other] })).toThrow(
      new Error(`[test/Key] 'administrators[0]' must be of the partition ${partition}, got: ${other.arn}`),
    );
  });

  test("is the prop 'partition' if the Region is a token", () => {
    const region = Token.asString({ resolve: () => "later" });
    const administrators = [inPartition("aws-cn")];
    const props = { ...literal, administrators, lockoutPrecondition: false, partition: "aws-cn", region };
    expect(synthesizedKey(props).synthesized.data).toStrictEqual({});
  });

  test("may be a token even if the Region is a literal", () => {
    const partition = Token.asString({ resolve: () => "later" });
    const props = { ...literal, administrators: [inPartition("aws-cn")], lockoutPrecondition: false, partition };
    expect(synthesizedKey(props).synthesized.data).toStrictEqual({});
  });
});

describe("DataApiKey", () => {
  const windowOf = (days: number): string =>
    `a deletion window of ${days} days is too short: Redshift keeps a warehouse without its key for 14 days`;

  test.each([
    ["of a deletion window of 7 days", { deletionWindowInDays: 7 }, [windowOf(7)]],
    ["of a deletion window of 13 days", { deletionWindowInDays: 13 }, [windowOf(13)]],
    [
      "of a user that is an administrator too",
      { users: [user(), admin()] },
      [`${ADMIN_ARN} is both an administrator and a user of the key: separate the duties, or choose one`],
    ],
    [
      "of a role as the only administrator",
      { administrators: [admin(), admin()] },
      [
        `'administrators' names ${ADMIN_ARN} only: if it is deleted, nobody can change this key again, because KMS keeps the ID ` +
          "of a deleted principal. Add a second role, or the account root",
      ],
    ],
    [
      "of nothing if the account root is the only administrator",
      { administrators: [Identity.forAccountRoot(ACCOUNT)] },
      [],
    ],
    [
      "of nothing if a token is the only administrator",
      { administrators: [Identity.fromArn(Token.asString({ resolve: () => "a" }))] },
      [],
    ],
    ["of nothing for two administrators", {}, []],
    ["of nothing for a deletion window of 14 days", { deletionWindowInDays: 14 }, []],
    [
      "of nothing for a deletion window that is a token",
      { deletionWindowInDays: Token.asNumber({ resolve: () => 7 }) },
      [],
    ],
  ])("warns %s", (_, props, expected) => {
    const { stack } = synthesizedKey({
      ...literal,
      administrators: [admin(), Identity.forAccountRoot(ACCOUNT)],
      ...props,
    });
    expect(warningsOf(stack)).toStrictEqual(expected);
  });
});

test.each([
  ["no account and Region", {}, ["aws_caller_identity", "aws_partition", "aws_region"]],
  ["account and Region", { accountId: ACCOUNT, region: REGION }, ["aws_caller_identity"]],
])("DataApiKey passes its provider to every resource and data source, given %s", (_, props, dataSources) => {
  const stack = testStack();
  const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
  new DataApiKey(stack, "Key", { ...minimal, ...props, provider });
  const { data, resource } = synthesize(stack);
  const providers = Object.entries({ ...data, ...resource }).flatMap(([type, elements]) =>
    Object.values(elements).map((element) => [type, element.provider as unknown]),
  );
  expect(providers).toStrictEqual([...dataSources, "aws_kms_alias", "aws_kms_key"].map((type) => [type, "aws.other"]));
});

describe("an existing key", () => {
  const SERVICES = ["redshift.amazonaws.com", "redshift.eu-west-1.amazonaws.com"];

  test("by ARN requires the statement for Redshift with its account and Region", () => {
    const stack = testStack();
    const key = DataApiKey.fromKeyArn(stack, "Key", KEY_ARN);
    expect(key.keyArn).toBe(KEY_ARN);
    expect(key.keyId).toBe("12345678-1234-1234-1234-123456789012");
    expect(key.requiredStatements).toStrictEqual([redshiftStatement(ACCOUNT, LITERAL_SERVICES)]);
    const { data, resource } = synthesize(stack);
    expect({ data, resource }).toStrictEqual({ data: {}, resource: {} });
  });

  test("by ARN stays in AWS with its alias if the stack created it before", () => {
    const earlier = testStack();
    const { aliasResource, resource } = new DataApiKey(earlier, "Key", literal);
    const stack = testStack();
    DataApiKey.fromKeyArn(stack, "Key", KEY_ARN);
    expect(synthesize(stack).removed).toStrictEqual([
      { from: `aws_kms_key.${resource.friendlyUniqueId}`, lifecycle: [{ destroy: false }] },
      { from: `aws_kms_alias.${aliasResource.friendlyUniqueId}`, lifecycle: [{ destroy: false }] },
    ]);
  });

  test("by attributes requires statements with its account, services and users", () => {
    const { requiredStatements } = DataApiKey.fromKeyAttributes(testStack(), "Key", {
      accountId: "444455556666",
      keyArn: KEY_ARN,
      users: [user()],
      viaServices: SERVICES,
    });
    expect(requiredStatements).toStrictEqual([redshiftStatement("444455556666", SERVICES), golden.statements[2]]);
  });

  test("by ARN may be a multi-Region key", () => {
    const keyArn = "arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-1234567890abcdef1234567890abcdef";
    const key = DataApiKey.fromKeyArn(testStack(), "Key", keyArn);
    expect(key.keyId).toBe("mrk-1234567890abcdef1234567890abcdef");
    expect(key.requiredStatements[0]!.Condition!.StringEquals!["kms:ViaService"]).toStrictEqual([
      "redshift-serverless.cn-north-1.amazonaws.com",
      "redshift.amazonaws.com",
      "redshift.cn-north-1.amazonaws.com",
    ]);
  });

  test("by an ARN that is a token reads ID, account and Region in Terraform", () => {
    const stack = testStack();
    const { resource } = new DataApiKey(stack, "Made", literal);
    const key = DataApiKey.fromKeyArn(stack, "Key", resource.arn);
    new TerraformOutput(stack, "Arn", { value: key.keyArn });
    new TerraformOutput(stack, "Id", { value: key.keyId });
    new TerraformOutput(stack, "Conditions", { value: key.requiredStatements[0]!.Condition });
    const arn = `aws_kms_key.${resource.friendlyUniqueId}.arn`;
    const region = `\${element(split(":", ${arn}), 3)}`;
    expect(synthesize(stack).output).toStrictEqual({
      Arn: { value: `\${${arn}}` },
      Conditions: {
        value: redshiftStatement(`\${element(split(":", ${arn}), 4)}`, [
          `redshift-serverless.${region}.amazonaws.com`,
          `redshift.${region}.amazonaws.com`,
          "redshift.amazonaws.com",
        ]).Condition as unknown,
      },
      Id: { value: `\${element(split("/", ${arn}), 1)}` },
    });
  });

  test.each([
    ["without an ARN", { keyArn: undefined }, `'keyArn' must ${ARN_RULE}, got: nothing`],
    ["with an empty ARN", { keyArn: "" }, `'keyArn' must ${ARN_RULE}, got: ""`],
    [
      "with a key ID as ARN",
      { keyArn: "12345678-1234-1234-1234-123456789012" },
      `'keyArn' must ${ARN_RULE}, got: 12345678-1234-1234-1234-123456789012`,
    ],
    ["with an alias as ARN", { keyArn: "alias/warehouse" }, `'keyArn' must ${ARN_RULE}, got: alias/warehouse`],
    [
      "with the ARN of an alias",
      { keyArn: `arn:aws:kms:${REGION}:${ACCOUNT}:alias/warehouse` },
      `'keyArn' must ${ARN_RULE}, got: arn:aws:kms:${REGION}:${ACCOUNT}:alias/warehouse`,
    ],
    ["with the ARN of a role", { keyArn: ADMIN_ARN }, `'keyArn' must ${ARN_RULE}, got: ${ADMIN_ARN}`],
    [
      "with an account of 4 digits",
      { accountId: "1234" },
      `'accountId' must be a 12-digit AWS account ID, got: "1234"`,
    ],
    ["without services", { viaServices: [] }, "'viaServices' must name at least one service, got: []"],
    [
      "with a malformed service",
      { viaServices: ["redshift.us-east-1"] },
      `'viaServices[0]' must ${VIA_RULE}, got: redshift.us-east-1`,
    ],
    ["with a list token as users", { users: listToken }, `'users' must ${LIST_RULE}`],
    [
      "with a user of another partition",
      { users: [Identity.fromArn(USER_ARN.replace("arn:aws:", "arn:aws-cn:"))] },
      `'users[0]' must be of the partition aws, got: ${USER_ARN.replace("arn:aws:", "arn:aws-cn:")}`,
    ],
  ])("is refused %s", (_, props, message) => {
    const wrong = { keyArn: KEY_ARN, ...props } as ExistingDataApiKeyProps;
    const error = shownError(`[test/Key] ${message}`);
    expect(() => DataApiKey.fromKeyAttributes(testStack(), "Key", wrong)).toThrow(error);
    expect(() => DataApiKey.fromKeyArn(testStack(), "Key", wrong)).toThrow(error);
  });

  test("by alias is looked up by a data source", () => {
    const stack = testStack();
    const key = DataApiKey.fromAliasName(stack, "Key", "alias/warehouse", { users: [user()], viaServices: SERVICES });
    new TerraformOutput(stack, "Arn", { value: key.keyArn });
    const { data, output } = synthesize(stack);
    const [[id, lookup]] = Object.entries(data.aws_kms_key!) as [[string, Arguments]];
    expect(id).toBe("KeyAlias");
    expect(lookup).toStrictEqual({ key_id: "alias/warehouse" });
    expect(output.Arn).toStrictEqual({ value: `\${data.aws_kms_key.${id}.arn}` });
    expect(key.requiredStatements[1]).toStrictEqual(golden.statements[2]);
  });

  test("by alias is looked up in another Region by the provider of that Region", () => {
    const stack = testStack();
    const provider = new AwsProvider(stack, "Europe", { alias: "europe", region: "eu-west-1" });
    DataApiKey.fromAliasName(stack, "Key", "alias/warehouse", { provider });
    expect(synthesize(stack).data.aws_kms_key!.KeyAlias).toStrictEqual({
      key_id: "alias/warehouse",
      provider: "aws.europe",
    });
  });

  test.each(["warehouse", "alias/aws/redshift", ""])("is refused with the alias '%s'", (alias) => {
    const error = new Error(`[test/Key] 'aliasName' must ${ALIAS_RULE}, got: ${alias || '""'}`);
    expect(() => DataApiKey.fromAliasName(testStack(), "Key", alias)).toThrow(error);
  });
});

test("a policy that grows too large is refused at synthesis, without its warnings", () => {
  const stack = testStack();
  const key = new DataApiKey(stack, "Key", { administrators: [admin()], alias: "alias/analytics", users: [admin()] });
  for (let index = 0; index < 700; index += 1) {
    key.addUser(Identity.fromArn(`arn:aws:iam::${ACCOUNT}:role/a-role-of-a-user-${index}`));
  }
  expect(stack.node.findAll().flatMap(({ node }) => node.validate())).toContainEqual(
    expect.stringContaining("'policy' must be at most 32768 bytes"),
  );
  expect(warningsOf(stack)).toStrictEqual([]);
});

test("DataApiKey throws without props", () => {
  const error = new Error("[test/Key] 'props' must be given, got: nothing");
  expect(() => new DataApiKey(testStack(), "Key", undefined as never)).toThrow(error);
});

describe("DataApiKey accepts", () => {
  test.each([
    ["an alias that begins with alias/aws, and not with alias/aws/", { alias: "alias/aws-logs" }],
    ["an alias of 256 characters", { alias: `alias/${"a".repeat(250)}` }],
    ["a description of 8,192 characters", { description: "d".repeat(8192) }],
    ["a deletion window of 30 days", { deletionWindowInDays: 30 }],
    ["a rotation period of 2,560 days", { rotationPeriodInDays: 2560 }],
    [
      "tokens as alias, description and rotation period",
      {
        alias: Token.asString({ resolve: () => "later" }),
        description: Token.asString({ resolve: () => "later" }),
        rotationPeriodInDays: Token.asNumber({ resolve: () => 1 }),
      },
    ],
  ])("%s", (_, props) => {
    expect(() => new DataApiKey(testStack(), "Key", { ...literal, ...props })).not.toThrow();
  });
});

describe("DataApiKey refuses", () => {
  test.each(["bypassPolicyLockoutSafetyCheck", "deletionProtection", "enableKeyRotation", "lockoutPrecondition"])(
    "a string as '%s'",
    (flag) => {
      expect(() => new DataApiKey(testStack(), "Key", { ...literal, [flag]: "false" })).toThrow(
        new Error(
          `[test/Key] '${flag}' must be true or false, known when the configuration is synthesized, got: "false"`,
        ),
      );
    },
  );

  test.each([
    ["a missing alias", { alias: undefined }, `'alias' must ${ALIAS_RULE}, got: nothing`],
    ["an alias without the prefix alias/", { alias: "warehouse" }, `'alias' must ${ALIAS_RULE}, got: warehouse`],
    ["an alias without a name", { alias: "alias/" }, `'alias' must ${ALIAS_RULE}, got: alias/`],
    [
      "an alias that begins with alias/aws/",
      { alias: "alias/aws/redshift" },
      `'alias' must ${ALIAS_RULE}, got: alias/aws/redshift`,
    ],
    ["an alias with a dot", { alias: "alias/a.b" }, `'alias' must ${ALIAS_RULE}, got: alias/a.b`],
    [
      "an alias of 257 characters",
      { alias: `alias/${"a".repeat(251)}` },
      `'alias' must ${ALIAS_RULE}, got: alias/${"a".repeat(251)}`,
    ],
    [
      "a description of 8,193 characters",
      { description: "d".repeat(8193) },
      `'description' must be a string of 0 to 8192 characters, got: ${"d".repeat(8193)}`,
    ],
    ["a deletion window of 6 days", { deletionWindowInDays: 6 }, `'deletionWindowInDays' must ${WINDOW_RULE}, got: 6`],
    [
      "a deletion window of 31 days",
      { deletionWindowInDays: 31 },
      `'deletionWindowInDays' must ${WINDOW_RULE}, got: 31`,
    ],
    [
      "a deletion window with half a day",
      { deletionWindowInDays: 7.5 },
      `'deletionWindowInDays' must ${WINDOW_RULE}, got: 7.5`,
    ],
    [
      "a rotation period of 89 days",
      { rotationPeriodInDays: 89 },
      `'rotationPeriodInDays' must ${ROTATION_RULE}, got: 89`,
    ],
    [
      "a rotation period of 2,561 days",
      { rotationPeriodInDays: 2561 },
      `'rotationPeriodInDays' must ${ROTATION_RULE}, got: 2561`,
    ],
    [
      "a rotation period without rotation",
      { enableKeyRotation: false, rotationPeriodInDays: 90 },
      "'rotationPeriodInDays' must be left out if 'enableKeyRotation' is false, got: 90",
    ],
    ["a string as 'multiRegion'", { multiRegion: "no" }, "'multiRegion' must be true or false, got: no"],
    [
      "a bypassed lockout check together with 'lockoutPrecondition'",
      { bypassPolicyLockoutSafetyCheck: true, lockoutPrecondition: true },
      "'lockoutPrecondition' must be false if 'bypassPolicyLockoutSafetyCheck' is true, got: true",
    ],
    ["a tag whose key begins with AWS:", { tags: { "AWS:x": "y" } }, `'tags' must ${TAGS_RULE}, got: {"AWS:x":"y"}`],
    [
      "a tag value of 257 characters",
      { tags: { Team: "v".repeat(257) } },
      `'tags' must ${TAGS_RULE}, got: {"Team":"${"v".repeat(257)}"}`,
    ],
    ["null as tags", { tags: null as unknown as Record<string, string> }, "'tags' must be a map, got: null"],
    ["an empty tag key", { tags: { "": "y" } }, `'tags' must ${TAGS_RULE}, got: {"":"y"}`],
    ["an account of 4 digits", { accountId: "1234" }, `'accountId' must be a 12-digit AWS account ID, got: "1234"`],
    ["a Region without a number", { region: "us-east" }, "'region' must be an AWS region, got: us-east"],
    ["an Availability Zone as Region", { region: "us-east-1a" }, "'region' must be an AWS region, got: us-east-1a"],
    ["a malformed partition", { partition: "AWS" }, "'partition' must be an AWS partition, got: AWS"],
    [
      "a partition that is not the Region's",
      { partition: "aws-cn" },
      "'partition' must be the partition of us-east-1, aws, got: aws-cn",
    ],
    [
      "the partition aws with a Region of aws-us-gov",
      { partition: "aws", region: "us-gov-west-1" },
      "'partition' must be the partition of us-gov-west-1, aws-us-gov, got: aws",
    ],
    [
      "an empty list of administrators",
      { administrators: [] },
      "'administrators' must name at least one administrator, got: []",
    ],
    [
      "a user of another partition",
      { administrators: [Identity.forAccountRoot(ACCOUNT, "aws-cn")], region: "cn-north-1", users: [user()] },
      `'users[0]' must be of the partition aws-cn, got: ${USER_ARN}`,
    ],
    ["an ARN in place of a list of users", { users: USER_ARN }, `'users' must be a list, got: ${USER_ARN}`],
    ["a number as Region", { partition: "aws", region: 5 }, "'region' must be an AWS region, got: 5"],
    ["a number as additional statements", { additionalStatements: 5 }, "'additionalStatements' must be a list, got: 5"],
    ["an empty list of services", { viaServices: [] }, "'viaServices' must name at least one service, got: []"],
    [
      "two additional statements with the same Sid",
      { additionalStatements: [extra, extra] },
      "'additionalStatements[1].Sid' must not reuse the Sid of another statement, got: Extra",
    ],
  ])("%s", (_, props, message) => {
    expect(() => new DataApiKey(testStack(), "Key", { ...literal, ...props } as DataApiKeyProps)).toThrow(
      shownError(`[test/Key] ${message}`),
    );
  });

  test("several wrong props in one error with a line for each", () => {
    const props: DataApiKeyProps = {
      ...literal,
      accountId: "1",
      alias: "warehouse",
      bypassPolicyLockoutSafetyCheck: true,
      deletionWindowInDays: 6,
      enableKeyRotation: false,
      lockoutPrecondition: true,
      rotationPeriodInDays: 90,
      tags: { "aws:x": "y" },
    };
    expect(() => new DataApiKey(testStack(), "Key", props)).toThrow(
      new Error(
        [
          `[test/Key] 'alias' must ${ALIAS_RULE}, got: warehouse`,
          `[test/Key] 'accountId' must be a 12-digit AWS account ID, got: "1"`,
          `[test/Key] 'deletionWindowInDays' must ${WINDOW_RULE}, got: 6`,
          `[test/Key] 'tags' must ${TAGS_RULE}, got: {"aws:x":"y"}`,
          "[test/Key] 'lockoutPrecondition' must be false if 'bypassPolicyLockoutSafetyCheck' is true, got: true",
          "[test/Key] 'rotationPeriodInDays' must be left out if 'enableKeyRotation' is false, got: 90",
        ].join("\n"),
      ),
    );
  });
});
