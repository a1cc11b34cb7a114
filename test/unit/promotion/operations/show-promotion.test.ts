import { describe, expect, it } from "vitest";
import type { ChainedEntry } from "../../../../src/ports/trail.ts";
import { showPromotion, type Chain } from "../../../../src/promotion/operations/show-promotion.ts";
import { aWorld, type ShopWorld } from "../../../builders/a-world.ts";

const pin = Buffer.from("1234").toString("base64");
const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "shop" }, data: { pin } };

async function opened(): Promise<ShopWorld> {
  const world = aWorld();
  world.push("1.4.2");
  await world.open({ version: "1.4.2", id: "p-1" });
  return world;
}

describe("what is shown of a promotion", () => {
  it("has no value of a Secret", async () => {
    const world = await opened();
    const { promotions } = world;
    const plan = {
      application: "shop",
      environment: "production",
      cluster: "c",
      namespace: "n",
      version: "1.4.2",
      fromVersion: undefined,
      members: [],
      objects: [secret],
      verdicts: [],
    };
    await promotions.storePlan("p-1", { hash: "h", plan, differences: [] });
    await promotions.update("p-1", { plan: "h" });
    const shown = await showPromotion.run({ promotion: "p-1" }, world);
    expect(shown.plan?.plan.objects).toEqual([{ ...secret, data: { pin: "(set)" } }]);
    expect((await promotions.readPlan("p-1", "h"))?.plan.objects).toEqual([secret]);
  });

  it.each<[string, (trail: readonly ChainedEntry[]) => readonly ChainedEntry[], Chain]>([
    ["holds as it was appended", (trail) => trail, { kind: "holds" }],
    [
      "is broken where a reason was changed",
      (trail) =>
        trail.map((entry, index) => (index === 1 ? { ...entry, reasons: ["all is well"] } : entry)),
      { kind: "broken", entry: 2 },
    ],
    [
      "is broken where an entry was removed",
      (trail) => trail.filter((_, index) => index !== 1),
      { kind: "broken", entry: 2 },
    ],
    ["is broken from its first entry on", (trail) => trail.slice(1), { kind: "broken", entry: 1 }],
  ])("has a trail that %s", async (_, edited, chain) => {
    const world = await opened();
    for (const step of ["ResolveRelease", "VerifyImages", "RetagImages"]) {
      await world.trail.append("p-1", {
        visit: step,
        step,
        at: 1,
        took: 1,
        outcome: "done",
        who: "promoter",
        reasons: [],
      });
    }
    const trail = { ...world.trail, read: async () => edited(await world.trail.read("p-1")) };
    expect((await showPromotion.run({ promotion: "p-1" }, { ...world, trail })).chain).toEqual(
      chain,
    );
  });
});
