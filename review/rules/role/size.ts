import type { Model } from "../../model/model";
import { stringOf } from "../../plan/attributes";
import type { PlannedResource } from "../../plan/plan";
import { hiddenPolicies } from "../not-shown";
import { type Rule, rule } from "../rule";

const QUOTAS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html";

/**
 * The most characters of all inline policies of one role, user or group: the type of such a policy, and the attribute that names
 * the identity.
 */
const INLINE_LIMITS = [
  { attribute: "role", limit: 10_240, type: "aws_iam_role_policy" },
  { attribute: "group", limit: 5120, type: "aws_iam_group_policy" },
  { attribute: "user", limit: 2048, type: "aws_iam_user_policy" },
] as const;
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
      ...INLINE_LIMITS.flatMap((inline) => inlineSizes(model, inline)),
      ...sizesOf(model, "aws_iam_policy", "policy").map((sized) => ({ ...sized, limit: MANAGED_LIMIT, others: "" })),
    ],
    faultOf: ({ limit, others, size }) =>
      size > limit && {
        consequence: `It has ${size} characters without white space${others}, and IAM refuses more than ${limit}.`,
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

/**
 * Returns the known policies of a type after the change, each with the number of its characters. IAM does not count white space.
 */
function sizesOf(model: Model, type: string, attribute: string): readonly Sized[] {
  return model.withType(type).flatMap((resource) => {
    const policy = stringOf(resource, "after", attribute);
    return policy === undefined
      ? []
      : [{ address: resource.address, resource, size: policy.replace(/\s/g, "").length }];
  });
}

/** Adds up the characters of all inline policies of each role, user or group. The address is that of its first policy. */
function inlineSizes(model: Model, { attribute, limit, type }: (typeof INLINE_LIMITS)[number]) {
  const totals = new Map<string, Pick<Sized, "address" | "size">>();
  for (const { address, resource, size } of sizesOf(model, type, "policy")) {
    const [behind] = model.references.resourcesBehind(resource, attribute);
    const identity = stringOf(resource, "after", attribute) ?? behind?.address ?? address;
    const total = totals.get(identity) ?? { address, size: 0 };
    totals.set(identity, { address: total.address, size: total.size + size });
  }
  const others = ", with the other inline policies of its role, user or group";
  return [...totals.values()].map((total) => ({ ...total, limit, others }));
}
