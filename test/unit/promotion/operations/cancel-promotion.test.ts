import { beforeEach, describe, expect, it } from "vitest";
import { cancelPromotion } from "../../../../src/promotion/operations/cancel-promotion.ts";
import { aWorld, production, type ShopWorld } from "../../../builders/a-world.ts";
import { goOn, goThrough } from "../../../builders/go-through.ts";

describe("cancel", () => {
  let world: ShopWorld;
  const cancel = (promotion: string) => cancelPromotion.run({ promotion, by: "BEN" }, world);

  beforeEach(() => {
    world = aWorld();
    world.push("1.0.0");
    world.push("1.1.0");
  });

  it("marks an owner in lock and record and wakes it", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await world.sleep("p-1", "vote");
    expect(await cancel("p-1")).toMatchObject({ outcome: "cancelled" });
    expect((await world.environments.readLock(production)).owner?.cancelled).toBe(true);
    expect((await world.promotion("p-1")).cancel?.by).toBe("BEN");
    expect(world.workflow.woken).toEqual(["token-p-1"]);
  });

  it("leaves the lock of the owner alone when a waiting promotion is cancelled", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
    await cancel("p-2");
    expect((await world.environments.readLock(production)).owner).toMatchObject({
      promotion: "p-1",
      cancelled: false,
    });
    expect((await world.promotion("p-2")).cancel?.by).toBe("BEN");
  });

  it.each(["writing", "tagged", "deployed", "rolled-out"] as const)(
    "is refused when the promotion is %s",
    async (to) => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to });
      await expect(cancel("p-1")).rejects.toThrow("can no longer be cancelled");
    },
  );

  it("is refused when the promotion has ended, or is not known", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
    await expect(cancel("p-1")).rejects.toThrow("has already ended as Promoted");
    await expect(cancel("p-9")).rejects.toMatchObject({ name: "NotFound" });
  });

  it("is refused to a promotion that entered and began to write between two looks", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
    const markCancelled: ShopWorld["promotions"]["markCancelled"] = async (...call) => {
      await goOn(world, "p-1", { from: "planned", to: "writing" });
      return world.promotions.markCancelled(...call);
    };
    await expect(
      cancelPromotion.run(
        { promotion: "p-1", by: "BEN" },
        { ...world, promotions: { ...world.promotions, markCancelled } },
      ),
    ).rejects.toThrow("can no longer be cancelled");
  });

  it("is refused to a promotion that ended between two looks", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
    const markCancelled: ShopWorld["promotions"]["markCancelled"] = async (...call) => {
      await world.promotions.close("p-1", { ending: "Refused", reasons: [], closedAt: 5 });
      return world.promotions.markCancelled(...call);
    };
    await expect(
      cancelPromotion.run(
        { promotion: "p-1", by: "BEN" },
        { ...world, promotions: { ...world.promotions, markCancelled } },
      ),
    ).rejects.toThrow("has already ended");
  });
});
