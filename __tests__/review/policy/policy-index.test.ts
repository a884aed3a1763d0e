import { type Access, accessTo } from "../../../review/policy/key-access";
import { PolicyIndex } from "../../../review/policy/policy-index";
import type { Statement } from "../../../review/policy/statement";
import { ACCOUNT } from "../../support/arns";

const OTHER_ACCOUNT = "999988887777";
const PRINCIPALS = [
  `arn:aws:iam::${ACCOUNT}:role/app/reader`,
  `arn:aws:iam::${ACCOUNT}:role/reader`,
  `arn:aws:sts::${ACCOUNT}:assumed-role/reader/session`,
  `arn:aws:iam::${ACCOUNT}:user/reader`,
  `arn:aws:iam::${ACCOUNT}:root`,
  `arn:aws:iam::${OTHER_ACCOUNT}:role/reader`,
  `arn:aws:iam::${ACCOUNT}:role/read*`,
  "*",
];
const CALLER_ARNS = PRINCIPALS.filter((name) => !name.endsWith("*"));
const EFFECTS = ["Allow", "Deny"] as const;
const VALUES = [
  `arn:aws:iam::${ACCOUNT}:role/read*`,
  `arn:aws:iam::*:role/app/*`,
  `arn:aws:iam::${ACCOUNT}:role/reader`,
  "*reader",
  "arn:aws:iam::??????????77:*",
  `arn:aws:sts::${ACCOUNT}:assumed-role/reader/*`,
];
const OPERATORS = ["ArnEquals", "ArnLike", "ArnNotLike", "StringEquals", "StringLike", "StringNotLike"];
const CALLERS: readonly Partial<Statement>[] = [
  { Principal: "*" },
  { Principal: { AWS: ACCOUNT } },
  { Principal: { AWS: [PRINCIPALS[0]!, PRINCIPALS[3]!] } },
  { NotPrincipal: { AWS: [PRINCIPALS[0]!, `arn:aws:iam::${OTHER_ACCOUNT}:root`] } },
];
const EVERYBODY: Statement = { Action: "kms:*", Effect: "Allow", Principal: "*", Resource: "*", Sid: "Everybody" };

const accessOf = (statements: readonly Statement[], principal: string) => {
  const access = accessTo(statements, principal, "kms:Decrypt", ACCOUNT);
  const sids = (kind: "granted" | "leftToIam" | "unless") => [...access![kind]].map(({ Sid }) => Sid);
  return access && { granted: sids("granted"), leftToIam: sids("leftToIam"), unless: sids("unless") };
};

/** The access of each of PRINCIPALS that is one caller. */
const accessesOf = (statements: readonly Statement[]) =>
  CALLER_ARNS.map((principal) => accessOf(statements, principal));

/** The statement with a test that every ARN passes. The index takes statements with two tests of ARNs one by one. */
function withSecondTest(statement: Statement): Statement {
  const { Condition = {} } = statement;
  return { ...statement, Condition: { ...Condition, "ForAnyValue:StringLike": { "aws:PrincipalArn": "*" } } };
}

/** Statements with a test of aws:PrincipalArn, for each of the callers and effects, with and without another test. */
const testing = (operator: string, value: string | readonly string[]): readonly Statement[] =>
  CALLERS.flatMap((callers, index) =>
    EFFECTS.flatMap((effect) =>
      [{}, { Bool: { "aws:SecureTransport": "true" } }].map((more): Statement => ({
        Action: "kms:*",
        Condition: { [operator]: { "aws:PrincipalArn": value }, ...more },
        Effect: effect,
        Resource: "*",
        Sid: String(index),
        ...callers,
      })),
    ),
  );

test.each<[string, string | readonly string[]]>([
  ...OPERATORS.flatMap((operator) => VALUES.map((value) => [operator, value] as [string, string])),
  ["ArnLike", [VALUES[2]!, "arn:aws:iam::${aws:PrincipalAccount}:role/*"]],
  ["ArnNotLike", [VALUES[2]!, "sensitive"]],
  ["Null", "false"],
  ["StringEqualsIgnoreCase", VALUES[2]!.toUpperCase()],
])(
  "the condition %s on aws:PrincipalArn gives callers the same access by the index as without it: %j",
  (...condition) => {
    const statements = testing(...condition);
    expect(statements.map((one) => accessesOf([EVERYBODY, one]))).toStrictEqual(
      statements.map((one) => accessesOf([EVERYBODY, withSecondTest(one)])),
    );
  },
);

describe("many statements with a condition on aws:PrincipalArn", () => {
  const isStack = (index: number) => ({ StringEquals: { "kms:EncryptionContext:stack": `n${index}` } });
  /** Statements with a test, for one of the callers after another. If `isOwn`, each has another condition besides the test. */
  const manyTesting = (
    operator: string,
    effect: "Allow" | "Deny",
    value: string,
    isOwn: boolean,
  ): readonly Statement[] =>
    Array.from({ length: 140 }, (_, index) => ({
      Action: "kms:*",
      Condition: { [operator]: { "aws:PrincipalArn": value }, ...(isOwn ? isStack(index) : {}) },
      Effect: effect,
      Resource: "*",
      Sid: String(index),
      ...CALLERS[index % CALLERS.length],
    }));

  describe.each(OPERATORS)("by %s", (operator) => {
    test.each(VALUES)("give callers the same access by the index as without it, with the value %s", (value) => {
      const policies = EFFECTS.flatMap((effect) =>
        [true, false].map((isOwn) => manyTesting(operator, effect, value, isOwn)),
      );
      expect(policies.map((statements) => accessesOf([EVERYBODY, ...statements]))).toStrictEqual(
        policies.map((statements) => accessesOf([EVERYBODY, ...statements.map(withSecondTest)])),
      );
    });
  });

  test("give callers the same access by the index as without it, with four different patterns", () => {
    const patterns = ["role/*", "role/app/*", "*", "user/*"];
    const statements = patterns.flatMap((pattern, index) =>
      manyTesting("ArnLike", "Deny", `arn:aws:iam::${ACCOUNT}:${pattern}`, true).map((statement) => ({
        ...statement,
        Sid: `${index} ${statement.Sid}`,
      })),
    );
    expect(accessesOf([EVERYBODY, ...statements])).toStrictEqual(
      accessesOf([EVERYBODY, ...statements.map(withSecondTest)]),
    );
  });
});

describe("the sessions of a role name that exists under 100 paths", () => {
  const role = (index: number): string => `arn:aws:iam::${ACCOUNT}:role/p${index}/reader`;
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/reader/s`;
  const naming = (more: (index: number) => Partial<Statement>): readonly Statement[] =>
    Array.from({ length: 100 }, (_, index) => ({
      Action: "kms:*",
      Effect: "Allow",
      Resource: "*",
      Sid: String(index),
      ...more(index),
    }));
  const sids = Array.from({ length: 100 }, (_, index) => String(index));

  test("are allowed by each statement that allows one of the roles of this name", () => {
    const statements = naming((index) => ({ Principal: { AWS: [role(index), ...(index < 2 ? [session] : [])] } }));
    expect(accessOf(statements, session)).toStrictEqual({ granted: sids, leftToIam: [], unless: [] });
    expect(accessOf(statements, `${session}2`)).toStrictEqual({ granted: sids, leftToIam: [], unless: [] });
    expect(accessOf(statements, session.replace("reader", "writer"))).toBeUndefined();
  });

  test("are denied by a statement that denies one of the roles", () => {
    const denial: Statement = { ...EVERYBODY, Effect: "Deny", Principal: { AWS: role(3) } };
    expect(accessOf([...naming((index) => ({ Principal: { AWS: role(index) } })), denial], session)).toBeUndefined();
  });

  test("are excepted by a NotPrincipal that names one of the roles", () => {
    const denials = naming((index) => ({
      Condition: { StringEquals: { "kms:EncryptionContext:stack": `n${index}` } },
      Effect: "Deny",
      NotPrincipal: { AWS: role(index) },
    }));
    expect(accessOf([EVERYBODY, ...denials], session)!.unless).toStrictEqual([]);
    expect(accessOf([EVERYBODY, ...denials], session.replace("reader", "writer"))!.unless).toHaveLength(100);
  });
});

describe("statements with NotPrincipal or ArnNotLike", () => {
  const excepting = (effect: "Allow" | "Deny", count: number, ...names: readonly string[]): readonly Statement[] =>
    Array.from({ length: count }, (_, index) => ({
      Action: "kms:*",
      Condition: { StringEquals: { "kms:EncryptionContext:stack": `n${index}` } },
      Effect: effect,
      NotPrincipal: { AWS: [...names, `arn:aws:iam::${String(200_000_000_000 + index)}:root`] },
      Resource: "*",
      Sid: String(index),
    }));
  const access = (statements: readonly Statement[], principal: string): Access | undefined =>
    accessTo(statements, principal, "kms:Decrypt", ACCOUNT);

  test.each([1, 100])("deny no caller of an account whose root each of %i NotPrincipals names", (count) => {
    const denials = [EVERYBODY, ...excepting("Deny", count, ACCOUNT)];
    for (const principal of PRINCIPALS.slice(0, 5)) {
      expect(access(denials, principal)!.unless.size).toBe(0);
    }
    expect(access(denials, PRINCIPALS[5]!)!.unless.size).toBe(count);
    expect(access(denials, "*")!.unless.size).toBe(count);
  });

  test("deny each of two accounts by the NotPrincipals that name the other account", () => {
    const denials = [ACCOUNT, OTHER_ACCOUNT].flatMap((account) =>
      excepting("Deny", 100, account).map((denial) => ({ ...denial, Sid: account })),
    );
    for (const [principal, other] of [
      [PRINCIPALS[0]!, OTHER_ACCOUNT],
      [PRINCIPALS[5]!, ACCOUNT],
    ] as const) {
      const { unless } = access([EVERYBODY, ...denials], principal)!;
      expect([unless.size, ...new Set([...unless].map(({ Sid }) => Sid))]).toStrictEqual([100, other]);
    }
  });

  test("allow a role by each statement except the statement whose NotPrincipal names the root of the role's account", () => {
    const permissions = excepting("Allow", 100);
    expect(access(permissions, "arn:aws:iam::200000000007:role/r")!.granted.size).toBe(99);
    expect([...access(permissions, "arn:aws:iam::200000000007:role/r")!.granted].map(({ Sid }) => Sid)).not.toContain(
      "7",
    );
    expect(access(permissions, PRINCIPALS[0]!)!.granted.size).toBe(100);
  });

  test("deny a role of an account that an unconditional NotPrincipal does not name", () => {
    const denial: Statement = {
      Action: "*",
      Effect: "Deny",
      NotPrincipal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` },
      Resource: "*",
    };
    expect(access([EVERYBODY, denial], PRINCIPALS[0]!)).toBeUndefined();
    expect(access([EVERYBODY, denial], PRINCIPALS[5]!)!.unless.size).toBe(0);
    expect(access([EVERYBODY, denial], "*")!.unless.size).toBe(1);
  });

  test("deny a role outside the pattern of ArnNotLike, and limit the root of its account", () => {
    const denial: Statement = {
      Action: "*",
      Condition: { ArnNotLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/app/*` } },
      Effect: "Deny",
      Principal: "*",
      Resource: "*",
    };
    expect(access([EVERYBODY, denial], PRINCIPALS[0]!)!.unless.size).toBe(0);
    expect(access([EVERYBODY, denial], PRINCIPALS[1]!)).toBeUndefined();
    expect(access([EVERYBODY, denial], PRINCIPALS[4]!)!.unless.size).toBe(1);
  });
});

test("PolicyIndex reads many statements with the same account in NotPrincipal only once for all principals of the account", () => {
  const denial: Statement = { Effect: "Deny", NotPrincipal: { AWS: ACCOUNT }, Action: "kms:*", Resource: "*" };
  const index = PolicyIndex.forStatements(Array.from({ length: 65 }, () => ({ ...denial })));
  const [excepted, ofAnother] = CALLER_ARNS.slice(0, 2).map((principal) =>
    index.exceptsAccount(index.namesOf(principal).roots),
  );
  expect(excepted).toHaveLength(65);
  expect(ofAnother).toBe(excepted);
});
