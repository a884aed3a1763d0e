/** The versions of the AWS provider that the library supports and is tested with. */
export const TESTED_VERSIONS = ">= 5.100, < 7";

/**
 * The versions of the AWS provider that replace a VPC endpoint if `private_dns_enabled` changes.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/v6.36.0/CHANGELOG.md
 */
const REPLACES_ENDPOINT = ">= 6.28.0, < 6.36.0";

/**
 * Returns a warning if the constraint admits a version of the AWS provider that is not in `TESTED_VERSIONS`; undefined otherwise.
 */
export function versionWarning(constraint: string): string | undefined {
  return isWithin(constraint, TESTED_VERSIONS)
    ? undefined
    : `'awsProviderVersion' admits versions that are not tested: tested are ${TESTED_VERSIONS}, got: ${constraint}`;
}

/**
 * Returns a warning if every version of the AWS provider that the constraint admits replaces the endpoint of the Data API when
 * `privateDnsEnabled` changes; undefined otherwise.
 */
export function endpointWarning(constraint: string): string | undefined {
  return isWithin(constraint, REPLACES_ENDPOINT)
    ? "if 'privateDnsEnabled' changes, every version that 'awsProviderVersion' admits replaces the endpoint: " +
        `versions before 6.28.0 and from 6.36.0 change the endpoint in place, got: ${constraint}`
    : undefined;
}

/** Returns whether a range has every version that a constraint admits. */
function isWithin(constraint: string, range: string): boolean {
  const [[first, end], [firstOfRange, endOfRange]] = [rangeOf(constraint), rangeOf(range)];
  return first >= firstOfRange && end <= endOfRange;
}

/**
 * Returns the smallest interval of versions that contains all versions of a constraint: its first version, and the first version
 * after its end.
 */
function rangeOf(constraint: string): readonly [first: number, end: number] {
  const ranges = constraint.split(",").map((term) => rangeOfTerm(term.trim()));
  return [Math.max(...ranges.map(([first]) => first)), Math.min(...ranges.map(([, end]) => end))];
}

function rangeOfTerm(term: string): readonly [first: number, end: number] {
  const [, operator = "=", text] = /^(=|!=|>=|>|<=|<|~>)?\s*([\d.]+)/.exec(term)!;
  const parts = text!.split(".").map(Number);
  const [major = 0, minor = 0, patch = 0] = parts;
  const version = comparable(major, minor, patch);
  const ranges: Readonly<Record<string, readonly [first: number, end: number]>> = {
    "!=": [-Infinity, Infinity],
    "<": [-Infinity, version],
    "<=": [-Infinity, version + 1],
    "=": [version, version + 1],
    ">": [version + 1, Infinity],
    ">=": [version, Infinity],
    "~>": [version, parts.length > 2 ? comparable(major, minor + 1) : comparable(major + 1)],
  };
  return ranges[operator]!;
}

/** Returns a version as a number that compares like the version. Each part of a provider version has three digits at most. */
function comparable(major: number, minor = 0, patch = 0): number {
  return major * 1_000_000 + minor * 1000 + patch;
}
