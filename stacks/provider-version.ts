type Version = readonly [major: number, minor: number, patch: number];

/** The versions of the AWS provider that the library is tested with: from the first to before the second. */
const LOWEST: Version = [5, 100, 0];
const BEYOND: Version = [7, 0, 0];

/** A warning about a version constraint that admits an AWS provider that the library is not tested with. */
export function versionWarning(constraint: string): string | undefined {
  let [lowest, beyond]: [Version, Version] = [
    [0, 0, 0],
    [Infinity, 0, 0],
  ];
  for (const term of constraint.split(",")) {
    const [from, to] = rangeOf(term.trim());
    lowest = compare(from, lowest) > 0 ? from : lowest;
    beyond = compare(to, beyond) < 0 ? to : beyond;
  }
  return compare(lowest, LOWEST) < 0 || compare(beyond, BEYOND) > 0
    ? `'awsProviderVersion' admits versions that are not tested: tested are >= ${LOWEST.join(".")}, < ${BEYOND.join(".")}, got: ${constraint}`
    : undefined;
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
