import { runSimulation } from "@cloud-copilot/iam-simulate";
import fc from "fast-check";
import { readForbiddenGain } from "../../../review/cli/promises";
import type { Statement } from "../../../review/policy/statement";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, USER_ARN } from "../../support/arns";
import { propertyRuns } from "../../support/property-runs";
import { kept, policyOf, reviewedUnder, updated } from "../support/small-plan";

const FOREIGN_ARN = "arn:aws:iam::444455556666:role/Foreigner";
const STRANGER_ARN = `arn:aws:iam::${ACCOUNT}:role/Stranger`;
const REDSHIFT = "redshift.us-east-1.amazonaws.com";
const RUNS = propertyRuns(40);
const SAMPLES = "zq 7x";
const ACTIONS = ["kms:Decrypt", "kms:DescribeKey", "kms:CreateGrant"];

const condition = fc.constantFrom<Record<string, Record<string, string | string[]>>>(
  {},
  { ArnLike: { "aws:PrincipalArn": `arn:aws:iam::${ACCOUNT}:role/*` } },
  { StringEquals: { "kms:CallerAccount": ACCOUNT } },
  { StringEquals: { "kms:ViaService": [REDSHIFT, "s3.us-east-1.amazonaws.com"] } },
  { StringEquals: { "kms:ViaService": REDSHIFT } },
  { StringEquals: { "kms:CallerAccount": ACCOUNT, "kms:ViaService": REDSHIFT } },
  { StringLike: { "kms:ViaService": "redshift*" } },
  { StringNotEquals: { "kms:ViaService": REDSHIFT } },
  { StringEqualsIfExists: { "kms:ViaService": REDSHIFT } },
  { Null: { "kms:ViaService": "true" } },
  { StringEquals: { "aws:PrincipalOrgID": "o-example1234" } },
);
const actions = fc.subarray([...ACTIONS, "kms:De*"], { minLength: 1, maxLength: 2 });
const statement = fc
  .record({
    Action: actions,
    Condition: condition,
    Effect: fc.constantFrom<"Allow" | "Deny">("Allow", "Allow", "Allow", "Deny"),
    Principal: fc.oneof(
      fc.constant("*" as const),
      fc.record({
        AWS: fc.subarray([ADMIN_ARN, USER_ARN, FOREIGN_ARN, `arn:aws:iam::${ACCOUNT}:root`], { minLength: 1 }),
      }),
    ),
  })
  .map((parts): Statement => ({ ...parts, Resource: "*" }));
/** A policy that a change leaves as it is, or by which it is replaced or continued. */
const change = <T>(policy: fc.Arbitrary<T[]>) =>
  fc.tuple(policy, policy, fc.constantFrom("same", "other", "more")).map(([before, more, kind]) => ({
    after: kind === "same" ? before : kind === "other" ? more : [...before, ...more],
    before,
  }));
const keyPolicies = change(fc.array(statement, { minLength: 1, maxLength: 2 }));
const identityPolicies = change(
  fc.array(
    fc
      .record({
        Action: actions,
        Condition: condition,
        Effect: fc.constantFrom<"Allow" | "Deny">("Allow", "Allow", "Deny"),
      })
      .map((parts): Statement => ({ ...parts, Resource: "*" })),
    { minLength: 1, maxLength: 2 },
  ),
);
const asked = fc.record({
  action: fc.constantFrom(...ACTIONS),
  principal: fc.constantFrom(ADMIN_ARN, USER_ARN, FOREIGN_ARN, STRANGER_ARN),
});
/** Each service and organization that a condition distinguishes. */
const REQUESTS = [null, SAMPLES, REDSHIFT, "s3.us-east-1.amazonaws.com", "redshift-zq 7x"].flatMap((service) =>
  ["o-example1234", SAMPLES].map((organization) => ({ organization, service })),
);

type Policy = readonly Statement[];

async function isAllowed(
  keyPolicy: Policy,
  identityPolicy: Policy,
  { action, principal }: { action: string; principal: string },
  { organization, service }: (typeof REQUESTS)[number],
): Promise<boolean> {
  const account = principal.split(":")[4]!;
  const result = await runSimulation(
    {
      identityPolicies: [{ name: "Inline", policy: { Statement: identityPolicy, Version: "2012-10-17" } }],
      request: {
        action,
        contextVariables: {
          "aws:PrincipalAccount": account,
          "aws:PrincipalArn": principal,
          "aws:PrincipalOrgID": organization,
          "kms:CallerAccount": account,
          ...(service !== null && { "kms:ViaService": service }),
        },
        principal,
        resource: { accountId: ACCOUNT, resource: KEY_ARN },
      },
      resourceControlPolicies: [],
      resourcePolicy: { Statement: keyPolicy, Version: "2012-10-17" },
      serviceControlPolicies: [],
    },
    {},
  );
  if (result.resultType !== "single") {
    throw new Error(JSON.stringify(result));
  }
  return result.overallResult === "Allowed";
}

test("--forbid and the simulator agree about random changes of key policies and IAM policies", async () => {
  const verdicts = { gained: 0, none: 0, undecided: 0 };
  await fc.assert(
    fc.asyncProperty(keyPolicies, identityPolicies, asked, async (keyPolicy, identityPolicy, { action, principal }) => {
      const name = principal.split("/").at(-1)!;
      const inline = (policy: Policy) => ({ name: "Inline", policy: policyOf(...policy), role: name });
      const { findings, notJudged } = reviewedUnder(
        { forbidden: [readForbiddenGain(`${action}:${principal}`)] },
        updated(
          "aws_kms_key.this",
          { arn: KEY_ARN, policy: policyOf(...keyPolicy.before) },
          { arn: KEY_ARN, policy: policyOf(...keyPolicy.after) },
        ),
        kept("aws_iam_role.this", { arn: principal, name, path: "/" }),
        updated("aws_iam_role_policy.this", inline(identityPolicy.before), inline(identityPolicy.after)),
      );
      const isPromise = ({ rule }: { rule: string }): boolean => rule === "promise-forbidden-action";
      const verdict = findings.some(isPromise) ? "gained" : notJudged.some(isPromise) ? "undecided" : "none";
      verdicts[verdict] += 1;
      const gains = await Promise.all(
        REQUESTS.map(
          async (request) =>
            (await isAllowed(keyPolicy.after, identityPolicy.after, { action, principal }, request)) &&
            !(await isAllowed(keyPolicy.before, identityPolicy.before, { action, principal }, request)),
        ),
      );
      if (verdict !== "undecided") {
        expect([verdict, gains.includes(true)]).toStrictEqual([verdict, verdict === "gained"]);
      }
    }),
    { numRuns: RUNS, seed: 20261126 },
  );
  expect(verdicts.undecided).toBeLessThan(RUNS / 20);
  expect(Math.min(verdicts.gained, verdicts.none)).toBeGreaterThan(RUNS / 6);
});
