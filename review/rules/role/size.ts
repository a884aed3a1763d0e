import { groupBy } from "../../../modules/private/group-by";
import { holderName } from "../../model/identity/holders";
import type { Model } from "../../model/model";
import { stringOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { isString } from "../../plan/predicates";
import { hiddenPolicies } from "../not-shown";
import { type Rule, rule } from "../rule";

const QUOTAS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";

/** The most characters of all inline policies of one role, group or user. */
const INLINE_LIMITS = { role: 10_240, group: 5120, user: 2048 } as const;
const MANAGED_LIMIT = 6144;
/** The most characters of a trust policy: by default, and with the highest quota. */
const TRUST_LIMITS = [2048, 4096] as const;

/** The rules about the sizes of IAM policies. */
export const SIZE_RULES: readonly Rule[] = [
  rule({
    id: "role-policy-too-large",
    title: "The policies of a role, user or group are too large",
    see: QUOTAS,
    notShown: ({ iamPolicies }) => hiddenPolicies(iamPolicies),
    subjects: (model) => [
      ...(["role", "group", "user"] as const).flatMap((kind) => inlineSizes(model, kind)),
      ...sizesOf(model, "aws_iam_policy", "policy").map((sized) => ({
        ...sized,
        limit: MANAGED_LIMIT,
        reason: undefined,
        text: "It has",
      })),
    ],
    unjudged: ({ reason }) => reason,
    faultOf: ({ limit, size, text }) =>
      size > limit && {
        consequence: `${text} ${size} characters without white space, and IAM refuses more than ${limit}.`,
        remedy: "Leave statements out, or move some to managed policies.",
      },
  }),
  rule({
    id: "role-trust-too-large",
    severity: "warning",
    title: "The trust policy of a role is too large",
    see: QUOTAS,
    notShown: ({ trustPolicies }) => hiddenPolicies(trustPolicies),
    subjects: (model) => sizesOf(model, "aws_iam_role", "assume_role_policy"),
    faultOf: ({ size }) =>
      size > TRUST_LIMITS[0] && {
        consequence: `The trust policy has ${size} characters without white space. IAM refuses more than ${TRUST_LIMITS[0]}, or ${TRUST_LIMITS[1]} with the highest quota.`,
        remedy: "Name fewer principals, or limit a statement with aws:PrincipalOrgPaths or aws:PrincipalTag.",
      },
  }),
];

interface Sized {
  readonly address: string;
  readonly resource: PlannedResource;
  readonly size: number;
}

/** Returns the known policies of a type after the change, each with the number of its characters. */
function sizesOf(model: Model, type: string, attribute: string): readonly Sized[] {
  return model.withType(type).flatMap((resource) => sizedPolicy(resource, stringOf(resource, "after", attribute)));
}

/** Counts the characters of a policy; none if it is no text. IAM does not count white space. */
function sizedPolicy(resource: PlannedResource, policy: unknown): readonly Sized[] {
  return isString(policy) ? [{ address: resource.address, resource, size: policy.replace(/\s/g, "").length }] : [];
}

/**
 * Adds up the characters of all inline policies of each identity of a kind. The result has the address of the first policy. Two
 * accounts can have identities with the same name, so each account is counted apart.
 */
function inlineSizes(model: Model, kind: keyof typeof INLINE_LIMITS) {
  const { identities, references } = model;
  const type = `aws_iam_${kind}` as const;
  const inResources = sizesOf(model, `${type}_policy`, "policy").map((sized) => {
    const [holder, ...others] = identities.holders.identitiesIn(sized.resource, type, kind);
    if (holder === undefined || others.length > 0) {
      return { ...sized, name: sized.address, reason: model.whyHidden(sized.resource, kind) };
    }
    const name = isString(holder)
      ? `${references.configuration.providerOf(sized.resource)} ${holder}`
      : holderName(holder);
    return { ...sized, name, reason: undefined };
  });
  const inRoles = (kind === "role" ? model.withType(type) : []).flatMap((role) =>
    (identities.roles.inlineBlocks(role) ?? []).flatMap(({ policy }) =>
      sizedPolicy(role, policy).map((sized) => ({ ...sized, name: role.address, reason: undefined })),
    ),
  );
  const byIdentity = groupBy([...inResources, ...inRoles], ({ name, resource }) =>
    [model.accountOf(resource), name].join(" "),
  );
  return [...byIdentity.values()].map((policies) => ({
    address: policies[0]!.address,
    limit: INLINE_LIMITS[kind],
    reason: policies[0]!.reason,
    size: policies.reduce((total, { size }) => total + size, 0),
    text: `The inline policies of the ${kind} have`,
  }));
}
