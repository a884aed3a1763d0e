import TestSequencer from "@jest/test-sequencer";

/** Runs the tests in the order of the arguments of jest. */
export default class InOrder extends TestSequencer {
  sort(tests) {
    const rank = ({ path }) => process.argv.findIndex((argument) => path.endsWith(`/${argument}`));
    return [...tests].sort((a, b) => rank(a) - rank(b));
  }
}
