import { defineConfig } from "vitest/config";

/**
 * The framework runs once and bundles thirty functions: a command of its own, not part of every
 * test run.
 */
export default defineConfig({
  test: { include: ["test/packaging/**/*.test.ts"], testTimeout: 300_000, hookTimeout: 300_000 },
});
