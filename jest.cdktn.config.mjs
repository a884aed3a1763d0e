import base from "./jest.config.mjs";

// Tests that start commands have cdktf itself in them, and the review has no framework.
const WITHOUT = ["api-changes", "condition", "key-access", "language", "main", "readme", "review", "review-\\w+"];

/** The unit tests again, on CDK Terrain: an import of cdktf, also of the bindings, gets its successor. */
/** @type {import("jest").Config} */
export default {
  ...base,
  coverageThreshold: undefined,
  moduleNameMapper: { "^cdktf($|/.*)": "cdktn$1" },
  testPathIgnorePatterns: ["/node_modules/", `/__tests__/(${WITHOUT.join("|")})\\.test\\.ts$`],
  setupFilesAfterEnv: [...base.setupFilesAfterEnv, "<rootDir>/__tests__/setup-cdktn.ts"],
};
