import endToEnd from "./jest.e2e.config.js";

/** The suites under load and with faults: one deployment of their own, in the order of the files' names. */
export default {
  ...endToEnd,
  roots: ["<rootDir>/__tests__/reliability"],
  globalSetup: "<rootDir>/__tests__/reliability/support/setup.ts",
};
