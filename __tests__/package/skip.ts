// Every test of the lane needs its packages.
if (process.env.PACKAGE_LANE_SKIPPED !== undefined) {
  globalThis.test = test.skip;
}
