import { ACCOUNT, ADMIN_ARN, USER_ARN } from "../../support/arns";
import { ADMINISTRATOR, created, findingsOf, newKey, policyOf, reviewed, USER } from "../support/small-plan";

const OTHER_ACCOUNT = "444455556666";
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/Loader/me`;
const LOADER = `arn:aws:iam::${ACCOUNT}:role/Loader`;
const exceptingDenial = (...AWS: readonly string[]) => ({
  Action: "kms:Decrypt",
  Effect: "Deny",
  NotPrincipal: { AWS },
  Resource: "*",
});

describe("a denial with NotPrincipal", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["a user without its account", [USER_ARN], [ROOT]],
    ["a user and the ID of its account", [USER_ARN, ACCOUNT], []],
    ["a user and the root of its account", [USER_ARN, ROOT], []],
    ["a user and another account", [USER_ARN, OTHER_ACCOUNT], [`each role and user of account ${OTHER_ACCOUNT}`, ROOT]],
    ["an account alone", [ROOT], [`each role and user of account ${ACCOUNT}`]],
    ["a session without its role", [SESSION, ROOT], [LOADER]],
    ["a session with its role under a path", [SESSION, LOADER.replace("role/", "role/team/"), ROOT], []],
    ["everybody", ["*"], []],
  ])("that excepts %s lacks what AWS may compare, too", (_, names, missing) => {
    const findings = findingsOf(
      "key-policy-exception-incomplete",
      newKey(ADMINISTRATOR, USER, exceptingDenial(...names)),
    );
    expect(findings.map(({ remedy }) => /^Add (.*) to NotPrincipal/.exec(remedy)?.[1])).toStrictEqual(
      missing.length === 0 ? [] : [missing.join(", ")],
    );
  });

  test.each<[string, readonly string[], boolean]>([
    ["excepts it alone", [USER_ARN], true],
    ["excepts its account alone", [ROOT], true],
    ["excepts both", [USER_ARN, ROOT], false],
  ])("limits a user in the table if it %s", (_, names, isLimited) => {
    const [key] = reviewed([newKey(ADMINISTRATOR, USER, exceptingDenial(ADMIN_ARN, ...names))]).keys;
    const { abilities } = key!.principals.find(({ principal }) => principal === USER_ARN)!;
    expect(abilities["encrypt and decrypt"].after.limits).toStrictEqual([
      "only kms:Decrypt",
      ...(isLimited ? ["unless a NotPrincipal denies it that lacks it or the root of its account"] : []),
    ]);
  });

  test("that excepts a role with a permissions boundary denies it", () => {
    const role = (boundary: object) =>
      created("aws_iam_role.this", { assume_role_policy: policyOf(), name: "Loader", path: "/", ...boundary });
    const key = newKey(ADMINISTRATOR, exceptingDenial(LOADER, ROOT));
    const rule = "key-policy-exception-with-boundary";
    expect(findingsOf(rule, key, role({}))).toStrictEqual([]);
    expect(findingsOf(rule, key, role({ permissions_boundary: `arn:aws:iam::${ACCOUNT}:policy/Limits` }))).toHaveLength(
      1,
    );
  });
});
