import { beforeEach, describe, expect, it } from "vitest";
import { onFactsChanged } from "../../../../src/promotion/events/on-facts-changed.ts";
import { onImagePush } from "../../../../src/promotion/events/on-image-push.ts";
import { awaitFacts } from "../../../../src/promotion/steps/await-facts.ts";
import { awaitTurn } from "../../../../src/promotion/steps/await-turn.ts";
import { awaitVote } from "../../../../src/promotion/steps/await-vote.ts";
import { closePromotion } from "../../../../src/promotion/steps/close-promotion.ts";
import { aWorld, pushEvent, type ShopWorld } from "../../../builders/a-world.ts";
import { goThrough, vote } from "../../../builders/go-through.ts";

const input = (promotion: string) => ({ promotion, token: `token-${promotion}`, seconds: 60 });

describe("falling asleep", () => {
  let world: ShopWorld;

  beforeEach(() => {
    world = aWorld();
    world.push("1.0.0");
    world.push("1.1.0");
    for (const id of ["p-1", "p-2"]) world.workflow.openToken(`token-${id}`);
  });

  it("stores the token and until when it sleeps", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await awaitVote.run(input("p-1"), world);
    expect(await world.waits.read("p-1")).toEqual({
      promotion: "p-1",
      kind: "vote",
      token: "token-p-1",
      since: world.clock.now(),
      until: world.clock.now() + 60_000,
    });
    expect(world.workflow.woken).toEqual([]);
  });

  it("leaves no token behind when the promotion ended before it was stored", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await closePromotion.run({ promotion: "p-1" }, world);
    await expect(awaitVote.run(input("p-1"), world)).rejects.toMatchObject({
      name: "PromotionClosed",
    });
    expect(await world.waits.read("p-1")).toBeUndefined();
  });

  it("wakes itself when the vote came just before", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await vote(world, "p-1", "ANNA");
    await awaitVote.run(input("p-1"), world);
    expect(world.workflow.woken).toEqual(["token-p-1"]);
    expect(await world.waits.read("p-1")).toBeUndefined();
  });

  it("wakes itself when the version was rebuilt just before", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    const digests = world.push("1.0.0", "rebuilt");
    await onImagePush.run(
      pushEvent({
        id: "e-1",
        repository: "shop-api",
        digest: digests["shop-api"],
        version: "1.0.0",
      }),
      world,
    );
    await awaitVote.run(input("p-1"), world);
    expect(world.workflow.woken).toEqual(["token-p-1"]);
  });

  it("wakes itself when the environment was handed over just before", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "moved" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
    await closePromotion.run({ promotion: "p-1" }, world);
    await awaitTurn.run(input("p-2"), world);
    expect(world.workflow.woken).toEqual(["token-p-2"]);
  });

  it("sleeps while another promotion owns the environment", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
    await awaitTurn.run(input("p-2"), world);
    expect(world.workflow.woken).toEqual([]);
  });

  it("wakes itself when the facts changed after it had looked at them", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
    await onFactsChanged.run({ repository: "shop-ui" }, world);
    await awaitFacts.run(input("p-1"), world);
    expect(world.workflow.woken).toEqual(["token-p-1"]);
  });

  it("wakes itself when it was cancelled just before", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
    await world.promotions.markCancelled("p-1", { by: "BEN", at: 1 });
    await awaitFacts.run(input("p-1"), world);
    expect(world.workflow.woken).toEqual(["token-p-1"]);
  });

  it("is woken by news about one of its repositories, and by no others", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
    await awaitFacts.run(input("p-1"), world);
    expect(await onFactsChanged.run({ repository: "other" }, world)).toMatchObject({
      outcome: "ignored",
    });
    expect(world.workflow.woken).toEqual([]);
    expect(await onFactsChanged.run({ repository: "shop-api" }, world)).toMatchObject({
      outcome: "nudged",
      reasons: ["p-1"],
    });
    expect(world.workflow.woken).toEqual(["token-p-1"]);
  });

  it("is woken though another promotion of its application ends at the same moment", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "planned" });
    await awaitFacts.run(input("p-2"), world);
    const update: ShopWorld["promotions"]["update"] = async (id, change) => {
      await world.promotions.close("p-1", { ending: "Cancelled", reasons: [], closedAt: 5 });
      return world.promotions.update(id, change);
    };
    expect(
      await onFactsChanged.run(
        { repository: "shop-api" },
        { ...world, promotions: { ...world.promotions, update } },
      ),
    ).toMatchObject({ outcome: "nudged" });
    expect(world.workflow.woken).toEqual(["token-p-2"]);
  });

  it("is not woken by news about images while it waits for a vote", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await awaitVote.run(input("p-1"), world);
    await onFactsChanged.run({ repository: "shop-api" }, world);
    expect(world.workflow.woken).toEqual([]);
  });
});
