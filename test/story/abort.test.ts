import { describe, expect, test } from "vitest";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

const crash = { kind: "crash", exitCode: 1, message: "cannot open the database" } as const;

function running({ cloud }: StoryWorld): string {
  return JSON.stringify(cloud.clusters.get("orderbook-prod")?.objects("Pod", "orderbook"));
}

describe("abort", () => {
  test("during a rollout brings back what ran before, with name and reason", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    const first = await world.pushRelease("1.4.1");
    expect(await world.ending(first)).toBe("Promoted");
    const second = await world.pushRelease("1.4.2");
    const api = world.tagged("orderbook-api", "dev-1.4.2") ?? "";
    world.cloud.clusters.get("orderbook-prod")?.behave(api, crash);
    await world.until(async () => (await world.show(second)).promotion.progress === "deploying");
    const request = { promotion: second, by: "ada", reason: "the log is full of errors" };
    expect(await world.invoke("abort-promotion", request)).toMatchObject({ outcome: "aborted" });
    expect(await world.ending(second)).toBe("RolledBack");
    const reasons = await world.reasons(second);
    expect(reasons).toContain("aborted by ada: the log is full of errors");
    expect(reasons).toContain("what ran before runs again");
    expect(running(world)).toContain(`@${world.tagged("orderbook-api", "dev-1.4.1")}`);
    expect(running(world)).not.toContain(`@${api}`);
    const { trail, chain } = await world.show(second);
    expect(trail.some(({ step, who }) => step === "AbortPromotion" && who === "ada")).toBe(true);
    expect(chain).toEqual({ kind: "holds" });
    const [production] = (await world.status()).environments;
    expect(production).toMatchObject({
      current: { version: "1.4.1" },
      holds: [{ version: "1.4.2" }],
    });
  });

  test("before anybody has approved ends the promotion, and nothing was written", async () => {
    const world = await startWorld();
    const promotion = await world.pushRelease("1.4.2");
    await world.asked(promotion);
    await world.invoke("abort-promotion", { promotion, by: "ada" });
    expect(await world.ending(promotion)).toBe("Cancelled");
    expect(world.tagged("orderbook-api", "prod-1.4.2")).toBeUndefined();
  });
});
