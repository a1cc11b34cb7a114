import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

interface Health {
  readonly url: string;
  /** The statuses that it answers next; then 200. */
  readonly next: number[];
  readonly asked: () => number;
}

async function serveHealth(): Promise<Health> {
  const next: number[] = [];
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.writeHead(next.shift() ?? 200).end("prices are missing");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/healthz`, next, asked: () => asked };
}

const observing =
  (observe: string, change = withoutApproval) =>
  (yaml: string): string =>
    change(yaml).replace(/\n( *)podSpec:/, `\n$1observe: ${observe}\n$1podSpec:`);

const isObserving = async (world: StoryWorld, id: string): Promise<boolean> =>
  (await world.show(id)).promotion.observing !== undefined;

describe("observe", () => {
  test("lets the moving tag follow once the release stayed well, and says what it watches", async () => {
    const health = await serveHealth();
    const world = await startWorld({ yaml: observing(`{ for: 5m, http: "${health.url}" }`) });
    const promotion = await world.pushRelease("1.4.2");
    await world.until(() => isObserving(world, promotion));
    expect(world.tagged("orderbook-api", "prod")).toBeUndefined();
    const { waitsFor } = await world.show(promotion);
    expect(waitsFor).toMatchObject({ kind: "observation" });
    expect(waitsFor?.what).toContain(health.url);
    expect(await world.ending(promotion)).toBe("Promoted");
    expect(world.tagged("orderbook-api", "prod")).toBeDefined();
    expect(health.asked()).toBeGreaterThan(5);
    const { promotion: record } = await world.show(promotion);
    expect((record.closedAt ?? 0) - (record.observing?.since ?? 0)).toBeGreaterThanOrEqual(300_000);
  });

  test("rolls a release back that does not stay well, with what was answered", async () => {
    const health = await serveHealth();
    const world = await startWorld({ yaml: observing(`{ for: 5m, http: "${health.url}" }`) });
    await world.pushRelease("1.4.1");
    expect(await world.ending()).toBe("Promoted");
    const before = world.tagged("orderbook-api", "prod");
    health.next.push(200, 429, 200, 503);
    const second = await world.pushRelease("1.4.2");
    expect(await world.ending(second)).toBe("RolledBack");
    const reasons = await world.reasons(second);
    expect(reasons).toContain(`${health.url} answers 503: prices are missing`);
    expect(reasons).toContain("what ran before runs again");
    expect(world.tagged("orderbook-api", "prod")).toBe(before);
    expect((await world.status()).environments[0]).toMatchObject({ current: { version: "1.4.1" } });
  });

  test("can be aborted until the time is over", async () => {
    const world = await startWorld({ yaml: observing("{ for: 1h }") });
    const promotion = await world.pushRelease("1.4.2");
    await world.until(() => isObserving(world, promotion));
    await world.pass(10 * 60_000);
    await world.invoke("abort-promotion", { promotion, by: "ada" });
    expect(await world.ending(promotion)).toBe("RolledBack");
    expect(await world.reasons(promotion)).toContain("aborted by ada");
  });

  test("is asked about, and what the local cloud does not have is named", async () => {
    const alarm = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors";
    const world = await startWorld({
      yaml: observing(`{ for: 5m, alarms: ["${alarm}"] }`, (yaml) => yaml),
    });
    const promotion = await world.pushRelease("1.4.2");
    const { approval } = await world.asked(promotion);
    const posted = JSON.stringify(world.cloud.slack.messages(approval?.message?.channel ?? ""));
    expect(posted).toContain("for 5m: its rollout, alarm errors");
    expect(await world.approve(promotion)).toBe("RolledBack");
    const reasons = await world.reasons(promotion);
    expect(reasons).toContain("it was not seen to be well 3 times in a row");
    expect(reasons).toContain("alarm errors could not be asked");
  });
});
