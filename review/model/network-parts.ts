import { exists, stringOf, valueOf } from "../plan/attributes";
import { memoizedByObject } from "../plan/memoized";
import type { PlannedResource, Values } from "../plan/plan";
import { asText, isBlocks, isString } from "../plan/predicates";
import type { References } from "../plan/references";
import type { PlannedResources } from "./planned-resources";

/** The resources of a plan, and their configuration. */
type Model = PlannedResources & { readonly references: References };

export const GROUP_TYPES = ["aws_default_security_group", "aws_security_group"];
/** The types of resources that add a rule to a security group. */
export const RULE_TYPES = ["aws_security_group_rule", "aws_vpc_security_group_ingress_rule"];
export const LIST = "aws_ec2_managed_prefix_list";
/** The type of resources that add an entry to a prefix list. */
export const ENTRY = "aws_ec2_managed_prefix_list_entry";
/** The attributes of ingress rules that name prefix lists. */
export const LIST_ATTRIBUTES = ["prefix_list_id", "prefix_list_ids"];
/** The attributes of ingress rules that name security groups. */
const SOURCE_GROUPS = ["referenced_security_group_id", "source_security_group_id"];
/** The attributes of ingress rules that have sources in blocks of a security group. */
const SOURCE_LISTS = ["cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"];

/** Returns the protocol of a rule, and the first and last port. AWS has each protocol by its name or by its number. */
export function trafficOf({
  from_port: from,
  ip_protocol,
  protocol = ip_protocol,
  to_port: to,
}: Values): readonly [protocol: string, first: number, last: number] {
  const name = asText(protocol).toLowerCase();
  return ["-1", "all"].includes(name)
    ? ["all", 0, 65_535]
    : [name === "6" ? "tcp" : name, Number(asText(from ?? 0)), Number(asText(to ?? 0))];
}

export function rangesOf({ cidr_blocks, cidr_ipv4, cidr_ipv6, ipv6_cidr_blocks }: Values): readonly string[] {
  return [cidr_blocks, cidr_ipv4, cidr_ipv6, ipv6_cidr_blocks].flat().filter(isString);
}

export function listIdsIn(values: Values): readonly string[] {
  return LIST_ATTRIBUTES.flatMap((name) => values[name]).filter(isString);
}

/**
 * Returns the ingress rules of a security group, or the entries of a prefix list, without those of other resources of the plan.
 * Returns nothing for a resource of another type.
 */
export function partsBeside(resource: PlannedResource, { entry, ingress }: Values, model: Model): Values {
  if (resource.type === LIST && isBlocks(entry)) {
    return { entry: entry.filter(({ cidr }) => !isOfOtherResource(resource, "entry", [cidr], model)) };
  }
  if (!GROUP_TYPES.includes(resource.type) || !isBlocks(ingress)) {
    return {};
  }
  const rules = ingress.map((block) => withoutOthers(block, resource, model));
  return {
    ingress: rules.filter(
      ({ self, ...rule }) => self === true || SOURCE_LISTS.some((name) => [rule[name]].flat().some(isString)),
    ),
  };
}

/** Returns an ingress block of a security group without the sources of rules of other resources. */
export function withoutOthers(block: Values, group: PlannedResource, model: Model): Values {
  const isOfGroup = (source: unknown): boolean =>
    !isOfOtherResource(group, "ingress", [...trafficOf(block), source], model);
  return Object.fromEntries(
    Object.entries(block).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.filter(isOfGroup) : name === "self" ? value === true && isOfGroup(SELF) : value,
    ]),
  );
}

/** The source of a rule that admits the members of its own security group. */
const SELF = "self";

/**
 * Whether another resource of the plan has a part of an attribute. If the configuration does not set the attribute, the provider
 * reads these parts into it, also those that the plan changes or removes.
 */
export function isOfOtherResource(
  resource: PlannedResource,
  attribute: string,
  part: readonly unknown[],
  model: Model,
): boolean {
  const isComputed = model.references.configuration.isConfigured(resource, attribute) !== true;
  return isComputed && partsOfOthers(model).has(JSON.stringify([stringOf(resource, "before", "id"), ...part]));
}

/** Returns the sources of a rule: address ranges, prefix lists and security groups, of which another account's has its account before it. */
function sourcesOf(values: Values): readonly string[] {
  const groups = SOURCE_GROUPS.flatMap((name) => values[name])
    .filter(isString)
    .map((id) => id.split("/").at(-1)!);
  return [
    ...rangesOf(values),
    ...listIdsIn(values),
    ...groups,
    ...(values.self === true || groups.includes(asText(values.security_group_id)) ? [SELF] : []),
  ];
}

/** The parts of security groups and prefix lists that other resources have, each behind the ID of its group or list. */
const partsOfOthers = memoizedByObject((model: Model): ReadonlySet<string> => {
  const parts = (["before", "after"] as const).flatMap((side) => [
    ...model
      .withType(...RULE_TYPES)
      .filter((resource) => exists(resource, side) && stringOf(resource, side, "type") !== "egress")
      .flatMap((resource) => {
        const values: Values = Object.fromEntries(
          Object.keys(resource.change[side] ?? {}).map((name) => [name, valueOf(resource, side, name)]),
        );
        return sourcesOf(values).map((source) => [values.security_group_id, ...trafficOf(values), source]);
      }),
    ...model.withType(ENTRY).map((entry) => [valueOf(entry, side, "prefix_list_id"), valueOf(entry, side, "cidr")]),
  ]);
  return new Set(parts.map((part) => JSON.stringify(part)));
});
