import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { ParseArgsConfig } from "node:util";
import { ConfigurationError } from "../config/configuration-file";
import { commandLine, parseCommandArguments } from "./command-line";

/** The configuration file if the environment variable WAREHOUSES is unset. */
export const DEFAULT_FILE = "warehouses.yaml";

/**
 * Returns the file names and glob patterns of the configuration: WAREHOUSES, or the default file.
 *
 * @throws ConfigurationError if WAREHOUSES is unset and the default file is missing
 */
export function configurationFiles(): string {
  if (!process.env.WAREHOUSES && !existsSync(DEFAULT_FILE)) {
    throw new ConfigurationError([`WAREHOUSES must name a file, because there is no ${resolve(DEFAULT_FILE)}`]);
  }
  return process.env.WAREHOUSES || DEFAULT_FILE;
}

/**
 * Parses the arguments of a command: options (also `--help`), and names.
 *
 * @throws ConfigurationError if an option is unknown or lacks its value
 */
export function readArguments<const Options extends NonNullable<ParseArgsConfig["options"]>>(
  command: string,
  options: Options,
) {
  const config = {
    allowPositionals: true,
    args: process.argv.slice(2),
    options: { ...options, help: { type: "boolean" } },
  } as const;
  return parseCommandArguments(commandLine(command), config, (message) => new ConfigurationError([message]));
}

/**
 * Runs a program in the next turn of the event loop, when all modules are loaded. While they load, the call stack is deep, and the
 * framework would record a long stack trace of each token.
 */
export function run(program: () => Promise<void> | void): void {
  setImmediate(() => void statusOf(program).then((status) => (process.exitCode = status)));
}

/**
 * Runs a program, and returns its exit status. Prints the message of a ConfigurationError or an error of the file system, without
 * a stack trace. Throws any other error.
 */
export async function statusOf(program: () => Promise<void> | void): Promise<0 | 1> {
  try {
    await program();
    return 0;
  } catch (error) {
    if (!(error instanceof ConfigurationError || isSystemError(error))) {
      throw error;
    }
    console.error(error.message);
    return 1;
  }
}

/**
 * Returns whether the file system threw the error. The message of such an error names the system call and the path, so that the
 * message is printed unchanged.
 */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}
