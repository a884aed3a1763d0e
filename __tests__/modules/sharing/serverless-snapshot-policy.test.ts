import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { RedshiftserverlessResourcePolicy } from "@cdktf/provider-aws/lib/redshiftserverless-resource-policy";
import { DataApiRole, Identity, ServerlessSnapshotPolicy, type ServerlessSnapshotPolicyProps } from "../../../modules";
import { ACCOUNT, NAMESPACE_ARN, REGION, USER_ARN } from "../../support/arns";
import { only, statementsOf, synthesize, testStack, user } from "../../support/support";

const SNAPSHOT_ARN = NAMESPACE_ARN.replace("namespace/", "snapshot/");
const OTHER_ACCOUNT = Identity.forAccountRoot("444455556666");

test("ServerlessSnapshotPolicy lets another account restore the snapshot", () => {
  const stack = testStack();
  const { resource } = new ServerlessSnapshotPolicy(stack, "Policy", {
    restorers: [OTHER_ACCOUNT],
    snapshotArn: SNAPSHOT_ARN,
  });
  expect(resource.node.path).toBe("test/Policy/Resource");
  const { policy, ...rest } = only(synthesize(stack), RedshiftserverlessResourcePolicy);
  expect(rest).toStrictEqual({ resource_arn: SNAPSHOT_ARN });
  expect(statementsOf(policy as string)).toStrictEqual([
    {
      Action: "redshift-serverless:RestoreFromSnapshot",
      Effect: "Allow",
      Principal: { AWS: OTHER_ACCOUNT.arn },
      Sid: "AllowRestore",
    },
  ]);
});

test("ServerlessSnapshotPolicy passes the provider, and waits for a restorer role that the stack creates", () => {
  const stack = testStack();
  const provider = new AwsProvider(stack, "Other", { alias: "other", region: REGION });
  const role = new DataApiRole(stack, "Role", {
    accountId: ACCOUNT,
    partition: "aws",
    roleName: "Restorer",
    trustedPrincipals: [user()],
  });
  new ServerlessSnapshotPolicy(stack, "Policy", {
    provider,
    restorers: [OTHER_ACCOUNT, role.identity],
    snapshotArn: SNAPSHOT_ARN,
  });
  const { policy, ...rest } = only(synthesize(stack), RedshiftserverlessResourcePolicy);
  expect(rest).toStrictEqual({
    depends_on: [`aws_iam_role.${role.resource.friendlyUniqueId}`],
    provider: "aws.other",
    resource_arn: SNAPSHOT_ARN,
  });
  expect(statementsOf(policy as string)[0]!.Principal).toStrictEqual({ AWS: [role.identity.arn, OTHER_ACCOUNT.arn] });
});

const SNAPSHOT_RULE = "be the ARN of a snapshot of a serverless namespace";

describe("ServerlessSnapshotPolicy refuses", () => {
  test("missing props", () => {
    expect(() => new ServerlessSnapshotPolicy(testStack(), "Policy", undefined as never)).toThrow(
      new Error("[test/Policy] 'props' must be given, got: nothing"),
    );
  });

  test.each<[string, Partial<ServerlessSnapshotPolicyProps>, string]>([
    [
      "the ARN of a namespace as snapshot",
      { snapshotArn: NAMESPACE_ARN },
      `'snapshotArn' must ${SNAPSHOT_RULE}; name the ARN of a snapshot, not of its namespace, got: ${NAMESPACE_ARN}`,
    ],
    ["a snapshot by name", { snapshotArn: "nightly" }, `'snapshotArn' must ${SNAPSHOT_RULE}, got: nightly`],
    ["a missing snapshot ARN", { snapshotArn: undefined! }, `'snapshotArn' must ${SNAPSHOT_RULE}, got: nothing`],
    ["an empty list of restorers", { restorers: [] }, "'restorers' must name at least one principal, got: []"],
    ["missing restorers", { restorers: undefined! }, "'restorers' must name at least one principal, got: nothing"],
    [
      "a restorer by ARN",
      { restorers: [USER_ARN as never] },
      `'restorers[0]' must be an Identity: for an ARN, use Identity.fromArn(arn); for a role, use role.identity, got: ${USER_ARN}`,
    ],
    [
      "an Identity of another copy of the package",
      { restorers: [new (class Identity {})() as never] },
      "'restorers[0]' must be an Identity of the same copy of the package: two copies are installed, and npm ls shows both, got: \"Identity\"",
    ],
    [
      "a restorer of another partition",
      { restorers: [Identity.forAccountRoot(ACCOUNT, "aws-cn")] },
      `'restorers[0]' must be of the partition aws, got: arn:aws-cn:iam::${ACCOUNT}:root`,
    ],
  ])("%s", (_, props, message) => {
    const policy = { restorers: [OTHER_ACCOUNT], snapshotArn: SNAPSHOT_ARN };
    expect(() => new ServerlessSnapshotPolicy(testStack(), "Policy", { ...policy, ...props })).toThrow(
      new Error(`[test/Policy] ${message}`),
    );
  });
});
