import { ConfigurationError } from "./configuration-file";

/** Where the configuration is, as files and patterns. */
export function configurationFiles(): string {
  return process.env.WAREHOUSES || "warehouses.yaml";
}

/**
 * Runs a program; what is wrong with the configuration, or with how it is called, ends it with status 1 and no stack trace. It
 * runs when all modules are loaded: the framework takes a stack trace for every token, which would have their loading in it.
 */
export function run(program: () => void): void {
  setImmediate(() => attempt(program));
}

function attempt(program: () => void): void {
  try {
    program();
  } catch (error) {
    if (!(error instanceof ConfigurationError)) {
      throw error;
    }
    console.error(error.message);
    process.exitCode = 1;
  }
}
