import { defineConfig } from "vitest/config";

/**
 * The model test with 5,000 schedules, longer ones than those of every day: ten minutes of one
 * core. MODEL_SCHEDULES and MODEL_FIRST_SEED say how many, and from which on.
 */
export default defineConfig({
  test: {
    include: ["test/model/**/*.test.ts"],
    env: {
      MODEL_SCHEDULES: process.env["MODEL_SCHEDULES"] ?? "5000",
      MODEL_LENGTH: process.env["MODEL_LENGTH"] ?? "long",
    },
    testTimeout: 120_000,
    reporters: [["default", { summary: false }]],
  },
});
