import { Annotations, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { groupBy } from "../../modules/private/group-by";
import type { Path } from "../config/configuration-file";
import type { Fleet, ValidEntries } from "../config/fleet";
import { type Problem, StackError } from "../config/problems";
import { namespaceWarnings, parameterGroupProblems, unorderedParameterGroupProblems } from "../config/quotas";
import { DataApiEndpointStack } from "./data-api-endpoint-stack";
import type { SharedProps } from "./environment";
import { KeyStack, type Sharer } from "./key-stack";
import { ParameterGroupStack } from "./parameter-group-stack";
import { type PoliciesOfWarehouse, tooLargePolicies } from "./role-policies";
import { WarehouseStack } from "./warehouse-stack";

/** The stacks to create, and a callback for the display of their progress. */
export interface FleetStacksOptions {
  /** Gets the name of the stack that is created next. */
  readonly onStack?: (name: string) => void;
  /**
   * The names of the stacks. The shared keys and parameter groups that they need are created, too.
   *
   * @default - all
   */
  readonly selected?: ReadonlySet<string>;
}

/** The findings about some stacks of a fleet, which the check of the whole fleet takes. They are plain data. */
export interface StackFindings {
  /** The values that the constructs of the stacks refuse. */
  readonly problems: readonly Problem[];
  /** The inline policies that the stacks of warehouses add to roles. */
  readonly rolePolicies: readonly PoliciesOfWarehouse[];
}

/**
 * Creates the stacks of a fleet: of every shared key and parameter group, every warehouse, and every endpoint of the Data API.
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

/** The props of all stacks of a fleet. */
export function sharedProps({ configuration }: Fleet, projectDirectory: string): SharedProps {
  const { accounts, awsProviderVersion, backend, defaultTags } = configuration;
  return { accounts, awsProviderVersion, backend, defaultTags, projectDirectory };
}

/**
 * Checks a fleet.
 *
 * @param findings - of all selected stacks, in the order of the stacks
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

/** Creates stacks of entries. A stack whose constructs refuse a value is left out, and its problems are findings. */
export function createStacks(
  scope: Construct,
  entries: ValidEntries,
  props: SharedProps,
  { onStack, selected }: FleetStacksOptions = {},
): { readonly findings: StackFindings; readonly stacks: readonly TerraformStack[] } {
  const creation = new Creation(onStack);
  const { dataApiEndpoints, keys: sharedKeys, parameterGroups: sharedGroups, warehouses } = entries;
  const isSelected = ({ name }: { readonly name: string }) => !selected || selected.has(name);
  const selectedWarehouses = warehouses.filter(([, entry]) => isSelected(entry));
  const needed = new Set<unknown>(selectedWarehouses.flatMap(([, { cluster, key }]) => [key, cluster?.parameterGroup]));
  const sharers = groupBy(warehouses, ([, { key }]) => key);
  const keys = new Map(
    sharedKeys
      .filter(([, entry]) => isSelected(entry) || needed.has(entry.name))
      .map(([index, entry]) => [
        entry.name,
        creation.create(entry.name, [], () => new KeyStack(scope, index, entry, sharers.get(entry.name) ?? [], props)),
      ]),
  );
  const parameterGroups = new Map(
    sharedGroups
      .filter(([, entry]) => isSelected(entry) || needed.has(entry.name))
      .map(([index, entry]) => [
        entry.name,
        creation.create(entry.name, ["parameterGroups", index], () => new ParameterGroupStack(scope, entry, props)),
      ]),
  );
  const warnings = namespaceWarnings(warehouses);
  const stacks = selectedWarehouses
    .map(([index, warehouse]: Sharer) => {
      const { cluster: { parameterGroup } = {}, key, name } = warehouse;
      const shared = {
        key: typeof key === "string" ? keys.get(key) : undefined,
        parameterGroup: parameterGroup === undefined ? undefined : parameterGroups.get(parameterGroup),
      };
      // A fault of a shared key or parameter group is one problem, and not one of each warehouse.
      const hasShared =
        (typeof key !== "string" || shared.key !== undefined) &&
        (parameterGroup === undefined || shared.parameterGroup !== undefined);
      const stack = hasShared
        ? creation.create(name, ["warehouses", index], () => new WarehouseStack(scope, warehouse, props, shared))
        : undefined;
      const warning = warnings.get(index);
      if (stack && warning !== undefined) {
        Annotations.of(stack).addWarning(warning);
      }
      return stack && ([index, stack] as const);
    })
    .filter((indexed) => indexed !== undefined);
  const endpoints = dataApiEndpoints
    .filter(([, entry]) => isSelected(entry))
    .map(([index, entry]) =>
      creation.create(entry.name, ["dataApiEndpoints", index], () => new DataApiEndpointStack(scope, entry, props)),
    );
  return {
    findings: {
      problems: creation.problems,
      rolePolicies: stacks.map(([index, { rolePolicies }]) => [index, rolePolicies]),
    },
    stacks: [...keys.values(), ...parameterGroups.values(), ...stacks.map(([, stack]) => stack), ...endpoints].filter(
      (stack) => stack !== undefined,
    ),
  };
}

/** The creation of stacks, and the problems of those whose constructs refuse a value. */
class Creation {
  public readonly problems: Problem[] = [];

  public constructor(private readonly onStack: FleetStacksOptions["onStack"]) {}

  /** Creates a stack; undefined if its constructs refuse a value. */
  public create<S extends TerraformStack>(name: string, place: Path, stack: () => S): S | undefined {
    this.onStack?.(name);
    try {
      return stack();
    } catch (error) {
      if (!(error instanceof StackError)) {
        throw error;
      }
      this.problems.push(...error.problems.map((problem) => ({ ...problem, path: [...place, ...problem.path] })));
      return undefined;
    }
  }
}
