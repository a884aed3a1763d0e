import { identityProviders, limitsUsers } from "../../policy/federation";
import { asArray, titleOf } from "../../policy/statement";
import { hiddenKeyPolicies } from "../not-shown";
import { type Rule, rule } from "../rule";
import { allowStatements, partlyShownKeys } from "./statements";

/** The rule about users of identity providers in a key policy. */
export const KEY_FEDERATION_RULES: readonly Rule[] = [
  rule({
    id: "key-policy-federated-users",
    severity: "warning",
    title: "The key policy names every user of an identity provider",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
    notShown: hiddenKeyPolicies,
    subjects: (model) =>
      partlyShownKeys(model).flatMap((key) =>
        allowStatements(key).map((statement) => ({
          address: key.address,
          providers: identityProviders(statement),
          statement,
        })),
      ),
    faultOf: ({ providers, statement }) =>
      !limitsUsers(statement, providers) && {
        consequence: `${titleOf(statement)} allows ${asArray(statement.Action).join(", ") || "almost anything"} to users of ${providers.join(", ")}, and no condition limits the users.`,
        remedy: "Name the role that the users assume, and limit its trust policy.",
      },
  }),
];
