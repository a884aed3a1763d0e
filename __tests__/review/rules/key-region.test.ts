import { ACCOUNT, KEY_ARN } from "../../support/arns";
import { created, destroyed, kept, keyUnknownFrom, reviewed, type Resource, type Values } from "../support/small-plan";

const RULE = "warehouse-key-of-other-region";
const OTHER_KEY_ARN = KEY_ARN.replace("us-east-1", "eu-west-1");
const configuredKey = (address: string, provider: string) => ({
  address,
  expressions: {},
  mode: "managed",
  name: "this",
  provider_config_key: provider,
  type: address.split(".")[0],
});
const cluster = (values: Values): Resource =>
  kept("aws_redshift_cluster.this", {
    arn: `arn:aws:redshift:us-east-1:${ACCOUNT}:namespace:a`,
    kms_key_id: KEY_ARN,
    ...values,
  });
const verdictOf = (resources: readonly Resource[], more: Values = {}) => {
  const { findings, notJudged } = reviewed(resources, {}, more);
  return {
    faults: findings.filter(({ rule }) => rule === RULE).map(({ consequence }) => consequence.split(".")[0]),
    reasons: notJudged.filter(({ rule }) => rule === RULE).map(({ reason }) => reason),
  };
};
const FAULT = "The warehouse is in us-east-1, and its key in eu-west-1";

describe("the key of a warehouse", () => {
  test.each<[string, readonly Resource[], readonly string[], readonly string[]]>([
    [
      "that the plan does not have has a finding by the Region of its ARN",
      [cluster({ kms_key_id: OTHER_KEY_ARN })],
      [FAULT],
      [],
    ],
    [
      "in the Region of the warehouse has no finding",
      [cluster({}), kept("aws_kms_key.this", { arn: KEY_ARN })],
      [],
      [],
    ],
    [
      "of the plan has a finding by the Region of its ARN",
      [cluster({ kms_key_id: OTHER_KEY_ARN }), kept("aws_kms_key.this", { arn: OTHER_KEY_ARN })],
      [FAULT],
      [],
    ],
    ["without an ARN is not judged", [cluster({ kms_key_id: "1234abcd" })], [], ["the Region of 1234abcd is unknown"]],
    [
      "of a warehouse without a Region is not judged",
      [cluster({ arn: undefined, kms_key_id: OTHER_KEY_ARN })],
      [],
      ["the Region of aws_redshift_cluster.this is unknown"],
    ],
    ["that AWS owns has no finding", [cluster({ kms_key_id: null })], [], []],
    [
      "of a warehouse that is destroyed has no finding",
      [destroyed("aws_redshift_cluster.this", { arn: "arn:aws:redshift:us-east-1:1:a", kms_key_id: OTHER_KEY_ARN })],
      [],
      [],
    ],
    [
      "that is not shown is not judged",
      [created("aws_redshift_cluster.this", {}, keyUnknownFrom())],
      [],
      ["kms_key_id is unknown until apply"],
    ],
  ])("%s", (_, resources, faults, reasons) => {
    expect(verdictOf(resources)).toStrictEqual({ faults, reasons });
  });

  const replica = created("aws_kms_replica_key.this", {}, { after_unknown: { arn: true } });
  const user = created(
    "aws_redshift_cluster.this",
    {},
    keyUnknownFrom("aws_kms_replica_key.this.arn", "aws_kms_replica_key.this"),
  );
  const configuration = (keyProvider: string, providers: Values) => ({
    configuration: {
      provider_config: providers,
      root_module: {
        resources: [
          { ...user.configured[0], provider_config_key: "aws" },
          configuredKey("aws_kms_replica_key.this", keyProvider),
        ],
      },
    },
  });
  const inRegion = (name: string) => ({ expressions: { region: { constant_value: name } } });

  test.each<[string, string, Values, readonly string[], readonly string[]]>([
    [
      "another provider in another Region has a finding",
      "aws.eu",
      { aws: inRegion("us-east-1"), "aws.eu": inRegion("eu-west-1") },
      [FAULT],
      [],
    ],
    [
      "another provider in the same Region has no finding",
      "aws.eu",
      { aws: inRegion("us-east-1"), "aws.eu": inRegion("us-east-1") },
      [],
      [],
    ],
    [
      "another provider without a Region is not judged",
      "aws.eu",
      { aws: inRegion("us-east-1") },
      [],
      ["the Region of aws_kms_replica_key.this is unknown"],
    ],
    [
      "another provider is not judged if the warehouse's provider has no Region",
      "aws.eu",
      { "aws.eu": inRegion("us-east-1") },
      [],
      ["the Region of aws_redshift_cluster.this is unknown"],
    ],
    ["the warehouse's provider without a Region has no finding", "aws", {}, [], []],
  ])("that the plan creates by %s", (_, provider, providers, faults, reasons) => {
    expect(verdictOf([user, replica], configuration(provider, providers))).toStrictEqual({ faults, reasons });
  });
});
