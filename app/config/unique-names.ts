import type { Path } from "./configuration-file";
import { type List, LISTS, type Place } from "./defaults";
import type { Problem } from "./problems";
import { pathText, valueText } from "./texts";
import { itemsOf, memberOf, membersOf } from "./unchecked-values";

/**
 * The names that AWS has only once: stacks that use the same one would fail at apply, or take it from each other. The input may
 * be anything, so that these are reported together with what else is wrong.
 *
 * @param placeAt - returns the place in a file of the value at a path
 */
export function repeatedNames(
  input: Readonly<Record<string, unknown>>,
  placeAt: (path: Path) => Place,
): readonly Problem[] {
  const owners = new Map<string, Path>();
  const problems: Problem[] = [];
  const claim: Claim = (what, name, where, path, got = name) => {
    if (typeof name !== "string") {
      return false;
    }
    // Role names are unique whatever their case; the other names have no upper case.
    const claimed = [what, name.toLowerCase(), ...where].join("\n");
    const owner = owners.get(claimed);
    if (owner === undefined) {
      owners.set(claimed, path);
      return true;
    }
    const use = useText(what, placeAt(owner), placeAt(path));
    problems.push({ path, message: `must not be ${use}, got: ${valueText(got)}` });
    return false;
  };
  for (const list of LISTS) {
    itemsOf(input[list]).forEach((item, index) => CLAIMS[list](item, [list, index], claim));
  }
  return problems;
}

/** The text of the first use of a name, for the error of the second use. */
function useText(what: string, first: Place, second: Place): string {
  const place = pathText(first.path);
  if (second.file !== first.file) {
    return `the ${what} of ${place} in ${first.file.name} as well`;
  }
  return pathText(second.path) === place ? `the ${what} of several entries` : `the ${what} of ${place} as well`;
}

/** Takes a name, which may be anything, of which there is one in `where`; false if it is taken. */
type Claim = (what: string, name: unknown, where: readonly unknown[], path: Path, got?: unknown) => boolean;

/** A name, and its place in the configuration. */
interface Named {
  readonly name: unknown;
  readonly path: Path;
}

/** Within a VPC, the public name of a service leads to one endpoint. */
function claimEndpoint(item: unknown, place: Path, claim: Claim): void {
  const { account, name, privateDnsEnabled, region, serviceName, vpcId } = membersOf(item);
  claim("name", name, [], [...place, "name"]);
  if (privateDnsEnabled !== false) {
    const isFips = typeof serviceName === "string" && serviceName.endsWith("-fips");
    claim("VPC with private DNS", vpcId, [account, region, isFips], [...place, "vpcId"]);
  }
}

/** A shared parameter group has the name of its stack. */
function claimParameterGroup(item: unknown, place: Path, claim: Claim): void {
  const { account, name, region } = membersOf(item);
  const path = [...place, "name"];
  if (claim("name", name, [], path)) {
    claim("parameter group", name, [account, region], path);
  }
}

/** The other names that an account has once in a Region: their paths, and what they name. */
const NAMED: readonly (readonly [path: readonly string[], what: string])[] = [
  [["cluster", "alarms", "alarmNamePrefix"], "alarm name prefix"],
  [["cluster", "endpoints", "endpointName"], "endpoint"],
  [["cluster", "eventSubscriptions", "subscriptionName"], "event subscription"],
  [["cluster", "finalSnapshotIdentifier"], "final snapshot"],
  [["cluster", "scheduledActions", "actionName"], "scheduled action"],
  [["cluster", "snapshotSchedule", "identifier"], "snapshot schedule"],
  [["serverless", "alarms", "alarmNamePrefix"], "alarm name prefix"],
  [["serverless", "endpoints", "endpointName"], "serverless endpoint"],
  [["serverless", "snapshotPolicies", "snapshotArn"], "snapshot"],
];

/** The values at a path, which leads through every element of a list. */
function valuesAt(value: unknown, [step, ...rest]: readonly string[], place: Path): readonly Named[] {
  if (step === undefined) {
    return [{ name: value, path: place }];
  }
  return Array.isArray(value)
    ? value.flatMap((item, index) => valuesAt(item, [step, ...rest], [...place, index]))
    : valuesAt(memberOf(value, step), rest, [...place, step]);
}

function claimNames(item: unknown, place: Path, claim: Claim): void {
  const { account, administrators, cluster, key, name, region, serverless, users } = membersOf(item);
  const at = (...path: Path): Path => [...place, ...path];
  // A name that follows from a warehouse name that is taken would only repeat the problem.
  const entryName: Named = { name: claim("name", name, [], at("name")) ? name : undefined, path: at("name") };
  const named = (section: string, settings: unknown, prop: string, otherwise: Named): Named => {
    const { [prop]: given } = membersOf(settings);
    return given === undefined ? otherwise : { name: given, path: at(section, prop) };
  };
  const claimHere = (what: string, { name, path }: Named) => claim(what, name, [account, region], path);
  if (typeof key !== "string" && !("keyArn" in membersOf(key))) {
    const alias = typeof entryName.name === "string" ? `alias/${entryName.name}` : undefined;
    claimHere("key alias", named("key", key, "alias", { ...entryName, name: alias }));
  }
  for (const [list, roles] of Object.entries({ administrators, users })) {
    itemsOf(roles).forEach((role, position) => {
      const { permissionSet, roleArn, roleName } = membersOf(role);
      const arn = roleArn ?? (list === "users" ? role : undefined);
      if (typeof roleName === "string") {
        const path = at(list, position, "roleName");
        if (claim("role", roleName, [account], path)) {
          claim("role", roleName, [account, ...place], path);
        }
      } else if (permissionSet !== undefined) {
        claim("permission set", permissionSet, [...place, list], at(list, position, "permissionSet"));
      } else if (typeof arn === "string") {
        // A role that exists may use several warehouses, but each of them once.
        const path = at(list, position, ...(typeof role === "string" ? [] : ["roleArn"]));
        claim("role", arn.split("/").at(-1), [account, ...place], path, arn);
      }
    });
  }
  for (const [path, what] of NAMED) {
    valuesAt(item, path, place).forEach((name) => claimHere(what, name));
  }
  for (const { name: roleName, path } of valuesAt(item, ["cluster", "scheduledActions", "roleName"], place)) {
    claim("role", roleName, [account], path);
  }
  if (cluster !== undefined) {
    const identifier = named("cluster", cluster, "clusterIdentifier", entryName);
    const { clusterParameterGroupName, parameterGroup, snapshotCopy } = membersOf(cluster);
    if (claimHere("cluster", identifier) && (clusterParameterGroupName ?? parameterGroup) === undefined) {
      claimHere("parameter group", identifier);
    }
    if (snapshotCopy !== undefined) {
      const { destinationRegion, snapshotCopyGrantName: grant } = membersOf(snapshotCopy);
      const path = grant === undefined ? identifier.path : at("cluster", "snapshotCopy", "snapshotCopyGrantName");
      claim("snapshot copy grant", grant ?? identifier.name, [account, destinationRegion], path);
    }
  }
  if (serverless !== undefined) {
    const namespace = named("serverless", serverless, "namespaceName", entryName);
    claimHere("namespace", namespace);
    claimHere("workgroup", named("serverless", serverless, "workgroupName", namespace));
  }
}

/** The names that an entry of each list takes. */
const CLAIMS: Readonly<Record<List, (item: unknown, place: Path, claim: Claim) => void>> = {
  dataApiEndpoints: claimEndpoint,
  keys: claimNames,
  parameterGroups: claimParameterGroup,
  warehouses: claimNames,
};
