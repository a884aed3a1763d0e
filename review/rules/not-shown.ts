import type { IamPolicy, Model } from "../model/model";
import { attributeOf, isSensitive, isWhollyUnknown, memberOf } from "../plan/attributes";
import type { PlannedResource } from "../plan/plan";
import { isUnknownOrigin, type Origin } from "../plan/references";
import type { Fault, NotJudged } from "./rule";

/** Returns the keys whose policy after the change is not shown. */
export function hiddenKeyPolicies({ keys }: Model): readonly NotJudged[] {
  return keys.flatMap(({ address, policy: { after } }) =>
    after.kind === "hidden" ? [{ address, reason: `the key policy is not shown (${after.why})` }] : [],
  );
}

/** Returns the roles and users with a name or a path that is not shown. */
export function hiddenIdentities(model: Model): readonly NotJudged[] {
  return model.withType("aws_iam_role", "aws_iam_user").flatMap((identity) => {
    const reason = model.whyHidden(identity, "name", "path");
    return reason === undefined ? [] : [{ address: identity.address, reason }];
  });
}

/** Returns the policies of roles, users and groups that are not shown, or not as a whole. */
export function hiddenPolicies(policies: readonly IamPolicy[]): readonly NotJudged[] {
  return policies.flatMap(({ address, notShown, outOfPlan }) => {
    const reason = notShown === undefined ? outOfPlan : `the policy is not shown (${notShown})`;
    return reason === undefined ? [] : [{ address, reason }];
  });
}

/** Returns the warehouses whose key is unknown, or is not in the plan. */
export function warehousesWithoutKey({ warehouses }: Model): readonly NotJudged[] {
  return warehouses.flatMap(({ address, key: { after } }) => {
    switch (after.kind) {
      case "elsewhere":
        return [{ address, reason: `its key ${after.name} is not in the plan` }];
      case "hidden":
        return [{ address, reason: `kms_key_id is ${after.why}, and the plan does not show which key it names` }];
      default:
        return [];
    }
  });
}

/** Returns the policies of keys that are not shown, and the policies and warehouses without a known key. */
export function hiddenLinks(model: Model): readonly NotJudged[] {
  const policies = model.keys
    .filter(({ isHidden }) => isHidden)
    .map(({ address }) => ({ address, reason: "the plan does not show which key its key_id names" }));
  return [...hiddenKeyPolicies(model), ...policies, ...warehousesWithoutKey(model)];
}

/** Returns the fault of an attribute that is unknown until apply, sensitive, or not in IAM's policy grammar. */
export function hiddenFault(model: Model, resource: PlannedResource, attribute: string, consequence: string): Fault {
  const remedy = remedyForUnknown(model, resource, attribute);
  return { consequence, isOfHiddenChange: changes(resource, attribute), remedy };
}

/**
 * Creates the `faultOf` function of a rule: a policy that is not shown is a fault.
 *
 * @param effect - the effect of the policy, such as "who may assume the role"
 */
export function hiddenPolicyFault(policy: string, effect: string) {
  return ({ attribute, notShown, resource }: IamPolicy, model: Model): Fault | false =>
    notShown !== undefined &&
    hiddenFault(
      model,
      resource,
      attribute,
      `The ${policy} after the change is not shown (${notShown}), so this plan does not show ${effect}.`,
    );
}

/** Whether a plan may change an attribute. The values of a sensitive attribute are compared, too. */
export function changes({ action, change: { after, before } }: PlannedResource, attribute: string): boolean {
  const [former, value] = [before, after].map((values) => JSON.stringify(memberOf(values, attribute)));
  return action !== "none" && action !== "forget" && former !== value;
}

/** Returns the remedy for an attribute that is unknown until apply, sensitive, or not in IAM's policy grammar. */
function remedyForUnknown(model: Model, resource: PlannedResource, attribute: string): string {
  const { references } = model;
  const { kind } = attributeOf(resource, "after", attribute);
  if (kind === "known") {
    return `Write ${attribute} in IAM's policy grammar, as JSON that is encoded once.`;
  }
  const isSensitiveValue = kind === "sensitive";
  const origins = references
    .origins(resource, attribute)
    .filter((origin) =>
      isSensitiveValue
        ? origin.attribute !== undefined && isSensitive(origin.resource, origin.attribute)
        : origin.resource.action !== "none" && isUnknownOrigin(origin),
    )
    .map((origin) => originText(origin, model));
  // A sensitive value may come from a local value that is known.
  const locals = (isSensitiveValue ? [] : references.inputsBehind(resource, attribute))
    .filter((input) => input.includes(" local."))
    .map((input) => input.trim().replace(" ", "."));
  const unknown = origins.length > 0 ? origins : locals;
  const replaced = [...new Set(unknown)].join(", ");
  const isReadable = attribute.endsWith("policy") && isWhollyUnknown(resource, attribute);
  return [
    unknown.length === 0
      ? `Write ${attribute} so that the plan shows it: without sensitive values, and with values that are known at plan.`
      : `Write values that are ${isSensitiveValue ? "not sensitive" : "known at plan, such as an ARN by account and name,"} in place of ${replaced}.`,
    ...(isReadable && !references.templates.hasStack
      ? ["Or review the plan file beside its configuration, with --stack-files."]
      : []),
  ].join(" ");
}

/** Returns the reference to an origin, and the ARN of a role or user, if the plan shows its parts. */
function originText({ attribute, resource }: Origin, model: Model): string {
  const reference = [resource.address, attribute ?? []].flat().join(".");
  const arn = attribute === "arn" ? model.arnOfIdentity(resource) : undefined;
  return arn === undefined ? reference : `${reference} (${arn})`;
}
