import type { IamPolicy, Model } from "../model/model";
import { refusedPrincipals } from "../policy/principals";
import { titleOf } from "../policy/statement";
import { hiddenPolicies } from "./not-shown";
import { type Rule, rule, type RuleDescription } from "./rule";

/** Creates a rule about principals that make a service refuse the whole policy. The principals of Deny statements count, too. */
export function refusedPrincipalsRule({
  policies,
  service,
  ...description
}: Omit<RuleDescription, "see"> & {
  readonly policies: (model: Model) => readonly IamPolicy[];
  readonly service: string;
}): Rule {
  return rule({
    ...description,
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    notShown: (model) => hiddenPolicies(policies(model)),
    subjects: (model) => policyStatements(policies(model)),
    faultOf: ({ resource, statement }, model) => {
      const refused = refusedPrincipals(statement, model.partitionOf(resource));
      return (
        refused.length > 0 && {
          consequence: `${titleOf(statement)} names ${refused.join(", ")}, so ${service} refuses the policy. A principal is a role, a user, a session or an account root of the partition, or a service, by its name and without a wildcard. An ID stands for a role or user that is deleted.`,
          remedy: 'Name the roles, users or services that are meant, or "*" with a condition on aws:PrincipalArn.',
        }
      );
    },
  });
}

/** Returns the statements of policies, each with the address and the statements of its policy. */
export function policyStatements(policies: readonly IamPolicy[]) {
  return policies.flatMap(({ address, resource, statements }) =>
    statements.map((statement) => ({ address, others: statements, resource, statement })),
  );
}
