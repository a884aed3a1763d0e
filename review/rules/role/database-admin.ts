import { groupBy } from "../../../modules/private/group-by";
import { PERMISSION_SET_TYPE } from "../../model/identity/identity-arn";
import type { IamPolicy, Model } from "../../model/model";
import { stringOf } from "../../plan/attributes";
import { memoizedByObject } from "../../plan/memoized";
import type { PlannedResource } from "../../plan/plan";
import { isString } from "../../plan/predicates";
import { conditionTests, limitingValues, outcomeOf } from "../../policy/condition";
import {
  appliesToSamples,
  SAMPLE_NAME,
  sampleDatabaseUsers,
  matchesArn,
  matchesSamples,
} from "../../policy/resource-pattern";
import {
  appliesToResource,
  asArray,
  hasWildcard,
  isDenial,
  matchesAction,
  type Statement,
  titleOf,
} from "../../policy/statement";
import { hiddenPolicies } from "../not-shown";
import { grantingPolicies } from "./granting-policies";
import { type Rule, rule } from "../rule";

const CLUSTER = "aws_redshift_cluster";
const LOGIN = "redshift:GetClusterCredentials";
const SAML_ACTIONS = ["sts:assumerolewithsaml", "sts:setsourceidentity", "sts:tagsession"];
/** A value of aws:userid with the database user in the name of the session, such as AROAEXAMPLE:${redshift:DbUser}@example.com. */
const SESSION_USER = /:[^*?$]*\$\{\s*redshift:DbUser\s*\}[^*?$]*$/i;

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

/**
 * Whether neither the resources of a statement nor its conditions limit the database users of GetClusterCredentials.
 *
 * @param address - the address of the policy
 */
export function isForAnyDatabaseUser(statement: Statement, address: string, model: Model): boolean {
  return isForAnyUser(statement) && !isForSessionUser(statement, address, model);
}

const isForAnyUser = memoizedByObject(
  (statement: Statement): boolean =>
    appliesToSamples(statement, sampleDatabaseUsers) && limitingValues(statement, "redshift:DbUser") === undefined,
);

/**
 * Whether a condition requires the name of the session in the name of the database user.
 *
 * @see https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-iam-access-control-identity-based.html
 */
export function namesSessionUser(statement: Statement): boolean {
  return conditionTests(statement).some(
    ({ ifExists, isNegated, key, operator, quantifier, values }) =>
      key === "aws:userid" &&
      !ifExists &&
      !isNegated &&
      quantifier === undefined &&
      ["StringEquals", "StringLike"].includes(operator) &&
      values.every((value) => SESSION_USER.test(value)),
  );
}

/**
 * Whether a statement names the user of the session, and the callers do not choose the name of their session: the policy is of
 * permission sets, or of roles for SAML alone.
 */
function isForSessionUser(statement: Statement, address: string, model: Model): boolean {
  const holders = model.identities.possessions.holdersAt(address);
  return (
    namesSessionUser(statement) &&
    holders.length > 0 &&
    holders.every((one) => !isString(one) && (one.type === PERMISSION_SET_TYPE || isForSaml(one, model)))
  );
}

/** Whether only users of SAML providers may assume a role. The provider chooses the names of their sessions. */
function isForSaml(role: PlannedResource, model: Model): boolean {
  const { notShown, statements } = model.policyOf(role, "assume_role_policy");
  const actions = statements.filter((one) => !isDenial(one)).map(({ Action }) => asArray(Action));
  return (
    notShown === undefined &&
    actions.every((names) => names.length > 0 && names.every((name) => SAML_ACTIONS.includes(name.toLowerCase())))
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
        statement.Effect === "Allow" &&
        matchesAction(statement, LOGIN) &&
        !isForAnyDatabaseUser(statement, address, model) &&
        !isForSessionUser(statement, address, model),
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
    if (service !== "redshift" && !hasWildcard(service)) {
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
