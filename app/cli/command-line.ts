import { basename } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";

/**
 * Returns whether the process runs a bundle of the published package of commands, `COMMAND.js`. In a checkout, a command is a
 * TypeScript file.
 */
export function isPackaged(command: string): boolean {
  return basename(process.argv[1] ?? "") === `${command}.js`;
}

/**
 * Returns the command line that starts a command: `redshift-kms COMMAND` of the published package, or `npm --silent run COMMAND
 * --` of a checkout.
 */
export function commandLine(command: string): string {
  return isPackaged(command) ? `redshift-kms ${command}` : `npm --silent run ${command} --`;
}

/**
 * Reads the arguments of a command.
 *
 * @param start - the words that start the command
 * @throws the error that `errorOf` returns, if an argument is unknown or lacks its value
 */
export function parseCommandArguments<Config extends ParseArgsConfig>(
  start: string,
  config: Config,
  errorOf: (message: string) => Error,
): ReturnType<typeof parseArgs<Config>> {
  try {
    return parseArgs(config);
  } catch (error) {
    const [reason] = (error as Error).message.split(/\.\s|\n/);
    throw errorOf(`${reason}; ${start} --help lists the options`);
  }
}
