import base from "./jest.config.mjs";

/** The unit tests again, on CDK Terrain: whoever asks for cdktf, the bindings included, gets its successor. */
/** @type {import("jest").Config} */
export default {
  ...base,
  coverageThreshold: undefined,
  moduleNameMapper: { "^cdktf($|/.*)": "cdktn$1" },
  setupFilesAfterEnv: [...base.setupFilesAfterEnv, "<rootDir>/__tests__/setup-cdktn.ts"],
};
