import { ACCOUNT, ADMIN_ARN, USER_ARN } from "../../support/arns";
import { ADMINISTRATOR, allow, created, findingsOf, newKey, policyOf, reviewed, USER } from "../support/small-plan";

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
    ["a user lacks the root of the user's account", [USER_ARN], [ROOT]],
    ["a user and the ID of the user's account lacks no principal", [USER_ARN, ACCOUNT], []],
    ["a user and the root of the user's account lacks no principal", [USER_ARN, ROOT], []],
    [
      "a user and another account lacks the root of the user's account and the principals of the other account",
      [USER_ARN, OTHER_ACCOUNT],
      [`each role and user of account ${OTHER_ACCOUNT}`, ROOT],
    ],
    ["an account alone lacks each role and user of the account", [ROOT], [`each role and user of account ${ACCOUNT}`]],
    ["a session and the root lacks the role", [SESSION, ROOT], [LOADER]],
    [
      "a session, the root and the role under a path lacks no principal",
      [SESSION, LOADER.replace("role/", "role/team/"), ROOT],
      [],
    ],
    ["everybody lacks no principal", ["*"], []],
  ])("that excepts %s", (_, names, missing) => {
    const findings = findingsOf(
      "key-policy-exception-incomplete",
      newKey(ADMINISTRATOR, USER, exceptingDenial(...names)),
    );
    expect(findings.map(({ remedy }) => /^Add (.*) to NotPrincipal/.exec(remedy)?.[1])).toStrictEqual(
      missing.length === 0 ? [] : [missing.join(", ")],
    );
  });

  test.each<[string, readonly string[], boolean]>([
    ["limits a user in the table if it excepts the user alone", [USER_ARN], true],
    ["limits a user in the table if it excepts the user's account alone", [ROOT], true],
    ["does not limit a user in the table if it excepts the user and the account", [USER_ARN, ROOT], false],
  ])("%s", (_, names, isLimited) => {
    const [key] = reviewed([newKey(ADMINISTRATOR, USER, exceptingDenial(ADMIN_ARN, ...names))]).keys;
    const { abilities } = key!.principals.find(({ principal }) => principal === USER_ARN)!;
    expect(abilities["encrypt and decrypt"].after.limits).toStrictEqual([
      "only kms:Decrypt",
      ...(isLimited ? ["unless a statement denies it whose NotPrincipal lacks the caller or its account root"] : []),
    ]);
  });

  test("that is for services only has no finding, and does not limit the principals that it excepts", () => {
    const denial = { ...exceptingDenial(USER_ARN), Condition: { Bool: { "aws:PrincipalIsAWSService": "true" } } };
    const { findings, keys } = reviewed([newKey(ADMINISTRATOR, USER, denial)]);
    expect(findings).toStrictEqual([]);
    expect(JSON.stringify(keys)).not.toContain("NotPrincipal lacks");
    const forAll = reviewed([newKey(ADMINISTRATOR, USER, exceptingDenial(USER_ARN))]);
    expect(JSON.stringify(forAll.keys)).toContain("NotPrincipal lacks");
  });

  test("has a finding if it excepts a role with a permissions boundary", () => {
    const role = (boundary: object) =>
      created("aws_iam_role.this", { assume_role_policy: policyOf(), name: "Loader", path: "/", ...boundary });
    const key = newKey(ADMINISTRATOR, exceptingDenial(LOADER, ROOT));
    const rule = "key-policy-exception-with-boundary";
    expect(findingsOf(rule, key, role({}))).toStrictEqual([]);
    expect(findingsOf(rule, key, role({ permissions_boundary: `arn:aws:iam::${ACCOUNT}:policy/Limits` }))).toHaveLength(
      1,
    );
  });

  test.each<[string, object]>([
    ["of one principal", allow(USER_ARN, "kms:Decrypt", { Effect: "Deny" })],
    ["that allows all but one principal", { ...exceptingDenial(USER_ARN), Effect: "Allow" }],
  ])("has a finding, and a statement %s has no finding", (_, statement) => {
    expect(findingsOf("key-policy-exception-incomplete", newKey(ADMINISTRATOR, statement))).toStrictEqual([]);
  });

  test("is not judged for a role of an unknown name, which may have a permissions boundary", () => {
    const rule = "key-policy-exception-with-boundary";
    const unnamed = created("aws_iam_role.r", {}, { after_unknown: { name: true }, expressions: { name: {} } });
    const unjudged = (...statements: readonly object[]) =>
      reviewed([newKey(ADMINISTRATOR, ...statements), unnamed]).notJudged.filter((entry) => entry.rule === rule);
    expect(unjudged(exceptingDenial(LOADER, ROOT))).toMatchObject([{ address: "aws_iam_role.r" }]);
    expect(unjudged()).toStrictEqual([]);
  });
});
