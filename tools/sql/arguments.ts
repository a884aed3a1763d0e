import { parseArguments, UserError } from "../command";

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
