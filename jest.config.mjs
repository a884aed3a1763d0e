/** @type {import("jest").Config} */
export default {
  collectCoverageFrom: ["modules/**/*.ts"],
  coverageProvider: "babel",
  maxWorkers: "100%",
  coverageReporters: ["text-summary", "lcov"],
  coverageThreshold: { global: { branches: 95, lines: 100 } },
  restoreMocks: true,
  setupFilesAfterEnv: ["<rootDir>/__tests__/support/setup.ts"],
  testEnvironment: "node",
  testMatch: ["<rootDir>/__tests__/{app,docs,modules,review,tools}/**/*.test.ts", "<rootDir>/__tests__/*.test.ts"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      { jsc: { parser: { syntax: "typescript" }, target: "es2022" }, module: { type: "commonjs" } },
    ],
  },
};
