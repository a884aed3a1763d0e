import {
  callersIn,
  callersOf,
  callersUnder,
  isEverybody,
  partitionOf,
  withOneKind,
} from "../../../review/policy/callers";
import { accountOf } from "../../../review/policy/principals";
import { SAMPLE_NAME } from "../../../review/policy/resource-pattern";
import type { Condition, Principals, Statement } from "../../../review/policy/statement";
import { ACCOUNT } from "../../support/arns";

const OTHER_ACCOUNT = "999988887777";
const role = (name: string, account = ACCOUNT): string => `arn:aws:iam::${account}:role/${name}`;
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const EVERYBODY = role(SAMPLE_NAME, "000000000000");
const SERVICE = "redshift.amazonaws.com";

const statement = (more: Partial<Statement>): Statement => ({
  Action: "kms:*",
  Effect: "Allow",
  Resource: "*",
  ...more,
});
const tested = (Condition: Condition): Statement => statement({ Condition, Principal: "*" });
const principals = (...statements: readonly Statement[]) => callersIn(statements).map(({ principal }) => principal);

test.each<[string, Statement, readonly string[]]>([
  ["a role and a service", statement({ Principal: { AWS: role("a"), Service: SERVICE } }), [role("a"), SERVICE]],
  ["roles of NotPrincipal", statement({ NotPrincipal: { AWS: [role("a"), role("b")] } }), [role("a"), role("b")]],
  ["an account", statement({ Principal: { AWS: ACCOUNT } }), [ROOT, role(SAMPLE_NAME)]],
  ["a root twice", statement({ Principal: { AWS: [ROOT, ACCOUNT] } }), [ROOT, role(SAMPLE_NAME)]],
  ["everybody", statement({ Principal: "*" }), []],
  ["a role of a condition", tested({ ArnLike: { "aws:PrincipalArn": [role("a"), "nobody"] } }), [role("a")]],
  ["a role of a negated condition", tested({ ArnNotLike: { "aws:PrincipalArn": role("a") } }), [role("a")]],
  ["an account of a condition", tested({ StringEquals: { "kms:CallerAccount": ACCOUNT } }), [ROOT, role(SAMPLE_NAME)]],
  [
    "an account of a pattern",
    tested({ StringLike: { "aws:PrincipalAccount": ["4?4*5*", "0*", "*", "????????????", "1234567890123*"] } }),
    ["root", `role/${SAMPLE_NAME}`].map((name) => `arn:aws:iam::404000000005:${name}`),
  ],
  ["services", tested({ StringEquals: { "aws:SourceAccount": ACCOUNT } }), [`${SAMPLE_NAME}.amazonaws.com`]],
  ["no services of a denial", { ...tested({ StringEquals: { "aws:SourceAccount": ACCOUNT } }), Effect: "Deny" }, []],
])("the callers of a statement are everybody and %s", (_, one, callers) => {
  expect(principals(one)).toStrictEqual([EVERYBODY, ...callers]);
});

test("the callers of a pattern are one caller that the pattern matches", () => {
  const [, caller] = callersIn([tested({ StringLike: { "aws:PrincipalArn": role("app-?*", OTHER_ACCOUNT) } })]);
  expect(caller).toMatchObject({ name: role("app-?*", OTHER_ACCOUNT), standsForOthers: true });
});

test("a role has its own name, and stands for no other roles", () => {
  expect(callersOf(role("a"), "aws")).toStrictEqual([
    { name: role("a"), principal: role("a"), standsForOthers: false },
  ]);
});

test.each([
  [ACCOUNT, "aws-cn"],
  [`arn:aws-cn:iam::${ACCOUNT}:root`, "aws-cn"],
])("%s stands for its root and a sample role", (principal, partition) => {
  const root = `arn:aws-cn:iam::${ACCOUNT}:root`;
  expect(callersOf(principal, partition)).toStrictEqual([
    { name: root, principal: root, standsForOthers: false },
    {
      name: `roles and users of account ${ACCOUNT}`,
      principal: `arn:aws-cn:iam::${ACCOUNT}:role/${SAMPLE_NAME}`,
      standsForOthers: true,
    },
  ]);
});

test("only * is everybody", () => {
  expect(["*", ACCOUNT, role("*")].map((principal) => callersOf(principal, "aws").some(isEverybody))).toStrictEqual([
    true,
    false,
    false,
  ]);
});

describe("a sample caller", () => {
  const names = (...values: readonly string[]) =>
    values.map((name) => tested({ ArnNotLike: { "aws:PrincipalArn": name } }));

  test("gets another name if a pattern of the policy excepts the name", () => {
    const [everybody] = callersIn(names("arn:aws:iam::*:role/*z*"));
    expect(everybody!.principal).toBe(role(" 1111 ", "000000000000"));
    expect(callersIn(names("arn:aws:iam::*:role/*1*"))[0]!.principal).toBe(EVERYBODY);
  });

  test("gets a name that neither of two exceptions matches", () => {
    expect(principals(...names("arn:aws:iam::*:role/*z*", "arn:aws:iam::*:role/*1*"))).toContain(
      role(" 2222 ", "100000000001"),
    );
  });

  test.each<[string, Partial<Statement>, string | undefined]>([
    ["in a denial", { Effect: "Deny", NotPrincipal: { AWS: "000000000000" } }, undefined],
    ["by its root in a denial", { Effect: "Deny", NotPrincipal: { AWS: "arn:aws:iam::000000000000:root" } }, undefined],
    ["as a principal", { Principal: { AWS: "000000000000" } }, undefined],
    ["as the account of the key", { Principal: "*" }, "000000000000"],
    ["beside others", { Principal: { AWS: ["000000000000", "200000000002"] } }, undefined],
  ])("gets another account if the policy names the caller's account %s", (_, one, keyAccount) => {
    const [everybody] = callersIn([statement(one)], keyAccount);
    expect(everybody!.name).toBe("everybody");
    expect(everybody!.principal).toBe(role(" 1111 ", "100000000001"));
    expect(callersUnder("*", [statement(one)], keyAccount)).toStrictEqual([everybody]);
  });

  test("gets an account that is none of many named accounts", () => {
    const accounts = Array.from({ length: 60 }, (_, index) => `${index % 10}${String(index).padStart(11, "0")}`);
    const [everybody] = callersIn([statement({ Principal: { AWS: accounts } })]);
    expect(accounts).not.toContain(accountOf(everybody!.principal));
  });

  test("gets another name if the policy names its ARN", () => {
    const statements = [statement({ Principal: { AWS: [ACCOUNT, role(SAMPLE_NAME)] } })];
    expect(callersIn(statements).map(({ principal }) => principal)).toStrictEqual([
      EVERYBODY,
      ROOT,
      role(" 1111 "),
      role(SAMPLE_NAME),
    ]);
  });

  test("does not change the name of a role that the policy names", () => {
    expect(principals(...names(role(SAMPLE_NAME)))).toContain(role(SAMPLE_NAME));
  });

  test("keeps its name if the policy excepts every name", () => {
    expect(callersIn(names("arn:*"))[0]!.principal).toBe(EVERYBODY);
  });
});

describe("the callers of --forbid", () => {
  const under = (forbidden: string, ...patterns: readonly string[]) =>
    callersUnder(forbidden, [tested({ ArnLike: { "aws:PrincipalArn": patterns } })]).map(({ principal }) => principal);

  test("include a caller that matches both the pattern of --forbid and a pattern of a condition", () => {
    expect(under(role("ci-*"), role("*-deploy"))).toContain(role("ci-deploy"));
    expect(under(role("ci-*"), role("user-*"))).toHaveLength(1);
  });

  test("include no further caller if every match of the condition's pattern matches --forbid", () => {
    expect(under(role("ci-*"), role("ci-a-*"))).toHaveLength(1);
  });

  test("are a single caller if --forbid or the condition has no pattern", () => {
    expect(under(role("ci-a"), role("ci-*"))).toStrictEqual([role("ci-a")]);
    expect(under(role("ci-*"), role("ci-a"))).toHaveLength(1);
  });

  test("are named by an example", () => {
    const condition = tested({ ArnLike: { "aws:PrincipalArn": role("*-deploy") } });
    expect(callersUnder(role("ci-*"), [condition]).at(-1)).toStrictEqual({
      name: `callers such as ${role("ci-deploy")}`,
      principal: role("ci-deploy"),
      standsForOthers: true,
    });
  });
});

test("the partition of a policy is the partition of its first ARN", () => {
  const arn = `arn:aws-cn:iam::${ACCOUNT}:role/a`;
  expect(partitionOf([statement({ Principal: { Service: SERVICE } }), statement({ Principal: { AWS: arn } })])).toBe(
    "aws-cn",
  );
  expect(partitionOf([statement({ Principal: "*" })])).toBe("aws");
});

test.each<[Principals | undefined, Principals | undefined]>([
  ["*", "*"],
  [{ AWS: ROOT }, { AWS: ROOT }],
  [{ AWS: ROOT, Service: SERVICE }, { AWS: [ROOT, SERVICE] }],
  [{ Federated: ["a", "b"] }, { AWS: ["a", "b"] }],
  [undefined, undefined],
])("the principals %j of a statement are %j after their conversion to one kind", (original, one) => {
  const both = (principal: Principals | undefined) =>
    [{ Principal: principal }, { NotPrincipal: principal }].map((more) => ({ Effect: "Allow", ...more }) as Statement);
  const withoutUndefined = (statements: readonly Statement[]): unknown => JSON.parse(JSON.stringify(statements));
  expect(withoutUndefined(both(original).map(withOneKind))).toStrictEqual(withoutUndefined(both(one)));
});
