import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HistoryEntry, Promotions } from "../../src/ports/promotions.ts";
import {
  bigPlan,
  closing,
  digest,
  entry,
  key,
  member,
  nth,
  plan,
  promotion,
  snapshot,
} from "./promotions.fixtures.ts";

export interface PromotionsWorld {
  readonly promotions: Promotions;
  close(): Promise<void>;
}

export function promotionsContract(name: string, makeWorld: () => Promise<PromotionsWorld>): void {
  describe(`promotions: ${name}`, () => {
    let world: PromotionsWorld;
    let promotions: Promotions;
    beforeEach(async () => {
      world = await makeWorld();
      promotions = world.promotions;
    });
    afterEach(() => world.close());

    describe("the record", () => {
      it("does not exist before it is opened", async () => {
        expect(await promotions.read("p-1")).toBeUndefined();
      });

      it("is what was opened", async () => {
        expect(await promotions.open(promotion)).toEqual(promotion);
        expect(await promotions.read("p-1")).toEqual(promotion);
        expect(await promotions.read("p-2")).toBeUndefined();
      });

      it("stays what was opened first, when it is opened again", async () => {
        await promotions.open(promotion);
        expect(await promotions.open({ ...promotion, reason: "another", openedAt: 9 })).toEqual(
          promotion,
        );
      });

      it("is never more than the 400 KB of an item, and stays as it was", async () => {
        await promotions.open(promotion);
        await expect(promotions.update("p-1", { set: "s".repeat(420_000) })).rejects.toMatchObject({
          name: "StoreRefused",
        });
        expect(await promotions.read("p-1")).toEqual(promotion);
      });

      it("cuts off what people, pods and clusters said at too great length, so that it can be closed", async () => {
        const reasons = Array.from({ length: 300 }, () => "r".repeat(230_000));
        await promotions.open({ ...promotion, reason: reasons[0], requester: reasons[0] });
        await promotions.update("p-1", {
          trouble: reasons,
          conclusion: { ending: "Refused", reasons },
          verdicts: reasons.map((reason, at) => ({
            rule: "scan",
            subject: `shop-${at}`,
            kind: "pass",
            reason,
          })),
        });
        await promotions.markCancelled("p-1", { by: "b".repeat(230_000), at: 1 });
        const closed = await promotions.close("p-1", { ...closing, reasons });
        expect(closed.reasons.at(-1)).toBe("and 295 more");
        expect(JSON.stringify(closed).length).toBeLessThan(150_000);
        expect(await promotions.read("p-1")).toEqual(closed);
        await promotions.record({ ...entry, reasons });
        expect(
          JSON.stringify((await promotions.history(entry, { limit: 1 })).entries).length,
        ).toBeLessThan(20_000);
      });

      it("is opened by one of two at the same moment, and both get the same", async () => {
        const both = await Promise.all(
          ["one", "other"].map((reason) => promotions.open({ ...promotion, reason })),
        );
        expect(both[0]).toEqual(both[1]);
      });

      it("changes in the fields named and keeps the rest", async () => {
        await promotions.open(promotion);
        const change = {
          members: [member],
          set: "aa".repeat(32),
          fence: 3,
          rounds: ["h1"],
          entered: true,
          verifiedAt: 7,
          nudgedAt: 6,
          pushedAt: 5,
          tagsFound: { "shop/orderbook-api": { "prod-1.4.2": digest } },
          verdicts: [
            { rule: "scan", subject: "shop/orderbook-api", kind: "wait", reason: "läuft" },
          ],
          conclusion: { ending: "Refused", reasons: ["scan"] },
        } as const;
        expect(await promotions.update("p-1", change)).toEqual({ ...promotion, ...change });
        expect(await promotions.read("p-1")).toEqual({ ...promotion, ...change });
      });

      it("loses a field that is set to undefined", async () => {
        await promotions.open({ ...promotion, plan: "h1", set: "s" });
        expect(await promotions.update("p-1", { plan: undefined })).toEqual({
          ...promotion,
          set: "s",
        });
      });

      it("moves on in its progress and never back, whatever else changes", async () => {
        await promotions.open(promotion);
        expect((await promotions.update("p-1", { progress: "deploying" })).progress).toBe(
          "deploying",
        );
        expect(await promotions.update("p-1", { progress: "writing", fence: 4 })).toMatchObject({
          progress: "deploying",
          fence: 4,
        });
        expect((await promotions.update("p-1", { progress: "rolling-back" })).progress).toBe(
          "rolling-back",
        );
        expect((await promotions.close("p-1", { ...closing, progress: "tagged" })).progress).toBe(
          "rolling-back",
        );
      });

      it("keeps the changes of two steps that write different fields at the same moment", async () => {
        await promotions.open(promotion);
        await Promise.all([
          promotions.update("p-1", { nudgedAt: 8 }),
          promotions.update("p-1", { plan: "h1" }),
        ]);
        expect(await promotions.read("p-1")).toMatchObject({ nudgedAt: 8, plan: "h1" });
      });

      it("does not change after it was closed", async () => {
        await promotions.open(promotion);
        const closed = await promotions.close("p-1", closing);
        await expect(promotions.update("p-1", { fence: 9 })).rejects.toMatchObject({
          name: "PromotionClosed",
        });
        expect(await promotions.read("p-1")).toEqual(closed);
      });

      it.each([
        ["update", () => promotions.update("p-0", { fence: 1 })],
        ["close", () => promotions.close("p-0", closing)],
        ["announce", () => promotions.markAnnounced("p-0")],
      ])(
        "that does not exist cannot be given to %s, and does not come into being",
        async (_, act) => {
          await expect(act()).rejects.toMatchObject({ name: "NotFound" });
          expect(await promotions.read("p-0")).toBeUndefined();
        },
      );

      it("is cancelled by the first who says so", async () => {
        await promotions.open(promotion);
        const cancel = { by: "U1", at: 5 };
        expect(await promotions.markCancelled("p-1", cancel)).toEqual({ ...promotion, cancel });
        expect(await promotions.markCancelled("p-1", { by: "U2", at: 6 })).toEqual({
          ...promotion,
          cancel,
        });
      });

      it("is not cancelled when it has ended or does not exist", async () => {
        await promotions.open(promotion);
        await promotions.close("p-1", closing);
        expect(await promotions.markCancelled("p-1", { by: "U1", at: 5 })).toBeUndefined();
        expect(await promotions.markCancelled("p-0", { by: "U1", at: 5 })).toBeUndefined();
        expect((await promotions.read("p-1"))?.cancel).toBeUndefined();
      });

      it("is aborted by the first who says so", async () => {
        await promotions.open(promotion);
        const abort = { by: "U1", at: 5, reason: "errors" };
        expect(await promotions.markAborted("p-1", abort)).toEqual({ ...promotion, abort });
        expect((await promotions.markAborted("p-1", { by: "U2", at: 6 }))?.abort).toEqual(abort);
        await promotions.update("p-1", { progress: "deploying" });
        expect((await promotions.markAborted("p-1", { by: "U2", at: 6 }))?.abort).toEqual(abort);
      });

      it.each([
        ["rolled out", { progress: "rolled-out" }],
        ["going back", { progress: "rolling-back" }],
        ["back", { progress: "rolled-back" }],
        ["concluded", { conclusion: { ending: "Refused", reasons: [] } }],
      ] as const)("is not aborted once it is %s", async (_, change) => {
        await promotions.open(promotion);
        await promotions.update("p-1", { progress: "deploying" });
        if ("progress" in change && change.progress === "rolled-back") {
          await promotions.update("p-1", { progress: "rolling-back" });
        }
        await promotions.update("p-1", change);
        expect(await promotions.markAborted("p-1", { by: "U1", at: 5 })).toBeUndefined();
        expect((await promotions.read("p-1"))?.abort).toBeUndefined();
      });

      it("is not aborted when it has ended or does not exist", async () => {
        await promotions.open(promotion);
        await promotions.close("p-1", closing);
        expect(await promotions.markAborted("p-1", { by: "U1", at: 5 })).toBeUndefined();
        expect(await promotions.markAborted("p-0", { by: "U1", at: 5 })).toBeUndefined();
      });

      it("is rolled out as often as one says so, unless it was aborted", async () => {
        await promotions.open(promotion);
        expect(await promotions.markRolledOut("p-1")).toBe(true);
        expect(await promotions.markRolledOut("p-1")).toBe(true);
        expect(await promotions.read("p-1")).toEqual({ ...promotion, progress: "rolled-out" });
        await promotions.open({ ...promotion, id: "p-2" });
        await promotions.markAborted("p-2", { by: "U1", at: 5 });
        expect(await promotions.markRolledOut("p-2")).toBe(false);
        expect((await promotions.read("p-2"))?.progress).toBe(promotion.progress);
      });

      it("is either aborted or rolled out when both are said at the same moment", async () => {
        await promotions.open(promotion);
        const [aborted, rolledOut] = await Promise.all([
          promotions.markAborted("p-1", { by: "U1", at: 5 }),
          promotions.markRolledOut("p-1"),
        ]);
        expect(rolledOut).toBe(aborted === undefined);
      });

      it("that has ended, or does not exist, is not rolled out", async () => {
        await promotions.open(promotion);
        await promotions.close("p-1", closing);
        await expect(promotions.markRolledOut("p-1")).rejects.toMatchObject({
          name: "PromotionClosed",
        });
        await expect(promotions.markRolledOut("p-0")).rejects.toMatchObject({ name: "NotFound" });
      });

      it("is closed once", async () => {
        await promotions.open(promotion);
        const closed = { ...promotion, ...closing, progress: "rolled-out" };
        expect(await promotions.close("p-1", { ...closing, progress: "rolled-out" })).toEqual(
          closed,
        );
        expect(
          await promotions.close("p-1", {
            ending: "Failed",
            reasons: ["late"],
            closedAt: 9,
            progress: "rolled-back",
          }),
        ).toEqual(closed);
      });

      it("ends in one way when two close it at the same moment", async () => {
        await promotions.open(promotion);
        const both = await Promise.all(
          (["Failed", "Cancelled"] as const).map((ending) =>
            promotions.close("p-1", { ...closing, ending }),
          ),
        );
        expect(both[0]).toEqual(both[1]);
      });

      it("remembers that it was announced, also after it was closed", async () => {
        await promotions.open(promotion);
        await promotions.close("p-1", closing);
        expect(await promotions.markAnnounced("p-1")).toBe(true);
        expect(await promotions.read("p-1")).toEqual({ ...promotion, ...closing, announced: true });
      });

      it("is announced once, by one of two who do so at the same moment", async () => {
        await promotions.open(promotion);
        expect(
          (
            await Promise.all([promotions.markAnnounced("p-1"), promotions.markAnnounced("p-1")])
          ).toSorted(),
        ).toEqual([false, true]);
        expect(await promotions.markAnnounced("p-1")).toBe(false);
      });
    });

    describe("what belongs to it", () => {
      it("is absent before it is stored", async () => {
        expect(await promotions.readPlan("p-1", plan.hash)).toBeUndefined();
        expect(await promotions.readSnapshot("p-1")).toBeUndefined();
        expect(await promotions.readApplied("p-1")).toBeUndefined();
        expect(await promotions.readManifest("p-1", digest)).toBeUndefined();
      });

      it("has plans by hash, each as it was stored first, with the differences that were stored last", async () => {
        const { differences } = plan;
        await promotions.storePlan("p-1", { ...plan, differences: [] });
        await promotions.storePlan("p-1", {
          ...plan,
          plan: { ...plan.plan, version: "9.9.9" },
          differences,
        });
        await promotions.storePlan("p-1", { ...plan, hash: "cd".repeat(32), differences: [] });
        expect(await promotions.readPlan("p-1", plan.hash)).toEqual(plan);
        expect((await promotions.readPlan("p-1", "cd".repeat(32)))?.differences).toEqual([]);
        expect(await promotions.readPlan("p-2", plan.hash)).toBeUndefined();
      });

      it("has a plan of 2 MB of objects, as it was", async () => {
        const big = bigPlan();
        expect(JSON.stringify(big).length).toBeGreaterThan(2_000_000);
        await promotions.storePlan("p-1", big);
        await promotions.storePlan("p-1", big);
        expect(await promotions.readPlan("p-1", plan.hash)).toEqual(big);
      });

      it("has one snapshot, the first", async () => {
        expect(await promotions.storeSnapshot("p-1", snapshot)).toBe(true);
        expect(await promotions.storeSnapshot("p-1", { ...snapshot, takenAt: 6 })).toBe(false);
        expect(await promotions.readSnapshot("p-1")).toEqual(snapshot);
      });

      it("has the snapshot of one of two that are stored at the same moment", async () => {
        const stored = await Promise.all(
          [7, 8].map((takenAt) => promotions.storeSnapshot("p-1", { ...snapshot, takenAt })),
        );
        expect(stored.filter(Boolean)).toHaveLength(1);
        expect((await promotions.readSnapshot("p-1"))?.takenAt).toBe([7, 8][stored.indexOf(true)]);
      });

      it("has what the newest apply made", async () => {
        const ref = {
          apiVersion: "apps/v1",
          kind: "Deployment",
          name: "api",
          namespace: "orderbook",
        };
        await promotions.storeApplied("p-1", {
          at: 1,
          cluster: "orderbook-prod",
          objects: [{ ref, generation: 1 }],
        });
        await promotions.storeApplied("p-1", {
          at: 2,
          cluster: "orderbook-prod",
          objects: [{ ref, generation: 2 }],
        });
        expect(await promotions.readApplied("p-1")).toEqual({
          at: 2,
          cluster: "orderbook-prod",
          objects: [{ ref, generation: 2 }],
        });
      });

      it.each([
        ["small", '{\n   "schemaVersion": 2,\t"x": "ü 🚀"\r\n}'],
        ["bigger than an item", `{"annotations":"${randomBytes(600_000).toString("base64")}"}`],
      ])("has manifests by digest, to the very byte: %s", async (_, text) => {
        const manifest = { digest, mediaType: "application/vnd.oci.image.manifest.v1+json", text };
        await promotions.keepManifest("p-1", manifest);
        await promotions.keepManifest("p-1", manifest);
        expect(await promotions.readManifest("p-1", digest)).toEqual(manifest);
        expect(await promotions.readManifest("p-2", digest)).toBeUndefined();
      });
    });

    describe("the history", () => {
      it("is empty before anything ended", async () => {
        expect(await promotions.history(key, { limit: 10 })).toEqual({
          entries: [],
          before: undefined,
        });
      });

      it("lists one environment, newest first", async () => {
        for (const number of [2, 1, 3]) await promotions.record(nth(number));
        await promotions.record({ ...nth(4), environment: "staging" });
        expect(await promotions.history(key, { limit: 10 })).toEqual({
          entries: [nth(3), nth(2), nth(1)],
          before: undefined,
        });
      });

      it("has one entry of a promotion that is recorded again", async () => {
        await promotions.record(entry);
        await promotions.record(entry);
        await promotions.record({
          ...entry,
          closedAt: entry.closedAt + 1,
          reasons: ["closed once more"],
        });
        expect((await promotions.history(key, { limit: 10 })).entries).toEqual([entry]);
      });

      it("keeps two promotions that were opened in the same millisecond", async () => {
        await promotions.record(entry);
        await promotions.record({ ...entry, id: "p-2" });
        expect((await promotions.history(key, { limit: 10 })).entries).toHaveLength(2);
      });

      it("goes on page by page until it says that there is no more", async () => {
        for (let number = 1; number <= 6; number += 1) await promotions.record(nth(number));
        const one = await promotions.history(key, { limit: 3 });
        expect(one.entries).toEqual([nth(6), nth(5), nth(4)]);
        const other = await promotions.history(key, { limit: 3, before: one.before ?? "" });
        expect(other).toEqual({ entries: [nth(3), nth(2), nth(1)], before: undefined });
      });

      it("lists only what ended as asked for, page by page", async () => {
        const inTurn: readonly HistoryEntry["ending"][] = ["Refused", "Failed", "Promoted"];
        for (let number = 1; number <= 12; number += 1) {
          await promotions.record({ ...nth(number), ending: inTurn[number % 3] });
        }
        const one = await promotions.history(key, { limit: 5, endings: ["Refused", "Failed"] });
        expect(one.entries.map(({ id }) => id)).toEqual(["p-12", "p-10", "p-9", "p-7", "p-6"]);
        const other = await promotions.history(key, {
          limit: 5,
          endings: ["Refused", "Failed"],
          before: one.before ?? "",
        });
        expect(other.entries.map(({ id }) => id)).toEqual(["p-4", "p-3", "p-1"]);
        expect(other.before).toBeUndefined();
        expect((await promotions.history(key, { limit: 5, endings: ["Expired"] })).entries).toEqual(
          [],
        );
      });

      it("fills a page that is more than the 1 MB of one answer of DynamoDB", async () => {
        const reasons = ["r".repeat(50_000)];
        const numbers = Array.from({ length: 45 }, (_, index) => index + 1);
        await Promise.all(numbers.map((number) => promotions.record({ ...nth(number), reasons })));
        const { entries, before } = await promotions.history(key, { limit: 40 });
        expect(entries.map(({ id }) => id)).toEqual(
          numbers
            .toReversed()
            .slice(0, 40)
            .map((number) => `p-${number}`),
        );
        expect(
          (await promotions.history(key, { limit: 40, before: before ?? "" })).entries,
        ).toHaveLength(5);
      });
    });
  });
}
