import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Path } from "./configuration-file";
import type { Fleet, Problem } from "./fleet";
import { KeyStack, type Sharer } from "./key-stack";
import { StackError } from "./problems";
import { WarehouseStack } from "./warehouse-stack";

/**
 * Makes the stacks of a fleet: of every shared key, and of every warehouse.
 *
 * @param projectDirectory - the way from a stack's directory to the project's
 * @throws ConfigurationError with everything that is wrong: with single values, and between those of an entry
 */
export function fleetStacks(scope: Construct, fleet: Fleet, projectDirectory: string): readonly TerraformStack[] {
  const { accounts, awsProviderVersion, backend, defaultTags } = fleet.configuration;
  const props = { accounts, awsProviderVersion, backend, defaultTags, projectDirectory };
  const problems: Problem[] = [...fleet.problems];
  const make = <S extends TerraformStack>(place: Path, stack: () => S): S | undefined => {
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
  const warehouses = fleet.rightWarehouses;
  const sharers = new Map<string, Sharer[]>(fleet.rightKeys.map(([, { name }]) => [name, []]));
  for (const sharer of warehouses) {
    const [, { key }] = sharer;
    if (typeof key === "string") {
      sharers.get(key)?.push(sharer);
    }
  }
  const keys = new Map(
    fleet.rightKeys.map(([index, entry]) => [
      entry.name,
      make([], () => new KeyStack(scope, index, entry, sharers.get(entry.name)!, props)),
    ]),
  );
  const stacks = warehouses.map(([index, warehouse]: Sharer) => {
    const { key } = warehouse;
    const keyStack = typeof key === "string" ? keys.get(key) : undefined;
    // What is wrong with a shared key is said once.
    const makes = typeof key !== "string" || keyStack !== undefined;
    return makes ? make(["warehouses", index], () => new WarehouseStack(scope, warehouse, props, keyStack)) : undefined;
  });
  if (problems.length > 0) {
    throw fleet.error(problems);
  }
  return [...keys.values(), ...stacks].filter((stack) => stack !== undefined);
}
