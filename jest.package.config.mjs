import base from "./jest.config.mjs";

/** The lane that tests the package as it is published: built and packed. */
/** @type {import("jest").Config} */
export default {
  ...base,
  coverageThreshold: undefined,
  globalSetup: "<rootDir>/__tests__/package/pack.ts",
  testMatch: ["<rootDir>/__tests__/package/*.test.ts"],
  testTimeout: 300_000,
};
