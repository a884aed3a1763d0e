import { groupBy } from "../../../modules/private/group-by";
import type { IamPolicy, Model } from "../../model/model";
import { stringOf } from "../../plan/attributes";
import { memoizedByObject } from "../../plan/memoized";
import type { PlannedResource } from "../../plan/plan";
import { conditionTests, limitingValues, outcomeOf } from "../../policy/condition";
import {
  appliesToSamples,
  SAMPLE_NAME,
  sampleDatabaseUsers,
  matchesArn,
  matchesSamples,
} from "../../policy/resource-pattern";
import { appliesToResource, asArray, matchesAction, type Statement, titleOf } from "../../policy/statement";
import { hiddenPolicies } from "../not-shown";
import { grantingPolicies } from "./granting-policies";
import { type Rule, rule } from "../rule";

const CLUSTER = "aws_redshift_cluster";
const LOGIN = "redshift:GetClusterCredentials";

/** The rule about roles that may log in as the admin of a cluster of the plan. */
export const DATABASE_ADMIN_RULES: readonly Rule[] = [
  rule({
    id: "role-admin-of-database",
    severity: "warning",
    title: "A role may log in as the admin of a cluster",
    see: "https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html",
    notShown: (model) => hiddenPolicies(grantingPolicies(model)),
    subjects: (model) => {
      const unnamed = model
        .withType(CLUSTER)
        .filter((cluster) => stringOf(cluster, "after", "cluster_identifier") === undefined);
      return grantingPolicies(model).flatMap((policy) => loginsOf(policy, unnamed, model));
    },
    unjudged: ({ cluster }, model) => model.whyHidden(cluster, "cluster_identifier", "master_username"),
    faultOf: ({ cluster, statement }, model) => {
      const admin = stringOf(cluster, "after", "master_username");
      return (
        admin !== undefined &&
        allowsUser(statement, cluster, admin, model) && {
          consequence: `${titleOf(statement)} lets the role log in to ${cluster.address} as ${admin}, its admin, who may read and change everything.`,
          remedy:
            "Name another database user in the resource (dbuser:CLUSTER/USER), or use GetClusterCredentialsWithIAM.",
        }
      );
    },
  }),
];

/** Whether neither the resources of a statement nor its conditions limit the database users of GetClusterCredentials. */
export function isForAnyDatabaseUser(statement: Statement): boolean {
  return appliesToSamples(statement, sampleDatabaseUsers) && limitingValues(statement, "redshift:DbUser") === undefined;
}

/**
 * Whether a statement allows each session only the database user of its name. The caller of AssumeRole chooses that name.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-iam-access-control-identity-based.html
 */
export function isForUserOfSession(statement: Statement): boolean {
  return conditionTests(statement).some(
    ({ ifExists, isNegated, key, quantifier, values }) =>
      key === "aws:userid" &&
      !ifExists &&
      !isNegated &&
      quantifier !== "ForAllValues" &&
      values.every((value) => /:\$\{redshift:DbUser\}[^*?$]*$/i.test(value)),
  );
}

/**
 * Returns the statements of a policy that allow GetClusterCredentials for named database users. Each has a cluster to which the
 * statement may apply.
 */
function loginsOf({ address, statements }: IamPolicy, unnamed: readonly PlannedResource[], model: Model) {
  return statements
    .filter(
      (statement) =>
        statement.Effect === "Allow" && matchesAction(statement, LOGIN) && !isForAnyDatabaseUser(statement),
    )
    .flatMap((statement) => clustersOf(statement, unnamed, model).map((cluster) => ({ address, cluster, statement })));
}

/**
 * Returns the clusters that the resources of a statement may name. Clusters whose identifiers the plan does not show are among
 * them.
 */
function clustersOf(
  statement: Statement,
  unnamed: readonly PlannedResource[],
  model: Model,
): readonly PlannedResource[] {
  const { NotResource, Resource } = statement;
  const clusters = (NotResource === undefined ? asArray(Resource) : ["*"]).flatMap((pattern) => {
    const [, , service = "*", , , , name = "*"] = pattern.split(":");
    const [identifier = ""] = name.split("/");
    if (service !== "redshift" && !/[*?]/.test(service)) {
      return [];
    }
    return /[*?$]/.test(identifier)
      ? [...clustersByAdmin(model)].flatMap(([admin, group]) => (maySelect(statement, admin) ? group : []))
      : [...model.withValue(CLUSTER, "cluster_identifier", identifier), ...unnamed];
  });
  return [...new Set(clusters)];
}

/** Maps the name of an admin to the clusters of a plan with this admin. Most plans have few names. */
const clustersByAdmin = memoizedByObject((model: Model) =>
  groupBy(model.withType(CLUSTER), (cluster) => stringOf(cluster, "after", "master_username")),
);

/** Whether the conditions of a statement allow a database user, which may be unknown. */
function maySelect(statement: Statement, user: string | undefined): boolean {
  return user === undefined || outcomeOf(statement, { "redshift:dbuser": user }) !== "unmet";
}

function allowsUser(statement: Statement, resource: PlannedResource, user: string, model: Model): boolean {
  const arn = stringOf(resource, "after", "arn")?.split(":").slice(0, 5);
  const name = `dbuser:${stringOf(resource, "after", "cluster_identifier") ?? SAMPLE_NAME}/${user}`;
  const isUser = (pattern: string): boolean =>
    arn === undefined
      ? matchesSamples(pattern, [["redshift", name]], "some", model.placeOf(resource))
      : matchesArn(pattern, [...arn, name].join(":"));
  return appliesToResource(statement, isUser) && maySelect(statement, user);
}
