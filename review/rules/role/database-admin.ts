import type { IamPolicy, Model, Warehouse } from "../../model/model";
import { exists, stringOf } from "../../plan/attributes";
import { limitingValues } from "../../policy/condition";
import { appliesToMadeUp, MADE_UP_NAME, madeUpDatabaseUsers, matchesMadeUp } from "../../policy/resource-pattern";
import { asArray, matchesAction, matchesPattern, type Statement, titleOf } from "../../policy/statement";
import { hiddenPolicies } from "../not-shown";
import { type Rule, rule } from "../rule";

const LOGIN = "redshift:GetClusterCredentials";

/** The rule of roles that log in as the admin of a cluster of the plan. */
export const DATABASE_ADMIN_RULES: readonly Rule[] = [
  rule({
    id: "role-admin-of-database",
    severity: "warning",
    title: "A role may log in as the admin of a cluster",
    see: "https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html",
    notShown: ({ iamPolicies }) => hiddenPolicies(iamPolicies),
    subjects: (model) => model.iamPolicies.flatMap((policy) => loginsOf(policy, model)),
    unjudged: ({ cluster }, model) => model.whyHidden(cluster.resource, "cluster_identifier", "master_username"),
    faultOf: ({ cluster, statement }) => {
      const admin = stringOf(cluster.resource, "after", "master_username");
      return (
        admin !== undefined &&
        allowsUser(statement, cluster, admin) && {
          consequence: `${titleOf(statement)} lets the role log in to ${cluster.address} as ${admin}, its admin, who may read and change everything.`,
          remedy:
            "Name another database user in the resource (dbuser:CLUSTER/USER), or use GetClusterCredentialsWithIAM.",
        }
      );
    },
  }),
];

/** The statements of a policy that let a role log in as database users that they name, each with each cluster. */
function loginsOf({ address, statements }: IamPolicy, { warehouses }: Model) {
  const clusters = warehouses.filter(({ kind, resource }) => kind === "cluster" && exists(resource, "after"));
  return statements
    .filter(
      (statement) =>
        statement.Effect === "Allow" &&
        statement.NotResource === undefined &&
        matchesAction(statement, LOGIN) &&
        !appliesToMadeUp(statement, madeUpDatabaseUsers),
    )
    .flatMap((statement) => clusters.map((cluster) => ({ address, cluster, statement })));
}

function allowsUser(statement: Statement, { resource }: Warehouse, user: string): boolean {
  const arn = stringOf(resource, "after", "arn")?.split(":").slice(0, 5);
  const name = `dbuser:${stringOf(resource, "after", "cluster_identifier") ?? MADE_UP_NAME}/${user}`;
  const isUser = (pattern: string): boolean =>
    arn === undefined
      ? matchesMadeUp(pattern, [["redshift", name]])
      : matchesPattern(pattern, [...arn, name].join(":"));
  const users = limitingValues(statement, "redshift:DbUser") ?? ["*"];
  return asArray(statement.Resource).some(isUser) && users.some((pattern) => matchesPattern(pattern, user));
}
