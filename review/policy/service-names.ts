/** The names of services that use keys, secrets or warehouses, without `.amazonaws.com`. */
const SERVICES =
  "athena backup cloudformation cloudtrail cloudwatch delivery.logs dynamodb events firehose glue kinesis lakeformation lambda " +
  "logs quicksight redshift redshift-data redshift-serverless sagemaker scheduler scheduler.redshift secretsmanager sqlworkbench " +
  "states";
const DOMAIN = ".amazonaws.com";
const NAMES = SERVICES.split(" ").map((name) => `${name}${DOMAIN}`);
const REGION = /\.[a-z]{2}(?:-[a-z]+)+-\d+(?=\.)/;
/** The name of a Region with a hyphen or its number left out, such as us-east1. */
const MISTYPED_REGION =
  /\.(?:af|ap|ca|cn|eu|il|me|mx|sa|us)-?(?:(?:central|east|gov|north|south|west)-?)+\d*(?=\.amazonaws\.com)/;

/**
 * Returns the service name that a name seems to mean: a known name that differs in one or two letters, or the name with REGION in
 * place of a mistyped Region. Undefined if the name may be right.
 */
export function mistypedServiceFor(name: string): string | undefined {
  const [region = ""] = REGION.exec(name) ?? [];
  if (region === "" && MISTYPED_REGION.test(name)) {
    return name.replace(MISTYPED_REGION, ".REGION");
  }
  const withoutRegion = name.replace(REGION, "").replace(/\.cn$/, "");
  if (NAMES.includes(withoutRegion) || /[*?$]/.test(name)) {
    return undefined;
  }
  const meant = NAMES.find((known) => isNear(withoutRegion, known, known.length - DOMAIN.length < 6 ? 1 : 2));
  return meant?.replace(DOMAIN, `${region}${DOMAIN}`);
}

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
