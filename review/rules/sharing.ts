import type { IamPolicy, Model } from "../model/model";
import { exists, stringOf, valueOf } from "../plan/attributes";
import type { PlannedResource } from "../plan/plan";
import { isLimited } from "../policy/condition";
import { publicUsers } from "../policy/federation";
import { CALLER_LIMITS, foreignCallers, foreignCallersText, SOURCE_LIMITS } from "../policy/principals";
import { requiresSource } from "../policy/service-requests";
import { asArray, isForEverybody, servicePrincipals, type Statement, titleOf } from "../policy/statement";
import { CONFUSED_DEPUTY } from "./key-policy/services";
import { lostDenials } from "./lost-denials";
import { hiddenPolicies, hiddenPolicyFault } from "./not-shown";
import { refusedPrincipalsRule } from "./refused-principals";
import { type NotJudged, type Rule, rule } from "./rule";

export const RESOURCE_POLICIES = ["aws_redshift_resource_policy", "aws_redshiftserverless_resource_policy"];
const RESOURCE_POLICY =
  "https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_PutResourcePolicy.html";

/** The rules about data that is shared with other accounts. */
export const SHARING_RULES: readonly Rule[] = [
  rule({
    id: "sharing-datashare",
    severity: "warning",
    title: "Another account may use a datashare",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/authorize-datashare-console.html",
    notShown: unreadSql,
    subjects: (model) => remaining(model, "aws_redshift_data_share_authorization"),
    faultOf: (authorization, model) => {
      const consumer =
        stringOf(authorization, "after", "consumer_identifier") ?? "a consumer that the plan does not show";
      const datashare = stringOf(authorization, "after", "data_share_arn") ?? "a datashare";
      const owner = datashare.split(":")[4] ?? model.accountOf(authorization);
      const writes = valueOf(authorization, "after", "allow_writes") === true ? "read and write" : "read";
      return (
        // The catalog of the owner's account is no other account.
        consumer.replace("DataCatalog/", "") !== owner && {
          consequence: `${consumer} may ${writes} the data of ${datashare}. The tables of keys do not show this access.`,
          remedy: "Remove the authorization, unless the consumer is meant to have the data.",
        }
      );
    },
  }),
  rule({
    id: "sharing-consumer",
    severity: "warning",
    title: "Every namespace of the account may use a datashare",
    see: "https://docs.aws.amazon.com/redshift/latest/APIReference/API_AssociateDataShareConsumer.html",
    subjects: (model) => remaining(model, "aws_redshift_data_share_consumer_association"),
    unjudged: (association, model) => model.whyHidden(association, "associate_entire_account", "consumer_region"),
    faultOf: (association) => {
      const datashare = stringOf(association, "after", "data_share_arn") ?? "a datashare";
      const isEntireAccount = valueOf(association, "after", "associate_entire_account") === true;
      const region = stringOf(association, "after", "consumer_region");
      const consumers = isEntireAccount ? "the account" : region && `the account in ${region}`;
      return (
        consumers !== undefined && {
          consequence: `Every namespace of ${consumers} can use ${datashare}. The tables of keys do not show this access.`,
          remedy: "Name one namespace in consumer_arn.",
        }
      );
    },
  }),
  rule({
    id: "sharing-endpoint",
    severity: "warning",
    title: "Another account may create an endpoint to the cluster",
    see: "https://docs.aws.amazon.com/redshift/latest/APIReference/API_AuthorizeEndpointAccess.html",
    subjects: (model) => remaining(model, "aws_redshift_endpoint_authorization"),
    faultOf: (authorization, model) => {
      const account = stringOf(authorization, "after", "account") ?? "an account that the plan does not show";
      const vpcs = asArray(valueOf(authorization, "after", "vpc_ids") as readonly string[] | undefined);
      const from = vpcs.length === 0 ? "any VPC of its own" : vpcs.join(", ");
      return (
        account !== model.accountOf(authorization) && {
          consequence: `${account} may create endpoints to the cluster in ${from}.`,
          remedy: "Remove the authorization, unless the account is meant to connect, and name its VPCs in vpc_ids.",
        }
      );
    },
  }),
  rule({
    id: "sharing-resource-policy",
    severity: "warning",
    title: "A resource policy of Redshift allows another account",
    see: RESOURCE_POLICY,
    notShown: (model) => hiddenPolicies(resourcePolicies(model)),
    subjects: policyStatements,
    faultOf: ({ account, statement }) => {
      const others = [...foreignCallers(statement, account), ...publicUsers(statement)];
      return (
        others.length > 0 && {
          consequence: `${titleOf(statement)} lets ${foreignCallersText(account, others)} do ${actionsText(statement)}.`,
          remedy: "Take the principals out, unless they are meant to have the data or its snapshots.",
        }
      );
    },
  }),
  rule({
    id: "sharing-public",
    title: "A resource policy of Redshift allows everybody",
    see: RESOURCE_POLICY,
    notShown: (model) => hiddenPolicies(resourcePolicies(model)),
    subjects: policyStatements,
    faultOf: ({ statement }) =>
      isForEverybody(statement) &&
      !isLimited(statement, CALLER_LIMITS) && {
        consequence: `${titleOf(statement)} lets principals of every AWS account do ${actionsText(statement)}.`,
        remedy: "Name the principals, or limit the statement with aws:PrincipalOrgID or aws:SourceAccount.",
      },
  }),
  rule({
    id: "sharing-service-without-source",
    severity: "warning",
    title: "A resource policy of Redshift allows a service for every account",
    see: CONFUSED_DEPUTY,
    notShown: (model) => hiddenPolicies(resourcePolicies(model)),
    subjects: policyStatements,
    faultOf: ({ others, statement }) => {
      const services = servicePrincipals(statement.Principal);
      return (
        services.length > 0 &&
        !requiresSource(statement, others, (one) => isLimited(one, SOURCE_LIMITS)) && {
          consequence: `${titleOf(statement)} lets ${services.join(", ")} do ${actionsText(statement)}, and no condition names an account or a resource. The service may then act for a resource of another account.`,
          remedy: "Add a condition on aws:SourceArn or aws:SourceAccount.",
        }
      );
    },
  }),
  refusedPrincipalsRule({
    id: "sharing-not-a-principal",
    title: "A resource policy of Redshift names a group or another thing that is not a principal",
    policies: resourcePolicies,
    service: "Redshift",
  }),
  rule({
    id: "sharing-policy-not-shown",
    title: "The plan does not show a resource policy of Redshift",
    see: RESOURCE_POLICY,
    notShown: (model, { standing }) => lostDenials(resourcePolicies(model), resourcePolicies(standing()), model),
    subjects: resourcePolicies,
    faultOf: hiddenPolicyFault("policy", "who may use the data"),
  }),
];

function actionsText({ Action }: Statement): string {
  return asArray(Action).join(", ") || "almost anything";
}

/** Returns the SQL statements that the plan runs. They are not judged: they can give data to others, such as by a datashare. */
function unreadSql(model: Model): readonly NotJudged[] {
  return remaining(model, "aws_redshiftdata_statement")
    .filter(({ action }) => action !== "none" && action !== "forget")
    .map(({ address }) => ({ address, reason: "the review does not read its sql" }));
}

function remaining(model: Model, ...types: readonly string[]): readonly PlannedResource[] {
  return model.withType(...types).filter((resource) => exists(resource, "after"));
}

function resourcePolicies(model: Model): readonly IamPolicy[] {
  return remaining(model, ...RESOURCE_POLICIES).map((resource) => model.policyOf(resource, "policy"));
}

/**
 * Returns the Allow statements of Redshift's resource policies. Each has all statements of its policy, and the account of the
 * policy's resource, which is undefined if it is unknown.
 */
function policyStatements(model: Model) {
  return resourcePolicies(model).flatMap(({ address, resource, statements }) => {
    const account = stringOf(resource, "after", "resource_arn")?.split(":")[4] ?? model.accountOf(resource);
    return statements
      .filter(({ Effect }) => Effect === "Allow")
      .map((statement) => ({ account, address, others: statements, statement }));
  });
}
