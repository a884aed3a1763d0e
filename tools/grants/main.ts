// Reads the grants of the Data API on keys of a live account, and revokes some: see docs/grants.md.
//
//     npm --silent run grants -- STACK
import { runAwsCommand } from "../command";
import { grants } from "./grants";

runAwsCommand(
  "grants",
  async (args) => {
    process.exitCode = await grants(args);
  },
  2,
);
