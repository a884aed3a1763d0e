import { ACCOUNT, CLUSTER_ARN, KEY_ARN } from "../../support/arns";
import {
  created,
  destroyed,
  kept,
  replaced,
  type Resource,
  reviewed,
  ruleIds,
  type Values,
} from "../support/small-plan";

const GRANTEE_ARN = `arn:aws:iam::${ACCOUNT}:role/Grantee`;

describe("a grant for a warehouse", () => {
  const grant = (context: Values) => ({
    constraints: [{ encryption_context_subset: context }],
    operations: ["Decrypt"],
  });
  const ofArn = grant({ "aws:redshift:arn": CLUSTER_ARN });
  const ofCreation = grant({ "aws:redshift:arn": CLUSTER_ARN, "aws:redshift:createtime": "20260101T000000Z" });
  const cluster = { arn: CLUSTER_ARN, cluster_identifier: "analytics" };
  const orphaned = (...resources: readonly Resource[]) => {
    const { findings, warehouses } = reviewed(resources);
    const addresses = findings.filter(({ rule }) => rule === "grant-orphaned").map(({ address }) => address);
    expect(warehouses[0]!.orphanedGrants).toStrictEqual(addresses);
    return addresses;
  };

  test("is not orphaned if the warehouse stays", () => {
    expect(orphaned(kept("aws_kms_grant.this", ofArn), kept("aws_redshift_cluster.this", cluster))).toStrictEqual([]);
  });

  test("is orphaned if the warehouse is destroyed, also if the grant is new", () => {
    const gone = destroyed("aws_redshift_cluster.this", cluster);
    expect(orphaned(kept("aws_kms_grant.this", ofArn), gone)).toStrictEqual(["aws_kms_grant.this"]);
    expect(orphaned(created("aws_kms_grant.this", ofArn), gone)).toStrictEqual(["aws_kms_grant.this"]);
    expect(orphaned(destroyed("aws_kms_grant.this", ofArn), gone)).toStrictEqual([]);
  });

  test("is orphaned by a new cluster of the same identifier only if its context has the creation time", () => {
    const again = replaced("aws_redshift_cluster.this", cluster, { cluster_identifier: "analytics" });
    expect(orphaned(kept("aws_kms_grant.arn", ofArn), kept("aws_kms_grant.time", ofCreation), again)).toStrictEqual([
      "aws_kms_grant.time",
    ]);
  });

  test("has the finding grant-deleted-grantee only if the plan destroys its role", () => {
    const ofGrantee = kept("aws_kms_grant.this", { ...ofArn, grantee_principal: GRANTEE_ARN });
    const role = { arn: GRANTEE_ARN };
    expect(ruleIds(ofGrantee, destroyed("aws_iam_role.this", role))).toContain("grant-deleted-grantee");
    expect(ruleIds(ofGrantee, kept("aws_iam_role.this", role))).not.toContain("grant-deleted-grantee");
  });
});

describe("a grant for a role that the plan creates", () => {
  const OTHER = "999988887777";
  const role = created("aws_iam_role.grantee", { name: "Grantee", path: "/data/" }, { after_unknown: { arn: true } });
  const grant = (account: string) =>
    created(
      "aws_kms_grant.this",
      { key_id: `arn:aws:kms:us-east-1:${account}:key/1234`, operations: ["Decrypt"] },
      { after_unknown: { grantee_principal: true } },
    );
  const caller = { address: "data.aws_caller_identity.me", mode: "data", type: "aws_caller_identity" };
  const configured = (address: string, expressions: Values = {}) => ({
    address,
    expressions,
    mode: "managed",
    provider_config_key: "aws",
  });
  const REGION_ARGUMENT = { region: { constant_value: "us-gov-west-1" } };
  const judged = (account: string, reference: string, provider: Values = REGION_ARGUMENT) => {
    const { findings, notJudged } = reviewed(
      [role, grant(account)],
      {},
      {
        configuration: {
          provider_config: { aws: { expressions: provider } },
          root_module: {
            resources: [
              configured(role.change.address as string),
              configured("aws_kms_grant.this", { grantee_principal: { references: [reference] } }),
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
      ...findings.filter(({ rule }) => rule === "grant-other-account").map(({ consequence }) => consequence),
      ...notJudged.filter(({ rule }) => rule === "grant-other-account").map(({ reason }) => reason),
    ];
  };

  test("is judged by the role's ARN, composed of partition, account, path and name", () => {
    expect(judged(ACCOUNT, "aws_iam_role.grantee.arn")).toStrictEqual([]);
    expect(judged(OTHER, "aws_iam_role.grantee.arn")).toStrictEqual([
      expect.stringContaining(`arn:aws-us-gov:iam::${ACCOUNT}:role/data/Grantee of another account`),
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
  ])("for the grantee %s has the findings %j", (grantee, expected) => {
    expect(rules({ grantee_principal: grantee })).toStrictEqual(expected);
  });

  test.each([
    ["of another account", "arn:aws:iam::999988887777:role/Partner", ["grant-retired-by-other-account"]],
    ["of the account of the key", "arn:aws:iam::111122223333:role/Admin", []],
  ])("with a retiring principal %s, %s, has the findings %j", (_, retiring, expected) => {
    const grantee = "arn:aws:iam::111122223333:role/Loader";
    expect(rules({ grantee_principal: grantee, retiring_principal: retiring })).toStrictEqual(expected);
  });
});

describe("a grant without constraints", () => {
  const grant = (key: string, operations: readonly string[] = ["Decrypt"]) =>
    created("aws_kms_grant.this", { constraints: [], grantee_principal: GRANTEE_ARN, key_id: key, operations });
  const cluster = kept("aws_redshift_cluster.this", { kms_key_id: KEY_ARN });
  const isFound = (...resources: readonly Resource[]) => ruleIds(...resources).includes("grant-unconstrained");

  test("has a finding on the key of a warehouse, by ARN or ID, also if the key is not in the plan", () => {
    expect(isFound(cluster, grant(KEY_ARN))).toBe(true);
    expect(isFound(cluster, grant(KEY_ARN.split("/")[1]!))).toBe(true);
    expect(isFound(cluster, grant(KEY_ARN.replace(ACCOUNT, "999988887777")))).toBe(false);
  });

  test("has a finding if it allows ReEncryptFrom, and none if it allows Encrypt only", () => {
    expect(isFound(cluster, grant(KEY_ARN, ["ReEncryptFrom"]))).toBe(true);
    expect(isFound(cluster, grant(KEY_ARN, ["Encrypt"]))).toBe(false);
  });
});

describe("a grant with a sensitive value", () => {
  const values = { grantee_principal: GRANTEE_ARN, operations: ["Decrypt"] };
  const marked = (marks: Values): Resource => created("aws_kms_grant.this", values, { after_sensitive: marks });

  test("has the finding grant-not-shown if the value is the grantee or an operation", () => {
    expect(ruleIds(marked({ grantee_principal: true }))).toContain("grant-not-shown");
    expect(ruleIds(marked({ operations: [true] }))).toContain("grant-not-shown");
  });

  test("has no finding grant-not-shown if the value is the name, or the plan destroys the grant", () => {
    expect(ruleIds(marked({ name: true, operations: [false] }))).not.toContain("grant-not-shown");
    const gone = destroyed("aws_kms_grant.this", values, { before_sensitive: { grantee_principal: true } });
    expect(ruleIds(gone)).not.toContain("grant-not-shown");
  });
});
