import { run } from "./app/cli/program";
import { synth } from "./app/cli/synth";

run(synth);
