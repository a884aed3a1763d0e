import { join } from "node:path";
import { follows, type Rule } from "../../modules/private/rule";
import { ACCOUNT_ID, REGION, WORKGROUP_NAME } from "../../modules/private/rules";
import { parseArguments, UserError } from "../command";

const ROOT = join(__dirname, "..", "..");
const MINUTE = 60_000;
const MAX_MINUTES = 60;

export const USAGE = `Usage: npm run verify:aws -- --account ID [option ...]

Deploys the smallest serverless warehouse to a real AWS account, runs a statement as its user, writes a record of the
answers of AWS, and destroys everything. It costs less than USD 2. docs/verified-on-aws.md describes the record.

  --account ID                    the account of the credentials
  --region REGION                 us-east-1 is the default
  --name NAME                     the name of each resource; verify-data-api is the default
  --record FILE                   the record; emulator/records/REGION-serverless.json is the default
  --wait-for-kms MINUTES          how long a change of IAM or KMS may take to have an effect; 5 is the default
  --wait-for-cloudtrail MINUTES   how long CloudTrail may take to show an event; 15 is the default
  --yes                           ask for no confirmation
  --help`;

/** The arguments of a run. */
export interface Options {
  readonly account: string;
  readonly name: string;
  readonly recordFile: string;
  readonly region: string;
  /** The longest time to wait for CloudTrail events, in milliseconds. */
  readonly waitForCloudTrail: number;
  /** The longest time to wait for a change of a grant or a policy in KMS, in milliseconds. */
  readonly waitForKms: number;
  /** Whether the run starts without a confirmation. */
  readonly yes: boolean;
}

/**
 * Reads the arguments; returns undefined if they ask for help.
 *
 * @throws UserError if an argument breaks its rule
 */
export function readArguments(args: readonly string[]): Options | undefined {
  const values = parsed(args);
  if (values.help) {
    return undefined;
  }
  const region = checked("--region", values.region, REGION);
  return {
    account: checked("--account", values.account, ACCOUNT_ID),
    name: checked("--name", values.name, WORKGROUP_NAME),
    recordFile: values.record ?? join(ROOT, "emulator", "records", `${region}-serverless.json`),
    region,
    waitForCloudTrail: milliseconds("--wait-for-cloudtrail", values["wait-for-cloudtrail"]),
    waitForKms: milliseconds("--wait-for-kms", values["wait-for-kms"]),
    yes: values.yes,
  };
}

function parsed(args: readonly string[]) {
  return parseArguments("verify:aws", {
    args: [...args],
    options: {
      account: { type: "string" },
      help: { default: false, type: "boolean" },
      name: { default: "verify-data-api", type: "string" },
      record: { type: "string" },
      region: { default: "us-east-1", type: "string" },
      "wait-for-cloudtrail": { default: "15", type: "string" },
      "wait-for-kms": { default: "5", type: "string" },
      yes: { default: false, type: "boolean" },
    },
  }).values;
}

function checked(option: string, value: string | undefined, rule: Rule): string {
  if (!follows(value, rule)) {
    throw new UserError(`${option} must ${rule.must}, got: ${value ?? "nothing"}`);
  }
  return value!;
}

function milliseconds(option: string, value: string): number {
  const minutes = value.trim() === "" ? NaN : Number(value);
  if (!(minutes >= 0 && minutes <= MAX_MINUTES)) {
    throw new UserError(`${option} must be a number of minutes from 0 to ${MAX_MINUTES}, got: ${value}`);
  }
  return minutes * MINUTE;
}
