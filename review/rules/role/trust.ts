import { foreignCallers, foreignCallersText } from "../../policy/principals";
import { allowsToAssume, titleOf } from "../../policy/statement";
import { hiddenPolicies } from "../not-shown";
import { policyStatements, refusedPrincipalsRule } from "../refused-principals";
import { type Rule, rule } from "../rule";

/** The rules about the principals that may assume a role. */
export const TRUST_RULES: readonly Rule[] = [
  rule({
    id: "role-trusts-other-account",
    severity: "warning",
    title: "Another account may assume a role",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
    notShown: ({ trustPolicies }) => hiddenPolicies(trustPolicies),
    subjects: (model) =>
      model.trustPolicies.flatMap(({ address, resource, statements }) =>
        statements
          .filter(allowsToAssume)
          .map((statement) => ({ account: model.accountOf(resource), address, statement })),
      ),
    faultOf: ({ account, statement }) => {
      const others = foreignCallers(statement, account);
      return (
        others.length > 0 && {
          consequence: `${titleOf(statement)} lets ${foreignCallersText(account)} assume the role and use its permissions: ${others.join(", ")}.`,
          remedy: "Take the principals out, unless they are meant to have the permissions of the role.",
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
