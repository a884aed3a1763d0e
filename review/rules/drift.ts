import { KEY_TYPES } from "../model/key";
import { ATTACHMENTS } from "../model/identity/attachments";
import type { Model } from "../model/model";
import { attributeOf, memberOf, valueOf } from "../plan/attributes";
import { changedAttributes, driftOf, isEqual } from "../plan/changes";
import type { Action, PlannedResource } from "../plan/plan";
import { type Statement, statementsOf, titleOf } from "../policy/statement";
import { type NotJudged, type Rule, rule, type Subject } from "./rule";
import { RESOURCE_POLICIES } from "./sharing";
import { isUnread } from "./unread";
import { isNetworkOfOthers } from "./warehouse/network";

const IAM_POLICIES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html";
const KEY_ROTATION = "https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html";

/** The attributes that have policies, by resource type. */
const POLICIES: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...[
    "aws_iam_policy",
    ...KEY_TYPES,
    "aws_kms_key_policy",
    ...RESOURCE_POLICIES,
    "aws_secretsmanager_secret",
    "aws_secretsmanager_secret_policy",
  ].map((type) => [type, ["policy"]] as const),
  ...Object.entries(ATTACHMENTS)
    .filter(([, { content }]) => content[0] === "document")
    .map(([type, { content }]) => [type, [content[1]]] as const),
  ["aws_iam_role", ["assume_role_policy", "inline_policy"]],
]);

/** The rules about changes outside Terraform that the plan does not undo. */
export const DRIFT_RULES: readonly Rule[] = [
  rule({
    id: "drift-policy",
    title: "A policy has changed outside Terraform",
    see: IAM_POLICIES,
    notShown: hiddenPolicies,
    subjects: driftedStatements,
    faultOf: ({ change, statement }) => ({
      consequence: `${titleOf(statement)} was ${change} outside Terraform, and this plan does not undo the change.`,
      remedy: "Find out who changed the policy. Then restore the policy, or take the change into the configuration.",
    }),
  }),
  rule({
    id: "drift-resource",
    severity: "warning",
    title: "A resource has changed outside Terraform",
    see: KEY_ROTATION,
    notShown: unreadDrift,
    subjects: driftedResources,
    faultOf: ({ details }) => ({
      consequence: `The resource was changed outside Terraform, and this plan does not undo the change: ${details}.`,
      remedy: "Find out who changed the resource. Then restore it, or take the change into the configuration.",
    }),
  }),
];

/** Returns the changes outside Terraform. Changes of resources that the plan destroys are left out. */
function standingDrift(model: Model): readonly PlannedResource[] {
  return model.drift.filter(({ address }) => model.atAddress(address)?.action !== "destroy");
}

/** Returns the resources whose policies have changed outside Terraform, each with an attribute that has policies. */
function driftedPolicies(model: Model) {
  return standingDrift(model)
    .filter(({ action }) => action === "update")
    .flatMap((resource) =>
      changedAttributes(resource)
        .filter((attribute) => POLICIES.get(resource.type)?.includes(attribute))
        .map((attribute) => ({ attribute, resource })),
    );
}

function driftedStatements(
  model: Model,
): readonly (Subject & { readonly change: string; readonly statement: Statement })[] {
  return driftedPolicies(model).flatMap(({ attribute, resource }) => {
    const { address } = resource;
    const planned = model.atAddress(address);
    const before = statementsIn(valueOf(resource, "before", attribute)) ?? [];
    const after = statementsIn(valueOf(resource, "after", attribute)) ?? [];
    const plannedStatements = (planned && statementsIn(valueOf(planned, "after", attribute))) ?? after;
    const missingIn = (statements: readonly Statement[]) => {
      const texts = new Set(statements.map((statement) => JSON.stringify(statement)));
      return (statement: Statement): boolean => !texts.has(JSON.stringify(statement));
    };
    const isMissingInPlan = missingIn(plannedStatements);
    const added = after.filter(missingIn(before)).filter((statement) => !isMissingInPlan(statement));
    const removed = before.filter(missingIn(after)).filter(isMissingInPlan);
    return [
      ...added.map((statement) => ({ address, change: "added", statement })),
      ...removed.map((statement) => ({ address, change: "removed", statement })),
    ];
  });
}

/** Returns the statements of a policy in JSON, or of blocks with such policies; undefined if one cannot be read. */
function statementsIn(value: unknown): readonly Statement[] | undefined {
  const texts = Array.isArray(value) ? value.map((block) => memberOf(block, "policy")) : [value];
  const policies = texts.map(statementsOf);
  return policies.every((policy) => policy !== undefined) ? policies.flat() : undefined;
}

/** Returns the policies that have changed outside Terraform, if the plan does not show them both before and after that change. */
function hiddenPolicies(model: Model): readonly NotJudged[] {
  return driftedPolicies(model).flatMap(({ attribute, resource }) => {
    const isShown = (["before", "after"] as const).every(
      (side) =>
        attributeOf(resource, side, attribute).kind === "absent" ||
        statementsIn(valueOf(resource, side, attribute)) !== undefined,
    );
    return isShown
      ? []
      : [{ address: resource.address, reason: `${attribute} changed outside Terraform and is not shown` }];
  });
}

/** Returns the changes outside Terraform of resources that the review does not read. They are not judged. */
function unreadDrift(model: Model): readonly NotJudged[] {
  return standingDrift(model)
    .filter(({ action, type }) => action !== "none" && isUnread(type))
    .map(({ address }) => ({ address, reason: "it changed outside Terraform, and the review does not read it" }));
}

/** Returns the changes outside Terraform. Changes of policies, and changes that the plan undoes, are left out. */
function driftedResources(model: Model) {
  const reported = standingDrift(model).filter(
    (resource) => !isNetworkOfOthers(resource, model) && !isPlainLog(resource),
  );
  return driftOf(reported.map((resource) => withoutRestored(resource, model)))
    .map(({ action, address, details }) => ({ address, details: driftText(action, details) }))
    .filter(({ address }) => !isCreatedAgain(address, model));
}

/** Whether a resource is a log group without a key. */
function isPlainLog({ change, type }: PlannedResource): boolean {
  const { after, before } = change;
  return type === "aws_cloudwatch_log_group" && [before, after].every((values) => !memberOf(values, "kms_key_id"));
}

/** Returns the change of a drifted resource as the end of a sentence. */
function driftText(action: Action, details: readonly string[]): string {
  if (action === "update") {
    return details.join("; ");
  }
  return action === "destroy" ? "it was deleted" : "it was created or replaced";
}

/** Returns a drifted resource without its policy, and without the attributes that the plan sets back to their values before the drift. */
function withoutRestored(resource: PlannedResource, model: Model): PlannedResource {
  const { after, before } = resource.change;
  const planned = model.atAddress(resource.address)?.change.after;
  if (resource.action !== "update" || !after || !before) {
    return resource;
  }
  const isKept = ([name]: readonly [string, unknown]): boolean =>
    !POLICIES.get(resource.type)?.includes(name) &&
    !(planned && isEqual(memberOf(planned, name), memberOf(before, name)));
  const keptValues = Object.entries(after).filter(isKept);
  return {
    ...resource,
    change: {
      ...resource.change,
      after: Object.fromEntries(keptValues),
      before: Object.fromEntries(keptValues.map(([name]) => [name, memberOf(before, name)])),
    },
  };
}

function isCreatedAgain(address: string, model: Model): boolean {
  return model.atAddress(address)?.action === "create";
}
