const STAND_INS = {
  "^archiver$": "<rootDir>/__tests__/support/archiver.cjs",
  ".*/stack-trace$": "<rootDir>/__tests__/support/stack-trace.cjs",
};
const UNIT = {
  moduleNameMapper: STAND_INS,
  restoreMocks: true,
  runtime: "<rootDir>/__tests__/support/runtime.cjs",
  setupFilesAfterEnv: ["<rootDir>/__tests__/support/setup.ts"],
  testEnvironment: "<rootDir>/__tests__/support/environment.cjs",
  testMatch: ["<rootDir>/__tests__/{app,docs,modules,review,tools}/**/*.test.ts", "<rootDir>/__tests__/*.test.ts"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
};

// Temporary files of a run, which its end deletes.
const TEMPORARY = {
  globalSetup: "<rootDir>/__tests__/support/start.ts",
  globalTeardown: "<rootDir>/__tests__/support/stop.ts",
};

// The tests of the command line use cdktf itself, and the review has no framework.
const WITHOUT_FRAMEWORK = "/__tests__/(app/cli|docs|review|tools)/";

/**
 * Each lane of tests is a project. Timeouts, the sequencer and the number of workers are options of the whole run, so they are
 * arguments of the scripts in package.json. The scripts of the unit tests also let V8 optimize a function later
 * (`--interrupt-budget`): most test code runs too briefly to gain from it.
 *
 * @type {import("jest").Config}
 */
export default {
  collectCoverageFrom: ["modules/**/*.ts"],
  coverageReporters: ["text-summary", "lcov"],
  coverageThreshold: { global: { branches: 95, lines: 100 } },
  maxWorkers: "100%",
  projects: [
    { ...UNIT, ...TEMPORARY, displayName: "unit" },
    // The unit tests again, on CDK Terrain: an import of cdktf, also of the bindings, gets its successor.
    {
      ...UNIT,
      ...TEMPORARY,
      displayName: "cdktn",
      globalSetup: "<rootDir>/__tests__/cdktn/start.ts",
      moduleNameMapper: { ...STAND_INS, "^cdktf($|/.*)": "<rootDir>/__tests__/cdktn/node_modules/cdktn$1" },
      setupFilesAfterEnv: [...UNIT.setupFilesAfterEnv, "<rootDir>/__tests__/cdktn/setup.ts"],
      testMatch: [...UNIT.testMatch, "<rootDir>/__tests__/cdktn/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", WITHOUT_FRAMEWORK],
    },
    // Programs of the project as child processes (the app, the review, the scripts of the action and of CI), and the compiler.
    {
      ...UNIT,
      ...TEMPORARY,
      displayName: "commands",
      globalSetup: "<rootDir>/__tests__/commands/start.ts",
      testMatch: ["<rootDir>/__tests__/commands/*.test.ts"],
    },
    // The package as it is published: built and packed.
    {
      ...UNIT,
      displayName: "package",
      globalSetup: "<rootDir>/__tests__/package/pack.ts",
      setupFilesAfterEnv: [...UNIT.setupFilesAfterEnv, "<rootDir>/__tests__/package/skip.ts"],
      testMatch: ["<rootDir>/__tests__/package/*.test.ts"],
    },
    // The real terraform and the real AWS provider, if they are installed.
    {
      ...UNIT,
      displayName: "terraform",
      globalSetup: "<rootDir>/__tests__/terraform/start.ts",
      globalTeardown: "<rootDir>/__tests__/terraform/stop.ts",
      testMatch: ["<rootDir>/__tests__/terraform/*.test.ts"],
    },
    // The page of the review in Chromium, if it is installed.
    {
      ...UNIT,
      displayName: "browser",
      globalSetup: "<rootDir>/__tests__/browser/start.ts",
      testMatch: ["<rootDir>/__tests__/browser/*.test.ts"],
    },
    // Deployments with the real cdktf-cli, terraform and AWS provider, to an emulator that the lane starts and ends.
    {
      ...UNIT,
      displayName: "deploy",
      globalSetup: "<rootDir>/__tests__/deploy/start.ts",
      globalTeardown: "<rootDir>/__tests__/deploy/stop.ts",
      testMatch: ["<rootDir>/__tests__/{deploy,emulator}/*.test.ts"],
    },
    // The demo, as a user runs it.
    { ...UNIT, displayName: "demo", testMatch: ["<rootDir>/__tests__/demo/*.test.ts"] },
  ],
};
