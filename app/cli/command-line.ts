import { basename } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";

/** Whether the process runs a command of the package of the commands: each has a bundle of its name, and a checkout has sources. */
export function isPackaged(command: string): boolean {
  return basename(process.argv[1] ?? "") === `${command}.js`;
}

/** The words that start a command: those of the package of the commands, or those of a checkout. */
export function commandLine(command: string): string {
  return isPackaged(command) ? `redshift-kms ${command}` : `npm --silent run ${command} --`;
}

/**
 * Reads the arguments of a command.
 *
 * @param start - the words that start the command
 * @throws the error of `errorOf` if an argument is unknown or lacks its value
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
