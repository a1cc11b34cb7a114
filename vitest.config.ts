import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/faults/**"],
    coverage: { provider: "v8", include: ["src/**", "functions/**", "local/**", "cli/**"] },
  },
});
