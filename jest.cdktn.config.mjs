import base from "./jest.config.mjs";

// Tests that start commands have cdktf itself in them, and the review has no framework.
const WITHOUT = ["app/cli", "docs", "review", "tools"];

/** The unit tests again, on CDK Terrain: an import of cdktf, also of the bindings, gets its successor. */
/** @type {import("jest").Config} */
export default {
  ...base,
  coverageThreshold: undefined,
  moduleNameMapper: { "^cdktf($|/.*)": "cdktn$1" },
  testPathIgnorePatterns: ["/node_modules/", `/__tests__/(${WITHOUT.join("|")})/`],
  setupFilesAfterEnv: [...base.setupFilesAfterEnv, "<rootDir>/__tests__/support/setup-cdktn.ts"],
};
