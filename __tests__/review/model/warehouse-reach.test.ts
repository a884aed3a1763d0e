import { WarehouseReach } from "../../../review/model/warehouse-reach";
import type { Identity } from "../../../review/policy/identity-permission";
import type { Statement } from "../../../review/policy/statement";
import { ACCOUNT, CLUSTER_ARN } from "../../support/arns";
import { created, destroyed, kept, modelOf, type Resource } from "../support/small-plan";

const EXECUTE = "redshift-data:ExecuteStatement";
const WORKGROUP = `arn:aws:redshift-serverless:us-east-1:${ACCOUNT}:workgroup/`;
const cluster = kept("aws_redshift_cluster.c", { arn: CLUSTER_ARN, cluster_identifier: "analytics" });
const namespace = (name = "n") => kept(`aws_redshiftserverless_namespace.${name}`, { namespace_name: name });
const workgroup = (name: string, namespaceName = "n") =>
  kept(`aws_redshiftserverless_workgroup.${name}`, { arn: `${WORKGROUP}${name}`, namespace_name: namespaceName });

const policy = (statements: readonly Statement[]) => ({ name: "p", notShown: undefined, statements });
const allow = (Action: string, Resource: string | readonly string[] = "*"): Statement => ({
  Action,
  Effect: "Allow",
  Resource,
});
const deny = (Action: string, Resource = "*"): Statement => ({ Action, Effect: "Deny", Resource });
const reached = (resources: readonly Resource[], statements: readonly Statement[], boundary?: readonly Statement[]) => {
  const identity: Identity = {
    address: "r",
    boundary: boundary && policy(boundary),
    policies: statements.map((statement) => policy([statement])),
    unlisted: undefined,
  };
  return WarehouseReach.inModel(modelOf(...resources))
    .reachedBy(identity)
    .map(({ address }) => address.split(".")[1]);
};

describe("a warehouse is reached by an identity", () => {
  const dbuser = CLUSTER_ARN.replace("cluster:", "dbuser:");
  const dbname = CLUSTER_ARN.replace("cluster:", "dbname:");
  const excepting = (NotResource: string): Statement => ({ Action: EXECUTE, Effect: "Allow", NotResource });

  test.each<[readonly string[], string, readonly Statement[]]>([
    [["c", "n"], "SQL statements", [allow(EXECUTE)]],
    [["c", "n"], "batches of SQL statements", [allow("redshift-data:BatchExecuteStatement")]],
    [["c"], "the passwords of a database user", [allow("redshift:GetClusterCredentials", `${dbuser}/a`)]],
    [
      ["c"],
      "the passwords of the identity's own database user",
      [allow("redshift:GetClusterCredentialsWithIAM", `${dbname}/*`)],
    ],
    [["n"], "the credentials of a workgroup", [allow("redshift-serverless:GetCredentials")]],
    [["n"], "a workgroup", [allow(EXECUTE, `${WORKGROUP}w`)]],
    [["c", "n"], "two statements", [allow(EXECUTE, CLUSTER_ARN), allow(EXECUTE, `${WORKGROUP}w`)]],
    [["c"], "two statements on one warehouse", [allow(EXECUTE, CLUSTER_ARN), allow("redshift-data:*", CLUSTER_ARN)]],
    [["c", "n"], "all but another resource", [excepting("other")]],
    [["n"], "all but the cluster", [excepting(CLUSTER_ARN)]],
    [["c"], "one of two resources", [allow(EXECUTE, ["other", CLUSTER_ARN])]],
    [[], "another action", [allow("redshift-data:ListStatements")]],
    [[], "a denial", [deny(EXECUTE)]],
    [[], "the credentials of a cluster's ARN", [allow("redshift:GetClusterCredentials", CLUSTER_ARN)]],
    [["c"], "a denial of the workgroup", [allow(EXECUTE), deny("*", `${WORKGROUP}*`)]],
    [["c", "n"], "a denial of another action", [allow(EXECUTE), deny("redshift-data:ListStatements")]],
  ])("(%j) by %s", (names, _, statements) => {
    expect(reached([cluster, namespace(), workgroup("w")], statements)).toStrictEqual(names);
  });

  test("only within the identity's permissions boundary", () => {
    expect(reached([cluster, namespace()], [allow(EXECUTE)], [allow("*", CLUSTER_ARN)])).toStrictEqual(["c"]);
  });

  test("by any workgroup of the namespace", () => {
    const resources = [namespace(), namespace("m"), workgroup("a"), workgroup("b"), workgroup("x", "m")];
    expect(reached(resources, [allow(EXECUTE, `${WORKGROUP}b`)])).toStrictEqual(["n"]);
    expect(reached(resources, [allow(EXECUTE, `${WORKGROUP}x`)])).toStrictEqual(["m"]);
    // A denial has to be on each workgroup.
    expect(reached(resources.slice(0, 4), [allow(EXECUTE), deny("*", `${WORKGROUP}b`)])).toStrictEqual(["m"]);
  });

  test("by a workgroup whose namespace is unknown until apply", () => {
    const fresh = created("aws_redshiftserverless_namespace.n", {});
    const references = ["aws_redshiftserverless_namespace.n.namespace_name", "aws_redshiftserverless_namespace.n"];
    const details = { after_unknown: { namespace_name: true }, expressions: { namespace_name: { references } } };
    const workgroupOfFresh = created("aws_redshiftserverless_workgroup.w", { arn: `${WORKGROUP}w` }, details);
    expect(reached([fresh, workgroupOfFresh], [allow(EXECUTE, `${WORKGROUP}w`)])).toStrictEqual(["n"]);
  });

  test("by a workgroup whose namespace is one of several in each.value: the namespace of that name, or each if the name is unknown", () => {
    const names = ["aws_redshiftserverless_namespace.n", "aws_redshiftserverless_namespace.m"];
    const expressions = { namespace_name: { references: names } };
    const onWorkgroup = allow(EXECUTE, `${WORKGROUP}w`);
    const shown = created(
      "aws_redshiftserverless_workgroup.w",
      { arn: `${WORKGROUP}w`, namespace_name: "m" },
      { expressions },
    );
    expect(reached([namespace(), namespace("m"), shown], [onWorkgroup])).toStrictEqual(["m"]);
    const unknown = created(
      "aws_redshiftserverless_workgroup.w",
      { arn: `${WORKGROUP}w` },
      { after_unknown: { namespace_name: true }, expressions },
    );
    expect(reached([namespace(), namespace("m"), unknown], [onWorkgroup])).toStrictEqual(["n", "m"]);
  });

  test("unless the warehouse or its workgroup is destroyed", () => {
    const gone = destroyed("aws_redshift_cluster.c", { arn: CLUSTER_ARN, cluster_identifier: "analytics" });
    const goneWorkgroup = destroyed("aws_redshiftserverless_workgroup.w", {
      arn: `${WORKGROUP}w`,
      namespace_name: "n",
    });
    expect(reached([gone], [allow(EXECUTE)])).toStrictEqual([]);
    expect(reached([namespace(), goneWorkgroup], [allow(EXECUTE, `${WORKGROUP}w`)])).toStrictEqual([]);
  });

  test("by its identifier or by the address of its ARN, if the warehouse is new", () => {
    const fresh = created("aws_redshift_cluster.c", { cluster_identifier: "sales" });
    const unnamed = created("aws_redshift_cluster.c", {});
    const freshWorkgroup = created("aws_redshiftserverless_workgroup.w", { namespace_name: "n" });
    const sales = CLUSTER_ARN.replace("analytics", "sales");
    expect(reached([fresh], [allow(EXECUTE, sales)])).toStrictEqual(["c"]);
    expect(reached([fresh], [allow(EXECUTE, CLUSTER_ARN)])).toStrictEqual([]);
    expect(reached([fresh], [allow(EXECUTE, "aws_redshift_cluster.c.arn")])).toStrictEqual(["c"]);
    expect(reached([unnamed], [allow(EXECUTE, sales)])).toStrictEqual([]);
    expect(reached([unnamed], [allow(EXECUTE, "arn:aws:redshift:*:*:cluster:*")])).toStrictEqual(["c"]);
    expect(
      reached([namespace(), freshWorkgroup], [allow(EXECUTE, "aws_redshiftserverless_workgroup.w.arn")]),
    ).toStrictEqual(["n"]);
    expect(reached([namespace(), freshWorkgroup], [allow(EXECUTE, `${WORKGROUP}*`)])).toStrictEqual(["n"]);
    expect(reached([namespace(), freshWorkgroup], [allow(EXECUTE, `${WORKGROUP}w`)])).toStrictEqual([]);
  });

  test("by a pattern of its Region only, if the warehouse is new", () => {
    const region = "us-east-1";
    const fresh = created("aws_redshift_cluster.c", { cluster_identifier: "sales", region });
    const freshNamespace = created("aws_redshiftserverless_namespace.n", { namespace_name: "n", region });
    const freshWorkgroup = created("aws_redshiftserverless_workgroup.w", { namespace_name: "n" });
    const patterns = ["arn:aws:redshift:us-east-1:*:cluster:sales", `${WORKGROUP}*`];
    for (const resources of [
      [fresh, freshNamespace],
      [fresh, freshNamespace, freshWorkgroup],
    ]) {
      expect(reached(resources, [allow(EXECUTE, patterns)])).toStrictEqual(["c", "n"]);
      const others = patterns.map((pattern) => pattern.replace(region, "us-west-2"));
      expect(reached(resources, [allow(EXECUTE, others)])).toStrictEqual([]);
    }
  });

  test("by a pattern with wildcards before the resource, but not for certain by a policy variable", () => {
    for (const pattern of ["*", "arn:*:analytics", "arn:aws:red*:*:*:cluster:ana*", "arn:aws:redshift:*:*:c*"]) {
      expect(reached([cluster], [allow(EXECUTE, pattern)])).toStrictEqual(["c"]);
    }
    for (const pattern of ["arn:aws:redshift:*:*:cluster:b*", "arn:aws:redshift:*:*:cluster:${aws:PrincipalTag/a}"]) {
      expect(reached([cluster], [allow(EXECUTE, pattern)])).toStrictEqual([]);
    }
  });
});
