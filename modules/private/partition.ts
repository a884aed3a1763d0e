/** The partitions other than aws, by the prefix of their Regions. */
export const PARTITIONS: Readonly<Record<string, string>> = {
  "cn-": "aws-cn",
  "us-gov-": "aws-us-gov",
  "eusc-": "aws-eusc",
  "us-iso-": "aws-iso",
  "us-isob-": "aws-iso-b",
  "eu-isoe-": "aws-iso-e",
  "us-isof-": "aws-iso-f",
};

const PARTITIONS_BY_PREFIX = Object.entries(PARTITIONS);

/** Returns the partition of a Region, which must not be a token. */
export function partitionOf(region: string): string {
  return PARTITIONS_BY_PREFIX.find(([prefix]) => region.startsWith(prefix))?.[1] ?? "aws";
}
