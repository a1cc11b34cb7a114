import { describe, expect, it } from "vitest";
import { showPromotion } from "../../../src/promotion/show-promotion.ts";
import { aWorld, type World } from "../../builders/a-world.ts";

const pin = Buffer.from("1234").toString("base64");
const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "shop" }, data: { pin } };

async function opened(): Promise<World> {
  const world = aWorld();
  world.push("1.4.2");
  await world.open({ version: "1.4.2", id: "p-1" });
  return world;
}

describe("what is shown of a promotion", () => {
  it("has no value of a Secret", async () => {
    const world = await opened();
    const { promotions } = world;
    const plan = { application: "shop", environment: "production", cluster: "c", namespace: "n", version: "1.4.2", fromVersion: undefined, members: [], objects: [secret], verdicts: [] };
    await promotions.storePlan("p-1", { hash: "h", plan, differences: [] });
    await promotions.update("p-1", { plan: "h" });
    const shown = await showPromotion({ promotion: "p-1" }, world);
    expect(shown.plan?.plan.objects).toEqual([{ ...secret, data: { pin: "(set)" } }]);
    expect((await promotions.readPlan("p-1", "h"))?.plan.objects).toEqual([secret]);
  });
});
