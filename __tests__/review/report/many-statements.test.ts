import { keyReport } from "../../../review/report/key-report";
import type { Key } from "../../../review/model/key";
import type { Statement } from "../../../review/policy/statement";
import { render } from "../../../review/render/render";
import { ACCOUNT } from "../../support/arns";
import { allow, policyOf, reviewed, updated } from "../support/small-plan";

const ROOT = allow(`arn:aws:iam::${ACCOUNT}:root`, "kms:*");
const role = (index: number): string => `arn:aws:iam::${ACCOUNT}:role/n${index}`;
const otherRoot = (index: number): string => `arn:aws:iam::${String(200_000_000_000 + index)}:root`;
const stackIs = (index: number) => ({ StringEquals: { "kms:EncryptionContext:stack": `n${index}` } });

/** Statements of a kind: one or two for each of many roles, of which each has a condition of its own. */
const KINDS: Readonly<Record<string, (index: number) => readonly object[]>> = {
  "a denial of everybody": (index) => [allow(role(index), "kms:Decrypt"), denial({ Principal: "*" }, index)],
  "a denial of the account": (index) => [
    allow(role(index), "kms:Decrypt"),
    denial({ Principal: { AWS: ACCOUNT } }, index),
  ],
  "a denial of everybody but a role": (index) => [denial({ NotPrincipal: { AWS: role(index) } }, index)],
  "a permission of everybody but a role": (index) => [
    allow("", "kms:Decrypt", { NotPrincipal: { AWS: role(index) }, Principal: undefined, Condition: stackIs(index) }),
  ],
  "a permission of everybody but another account": (index) => [
    allow("", "kms:Decrypt", {
      NotPrincipal: { AWS: otherRoot(index) },
      Principal: undefined,
      Condition: stackIs(index),
    }),
  ],
  "a denial of everybody but the account and a role": (index) => [
    denial({ NotPrincipal: { AWS: [ACCOUNT, role(index)] } }, index),
  ],
  "a denial of ARNs by a pattern": (index) => [
    allow(role(index), "kms:Decrypt"),
    denial({ Principal: "*" }, index, { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::*:role/n${index}*` } }),
  ],
  "a denial of all but ARNs by a pattern": (index) => [
    allow(role(index), "kms:Decrypt"),
    denial({ Principal: "*" }, index, { StringNotLike: { "aws:PrincipalArn": `${role(index)}*` } }),
  ],
  "a denial of ARNs by a pattern that matches each role": (index) => [
    allow(role(index), "kms:Decrypt"),
    denial({ Principal: "*" }, index, { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/*` } }),
  ],
  "a session, and a path of its role": (index) => [
    allow(`arn:aws:sts::${ACCOUNT}:assumed-role/reader/s${index}`, "kms:Decrypt"),
    allow(`arn:aws:iam::${ACCOUNT}:role/p${index}/reader`, "kms:Decrypt", { Condition: stackIs(index) }),
  ],
  "a permission of everybody": (index) => [
    allow(role(index), "kms:Encrypt"),
    allow("*", "kms:Decrypt", { Condition: stackIs(index) }),
  ],
  "a permission of the account": (index) => [
    allow(role(index), "kms:Encrypt"),
    allow(ACCOUNT, "kms:Decrypt", { Condition: stackIs(index) }),
  ],
};

function denial(principals: object, index: number, condition: object = {}): object {
  return {
    ...allow("", "kms:Decrypt"),
    Principal: undefined,
    ...principals,
    Condition: { ...stackIs(index), ...condition },
    Effect: "Deny",
  };
}

function statements(kind: string, count: number): readonly object[] {
  const all = Array.from({ length: count }, (_, index) => KINDS[kind]!(index)).flat();
  return [ROOT, ...all.slice(0, count - 1)];
}

/** The reads of the conditions of statements, and the characters of the limits, of the report of a policy that comes. */
function stepsOf(kind: string, count: number): number {
  let reads = 0;
  const counted = (statement: object): Statement => {
    const { Condition, ...rest } = JSON.parse(JSON.stringify(statement)) as Statement;
    return Object.defineProperty(rest, "Condition", {
      enumerable: true,
      get: () => {
        reads += 1;
        return Condition;
      },
    });
  };
  const policyWith = (some: readonly object[]) => ({ kind: "shown", statements: some.map(counted) }) as const;
  const key: Key = {
    account: ACCOUNT,
    address: "aws_kms_key.this",
    isHidden: false,
    partition: "aws",
    policies: { after: [], before: [] },
    policy: { after: policyWith(statements(kind, count)), before: policyWith([ROOT]) },
    region: "us-east-1",
    resource: undefined,
  };
  return reads + JSON.stringify(keyReport(key).principals).length / 1000;
}

test.each(Object.keys(KINDS))(
  "reports 160 statements in less than 2.7 times the steps of 80: %s with a condition each",
  (kind) => {
    const [few, many] = [stepsOf(kind, 80), stepsOf(kind, 160)];
    expect(many).toBeLessThan(2.7 * few);
    expect(many).toBeLessThan(160 * 120);
  },
);

describe("a limit of many conditions", () => {
  const rowsOf = (before: readonly object[], after: readonly object[], name = role(0)) => {
    const [old, current] = [before, after].map((some) => ({ arn: "k", policy: policyOf(...some) }));
    const report = reviewed([updated("aws_kms_key.this", old!, current!, { expressions: { policy: {} } })]);
    const row = report.keys[0]!.principals.find(({ principal }) => principal === name)!;
    return { ability: row.abilities["encrypt and decrypt"], report };
  };
  const many = statements("a denial of everybody", 100);
  const another = denial({ Principal: "*" }, 999);

  test("names ten conditions and counts the others", () => {
    const [limit] = rowsOf([ROOT], many).ability.after.limits.slice(-1);
    expect(limit!.match(/unless/g)).toHaveLength(10);
    expect(limit).toMatch(/, and 39 more conditions \(each denies it\)$/);
  });

  test('has the change "changed" by one more condition, and names this condition first', () => {
    const { ability, report } = rowsOf(many, [...many, another]);
    expect(ability.change).toBe("changed");
    expect(ability.after.limits.at(-1)).toContain("unless kms:EncryptionContext:stack StringEquals n999, unless");
    expect(render([report], "text")).toContain("n999");
  });

  test('has the change "same" if its statements change their order, or if the policy repeats a statement', () => {
    expect(rowsOf(many, many.toReversed()).ability.change).toBe("same");
    expect(rowsOf(many, [...many, many.at(-1)!]).ability.change).toBe("same");
  });

  test('has the change "changed" if a condition is replaced by another', () => {
    expect(rowsOf([...many, another], [...many, denial({ Principal: "*" }, 998)]).ability.change).toBe("changed");
  });

  test("does not apply if one statement allows the action without a condition", () => {
    const permissions = statements("a permission of everybody", 100);
    const { ability } = rowsOf(permissions, [...permissions, allow("*", "kms:Decrypt")]);
    expect(ability.after).toMatchObject({
      actions: ["kms:Decrypt", "kms:Encrypt"],
      limits: ["only kms:Decrypt, kms:Encrypt"],
    });
    expect(ability.before.limits.join()).toMatch(/kms:Decrypt if .*, and 39 more conditions \(each is enough\)/);
  });

  test("names first, for one action only, the condition that this action lacked", () => {
    const actions = ["kms:Decrypt", "kms:Encrypt"];
    const permissions = Array.from({ length: 12 }, (_, index) =>
      allow("*", "", { Action: actions, Condition: stackIs(index) }),
    );
    const old = allow("*", "kms:Decrypt", { Condition: stackIs(999) });
    const { ability } = rowsOf([...permissions, old], [...permissions, { ...old, Action: actions }], "*");
    expect(ability.after.limits).toStrictEqual([
      expect.stringMatching(/^kms:Decrypt if .*StringEquals n0, or if .*more conditions \(each is enough\)$/),
      expect.stringMatching(/^kms:Encrypt if kms:EncryptionContext:stack StringEquals n999, or if .*StringEquals n0,/),
    ]);
  });

  test("counts a condition once that statements for everybody and for the account have", () => {
    const both = [...statements("a permission of the account", 100), ...statements("a permission of everybody", 100)];
    const { ability } = rowsOf([ROOT], both);
    expect(ability.after.limits.join()).toMatch(/and 39 more conditions/);
  });

  test("leaves out the condition of a statement that excepts the role", () => {
    const excepting = statements("a permission of everybody but a role", 100);
    expect(rowsOf([ROOT], excepting, role(5)).ability.after.limits.join()).not.toContain("StringEquals n5,");
    expect(rowsOf([ROOT], excepting, role(5)).ability.after.limits.join()).toContain("and 88 more conditions");
    const twice = [...excepting, excepting[6]!];
    expect(rowsOf(excepting, twice, role(5)).ability.change).toBe("same");
  });

  test("leaves out the test of aws:PrincipalArn that names the role beside a pattern", () => {
    const arns = { ArnLike: { "aws:PrincipalArn": [role(0), `arn:aws:iam::${ACCOUNT}:role/*`] } };
    const permissions = Array.from({ length: 100 }, (_, index) =>
      allow("*", "kms:Decrypt", { Condition: { ...stackIs(index), ...arns } }),
    );
    const all = [ROOT, allow(role(1), "kms:Encrypt"), ...permissions];
    const limitsOf = (name: string): string => rowsOf([ROOT], all, name).ability.after.limits.join();
    expect(limitsOf(role(0))).not.toContain("aws:PrincipalArn");
    expect(limitsOf(role(1))).toContain("aws:PrincipalArn");
  });

  test("shortens a condition of 1,000 values, and compares all values", () => {
    const values = Array.from({ length: 1000 }, (_, index) => `value-${index}`);
    const limited = (names: readonly string[]) => [
      ROOT,
      allow(role(0), "kms:Decrypt", { Condition: { StringEquals: { "kms:EncryptionContext:stack": names } } }),
    ];
    const { ability } = rowsOf(limited(values), limited([...values.slice(0, -1), "value-x"]));
    expect(ability.change).toBe("changed");
    expect(ability.after.limits.at(-1)).toMatch(/… and [\d,]+ more characters$/);
  });
});
