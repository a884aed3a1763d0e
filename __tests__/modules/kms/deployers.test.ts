import type { TerraformStack } from "cdktf";
import { DataApiKey, DataApiKeyPolicy, type DataApiKeyProps, EncryptedServerless, Identity } from "../../../modules";
import golden from "../../golden/key-policy.json";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, REGION, USER_ARN } from "../../support/arns";
import {
  admin,
  analyticsCluster,
  analyticsServerless,
  type Arguments,
  synthesize,
  testStack,
  user,
} from "../../support/support";

const DEPLOYER_ARN = `arn:aws:iam::${ACCOUNT}:role/ci/Deployer`;
const deployer = (): Identity => Identity.fromArn(DEPLOYER_ARN);
const STATEMENTS = [
  {
    Sid: "AllowDeployers",
    Effect: "Allow",
    Principal: { AWS: DEPLOYER_ARN },
    Action: ["kms:DescribeKey", "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:RetireGrant"],
    Resource: "*",
  },
  {
    Sid: "AllowDeployersGrantsForAwsServices",
    Effect: "Allow",
    Principal: { AWS: DEPLOYER_ARN },
    Action: "kms:CreateGrant",
    Resource: "*",
    Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
  },
];
const policy = { accountId: ACCOUNT, deployers: [deployer()], viaServices: ["redshift.amazonaws.com"] };

/** The preconditions of the cluster or the namespace: what each compares the caller with. */
function preconditionsOf(stack: TerraformStack, kind: "cluster" | "serverless", key: DataApiKey | object): Arguments[] {
  const props = { deletionProtection: false, key: key as DataApiKey };
  const warehouse = kind === "cluster" ? analyticsCluster(stack, props) : analyticsServerless(stack, props);
  const { friendlyUniqueId, terraformResourceType } =
    warehouse instanceof EncryptedServerless ? warehouse.namespace : warehouse.resource;
  const { lifecycle } = synthesize(stack).resource[terraformResourceType]![friendlyUniqueId]!;
  return ((lifecycle as Arguments).precondition ?? []) as Arguments[];
}

describe("the key policy", () => {
  test("has the statements for deployers after the statement for users and before the additional statements", () => {
    const extra = {
      Sid: "Extra",
      Effect: "Allow",
      Principal: { AWS: ADMIN_ARN },
      Action: "kms:Sign",
      Resource: "*",
    } as const;
    const { statements } = new DataApiKeyPolicy({
      ...policy,
      additionalStatements: [extra],
      administrators: [admin()],
      users: [user()],
    });
    expect(statements).toStrictEqual([...golden.statements, ...STATEMENTS, extra]);
  });

  test("of an existing key requires the statements for deployers, even without users", () => {
    expect(DataApiKeyPolicy.requiredStatements(policy)).toStrictEqual([golden.statements[0], ...STATEMENTS]);
  });

  test("refuses a deployer of another partition", () => {
    const deployers = [Identity.fromArn(DEPLOYER_ARN.replace("aws", "aws-cn"))];
    expect(() => DataApiKeyPolicy.requiredStatements({ ...policy, deployers })).toThrow(
      new Error(
        `[DataApiKeyPolicy] 'deployers[0]' must be of the partition aws, got: arn:aws-cn:iam::${ACCOUNT}:role/ci/Deployer`,
      ),
    );
  });

  test.each(STATEMENTS)("refuses an additional statement with the Sid $Sid", ({ Sid }) => {
    const statement = { ...STATEMENTS[0], Sid } as never;
    const props = { ...policy, additionalStatements: [statement], administrators: [admin()] };
    expect(() => new DataApiKeyPolicy(props)).toThrow(
      "'additionalStatements[0].Sid' must not reuse the Sid of another",
    );
  });
});

describe.each(["cluster", "serverless"] as const)("the precondition on a new %s", (kind) => {
  test("compares the caller with the deployers and users of an existing key", () => {
    const stack = testStack();
    const key = DataApiKey.fromKeyArn(stack, "Key", { deployers: [deployer()], keyArn: KEY_ARN, users: [user()] });
    const [precondition, ...others] = preconditionsOf(stack, kind, key);
    expect(others).toStrictEqual([]);
    expect(precondition!.condition).toContain(`[for arn in ["${DEPLOYER_ARN}", "${USER_ARN}"] : `);
    expect(precondition!.error_message).toMatch(
      /^The caller of this plan, \$\{data\.aws_caller_identity\.\w+\.arn\}, may not create a warehouse under the key arn:aws:kms:/,
    );
  });

  test("compares the caller with the users of an existing key whose deployers are none", () => {
    const stack = testStack();
    const key = DataApiKey.fromKeyArn(stack, "Key", { deployers: [], keyArn: KEY_ARN, users: [user()] });
    const [precondition] = preconditionsOf(stack, kind, key);
    expect(precondition!.condition).toContain(`[for arn in ["${USER_ARN}"] : `);
  });

  test("compares the caller with the deployers of a key of another account, and with the root of the caller's account", () => {
    const stack = testStack();
    const keyArn = KEY_ARN.replace(ACCOUNT, "444455556666");
    const key = DataApiKey.fromKeyArn(stack, "Key", { accountId: ACCOUNT, deployers: [deployer()], keyArn });
    const [precondition] = preconditionsOf(stack, kind, key);
    const { condition } = precondition as { condition: string };
    expect(condition).toContain(`[for arn in ["${DEPLOYER_ARN}"] : `);
    expect(condition).toMatch(/"arn:aws:iam::", data\.aws_caller_identity\.\w+\.account_id, ":root"/);
    expect(condition).not.toContain("444455556666");
  });

  const keyProps: DataApiKeyProps = {
    accountId: ACCOUNT,
    administrators: [admin()],
    alias: "alias/analytics",
    deployers: [deployer()],
    region: REGION,
  };

  test("compares the caller with administrators and deployers if the key has no lockout precondition", () => {
    const stack = testStack();
    const key = new DataApiKey(stack, "Key", { ...keyProps, lockoutPrecondition: false });
    expect(preconditionsOf(stack, kind, key).map(({ condition }) => condition as string)).toStrictEqual([
      expect.stringContaining(`[for arn in ["${ADMIN_ARN}", "${DEPLOYER_ARN}"] : `),
    ]);
  });

  test.each<[string, (stack: TerraformStack) => object]>([
    ["a key of the stack with its own lockout precondition", (stack) => new DataApiKey(stack, "Key", keyProps)],
    ["an existing key without deployers", (stack) => DataApiKey.fromKeyArn(stack, "Key", { keyArn: KEY_ARN })],
  ])("is absent for %s", (_, keyOf) => {
    const stack = testStack();
    expect(preconditionsOf(stack, kind, keyOf(stack))).toStrictEqual([]);
  });
});
