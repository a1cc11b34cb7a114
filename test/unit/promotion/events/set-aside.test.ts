import { beforeEach, describe, expect, it } from "vitest";
import { PromoterError } from "../../../../src/domain/errors.ts";
import { reconcile } from "../../../../src/promotion/events/reconcile.ts";
import { showStatus } from "../../../../src/promotion/operations/show-status.ts";
import { closePromotion } from "../../../../src/promotion/steps/close-promotion.ts";
import { resolveRelease } from "../../../../src/promotion/steps/resolve-release.ts";
import { aWorld, type ShopWorld } from "../../../builders/a-world.ts";
import { goThrough } from "../../../builders/go-through.ts";

describe("a promotion whose execution ended", () => {
  let world: ShopWorld;

  beforeEach(() => {
    world = aWorld();
    world.push("1.0.0");
    world.push("1.1.0");
  });

  describe("and can never be closed", () => {
    const why = "writing PROMO#p-1/META in table promoter: an item holds at most 400 KB";
    const foreign = () => {
      const close: ShopWorld["promotions"]["close"] = async (id, closing) => {
        if (id === "p-1") throw new PromoterError("StoreRefused", why);
        return world.promotions.close(id, closing);
      };
      return { ...world, promotions: { ...world.promotions, close } };
    };

    beforeEach(async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
      await goThrough(world, { id: "p-2", version: "1.1.0", to: "asked" });
      world.workflow.end("p-1", "failed");
      world.workflow.end("p-2", "failed");
    });

    it("is set aside and reported once, and does not stop the rest", async () => {
      expect((await reconcile.run(undefined, foreign())).reasons).toEqual([
        `p-1 is set aside: ${why}`,
        "p-2 closed as Failed",
      ]);
      expect((await reconcile.run(undefined, foreign())).reasons).toEqual([]);
      expect(await world.openWork.list("shop")).toMatchObject([{ id: "p-1", setAside: { why } }]);
    });

    it("is reported even when something else may succeed later", async () => {
      world.bus.failNext(new PromoterError("BusUnavailable", "the bus is throttled"));
      await expect(reconcile.run(undefined, foreign())).rejects.toMatchObject({
        name: "BusUnavailable",
        message: `1 repairs failed: the bus is throttled; p-1 is set aside: ${why}`,
      });
    });

    it("is retried all the same, and is done as soon as it can be", async () => {
      await reconcile.run(undefined, foreign());
      expect((await reconcile.run(undefined, world)).reasons).toEqual(["p-1 closed as Failed"]);
      expect(await world.openWork.list("shop")).toEqual([]);
    });

    it("is shown by status, with why", async () => {
      await reconcile.run(undefined, foreign());
      expect(await showStatus.run({}, world)).toMatchObject([
        { setAside: [{ what: "p-1", at: world.clock.now(), why }] },
      ]);
      const unreadable = {
        ...world.promotions,
        read: () => Promise.reject(new PromoterError("StoreRefused", "schema version 2")),
      };
      expect(await showStatus.run({}, { ...world, promotions: unreadable })).toMatchObject([
        { promotions: [], setAside: [{ what: "p-1" }] },
      ]);
    });
  });

  it("that ended and cannot leave its environment is set aside too", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    await world.promotions.close("p-1", { ending: "Failed", reasons: [], closedAt: 5 });
    await world.openWork.remove("shop", { kind: "promotion", id: "p-1" });
    const broken = {
      ...world,
      promotions: {
        ...world.promotions,
        record: () => Promise.reject(new PromoterError("StoreRefused", "too large")),
      },
    };
    expect((await reconcile.run(undefined, broken)).reasons).toEqual([
      "p-1 is set aside: too large",
    ]);
    expect((await reconcile.run(undefined, broken)).reasons).toEqual([]);
    expect((await reconcile.run(undefined, world)).reasons).toEqual(
      expect.arrayContaining(["p-1 closed as Failed"]),
    );
  });

  it("is closed whatever length the names of its input had", async () => {
    await world.workflow.start("p-1", {
      application: "shop",
      version: "1.0.0",
      environment: "production",
    });
    await resolveRelease.run(
      {
        promotion: "p-1",
        execution: "arn",
        startedAt: new Date(world.clock.now()).toISOString(),
        input: {
          application: "shop",
          version: "1.0.0",
          environment: "production",
          ["k".repeat(230_000)]: 1,
        },
      },
      world,
    );
    expect(await closePromotion.run({ promotion: "p-1" }, world)).toMatchObject({
      outcome: "Refused",
    });
    expect(JSON.stringify(await world.promotion("p-1")).length).toBeLessThan(2_500);
  });
});
