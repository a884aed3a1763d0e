/** The versions of the AWS provider that the library is tested with. */
export const TESTED_VERSIONS = ">= 5.100, < 7";

/**
 * The versions of the AWS provider that replace a VPC endpoint if its private DNS is turned on or off.
 *
 * @see https://github.com/hashicorp/terraform-provider-aws/blob/v6.36.0/CHANGELOG.md
 */
const REPLACES_ENDPOINT = ">= 6.28.0, < 6.36.0";

/** A warning about a version constraint that admits an AWS provider that the library is not tested with. */
export function versionWarning(constraint: string): string | undefined {
  return isWithin(constraint, TESTED_VERSIONS)
    ? undefined
    : `'awsProviderVersion' admits versions that are not tested: tested are ${TESTED_VERSIONS}, got: ${constraint}`;
}

/** A warning about a version constraint that admits only AWS providers that replace an endpoint of the Data API. */
export function endpointWarning(constraint: string): string | undefined {
  return isWithin(constraint, REPLACES_ENDPOINT)
    ? "a change of 'privateDnsEnabled' replaces the endpoint with every version that 'awsProviderVersion' admits: before 6.28.0 " +
        `and from 6.36.0 it is a change in place, got: ${constraint}`
    : undefined;
}

/** Whether a constraint admits no version but those of a range. */
function isWithin(constraint: string, range: string): boolean {
  const [[first, end], [firstOfRange, endOfRange]] = [rangeOf(constraint), rangeOf(range)];
  return first >= firstOfRange && end <= endOfRange;
}

/** The first version that a constraint may admit, and the first version after it that the constraint refuses. */
function rangeOf(constraint: string): readonly [first: number, end: number] {
  const ranges = constraint.split(",").map((term) => rangeOfTerm(term.trim()));
  return [Math.max(...ranges.map(([first]) => first)), Math.min(...ranges.map(([, end]) => end))];
}

function rangeOfTerm(term: string): readonly [first: number, end: number] {
  const [, operator = "=", text = "0"] = /^(=|!=|>=|>|<=|<|~>)?\s*([\d.]+)/.exec(term) ?? [];
  const parts = text.split(".").map(Number);
  const [major = 0, minor = 0, patch = 0] = parts;
  const version = comparable(major, minor, patch);
  const ranges: Readonly<Record<string, readonly [first: number, end: number]>> = {
    "!=": [0, Infinity],
    "<": [0, version],
    "<=": [0, version + 1],
    "=": [version, version + 1],
    ">": [version + 1, Infinity],
    ">=": [version, Infinity],
    "~>": [version, parts.length > 2 ? comparable(major, minor + 1) : comparable(major + 1)],
  };
  return ranges[operator]!;
}

/** A version as one number. No part of a version of the provider has more than three digits. */
function comparable(major: number, minor = 0, patch = 0): number {
  return major * 1_000_000 + minor * 1000 + patch;
}
