import { runSimulation } from "@cloud-copilot/iam-simulate";
import fc from "fast-check";
import { ABILITIES } from "../../../review/policy/abilities";
import { type Access, accessTo, isEvaluable, fitsTable, principalsOf } from "../../../review/policy/key-access";
import type { Statement } from "../../../review/policy/statement";
import golden from "../../golden/key-policy.json";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, USER_ARN } from "../../support/support";

const OTHER_ACCOUNT = "444455556666";
const FOREIGN_ARN = `arn:aws:iam::${OTHER_ACCOUNT}:role/Foreigner`;
const STATEMENTS = golden.statements as Statement[];

const ACTIONS = Object.values(ABILITIES).flat();
const EVERYTHING = {
  name: "Everything",
  policy: { Statement: [{ Action: "*", Effect: "Allow", Resource: "*" }], Version: "2012-10-17" },
};

/** An action, whichever ability it is of. */
const action = fc.oneof(...Object.values(ABILITIES).map((actions) => fc.constantFrom<string[]>(...actions)));
const pattern = fc.constantFrom("kms:*", "kms:ReEncrypt*", "kms:Generate?ataKey*", "KMS:Describe*", "kms:Get*", "*");
const statement = fc.record({
  Action: fc.array(fc.oneof(action, pattern), { minLength: 1, maxLength: 4 }),
  Condition: fc.constantFrom<Record<string, Record<string, string | string[]>>>(
    {},
    { StringEquals: { "kms:CallerAccount": ACCOUNT } },
    { StringEquals: { "kms:ViaService": ["redshift.us-east-1.amazonaws.com", "redshift.amazonaws.com"] } },
    { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
  ),
  Effect: fc.constantFrom<"Allow" | "Deny">("Allow", "Allow", "Allow", "Deny"),
  Principal: fc.oneof(
    fc.constant("*" as const),
    fc.record({
      AWS: fc.subarray(
        [
          "*",
          ADMIN_ARN,
          USER_ARN,
          FOREIGN_ARN,
          ACCOUNT,
          `arn:aws:iam::${ACCOUNT}:root`,
          `arn:aws:iam::${OTHER_ACCOUNT}:root`,
        ],
        { minLength: 1, maxLength: 3 },
      ),
    }),
  ),
  Resource: fc.constant("*"),
});
const policy = fc.array(statement, { minLength: 1, maxLength: 4 });
const request = fc.record({
  action,
  hasIam: fc.boolean(),
  principal: fc.constantFrom(ADMIN_ARN, USER_ARN, FOREIGN_ARN, `arn:aws:iam::${ACCOUNT}:role/Stranger`),
  service: fc.constantFrom(undefined, "redshift.us-east-1.amazonaws.com", "s3.us-east-1.amazonaws.com"),
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

function contextOf({ principal, service }: Request): Record<string, string> {
  return { "kms:CallerAccount": principal.split(":")[4]!, ...(service && { "kms:ViaService": service }) };
}

/** Whether the conditions of a statement hold; all of them are StringEquals here. */
function holds({ Condition = {} }: Statement, context: Record<string, string>): boolean {
  return Object.entries(Condition.StringEquals ?? {}).every(([key, values]) =>
    [values].flat().includes(context[key] ?? ""),
  );
}

/** The result of an access in one request. A principal of another account needs the IAM policies of its own as well. */
function isAllowed(access: Access | undefined, { hasIam, principal, ...rest }: Request): boolean {
  const context = contextOf({ hasIam, principal, ...rest });
  const isForeign = !principal.includes(ACCOUNT);
  return (
    access !== undefined &&
    access.ways.some(
      ({ statement: way, through }) => holds(way, context) && (hasIam || (through === "key policy" && !isForeign)),
    ) &&
    !access.unless.some((denial) => holds(denial, context))
  );
}

async function simulated(statements: Statement[], asked: Request): Promise<boolean> {
  const { action, hasIam, principal } = asked;
  const result = await runSimulation(
    {
      identityPolicies: hasIam ? [EVERYTHING] : [],
      request: {
        action,
        contextVariables: contextOf(asked),
        principal,
        resource: { accountId: ACCOUNT, resource: KEY_ARN },
      },
      resourceControlPolicies: [],
      resourcePolicy: {
        Statement: statements.map((one) => ({ ...one, Resource: "*" })),
        Version: "2012-10-17",
      },
      serviceControlPolicies: [],
    },
    {},
  );
  if (result.resultType !== "single") {
    throw new Error(JSON.stringify(result));
  }
  return result.overallResult === "Allowed";
}

test("nothing is shown that the simulator denies, and nothing hidden that it allows", async () => {
  let [allowed, denied] = [0, 0];
  await fc.assert(
    fc.asyncProperty(policy, fc.array(request, { minLength: 12, maxLength: 12 }), async (statements, requests) => {
      for (const asked of requests) {
        const expected = await simulated(statements, asked);
        expect(isAllowed(accessTo(statements, asked.principal, asked.action), asked)).toBe(expected);
        [allowed, denied] = expected ? [allowed + 1, denied] : [allowed, denied + 1];
      }
    }),
    { numRuns: 100, seed: 20251124 },
  );
  expect(Math.min(allowed, denied)).toBeGreaterThan(200);
});

test("the documented policy", () => {
  const user = accessTo(STATEMENTS, USER_ARN, "kms:Decrypt");
  expect(user).toStrictEqual({ unless: [], ways: [{ statement: STATEMENTS[2], through: "key policy" }] });
  expect(accessTo(STATEMENTS, USER_ARN, "kms:PutKeyPolicy")).toBeUndefined();
  expect(accessTo(STATEMENTS, "*", "kms:CreateGrant")!.ways).toStrictEqual([
    { statement: STATEMENTS[0], through: "key policy" },
  ]);
  expect(principalsOf(STATEMENTS)).toStrictEqual(["*", ADMIN_ARN, USER_ARN]);
});

describe("a statement", () => {
  const allow = (more: object): Statement[] => [
    { Action: "kms:*", Effect: "Allow", Principal: { AWS: ADMIN_ARN }, Resource: "*", ...more },
  ];

  test("for the account is for its root, and for IAM to decide about the others", () => {
    const [statement] = allow({ Principal: { AWS: ACCOUNT } });
    expect(principalsOf([statement!])).toStrictEqual([`arn:aws:iam::${ACCOUNT}:root`]);
    expect(accessTo([statement!], ADMIN_ARN, "kms:Decrypt")).toStrictEqual({
      unless: [],
      ways: [{ statement, through: "IAM" }],
    });
    expect(accessTo([statement!], FOREIGN_ARN, "kms:Decrypt")).toBeUndefined();
  });

  test("with NotAction leaves out what it names", () => {
    const statements = allow({ Action: undefined, NotAction: ["kms:Put*", "kms:?isableKey"] });
    expect(ACTIONS.filter((action) => !accessTo(statements, ADMIN_ARN, action))).toStrictEqual([
      "kms:DisableKey",
      "kms:PutKeyPolicy",
    ]);
  });

  test("with NotPrincipal is not placed", () => {
    const statements = allow({ NotPrincipal: { AWS: USER_ARN }, Principal: undefined });
    expect(statements.map(isEvaluable)).toStrictEqual([false]);
    expect(accessTo(statements, ADMIN_ARN, "kms:Decrypt")).toBeUndefined();
  });

  test("for another resource is not placed", () => {
    const statements = allow({ Resource: KEY_ARN });
    expect(statements.map(isEvaluable)).toStrictEqual([false]);
    expect(allow({ Resource: [KEY_ARN, "*"] }).map(isEvaluable)).toStrictEqual([true]);
  });

  test("for a service is for no principal of IAM, and not wholly shown by a table of them", () => {
    const statements = allow({ Principal: { Service: "redshift.amazonaws.com" } });
    expect([...statements, ...allow({}), ...allow({ Principal: "*" })].map(fitsTable)).toStrictEqual([
      false,
      true,
      true,
    ]);
    expect(allow({ Action: ["kms:Decrypt", "kms:Sign"] }).map(fitsTable)).toStrictEqual([false]);
    expect(principalsOf(statements)).toStrictEqual([]);
    expect(accessTo(statements, ADMIN_ARN, "kms:Decrypt")).toBeUndefined();
  });

  test("that denies under conditions leaves the access, and is reported", () => {
    const condition = { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } };
    const [denial] = allow({ Condition: condition, Effect: "Deny" });
    expect(accessTo([...allow({}), denial!], ADMIN_ARN, "kms:Decrypt")!.unless).toStrictEqual([denial]);
  });

  test("without a resource has no effect", () => {
    const statements = allow({ Resource: undefined });
    expect(statements.map(isEvaluable)).toStrictEqual([false]);
    expect(accessTo(statements, ADMIN_ARN, "kms:Decrypt")).toBeUndefined();
  });

  test("for a role is for its sessions, whatever its path, and so is a denial", () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/team/Loader`;
    const session = `arn:aws:sts::${ACCOUNT}:assumed-role/Loader/me`;
    const statements = allow({ Principal: { AWS: role } });
    expect(accessTo(statements, session, "kms:Decrypt")!.ways).toStrictEqual([
      { statement: statements[0], through: "key policy" },
    ]);
    expect(accessTo(statements, session.replace("Loader", "Other"), "kms:Decrypt")).toBeUndefined();
    const denied = [...allow({ Principal: "*" }), ...allow({ Effect: "Deny", Principal: { AWS: role } })];
    expect(accessTo(denied, session, "kms:Decrypt")).toBeUndefined();
  });

  test("of another account is for what KMS lets out of an account, if IAM there lets it", () => {
    const statements = allow({ Principal: { AWS: FOREIGN_ARN } });
    const reach = ACTIONS.filter((action) => accessTo(statements, FOREIGN_ARN, action, ACCOUNT));
    expect(reach).toContain("kms:Decrypt");
    expect(reach).not.toContain("kms:PutKeyPolicy");
    expect(accessTo(statements, FOREIGN_ARN, "kms:Decrypt", ACCOUNT)!.ways[0]!.through).toBe("other account");
    expect(accessTo(statements, FOREIGN_ARN, "kms:Decrypt", OTHER_ACCOUNT)!.ways[0]!.through).toBe("key policy");
  });

  test("for everybody is not for whom its condition on aws:PrincipalArn cannot mean", () => {
    const condition = (operator: string) => ({ [operator]: { "aws:PrincipalArn": ADMIN_ARN } });
    const [named] = allow({ Condition: condition("ArnLike"), Principal: "*" });
    expect(accessTo([named!], ADMIN_ARN, "kms:Decrypt")!.ways).toHaveLength(1);
    expect(accessTo([named!], USER_ARN, "kms:Decrypt")).toBeUndefined();
    const others = allow({ Condition: condition("ArnNotLike"), Effect: "Deny", Principal: "*" });
    const everybody = [...allow({ Principal: "*" }), ...others];
    expect(accessTo(everybody, ADMIN_ARN, "kms:Decrypt")!.unless).toStrictEqual([]);
    expect(accessTo(everybody, USER_ARN, "kms:Decrypt")).toBeUndefined();
  });
});
