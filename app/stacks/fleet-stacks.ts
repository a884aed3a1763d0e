import { Annotations, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { groupBy } from "../../modules/private/group-by";
import type { Path } from "../config/configuration-file";
import type { Fleet, Indexed, ValidEntries } from "../config/fleet";
import { type Problem, StackError } from "../config/problems";
import {
  domainWarnings,
  namespaceWarnings,
  parameterGroupProblems,
  unorderedParameterGroupProblems,
} from "../config/quotas";
import type { WarehouseConfiguration } from "../config/schema";
import { DataApiEndpointStack } from "./data-api-endpoint-stack";
import type { SharedProps } from "./environment";
import { KeyStack } from "./key-stack";
import { ParameterGroupStack } from "./parameter-group-stack";
import { type PoliciesOfWarehouse, tooLargePolicies } from "./role-policies";
import { type Shared, WarehouseStack } from "./warehouse-stack";

/** The stacks to create, and a callback for the display of their progress. */
export interface FleetStacksOptions {
  /** Is called with the name of each stack before the stack is created. */
  readonly onStack?: (name: string) => void;
  /**
   * The names of the stacks to create. The shared keys and parameter groups that they need are created, too.
   *
   * @default - all
   */
  readonly selected?: ReadonlySet<string>;
}

/** The results of some stacks that the check of the whole fleet needs. They are plain data, so that threads can send them. */
export interface StackFindings {
  /** The values that the constructs of the stacks refuse. */
  readonly problems: readonly Problem[];
  /** The inline policies that the stacks of warehouses add to roles. */
  readonly rolePolicies: readonly PoliciesOfWarehouse[];
}

/**
 * Creates the stacks of a fleet, and checks the whole fleet: shared keys, shared parameter groups, warehouses and endpoints of
 * the Data API.
 *
 * @param projectDirectory - the path from a stack's directory to the project's
 * @throws ConfigurationError with every problem of single values, and of values that contradict each other
 */
export function fleetStacks(
  scope: Construct,
  fleet: Fleet,
  projectDirectory: string,
  options?: FleetStacksOptions,
): readonly TerraformStack[] {
  const { findings, stacks } = createStacks(scope, fleet.validEntries, sharedProps(fleet, projectDirectory), options);
  checkFleet(fleet, [findings]);
  return stacks;
}

/** Returns the props that every stack of a fleet gets. */
export function sharedProps({ configuration }: Fleet, projectDirectory: string): SharedProps {
  const { accounts, awsProviderVersion, backend, defaultTags } = configuration;
  return { accounts, awsProviderVersion, backend, defaultTags, projectDirectory };
}

/**
 * Checks a fleet after all its stacks are created: problems of entries and constructs, quotas, and the sizes of role policies.
 *
 * @param findings - the findings of all selected stacks, in the order of the stacks
 * @throws ConfigurationError with every problem
 */
export function checkFleet(fleet: Fleet, findings: readonly StackFindings[]): void {
  const { parameterGroups, warehouses } = fleet.validEntries;
  const problems = [
    ...fleet.problems,
    ...parameterGroupProblems(parameterGroups, warehouses),
    ...unorderedParameterGroupProblems(parameterGroups, warehouses),
    ...findings.flatMap((part) => part.problems),
    ...tooLargePolicies(findings.flatMap((part) => part.rolePolicies)),
  ];
  if (problems.length > 0) {
    throw fleet.error(problems);
  }
}

/**
 * Creates the stacks of entries. If the constructs of a stack refuse a value, the stack is left out and its problems become
 * findings.
 */
export function createStacks(
  scope: Construct,
  entries: ValidEntries,
  props: SharedProps,
  { onStack, selected }: FleetStacksOptions = {},
): { readonly findings: StackFindings; readonly stacks: readonly TerraformStack[] } {
  const creation = new Creation(onStack);
  const { dataApiEndpoints, keys, parameterGroups, warehouses } = entries;
  const isSelected = ([, { name }]: Indexed<Named>) => !selected || selected.has(name);
  const selectedWarehouses = warehouses.filter(isSelected);
  const needed = new Set<unknown>(selectedWarehouses.flatMap(([, { cluster, key }]) => [key, cluster?.parameterGroup]));
  const isNeeded = (entry: Indexed<Named>) => isSelected(entry) || needed.has(entry[1].name);
  const sharers = groupBy(warehouses, ([, { key }]) => key);
  const keyStacks = creation.createEach(
    keys.filter(isNeeded),
    // The problems of a key stack have whole paths, because a problem of a user is in the entry of a warehouse.
    () => [],
    (entry, index) => new KeyStack(scope, index, entry, sharers.get(entry.name) ?? [], props),
  );
  const groupStacks = creation.createEach(
    parameterGroups.filter(isNeeded),
    (index) => ["parameterGroups", index],
    (entry) => new ParameterGroupStack(scope, entry, props),
  );
  const [keysByName, groupsByName] = [byName(keyStacks), byName(groupStacks)];
  const sharedOf = ({ cluster, key }: WarehouseConfiguration): Shared => ({
    key: typeof key === "string" ? keysByName.get(key) : undefined,
    parameterGroup: groupsByName.get(cluster?.parameterGroup ?? ""),
  });
  const warehouseStacks = creation.createEach(
    // The warehouses of a shared key or parameter group that has a problem are skipped, so that the problem is reported once.
    selectedWarehouses.filter(([, entry]) => hasSharedStacks(entry, sharedOf(entry))),
    (index) => ["warehouses", index],
    (entry) => new WarehouseStack(scope, entry, props, sharedOf(entry)),
  );
  addWarnings(warehouseStacks, namespaceWarnings(warehouses));
  addWarnings(warehouseStacks, domainWarnings(warehouses));
  const endpointStacks = creation.createEach(
    dataApiEndpoints.filter(isSelected),
    (index) => ["dataApiEndpoints", index],
    (entry) => new DataApiEndpointStack(scope, entry, props),
  );
  const rolePolicies = warehouseStacks.map(([index, stack]) => [index, stack.rolePolicies] as const);
  return {
    findings: { problems: creation.problems, rolePolicies },
    stacks: [...keyStacks, ...groupStacks, ...warehouseStacks, ...endpointStacks].map(([, stack]) => stack),
  };
}

interface Named {
  readonly name: string;
}

function byName<S extends TerraformStack>(stacks: readonly Indexed<S>[]): ReadonlyMap<string, S> {
  return new Map(stacks.map(([, stack]) => [stack.node.id, stack]));
}

/** Returns whether the shared stacks that a warehouse needs were created. */
function hasSharedStacks({ cluster, key }: WarehouseConfiguration, shared: Shared): boolean {
  return (
    (typeof key !== "string" || shared.key !== undefined) &&
    (cluster?.parameterGroup === undefined || shared.parameterGroup !== undefined)
  );
}

function addWarnings(stacks: readonly Indexed<TerraformStack>[], warnings: ReadonlyMap<number, string>): void {
  for (const [index, stack] of stacks) {
    const warning = warnings.get(index);
    if (warning !== undefined) {
      Annotations.of(stack).addWarning(warning);
    }
  }
}

/** Creates stacks. If the constructs of a stack refuse values, collects these problems. */
class Creation {
  public readonly problems: Problem[] = [];

  public constructor(private readonly onStack: FleetStacksOptions["onStack"]) {}

  /** Creates the stack of each entry, and returns the stacks without a problem. */
  public createEach<E extends Named, S extends TerraformStack>(
    entries: readonly Indexed<E>[],
    placeOf: (index: number) => Path,
    create: (entry: E, index: number) => S,
  ): readonly Indexed<S>[] {
    return entries.flatMap(([index, entry]) => {
      this.onStack?.(entry.name);
      try {
        return [[index, create(entry, index)] as const];
      } catch (error) {
        if (!(error instanceof StackError)) {
          throw error;
        }
        const place = placeOf(index);
        this.problems.push(...error.problems.map((problem) => ({ ...problem, path: [...place, ...problem.path] })));
        return [];
      }
    });
  }
}
