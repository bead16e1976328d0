/** The end-to-end suites: one deployment that lives through all of them, in the order of the files' names. */
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/__tests__/e2e"],
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/__tests__/support/strip-types.js" },
  globalSetup: "<rootDir>/__tests__/e2e/support/setup.ts",
  globalTeardown: "<rootDir>/__tests__/e2e/support/teardown.ts",
  testSequencer: "<rootDir>/__tests__/e2e/support/in-order.js",
  maxWorkers: 1,
  // A rollout may take 110 s, and a test waits for two at the most.
  testTimeout: 300_000,
};
