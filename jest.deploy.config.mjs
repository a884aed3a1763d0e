import base from "./jest.config.mjs";

// Its message is about the newest SDK's next version, which is no matter of these tests.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** The lane that deploys with the real cdktf-cli, terraform and AWS provider, to an emulator that it starts and ends. */
/** @type {import("jest").Config} */
export default {
  ...base,
  coverageThreshold: undefined,
  // A deployment mostly waits.
  maxWorkers: 6,
  globalSetup: "<rootDir>/__tests__/deploy/start.ts",
  globalTeardown: "<rootDir>/__tests__/deploy/stop.ts",
  testMatch: ["<rootDir>/__tests__/{deploy,emulator}/*.test.ts"],
  testSequencer: "<rootDir>/__tests__/deploy/longest-first.mjs",
  testTimeout: 300_000,
};
