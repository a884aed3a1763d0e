import { basename } from "node:path";

/** Whether the process runs a command of the package of the commands: each has a bundle of its name, and a checkout has sources. */
export function isPackaged(command: string): boolean {
  return basename(process.argv[1] ?? "") === `${command}.js`;
}

/** The words that start a command: those of the package of the commands, or those of a checkout. */
export function commandLine(command: string): string {
  return isPackaged(command) ? `redshift-kms ${command}` : `npm --silent run ${command} --`;
}
