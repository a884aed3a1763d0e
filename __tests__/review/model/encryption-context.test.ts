import { ACCOUNT, CLUSTER_ARN, KEY_ARN } from "../../support/arns";
import {
  created,
  destroyed,
  kept,
  keyWith,
  ADMINISTRATOR,
  replaced,
  type Resource,
  reviewed,
  updated,
  type Values,
} from "../support/small-plan";

const NAMESPACE_ARN = `arn:aws:redshift-serverless:us-east-1:${ACCOUNT}:namespace/n`;
const SERVICE = { key: "serviceName", value: "RedshiftDataAPI" };
const CREATION = { key: "aws:redshift:createtime", notShown: "no attribute of Terraform has it" };
const report = (...resources: readonly Resource[]) => reviewed([keyWith(ADMINISTRATOR), ...resources]).warehouses[0]!;
const cluster = { arn: CLUSTER_ARN, cluster_identifier: "analytics", kms_key_id: KEY_ARN };

describe("the encryption context", () => {
  test("of a cluster has its ARN, its creation time and the service", () => {
    const context = [{ key: "aws:redshift:arn", value: CLUSTER_ARN }, CREATION, SERVICE];
    expect(report(kept("aws_redshift_cluster.c", cluster)).context).toStrictEqual({ after: context, before: context });
    expect(report(destroyed("aws_redshift_cluster.c", cluster)).context.after).toBeUndefined();
  });

  describe("of a new cluster", () => {
    const unknown = { after_unknown: { arn: true } };
    /** A configuration with a cluster whose provider has these arguments. */
    const under = (provider: Values) => ({
      configuration: {
        provider_config: { aws: { expressions: provider } },
        root_module: {
          resources: [
            { address: "aws_redshift_cluster.c", expressions: {}, mode: "managed", provider_config_key: "aws" },
          ],
        },
      },
    });
    const region = { region: { constant_value: "cn-north-1" } };
    const account = { allowed_account_ids: { constant_value: [ACCOUNT] } };
    const arnsBy = (provider: Values, resource: Resource) => {
      const { after, before } = reviewed([resource], {}, under(provider)).warehouses[0]!.context;
      return [before?.[0]!.value, after?.[0]!.value];
    };
    const newCluster = (values: Values = {}) => created("aws_redshift_cluster.c", values, unknown);

    test("has the ARN that its partition, Region, account and identifier give", () => {
      const arn = `arn:aws-cn:redshift:cn-north-1:${ACCOUNT}:cluster:sales`;
      expect(arnsBy({ ...account, ...region }, newCluster({ cluster_identifier: "sales" }))).toStrictEqual([
        undefined,
        arn,
      ]);
      const [before, after] = [{ arn: CLUSTER_ARN, cluster_identifier: "a" }, { cluster_identifier: "sales" }];
      const replacement = replaced("aws_redshift_cluster.c", before, after, unknown);
      expect(arnsBy(account, replacement)).toStrictEqual([CLUSTER_ARN, CLUSTER_ARN.replace("analytics", "sales")]);
    });

    test("has an unknown ARN if the Region, the account or the identifier is unknown, or the ARN is sensitive", () => {
      const identifier = { cluster_identifier: "sales" };
      const sensitive = created("aws_redshift_cluster.c", identifier, { after_sensitive: { arn: true } });
      expect(
        [
          arnsBy(account, newCluster(identifier)),
          arnsBy(region, newCluster(identifier)),
          arnsBy({ ...account, ...region }, newCluster()),
          arnsBy({ ...account, ...region }, sensitive),
        ].flat(),
      ).toStrictEqual(Array.from({ length: 8 }, () => undefined));
    });
  });

  test("of a new namespace has its unknown ARN and the service", () => {
    const namespace = created("aws_redshiftserverless_namespace.n", {}, { after_unknown: { arn: true } });
    expect(report(namespace).context).toStrictEqual({
      after: [{ key: "aws:redshift-serverless:arn", notShown: "unknown until apply" }, SERVICE],
      before: undefined,
    });
  });
});

test.each<[string, Resource]>([
  ["aws_kms_key.this", kept("aws_redshift_cluster.c", cluster)],
  [`${KEY_ARN}0`, kept("aws_redshift_cluster.c", { ...cluster, kms_key_id: `${KEY_ARN}0` })],
  ["sensitive", created("aws_redshift_cluster.c", cluster, { after_sensitive: { kms_key_id: true } })],
  ["one that AWS owns", created("aws_redshift_cluster.c", {})],
])("the key of a warehouse has the name %s", (name, resource) => {
  expect(report(resource).key.after).toBe(name);
});

describe("whether a plan leaves a grant without requests", () => {
  const grant = (pairs: Values, element = "encryption_context_equals") =>
    kept("aws_kms_grant.g", { constraints: [{ [element]: pairs }], key_id: KEY_ARN });
  const withTime = { "aws:redshift:arn": CLUSTER_ARN, "aws:redshift:createtime": "t" };
  const withArn = { "aws:redshift:arn": CLUSTER_ARN };
  const namespace = { arn: NAMESPACE_ARN, namespace_name: "n" };
  const other = { ...cluster, cluster_identifier: "other" };

  test.each<[boolean, string, Resource, Resource]>([
    [true, "the destroyed cluster", destroyed("aws_redshift_cluster.c", cluster), grant(withArn)],
    [
      true,
      "a subset with the cluster",
      destroyed("aws_redshift_cluster.c", cluster),
      grant(withArn, "encryption_context_subset"),
    ],
    [
      true,
      "the creation time of a replaced cluster",
      replaced("aws_redshift_cluster.c", cluster, cluster),
      grant(withTime),
    ],
    [true, "a cluster with another identifier", replaced("aws_redshift_cluster.c", cluster, other), grant(withArn)],
    [
      true,
      "a replaced namespace",
      replaced("aws_redshiftserverless_namespace.n", namespace, namespace),
      grant({ "aws:redshift-serverless:arn": NAMESPACE_ARN }),
    ],
    [false, "a replaced cluster of the same ARN", replaced("aws_redshift_cluster.c", cluster, cluster), grant(withArn)],
    [false, "a cluster that changes", updated("aws_redshift_cluster.c", cluster, other), grant(withTime)],
    [false, "another cluster", destroyed("aws_redshift_cluster.c", cluster), grant({ a: `${CLUSTER_ARN}0` })],
    [false, "no cluster", destroyed("aws_redshift_cluster.c", cluster), kept("aws_kms_grant.g", { key_id: KEY_ARN })],
    [false, "a cluster without an ARN", destroyed("aws_redshift_cluster.c", { kms_key_id: KEY_ARN }), grant(withArn)],
  ])("is %j for a grant that is limited to %s", (isOrphaned, _, warehouse, one) => {
    expect(report(warehouse, one).orphanedGrants).toStrictEqual(isOrphaned ? ["aws_kms_grant.g"] : []);
  });

  test.each<[boolean, Resource]>([
    [true, destroyed("aws_redshift_cluster.c", cluster)],
    [true, replaced("aws_redshift_cluster.c", cluster, cluster)],
    [false, updated("aws_redshift_cluster.c", cluster, other)],
    [false, created("aws_redshift_cluster.c", cluster)],
  ])("is %j for the grants of Redshift itself", (orphans, warehouse) => {
    expect(report(warehouse).orphansOwnGrants).toBe(orphans);
  });
});
