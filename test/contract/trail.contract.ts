import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyChain } from "../../src/domain/trail.ts";
import type { Trail, TrailEntry } from "../../src/ports/trail.ts";

export interface TrailWorld {
  readonly trail: Trail;
  close(): Promise<void>;
}

const entry: TrailEntry = {
  visit: "VerifyImages@2026-01-05T09:00:00.000Z",
  step: "VerifyImages",
  at: 1_767_603_600_000,
  took: 312,
  outcome: "promote",
  who: "promoter",
  reasons: ["scan: no findings", "Größe ✓ 大 🚀"],
};
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const numbered = (number: number): TrailEntry => ({ ...entry, visit: `CheckRollout@${number}` });

export function trailContract(name: string, makeWorld: () => Promise<TrailWorld>): void {
  describe(`trail: ${name}`, () => {
    let world: TrailWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });
    afterEach(() => world.close());

    it("is empty for a promotion without entries", async () => {
      expect(await world.trail.read("p-1")).toEqual([]);
    });

    it("returns the entries of one promotion in the order they were appended", async () => {
      await world.trail.append("p-1", entry);
      await world.trail.append("p-1", numbered(2));
      await world.trail.append("p-2", numbered(9));
      expect(await world.trail.read("p-1")).toMatchObject([
        { ...entry, number: 1 },
        { ...numbered(2), number: 2 },
      ]);
    });

    it("keeps one entry of a visit, however late it is repeated", async () => {
      await world.trail.append("p-1", entry);
      for (let number = 2; number <= 30; number += 1) {
        await world.trail.append("p-1", numbered(number));
      }
      await world.trail.append("p-1", { ...entry, took: 5_000 });
      const entries = await world.trail.read("p-1");
      expect(entries).toHaveLength(30);
      expect(entries[0]?.took).toBe(312);
    });

    it("keeps one entry of a visit that is repeated since it began, behind many others", async () => {
      await world.trail.append("p-1", entry, entry.at);
      for (let number = 1; number <= 70; number += 1) {
        await world.trail.append(
          "p-1",
          { ...numbered(number), at: entry.at + number },
          entry.at + number,
        );
      }
      await world.trail.append("p-1", { ...entry, at: entry.at + 100 }, entry.at);
      expect(await world.trail.read("p-1")).toHaveLength(71);
    });

    it("chains what it stores", async () => {
      for (let number = 1; number <= 12; number += 1) {
        await world.trail.append("p-1", numbered(number));
      }
      const entries = await world.trail.read("p-1");
      expect(entries.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
      expect(verifyChain(entries, sha256)).toBeUndefined();
    });

    it("keeps both entries of two writers at the same moment, in one chain", async () => {
      await Promise.all(
        [numbered(1), numbered(2), numbered(3)].map((each) => world.trail.append("p-1", each)),
      );
      const entries = await world.trail.read("p-1");
      expect(entries.map(({ visit }) => visit).toSorted()).toEqual([
        "CheckRollout@1",
        "CheckRollout@2",
        "CheckRollout@3",
      ]);
      expect(verifyChain(entries, sha256)).toBeUndefined();
    });

    it("keeps one entry when a retried step appends the same visit at the same moment", async () => {
      await Promise.all([world.trail.append("p-1", entry), world.trail.append("p-1", entry)]);
      expect(await world.trail.read("p-1")).toHaveLength(1);
    });

    it("takes no entry of more than the 400 KB of an item", async () => {
      await expect(
        world.trail.append("p-1", { ...entry, step: "s".repeat(420_000) }),
      ).rejects.toMatchObject({ name: "StoreRefused" });
      expect(await world.trail.read("p-1")).toEqual([]);
    });

    it("cuts off who and why where they are too long, and chains what it stores", async () => {
      await world.trail.append("p-1", {
        ...entry,
        who: "w".repeat(230_000),
        reasons: Array.from({ length: 1_000 }, () => "r".repeat(5_000)),
      });
      const entries = await world.trail.read("p-1");
      expect(JSON.stringify(entries).length).toBeLessThan(20_000);
      expect(verifyChain(entries, sha256)).toBeUndefined();
    });

    it("reads more than the 1 MB that one page of DynamoDB holds", async () => {
      const step = "s".repeat(100_000);
      for (let number = 1; number <= 15; number += 1) {
        await world.trail.append("p-1", { ...numbered(number), step });
      }
      await world.trail.append("p-1", numbered(1));
      const entries = await world.trail.read("p-1");
      expect(entries).toHaveLength(15);
      expect(verifyChain(entries, sha256)).toBeUndefined();
    });
  });
}
