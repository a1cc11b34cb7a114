import { expect, it } from "vitest";
import { skippedPushes } from "../../../cli/show/skipped-pushes.ts";
import type { Application } from "../../../src/domain/configuration.ts";
import { pattern, repositories } from "../../builders/a-world.ts";

const shop: Application = { name: "shop", repositories: [repositories.api], source: { tag: pattern("{version}-dev"), order: "semver", settle: 0 }, environments: {} };
const record = { level: "info", function: "OnImagePush", repository: "shop-api", tag: "foo-dev", outcome: "ignored", reasons: ["shop-api:foo-dev is no version"] };

it("tells of a push that was meant as a release, once", () => {
  const skipped = skippedPushes([shop]);
  skipped.note(record);
  expect(skipped.take()).toEqual(["shop-api:foo-dev is no version"]);
  expect(skipped.take()).toEqual([]);
});

it.each([
  ["a child of an index", { tag: "" }],
  ["a signature", { tag: `sha256-${"0".repeat(64)}.sig` }],
  ["a production tag", { tag: "1.0.0-prod" }],
  ["a repository of nobody", { repository: "other" }],
  ["a push that counts", { outcome: "collected" }],
  ["another function", { function: "OnFactsChanged" }],
])("tells nothing of %s", (_, change) => {
  const skipped = skippedPushes([shop]);
  skipped.note({ ...record, ...change });
  expect(skipped.take()).toEqual([]);
});
