import { IDENTITY_ATTRIBUTES } from "../../model/identity/identity-attributes";
import type { Model } from "../../model/model";
import { exists, isSensitive } from "../../plan/attributes";
import { hiddenFault } from "../not-shown";
import { type Rule, rule } from "../rule";

/** The rule about sensitive names. An unknown name is no fault, because the names of new roles often are unknown. */
export const NOT_SHOWN_RULES: readonly Rule[] = [
  rule({
    id: "role-not-shown",
    title: "The plan hides who has which permissions",
    see: "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html",
    subjects: sensitiveNames,
    faultOf: ({ attribute, resource }, model) =>
      hiddenFault(
        model,
        resource,
        attribute,
        `The value after the change is not shown (${attribute} is sensitive), so this plan does not show who has which permissions.`,
      ),
  }),
];

/** Returns the resources with a sensitive name or boundary, each with the first such attribute. */
function sensitiveNames(model: Model) {
  return model
    .withType(...Object.keys(IDENTITY_ATTRIBUTES))
    .filter((resource) => exists(resource, "after"))
    .flatMap((resource) => {
      const attribute = IDENTITY_ATTRIBUTES[resource.type]!.find((name) => isSensitive(resource, name));
      return attribute === undefined ? [] : [{ address: resource.address, attribute, resource }];
    });
}
