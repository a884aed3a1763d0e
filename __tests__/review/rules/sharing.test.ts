import { Model } from "../../../review/model/model";
import { readPlan } from "../../../review/plan/read-plan";
import { ACCOUNT } from "../../support/arns";
import {
  created,
  findingsOf,
  forgotten,
  kept,
  modelOf,
  policyOf,
  type Resource,
  reviewed,
  ruleIds,
  type Values,
} from "../support/small-plan";

const OTHER_ACCOUNT = "999988887777";

describe("a resource policy of Redshift", () => {
  const policy = (statement: Values, arn: string | undefined = `arn:aws:redshift:us-east-1:${ACCOUNT}:namespace:a`) =>
    created("aws_redshift_resource_policy.this", {
      policy: policyOf({ Action: "redshift:CreateInboundIntegration", Effect: "Allow", Resource: "*", ...statement }),
      ...(arn !== undefined && { resource_arn: arn }),
    });

  test.each<[string, Values, readonly string[]]>([
    [
      "another account has sharing-resource-policy",
      { Principal: { AWS: `arn:aws:iam::${OTHER_ACCOUNT}:root` } },
      ["sharing-resource-policy"],
    ],
    [
      "the ID of another account has sharing-resource-policy",
      { Principal: { AWS: OTHER_ACCOUNT } },
      ["sharing-resource-policy"],
    ],
    [
      "the users of a public identity provider has sharing-resource-policy",
      { Principal: { Federated: "accounts.google.com" } },
      ["sharing-resource-policy"],
    ],
    ...[{ "accounts.google.com:aud": "a" }, { "aws:PrincipalAccount": ACCOUNT }].map(
      (StringEquals): [string, Values, string[]] => [
        `the users of a public identity provider with ${Object.keys(StringEquals)[0]} has none`,
        { Condition: { StringEquals }, Principal: { Federated: "accounts.google.com" } },
        [],
      ],
    ),
    [
      "the users of an identity provider of its account has no finding",
      { Principal: { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/a` } },
      [],
    ],
    ["a role of its account has no finding", { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/Analyst` } }, []],
    [
      "a service has sharing-service-without-source",
      { Principal: { Service: "redshift.amazonaws.com" } },
      ["sharing-service-without-source"],
    ],
    [
      "a service with a source in any account has sharing-service-without-source",
      {
        Condition: { StringLike: { "aws:SourceArn": "arn:aws:rds:*:*:cluster:*" } },
        Principal: { Service: ["glue.amazonaws.com", "redshift.amazonaws.com"] },
      },
      ["sharing-service-without-source"],
    ],
    ...[{ "aws:SourceAccount": ACCOUNT }, { "aws:SourceArn": `arn:aws:rds:us-east-1:${ACCOUNT}:cluster:orders` }].map(
      (StringEquals): [string, Values, string[]] => [
        `a service with ${Object.keys(StringEquals)[0]} has none`,
        { Condition: { StringEquals }, Principal: { Service: "redshift.amazonaws.com" } },
        [],
      ],
    ),
    [
      "a service with the organization of its sources has sharing-resource-policy",
      {
        Condition: { StringEquals: { "aws:SourceOrgID": "o-a1b2c3d4e5" } },
        Principal: { Service: "redshift.amazonaws.com" },
      },
      ["sharing-resource-policy"],
    ],
    ["a service in a denial has no finding", { Effect: "Deny", Principal: { Service: "redshift.amazonaws.com" } }, []],
    ["everybody has sharing-public", { Principal: "*" }, ["sharing-public"]],
    ["everybody but one account has sharing-public", { NotPrincipal: { AWS: OTHER_ACCOUNT } }, ["sharing-public"]],
    [
      "everybody of an organization has sharing-resource-policy",
      { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-a1b2c3d4e5" } }, Principal: "*" },
      ["sharing-resource-policy"],
    ],
    [
      "everybody of an organizational unit has sharing-resource-policy",
      { Condition: { "ForAnyValue:StringLike": { "aws:PrincipalOrgPaths": "o-a1b2c3d4e5/r-ab12/*" } }, Principal: "*" },
      ["sharing-resource-policy"],
    ],
    [
      "everybody of the organizations o-* has sharing-public",
      { Condition: { StringLike: { "aws:PrincipalOrgID": "o-*" } }, Principal: "*" },
      ["sharing-public"],
    ],
    ["another account in a denial has no finding", { Effect: "Deny", Principal: { AWS: OTHER_ACCOUNT } }, []],
  ])("for %s", (_, statement, expected) => {
    expect(ruleIds(policy(statement)).filter((id) => id.startsWith("sharing-"))).toStrictEqual(expected);
  });

  test.each<[string, Values, string]>([
    ["an action", {}, "redshift:CreateInboundIntegration"],
    ["all but an action", { Action: undefined, NotAction: "redshift:*" }, "almost anything"],
  ])("has findings with %s", (_, actions, text) => {
    const consequences = ["*", { AWS: OTHER_ACCOUNT }].map(
      (Principal) =>
        findingsOf(
          Principal === "*" ? "sharing-public" : "sharing-resource-policy",
          policy({ Principal, ...actions }),
        )[0]?.consequence,
    );
    expect(consequences).toStrictEqual([
      expect.stringContaining(` do ${text}.`),
      expect.stringContaining(` (999988887777) do ${text}.`),
    ]);
  });

  test("warns of another account if the plan does not show the resource", () => {
    const [finding] = findingsOf(
      "sharing-resource-policy",
      created("aws_redshift_resource_policy.this", {
        policy: policyOf({ Action: "redshift:*", Effect: "Allow", Principal: { AWS: ACCOUNT }, Resource: "*" }),
      }),
    );
    expect(finding!.consequence).toContain("whose account may be another one");
  });
});

test("a service has no finding if a denial of the resource policy requires its source", () => {
  const statement = {
    Action: "redshift:*",
    Effect: "Allow",
    Principal: { Service: "glue.amazonaws.com" },
    Resource: "*",
  };
  const Condition = { StringNotEquals: { "aws:SourceAccount": ACCOUNT } };
  const policy = (...others: object[]) =>
    created("aws_redshift_resource_policy.this", { policy: policyOf(statement, ...others) });
  const denial = { ...statement, Condition, Effect: "Deny", Principal: "*" };
  expect(findingsOf("sharing-service-without-source", policy())).toHaveLength(1);
  expect(findingsOf("sharing-service-without-source", policy(denial))).toStrictEqual([]);
});

test("an SQL statement that Terraform forgets is not reported as unread", () => {
  const unread = (statement: Resource) =>
    reviewed([statement]).notJudged.filter(({ reason }) => reason === "the review does not read its sql");
  const values = { sql: "select 1" };
  expect(unread(created("aws_redshiftdata_statement.s", values)).length).toBeGreaterThan(0);
  expect(unread(forgotten("aws_redshiftdata_statement.s", values))).toStrictEqual([]);
});

describe("a share", () => {
  const withProvider = (one: Resource, address: string): Resource => ({
    ...one,
    configured: [{ address, expressions: {}, mode: "managed", provider_config_key: "aws" }],
  });
  const cluster = withProvider(
    kept("aws_redshift_cluster.c", { arn: `arn:aws:redshift:us-east-1:${ACCOUNT}:cluster:c` }),
    "aws_redshift_cluster.c",
  );

  test("of an endpoint with the account of the cluster has no finding", () => {
    const endpoint = (account: string) =>
      withProvider(
        created("aws_redshift_endpoint_authorization.e", { account, cluster_identifier: "c" }),
        "aws_redshift_endpoint_authorization.e",
      );
    expect(findingsOf("sharing-endpoint", cluster, endpoint(ACCOUNT))).toStrictEqual([]);
    expect(findingsOf("sharing-endpoint", cluster, endpoint(OTHER_ACCOUNT))).toHaveLength(1);
    expect(findingsOf("sharing-endpoint", endpoint(ACCOUNT))).toHaveLength(1);
  });

  test("of a datashare names the consumer, and whether it writes", () => {
    const share = (values: Values) =>
      findingsOf(
        "sharing-datashare",
        created("aws_redshift_data_share_authorization.this", {
          data_share_arn: `arn:aws:redshift:us-east-1:${ACCOUNT}:datashare:a/sales`,
          ...values,
        }),
      ).map(({ consequence }) => consequence);
    expect(share({ allow_writes: true, consumer_identifier: "ADX" })).toStrictEqual([
      `ADX may read and write the data of arn:aws:redshift:us-east-1:${ACCOUNT}:datashare:a/sales. The tables of keys do not show this access.`,
    ]);
    expect(share({ consumer_identifier: ACCOUNT })).toStrictEqual([]);
    expect(share({ consumer_identifier: `DataCatalog/${ACCOUNT}` })).toStrictEqual([]);
    expect(share({ consumer_identifier: `DataCatalog/${OTHER_ACCOUNT}` })).toStrictEqual([
      expect.stringMatching(/^DataCatalog\/\d+ may read/) as string,
    ]);
    expect(share({})).toStrictEqual([
      expect.stringContaining("a consumer that the plan does not show may read") as string,
    ]);
  });

  test("of a datashare without a known ARN has no finding for the account of the provider", () => {
    const share = (consumer: string) =>
      withProvider(
        created(
          "aws_redshift_data_share_authorization.a",
          { consumer_identifier: consumer },
          { after_unknown: { data_share_arn: true } },
        ),
        "aws_redshift_data_share_authorization.a",
      );
    expect(findingsOf("sharing-datashare", cluster, share(ACCOUNT))).toStrictEqual([]);
    expect(findingsOf("sharing-datashare", cluster, share(OTHER_ACCOUNT))).toHaveLength(1);
  });

  test("with all namespaces of an account or of a Region has a finding, and with one namespace has none", () => {
    const association = (values: Values) =>
      findingsOf("sharing-consumer", created("aws_redshift_data_share_consumer_association.this", values)).map(
        ({ consequence }) => consequence,
      );
    const datashare = `arn:aws:redshift:us-east-1:${OTHER_ACCOUNT}:datashare:a/sales`;
    const unseen = "The tables of keys do not show this access.";
    expect(association({ associate_entire_account: true, data_share_arn: datashare })).toStrictEqual([
      `Every namespace of the account can use ${datashare}. ${unseen}`,
    ]);
    expect(association({ consumer_region: "eu-west-1" })).toStrictEqual([
      `Every namespace of the account in eu-west-1 can use a datashare. ${unseen}`,
    ]);
    expect(association({ consumer_arn: `arn:aws:redshift:us-east-1:${ACCOUNT}:namespace:a` })).toStrictEqual([]);
  });

  test("of an endpoint names the VPCs", () => {
    const endpoint = (values: Values) =>
      findingsOf("sharing-endpoint", created("aws_redshift_endpoint_authorization.this", values))[0]!.consequence;
    expect(endpoint({ account: OTHER_ACCOUNT, vpc_ids: ["vpc-1", "vpc-2"] })).toContain("in vpc-1, vpc-2");
    expect(endpoint({ account: OTHER_ACCOUNT })).toContain("in any VPC");
    expect(endpoint({})).toContain("an account that the plan does not show");
  });
});

test.each<[string, Values, string | undefined]>([
  ["its ARN", { arn: `arn:aws-iso:kms:us-iso-east-1:${ACCOUNT}:key/1`, region: "us-iso-east-1" }, "aws-iso"],
  ["its Region", { region: "cn-north-1" }, "aws-cn"],
  ["nothing that the plan shows", {}, undefined],
])("the partition of a resource is the partition of %s", (_, values, partition) => {
  const model = modelOf(kept("aws_kms_key.this", values));
  expect(model.partitionOf(model.keys[0]!.resource!)).toBe(partition);
});

describe("the account of a resource", () => {
  const role = (more: Values = {}) =>
    created("aws_iam_role.this", { name: "Reader" }, { expressions: { name: {} }, ...more });

  test("is unknown without its ARN and without a caller of its provider", () => {
    const model = modelOf(role());
    expect(model.accountOf(model.withType("aws_iam_role")[0]!)).toBeUndefined();
  });

  test("is the account of its provider's caller, not the account of another data source", () => {
    const readData = (type: string, account: string) => ({
      address: `data.${type}.this`,
      mode: "data",
      type,
      values: { arn: `arn:aws:iam::${account}:role/Reader` },
    });
    const configured = (address: string) => ({
      address,
      mode: address.startsWith("data.") ? "data" : "managed",
      provider_config_key: "aws",
    });
    const addresses = ["aws_iam_role.this", "data.aws_caller_identity.this", "data.aws_iam_role.this"];
    const plan = readPlan(
      JSON.stringify({
        configuration: { root_module: { resources: addresses.map(configured) } },
        format_version: "1.2",
        prior_state: {
          values: {
            root_module: {
              resources: [readData("aws_caller_identity", ACCOUNT), readData("aws_iam_role", OTHER_ACCOUNT)],
            },
          },
        },
        resource_changes: [role().change],
      }),
      "plan",
    );
    const model = new Model(plan);
    expect(model.accountOf(model.withType("aws_iam_role")[0]!)).toBe(ACCOUNT);
  });

  const limitedTo = (...ids: string[]) => ({ allowed_account_ids: { constant_value: ids } });
  const assuming = (...accounts: string[]) =>
    accounts.map((account) => ({ role_arn: { constant_value: `arn:aws:iam::${account}:role/Deployer` } }));

  test.each<[string, Values, string | undefined]>([
    ["is the account to which its provider is limited", limitedTo(ACCOUNT), ACCOUNT],
    ["is unknown if its provider is limited to several accounts", limitedTo(ACCOUNT, OTHER_ACCOUNT), undefined],
    [
      "is unknown if its provider is limited to a variable",
      { allowed_account_ids: { references: ["var.account"] } },
      undefined,
    ],
    ["is unknown if its provider is limited to no account ID", limitedTo("prod"), undefined],
    ["is the account of the role that its provider assumes", { assume_role: assuming(ACCOUNT) }, ACCOUNT],
    [
      "is the account of the last role that its provider assumes",
      { assume_role: assuming(OTHER_ACCOUNT, ACCOUNT) },
      ACCOUNT,
    ],
    [
      "is the account of the role that its provider assumes with a web identity token",
      { assume_role_with_web_identity: assuming(ACCOUNT) },
      ACCOUNT,
    ],
    [
      "is unknown if its provider assumes a role of a variable",
      { assume_role: [{ role_arn: { references: ["var.role"] } }] },
      undefined,
    ],
    ["is unknown if the role that its provider assumes has no account", { assume_role: assuming("") }, undefined],
  ])("%s", (_, expressions, account) => {
    const plan = readPlan(
      JSON.stringify({
        configuration: {
          provider_config: { aws: { expressions } },
          root_module: {
            resources: ["aws_iam_role.this", "aws_kms_key.this"].map((address) => ({
              address,
              mode: "managed",
              provider_config_key: "aws",
            })),
          },
        },
        format_version: "1.2",
        resource_changes: [role().change, created("aws_kms_key.this", { policy: policyOf() }).change],
        variables: { account: { value: ACCOUNT } },
      }),
      "plan",
    );
    const model = new Model(plan);
    expect(model.accountOf(model.withType("aws_iam_role")[0]!)).toBe(account);
    expect(model.keys[0]!.account).toBe(account);
  });

  test.each<[string, readonly string[], string | undefined]>([
    ["is the only account in the ARNs of its provider's resources", [ACCOUNT, ACCOUNT], ACCOUNT],
    ["is unknown if the ARNs of its provider's resources have several accounts", [ACCOUNT, OTHER_ACCOUNT], undefined],
  ])("%s", (_, accounts, account) => {
    const others = accounts.map((one, index) =>
      kept(`aws_iam_user.u${index}`, { arn: `arn:aws:iam::${one}:user/u`, name: `u${index}` }, { expressions: {} }),
    );
    const awsResources = [role(), ...others].map(({ change, configured }) => ({
      change,
      configured: configured.map((one) => ({ ...one, provider_config_key: "aws" })),
    }));
    const elsewhere = kept("aws_iam_user.other", { arn: `arn:aws:iam::${OTHER_ACCOUNT}:user/u`, name: "other" });
    const model = modelOf(...awsResources, elsewhere);
    expect(model.accountOf(model.withType("aws_iam_role")[0]!)).toBe(account);
  });

  test.each([
    ["before", { before: { arn: `arn:aws:iam::${ACCOUNT}:role/Reader` } }],
    ["after", { after: { arn: `arn:aws:iam::${ACCOUNT}:role/Reader` } }],
  ])("is the account in its ARN %s the change", (_, sides) => {
    const { change, configured } = role();
    const model = modelOf({ change: { ...change, change: { ...(change.change as Values), ...sides } }, configured });
    expect(model.accountOf(model.withType("aws_iam_role")[0]!)).toBe(ACCOUNT);
  });
});
