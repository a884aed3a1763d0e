import { groupBy } from "../../../modules/private/group-by";
import type { Model } from "../../model/model";
import {
  ENTRY,
  GROUP_TYPES,
  isOfOtherResource,
  LIST,
  LIST_ATTRIBUTES,
  listIdsIn,
  rangesOf,
  RULE_TYPES,
  trafficOf,
  withoutOthers,
} from "../../model/network-parts";
import { attributeOf, blocksOf, exists, isSensitive, shownElements, stringOf, valueOf } from "../../plan/attributes";
import { memoized, memoizedByObject } from "../../plan/memoized";
import { numberText } from "../../plan/number-text";
import type { PlannedResource, Values } from "../../plan/plan";
import { asText, isMap, isString } from "../../plan/predicates";
import { type Rule, rule, type Subject } from "../rule";
import { unreadChanges } from "../unread";

/** The resource types that have a network interface of a warehouse, each with the attribute that names its security groups. */
export const GROUP_ATTRIBUTES: Readonly<Record<string, string>> = {
  aws_redshift_cluster: "vpc_security_group_ids",
  aws_redshift_endpoint_access: "vpc_security_group_ids",
  aws_redshiftserverless_endpoint_access: "vpc_security_group_ids",
  aws_redshiftserverless_workgroup: "security_group_ids",
};
/** By the type of an endpoint: the type of its warehouse, and the attribute with the warehouse's name, which both types have. */
const WAREHOUSES: Readonly<Record<string, readonly [type: string, attribute: string]>> = {
  aws_redshift_endpoint_access: ["aws_redshift_cluster", "cluster_identifier"],
  aws_redshiftserverless_endpoint_access: ["aws_redshiftserverless_workgroup", "workgroup_name"],
};
const DEFAULT_PORT = 5439;
const SIDES = ["after", "before"] as const;
/** The attributes of RULE_TYPES that decide which traffic a rule allows. */
const RULE_ATTRIBUTES = [
  "cidr_blocks",
  "cidr_ipv4",
  "cidr_ipv6",
  "from_port",
  "ip_protocol",
  "ipv6_cidr_blocks",
  "protocol",
  "to_port",
  "type",
];

/** The rule about security groups of warehouses. */
export const NETWORK_RULES: readonly Rule[] = [
  rule({
    id: "warehouse-open-security-group",
    title: "A security group opens the port of a warehouse to the world",
    see: "https://docs.aws.amazon.com/redshift/latest/mgmt/rs-security-group-public-private.html",
    notShown: (model) => (endpointsOf(model).length === 0 ? [] : unreadChanges(model, "EC2")),
    subjects: (model) => endpointsOf(model),
    unjudged: whyNotJudged,
    faultOf: ({ network, resource }, model) => {
      const port = portOf(resource, model);
      const openRule = openRules(model)(network)(String(port));
      return (
        openRule && {
          consequence: `${openRule.address} opens port ${port} to ${openRule.range}: every address that a route reaches may try to log in.`,
          remedy: "Name the address ranges or the security groups of the clients. The Data API does not need the port.",
        }
      );
    },
  }),
];

/** Returns the range of a network's rules that opens a port to the world; undefined if none does. */
const openRules = memoizedByObject((model: Model) =>
  memoizedByObject((network: Network) =>
    memoized((port): OpenRange | undefined => {
      const opening = ingressOfNetwork(network, model).filter(({ rule: ingress }) => opensPort(ingress, Number(port)));
      const addressOfList = new Map(
        opening
          .toReversed()
          .flatMap((ingress) => listsOf(ingress, model).map((list) => [list, ingress.address] as const)),
      );
      const hiddenLists = network.groups.flatMap((group) =>
        hiddenListsOf(group, Number(port), model).map((list) => [list, group.address] as const),
      );
      return worldIn([
        ...opening.flatMap(({ address, rule: ingress }) => rangesOf(ingress).map((range) => ({ address, range }))),
        ...[...addressOfList, ...hiddenLists].flatMap(([list, address]) =>
          rangesInLists([list], model).map((range) => ({ address, range })),
        ),
      ]);
    }),
  ),
);

/** Whether a resource is a security group or prefix list that no warehouse of the plan has, or adds a part to one. */
export function isNetworkOfOthers(resource: PlannedResource, model: Model): boolean {
  const { address, type } = resource;
  const isWhole = [...GROUP_TYPES, LIST].includes(type);
  const attribute = isWhole ? "id" : type === ENTRY ? "prefix_list_id" : "security_group_id";
  // A change outside Terraform has no attributes that AWS sets, such as the ID.
  const planned = model.atAddress(address) ?? resource;
  const [id] = SIDES.flatMap((side) => stringOf(planned, side, attribute) ?? []);
  return (isWhole || [...RULE_TYPES, ENTRY].includes(type)) && !networkIds(model).has(id ?? "");
}

/** The IDs of the security groups that the warehouses of a plan name, and of the prefix lists in the rules of these groups. */
const networkIds = memoizedByObject((model: Model): ReadonlySet<string> => {
  const groupIds = Object.entries(GROUP_ATTRIBUTES).flatMap(([type, attribute]) =>
    model.withType(type).flatMap((resource) => idsIn(resource, attribute)),
  );
  return new Set([...groupIds, ...ingressOfEndpoints(model).flatMap(({ rule: ingress }) => listIdsIn(ingress))]);
});

/** A sensitive attribute of a resource. */
interface SensitivePart {
  readonly attribute: string;
  readonly resource: PlannedResource;
}

/** Returns the sensitive attributes of the warehouses' security groups, and of the rules and prefix lists that these groups may have. */
export function sensitiveIngress(model: Model): readonly SensitivePart[] {
  const endpoints = endpointsOf(model);
  const { groups } = networkOf(endpoints);
  const ingress = ingressOfEndpoints(model);
  const hiddenGroupRules = endpoints.length === 0 ? [] : addedRules(model).filter((one) => hidesGroup(one, model));
  const lists = [...new Set(ingress.flatMap((one) => listsOf(one, model)))];
  const entriesOfHiddenLists = (lists.length === 0 ? [] : model.withType(ENTRY)).filter((entry) =>
    hidesId(entry, "prefix_list_id", model.references.resourcesBehind(entry, "prefix_list_id")),
  );
  const tested = [
    ...groups.map((resource) => ({ attributes: ["ingress"], resource })),
    ...ingress
      .filter(({ resource }) => RULE_TYPES.includes(resource.type))
      .map(({ resource }) => ({ attributes: [...RULE_ATTRIBUTES, ...LIST_ATTRIBUTES], resource })),
    ...hiddenGroupRules.map(({ resource }) => ({ attributes: ["security_group_id"], resource })),
    ...lists.map((resource) => ({ attributes: ["entry"], resource })),
    ...entriesOfHiddenLists.map((resource) => ({ attributes: ["prefix_list_id"], resource })),
    ...lists.flatMap((list) => entriesOf(list, model)).map((resource) => ({ attributes: ["cidr"], resource })),
  ];
  return tested.flatMap(({ attributes, resource }) =>
    attributes.filter((attribute) => isSensitive(resource, attribute)).map((attribute) => ({ attribute, resource })),
  );
}

/** Returns the port of a warehouse or an endpoint. An endpoint has the port of its warehouse. */
function portOf(resource: PlannedResource, model: Model): number {
  const [port = DEFAULT_PORT] = [resource, ...warehousesOf(resource, model)].flatMap(
    (one) => valueOf(one, "after", "port") ?? [],
  );
  return Number(asText(port));
}

/** Returns the warehouse of an endpoint. Returns none if the resource is itself a warehouse, or if its warehouse is not in the plan. */
function warehousesOf(resource: PlannedResource, model: Model): readonly PlannedResource[] {
  const [type, attribute] = WAREHOUSES[resource.type] ?? [];
  if (type === undefined || attribute === undefined) {
    return [];
  }
  const name = stringOf(resource, "after", attribute);
  return name === undefined
    ? model.references.linksOf(resource, attribute, [type]).map((link) => link.resource)
    : model.withValue(type, attribute, name);
}

/** Returns why the plan does not show the port of a warehouse or an endpoint; undefined if the plan shows the port. */
function whyPortUnknown(resource: PlannedResource, model: Model): string | undefined {
  const warehouses = warehousesOf(resource, model);
  const isShown = !Object.hasOwn(WAREHOUSES, resource.type) || valueOf(resource, "after", "port") !== undefined;
  return isShown || warehouses.length > 0
    ? [resource, ...warehouses].map((one) => model.whyHidden(one, "port")).find((why) => why !== undefined)
    : "its warehouse, which has its port, is not in the plan";
}

/** Whether the plan does not show the security group of a rule, because its ID is sensitive. */
function hidesGroup({ resource }: Ingress, model: Model): boolean {
  return hidesId(resource, "security_group_id", groupsBehind(resource, model));
}

/** Whether an ID is sensitive, and refers to none of the resources of the plan. */
function hidesId(resource: PlannedResource, attribute: string, referred: readonly PlannedResource[]): boolean {
  return isSensitive(resource, attribute) && referred.length === 0;
}

/** Returns the resources with a network interface of a warehouse, each with its security groups. */
const endpointsOf = memoizedByObject((model: Model): readonly Endpoint[] => {
  const networks = new Map<string, Network>();
  return Object.entries(GROUP_ATTRIBUTES).flatMap(([type, attribute]) =>
    model
      .withType(type)
      .filter((resource) => exists(resource, "after"))
      .map((resource) => {
        const groups = groupsOf(resource, attribute, model);
        const absent = idsIn(resource, attribute).filter((id) => !groups.some((group) => idOf(group) === id));
        const name = JSON.stringify([groups.map(({ address }) => address), absent]);
        const network = networks.get(name) ?? { absent, groups };
        networks.set(name, network);
        return { address: resource.address, attribute, network, resource };
      }),
  );
});

interface Ingress {
  readonly address: string;
  /** The resource with the rule. */
  readonly resource: PlannedResource;
  readonly rule: Values;
}

/** The security groups of endpoints. Endpoints with the same groups share one network, because thousands can have them. */
interface Network {
  /** The IDs of security groups that are not in the plan. */
  readonly absent: readonly string[];
  readonly groups: readonly PlannedResource[];
}

interface Endpoint extends Subject {
  readonly attribute: string;
  readonly network: Network;
  readonly resource: PlannedResource;
}

/** Returns why the plan does not show which addresses may connect; undefined if the plan shows them. */
function whyNotJudged({ attribute, network, resource }: Endpoint, model: Model): string | undefined {
  const { absent, groups } = network;
  if (groups.length === 0 && model.references.configuration.isConfigured(resource, attribute) === false) {
    return whyDefaultUnknown(model);
  }
  if (absent.length > 0) {
    return `its security group ${absent[0]} is not in the plan`;
  }
  if (groups.length === 0) {
    return model.whyHidden(resource, attribute) ?? "its security groups are not in the plan";
  }
  return (
    whyPortUnknown(resource, model) ??
    whyRulesHidden(model)(network)(String(portOf(resource, model))) ??
    model.references.whyListHidden(resource, attribute)
  );
}

/** Returns why the plan does not show the rules of a network's groups for a port; undefined if the plan shows them. */
const whyRulesHidden = memoizedByObject((model: Model) =>
  memoizedByObject(({ groups }: Network) =>
    memoized((port) =>
      groups
        .flatMap((group) => [
          inGroup(model.whyHidden(group, "ingress"), group),
          ...[ruleOfAnyGroup(model)(port)].flatMap(
            (ingress) => ingress && `${ingress.address} may add a rule to ${group.address}`,
          ),
          ...ingressOf(group, model).map(
            (ingress) => model.whyHidden(ingress.resource, ...RULE_ATTRIBUTES) ?? whyRangesUnknown(ingress, model),
          ),
        ])
        .find((why) => why !== undefined),
    ),
  ),
);

function inGroup(why: string | undefined, { address }: PlannedResource): string | undefined {
  return why === undefined ? undefined : `in ${address}, ${why}`;
}

/**
 * Returns why the rules of the VPC's default security group are unknown; undefined if the plan does not change them. AWS uses this
 * group if the configuration names no group. The rule that AWS creates in this group admits only its members.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
 */
function whyDefaultUnknown(model: Model): string | undefined {
  const [changed] = [
    ...model.withType("aws_default_security_group"),
    ...model
      .withType(...RULE_TYPES)
      .filter((one) =>
        model.references
          .origins(one, "security_group_id")
          .some(({ attribute }) => attribute === "default_security_group_id"),
      ),
  ].filter((one) => exists(one, "after"));
  return changed && `its security group is the default one of its VPC, which ${changed.address} may change`;
}

/** Returns why the address ranges of a rule are unknown; undefined if the plan shows the ranges of all prefix lists of the rule. */
function whyRangesUnknown(ingress: Ingress, model: Model): string | undefined {
  const { address, resource } = ingress;
  const lists = listsOf(ingress, model);
  const absent = listIdsIn(ingress.rule).find((id) => !lists.some((list) => idOf(list) === id));
  return absent === undefined
    ? ((lists.length === 0
        ? model.whyHidden(resource, ...LIST_ATTRIBUTES)
        : model.references.whyListHidden(resource, "prefix_list_ids")) ??
        lists
          .flatMap((list) => [
            model.whyHidden(list, "entry"),
            ...entriesOf(list, model).map((entry) => model.whyHidden(entry, "cidr")),
          ])
          .find((why) => why !== undefined))
    : `${address} has the prefix list ${absent}, which is not in the plan`;
}

/** Returns the prefix lists of the plan whose ranges a rule has. */
function listsOf(ingress: Ingress, model: Model): readonly PlannedResource[] {
  const { resource, rule } = ingress;
  const named = listIdsIn(rule).flatMap((id) => model.withValue(LIST, "id", id));
  const referredLists = LIST_ATTRIBUTES.flatMap((name) => unknownBehind(resource, name, model));
  return [...new Set([...named, ...referredLists.filter(({ type }) => type === LIST)])];
}

/**
 * Returns the prefix lists with unknown IDs in the ingress blocks of a security group. The configuration in a plan has the
 * references of all blocks together, so the block of a list is unknown. Returns none unless each block that does not show its lists
 * opens the port.
 */
function hiddenListsOf(group: PlannedResource, port: number, model: Model): readonly PlannedResource[] {
  const blocks = shownBlocks(group, "ingress").filter((block) => block.prefix_list_ids === undefined);
  const lists = model.references
    .origins(group, "ingress")
    .filter(({ attribute, resource }) => attribute === "id" && resource.type === LIST && idOf(resource) === undefined);
  return blocks.length > 0 && blocks.every((block) => opensPort(block, port))
    ? lists.map(({ resource }) => resource)
    : [];
}

function rangesInLists(lists: readonly PlannedResource[], model: Model): readonly string[] {
  return lists
    .flatMap((list) => [
      ...shownBlocks(list, "entry")
        .map(({ cidr }) => cidr)
        .filter((cidr) => !isOfOtherResource(list, "entry", [cidr], model)),
      ...entriesOf(list, model).map((entry) => valueOf(entry, "after", "cidr")),
    ])
    .filter(isString);
}

/** Returns the blocks of an attribute as far as the plan shows them. An unknown part of a block hides no other part of it. */
function shownBlocks(resource: PlannedResource, attribute: string): readonly Values[] {
  return blocksOf(resource, "after", attribute) ?? shownElements(resource, attribute).filter(isMap);
}

/** Returns the resources that add an entry to a prefix list. */
function entriesOf(list: PlannedResource, model: Model): readonly PlannedResource[] {
  return entriesByList(model).get(list) ?? [];
}

const entriesByList = memoizedByObject((model: Model) => {
  const entries = model.withType(ENTRY).flatMap((entry) => {
    const id = stringOf(entry, "after", "prefix_list_id");
    const lists =
      id === undefined ? model.references.resourcesBehind(entry, "prefix_list_id") : model.withValue(LIST, "id", id);
    return lists.map((list) => ({ entry, list }));
  });
  return new Map(
    [...groupBy(entries, ({ list }) => list)].map(([list, group]) => [list, group.map((one) => one.entry)]),
  );
});

function idsIn(resource: PlannedResource, attribute: string): readonly string[] {
  return [valueOf(resource, "after", attribute)].flat().filter(isString);
}

function idOf(group: PlannedResource): string | undefined {
  return stringOf(group, "after", "id");
}

/** Returns the security groups of a resource that are in the plan. */
function groupsOf(resource: PlannedResource, attribute: string, model: Model): readonly PlannedResource[] {
  const groups = idsIn(resource, attribute).flatMap((id) =>
    GROUP_TYPES.flatMap((type) => model.withValue(type, "id", id)),
  );
  const isUnknown = attributeOf(resource, "after", attribute).kind === "unknown until apply";
  // A local value may be of any group. The plan shows which if it depends on one group only.
  const byLocal = isUnknown ? model.references.linkOf(resource, attribute, GROUP_TYPES)?.resource : undefined;
  const referredGroups = unknownBehind(resource, attribute, model).filter(({ type }) => GROUP_TYPES.includes(type));
  return [...new Set([...groups, ...referredGroups, ...(byLocal ? [byLocal] : [])])];
}

/**
 * Returns the resources that an attribute refers to; none if the value of the attribute is known. A reference such as each.value
 * may mean more resources than the value does.
 */
function unknownBehind(resource: PlannedResource, attribute: string, model: Model): readonly PlannedResource[] {
  return attributeOf(resource, "after", attribute).kind === "known"
    ? []
    : model.references.resourcesBehind(resource, attribute);
}

/** Returns the ingress rules of a security group: its blocks, and the resources that add rules to it. */
function ingressOf(group: PlannedResource, model: Model): readonly Ingress[] {
  return [
    ...shownBlocks(group, "ingress").map((block) => ({
      address: group.address,
      resource: group,
      rule: withoutOthers(block, group, model),
    })),
    ...[idOf(group), group].flatMap((key) => addedRulesByGroup(model).get(key!) ?? []),
  ];
}

/** Returns one network with the security groups of several endpoints. */
function networkOf(endpoints: readonly Endpoint[]): Network {
  const networks = [...new Set(endpoints.map(({ network }) => network))];
  return {
    absent: [...new Set(networks.flatMap(({ absent }) => absent))],
    groups: [...new Set(networks.flatMap(({ groups }) => groups))],
  };
}

function ingressOfEndpoints(model: Model): readonly Ingress[] {
  return ingressOfNetwork(networkOf(endpointsOf(model)), model);
}

/** Returns the ingress rules of a network: those of its groups, and those that the plan adds to groups that are not in the plan. */
function ingressOfNetwork({ absent, groups }: Network, model: Model): readonly Ingress[] {
  return [
    ...groups.flatMap((group) => ingressOf(group, model)),
    ...absent.flatMap((id) => addedRulesByGroup(model).get(id) ?? []),
  ];
}

/** Maps a security group to the rules that the plan adds to it: by its ID, or by its resource if the ID is unknown. */
const addedRulesByGroup = memoizedByObject((model: Model) => {
  const entries = addedRules(model).flatMap((ingress) => {
    const id = stringOf(ingress.resource, "after", "security_group_id");
    const keys = id === undefined ? groupsBehind(ingress.resource, model) : [id];
    return keys.map((key) => ({ ingress, key }));
  });
  return new Map(
    [...groupBy(entries, ({ key }) => key)].map(([key, group]) => [key, group.map(({ ingress }) => ingress)]),
  );
});

/** The resources of the plan that add an ingress rule to any security group. */
const addedRules = memoizedByObject((model: Model): readonly Ingress[] =>
  model
    .withType(...RULE_TYPES)
    .filter((one) => exists(one, "after") && stringOf(one, "after", "type") !== "egress")
    .map((resource) => {
      const { address, change } = resource;
      // A rule that Terraform forgets stays as it is, and has no values after the change.
      const values = Object.entries(change.after ?? change.before ?? {});
      return { address, resource, rule: Object.fromEntries(values.filter(([name]) => !isSensitive(resource, name))) };
    }),
);

/** Returns the security groups that the unknown group ID of a rule refers to: directly, or by a local value that can mean only one. */
function groupsBehind(ingress: PlannedResource, model: Model): readonly PlannedResource[] {
  const groupsOfId = model.references.resourcesBehind(ingress, "security_group_id");
  const byLocal = groupsOfId.length === 0 ? groupsBehindLocal(ingress, model) : [];
  return byLocal.length === 1 ? byLocal : groupsOfId;
}

/**
 * Returns the security groups that a local value in `security_group_id` may mean: the groups in the module of the rule or, if there
 * are none, the groups in the whole plan.
 */
function groupsBehindLocal(ingress: PlannedResource, model: Model): readonly PlannedResource[] {
  const groups = model.references.linksOf(ingress, "security_group_id", GROUP_TYPES).map(({ resource }) => resource);
  const inModule = groups.filter(({ module_address: module }) => module === ingress.module_address);
  return [...new Set(inModule.length > 0 ? inModule : groups)];
}

/** Returns the first rule that may be of any group and may open a port. */
const ruleOfAnyGroup = memoizedByObject((model: Model) => {
  const anyGroupRules = addedRules(model).filter(({ resource }) => mayBeOfAnyGroup(resource, model));
  return memoized((port) =>
    anyGroupRules.find(
      ({ resource, rule: values }) =>
        model.whyHidden(resource, ...RULE_ATTRIBUTES) !== undefined || opensPort(values, Number(port)),
    ),
  );
});

/**
 * Whether the group ID of a rule is unknown and comes from a data source, a local value or a resource such as terraform_data. It
 * may then be the ID of any group.
 */
function mayBeOfAnyGroup(ingress: PlannedResource, model: Model): boolean {
  const origins = groupsBehind(ingress, model);
  return (
    attributeOf(ingress, "after", "security_group_id").kind === "unknown until apply" &&
    (origins.length === 0 ||
      origins.some(({ type }) => !type.startsWith("aws_")) ||
      (model.references.inputsBehind(ingress, "security_group_id").length > 0 &&
        !origins.some(({ type }) => GROUP_TYPES.includes(type))))
  );
}

/** Whether an ingress rule opens a port: for TCP, or for all protocols. */
function opensPort(rule: Values, port: number): boolean {
  const [protocol, first, last] = trafficOf(rule);
  return protocol === "all" || (protocol === "tcp" && first <= port && port <= last);
}

interface OpenRange {
  readonly address: string;
  readonly range: string;
}

/** Numbers of addresses that count as the whole internet: the networks of one organization have fewer. */
const MOST_IPV4 = 2 ** 27;
const MOST_IPV6 = 2 ** 115;

/**
 * Returns a range that is larger than any network. If several ranges are so large only together, returns words for them. Returns
 * undefined otherwise.
 */
function worldIn(ranges: readonly OpenRange[]): OpenRange | undefined {
  const world = ranges.find(({ range }) => isWorld(range));
  if (world) {
    return world;
  }
  const inIpv6 = ranges.filter(({ range }) => range.includes(":"));
  const inIpv4 = ranges.filter(({ range }) => /^\d+\.\d+\.\d+\.\d+\/\d+$/.test(range));
  const count = countOfAddresses(inIpv4.map(({ range }) => intervalOf(range)));
  if (count >= MOST_IPV4) {
    return { address: inIpv4[0]!.address, range: `${numberText(count)} addresses` };
  }
  return countOfAddresses(inIpv6.map(({ range }) => intervalOfIpv6(range))) >= MOST_IPV6
    ? { address: inIpv6[0]!.address, range: `${inIpv6.length} large IPv6 ranges` }
    : undefined;
}

interface Interval {
  readonly end: number;
  readonly first: number;
}

function intervalOf(range: string): Interval {
  const [address = "", length] = range.split("/");
  const first = address.split(".").reduce((value, part) => value * 256 + Number(part), 0);
  return { end: first + 2 ** (32 - Number(length)), first };
}

/** Returns the interval of an IPv6 range, as exactly as a number allows. */
function intervalOfIpv6(range: string): Interval {
  const [address = "", length] = range.split("/");
  const [head = [], tail = []] = address.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const groups = [...head, ...Array<string>(Math.max(0, 8 - head.length - tail.length)).fill("0"), ...tail];
  const first = groups.reduce((value, group) => value * 2 ** 16 + Number.parseInt(group, 16), 0);
  return { end: first + 2 ** (128 - Number(length)), first };
}

/** Counts the addresses in intervals. An address in several intervals counts once. */
function countOfAddresses(ranges: readonly Interval[]): number {
  const intervals = [...ranges].sort((one, other) => one.first - other.first);
  let [count, end] = [0, 0];
  for (const interval of intervals) {
    count += Math.max(0, interval.end - Math.max(end, interval.first));
    end = Math.max(end, interval.end);
  }
  return count;
}

/** Whether a range is larger than any network: the largest that exist are /8, and /16 for IPv6. */
function isWorld(range: string): boolean {
  const [address = "", length = ""] = range.split("/");
  return length !== "" && Number(length) < (address.includes(":") ? 16 : 8);
}
