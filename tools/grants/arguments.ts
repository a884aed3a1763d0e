import { KEY_ARN, REGION, ROLE_ARN } from "../../modules/private/rules";
import { commandLine } from "../../app/cli/command-line";
import { checkOption, parseArguments, UserError } from "../command";

export const USAGE = `Usage: ${commandLine("grants")} (STACK ... | --key ARN ...) [option ...]

Reads the grants of the Data API on the keys of stacks, or on keys by their ARNs, and compares them with the warehouses of the
account. It also compares the key policy of a stack with the configuration. It reads WAREHOUSES as synth does.
docs/grants.md has the findings and the shape of the JSON.

  --key ARN           a key, instead of the stacks; the option can be repeated
  --revoke GRANT      revoke the grant of this ID, or orphans: all grants whose warehouse is gone; the option can be repeated
  --yes               revoke without a question
  --region REGION     only the keys of this Region
  --role-arn ARN      the role to assume
  --profile PROFILE   the profile of the AWS configuration
  --json              print JSON
  --permissions       print the IAM policy that the same arguments require, and read nothing
  --help

The exit status is 0 if nothing is found, 1 if there are findings, and 2 after an error.`;

/** The keys to read, and the grants to revoke. */
export interface Options {
  readonly isConfirmed: boolean;
  readonly json: boolean;
  readonly keyArns: readonly string[];
  readonly permissions: boolean;
  readonly profile: string | undefined;
  readonly region: string | undefined;
  /** IDs of grants, or `orphans` for all grants whose warehouse does not exist. */
  readonly revoked: readonly string[];
  readonly roleArn: string | undefined;
  readonly stackNames: readonly string[];
}

/**
 * Reads the arguments; returns undefined if they ask for help.
 *
 * @throws UserError if an argument is unknown or breaks its rule
 */
export function readArguments(args: readonly string[]): Options | undefined {
  const { positionals, values } = parsed(args);
  const { help, json, key = [], permissions, profile, region, revoke = [], "role-arn": roleArn, yes } = values;
  if (help) {
    return undefined;
  }
  if (positionals.length > 0 === key.length > 0) {
    const got = key.length > 0 ? "both" : "neither";
    throw new UserError(`arguments must have either the names of stacks or --key, got: ${got}`);
  }
  key.forEach((arn) => {
    checkOption("--key", arn, KEY_ARN);
  });
  checkOption("--region", region, REGION);
  checkOption("--role-arn", roleArn, ROLE_ARN);
  if (yes && revoke.length === 0) {
    throw new UserError("--yes must be given with --revoke only");
  }
  return {
    isConfirmed: yes,
    json,
    keyArns: key,
    permissions,
    profile,
    region,
    revoked: revoke,
    roleArn,
    stackNames: positionals,
  };
}

function parsed(args: readonly string[]) {
  return parseArguments("grants", {
    allowPositionals: true,
    args: [...args],
    options: {
      help: { default: false, type: "boolean" },
      json: { default: false, type: "boolean" },
      key: { multiple: true, type: "string" },
      permissions: { default: false, type: "boolean" },
      profile: { type: "string" },
      region: { type: "string" },
      revoke: { multiple: true, type: "string" },
      "role-arn": { type: "string" },
      yes: { default: false, type: "boolean" },
    },
  });
}
