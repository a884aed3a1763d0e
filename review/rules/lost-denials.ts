import { groupBy } from "../../modules/private/group-by";
import type { HeldDenial, HiddenLimit } from "../model/identity/held-policies";
import { holderName } from "../model/identity/holders";
import type { IamPolicy, Model } from "../model/model";
import { exists, isCreated, stringOf, valueOf } from "../plan/attributes";
import type { PlannedResource, Side } from "../plan/plan";
import { isString } from "../plan/predicates";
import { denialsBeyond } from "../policy/narrower";
import { asArray, hasActionOf, type Statement } from "../policy/statement";
import type { NotJudged } from "./rule";

const REASON = "the plan removes or changes a denial, and does not show all policies that may allow the access";
/** The services whose resources and permissions the review reads. */
const READ_SERVICES = ["iam", "kms", "redshift", "redshift-data", "redshift-serverless", "secretsmanager", "sts"];
/** The attributes by which a resource policy names its secret or warehouse. Each has an ARN. */
const POLICY_TARGETS = ["resource_arn", "secret_arn"];
/** The types of these secrets and warehouses, each with the attributes that can have that ARN. */
const TARGETS = {
  aws_redshift_cluster: ["arn", "cluster_namespace_arn"],
  aws_redshiftserverless_namespace: ["arn"],
  aws_secretsmanager_secret: ["arn"],
} as const;

/** The kinds of holders that have exclusive lists of policies, as the types of the lists have them. */
const HOLDER_KINDS = ["group", "role", "user"];

/** Returns the policies of resources from which the plan removes a denial. They are not judged. */
export function lostDenials(
  policies: readonly IamPolicy[],
  former: readonly IamPolicy[],
  model: Model,
): readonly NotJudged[] {
  const after = new Map(policies.map((policy) => [policy.address, policy]));
  return former
    .filter(({ address, resource, statements }) => {
      const policy = after.get(address);
      const isLost = denialsBeyond(statements, policy?.statements ?? []).length > 0;
      return isLost && policy?.notShown === undefined && !isDestroyedWithTarget(resource, model);
    })
    .map(({ address }) => ({ address, reason: REASON }));
}

/** Whether a plan destroys the resource that has a policy. The policy names this resource by its ARN, or is an attribute of it. */
function isDestroyedWithTarget(policy: PlannedResource, model: Model): boolean {
  const arns = POLICY_TARGETS.flatMap((name) => stringOf(policy, "before", name) ?? []);
  const targets = Object.entries(TARGETS).flatMap(([type, names]) =>
    names.flatMap((name) => arns.flatMap((arn) => model.withValue(type, name, arn, "before"))),
  );
  return arns.length === 0 ? !isInPlan(model, policy) : targets.some((target) => !exists(target, "after"));
}

/**
 * Returns the resources that no longer give a denial to a role, user, group or permission set with policies that the plan does not
 * list. Returns also the managed policies that lose a denial, if nothing in the plan attaches them. None of these are judged.
 */
export function lostDenialsOfUnlisted(model: Model, former: Model): readonly NotJudged[] {
  const remaining = groupBy(model.heldPolicies.denialsOfUnlisted(), ({ holder }) => holderName(holder));
  const denials = former.heldPolicies
    .denialsOfUnlisted()
    .filter(({ statement }) => hasActionOf(statement, READ_SERVICES))
    .filter(({ holder }) => isString(holder) || isInPlan(model, holder));
  const lost = [...groupBy(denials, ({ holder }) => holderName(holder))].flatMap(([name, holderDenials]) => {
    const beyond = new Set(denialsBeyond(statementsIn(holderDenials), statementsIn(remaining.get(name))));
    return holderDenials.filter(({ statement }) => beyond.has(statement));
  });
  const unattached = new Set(model.heldPolicies.changedPoliciesOfUnknownHolders().map(({ name }) => name));
  const unattachedPolicies = ({ iamPolicies }: Model): readonly IamPolicy[] =>
    iamPolicies
      .filter(({ address }) => unattached.has(address))
      .map(({ statements, ...policy }) => ({
        ...policy,
        statements: statements.filter((statement) => hasActionOf(statement, READ_SERVICES)),
      }));
  return [
    ...[...new Set(lost.map(({ address }) => address))].map((address) => ({ address, reason: REASON })),
    ...lostDenials(unattachedPolicies(model), unattachedPolicies(former), model),
  ];
}

/**
 * Returns the resources that no longer give a hidden policy or boundary to a role, user, group or permission set. They are not judged,
 * because the hidden content can be a denial.
 */
export function lostHiddenLimits(model: Model, former: Model): readonly NotJudged[] {
  const textOf = ({ holder, isBoundary, name }: HiddenLimit): string =>
    JSON.stringify([holderName(holder), isBoundary, name]);
  const remaining = new Set(model.heldPolicies.hiddenLimits().map(textOf));
  const lost = former.heldPolicies
    .hiddenLimits()
    .filter((limit) => !remaining.has(textOf(limit)))
    .filter(({ holder }) => isString(holder) || isInPlan(model, holder))
    .map(({ address, isBoundary, name }) => ({
      address,
      reason: isBoundary
        ? `the plan removes or changes the boundary ${name}, and does not show its content`
        : `the plan removes or changes the policy ${name}, which may deny something, and does not show its content`,
    }));
  return [...new Map(lost.map((entry) => [JSON.stringify(entry), entry])).values()];
}

/**
 * Returns the exclusive lists by which the plan removes policies that it does not show: new lists, and lists of inline policies that
 * lose the name of a policy outside the plan. AWS lists all policies of a role in the plan, so their lists are left out.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs/resources/iam_user_policies_exclusive
 */
export function exclusiveLists(model: Model): readonly NotJudged[] {
  return HOLDER_KINDS.flatMap((kind) => {
    const mayLose = (list: PlannedResource): boolean => {
      const [holder] = model.identities.holders.identitiesIn(list, `aws_iam_${kind}`, `${kind}_name`);
      return holder === undefined || isString(holder) || (kind !== "role" && !isCreated(holder));
    };
    const names = (list: PlannedResource, side: Side) => asArray(valueOf(list, side, "policy_names") as string[]);
    const losesName = (list: PlannedResource): boolean => {
      const remaining = new Set(names(list, "after"));
      return names(list, "before").some(
        (name) =>
          !remaining.has(name) && model.withValue(`aws_iam_${kind}_policy`, "name", name, "before").length === 0,
      );
    };
    return model
      .withType(`aws_iam_${kind}_policies_exclusive`, `aws_iam_${kind}_policy_attachments_exclusive`)
      .filter((list) => exists(list, "after") && (isCreated(list) || losesName(list)) && mayLose(list))
      .map(({ address }) => ({
        address,
        reason:
          "the plan removes the policies that are not in the list, which may deny something, and does not show them",
      }));
  });
}

function statementsIn(denials: readonly HeldDenial[] = []): readonly Statement[] {
  return denials.map(({ statement }) => statement);
}

function isInPlan(model: Model, { address }: PlannedResource): boolean {
  const resource = model.atAddress(address);
  return resource !== undefined && exists(resource, "after");
}
