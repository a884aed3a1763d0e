import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { follows } from "../../modules/private/rule";
import { CLUSTER_IDENTIFIER, REGION, WORKGROUP_NAME } from "../../modules/private/rules";
import { STACK_NAME } from "../../app/config/rules";
import { checkOption, parseArguments, UserError } from "../command";

/** The warehouse to read, and the credentials. */
export interface Options {
  readonly clusterIdentifier: string | undefined;
  readonly name: string;
  /** The file to write; undefined for the standard output. */
  readonly output: string | undefined;
  readonly profile: string | undefined;
  readonly region: string | undefined;
  readonly workgroupName: string | undefined;
}

/**
 * Reads the arguments; returns undefined if they ask for help.
 *
 * @throws UserError if an argument breaks its rule
 */
export function readArguments(args: readonly string[]): Options | undefined {
  const { cluster, help, name, output, profile, region, workgroup } = parsed(args);
  if (help) {
    return undefined;
  }
  if ((cluster === undefined) === (workgroup === undefined)) {
    const got = cluster === undefined ? "neither" : "both";
    throw new UserError(`arguments must have either --cluster or --workgroup, got: ${got}`);
  }
  checkOption("--cluster", cluster, CLUSTER_IDENTIFIER);
  checkOption("--workgroup", workgroup, WORKGROUP_NAME);
  checkOption("--region", region, REGION);
  const entryName = name ?? cluster ?? workgroup!;
  if (!follows(entryName, STACK_NAME)) {
    const origin = name === undefined ? ", the name of the warehouse; give another name by --name" : "";
    throw new UserError(`--name must ${STACK_NAME.must}, got: ${entryName}${origin}`);
  }
  if (output !== undefined && existsSync(output)) {
    throw existingFileError(output);
  }
  // The slash refuses a file in place of the folder.
  if (output !== undefined && !existsSync(`${dirname(output)}/`)) {
    throw new UserError(`--output must be a file in a folder that exists, got: ${output}`);
  }
  return { clusterIdentifier: cluster, name: entryName, output, profile, region, workgroupName: workgroup };
}

/**
 * Returns the error for an output file that exists. It may be the configuration of other warehouses, so it is not overwritten.
 */
export function existingFileError(output: string): UserError {
  return new UserError(
    `--output must be a new file, which the variable WAREHOUSES can name beside others, got: ${output}, which exists`,
  );
}

function parsed(args: readonly string[]) {
  return parseArguments("adopt", {
    args: [...args],
    options: {
      cluster: { type: "string" },
      help: { default: false, type: "boolean" },
      name: { type: "string" },
      output: { type: "string" },
      profile: { type: "string" },
      region: { type: "string" },
      workgroup: { type: "string" },
    },
  }).values;
}
