// Compares the database roles of a stack with its database, and runs the SQL that the database lacks: see docs/database-roles.md.
//
//     npm --silent run sql -- STACK --plan
import { sqlHelp } from "../../app/cli/help";
import { configurationFiles } from "../../app/cli/program";
import { Fleet } from "../../app/config/fleet";
import { runAwsCommand } from "../command";
import { readArguments } from "./arguments";
import { runSql } from "./run";

async function main(args: readonly string[]): Promise<void> {
  const options = readArguments(args);
  if (options === undefined) {
    console.log(sqlHelp());
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

runAwsCommand("sql", main);
