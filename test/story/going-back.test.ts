import { describe, expect, test } from "vitest";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

const hour = 60 * 60_000;

async function twoReleases(world: StoryWorld): Promise<string> {
  const first = await world.push("orderbook-api", "1.4.1");
  await world.push("orderbook-ui", "1.4.1");
  expect(await world.ending()).toBe("Promoted");
  await world.pass(hour);
  await world.pushRelease("1.4.2");
  expect(await world.ending()).toBe("Promoted");
  await world.pass(hour);
  return first;
}

describe("promote --back", () => {
  test("returns to the digests that ran, and the next push does not undo it until resume", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    const first = await twoReleases(world);
    const back = await world.promote("1.4.1", { back: true, requester: "ada", reason: "errors" });
    expect(await world.ending(back)).toBe("Promoted");
    expect(await world.reasons(back)).toContain("went back from 1.4.2 to 1.4.1");
    expect(world.tagged("orderbook-api", "prod")).toBe(first);
    const [production] = (await world.status()).environments;
    expect(production).toMatchObject({
      current: { version: "1.4.1", promotion: back },
      holds: [{ pin: true, version: "1.4.1", reason: "ada went back from 1.4.2: errors" }],
    });

    const pushed = await world.pushRelease("1.4.3");
    expect(await world.ending(pushed)).toBe("Refused");
    expect(await world.reasons(pushed)).toContain("production stays at 1.4.1");
    await world.invoke("resume-environment", {
      application: "orderbook",
      environment: "production",
      by: "ada",
      settled: false,
    });
    await world.pushRelease("1.4.4");
    expect(await world.ending()).toBe("Promoted");
  });

  test("asks like any promotion, in words that say it goes back", async () => {
    const world = await startWorld();
    await world.pushRelease("1.4.1");
    await world.approve();
    await world.pushRelease("1.4.2");
    expect(await world.approve()).toBe("Promoted");
    const back = await world.promote("1.4.1", { back: true, requester: "U0ADA" });
    const { plan, approval } = await world.asked(back);
    expect(plan?.plan).toMatchObject({ back: true, fromVersion: "1.4.2", version: "1.4.1" });
    const posted = JSON.stringify(world.cloud.slack.messages(approval?.message?.channel ?? ""));
    expect(posted).toContain("Go back to orderbook 1.4.1 in production?");
    expect(posted).toContain("1.4.2 → 1.4.1 (going back)");
    expect(await world.approve(back)).toBe("Promoted");
  });

  test("is named to whoever promotes an older version without it, and refused where nothing ran", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    await twoReleases(world);
    const older = await world.promote("1.4.1");
    expect(await world.ending(older)).toBe("Refused");
    expect(await world.reasons(older)).toContain("`promote orderbook 1.4.1 production --back`");
    const unknown = await world.promote("1.4.0", { back: true });
    expect(await world.ending(unknown)).toBe("Refused");
    expect(await world.reasons(unknown)).toContain("1.4.0 never ran in production");
    const planned = await world.promote("1.4.1", { back: true, mode: "plan" });
    expect(await world.ending(planned)).toBe("Planned");
    expect(await world.reasons(planned)).toContain("going back from 1.4.2 to 1.4.1: ");
  });
});
