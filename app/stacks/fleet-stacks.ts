import { Annotations, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Path } from "../config/configuration-file";
import type { Fleet } from "../config/fleet";
import { type Problem, StackError } from "../config/problems";
import { namespaceWarnings, parameterGroupProblems, unorderedParameterGroupProblems } from "../config/quotas";
import { DataApiEndpointStack } from "./data-api-endpoint-stack";
import { KeyStack, type Sharer } from "./key-stack";
import { ParameterGroupStack } from "./parameter-group-stack";
import { tooLargePolicies } from "./role-policies";
import { WarehouseStack } from "./warehouse-stack";

/** The stacks to create, and a callback for the display of their progress. */
export interface FleetStacksOptions {
  /** Gets the number of the stack that is created, and the number of all. */
  readonly onStack?: (number: number, all: number) => void;
  /**
   * The names of the stacks, with the shared keys and parameter groups that they need.
   *
   * @default - all
   */
  readonly selected?: ReadonlySet<string>;
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
  { onStack, selected = new Set(fleet.names) }: FleetStacksOptions = {},
): readonly TerraformStack[] {
  const { accounts, awsProviderVersion, backend, defaultTags } = fleet.configuration;
  const props = { accounts, awsProviderVersion, backend, defaultTags, projectDirectory };
  const problems: Problem[] = [...fleet.problems];
  let stackNumber = 0;
  const create = <S extends TerraformStack>(place: Path, stack: () => S): S | undefined => {
    onStack?.((stackNumber += 1), selected.size);
    try {
      return stack();
    } catch (error) {
      if (!(error instanceof StackError)) {
        throw error;
      }
      problems.push(...error.problems.map((problem) => ({ ...problem, path: [...place, ...problem.path] })));
      return undefined;
    }
  };
  const warehouses = fleet.validEntries("warehouses");
  const sharedKeys = fleet.validEntries("keys");
  const sharedGroups = fleet.validEntries("parameterGroups");
  const sharers = new Map<string, Sharer[]>(sharedKeys.map(([, { name }]) => [name, []]));
  for (const sharer of warehouses) {
    const [, { key }] = sharer;
    if (typeof key === "string") {
      sharers.get(key)?.push(sharer);
    }
  }
  const keys = new Map(
    sharedKeys
      .filter(([, { name }]) => selected.has(name))
      .map(([index, entry]) => [
        entry.name,
        create([], () => new KeyStack(scope, index, entry, sharers.get(entry.name)!, props)),
      ]),
  );
  const parameterGroups = new Map(
    sharedGroups
      .filter(([, { name }]) => selected.has(name))
      .map(([index, entry]) => [
        entry.name,
        create(["parameterGroups", index], () => new ParameterGroupStack(scope, entry, props)),
      ]),
  );
  problems.push(...parameterGroupProblems(sharedGroups, warehouses));
  problems.push(...unorderedParameterGroupProblems(sharedGroups, warehouses));
  const warnings = namespaceWarnings(warehouses);
  const stacks = warehouses
    .filter(([, { name }]) => selected.has(name))
    .map(([index, warehouse]: Sharer) => {
      const { cluster: { parameterGroup } = {}, key } = warehouse;
      const shared = {
        key: typeof key === "string" ? keys.get(key) : undefined,
        parameterGroup: parameterGroup === undefined ? undefined : parameterGroups.get(parameterGroup),
      };
      // A fault of a shared key or parameter group is one problem, and not one of each warehouse.
      const hasShared =
        (typeof key !== "string" || shared.key !== undefined) &&
        (parameterGroup === undefined || shared.parameterGroup !== undefined);
      const stack = hasShared
        ? create(["warehouses", index], () => new WarehouseStack(scope, warehouse, props, shared))
        : undefined;
      const warning = warnings.get(index);
      if (stack && warning !== undefined) {
        Annotations.of(stack).addWarning(warning);
      }
      return stack && ([index, stack] as const);
    })
    .filter((indexed) => indexed !== undefined);
  problems.push(...tooLargePolicies(stacks.map(([index, { rolePolicies }]) => [index, rolePolicies])));
  const endpoints = fleet
    .validEntries("dataApiEndpoints")
    .filter(([, { name }]) => selected.has(name))
    .map(([index, entry]) => create(["dataApiEndpoints", index], () => new DataApiEndpointStack(scope, entry, props)));
  if (problems.length > 0) {
    throw fleet.error(problems);
  }
  return [...keys.values(), ...parameterGroups.values(), ...stacks.map(([, stack]) => stack), ...endpoints].filter(
    (stack) => stack !== undefined,
  );
}
