import endToEnd from "./jest.e2e.config.js";

/** The suites that need the Pulumi CLI: one stack on a backend of its own, in the order of the files' names. */
export default {
  ...endToEnd,
  roots: ["<rootDir>/__tests__/engine"],
  globalSetup: "<rootDir>/__tests__/engine/support/setup.ts",
};
