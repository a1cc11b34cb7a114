import { beforeEach, describe, expect, it } from "vitest";
import type { Difference } from "../../../../src/domain/plan.ts";
import {
  changesNothing,
  describeChanges,
  type Changes,
} from "../../../../src/promotion/cluster/describe-changes.ts";
import {
  resolvedPromotion,
  type ResolvedPromotion,
} from "../../../../src/promotion/record/open-promotion.ts";
import { aWorld, production, tag } from "../../../builders/a-world.ts";
import { goThrough } from "../../../builders/go-through.ts";

const difference = (kind: Difference["kind"]): Difference => ({
  object: `Deployment shop/${kind}`,
  kind,
  fields: [],
  unchecked: false,
});

function withTags(
  { tags = [], ...promotion }: ResolvedPromotion,
  state: "absent" | "elsewhere",
): ResolvedPromotion {
  return {
    ...promotion,
    tags: tags.map((one) => ({ ...one, moving: { tag: tag("prod"), state } })),
  };
}

describe("what a promotion would change", () => {
  let same: Changes;

  /** The very digests run already, and their tags are in place. */
  beforeEach(async () => {
    const world = aWorld();
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
    await goThrough(world, { id: "p-2", version: "1.0.0", to: "planned" });
    same = {
      promotion: await resolvedPromotion(world.promotions, "p-2"),
      current: await world.environments.readCurrent(production),
      differences: [difference("same")],
    };
  });

  it("is nothing when the digests run, the tags are in place and no object differs", () => {
    expect(changesNothing(same)).toBe(true);
    expect(describeChanges(same, { cluster: "shop-prod" })).toMatch(
      /^nothing would change: production runs 1\.0\.0/,
    );
  });

  it.each<[string, (changes: Changes) => Changes]>([
    [
      "other digests run",
      (changes) => ({ ...changes, promotion: { ...changes.promotion, set: "another" } }),
    ],
    ["nothing runs", (changes) => ({ ...changes, current: undefined })],
    [
      "a tag is absent",
      (changes) => ({ ...changes, promotion: withTags(changes.promotion, "absent") }),
    ],
    [
      "a tag is elsewhere",
      (changes) => ({ ...changes, promotion: withTags(changes.promotion, "elsewhere") }),
    ],
    [
      "the tags were not looked at",
      (changes) => ({ ...changes, promotion: { ...changes.promotion, tags: undefined } }),
    ],
    [
      "an object is created",
      (changes) => ({ ...changes, differences: [difference("same"), difference("create")] }),
    ],
    ["the cluster was not looked at", (changes) => ({ ...changes, differences: undefined })],
  ])("is something when %s", (_, change) => {
    expect(changesNothing(change(same))).toBe(false);
  });

  it("is counted in one sentence", () => {
    const changes = {
      ...same,
      promotion: withTags(same.promotion, "elsewhere"),
      differences: (["create", "change", "change", "same"] as const).map(difference),
    };
    expect(describeChanges(changes, { cluster: "shop-prod" })).toBe(
      "2 tags would be written, 1 object created, 2 changed, 1 left unchanged",
    );
  });

  it("is said of tags alone where there is no cluster", () => {
    const changes = { ...same, promotion: withTags(same.promotion, "absent"), differences: [] };
    expect(describeChanges(changes, { cluster: undefined })).toBe(
      "2 tags would be written (tags only, no cluster)",
    );
  });
});
