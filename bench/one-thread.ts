// The app on one thread, whatever the number of stacks and cores is.
import { run } from "../app/cli/program";
import { synth } from "../app/cli/synth";

run(() => synth(1));
