/** The program under Pulumi mocks, pure functions and the rendered chart; `jest.e2e`, `jest.reliability` and `jest.engine` hold the others. */
export default {
  testEnvironment: "node",
  roots: ["<rootDir>/__tests__"],
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/__tests__/(e2e|engine|reliability)/"],
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "<rootDir>/__tests__/support/strip-types.js" },
};
