import { defineConfig } from "vitest/config";

/**
 * Every single outside call of a promotion goes wrong once: minutes, so it is not part of the
 * everyday suite.
 */
export default defineConfig({
  test: {
    include: ["test/faults/**/*.test.ts"],
    testTimeout: 60 * 60_000,
    maxWorkers: "100%",
    reporters: ["default"],
  },
});
