import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/longest-first.ts";

export default defineConfig({
  test: {
    include: [
      "test/**/*.test.ts",
      "local/test/**/*.test.ts",
      "kubernetes-schemas/test/**/*.test.ts",
    ],
    exclude: [
      "test/faults/**",
      "test/packaging/**",
      "test/clients/**",
      "test/pipelines/**",
      "test/cluster/**",
      "test/emulator/**",
    ],
    // No test mocks a module or keeps state in one, so files may share them: half the time.
    pool: "threads",
    isolate: false,
    // All cores: by default one is left idle, which on two of them is half.
    maxWorkers: "100%",
    sequence: { sequencer: LongestFirst },
    // A story runs days of virtual time through real HTTP; a loaded machine needs more than the usual 5 s.
    testTimeout: 30_000,
    coverage: {
      provider: "v8",
      include: ["src/**", "functions/**", "local/**", "cli/**", "kubernetes-schemas/*.ts"],
      exclude: ["local/test/**"],
    },
  },
});
