import { run } from "./main";
import { checkNodeVersion } from "./node-version";

checkNodeVersion();
run(process.argv.slice(2));
