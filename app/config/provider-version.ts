type Version = readonly [major: number, minor: number, patch: number];

/** The versions of the AWS provider that the library is tested with: from the first to before the second. */
const LOWEST: Version = [5, 100, 0];
const BEYOND: Version = [7, 0, 0];

/**
 * The versions of the AWS provider that replace a VPC endpoint if its private DNS is turned on or off: from the first to
 * before the second.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/v6.36.0/CHANGELOG.md
 */
const REPLACES_ENDPOINT: Version = [6, 28, 0];
const CHANGES_ENDPOINT: Version = [6, 36, 0];

/** A warning about a version constraint that admits an AWS provider that the library is not tested with. */
export function versionWarning(constraint: string): string | undefined {
  const [lowest, beyond] = admittedBy(constraint);
  return compare(lowest, LOWEST) < 0 || compare(beyond, BEYOND) > 0
    ? `'awsProviderVersion' admits versions that are not tested: tested are >= ${LOWEST.join(".")}, < ${BEYOND.join(".")}, got: ${constraint}`
    : undefined;
}

/** A warning about a version constraint that admits only AWS providers that replace an endpoint of the Data API. */
export function endpointWarning(constraint: string): string | undefined {
  const [lowest, beyond] = admittedBy(constraint);
  return compare(lowest, REPLACES_ENDPOINT) >= 0 && compare(beyond, CHANGES_ENDPOINT) <= 0
    ? "a change of 'privateDnsEnabled' replaces the endpoint with every version that 'awsProviderVersion' admits: before " +
        `${REPLACES_ENDPOINT.join(".")} and from ${CHANGES_ENDPOINT.join(".")} it is a change in place, got: ${constraint}`
    : undefined;
}

/** The first version that a constraint may admit, and the first after it that it does not. */
function admittedBy(constraint: string): readonly [from: Version, beyond: Version] {
  let [lowest, beyond]: [Version, Version] = [
    [0, 0, 0],
    [Infinity, 0, 0],
  ];
  for (const term of constraint.split(",")) {
    const [from, to] = rangeOf(term.trim());
    lowest = compare(from, lowest) > 0 ? from : lowest;
    beyond = compare(to, beyond) < 0 ? to : beyond;
  }
  return [lowest, beyond];
}

/** The first version that a term of a constraint admits, and the first after it that it does not. */
function rangeOf(term: string): readonly [from: Version, beyond: Version] {
  const [, operator = "=", text] = /^(=|!=|>=|>|<=|<|~>)?\s*([\d.]+)/.exec(term) ?? [];
  const parts = (text ?? "0").split(".").map(Number);
  const [major = 0, minor = 0, patch = 0] = parts;
  const version: Version = [major, minor, patch];
  const next: Version = [major, minor, patch + 1];
  const [start, end]: [Version, Version] = [
    [0, 0, 0],
    [Infinity, 0, 0],
  ];
  switch (operator) {
    case "=":
      return [version, next];
    case ">=":
      return [version, end];
    case ">":
      return [next, end];
    case "<":
      return [start, version];
    case "<=":
      return [start, next];
    case "~>":
      return [version, parts.length > 2 ? [major, minor + 1, 0] : [major + 1, 0, 0]];
    default:
      return [start, end];
  }
}

function compare(a: Version, b: Version): number {
  const index = a.findIndex((part, position) => part !== b[position]);
  return index === -1 ? 0 : a[index]! - b[index]!;
}
