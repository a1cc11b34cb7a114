import { defineConfig } from "vitest/config";

/**
 * Checkers and builders of other people, which not every machine has: a command of its own, not
 * part of every test run.
 */
export default defineConfig({
  test: { include: ["test/pipelines/**/*.test.ts"], testTimeout: 120_000, hookTimeout: 120_000 },
});
