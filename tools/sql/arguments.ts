import { commandLine } from "../../app/cli/command-line";
import { parseArguments, UserError } from "../command";

export const USAGE = `Usage: ${commandLine("sql")} STACK (--plan | --apply) [option ...]

Compares the database roles of a stack's configuration with those of its database, through the Data API as the admin. It prints
the SQL that the database lacks, and runs it with --apply. It reads WAREHOUSES as synth does. docs/database-roles.md has
the permissions that it takes.

  --plan              print the SQL, and run none: the database gets SELECT statements only
  --apply             run the SQL: at most 40 statements in one transaction
  --revoke            also revoke what the roles of the configuration have on its objects, and the configuration does not give
  --profile PROFILE   the profile of the AWS configuration
  --help

The exit status is 0 if the database has everything, or has it after --apply; 2 if --plan prints SQL; 1 after an error.`;

/** The stack, and the statements to run. */
export interface Options {
  readonly isApplied: boolean;
  readonly profile: string | undefined;
  readonly revokes: boolean;
  readonly stackName: string;
}

/**
 * Reads the arguments; returns undefined if they ask for help.
 *
 * @throws UserError if an argument is unknown, or one is missing
 */
export function readArguments(args: readonly string[]): Options | undefined {
  const { positionals, values } = parsed(args);
  const { apply, help, plan, profile, revoke } = values;
  if (help) {
    return undefined;
  }
  const [stackName, ...others] = positionals;
  if (stackName === undefined || others.length > 0) {
    throw new UserError(`arguments must name exactly one stack, got: ${positionals.join(" ") || "nothing"}`);
  }
  if (apply === plan) {
    throw new UserError(`arguments must have either --plan or --apply, got: ${apply ? "both" : "neither"}`);
  }
  return { isApplied: apply, profile, revokes: revoke, stackName };
}

function parsed(args: readonly string[]) {
  return parseArguments("sql", {
    allowPositionals: true,
    args: [...args],
    options: {
      apply: { default: false, type: "boolean" },
      help: { default: false, type: "boolean" },
      plan: { default: false, type: "boolean" },
      profile: { type: "string" },
      revoke: { default: false, type: "boolean" },
    },
  });
}
