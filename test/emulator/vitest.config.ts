import { defineConfig } from "vitest/config";

/**
 * Against an emulator of AWS by others, which is started once: a command of its own, because the
 * emulator has to be installed.
 */
export default defineConfig({
  test: {
    include: ["test/emulator/**/*.test.ts"],
    globalSetup: ["test/emulator/running-emulator.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
