import type { TerraformStack } from "cdktf";
import { minimatch } from "minimatch";
import { closest } from "../../modules/private/nearest";
import { shortened } from "../../modules/private/printable";
import { ConfigurationError } from "../config/configuration-file";
import type { Fleet } from "../config/fleet";
import { itemsOf, memberOf } from "../config/unchecked-values";
import { fleetStacks } from "../stacks/fleet-stacks";
import { makeApp, PROJECT_DIRECTORY } from "./synthesis";

/**
 * Returns the names of the stacks that the patterns match, and the names of the shared keys and parameter groups that these stacks
 * need. Patterns have the syntax of `cdktf`. Without a pattern, returns the names of all stacks.
 *
 * @throws ConfigurationError if the configuration has a problem, or a pattern matches no stack
 */
export function select(fleet: Fleet, patterns: readonly string[]): ReadonlySet<string> {
  if (patterns.length === 0) {
    return new Set(fleet.names);
  }
  if (fleet.problems.length > 0) {
    throw fleet.error(fleet.problems);
  }
  const selected = patterns.flatMap((pattern) => {
    const matching = fleet.names.filter((name) => minimatch(name, pattern));
    if (matching.length === 0) {
      const nearest = closest(pattern.replace(/[*?]/g, ""), [...fleet.names]);
      throw new ConfigurationError([
        `arguments must name or match a stack, got: ${shortened(pattern)}, did you mean ${nearest}?`,
      ]);
    }
    return matching;
  });
  const names = new Set(selected);
  const shared = [...sharedOf(fleet)].filter(([name]) => names.has(name)).flatMap(([, needed]) => needed);
  return new Set([...shared, ...names]);
}

/**
 * Creates the stacks that the patterns match, and the shared stacks that they need.
 *
 * @throws ConfigurationError if the configuration has a problem, or a pattern matches no stack
 */
export function selectedStacks(fleet: Fleet, patterns: readonly string[]): readonly TerraformStack[] {
  return fleetStacks(makeApp(), fleet, PROJECT_DIRECTORY, { selected: select(fleet, patterns) });
}

/** Returns the names of the shared key and the shared parameter group of each warehouse, by the name of the warehouse. */
export function sharedOf(fleet: Fleet): ReadonlyMap<string, readonly string[]> {
  return new Map(
    itemsOf(fleet.configuration.warehouses).map((entry) => {
      const needed = [memberOf(entry, "key"), memberOf(memberOf(entry, "cluster"), "parameterGroup")];
      return [memberOf(entry, "name") as string, needed.filter((name) => typeof name === "string")] as const;
    }),
  );
}
