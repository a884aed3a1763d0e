import { Token } from "cdktf";
import { DataApiRole, Identity } from "../../../modules";
import { dependables } from "../../../modules/private/stack-boundary";
import { ACCOUNT, ADMIN_ARN, USER_ARN } from "../../support/arns";
import { shownError, testStack } from "../../support/support";

const PRINCIPAL_RULE = "be the ARN of an IAM role, an IAM user or an account root";
const ACCOUNT_RULE = "be a 12-digit AWS account ID";
const PARTITION_RULE = "be an AWS partition";
const NAME_RULE = "be 1 to 64 letters, digits or any of _+=,.@-";
const PATH_RULE = "begin and end with /, have at most 512 characters, and none of *?{}";
const SESSION_RULE = (role: string): string =>
  `${PRINCIPAL_RULE}; for this session give its role, ${role} (with the role's path before its name, if it has one)`;

const SSO_ROLE = "AWSReservedSSO_Analyst_0123456789abcdef";
const ROLE_PREFIX = `arn:aws:iam::${ACCOUNT}:role/`;
const SSO_PATHS =
  `${ROLE_PREFIX}aws-reserved/sso.amazonaws.com/${SSO_ROLE} or ` +
  `${ROLE_PREFIX}aws-reserved/sso.amazonaws.com/REGION/${SSO_ROLE}`;

const token = (): string => Token.asString({ resolve: () => "later" });

describe("Identity.fromArn", () => {
  test.each([
    ["a role", `arn:aws:iam::${ACCOUNT}:role/Admin`, "aws", "Admin"],
    ["a role with a path", `arn:aws:iam::${ACCOUNT}:role/team/data/Admin`, "aws", "Admin"],
    [
      "a service-linked role",
      `arn:aws:iam::${ACCOUNT}:role/aws-service-role/redshift.amazonaws.com/AWSServiceRoleForRedshift`,
      "aws",
      "AWSServiceRoleForRedshift",
    ],
    [
      "a role of IAM Identity Center in us-east-1",
      `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/${SSO_ROLE}`,
      "aws",
      SSO_ROLE,
    ],
    [
      "a role of IAM Identity Center in another Region",
      `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/eu-west-1/${SSO_ROLE}`,
      "aws",
      SSO_ROLE,
    ],
    ["a role with the longest name", `arn:aws:iam::${ACCOUNT}:role/${"r".repeat(64)}`, "aws", "r".repeat(64)],
    ["a role with every special character", `arn:aws:iam::${ACCOUNT}:role/_+=,.@-`, "aws", "_+=,.@-"],
    ["an IAM user", `arn:aws:iam::${ACCOUNT}:user/alice`, "aws", undefined],
    ["an IAM user with a path", `arn:aws:iam::${ACCOUNT}:user/team/alice@example.com`, "aws", undefined],
    ["an account root", `arn:aws:iam::${ACCOUNT}:root`, "aws", undefined],
    ["a role in China", `arn:aws-cn:iam::${ACCOUNT}:role/Admin`, "aws-cn", "Admin"],
    ["a root in GovCloud", `arn:aws-us-gov:iam::${ACCOUNT}:root`, "aws-us-gov", undefined],
  ])("reads account, partition and role name from the ARN of %s", (_, arn, partition, roleName) => {
    expect({ ...Identity.fromArn(arn) }).toStrictEqual({
      accountId: ACCOUNT,
      arn,
      dependable: undefined,
      partition,
      permissionSetName: undefined,
      roleName,
    });
  });

  test("keeps a token as ARN, without account, partition and role name", () => {
    const arn = token();
    expect({ ...Identity.fromArn(arn) }).toStrictEqual({
      accountId: undefined,
      arn,
      dependable: undefined,
      partition: undefined,
      permissionSetName: undefined,
      roleName: undefined,
    });
  });
});

describe("Identity.forAccountRoot", () => {
  test.each([
    ["the default partition", undefined, "aws"],
    ["another partition", "aws-cn", "aws-cn"],
  ])("has %s", (_, partition, expected) => {
    expect({ ...Identity.forAccountRoot(ACCOUNT, partition) }).toStrictEqual({
      accountId: ACCOUNT,
      arn: `arn:${expected}:iam::${ACCOUNT}:root`,
      dependable: undefined,
      partition: expected,
      permissionSetName: undefined,
      roleName: undefined,
    });
  });

  test("composes the ARN from tokens", () => {
    const [account, partition] = [token(), token()];
    expect(Identity.forAccountRoot(account, partition).arn).toBe(`arn:${partition}:iam::${account}:root`);
  });
});

describe("Identity.forRole", () => {
  test("has no path, the partition aws and no dependable by default", () => {
    expect({ ...Identity.forRole({ accountId: ACCOUNT, roleName: "Admin" }) }).toStrictEqual({
      accountId: ACCOUNT,
      arn: `arn:aws:iam::${ACCOUNT}:role/Admin`,
      dependable: undefined,
      partition: "aws",
      permissionSetName: undefined,
      roleName: "Admin",
    });
  });

  test("accepts a path, a partition and a dependable", () => {
    const dependable = { fqn: "aws_iam_role.Admin" };
    const identity = Identity.forRole({
      accountId: ACCOUNT,
      dependable,
      partition: "aws-us-gov",
      path: "/team/data/",
      roleName: "Admin",
    });
    expect({ ...identity }).toStrictEqual({
      accountId: ACCOUNT,
      arn: `arn:aws-us-gov:iam::${ACCOUNT}:role/team/data/Admin`,
      dependable,
      partition: "aws-us-gov",
      permissionSetName: undefined,
      roleName: "Admin",
    });
  });

  test("accepts a name of 64 and a path of 512 characters", () => {
    const path = `/${"p".repeat(510)}/`;
    const roleName = "r".repeat(64);
    expect(Identity.forRole({ accountId: ACCOUNT, path, roleName }).arn).toBe(
      `arn:aws:iam::${ACCOUNT}:role${path}${roleName}`,
    );
  });

  test("composes the ARN from tokens", () => {
    const [accountId, partition, path, roleName] = [token(), token(), token(), token()];
    expect({ ...Identity.forRole({ accountId, partition, path, roleName }) }).toStrictEqual({
      accountId,
      arn: `arn:${partition}:iam::${accountId}:role${path}${roleName}`,
      dependable: undefined,
      partition,
      permissionSetName: undefined,
      roleName,
    });
  });
});

describe("isUnmodifiable", () => {
  test.each(["/aws-reserved/sso.amazonaws.com/", "/aws-service-role/redshift.amazonaws.com/"])(
    "is true for a role with the path %s",
    (path) => {
      expect(Identity.forRole({ accountId: ACCOUNT, path, roleName: "Any" }).isUnmodifiable).toBe(true);
    },
  );

  test.each(["aws-reserved/sso.amazonaws.com", "aws-service-role/redshift.amazonaws.com"])(
    "is true for the ARN of a role under %s",
    (path) => {
      expect(Identity.fromArn(`${ROLE_PREFIX}${path}/Any`).isUnmodifiable).toBe(true);
    },
  );

  test.each([ADMIN_ARN, `arn:aws:iam::${ACCOUNT}:root`, `arn:aws:iam::${ACCOUNT}:user/aws-reserved/a`])(
    "is false for %s",
    (arn) => {
      expect(Identity.fromArn(arn).isUnmodifiable).toBe(false);
    },
  );

  test.each(["/team/aws-reserved/", "/aws-reserved-not/"])("is false for a role with the path %s", (path) => {
    expect(Identity.forRole({ accountId: ACCOUNT, path, roleName: "Any" }).isUnmodifiable).toBe(false);
  });
});

describe("the label of an Identity is", () => {
  const arn = token();

  test.each([
    ["its ARN", Identity.fromArn(ADMIN_ARN), ADMIN_ARN],
    ["the role name if the account is a token", Identity.forRole({ accountId: token(), roleName: "Admin" }), "Admin"],
    [
      "the name of the permission set",
      Identity.forPermissionSet({ arn: token(), permissionSetName: "Analyst" }),
      "the permission set Analyst",
    ],
    ["the token if only an ARN token is given", Identity.fromArn(arn), arn],
  ])("%s", (_, { label }, expected) => {
    expect(label).toBe(expected);
  });
});

describe("Identity.forPermissionSet", () => {
  test("is unmodifiable, and has the name of the permission set", () => {
    const arn = token();
    const props = { accountId: ACCOUNT, arn, partition: "aws", permissionSetName: "Analyst" };
    expect(Identity.forPermissionSet(props).isUnmodifiable).toBe(true);
    expect({ ...Identity.forPermissionSet(props) }).toStrictEqual({
      accountId: ACCOUNT,
      arn,
      dependable: undefined,
      partition: "aws",
      permissionSetName: "Analyst",
      roleName: undefined,
    });
  });

  test.each([
    ["missing props", undefined, "'props' must be given, got: nothing"],
    ["the ARN of a user", { arn: `arn:aws:iam::${ACCOUNT}:user/a` }, "'arn' must be the ARN of an IAM role, got: "],
    ["a missing permission set name", { arn: USER_ARN }, "'permissionSetName' must be the name of a permission set: "],
    [
      "a malformed account",
      { accountId: "1", arn: USER_ARN, permissionSetName: "A" },
      `'accountId' must ${ACCOUNT_RULE}`,
    ],
    [
      "a malformed partition",
      { arn: USER_ARN, partition: "x", permissionSetName: "A" },
      `'partition' must ${PARTITION_RULE}`,
    ],
  ])("refuses %s", (_, props, message) => {
    expect(() => Identity.forPermissionSet(props as never)).toThrow(`[Identity] ${message}`);
  });
});

describe("dependables returns the resources that a policy waits for", () => {
  const first = { fqn: "aws_iam_role.First" };
  const second = { fqn: "aws_iam_role.Second" };
  const exists = Identity.fromArn(ADMIN_ARN);
  const created = (roleName: string, dependable: { fqn: string }): Identity =>
    Identity.forRole({ accountId: ACCOUNT, dependable, roleName });

  test.each([
    ["no principals", undefined, undefined],
    ["an empty list", [], undefined],
    ["principals that exist already", [exists, Identity.fromArn(USER_ARN)], undefined],
    ["an existing principal and a created one", [exists, created("First", first)], [first]],
    ["two created principals", [created("Second", second), created("First", first)], [second, first]],
    ["the same created principal twice", [created("First", first), created("First", first)], [first]],
  ])("for %s", (_, identities, expected) => {
    expect(dependables(testStack(), identities)).toStrictEqual(expected);
  });

  test("for the identity of a DataApiRole", () => {
    const role = new DataApiRole(testStack(), "Role", {
      accountId: ACCOUNT,
      partition: "aws",
      roleName: "Admin",
      trustedServices: ["lambda.amazonaws.com"],
    });
    expect(dependables(role, [role.identity])![0]).toBe(role.resource);
  });
});

describe("Identity refuses", () => {
  const listElement = Token.asList({ resolve: () => [ADMIN_ARN] })[0]!;

  test.each([
    ["nothing", undefined, `${PRINCIPAL_RULE}, got: nothing`],
    ["an empty string", "", `${PRINCIPAL_RULE}, got: ""`],
    ["*", "*", `${PRINCIPAL_RULE}, got: *`],
    [
      "a 12-digit account ID",
      ACCOUNT,
      `${PRINCIPAL_RULE}; for this account give its root, arn:aws:iam::${ACCOUNT}:root, got: "${ACCOUNT}"`,
    ],
    ["a number", 111122223333, `${PRINCIPAL_RULE}, got: 111122223333`],
    [
      "a session",
      `arn:aws:sts::${ACCOUNT}:assumed-role/Admin/alice`,
      `${SESSION_RULE(`arn:aws:iam::${ACCOUNT}:role/Admin`)}, got: arn:aws:sts::${ACCOUNT}:assumed-role/Admin/alice`,
    ],
    [
      "a session of a role of IAM Identity Center",
      `arn:aws:sts::${ACCOUNT}:assumed-role/${SSO_ROLE}/alice`,
      `${PRINCIPAL_RULE}; for this session give its role, ${SSO_PATHS}, got: arn:aws:sts::${ACCOUNT}:assumed-role/${SSO_ROLE}/alice`,
    ],
    [
      "a role of IAM Identity Center without its path",
      `${ROLE_PREFIX}${SSO_ROLE}`,
      `${PRINCIPAL_RULE}; this role has a path before its name: ${SSO_PATHS}, got: ${ROLE_PREFIX}${SSO_ROLE}`,
    ],
    [
      "a role of IAM Identity Center with another path",
      `${ROLE_PREFIX}sso.amazonaws.com/${SSO_ROLE}`,
      `${PRINCIPAL_RULE}; this role has a path before its name: ${SSO_PATHS}, got: ${ROLE_PREFIX}sso.amazonaws.com/${SSO_ROLE}`,
    ],
    [
      "a service-linked role without its path",
      `${ROLE_PREFIX}AWSServiceRoleForRedshift`,
      `${PRINCIPAL_RULE}; this role has a path before its name: ${ROLE_PREFIX}aws-service-role/SERVICE.amazonaws.com/AWSServiceRoleForRedshift, got: ${ROLE_PREFIX}AWSServiceRoleForRedshift`,
    ],
    [
      "a session in China",
      `arn:aws-cn:sts::${ACCOUNT}:assumed-role/Admin/alice`,
      `${SESSION_RULE(`arn:aws-cn:iam::${ACCOUNT}:role/Admin`)}, got: arn:aws-cn:sts::${ACCOUNT}:assumed-role/Admin/alice`,
    ],
    [
      "a federated user",
      `arn:aws:sts::${ACCOUNT}:federated-user/alice`,
      `${PRINCIPAL_RULE}, got: arn:aws:sts::${ACCOUNT}:federated-user/alice`,
    ],
    ["a group", `arn:aws:iam::${ACCOUNT}:group/team`, `${PRINCIPAL_RULE}, got: arn:aws:iam::${ACCOUNT}:group/team`],
    [
      "a wildcard as role name",
      `arn:aws:iam::${ACCOUNT}:role/*`,
      `${PRINCIPAL_RULE}, got: arn:aws:iam::${ACCOUNT}:role/*`,
    ],
    [
      "a wildcard as path",
      `arn:aws:iam::${ACCOUNT}:role/*/Admin`,
      `${PRINCIPAL_RULE}, got: arn:aws:iam::${ACCOUNT}:role/*/Admin`,
    ],
    ["a role without a name", `arn:aws:iam::${ACCOUNT}:role/`, `${PRINCIPAL_RULE}, got: arn:aws:iam::${ACCOUNT}:role/`],
    [
      "a role name of 65 characters",
      `arn:aws:iam::${ACCOUNT}:role/${"r".repeat(65)}`,
      `${PRINCIPAL_RULE}, got: arn:aws:iam::${ACCOUNT}:role/${"r".repeat(65)}`,
    ],
    ["an account of 4 digits", "arn:aws:iam::1234:role/Admin", `${PRINCIPAL_RULE}, got: arn:aws:iam::1234:role/Admin`],
    ["no partition", `arn::iam::${ACCOUNT}:root`, `${PRINCIPAL_RULE}, got: arn::iam::${ACCOUNT}:root`],
    [
      "an element of a list token",
      listElement,
      `${PRINCIPAL_RULE}; for an item of a list token, use Token.asString(Fn.element(list, 0)) in place of list[0], got: ${listElement}`,
    ],
  ])("as an ARN: %s", (_, arn, message) => {
    expect(() => Identity.fromArn(arn as string)).toThrow(shownError(`[Identity] 'arn' must ${message}`));
  });

  test("as an ARN: *, with the path of the given construct in the error", () => {
    expect(() => Identity.fromArn("*", testStack())).toThrow(new Error(`[test] 'arn' must ${PRINCIPAL_RULE}, got: *`));
  });

  test.each([
    ["no account", undefined, undefined, `'accountId' must ${ACCOUNT_RULE}, got: nothing`],
    ["an account of 11 digits", "11112222333", undefined, `'accountId' must ${ACCOUNT_RULE}, got: "11112222333"`],
    ["an account of 13 digits", "1111222233334", undefined, `'accountId' must ${ACCOUNT_RULE}, got: "1111222233334"`],
    ["a partition in capitals", ACCOUNT, "AWS", `'partition' must ${PARTITION_RULE}, got: AWS`],
    ["an empty partition", ACCOUNT, "", `'partition' must ${PARTITION_RULE}, got: ""`],
    ["a Region as partition", ACCOUNT, "us-east-1", `'partition' must ${PARTITION_RULE}, got: us-east-1`],
  ])("as an account root: %s", (_, accountId, partition, message) => {
    expect(() => Identity.forAccountRoot(accountId!, partition)).toThrow(shownError(`[Identity] ${message}`));
  });

  test("as a role: no props", () => {
    expect(() => Identity.forRole(undefined as never)).toThrow(
      new Error("[Identity] 'props' must be given, got: nothing"),
    );
  });

  test.each([
    ["no name", { roleName: undefined }, `'roleName' must ${NAME_RULE}, got: nothing`],
    ["an empty name", { roleName: "" }, `'roleName' must ${NAME_RULE}, got: ""`],
    ["a name of 65 characters", { roleName: "r".repeat(65) }, `'roleName' must ${NAME_RULE}, got: ${"r".repeat(65)}`],
    ["a name with a space", { roleName: "my role" }, `'roleName' must ${NAME_RULE}, got: my role`],
    ["a name with its path", { roleName: "team/Admin" }, `'roleName' must ${NAME_RULE}, got: team/Admin`],
    ["no account", { accountId: undefined }, `'accountId' must ${ACCOUNT_RULE}, got: nothing`],
    ["an account alias", { accountId: "my-account" }, `'accountId' must ${ACCOUNT_RULE}, got: my-account`],
    ["a path that does not begin with a slash", { path: "team/" }, `'path' must ${PATH_RULE}, got: team/`],
    ["a path that does not end with a slash", { path: "/team" }, `'path' must ${PATH_RULE}, got: /team`],
    ["an empty path", { path: "" }, `'path' must ${PATH_RULE}, got: ""`],
    ["a path with a wildcard", { path: "/*/" }, `'path' must ${PATH_RULE}, got: /*/`],
    ["a path with a brace", { path: "/%{b}/" }, `'path' must ${PATH_RULE}, got: /%{b}/`],
    ["a path with a space", { path: "/my team/" }, `'path' must ${PATH_RULE}, got: /my team/`],
    [
      "a path of 513 characters",
      { path: `/${"p".repeat(511)}/` },
      `'path' must ${PATH_RULE}, got: /${"p".repeat(511)}/`,
    ],
    ["a malformed partition", { partition: "aws_cn" }, `'partition' must ${PARTITION_RULE}, got: aws_cn`],
  ])("as a role: %s", (_, wrong, message) => {
    const props = { accountId: ACCOUNT, roleName: "Admin", ...wrong } as { accountId: string; roleName: string };
    expect(() => Identity.forRole(props)).toThrow(shownError(`[Identity] ${message}`));
  });
});
