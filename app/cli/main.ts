import Module from "node:module";
import { join } from "node:path";
import { engines, version } from "../../package.json";
import commands from "./commands.json";
import { adoptHelp, listHelp, sqlHelp, synthHelp } from "./help";
import { frameworkUnavailable } from "./peers";

/** The commands, in the order of the help text. */
const COMMANDS: Readonly<Record<string, { readonly summary: string }>> = commands;
/** The help texts of the commands that always create constructs. Without `--help`, these commands need the packages of the framework. */
const FRAMEWORK_HELP: Readonly<Record<string, () => string>> = {
  adopt: adoptHelp,
  list: listHelp,
  sql: sqlHelp,
  synth: synthHelp,
};
const [command, ...others] = process.argv.slice(2);
const [oldestNode] = /\d+/.exec(engines.node)!;
const usage = () => {
  const width = Math.max(...Object.keys(COMMANDS).map(({ length }) => length));
  const rows = Object.entries(COMMANDS).map(([key, { summary }]) => `  ${key.padEnd(width)}  ${summary}`);
  return [
    "Usage: redshift-kms COMMAND [argument ...]",
    "",
    ...rows,
    "",
    "redshift-kms COMMAND --help lists the options of a command, and redshift-kms --version prints the version.",
  ].join("\n");
};

function fail(message: string): void {
  console.error(`redshift-kms: ${message}`);
  process.exitCode = 2;
}

/** The exit status of an unexpected error: EX_SOFTWARE of sysexits.h. No command uses it for another result. */
const UNEXPECTED = 70;

/** Prints an unexpected error in one line. A stack trace would show minified code of a bundle. */
function failUnexpectedly(key: string, error: unknown): void {
  console.error(
    `redshift-kms ${key}: unexpected error: ${String(error)
      .replaceAll(/[\s\p{Cc}]+/gu, " ")
      .trim()}`,
  );
  process.exit(UNEXPECTED);
}

/** Runs the bundle of a command in this process, with the arguments that follow the name of the command. */
function start(key: string): void {
  process.argv = [process.argv[0]!, join(__dirname, `${key}.js`), ...others];
  const help = FRAMEWORK_HELP[key];
  if (help && others.includes("--help")) {
    console.log(help());
    return;
  }
  const reason = help && frameworkUnavailable(key);
  if (reason !== undefined) {
    fail(reason);
    return;
  }
  // cdktf 0.21 calls util.isArray. Newer versions of Node.js print a deprecation warning for it, which a user cannot prevent.
  process.noDeprecation = true;
  process.on("uncaughtException", (error: unknown) => {
    failUnexpectedly(key, error);
  });
  Module.runMain();
}

if (Number.parseInt(process.versions.node) < Number(oldestNode)) {
  fail(`Node.js ${oldestNode} or newer is needed, got: ${process.version}`);
} else if (command === "--version") {
  console.log(version);
} else if (command === "--help") {
  console.log(usage());
} else if (command === undefined) {
  console.error(usage());
  process.exitCode = 2;
} else if (Object.hasOwn(COMMANDS, command)) {
  start(command);
} else {
  fail(`the command must be one of ${Object.keys(COMMANDS).join(", ")}, got: ${JSON.stringify(command)}`);
}
