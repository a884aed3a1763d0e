import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { KmsGrant } from "@cdktf/provider-aws/lib/kms-grant";
import type { TerraformStack } from "cdktf";
import {
  DataApiGrant,
  type DataApiGrantProps,
  DataApiKey,
  DataApiRole,
  EncryptedCluster,
  EncryptedServerless,
  Identity,
  type IWarehouse,
} from "../../../modules";
import { ACCOUNT, ADMIN_ARN, CLUSTER_ARN, KEY_ARN, REGION, USER_ARN } from "../../support/arns";
import {
  admin,
  analyticsCluster,
  analyticsServerless,
  type Arguments,
  existingKey,
  only,
  reference,
  shownError,
  synthesize,
  testStack,
  user,
  warningsOf,
} from "../../support/support";

function clusterIn(stack: TerraformStack, createTime?: string): EncryptedCluster {
  return new EncryptedCluster(stack, "Cluster", {
    accountId: ACCOUNT,
    clusterIdentifier: "analytics",
    createTime,
    key: existingKey(stack),
    nodeType: "ra3.large",
    region: REGION,
  });
}

function grantFor(warehouse: IWarehouse, props: Partial<DataApiGrantProps> = {}): Arguments {
  const stack = warehouse.node.scope as TerraformStack;
  new DataApiGrant(stack, "Grant", { grantee: user(), warehouse, ...props });
  return only(synthesize(stack), KmsGrant);
}

function roleIn(stack: TerraformStack, roleName: string): DataApiRole {
  return new DataApiRole(stack, roleName, {
    accountId: ACCOUNT,
    partition: "aws",
    roleName,
    trustedServices: ["lambda.amazonaws.com"],
  });
}

test("DataApiGrant has its resource at the construct path GRANT/Resource", () => {
  const stack = testStack();
  const { resource } = new DataApiGrant(stack, "Grant", { grantee: user(), warehouse: clusterIn(stack) });
  expect(resource.node.path).toBe("test/Grant/Resource");
});

test("DataApiGrant grants Decrypt, Encrypt and GenerateDataKey under one cluster's context by default", () => {
  expect(grantFor(clusterIn(testStack()))).toStrictEqual({
    constraints: [{ encryption_context_subset: { "aws:redshift:arn": CLUSTER_ARN, serviceName: "RedshiftDataAPI" } }],
    grantee_principal: USER_ARN,
    key_id: KEY_ARN,
    operations: ["Decrypt", "Encrypt", "GenerateDataKey"],
  });
});

test("DataApiGrant passes every prop to its resource, and the creation time to the encryption context", () => {
  const stack = testStack();
  const everything: Required<DataApiGrantProps> = {
    grantee: user(),
    name: "data-api:reports",
    operations: ["RetireGrant", "Decrypt"],
    provider: new AwsProvider(stack, "Other", { alias: "other", region: REGION }),
    retireOnDelete: true,
    retiringPrincipal: admin(),
    warehouse: clusterIn(stack, "2025-08-15T00:00:00Z"),
  };
  expect(grantFor(everything.warehouse, everything)).toStrictEqual({
    constraints: [
      {
        encryption_context_subset: {
          "aws:redshift:arn": CLUSTER_ARN,
          "aws:redshift:createtime": "20250815T0000Z",
          serviceName: "RedshiftDataAPI",
        },
      },
    ],
    grantee_principal: USER_ARN,
    key_id: KEY_ARN,
    name: "data-api:reports",
    operations: ["RetireGrant", "Decrypt"],
    provider: "aws.other",
    retire_on_delete: true,
    retiring_principal: ADMIN_ARN,
  });
});

test("DataApiGrant limits a grant for a serverless warehouse to its namespace's encryption context", () => {
  const stack = testStack();
  const warehouse = new EncryptedServerless(stack, "Serverless", {
    key: existingKey(stack),
    namespaceName: "analytics",
  });
  expect(grantFor(warehouse).constraints).toStrictEqual([
    {
      encryption_context_subset: {
        "aws:redshift-serverless:arn": reference(warehouse.namespace, "arn"),
        serviceName: "RedshiftDataAPI",
      },
    },
  ]);
});

test("DataApiGrant refers to the resource of a key of the same stack", () => {
  const stack = testStack();
  const key = new DataApiKey(stack, "Key", {
    accountId: ACCOUNT,
    administrators: [admin()],
    alias: "alias/analytics",
    lockoutPrecondition: false,
    region: REGION,
  });
  const warehouse = new EncryptedServerless(stack, "Serverless", { key, namespaceName: "analytics" });
  expect(grantFor(warehouse).key_id).toBe(reference(key.resource, "arn"));
});

describe("DataApiGrant depends on", () => {
  test("no principal that exists already", () => {
    expect(grantFor(clusterIn(testStack()), { retiringPrincipal: admin() })).not.toHaveProperty("depends_on");
  });

  test("a grantee role and a retiring role of the same stack", () => {
    const stack = testStack();
    const [reader, owner] = [roleIn(stack, "Reader"), roleIn(stack, "Owner")];
    const grant = grantFor(clusterIn(stack), { grantee: reader.identity, retiringPrincipal: owner.identity });
    expect(grant.depends_on).toStrictEqual([
      `aws_iam_role.${reader.resource.friendlyUniqueId}`,
      `aws_iam_role.${owner.resource.friendlyUniqueId}`,
    ]);
    expect([grant.grantee_principal, grant.retiring_principal]).toStrictEqual([
      `arn:aws:iam::${ACCOUNT}:role/Reader`,
      `arn:aws:iam::${ACCOUNT}:role/Owner`,
    ]);
  });
});

const NAME_RULE = "be 1 to 256 letters, digits or any of :/_-";
const OPERATION_RULE =
  "be one of CreateGrant, Decrypt, DescribeKey, Encrypt, GenerateDataKey, GenerateDataKeyPair, " +
  "GenerateDataKeyPairWithoutPlaintext, GenerateDataKeyWithoutPlaintext, ReEncryptFrom, ReEncryptTo, RetireGrant, " +
  "or a newer value of the same form";
const ROOT_RULE = "be a role or a user, because a grant is for one principal";
const ROOT_ARN = `arn:aws:iam::${ACCOUNT}:root`;
const LONG = "a".repeat(257);

const IDENTITY_RULE = "be an Identity: for an ARN, use Identity.fromArn(arn); for a role, use role.identity";

test("DataApiGrant refuses missing props", () => {
  expect(() => new DataApiGrant(testStack(), "Grant", undefined as never)).toThrow(
    new Error("[test/Grant] 'props' must be given, got: nothing"),
  );
});

describe("DataApiGrant refuses", () => {
  test.each<[string, Partial<DataApiGrantProps>, string]>([
    ["an empty name", { name: "" }, `'name' must ${NAME_RULE}, got: ""`],
    ["a name with a space", { name: "a b" }, `'name' must ${NAME_RULE}, got: a b`],
    ["a name of 257 characters", { name: LONG }, `'name' must ${NAME_RULE}, got: ${LONG}`],
    ["an empty list of operations", { operations: [] }, "'operations' must name at least one operation, got: []"],
    [
      "the operation Sign, which is for asymmetric keys",
      { operations: ["Decrypt", "Sign"] },
      `'operations[1]' must ${OPERATION_RULE}, got: Sign`,
    ],
    [
      "an IAM action as an operation",
      { operations: ["kms:Decrypt"] },
      `'operations[0]' must ${OPERATION_RULE}, got: kms:Decrypt`,
    ],
    [
      "the same operation twice",
      { operations: ["Decrypt", "Decrypt"] },
      "'operations[1]' must not repeat an earlier item, got: Decrypt",
    ],
    ["a grantee by ARN", { grantee: USER_ARN as never }, `'grantee' must ${IDENTITY_RULE}, got: ${USER_ARN}`],
    ["a missing grantee", { grantee: undefined! }, `'grantee' must ${IDENTITY_RULE}, got: nothing`],
    [
      "a retiring principal by ARN",
      { retiringPrincipal: USER_ARN as never },
      `'retiringPrincipal' must ${IDENTITY_RULE}, got: ${USER_ARN}`,
    ],
    [
      "a grantee of another partition than the key's",
      { grantee: Identity.fromArn(USER_ARN.replace("aws", "aws-cn")) },
      `'grantee' must be of the partition aws, got: ${USER_ARN.replace("aws", "aws-cn")}`,
    ],
    [
      "a warehouse by ARN",
      { warehouse: CLUSTER_ARN as never },
      `'warehouse' must be a warehouse, such as an EncryptedCluster or an EncryptedServerless, got: ${CLUSTER_ARN}`,
    ],
    [
      "a string as 'retireOnDelete'",
      { retireOnDelete: "no" as never },
      "'retireOnDelete' must be true or false, got: no",
    ],
    [
      "an account root as the grantee",
      { grantee: Identity.forAccountRoot(ACCOUNT) },
      `'grantee' must ${ROOT_RULE}, got: ${ROOT_ARN}`,
    ],
    [
      "an account root as the retiring principal",
      { retiringPrincipal: Identity.fromArn(ROOT_ARN) },
      `'retiringPrincipal' must ${ROOT_RULE}, got: ${ROOT_ARN}`,
    ],
  ])("%s", (_, props, message) => {
    expect(() => grantFor(clusterIn(testStack()), props)).toThrow(shownError(`[test/Grant] ${message}`));
  });
});

test.each<[string, string, string[]]>([
  [
    "on a key of another account has a warning",
    KEY_ARN.replace(ACCOUNT, "444455556666"),
    [
      "the key is of the account 444455556666: its key policy and the IAM policies of the deployer must allow " +
        "kms:CreateGrant, kms:ListGrants and kms:RevokeGrant, or kms:RetireGrant with 'retireOnDelete'",
    ],
  ],
  ["on a key of the warehouse's account has no warning", KEY_ARN, []],
])("a grant %s", (_, keyArn, warnings) => {
  const stack = testStack();
  grantFor(analyticsCluster(stack, { key: DataApiKey.fromKeyArn(stack, "Key", { accountId: ACCOUNT, keyArn }) }));
  expect(warningsOf(stack)).toStrictEqual(warnings);
});

test("a grant on a key of another account has a warning if only the key has the warehouse's account", () => {
  const stack = testStack();
  const keyArn = KEY_ARN.replace(ACCOUNT, "444455556666");
  const key = DataApiKey.fromKeyArn(stack, "Key", { accountId: ACCOUNT, keyArn });
  grantFor(analyticsServerless(stack, { key }));
  expect(warningsOf(stack)).toStrictEqual([expect.stringMatching(/^the key is of the account 444455556666: /)]);
});
