import { run } from "./main";
import { readOrPlan, stackOf } from "./stacks";

run(process.argv.slice(2), readOrPlan, stackOf);
