import { expect, it } from "vitest";
import { skippedPushes } from "../../../cli/show/skipped-pushes.ts";
import type { Application } from "../../../src/domain/configuration.ts";
import { everyVersion } from "../../../src/domain/version-policy.ts";
import { pattern, plainMembers, repositories } from "../../builders/a-world.ts";

const shop: Application = {
  name: "shop",
  members: plainMembers([repositories.api], "{version}-dev"),
  source: { tag: pattern("{version}-dev"), order: "semver", versions: everyVersion, settle: 0 },
  environments: {},
};
const record = {
  level: "info",
  function: "OnImagePush",
  repository: "shop-api",
  tag: "foo-dev",
  outcome: "ignored",
  reasons: ["shop-api:foo-dev is no version"],
};

it("reports a push that was meant as a release, once", () => {
  const skipped = skippedPushes([shop]);
  skipped.note(record);
  expect(skipped.take()).toEqual(["shop-api:foo-dev is no version"]);
  expect(skipped.take()).toEqual([]);
});

it("reports a version that no environment takes", () => {
  const skipped = skippedPushes([shop]);
  skipped.note({
    ...record,
    tag: "2.0.0-rc.1-dev",
    outcome: "declined",
    reasons: ["production takes no pre-releases"],
  });
  expect(skipped.take()).toEqual(["production takes no pre-releases"]);
});

it("reports an environment that declines what another one takes", () => {
  const skipped = skippedPushes([shop]);
  const declined = "shop 1.0.0 starts no promotion: production takes no pre-releases";
  skipped.note({
    ...record,
    tag: "1.0.0-dev",
    outcome: "started",
    reasons: ["shop 1.0.0: started p-1", declined],
  });
  expect(skipped.take()).toEqual([declined]);
});

it.each([
  ["of our own", "prod-1.0.0"],
  ["of our own that moves", "prod"],
  ["of a signature", `sha256-${"0".repeat(64)}.sig`],
])("of bare versions, a tag %s is not meant as a release", (_, tag) => {
  const production = {
    name: "production",
    tags: { release: pattern("prod-{version}"), moving: "prod" },
  } as Application["environments"][string];
  const skipped = skippedPushes([
    {
      ...shop,
      members: plainMembers([repositories.api], "{version}"),
      environments: { production },
    },
  ]);
  skipped.note({ ...record, tag });
  expect(skipped.take()).toEqual([]);
  skipped.note({ ...record, tag: "latest" });
  expect(skipped.take()).toHaveLength(1);
});

it.each([
  ["a child of an index", { tag: "" }],
  ["a signature", { tag: `sha256-${"0".repeat(64)}.sig` }],
  ["a production tag", { tag: "1.0.0-prod" }],
  ["a repository without an application", { repository: "other" }],
  ["a push that counts", { outcome: "collected" }],
  ["another function", { function: "OnFactsChanged" }],
])("tells nothing of %s", (_, change) => {
  const skipped = skippedPushes([shop]);
  skipped.note({ ...record, ...change });
  expect(skipped.take()).toEqual([]);
});
