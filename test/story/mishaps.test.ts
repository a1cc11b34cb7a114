import { expect, test } from "vitest";
import { startWorld } from "./start-world.ts";

test.each([
  [{ kind: "scan", repository: "orderbook-api", critical: 2 }, "Refused", "2 CRITICAL"],
  [{ kind: "never-ready", image: "orderbook-ui" }, "RolledBack", "what ran before runs again"],
])("a person lets %o happen and watches the promotion end as %s", async (mishap, ending, reason) => {
  const world = await startWorld({ yaml: (text) => text.replace(/ +approval:.*\n/, "") });
  const answer = await fetch(`${world.cloud.origin}/_local/mishap`, { method: "POST", body: JSON.stringify(mishap) });
  expect(answer.status).toBe(200);
  await world.pushRelease("1.4.2");
  const [promotion = ""] = world.promotions();
  expect(await world.ending(promotion)).toBe(ending);
  expect((await world.show(promotion)).promotion.reasons.join("\n")).toContain(reason);
});

test("a web page cannot let anything happen", async () => {
  const { cloud } = await startWorld();
  const body = JSON.stringify({ kind: "scan-never", repository: "orderbook-api" });
  expect((await fetch(`${cloud.origin}/_local/mishap`, { method: "POST", body, headers: { origin: "http://example.com" } })).status).toBe(403);
  expect((await fetch(`${cloud.origin}/_local/mishap`, { method: "POST", body: "{}" })).status).toBe(400);
});
