import { textOf } from "../../../review/render/text";
import { ACCOUNT, ADMIN_ARN, KEY_ARN } from "../../support/arns";
import {
  created,
  destroyed,
  kept,
  keyWith,
  policyOf,
  reviewed,
  ADMINISTRATOR,
  type Resource,
  updated,
  type Values,
} from "../support/small-plan";

const GRANTEE = `arn:aws:iam::${ACCOUNT}:role/Grantee`;
const CONTEXT = { constraints: [{ encryption_context_subset: { serviceName: "RedshiftDataAPI" } }] };
const grant = (values: Values = {}) => ({
  grantee_principal: GRANTEE,
  key_id: KEY_ARN,
  operations: ["Decrypt", "DescribeKey"],
  ...values,
});
const rowOf = (...resources: readonly Resource[]) =>
  reviewed([keyWith(ADMINISTRATOR), ...resources]).keys[0]!.principals.find(({ principal }) =>
    principal.endsWith("(aws_kms_grant.this)"),
  );
const limitsOf = (values: Values) =>
  rowOf(created("aws_kms_grant.this", grant(values)))!.abilities["encrypt and decrypt"];

describe("the table of a key", () => {
  test("has the grantee of a grant on the key, not the grantee of a grant on another key", () => {
    expect(rowOf(created("aws_kms_grant.this", grant(CONTEXT)))).toMatchObject({
      abilities: {
        "encrypt and decrypt": {
          after: {
            actions: ["kms:Decrypt"],
            extent: "part",
            limits: ["only kms:Decrypt", "if the encryption context has serviceName = RedshiftDataAPI"],
          },
          change: "gained",
        },
        "make grants": { after: { extent: "none" }, change: "same" },
        "read metadata": { after: { limits: ["only kms:DescribeKey"] } },
      },
      principal: `${GRANTEE} (aws_kms_grant.this)`,
    });
    const elsewhere = { key_id: KEY_ARN.replace(/.$/, (last) => (last === "0" ? "1" : "0")) };
    expect(rowOf(created("aws_kms_grant.this", grant(elsewhere)))).toBeUndefined();
  });

  test('has the change "lost" for a grant that is destroyed, and "same" for a grant that stays', () => {
    const changeOf = (resource: Resource) => rowOf(resource)!.abilities["encrypt and decrypt"].change;
    expect(changeOf(destroyed("aws_kms_grant.this", grant()))).toBe("lost");
    expect(changeOf(kept("aws_kms_grant.this", grant()))).toBe("same");
  });

  test.each([
    ["no constraint", {}, ["only kms:Decrypt"]],
    [
      "encryption_context_equals",
      { constraints: [{ encryption_context_equals: { a: "b", c: "d" }, encryption_context_subset: null }] },
      ["only kms:Decrypt", "if the encryption context is a = b, c = d"],
    ],
  ])("has the limits of a grant with %s", (_, values, limits) => {
    expect(limitsOf(values).after.limits).toStrictEqual(limits);
  });

  test("has the grantee by the ARN of a role that the plan creates", () => {
    const role = created("aws_iam_role.r", { arn: GRANTEE, name: "Grantee", path: "/" });
    const roleGrant = created("aws_kms_grant.this", grant({ grantee_principal: undefined }), {
      after_unknown: { grantee_principal: true },
      expressions: { grantee_principal: { references: ["aws_iam_role.r.arn", "aws_iam_role.r"] } },
    });
    expect(rowOf(role, roleGrant)!.principal).toBe(`${GRANTEE} (aws_kms_grant.this)`);
  });

  test("shows a grant that moves to another key as lost by one key and gained by the other", () => {
    const [first, second] = [KEY_ARN.replace(/.$/, "0"), KEY_ARN.replace(/.$/, "1")];
    const keys = [first, second].map((arn) =>
      kept(`aws_kms_key.${arn.at(-1)!}`, { arn, policy: policyOf(ADMINISTRATOR) }),
    );
    const changesBy = (after: Values, more: Parameters<typeof updated>[3] = {}) =>
      reviewed([...keys, updated("aws_kms_grant.this", grant({ key_id: first }), grant(after), more)]).keys.flatMap(
        ({ name, principals }) =>
          principals
            .filter(({ principal }) => principal.endsWith("(aws_kms_grant.this)"))
            .map(({ abilities }) => [name, abilities["encrypt and decrypt"].change]),
      );
    expect(changesBy({ key_id: second })).toStrictEqual([
      ["aws_kms_key.0", "lost"],
      ["aws_kms_key.1", "gained"],
    ]);
    // The hidden key may be the same.
    const hidden = { after_unknown: { key_id: true }, expressions: { key_id: { references: ["local.key"] } } };
    expect(changesBy({ key_id: undefined }, hidden)).toStrictEqual([
      ["aws_kms_key.0", "unknown"],
      ["the key of aws_kms_grant.this", "gained"],
    ]);
  });

  const denying = (more: object = {}, principal: unknown = { AWS: GRANTEE }) => ({
    Action: "kms:Decrypt",
    Effect: "Deny",
    Principal: principal,
    Resource: "*",
    ...more,
  });

  test('has the change "lost" by a denial in the key policy, "gained" without it, and the condition of a denial', () => {
    const stays = kept("aws_kms_grant.this", grant({ ...CONTEXT, operations: ["Decrypt", "Encrypt"] }));
    const abilityBy = (before: readonly object[], after: readonly object[]) => {
      const [old, current] = [before, after].map((denials) => ({
        arn: KEY_ARN,
        policy: policyOf(ADMINISTRATOR, ...denials),
      }));
      const key = updated("aws_kms_key.k", old!, current!, { expressions: { policy: {} } });
      const rows = reviewed([key, stays]).keys[0]!.principals;
      return rows.find(({ principal }) => principal.startsWith(GRANTEE) && principal.endsWith("this)"))!.abilities[
        "encrypt and decrypt"
      ];
    };
    expect(abilityBy([], [denying()])).toMatchObject({ after: { actions: ["kms:Encrypt"] }, change: "lost" });
    expect(abilityBy([denying()], [])).toMatchObject({ before: { actions: ["kms:Encrypt"] }, change: "gained" });
    expect(abilityBy([], [denying({}, { AWS: ADMIN_ARN })])).toMatchObject({ change: "same" });
    const condition = { Condition: { StringNotEquals: { "aws:SourceVpce": "vpce-1" } } };
    expect(abilityBy([], [denying(condition, "*")])).toMatchObject({
      after: {
        limits: [
          "kms:Decrypt if the encryption context has serviceName = RedshiftDataAPI, unless aws:SourceVpce StringNotEquals vpce-1",
          "kms:Encrypt if the encryption context has serviceName = RedshiftDataAPI",
        ],
      },
      change: "changed",
    });
  });

  test("has a service as the grantee, also if a denial may be for it", () => {
    const key = keyWith(ADMINISTRATOR, denying({}, "*"));
    const service = created("aws_kms_grant.this", grant({ grantee_principal: "redshift.amazonaws.com" }));
    const rows = reviewed([key, service]).keys[0]!.principals;
    const row = rows.find(({ principal }) => principal === "redshift.amazonaws.com (aws_kms_grant.this)");
    expect(row!.abilities["encrypt and decrypt"]).toMatchObject({ after: { actions: ["kms:Decrypt"] } });
  });

  test("marks the parts of a grant that are unknown or sensitive", () => {
    const unknown = created("aws_kms_grant.this", grant({ operations: undefined }), {
      after_unknown: { operations: true },
    });
    expect(rowOf(unknown)!.abilities["make grants"]).toMatchObject({ after: { extent: "unknown" }, change: "unknown" });
    const hidden = created("aws_kms_grant.this", grant(CONTEXT), { after_sensitive: { constraints: true } });
    expect(rowOf(hidden)!.abilities["encrypt and decrypt"].after.limits).toContain(
      "within constraints that are sensitive",
    );
    const nobody = created("aws_kms_grant.this", grant({ grantee_principal: undefined }), {
      after_unknown: { grantee_principal: true },
    });
    expect(rowOf(nobody)!.principal).toBe("a principal that is unknown until apply (aws_kms_grant.this)");
  });
});

describe("a key that is not in the plan has a table", () => {
  const ELSEWHERE = KEY_ARN.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
  const keysOf = (...resources: readonly Resource[]) =>
    reviewed([keyWith(ADMINISTRATOR), ...resources])
      .keys.slice(1)
      .map(({ account, name, principals }) => [account, name, principals.map(({ principal }) => principal)]);
  const hidden = created("aws_kms_grant.hidden", grant({ key_id: undefined }), {
    after_unknown: { key_id: true },
    expressions: { key_id: { references: ["local.key"] } },
  });
  const on = (key_id: string, name = "this") => created(`aws_kms_grant.${name}`, grant({ key_id }));

  test("with all grants on the key, also if a grant is destroyed", () => {
    const gone = destroyed("aws_kms_grant.other", grant({ key_id: ELSEWHERE }));
    expect(keysOf(on(ELSEWHERE), gone, on(KEY_ARN, "planned"))).toStrictEqual([
      [ACCOUNT, ELSEWHERE, [`${GRANTEE} (aws_kms_grant.this)`, `${GRANTEE} (aws_kms_grant.other)`]],
    ]);
  });

  test("under its ID, or under the address of the grant if the ID is not shown", () => {
    expect(keysOf(on("1234"), hidden)).toStrictEqual([
      [undefined, "1234", [`${GRANTEE} (aws_kms_grant.this)`]],
      [undefined, "the key of aws_kms_grant.hidden", [`${GRANTEE} (aws_kms_grant.hidden)`]],
    ]);
  });

  test("without the key policy", () => {
    const text = textOf(reviewed([on(ELSEWHERE)]), false, 200);
    expect(text).toContain(`Who can use ${ELSEWHERE} (not in the plan; principals of account ${ACCOUNT})
  The key policy before the change is not shown: it is not in the plan.
  The key policy after the change is not shown: it is not in the plan.
  gained  role/Grantee (aws_kms_grant.this): encrypt and decrypt (only kms:Decrypt)`);
    expect(text).not.toContain("key-policy-not-shown");
    const hiddenText = textOf(reviewed([hidden]), false, 200);
    expect(hiddenText).toContain("Who can use the key of aws_kms_grant.hidden (the plan does not show the key; ");
    expect(hiddenText).toContain("The key policy after the change is not shown: the plan does not show the key.");
  });
});
