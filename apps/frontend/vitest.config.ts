import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    environment: "jsdom",
    include: ["tests/**/*.test.{ts,tsx}"],
    setupFiles: ["tests/support/setup.ts"],
    restoreMocks: true,
    // A failure names what was looked for; the whole page after it only hides that.
    env: { DEBUG_PRINT_LIMIT: "0" },
    // The machine that runs them may be busy with image builds: slow is not wrong.
    testTimeout: 20_000,
  },
});
