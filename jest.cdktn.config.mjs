import base from "./jest.config.mjs";

// What starts commands has cdktf itself in them, and the review has no framework.
const WITHOUT = ["api-changes", "condition", "key-access", "main", "readme", "review", "review-\\w+"];

/** The unit tests again, on CDK Terrain: whoever asks for cdktf, the bindings included, gets its successor. */
/** @type {import("jest").Config} */
export default {
  ...base,
  coverageThreshold: undefined,
  moduleNameMapper: { "^cdktf($|/.*)": "cdktn$1" },
  testPathIgnorePatterns: ["/node_modules/", `/__tests__/(${WITHOUT.join("|")})\\.test\\.ts$`],
  setupFilesAfterEnv: [...base.setupFilesAfterEnv, "<rootDir>/__tests__/setup-cdktn.ts"],
};
