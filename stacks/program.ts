import { ConfigurationError } from "./configuration-file";

/** Where the configuration is, as files and patterns. */
export function configurationFiles(): string {
  return process.env.WAREHOUSES || "warehouses.yaml";
}

/**
 * Runs a program. What is wrong with the configuration, with the arguments or with a file ends it with status 1, a message and
 * no stack trace. It runs when all modules are loaded: the framework takes a stack trace for every token, which would have
 * their loading in it.
 */
export function run(program: () => Promise<void> | void): void {
  setImmediate(() => void attempt(program));
}

async function attempt(program: () => Promise<void> | void): Promise<void> {
  try {
    await program();
  } catch (error) {
    if (!(error instanceof ConfigurationError || isOfSystem(error))) {
      throw error;
    }
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** Whether the file system has refused something: the message names the call and the path. */
function isOfSystem(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error;
}
