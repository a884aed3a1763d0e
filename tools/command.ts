import { createInterface } from "node:readline/promises";
import type { parseArgs, ParseArgsConfig } from "node:util";
import { commandLine, parseCommandArguments } from "../app/cli/command-line";
import { SIGNALS } from "../app/cli/signals";
import { ConfigurationError } from "../app/config/configuration-file";
import { printable } from "../modules/private/printable";
import { follows, type Rule } from "../modules/private/rule";

type Signal = (typeof SIGNALS)[number];

/** An error that the user can fix: its message is printed without a stack trace. */
export class UserError extends Error {}

/**
 * Reads the arguments of a command.
 *
 * @throws UserError if an argument is unknown
 */
export function parseArguments<Config extends ParseArgsConfig>(
  command: string,
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  return parseCommandArguments(commandLine(command), config, (message) => new UserError(message));
}

/** @throws UserError if an option is given and its value breaks a rule */
export function checkOption(option: string, value: string | undefined, rule: Rule): void {
  if (value !== undefined && !follows(value, rule)) {
    throw new UserError(`${option} must ${rule.must}, got: ${value}`);
  }
}

/** @throws UserError unless the user types the expected answer; the error ends with `end`, such as `nothing was created` */
export async function requireAnswer(question: string, expected: string, end: string): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new UserError(`--yes must be given if there is no terminal; ${end}`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // At the end of the input or after Ctrl+C, `question` would wait for ever.
  const ended = new Promise<undefined>((resolve) => {
    terminal.once("close", () => {
      resolve(undefined);
    });
  });
  const answer = await Promise.race([terminal.question(question).catch(() => undefined), ended]);
  terminal.close();
  if (answer?.trim() !== expected) {
    throw new UserError(`the answer must be ${expected}, got: ${answer ?? "none"}; ${end}`);
  }
}

/** Returns a controller that SIGHUP, SIGINT or SIGTERM aborts. Each signal first calls `onInterruption` with the name of the signal. */
export function interruptible(onInterruption: (name: Signal) => void = () => undefined): AbortController {
  const controller = new AbortController();
  for (const name of SIGNALS) {
    process.on(name, () => {
      onInterruption(name);
      controller.abort(new UserError(`interrupted by ${name}`));
    });
  }
  // Without these handlers, the error of a closed terminal or pipe would end the process before its cleanup.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  return controller;
}

/**
 * Returns the name of the command and the error, in one line. For a ConfigurationError, returns only its problems, one in each
 * line, as synth prints them.
 */
export function errorText(command: string, error: unknown): string {
  const { message, name } = error as Error;
  if (error instanceof ConfigurationError) {
    return message;
  }
  const remedy =
    name === "CredentialsProviderError" ? "; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY" : "";
  const text = error instanceof UserError ? message : `${name}: ${message}${remedy}`;
  return printable(`${command}: ${text.replaceAll(/\s+/g, " ")}`);
}

/** Runs a command that calls AWS. It prints an error without a stack trace, and sets the exit status. */
export function runAwsCommand(
  command: string,
  main: (args: readonly string[]) => Promise<void>,
  errorStatus: 1 | 2 = 1,
): void {
  // Turns off the SDK's warning about Node.js versions that its later releases no longer support.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
  // In the next turn, when all modules are loaded, the stack traces that the framework records for tokens are shorter.
  setImmediate(() => {
    main(process.argv.slice(2)).catch((error: unknown) => {
      console.error(errorText(command, error));
      process.exitCode = errorStatus;
    });
  });
}
