import { memoized } from "../plan/memoized";

/** The names of services that use keys, secrets or warehouses, without `.amazonaws.com`. */
const SERVICES =
  "athena backup cloudformation cloudtrail cloudwatch delivery.logs dynamodb events firehose glue kinesis lakeformation lambda " +
  "logs quicksight redshift redshift-data redshift-serverless sagemaker scheduler scheduler.redshift secretsmanager sqlworkbench " +
  "states";
const DOMAIN = ".amazonaws.com";
const NAMES = SERVICES.split(" ").map((name) => `${name}${DOMAIN}`);
const PREFIX = "(?:af|ap|ca|cn|eu|eusc|il|me|mx|sa|us)";
const REGION = new RegExp(
  String.raw`\b${PREFIX}(?:-[a-z]+)?-(?:central|north|south|(?:north|south)?(?:east|west))-\d\b`,
);
/** A part of a name that begins as a Region, such as us-east1, useast-1 or us-esat-1. */
const MISTYPED_REGION = new RegExp(
  String.raw`\.${PREFIX}(?:-?(?:(?:central|east|gov|north|south|west)-?)+\d*|-[a-z\d-]+)(?=\.amazonaws\.com)`,
);

/**
 * Returns the service name that a name seems to mean: a known name that differs in one or two letters, in the place of the Region or
 * in the domain, or the name with REGION in place of a mistyped Region. Undefined if the name may be right.
 */
export const mistypedServiceFor = memoized((name): string | undefined => {
  const [region] = REGION.exec(name) ?? [];
  if (region === undefined && MISTYPED_REGION.test(name)) {
    return name.replace(MISTYPED_REGION, ".REGION");
  }
  const regionPart = region === undefined ? "" : `.${region}`;
  const given = name.replace(/\.cn$/, "");
  const service = given
    .replace(region ?? "", "")
    .replace(/^https:\/\/|\.amazon[^.]*\.com$/g, "")
    .replace(/^[.-]|[.-]$/g, "");
  const withoutRegion = given.replace(regionPart, "");
  const known =
    NAMES.find((one) => one === `${service}${DOMAIN}`) ??
    NAMES.find((one) => isNear(withoutRegion, one, one.length - DOMAIN.length < 6 ? 1 : 2));
  const meant = known?.replace(DOMAIN, `${regionPart}${DOMAIN}`);
  return meant === given || /[*?$]/.test(name) ? undefined : meant;
});

/** Whether the edit distance of two texts is at most the limit. */
function isNear(text: string, other: string, limit: number): boolean {
  if (Math.abs(text.length - other.length) > limit) {
    return false;
  }
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...text].entries()) {
    const current = [row + 1];
    for (const [column, otherLetter] of [...other].entries()) {
      const replaced = previous[column]! + (letter === otherLetter ? 0 : 1);
      current.push(Math.min(replaced, previous[column + 1]! + 1, current[column]! + 1));
    }
    previous = current;
  }
  return previous.at(-1)! <= limit;
}
