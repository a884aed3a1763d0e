import { ACCOUNT, CLUSTER_ARN, KEY_ARN } from "../../support/arns";
import {
  created,
  destroyed,
  findingsOf,
  kept,
  replaced,
  type Resource,
  reviewed,
  ruleIds,
  updated,
  type Values,
} from "../support/small-plan";

const GRANTEE_ARN = `arn:aws:iam::${ACCOUNT}:role/Grantee`;

describe("a grant for a warehouse", () => {
  const grant = (context: Values) => ({
    constraints: [{ encryption_context_subset: context }],
    operations: ["Decrypt"],
  });
  const arnGrant = grant({ "aws:redshift:arn": CLUSTER_ARN });
  const creationGrant = grant({ "aws:redshift:arn": CLUSTER_ARN, "aws:redshift:createtime": "20260101T000000Z" });
  const cluster = { arn: CLUSTER_ARN, cluster_identifier: "analytics" };
  const orphaned = (...resources: readonly Resource[]) => {
    const { findings, warehouses } = reviewed(resources);
    const addresses = findings.filter(({ rule }) => rule === "grant-orphaned").map(({ address }) => address);
    expect(warehouses[0]!.orphanedGrants).toStrictEqual(addresses);
    return addresses;
  };

  test("is not orphaned if the warehouse stays", () => {
    expect(orphaned(kept("aws_kms_grant.this", arnGrant), kept("aws_redshift_cluster.this", cluster))).toStrictEqual(
      [],
    );
  });

  test("is orphaned if the warehouse is destroyed, also if the grant is new", () => {
    const gone = destroyed("aws_redshift_cluster.this", cluster);
    expect(orphaned(kept("aws_kms_grant.this", arnGrant), gone)).toStrictEqual(["aws_kms_grant.this"]);
    expect(orphaned(created("aws_kms_grant.this", arnGrant), gone)).toStrictEqual(["aws_kms_grant.this"]);
    expect(orphaned(destroyed("aws_kms_grant.this", arnGrant), gone)).toStrictEqual([]);
  });

  test("is orphaned by a new cluster of the same identifier only if the grant's context has the creation time", () => {
    const again = replaced("aws_redshift_cluster.this", cluster, { cluster_identifier: "analytics" });
    expect(
      orphaned(kept("aws_kms_grant.arn", arnGrant), kept("aws_kms_grant.time", creationGrant), again),
    ).toStrictEqual(["aws_kms_grant.time"]);
  });

  test("has the finding grant-deleted-grantee only if the plan destroys the role of the grantee", () => {
    const granteeGrant = kept("aws_kms_grant.this", { ...arnGrant, grantee_principal: GRANTEE_ARN });
    const role = { arn: GRANTEE_ARN };
    expect(ruleIds(granteeGrant, destroyed("aws_iam_role.this", role))).toContain("grant-deleted-grantee");
    expect(ruleIds(granteeGrant, kept("aws_iam_role.this", role))).not.toContain("grant-deleted-grantee");
    expect(ruleIds(granteeGrant, replaced("aws_iam_role.this", role, role))).toContain("grant-deleted-grantee");
    const nobodyGrant = kept("aws_kms_grant.this", arnGrant);
    expect(ruleIds(nobodyGrant, destroyed("aws_iam_role.this", {}))).not.toContain("grant-deleted-grantee");
    const newGrant = created("aws_kms_grant.this", { ...arnGrant, grantee_principal: GRANTEE_ARN });
    expect(ruleIds(newGrant, destroyed("aws_iam_role.this", role))).not.toContain("grant-deleted-grantee");
  });
});

describe("a grant for a role that the plan creates", () => {
  const OTHER = "999988887777";
  const role = created("aws_iam_role.grantee", { name: "Grantee", path: "/data/" }, { after_unknown: { arn: true } });
  const grant = (key: string, name: string) =>
    created("aws_kms_grant.this", { key_id: key, operations: ["Decrypt"] }, { after_unknown: { [name]: true } });
  const caller = { address: "data.aws_caller_identity.me", mode: "data", type: "aws_caller_identity" };
  const configured = (address: string, expressions: Values = {}) => ({
    address,
    expressions,
    mode: "managed",
    provider_config_key: "aws",
  });
  const REGION_ARGUMENT = { region: { constant_value: "us-gov-west-1" } };
  const keyOf = (account: string): string => `arn:aws:kms:us-east-1:${account}:key/1234`;
  const judged = (
    account: string,
    reference: string,
    provider: Values = REGION_ARGUMENT,
    { id = "grant-other-account", key = keyOf(account), name = "grantee_principal" } = {},
  ) => {
    const { findings, notJudged } = reviewed(
      [role, grant(key, name)],
      {},
      {
        configuration: {
          provider_config: { aws: { expressions: provider } },
          root_module: {
            resources: [
              configured(role.change.address as string),
              configured("aws_kms_grant.this", { [name]: { references: [reference] } }),
              configured(caller.address),
            ],
          },
        },
        prior_state: {
          values: {
            root_module: { resources: [{ ...caller, values: { arn: `arn:aws-us-gov:iam::${ACCOUNT}:user/a` } }] },
          },
        },
      },
    );
    return [
      ...findings.filter(({ rule }) => rule === id).map(({ consequence }) => consequence),
      ...notJudged.filter(({ rule }) => rule === id).map(({ reason }) => reason),
    ];
  };

  test("is judged by the role's ARN, composed of partition, account, path and name", () => {
    expect(judged(ACCOUNT, "aws_iam_role.grantee.arn")).toStrictEqual([]);
    // A reference with each.key has no attribute.
    for (const reference of ["aws_iam_role.grantee.arn", "aws_iam_role.grantee"]) {
      expect(judged(OTHER, reference)).toStrictEqual([
        expect.stringContaining(`arn:aws-us-gov:iam::${ACCOUNT}:role/data/Grantee of another account`),
      ]);
    }
  });

  test.each(["grant-not-shown", "grant-service", "grant-not-a-principal", "grant-wildcard"])(
    "is judged by the rule %s",
    (id) => {
      expect(judged(ACCOUNT, "aws_iam_role.grantee.arn", REGION_ARGUMENT, { id })).toStrictEqual([]);
      const reasons = judged(ACCOUNT, "aws_iam_role.grantee.unique_id", REGION_ARGUMENT, { id });
      expect(reasons).toStrictEqual(["grantee_principal is unknown until apply"]);
    },
  );

  test.each(["grant-not-a-principal", "grant-wildcard"])(
    "is judged, with the role as retiring principal, by the rule %s",
    (id) => {
      const more = { id, name: "retiring_principal" };
      expect(judged(ACCOUNT, "aws_iam_role.grantee.arn", REGION_ARGUMENT, more)).toStrictEqual([]);
      const reasons = judged(ACCOUNT, "aws_iam_role.grantee.unique_id", REGION_ARGUMENT, more);
      expect(reasons).toStrictEqual(["retiring_principal is unknown until apply"]);
    },
  );

  test("is judged by the account of the provider if the key has none", () => {
    const more = { id: "grant-retired-by-other-account", name: "retiring_principal" };
    expect(judged(OTHER, "aws_iam_role.grantee.arn", REGION_ARGUMENT, { ...more, key: "1234" })).toStrictEqual([]);
    expect(judged(OTHER, "aws_iam_role.grantee.arn", REGION_ARGUMENT, more)).toStrictEqual([
      `A principal of the account ${ACCOUNT} may retire the grant. The grantee then loses what the grant allows.`,
    ]);
  });

  test("is judged by the partition of the caller if the provider has no Region", () => {
    expect(judged(OTHER, "aws_iam_role.grantee.arn", {})).toStrictEqual([
      expect.stringContaining(`arn:aws-us-gov:iam::${ACCOUNT}:role/data/Grantee of another account`),
    ]);
  });

  test("is not judged if grantee_principal refers to another attribute of the role", () => {
    expect(judged(OTHER, "aws_iam_role.grantee.unique_id")).toStrictEqual(["grantee_principal is unknown until apply"]);
  });
});

describe("a grant", () => {
  const KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  const rules = (values: Values) =>
    ruleIds(created("aws_kms_grant.this", { key_id: KEY, operations: ["Decrypt"], ...values }));

  test.each([
    ["redshift.amazonaws.com", ["grant-service"]],
    ["logs.us-east-1.amazonaws.com", ["grant-service"]],
    ["arn:aws:iam::111122223333:role/Loader", []],
    ["arn:aws:iam::111122223333:group/Analysts", ["grant-not-a-principal"]],
    ["arn:aws-cn:iam::111122223333:instance-profile/a", ["grant-not-a-principal"]],
    ["AROA1234567890EXAMPLE", ["grant-not-a-principal"]],
  ])("for the grantee %s has the findings %j", (grantee, expected) => {
    expect(rules({ grantee_principal: grantee })).toStrictEqual(expected);
  });

  test.each([
    ["of another account", "arn:aws:iam::999988887777:role/Partner", ["grant-retired-by-other-account"]],
    ["of the account of the key", "arn:aws:iam::111122223333:role/Admin", []],
    ["that is a service", "redshift.amazonaws.com", []],
    ["that is a group", "arn:aws:iam::111122223333:group/Admins", ["grant-not-a-principal"]],
    ["that is deleted", "AROA1234567890EXAMPLE", ["grant-not-a-principal"]],
    ["that is a pattern", "arn:aws:iam::111122223333:role/*", ["grant-wildcard"]],
  ])("with a retiring principal %s, %s, has the findings %j", (_, retiring, expected) => {
    const grantee = "arn:aws:iam::111122223333:role/Loader";
    expect(rules({ grantee_principal: grantee, retiring_principal: retiring })).toStrictEqual(expected);
  });
});

describe("a grant of an unknown or another account", () => {
  const OTHER = "arn:aws:iam::999988887777:role/Partner";
  const result = (id: string, values: Values) => {
    const { findings, notJudged } = reviewed([created("aws_kms_grant.this", values)]);
    return [
      ...findings.filter(({ rule }) => rule === id).map(({ consequence }) => consequence),
      ...notJudged.filter(({ rule }) => rule === id).map(({ reason }) => reason),
    ];
  };

  test.each<[string, Values, readonly string[]]>([
    ["grant-other-account", { grantee_principal: OTHER, key_id: "1234" }, ["the account of the key is unknown"]],
    [
      "grant-other-account",
      { grantee_principal: OTHER, key_id: KEY_ARN, operations: ["Decrypt"] },
      [`${OTHER} of another account may do Decrypt on the key. No key policy shows it.`],
    ],
    [
      "grant-other-account",
      { grantee_principal: OTHER, key_id: KEY_ARN, operations: ["Decrypt", "CreateGrant"] },
      [
        `${OTHER} of another account may do Decrypt, CreateGrant on the key, and may grant them to others. No key policy shows it.`,
      ],
    ],
    ["grant-other-account", { grantee_principal: GRANTEE_ARN, key_id: KEY_ARN }, []],
    [
      "grant-retired-by-other-account",
      { key_id: "1234", retiring_principal: OTHER },
      ["the account of the key is unknown"],
    ],
    ["grant-retired-by-other-account", { key_id: KEY_ARN, retiring_principal: GRANTEE_ARN }, []],
  ])("has the result of %s for %j", (id, values, expected) => {
    expect(result(id, values)).toStrictEqual(expected);
  });
});

describe("a grant without constraints", () => {
  const grant = (key: string, operations: readonly string[] = ["Decrypt"]) =>
    created("aws_kms_grant.this", { constraints: [], grantee_principal: GRANTEE_ARN, key_id: key, operations });
  const cluster = kept("aws_redshift_cluster.this", { kms_key_id: KEY_ARN });
  const isFound = (...resources: readonly Resource[]) => ruleIds(...resources).includes("grant-unconstrained");

  test("has a finding if it is on the key of a warehouse, by ARN or ID, also if the key is not in the plan", () => {
    expect(isFound(cluster, grant(KEY_ARN))).toBe(true);
    expect(isFound(cluster, grant(KEY_ARN.split("/")[1]!))).toBe(true);
    expect(isFound(cluster, grant(KEY_ARN.replace(ACCOUNT, "999988887777")))).toBe(false);
    const byId = kept("aws_redshift_cluster.this", { kms_key_id: KEY_ARN.split("/")[1] });
    expect(isFound(byId, grant(KEY_ARN))).toBe(true);
  });

  test("that the plan does not show has no finding, and is not judged", () => {
    const values = { grantee_principal: GRANTEE_ARN, key_id: KEY_ARN, operations: ["Decrypt"] };
    const hidden = { after_unknown: { constraints: true }, expressions: { constraints: {} } };
    const unjudged = (grant: Resource) => reviewed([cluster, grant]).notJudged.map(({ rule }) => rule);
    expect(isFound(cluster, created("aws_kms_grant.this", values, hidden))).toBe(false);
    expect(unjudged(created("aws_kms_grant.this", values, hidden))).toContain("grant-unconstrained");
    expect(unjudged(created("aws_kms_grant.this", values, hidden))).not.toContain("grant-orphaned");
    const sensitive = kept(
      "aws_kms_grant.this",
      { ...values, constraints: [] },
      { after_sensitive: { constraints: true } },
    );
    expect(unjudged(sensitive)).toContain("grant-orphaned");
  });

  test("has a finding if it allows ReEncryptFrom, and no finding if it allows only Encrypt", () => {
    expect(isFound(cluster, grant(KEY_ARN, ["ReEncryptFrom"]))).toBe(true);
    expect(isFound(cluster, grant(KEY_ARN, ["Encrypt"]))).toBe(false);
  });
});

describe("a grant with a sensitive value", () => {
  const values = { constraints: [], grantee_principal: GRANTEE_ARN, key_id: KEY_ARN, operations: ["Decrypt"] };
  const marked = (marks: Values): Resource => created("aws_kms_grant.this", values, { after_sensitive: marks });

  test("has the finding grant-not-shown if the value is the grantee or an operation", () => {
    expect(ruleIds(marked({ grantee_principal: true }))).toContain("grant-not-shown");
    expect(ruleIds(marked({ operations: [true] }))).toContain("grant-not-shown");
    expect(ruleIds(marked({ constraints: true }))).toContain("grant-not-shown");
    expect(ruleIds(marked({ key_id: true }))).toContain("grant-not-shown");
  });

  test("has a new finding grant-not-shown if the plan changes one of the values", () => {
    const marks = { grantee_principal: true, operations: true };
    const change = updated(
      "aws_kms_grant.this",
      values,
      { ...values, operations: ["Encrypt"] },
      { after_sensitive: marks, before_sensitive: marks },
    );
    expect(findingsOf("grant-not-shown", change)).toMatchObject([{ isNew: true }]);
  });

  test("has no finding grant-not-shown if the value is the name, or the plan destroys the grant", () => {
    expect(ruleIds(marked({ name: true, operations: [false] }))).not.toContain("grant-not-shown");
    const gone = destroyed("aws_kms_grant.this", values, { before_sensitive: { grantee_principal: true } });
    expect(ruleIds(gone)).not.toContain("grant-not-shown");
  });
});
