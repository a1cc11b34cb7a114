import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { IgnoredPush } from "../../src/domain/ignored-push.ts";
import type { IgnoredPushes } from "../../src/ports/ignored-pushes.ts";

const day = 24 * 60 * 60_000;
const push = (tag: string, at = day): IgnoredPush => ({
  repository: "orderbook-api",
  tag,
  at,
  reason: `${tag} is no dev-{version} tag`,
});

export function ignoredPushesContract(
  name: string,
  open: () => Promise<{ readonly ignored: IgnoredPushes; readonly close: () => Promise<void> }>,
): void {
  describe(`ignored pushes: ${name}`, () => {
    let ignored: IgnoredPushes;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ ignored, close } = await open());
    });
    afterEach(() => close());

    it("are none at first, then newest first, of one application", async () => {
      expect(await ignored.list("orderbook")).toEqual([]);
      await ignored.note("orderbook", push("old", day + 1));
      await ignored.note("orderbook", push("new", day + 3));
      await ignored.note("orderbook", push("late", day + 2));
      await ignored.note("shop", push("other"));
      expect(await ignored.list("orderbook")).toEqual([
        push("new", day + 3),
        push("late", day + 2),
        push("old", day + 1),
      ]);
    });

    it("take one place for each tag", async () => {
      for (let at = 1; at <= 30; at += 1) await ignored.note("orderbook", push("latest", day + at));
      expect(await ignored.list("orderbook")).toEqual([push("latest", day + 30)]);
    });

    it("are kept for a day, and not more than twenty of them, however long the texts are", async () => {
      await ignored.note("orderbook", push("yesterday", 1));
      for (let at = 1; at <= 25; at += 1) {
        await ignored.note("orderbook", {
          ...push(`t${at}`, day + at),
          reason: "r".repeat(100_000),
        });
      }
      const kept = await ignored.list("orderbook");
      expect(kept.map(({ tag }) => tag)).toEqual(
        Array.from({ length: 20 }, (_, index) => `t${25 - index}`),
      );
      expect(JSON.stringify(kept).length).toBeLessThan(20 * 700);
    });

    it("that are noted at the same time are kept too", async () => {
      await Promise.all(["a", "b", "c"].map((tag) => ignored.note("orderbook", push(tag))));
      expect((await ignored.list("orderbook")).map(({ tag }) => tag).toSorted()).toEqual([
        "a",
        "b",
        "c",
      ]);
    });
  });
}
