import { isLimited } from "../../policy/condition";
import { foreignCallers, foreignCallersText, SOURCE_LIMITS } from "../../policy/principals";
import { requiresSource } from "../../policy/service-requests";
import { servicePrincipals, titleOf } from "../../policy/statement";
import { CONFUSED_DEPUTY } from "../key-policy/services";
import { hiddenPolicies } from "../not-shown";
import { policyStatements, refusedPrincipalsRule } from "../refused-principals";
import { type Rule, rule } from "../rule";
import { assumeStatements } from "./assume-statements";

/**
 * The services that can use the Data API with a role, and that send aws:SourceAccount and aws:SourceArn when they assume the role.
 * AWS documents conditions on these keys for the roles of these services. Other services, such as Lambda and Amazon EC2, send
 * neither key.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
 */
const SERVICES_WITH_SOURCE = ["bedrock", "events", "pipes", "scheduler", "states"].map(
  (name) => `${name}.amazonaws.com`,
);

/** The rules about the principals that may assume a role. */
export const TRUST_RULES: readonly Rule[] = [
  rule({
    id: "role-trusts-other-account",
    severity: "warning",
    title: "Another account may assume a role",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
    notShown: ({ trustPolicies }) => hiddenPolicies(trustPolicies),
    subjects: assumeStatements,
    faultOf: ({ resource, statement }, model) => {
      const account = model.accountOf(resource);
      const others = foreignCallers(statement, account);
      return (
        others.length > 0 && {
          consequence: `${titleOf(statement)} lets ${foreignCallersText(account, others)} assume the role and use its permissions.`,
          remedy: "Take the principals out, unless they are meant to have the permissions of the role.",
        }
      );
    },
  }),
  rule({
    id: "role-trusts-service-without-source",
    severity: "warning",
    title: "A service may assume a role for every account",
    see: CONFUSED_DEPUTY,
    notShown: ({ trustPolicies }) => hiddenPolicies(trustPolicies),
    subjects: assumeStatements,
    faultOf: ({ others, statement }) => {
      const services = servicePrincipals(statement.Principal).filter((name) => SERVICES_WITH_SOURCE.includes(name));
      const presentKeys = SOURCE_LIMITS.map((key) => key.toLowerCase());
      return (
        services.length > 0 &&
        !requiresSource(statement, others, (one) => isLimited(one, SOURCE_LIMITS, presentKeys)) && {
          consequence: `${titleOf(statement)} lets ${services.join(", ")} assume the role, and no condition names an account or a resource. The service may then act for a resource of another account.`,
          remedy: "Add a condition on aws:SourceAccount or aws:SourceArn.",
        }
      );
    },
  }),
  refusedPrincipalsRule({
    id: "role-trust-not-a-principal",
    title: "A trust policy names a group or another thing that is not a principal",
    policies: ({ trustPolicies }) => trustPolicies,
    service: "IAM",
  }),
  rule({
    id: "role-trust-excepts",
    title: "A trust policy has NotPrincipal",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html",
    notShown: ({ trustPolicies }) => hiddenPolicies(trustPolicies),
    subjects: ({ trustPolicies }) => policyStatements(trustPolicies),
    faultOf: ({ statement }) =>
      statement.NotPrincipal !== undefined && {
        consequence: `${titleOf(statement)} has NotPrincipal, which AWS does not support in a trust policy.`,
        remedy: "Name the principals that may assume the role. Deny others by a condition on aws:PrincipalArn.",
      },
  }),
];
