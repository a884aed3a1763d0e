// Writes the entry of warehouses.yaml that describes a warehouse of a live account: see docs/adopt.md.
//
//     npm run adopt -- --cluster ID --output FILE
import { runAwsCommand } from "../command";
import { adopt } from "./adopt";

runAwsCommand("adopt", adopt);
