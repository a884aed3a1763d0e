import TestSequencer from "@jest/test-sequencer";

const LONGEST = [
  "serverless-operations",
  "cluster-operations",
  "cluster",
  "serverless",
  "import",
  "runbook",
  "deployers",
  "shared-key",
  "verify-aws",
  "lockout",
  "other-stack",
  "library-program",
  "partitions",
  "statement-expiry",
  "records",
  "interrupted",
  "replica",
];

/** Starts the longest tests first, so that none runs alone at the end. */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = LONGEST.findIndex((name) => path.endsWith(`/${name}.test.ts`));
      return index === -1 ? LONGEST.length + (path.includes("/emulator/") ? 1 : 0) : index;
    };
    return [...tests].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  }
}
