import { Model } from "../../../review/model/model";
import type { Plan } from "../../../review/plan/plan";
import { readPlan } from "../../../review/plan/read-plan";
import { readStack } from "../../../review/plan/stack";
import { type Report, review } from "../../../review/report/report";
import type { Promises } from "../../../review/rules/rule";
import { ACCOUNT, ADMIN_ARN, KEY_ARN, USER_ARN } from "../../support/arns";

export type Values = Readonly<Record<string, unknown>>;

/** A resource or data source: its change, and how it is configured. */
export interface Resource {
  readonly change: Values;
  readonly configured: readonly Values[];
}

/** More of a resource: its expressions, if it is in the configuration, and marks of its values. */
export interface ResourceDetails {
  readonly [mark: string]: unknown;
  readonly expressions?: Values;
}

function resource(
  address: string,
  action: string,
  before: Values | null,
  after: Values | null,
  details: ResourceDetails,
): Resource {
  const [, module, data, type, name, index] =
    /^(?:(module\..+)\.)?(data\.)?(\w+)\.(\w+)(?:\["(.+)"\])?$/.exec(address) ?? [];
  const { expressions, ...marks } = details;
  const mode = data === undefined ? "managed" : "data";
  return {
    change: {
      address,
      change: { actions: action.split(" "), after, before, ...marks },
      mode,
      module_address: module,
      name,
      type,
      ...(index !== undefined && { index }),
    },
    configured:
      expressions === undefined ? [] : [{ address: address.replace(/\[.*/, ""), expressions, mode, name, type }],
  };
}

export const created = (address: string, after: Values, details: ResourceDetails = {}) =>
  resource(address, "create", null, after, details);
export const destroyed = (address: string, before: Values, details: ResourceDetails = {}) =>
  resource(address, "delete", before, null, details);
/** A resource that Terraform takes out of its state, and that stays in AWS. */
export const forgotten = (address: string, before: Values, details: ResourceDetails = {}) =>
  resource(address, "forget", before, null, details);
export const kept = (address: string, values: Values, details: ResourceDetails = {}) =>
  resource(address, "no-op", values, values, details);
/** A data source that is read during the apply. */
export const readDuringApply = (address: string, after: Values, details: ResourceDetails = {}) =>
  resource(address, "read", null, after, details);
export const replaced = (address: string, before: Values, after: Values, details: ResourceDetails = {}) =>
  resource(address, "delete create", before, after, details);
export const updated = (address: string, before: Values, after: Values, details: ResourceDetails = {}) =>
  resource(address, "update", before, after, details);

function planOf(resources: readonly Resource[], modules: Values, more: Values, stack?: string): Plan {
  const plan = {
    configuration: {
      root_module: { module_calls: modules, resources: resources.flatMap(({ configured }) => configured) },
    },
    format_version: "1.2",
    resource_changes: resources.map(({ change }) => change),
    ...more,
  };
  return readPlan(JSON.stringify(plan), "plan", stack === undefined ? undefined : readStack(stack, "stack"));
}

/** @param stack - the `cdk.tf.json` of the plan */
export const reviewed = (
  resources: readonly Resource[],
  modules: Values = {},
  more: Values = {},
  stack?: string,
): Report => review(planOf(resources, modules, more, stack));
export const reviewedUnder = (promises: Partial<Promises>, ...resources: readonly Resource[]): Report =>
  review(planOf(resources, {}, {}), [], { forbidden: [], references: [], ...promises });
export const modelWith = (modules: Values, ...resources: readonly Resource[]): Model =>
  new Model(planOf(resources, modules, {}));
export const modelOf = (...resources: readonly Resource[]): Model => modelWith({}, ...resources);

export const ruleIds = (...resources: readonly Resource[]): string[] =>
  reviewed(resources).findings.map(({ rule }) => rule);
export const findingsOf = (rule: string, ...resources: readonly Resource[]) =>
  reviewed(resources).findings.filter((finding) => finding.rule === rule);

export const policyOf = (...Statement: readonly object[]): string =>
  JSON.stringify({ Statement, Version: "2012-10-17" });
export const allow = (principal: string, action: string, more: object = {}): object => ({
  Action: action,
  Effect: "Allow",
  Principal: { AWS: principal },
  Resource: "*",
  ...more,
});
export const ADMINISTRATOR = allow(ADMIN_ARN, "kms:*");
export const USER = allow(USER_ARN, "kms:Decrypt");
export const IN_ACCOUNT = { Condition: { StringEquals: { "kms:CallerAccount": ACCOUNT } } };

/** A key that the plan creates with these statements. */
export const newKey = (...statements: readonly object[]): Resource =>
  created("aws_kms_key.this", { policy: policyOf(...statements) }, { expressions: { policy: {} } });
/** The key of KEY_ARN, with these statements. */
export const keyWith = (...statements: readonly object[]): Resource =>
  kept("aws_kms_key.this", { arn: KEY_ARN, policy: policyOf(...statements) }, { expressions: { policy: {} } });
export const policyUnknownFrom = (...references: readonly string[]): ResourceDetails => ({
  after_unknown: { policy: true },
  expressions: { policy: { references } },
});
export const keyUnknownFrom = (...references: readonly string[]): ResourceDetails => ({
  after_unknown: { kms_key_id: true },
  expressions: { kms_key_id: { references } },
});
