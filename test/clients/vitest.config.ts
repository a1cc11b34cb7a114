import { defineConfig } from "vitest/config";

/**
 * Real programs of other people, which not every machine has: a command of its own, not part of
 * every test run.
 */
export default defineConfig({
  test: {
    include: ["test/clients/**/*.test.ts"],
    pool: "threads",
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
