/** The program under Pulumi mocks, pure functions and the rendered chart; `jest.e2e`, `jest.reliability` and `jest.engine` hold the others. */
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/(e2e|engine|reliability)/"],
  extensionsToTreatAsEsm: [".ts"],
  // A test that hangs ends here. Jest's own 5 s are too few for whole commands where a new machine compiles its tools beside them.
  testTimeout: 30_000,
  transform: { "\\.ts$": "<rootDir>/__tests__/support/strip-types.js" },
};
