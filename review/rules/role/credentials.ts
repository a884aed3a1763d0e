import type { Model } from "../../model/model";
import { attributeOf, stringOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { type Rule, rule } from "../rule";

/** The types of resources with long-term credentials of a user, each with the attribute that has the secret, and words for it. */
const CREDENTIALS = {
  aws_iam_access_key: { attribute: "secret", words: "The secret access key" },
  aws_iam_user_login_profile: { attribute: "password", words: "The password" },
};

/** The rule about credentials of IAM users that Terraform creates. */
export const CREDENTIALS_RULES: readonly Rule[] = [
  rule({
    id: "role-credentials-in-state",
    severity: "warning",
    title: "The credentials of a user are in the state",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    subjects: credentialsInState,
    unjudged: ({ credentials }, model) => model.whyHidden(credentials, "pgp_key"),
    faultOf: ({ credentials, words }) =>
      !isEncrypted(credentials) && {
        consequence: `${words} of ${stringOf(credentials, "after", "user") ?? "a user that the plan does not show"} is in the state. Everybody who can read the state has the permissions of the user.`,
        remedy: "Use a role in place of the user. Or give pgp_key, with which the state has the secret only encrypted.",
      },
  }),
];

function isEncrypted(credentials: PlannedResource): boolean {
  return (
    attributeOf(credentials, "after", "pgp_key").kind !== "absent" && stringOf(credentials, "after", "pgp_key") !== ""
  );
}

/**
 * Returns the credentials of IAM users that have their secret in the state after the change. The state has no password of an
 * imported login profile.
 */
function credentialsInState(model: Model) {
  return Object.entries(CREDENTIALS).flatMap(([type, { attribute, words }]) =>
    model
      .withType(type)
      .filter((credentials) => attributeOf(credentials, "after", attribute).kind !== "absent")
      .map((credentials) => ({ address: credentials.address, credentials, words })),
  );
}
