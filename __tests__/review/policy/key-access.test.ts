import { runSimulation } from "@cloud-copilot/iam-simulate";
import fc from "fast-check";
import { Model } from "../../../review/model/model";
import { readPlan } from "../../../review/plan/read-plan";
import { ABILITIES, ABILITY_NAMES, CROSS_ACCOUNT_ACTIONS } from "../../../review/policy/abilities";
import { type Facts, outcomeOf } from "../../../review/policy/condition";
import { type Access, accessTo, fitsTable, mayBeDenied, principalsOf, waysOf } from "../../../review/policy/key-access";
import { isEvaluable, type Statement } from "../../../review/policy/statement";
import { keyReport } from "../../../review/report/key-report";
import golden from "../../golden/key-policy.json";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import { propertyRuns } from "../../support/property-runs";
import { policyOf } from "../support/small-plan";

const OTHER_ACCOUNT = "444455556666";
const FOREIGN_ARN = `arn:aws:iam::${OTHER_ACCOUNT}:role/Foreigner`;
const STRANGER_ARN = `arn:aws:iam::${ACCOUNT}:role/Stranger`;
const STATEMENTS = golden.statements as Statement[];
const REDSHIFT = "redshift.us-east-1.amazonaws.com";
const ORGANIZATION = "o-example1234";

const RUNS = propertyRuns(40);
const ACTIONS = Object.values(ABILITIES).flat();
const EVERYTHING = {
  name: "Everything",
  policy: { Statement: [{ Action: "*", Effect: "Allow", Resource: "*" }], Version: "2012-10-17" },
};

/** An action, whichever ability it is of. */
const action = fc.oneof(...Object.values(ABILITIES).map((actions) => fc.constantFrom<string[]>(...actions)));
const pattern = fc.constantFrom("kms:*", "kms:ReEncrypt*", "kms:Generate?ataKey*", "KMS:Describe*", "kms:Get*", "*");
const actions = fc.array(fc.oneof(action, pattern), { minLength: 1, maxLength: 4 });
const identities = fc.subarray(
  [
    ADMIN_ARN,
    USER_ARN,
    FOREIGN_ARN,
    ACCOUNT,
    `arn:aws:iam::${ACCOUNT}:root`,
    `arn:aws:iam::${OTHER_ACCOUNT}:root`,
    `arn:aws:iam::${ACCOUNT}:user/Somebody`,
  ],
  { minLength: 1, maxLength: 3 },
);
type Condition = Record<string, Record<string, string | string[]>>;
const condition = fc.constantFrom<Condition>(
  { ArnEquals: { "aws:PrincipalArn": USER_ARN } },
  { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/*` } },
  { ArnNotLike: { "aws:PrincipalArn": [`arn:aws:iam::${ACCOUNT}:role/Example*`, FOREIGN_ARN] } },
  { Bool: { "aws:SecureTransport": "false" } },
  { "ForAnyValue:StringEquals": { "kms:EncryptionContextKeys": ["aws:redshift:arn"] } },
  { Null: { "kms:ViaService": "true" } },
  { StringEquals: { "aws:PrincipalAccount": [OTHER_ACCOUNT, ACCOUNT] } },
  { StringEquals: { "aws:PrincipalOrgID": ORGANIZATION } },
  { StringEquals: { "KMS:CallerAccount": ACCOUNT } },
  { StringEquals: { "kms:ViaService": [REDSHIFT, "redshift.amazonaws.com"] } },
  { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
  { StringEqualsIfExists: { "kms:ViaService": REDSHIFT } },
  {
    StringLike: { "kms:ViaService": "redshift*.us-east-?.amazonaws.com" },
    StringNotEquals: { "aws:PrincipalAccount": ACCOUNT },
  },
  { StringNotEquals: { "aws:PrincipalOrgID": ORGANIZATION } },
  { StringNotEqualsIfExists: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } },
  { StringNotLike: { "kms:ViaService": "redshift*" } },
);
/** Joins two conditions. AWS refuses a key that comes twice under an operator, with other letters. */
function joined(one: Condition, other: Condition): Condition {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(
    names.map((name) => {
      const taken = new Set(Object.keys(one[name] ?? {}).map((key) => key.toLowerCase()));
      const added = Object.entries(other[name] ?? {}).filter(([key]) => !taken.has(key.toLowerCase()));
      return [name, { ...one[name], ...Object.fromEntries(added) }];
    }),
  );
}
const conditions = fc.oneof(
  { arbitrary: condition, weight: 3 },
  { arbitrary: fc.tuple(condition, condition).map(([one, other]) => joined(one, other)), weight: 1 },
);
const statement = fc
  .record({
    actions: fc.oneof(
      { arbitrary: fc.record({ Action: actions }), weight: 4 },
      { arbitrary: fc.record({ NotAction: actions }), weight: 1 },
    ),
    condition: fc.option(fc.record({ Condition: conditions }), { nil: {} }),
    effect: fc.constantFrom<"Allow" | "Deny">("Allow", "Allow", "Allow", "Deny"),
    principals: fc.oneof(
      { arbitrary: fc.constantFrom({ Principal: "*" as const }, { Principal: { AWS: "*" } }), weight: 2 },
      { arbitrary: fc.record({ Principal: fc.record({ AWS: identities }) }), weight: 4 },
      { arbitrary: fc.record({ NotPrincipal: fc.record({ AWS: identities }) }), weight: 1 },
    ),
    resources: fc.constantFrom(
      { Resource: "*" },
      { Resource: "*" },
      { Resource: [KEY_ARN.replace(/key.*/, "key/other"), KEY_ARN] },
      { Resource: `arn:aws:kms:*:${ACCOUNT}:key/*` },
      { Resource: "arn:aws:kms:*" },
      { Resource: KEY_ARN.replace(/key.*/, "key/other") },
      { NotResource: KEY_ARN.replace(/key.*/, "alias/*") },
    ),
  })
  .map(({ actions: actionPart, condition: conditionPart, effect, principals, resources }): Statement => ({
    Effect: effect,
    ...principals,
    ...actionPart,
    ...resources,
    ...conditionPart,
  }));
const policy = fc.array(statement, { minLength: 1, maxLength: 4 });
const request = fc.record({
  action,
  contextKeys: fc.constantFrom(undefined, "aws:redshift:arn"),
  hasIam: fc.boolean(),
  isInOrganization: fc.boolean(),
  principal: fc.constantFrom(ADMIN_ARN, USER_ARN, FOREIGN_ARN, STRANGER_ARN, `arn:aws:iam::${ACCOUNT}:user/Somebody`),
  service: fc.constantFrom(undefined, REDSHIFT, "s3.us-east-1.amazonaws.com"),
});
type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

/** Some of the actions whose requests have an encryption context. */
const WITH_CONTEXT = ["kms:CreateGrant", "kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"];

function contextOf({
  action: asksFor,
  contextKeys,
  isInOrganization,
  principal,
  service,
}: Request): Record<string, string | string[]> {
  const account = principal.split(":")[4]!;
  return {
    "aws:PrincipalAccount": account,
    "aws:PrincipalArn": principal,
    "aws:SecureTransport": "true",
    "kms:CallerAccount": account,
    ...(isInOrganization && { "aws:PrincipalOrgID": ORGANIZATION }),
    ...(contextKeys && WITH_CONTEXT.includes(asksFor) && { "kms:EncryptionContextKeys": [contextKeys] }),
    ...(service && { "kms:ViaService": service }),
  };
}

/** The context of a request as facts: null is a key that it does not have. */
function factsOf(asked: Request): Facts {
  const absent = ["aws:principalorgid", "kms:encryptioncontextkeys", "kms:viaservice"].map((key) => [key, null]);
  const present = Object.entries(contextOf(asked)).map(([key, value]) => [key.toLowerCase(), [value].flat()[0]!]);
  return Object.fromEntries([...absent, ...present]) as Facts;
}

/** The result of an access in one request. A principal of another account needs the IAM policies of its own as well. */
function isAllowed(access: Access | undefined, asked: Request): boolean {
  const { hasIam, principal } = asked;
  const isMet = (one: Statement): boolean => outcomeOf(one, factsOf(asked)) === "met";
  return (
    access !== undefined &&
    waysOf(access).some(
      ({ statement: way, through }) =>
        isMet(way) && (hasIam || (through === "key policy" && principal.includes(ACCOUNT))),
    ) &&
    ![...access.unless].some(isMet)
  );
}

async function simulated(statements: readonly Statement[], asked: Request): Promise<boolean> {
  const { action: asksFor, hasIam, principal } = asked;
  const result = await runSimulation(
    {
      identityPolicies: hasIam ? [EVERYTHING] : [],
      request: {
        action: asksFor,
        contextVariables: contextOf(asked),
        principal,
        resource: { accountId: ACCOUNT, resource: KEY_ARN },
      },
      resourceControlPolicies: [],
      resourcePolicy: { Statement: statements, Version: "2012-10-17" },
      serviceControlPolicies: [],
    },
    {},
  );
  if (result.resultType !== "single") {
    throw new Error(JSON.stringify(result));
  }
  // The simulator does not have the actions that KMS ignores in a statement for another account.
  const isInKms = principal.includes(ACCOUNT) || CROSS_ACCOUNT_ACTIONS.includes(asksFor);
  return result.overallResult === "Allowed" && isInKms;
}

/** The key of KEY_ARN as the review reads it from a plan. */
function keyOf(statements: readonly Statement[]) {
  const values = { arn: KEY_ARN, policy: policyOf(...statements) };
  const resource = { address: "aws_kms_key.this", mode: "managed", name: "this", type: "aws_kms_key" };
  const plan = {
    format_version: "1.2",
    resource_changes: [{ ...resource, change: { actions: ["no-op"], after: values, before: values } }],
  };
  return new Model(readPlan(JSON.stringify(plan), "plan")).keys[0]!;
}

/** The results that a row of the table allows for a request. */
function resultsOf(key: ReturnType<typeof keyOf>, { action: asksFor, hasIam, principal }: Request): readonly boolean[] {
  const row = keyReport(key).principals.find((one) => one.principal === principal);
  if (row === undefined) {
    return [true, false];
  }
  const ability = ABILITY_NAMES.find((name) => ABILITIES[name].includes(asksFor))!;
  const { actions: granted, leftToIam, limits } = row.abilities[ability].after;
  if (!granted.includes(asksFor)) {
    return leftToIam.actions.includes(asksFor) && hasIam ? [true, false] : [false];
  }
  // A list of the actions that are allowed is no limit of them.
  return limits.every((limit) => /^(?:only|all but) /.test(limit)) ? [true] : [true, false];
}

test("accessTo, the table of a key and the simulator agree about random requests under random key policies", async () => {
  const [allowed, denied]: [Request[], Request[]] = [[], []];
  await fc.assert(
    fc.asyncProperty(policy, fc.array(request, { minLength: 5, maxLength: 5 }), async (statements, requests) => {
      const key = keyOf(statements);
      for (const asked of requests) {
        const expected = await simulated(statements, asked);
        const access = accessTo(key.policy.after.statements, asked.principal, asked.action, ACCOUNT);
        expect(isAllowed(access, asked)).toBe(expected);
        expect(resultsOf(key, asked)).toContain(expected);
        (expected ? allowed : denied).push(asked);
      }
    }),
    { numRuns: RUNS, seed: 20251124 },
  );
  expect(allowed.length + denied.length).toBe(5 * RUNS);
  expect(Math.min(allowed.length, denied.length)).toBeGreaterThan(RUNS * 0.8);
});

test("the documented key policy allows the user kms:Decrypt, and everybody kms:CreateGrant", () => {
  const user = accessTo(STATEMENTS, USER_ARN, "kms:Decrypt");
  expect(waysOf(user!)).toStrictEqual([{ statement: STATEMENTS[2], through: "key policy" }]);
  expect([...user!.unless]).toStrictEqual([]);
  expect(accessTo(STATEMENTS, USER_ARN, "kms:PutKeyPolicy")).toBeUndefined();
  expect(waysOf(accessTo(STATEMENTS, "*", "kms:CreateGrant")!)).toStrictEqual([
    { statement: STATEMENTS[0], through: "key policy" },
  ]);
  expect(principalsOf(STATEMENTS)).toStrictEqual(["*", ADMIN_ARN, USER_ARN]);
});

describe("a statement", () => {
  const allow = (more: object): Statement[] => [
    { Action: "kms:*", Effect: "Allow", Principal: { AWS: ADMIN_ARN }, Resource: "*", ...more },
  ];

  test("for an account ID names the root of the account, and leaves its roles to IAM", () => {
    const [statement] = allow({ Principal: { AWS: ACCOUNT } });
    expect(principalsOf([statement!])).toStrictEqual([`arn:aws:iam::${ACCOUNT}:root`]);
    expect(waysOf(accessTo([statement!], ADMIN_ARN, "kms:Decrypt")!)).toStrictEqual([{ statement, through: "IAM" }]);
    expect(accessTo([statement!], FOREIGN_ARN, "kms:Decrypt")).toBeUndefined();
  });

  test("with NotAction allows every action that does not match it", () => {
    const statements = allow({ Action: undefined, NotAction: ["kms:Put*", "kms:?isableKey"] });
    expect(ACTIONS.filter((action) => !accessTo(statements, ADMIN_ARN, action))).toStrictEqual([
      "kms:DisableKey",
      "kms:PutKeyPolicy",
    ]);
  });

  test("with NotPrincipal allows everybody but the principals and the accounts that NotPrincipal names", () => {
    const statements = allow({ NotPrincipal: { AWS: [USER_ARN, OTHER_ACCOUNT] }, Principal: undefined });
    const principals = ["*", ADMIN_ARN, USER_ARN, FOREIGN_ARN];
    const allowed = principals.filter((principal) => accessTo(statements, principal, "kms:Decrypt"));
    expect(allowed).toStrictEqual(["*", ADMIN_ARN]);
    expect(principalsOf(statements)).toStrictEqual(["*", USER_ARN, `arn:aws:iam::${OTHER_ACCOUNT}:root`]);
  });

  test.each<[string, object, boolean]>([
    ["of a role leaves nothing of an access of everybody", { AWS: USER_ARN }, false],
    ["of an account leaves an access of everybody", { AWS: OTHER_ACCOUNT }, true],
    ["of an account and a role leaves an access of everybody", { AWS: [USER_ARN, OTHER_ACCOUNT] }, true],
  ])("that denies with NotPrincipal %s", (_, NotPrincipal, isAllowedToSome) => {
    const denial = { Action: "kms:*", Effect: "Deny", NotPrincipal, Resource: "*" } as const;
    const access = accessTo([...allow({ Principal: "*" }), denial as Statement], "*", "kms:Decrypt");
    expect(access !== undefined).toBe(isAllowedToSome);
  });

  test.each<[string, object, string, string]>([
    ["services", { Bool: { "aws:PrincipalIsAWSService": "true" } }, "no denial", "a denial"],
    ["services of other accounts", { StringNotEquals: { "aws:SourceAccount": ACCOUNT } }, "no access", "a denial"],
    ["sources of other accounts", { StringEquals: { "aws:SourceAccount": OTHER_ACCOUNT } }, "no denial", "a denial"],
    ["a service", { StringEquals: { "aws:PrincipalServiceName": "sns.amazonaws.com" } }, "no denial", "a denial"],
    [
      "a service by each of its names",
      { "ForAnyValue:StringEquals": { "aws:PrincipalServiceNamesList": "sns.amazonaws.com" } },
      "no denial",
      "a denial",
    ],
    ["IAM principals", { Bool: { "aws:PrincipalIsAWSService": "false" } }, "no access", "a denial"],
  ])("that denies %s leaves", (_, Condition, forIdentities, forEverybody) => {
    const root = `arn:aws:iam::${ACCOUNT}:root`;
    const organization = `organization ${ORGANIZATION}`;
    const statements = [
      ...allow({ Principal: { AWS: [ACCOUNT, ADMIN_ARN] } }),
      ...allow({ Principal: "*" }),
      ...allow({ Condition: { StringEquals: { "aws:PrincipalOrgID": ORGANIZATION } }, Principal: "*" }),
      ...allow({ Condition, Effect: "Deny", Principal: "*" }),
    ];
    const leftTo = (principal: string): string => {
      const access = accessTo(statements, principal, "kms:Decrypt");
      return access === undefined ? "no access" : access.unless.size > 0 ? "a denial" : "no denial";
    };
    const identities = [root, ADMIN_ARN, USER_ARN, FOREIGN_ARN];
    expect(identities.map(leftTo)).toStrictEqual(identities.map(() => forIdentities));
    expect(leftTo("*")).toBe(forEverybody);
    expect(leftTo(organization)).toBe(forIdentities);
  });

  test("is evaluable if one of its resources is *, and not if its only resource is an ARN", () => {
    const statements = allow({ Resource: KEY_ARN });
    expect(statements.map(isEvaluable)).toStrictEqual([false]);
    expect(allow({ Resource: [KEY_ARN, "*"] }).map(isEvaluable)).toStrictEqual([true]);
  });

  test("for a service or for kms:Sign gives no principal access, and does not fit the table", () => {
    const statements = allow({ Principal: { Service: "redshift.amazonaws.com" } });
    expect([...statements, ...allow({}), ...allow({ Principal: "*" })].map(fitsTable)).toStrictEqual([
      false,
      true,
      true,
    ]);
    const unfit = [
      { Action: ["kms:Decrypt", "kms:Sign"] },
      { Principal: undefined },
      { NotPrincipal: { Service: "redshift.amazonaws.com" }, Principal: undefined },
      { Principal: { AWS: [ADMIN_ARN, `${ADMIN_ARN}*`] } },
      { Resource: KEY_ARN },
    ];
    expect(unfit.flatMap(allow).filter(fitsTable)).toStrictEqual([]);
    expect(allow({ NotPrincipal: { AWS: ADMIN_ARN }, Principal: undefined }).filter(fitsTable)).toHaveLength(1);
    expect(principalsOf(statements)).toStrictEqual([]);
    expect(accessTo(statements, ADMIN_ARN, "kms:Decrypt")).toBeUndefined();
  });

  test("that allows the roots of two accounts leaves the roles of these accounts to IAM, and no other role", () => {
    const statements = allow({ Principal: { AWS: [ACCOUNT, OTHER_ACCOUNT] } });
    const sizes = (principal: string, account?: string) => {
      const access = accessTo(statements, principal, "kms:Decrypt", account);
      return [access?.granted.size, access?.leftToIam.size];
    };
    const stranger = FOREIGN_ARN.replace(OTHER_ACCOUNT, "777788889999");
    expect([stranger, ADMIN_ARN, FOREIGN_ARN, stranger].map((principal) => sizes(principal))).toStrictEqual([
      [undefined, undefined],
      [0, 1],
      [0, 1],
      [undefined, undefined],
    ]);
    expect([ADMIN_ARN, FOREIGN_ARN].map((principal) => sizes(principal, ACCOUNT))).toStrictEqual([
      [0, 1],
      [1, 0],
    ]);
  });

  test("that names an account and a role of another account leaves the account to IAM, and allows the role", () => {
    const statements = allow({ Principal: { AWS: [ACCOUNT, FOREIGN_ARN] } });
    const sizes = (principal: string) => {
      const access = accessTo(statements, principal, "kms:Decrypt");
      return [access?.granted.size, access?.leftToIam.size];
    };
    expect([ADMIN_ARN, FOREIGN_ARN, `${FOREIGN_ARN}2`].map(sizes)).toStrictEqual([
      [0, 1],
      [1, 0],
      [undefined, undefined],
    ]);
  });

  test("for the root of an unknown account leaves that root to IAM", () => {
    const root = "the root of the key's account";
    const access = accessTo(allow({ Principal: { AWS: root } }), root, "kms:Decrypt");
    expect([access!.granted.size, access!.leftToIam.size]).toStrictEqual([0, 1]);
  });

  test.each([
    ["aws:PrincipalAccount", ADMIN_ARN, ACCOUNT],
    ["kms:CallerAccount", ADMIN_ARN, ACCOUNT],
    ["aws:PrincipalArn", ADMIN_ARN, ADMIN_ARN],
    ["aws:PrincipalOrgID", `organization ${ORGANIZATION}`, ORGANIZATION],
  ])("with a condition on %s applies to the principals whose value it allows", (key, principal, value) => {
    const isAllowed = (operator: string) =>
      accessTo(allow({ Condition: { [operator]: { [key]: value } }, Principal: "*" }), principal, "kms:Decrypt") !==
      undefined;
    expect([isAllowed("StringEquals"), isAllowed("StringNotEquals")]).toStrictEqual([true, false]);
  });

  test("for an account ID names the root in the partition of the other principals", () => {
    const role = ADMIN_ARN.replace("aws", "aws-cn");
    expect(principalsOf(allow({ Principal: { AWS: [ACCOUNT, role] } }))).toStrictEqual([
      role,
      `arn:aws-cn:iam::${ACCOUNT}:root`,
    ]);
  });

  test.each<[boolean, object]>([
    [true, { Effect: "Deny", Resource: KEY_ARN }],
    [false, { Effect: "Deny", Resource: "*" }],
    [false, { Action: "kms:Encrypt", Effect: "Deny", Resource: KEY_ARN }],
    [false, { Resource: KEY_ARN }],
  ])("is %j for mayBeDenied: %j", (isPossible, more) => {
    expect(mayBeDenied([...allow({}), ...allow(more)], "kms:Decrypt")).toBe(isPossible);
  });

  const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
  const SESSION = `arn:aws:sts::${ACCOUNT}:assumed-role/Loader/me`;
  const LOADER = `arn:aws:iam::${ACCOUNT}:role/team/Loader`;

  // AWS may require both the principal and the root of its account in NotPrincipal.
  test.each<[boolean, string, readonly string[], object]>([
    [true, ADMIN_ARN, [ADMIN_ARN], {}],
    [true, ADMIN_ARN, [ROOT], {}],
    [true, ADMIN_ARN, [USER_ARN, ACCOUNT], {}],
    [true, ROOT, [ROOT], {}],
    [true, SESSION, [LOADER], {}],
    [true, SESSION, [SESSION], {}],
    [true, ADMIN_ARN, [ADMIN_ARN, FOREIGN_ARN.replace(/role.*/, "root")], {}],
    [false, ADMIN_ARN, [ADMIN_ARN, ROOT], {}],
    [false, ADMIN_ARN, [ADMIN_ARN, ACCOUNT], {}],
    [false, SESSION, [LOADER, ACCOUNT], {}],
    [false, SESSION, [SESSION, ACCOUNT], {}],
    [false, ADMIN_ARN, ["*"], {}],
    [false, ADMIN_ARN, ["*", ADMIN_ARN], {}],
    [false, ADMIN_ARN, [ADMIN_ARN], { Effect: "Allow" }],
    [false, ADMIN_ARN, [ADMIN_ARN], { Action: "kms:Encrypt" }],
    [false, "AROA1234567890EXAMPLE", ["AROA1234567890EXAMPLE"], {}],
  ])("with NotPrincipal is %j for isPartlyExcepted: %s by %j %j", (isPartly, principal, AWS, more) => {
    const exception = { Effect: "Deny", NotPrincipal: { AWS }, Principal: undefined, ...more };
    const statements = [...allow({ Principal: "*" }), ...allow(exception)];
    expect(accessTo(statements, principal, "kms:Decrypt")!.isPartlyExcepted).toBe(isPartly);
    const many = Array.from({ length: 100 }, (_, index) => allow({ ...exception, Sid: String(index) })).flat();
    expect(accessTo([...statements, ...many], principal, "kms:Decrypt")!.isPartlyExcepted).toBe(isPartly);
  });

  test("is in the access of each principal that the organization and the exception by ARN of its condition select", () => {
    const Condition = {
      ArnNotLike: { "aws:PrincipalArn": ADMIN_ARN },
      StringEquals: { "aws:PrincipalOrgID": "o-1" },
    };
    const inOrganization = allow({ Condition, Principal: "*" });
    expect(accessTo(inOrganization, USER_ARN, "kms:Decrypt")?.granted.size).toBe(1);
    expect(accessTo(inOrganization, ADMIN_ARN, "kms:Decrypt")).toBeUndefined();
    const outside = { ...Condition, StringNotEquals: Condition.StringEquals, StringEquals: {} };
    const denial = allow({ Condition: outside, Effect: "Deny", Principal: "*" });
    const everybody = allow({ Principal: "*" });
    expect(accessTo([...everybody, ...denial], USER_ARN, "kms:Decrypt")?.unless.size).toBe(1);
    expect(accessTo([...everybody, ...denial], ADMIN_ARN, "kms:Decrypt")?.unless.size).toBe(0);
  });

  test("that denies under a condition leaves the access, and is in the access's 'unless'", () => {
    const condition = { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } };
    const [denial] = allow({ Condition: condition, Effect: "Deny" });
    expect(accessTo([...allow({}), denial!], ADMIN_ARN, "kms:Decrypt")!.unless).toContain(denial);
  });

  test("without a resource gives no access", () => {
    const statements = allow({ Resource: undefined });
    expect(statements.map(isEvaluable)).toStrictEqual([false]);
    expect(accessTo(statements, ADMIN_ARN, "kms:Decrypt")).toBeUndefined();
  });

  test("for a role under a path allows the sessions of the role, or denies them", () => {
    const role = `arn:aws:iam::${ACCOUNT}:role/team/Loader`;
    const session = `arn:aws:sts::${ACCOUNT}:assumed-role/Loader/me`;
    const statements = allow({ Principal: { AWS: role } });
    expect(waysOf(accessTo(statements, session, "kms:Decrypt")!)).toStrictEqual([
      { statement: statements[0], through: "key policy" },
    ]);
    expect(accessTo(statements, session.replace("Loader", "Other"), "kms:Decrypt")).toBeUndefined();
    const denied = [...allow({ Principal: "*" }), ...allow({ Effect: "Deny", Principal: { AWS: role } })];
    expect(accessTo(denied, session, "kms:Decrypt")).toBeUndefined();
  });

  test("for a role of another account allows cross-account actions only, through 'other account'", () => {
    const statements = allow({ Principal: { AWS: FOREIGN_ARN } });
    const reach = ACTIONS.filter((action) => accessTo(statements, FOREIGN_ARN, action, ACCOUNT));
    expect(reach).toContain("kms:Decrypt");
    expect(reach).not.toContain("kms:PutKeyPolicy");
    expect(waysOf(accessTo(statements, FOREIGN_ARN, "kms:Decrypt", ACCOUNT)!)[0]!.through).toBe("other account");
    expect(waysOf(accessTo(statements, FOREIGN_ARN, "kms:Decrypt", OTHER_ACCOUNT)!)[0]!.through).toBe("key policy");
  });

  test("with NotPrincipal is in 'granted' of each principal that it does not except", () => {
    const except = (principal: string) =>
      allow({ NotPrincipal: { AWS: principal }, Principal: undefined, Sid: principal });
    const statements = [...except(USER_ARN), ...except(ADMIN_ARN), ...except(FOREIGN_ARN)];
    const allowing = (principal: string) => [...accessTo(statements, principal, "kms:Decrypt")!.granted];
    expect(allowing(ADMIN_ARN)).toStrictEqual([statements[0], statements[2]]);
    expect(allowing(USER_ARN)).toStrictEqual([statements[1], statements[2]]);
    expect(allowing("*")).toStrictEqual(statements);
    const exceptAccount = allow({ NotPrincipal: { AWS: [ACCOUNT, USER_ARN] }, Principal: undefined });
    expect(accessTo([...exceptAccount, ...exceptAccount], ADMIN_ARN, "kms:Decrypt")).toBeUndefined();
  });

  test.each(["ArnEquals", "ArnLike", "StringEquals", "StringLike", "StringEqualsIgnoreCase"])(
    "for everybody with %s on aws:PrincipalArn allows that role and its sessions, and neither the root of the account nor a federated user",
    (operator) => {
      const role = `arn:aws:iam::${ACCOUNT}:role/team/Loader`;
      const statements = allow({ Condition: { [operator]: { "aws:PrincipalArn": role } }, Principal: "*" });
      for (const principal of [role, `arn:aws:sts::${ACCOUNT}:assumed-role/Loader/me`]) {
        expect([...accessTo(statements, principal, "kms:Decrypt")!.granted]).toStrictEqual(statements);
      }
      for (const principal of [`arn:aws:iam::${ACCOUNT}:root`, `arn:aws:sts::${ACCOUNT}:federated-user/alice`]) {
        expect(accessTo(statements, principal, "kms:Decrypt")).toBeUndefined();
      }
      expect(accessTo(statements, "*", "kms:Decrypt")).toBeUndefined();
      expect(accessTo(statements, USER_ARN, "kms:Decrypt")).toBeUndefined();
    },
  );

  test("with a condition on aws:PrincipalArn allows a root that meets the condition, and a root of an unknown account", () => {
    const root = `arn:aws:iam::${ACCOUNT}:root`;
    const limitedTo = (arn: string) => allow({ Condition: { ArnLike: { "aws:PrincipalArn": arn } }, Principal: "*" });
    expect(accessTo(limitedTo(`arn:aws:iam::${ACCOUNT}:*`), root, "kms:Decrypt")!.granted.size).toBe(1);
    expect(accessTo(limitedTo(root), "the root of the key's account", "kms:Decrypt")!.granted.size).toBe(1);
  });

  test("for an account with a condition on aws:PrincipalArn leaves a role to IAM in the row of the root, under the same denials", () => {
    const root = `arn:aws:iam::${ACCOUNT}:root`;
    const Condition = { ArnEquals: { "aws:PrincipalArn": USER_ARN } };
    const statements = [
      ...allow({ Condition, Principal: { AWS: ACCOUNT } }),
      ...allow({ Condition, Effect: "Deny", Principal: "*" }),
    ];
    const access = accessTo(statements, root, "kms:Decrypt")!;
    expect([access.granted.size, access.leftToIam.size, access.unless.size]).toStrictEqual([0, 1, 1]);
  });

  test.each<[string, string]>([
    ["Null", "false"],
    ["StringEqualsIgnoreCase", USER_ARN.toUpperCase()],
  ])("for everybody with %s on aws:PrincipalArn allows the roles that pass %s", (operator, value) => {
    const statements = allow({ Condition: { [operator]: { "aws:PrincipalArn": value } }, Principal: "*" });
    expect(accessTo(statements, USER_ARN, "kms:Decrypt")!.granted.size).toBe(1);
  });

  test("that denies all but an account does not deny an organization, because the account may be a member", () => {
    const member = "organization o-1";
    const Condition = { StringEquals: { "aws:PrincipalOrgID": "o-1" } };
    const exception = { Effect: "Deny", NotPrincipal: { AWS: OTHER_ACCOUNT }, Principal: undefined };
    const statements = [...allow({ Principal: "*" }), ...allow({ ...exception, Condition })];
    expect(accessTo(statements, member, "kms:Decrypt")?.unless.size).toBe(1);
  });

  test("that denies one role by aws:PrincipalArn is in 'unless' of everybody, and of no other role", () => {
    const [denial] = allow({
      Condition: { ArnEquals: { "aws:PrincipalArn": USER_ARN } },
      Effect: "Deny",
      Principal: "*",
    });
    const statements = [...allow({ Principal: "*" }), denial!];
    expect([...accessTo(statements, "*", "kms:Decrypt")!.unless]).toStrictEqual([denial]);
    expect(accessTo(statements, ADMIN_ARN, "kms:Decrypt")!.unless.size).toBe(0);
    expect(accessTo(statements, USER_ARN, "kms:Decrypt")).toBeUndefined();
  });

  test("for everybody applies to no principal that its condition on aws:PrincipalArn excludes", () => {
    const condition = (operator: string) => ({ [operator]: { "aws:PrincipalArn": ADMIN_ARN } });
    const [named] = allow({ Condition: condition("ArnLike"), Principal: "*" });
    expect([...accessTo([named!], ADMIN_ARN, "kms:Decrypt")!.granted]).toStrictEqual([named]);
    expect(accessTo([named!], USER_ARN, "kms:Decrypt")).toBeUndefined();
    const others = allow({ Condition: condition("ArnNotLike"), Effect: "Deny", Principal: "*" });
    const everybody = [...allow({ Principal: "*" }), ...others];
    expect(accessTo(everybody, ADMIN_ARN, "kms:Decrypt")!.unless.size).toBe(0);
    expect(accessTo(everybody, USER_ARN, "kms:Decrypt")).toBeUndefined();
  });
});
