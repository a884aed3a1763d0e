import { allowsGuests, identityProviders, limitsUsers } from "../../policy/federation";
import { titleOf } from "../../policy/statement";
import { hiddenPolicies } from "../not-shown";
import { type Rule, rule } from "../rule";
import { assumeStatements } from "./assume-statements";

/** The rule about roles that users of an identity provider may assume. */
export const FEDERATION_RULES: readonly Rule[] = [
  rule({
    id: "role-trusts-federated-users",
    title: "Every user of an identity provider may assume a role",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
    notShown: ({ trustPolicies }) => hiddenPolicies(trustPolicies),
    subjects: assumeStatements,
    faultOf: ({ statement }) => {
      const providers = identityProviders(statement);
      return limitsUsers(statement, providers)
        ? allowsGuests(statement, providers) && {
            consequence: `${titleOf(statement)} does not exclude guests of an identity pool from the role. A guest does not log in, and needs only the ID of the pool.`,
            remedy:
              "Let cognito-identity.amazonaws.com:amr be authenticated, or take the permissions out of this role.",
          }
        : {
            consequence: `${titleOf(statement)} lets every user of ${providers.join(", ")} assume the role. A public provider has users of other organizations as well.`,
            remedy: "Add a condition on the subject, such as token.actions.githubusercontent.com:sub.",
          };
    },
  }),
];
