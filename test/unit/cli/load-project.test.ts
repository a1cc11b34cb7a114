import { join } from "node:path";
import { expect, it } from "vitest";
import { loadProject } from "../../../cli/load-project.ts";

it("a faulty configuration is a usage error, with every fault for programs and as text for people", async () => {
  const loading = loadProject({
    root: join(import.meta.dirname, "../../fixtures/config/faulty"),
    config: "promoter.yml",
  });
  const faults = expect.arrayContaining([
    expect.objectContaining({
      file: "promoter.yml",
      line: 7,
      column: 9,
      message: "clusters.Lost: eks or context is missing",
      remedy: expect.stringMatching(/^Write \{ eks, region \}/),
    }),
  ]);
  await expect(loading).rejects.toMatchObject({
    name: "CommandError",
    exitCode: 2,
    message: expect.stringContaining("promoter.yml:7:9: "),
    details: { faults },
  });
});

it("a configuration is found by its absolute path too", async () => {
  const config = join(
    import.meta.dirname,
    "../../../examples/staging-then-production/promoter.yml",
  );
  expect(
    Object.keys(
      (await loadProject({ root: import.meta.dirname, config })).configuration.applications,
    ),
  ).toEqual(["tickets"]);
});
