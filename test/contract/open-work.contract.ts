import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OpenPromotion, OpenRelease, OpenWork } from "../../src/ports/open-work.ts";

export interface OpenWorkWorld {
  readonly openWork: OpenWork;
  close(): Promise<void>;
}

const promotion: OpenPromotion = {
  kind: "promotion",
  id: "p-1",
  environment: "production",
  version: "1.4.2",
  since: 1_000,
};
const release: OpenRelease = { kind: "release", version: "1.4.2", since: 900 };

export function openWorkContract(name: string, makeWorld: () => Promise<OpenWorkWorld>): void {
  describe(`open work: ${name}`, () => {
    let world: OpenWorkWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.close());

    it("has nothing open in an application that it never heard of", async () => {
      expect(await world.openWork.list("orderbook")).toEqual([]);
    });

    it("lists promotions and releases of one application", async () => {
      await world.openWork.add("orderbook", promotion);
      await world.openWork.add("orderbook", release);
      await world.openWork.add("ledger", { ...release, version: "7" });
      const listed = await world.openWork.list("orderbook");
      expect(listed).toHaveLength(2);
      expect(listed).toEqual(expect.arrayContaining([promotion, release]));
    });

    it("lists no application whose name only begins like it", async () => {
      await world.openWork.add("orderbook-api", release);
      await world.openWork.add("orderbook.api", release);
      expect(await world.openWork.list("orderbook")).toEqual([]);
    });

    it("lists everything by application, whoever asks", async () => {
      await world.openWork.add("orderbook", promotion);
      await world.openWork.add("orderbook", release);
      await world.openWork.add("(unknown)", { ...promotion, id: "p-2" });
      const all = await world.openWork.listAll();
      expect([...all.keys()].toSorted()).toEqual(["(unknown)", "orderbook"]);
      expect(all.get("orderbook")).toEqual(expect.arrayContaining([promotion, release]));
      expect(all.get("(unknown)")).toEqual([{ ...promotion, id: "p-2" }]);
    });

    it("keeps the time of the first when the same work is added again", async () => {
      await world.openWork.add("orderbook", release);
      await world.openWork.add("orderbook", { ...release, since: 5_000 });
      expect(await world.openWork.list("orderbook")).toEqual([release]);
    });

    it("removes what is done and leaves the rest", async () => {
      await world.openWork.add("orderbook", promotion);
      await world.openWork.add("orderbook", release);
      await world.openWork.remove("orderbook", { kind: "promotion", id: "p-1" });
      await world.openWork.remove("orderbook", { kind: "promotion", id: "p-1" });
      expect(await world.openWork.list("orderbook")).toEqual([release]);
      await world.openWork.remove("orderbook", { kind: "release", version: "1.4.2" });
      expect(await world.openWork.list("orderbook")).toEqual([]);
    });

    it("notes once that something cannot be finished, with a bound on why, and keeps it open", async () => {
      await world.openWork.add("orderbook", promotion);
      const note = { at: 5, why: "the table refused it" };
      expect(await world.openWork.setAside("orderbook", { ...promotion, since: 7 }, note)).toBe(
        true,
      );
      expect(
        await world.openWork.setAside("orderbook", promotion, { at: 6, why: "once more" }),
      ).toBe(false);
      expect(await world.openWork.list("orderbook")).toEqual([{ ...promotion, setAside: note }]);
      await world.openWork.remove("orderbook", promotion);
      expect(await world.openWork.list("orderbook")).toEqual([]);
    });

    it("opens again what is set aside and was done before", async () => {
      expect(
        await world.openWork.setAside("orderbook", release, { at: 5, why: "w".repeat(230_000) }),
      ).toBe(true);
      const [work] = await world.openWork.list("orderbook");
      expect(work).toMatchObject({
        ...release,
        setAside: { at: 5, why: expect.stringMatching(/^w{1999}…$/) as unknown },
      });
    });

    it("lists everything when it is more than the 1 MB that one page of DynamoDB holds", async () => {
      const ids = Array.from({ length: 60 }, (_, number) => `p-${number}`);
      await Promise.all(
        ids.map((id) =>
          world.openWork.add("orderbook", { ...promotion, id, environment: "e".repeat(25_000) }),
        ),
      );
      const listed = await world.openWork.list("orderbook");
      expect(listed).toHaveLength(60);
      expect(new Set(listed.map((work) => work.kind === "promotion" && work.id))).toEqual(
        new Set(ids),
      );
    });
  });
}
