import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { ConfigurationError } from "../config/configuration-file";

/** The file of the configuration if WAREHOUSES is unset. */
export const DEFAULT_FILE = "warehouses.yaml";

/**
 * The file names and patterns of the configuration.
 *
 * @throws ConfigurationError if WAREHOUSES is unset and the default file is missing
 */
export function configurationFiles(): string {
  if (!process.env.WAREHOUSES && !existsSync(DEFAULT_FILE)) {
    throw new ConfigurationError([`WAREHOUSES must name a file, because there is no ${resolve(DEFAULT_FILE)}`]);
  }
  return process.env.WAREHOUSES || DEFAULT_FILE;
}

/** Runs a program after all modules are loaded: the framework records a stack trace for every token, and a trace during the loading is longer. */
export function run(program: () => Promise<void> | void): void {
  setImmediate(() => void statusOf(program).then((status) => (process.exitCode = status)));
}

/**
 * Runs a program, and returns its exit status. An error of the configuration, of the arguments or of a file is printed
 * without a stack trace.
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

/** Whether the file system threw the error. Its message names the call and the path. */
function isSystemError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}
