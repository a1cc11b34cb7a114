import { defineConfig } from "vitest/config";

/**
 * Against a real API server, which is started once: a command of its own, because its programs have
 * to be there first.
 */
export default defineConfig({
  test: {
    include: [
      "test/contract/adoption.test.ts",
      "test/contract/cluster.test.ts",
      "test/cluster/**/*.test.ts",
    ],
    globalSetup: ["test/cluster/real-control-plane.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
