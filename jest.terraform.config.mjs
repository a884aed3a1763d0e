import base from "./jest.config.mjs";

/** The lane that runs the real terraform and the real AWS provider, if they are installed. */
/** @type {import("jest").Config} */
export default {
  ...base,
  coverageThreshold: undefined,
  globalSetup: "<rootDir>/__tests__/terraform/start.ts",
  globalTeardown: "<rootDir>/__tests__/terraform/stop.ts",
  testMatch: ["<rootDir>/__tests__/terraform/*.test.ts"],
  testTimeout: 300_000,
};
