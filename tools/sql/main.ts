// Compares the database roles of a stack with its database, and runs the SQL that the database lacks: see docs/database-roles.md.
//
//     npm --silent run sql -- STACK --plan
import { configurationFiles } from "../../app/cli/program";
import { ConfigurationError } from "../../app/config/configuration-file";
import { Fleet } from "../../app/config/fleet";
import { readArguments, USAGE } from "./arguments";
import { SqlError } from "./error";
import { runSql } from "./run";

async function main(args: readonly string[]): Promise<void> {
  const options = readArguments(args);
  if (options === undefined) {
    console.log(USAGE);
    return;
  }
  const { exitStatus } = await runSql(Fleet.load(configurationFiles()), options, {
    onProgress: (text) => {
      console.error(`sql: ${text}`);
    },
    onStatement: (statement) => {
      console.log(`${statement};`);
    },
  });
  process.exitCode = exitStatus;
}

function messageOf(error: unknown): string {
  const { message, name } = error as Error;
  const isOfUser = error instanceof SqlError || error instanceof ConfigurationError;
  return `sql: ${(isOfUser ? message : `${name}: ${message}`).replaceAll(/\s+/g, " ")}`;
}

// The SDK warns of the Node.js versions of its later releases, which this project does not use yet.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
// The framework records a stack trace of each token, which is longer while the modules are loaded.
setImmediate(() => {
  main(process.argv.slice(2)).catch((error: unknown) => {
    console.error(messageOf(error));
    process.exitCode = 1;
  });
});
