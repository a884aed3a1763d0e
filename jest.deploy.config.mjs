import base from "./jest.config.mjs";

/** The lane that deploys with the real cdktf-cli, terraform and AWS provider, to an AWS endpoint of loopback. */
/** @type {import("jest").Config} */
export default {
  ...base,
  coverageThreshold: undefined,
  // A deployment mostly waits.
  maxWorkers: 5,
  testMatch: ["<rootDir>/__tests__/deploy/*.test.ts"],
  testTimeout: 300_000,
};
