import { describe, expect, test } from "vitest";
import { withoutApproval } from "./shop.ts";
import { startWorld } from "./start-world.ts";

const hour = 3_600_000;

describe("AlreadyPromoted", () => {
  test("a person repeats a promotion: no one is asked and nothing is written", async () => {
    const world = await startWorld();
    await world.pushRelease("1.4.2");
    expect(await world.approve()).toBe("Promoted");
    const { current } = (await world.status()).environments[0] ?? {};
    world.cloud.calls.clear();

    const repeat = await world.promote("1.4.2");

    expect(await world.ending(repeat)).toBe("AlreadyPromoted");
    expect(await world.reasons(repeat)).toContain("production has run 1.4.2 since");
    expect(world.writes()).toEqual([]);
    const {
      environments: [after],
    } = await world.status();
    expect(after?.current).toEqual(current);
    expect(after?.lock.owner).toBeUndefined();
  });
});

describe("Planned", () => {
  test("a plan only reads and rehearses, and leaves no lock, release or question behind", async () => {
    const world = await startWorld();
    await world.pushRelease("1.4.1");
    expect(await world.approve()).toBe("Promoted");
    const push = await world.pushRelease("1.4.2");
    await world.asked(push);
    const before = await world.status();
    world.cloud.calls.clear();

    const plan = await world.promote("1.4.2", { mode: "plan" });

    expect(await world.ending(plan)).toBe("Planned");
    expect(world.writes()).toEqual([]);
    expect((await world.status()).environments).toEqual(before.environments);
    const shown = await world.show(plan);
    expect(shown.approval).toBeUndefined();
    expect(shown.plan?.differences).toContainEqual(
      expect.objectContaining({ object: "Deployment orderbook/orderbook-api", kind: "change" }),
    );
    expect(shown.promotion.entered).toBe(false);
  });
});

describe("Incomplete", () => {
  test("a start by hand names the member that is missing", async () => {
    const world = await startWorld();
    await world.push("orderbook-api", "1.4.2");
    const promotion = await world.promote("1.4.2");
    expect(await world.ending(promotion)).toBe("Incomplete");
    expect(await world.reasons(promotion)).toBe(
      "orderbook 1.4.2 is incomplete: orderbook-ui is missing; push orderbook-ui:dev-1.4.2",
    );
  });
});

describe("Refused", () => {
  test("an image with a CRITICAL finding is refused before anyone is asked", async () => {
    const world = await startWorld();
    world.cloud.ecr.scanner.set({
      repository: "orderbook-ui",
      result: { kind: "complete", counts: { CRITICAL: 2, LOW: 1 } },
    });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Refused");
    expect(await world.reasons()).toContain(
      "orderbook-ui (linux/amd64): it has 2 CRITICAL (at most 0)",
    );
    expect(world.writes()).toEqual([]);
  });

  test("an input of a size that no item could hold is refused in few words, and reconcile has nothing left to do", async () => {
    const world = await startWorld();
    const promotion = await world.promote("1.4.2", {
      ["k".repeat(230_000)]: "v",
      [`${"a".repeat(5_000)}\u001b[31m`]: "v",
    });
    expect(await world.ending(promotion)).toBe("Refused");
    expect((await world.reasons(promotion)).length).toBeLessThan(1_000);
    expect(await world.invoke("reconcile", {})).toEqual({ outcome: "reconciled", reasons: [] });
    expect(await world.status()).toMatchObject({ promotions: [], setAside: [] });
  });

  test("an image for another platform is refused, and the message names both", async () => {
    const world = await startWorld();
    await world.pushRelease("1.4.2", { platforms: ["linux/arm64"] });
    expect(await world.ending()).toBe("Refused");
    expect(await world.reasons()).toMatch(
      /orderbook-api.*linux\/amd64.*linux\/arm64|orderbook-api.*linux\/arm64.*linux\/amd64/,
    );
  });

  test("an image whose layer is gone is refused", async () => {
    const world = await startWorld();
    world.cloud.ecr.scanner.set({ result: { kind: "complete", counts: {} }, after: hour / 60 });
    await world.pushRelease("1.4.2");
    const layer = await firstLayer(world, "orderbook-api", "dev-1.4.2");
    world.cloud.ecr.dropLayer("orderbook-api", layer);
    expect(await world.ending()).toBe("Refused");
    expect(await world.reasons()).toContain(layer.slice(0, 19));
  });

  test("a release tag on another digest is a conflict that names both digests", async () => {
    const world = await startWorld();
    const other = await world.push("orderbook-api", "1.4.2", {
      content: "somebody else's",
      tag: "prod-1.4.2",
    });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Refused");
    const reasons = await world.reasons();
    expect(reasons).toContain(
      `orderbook-api:prod-1.4.2 is already ${other.slice("sha256:".length, 19)}, but 1.4.2 is now ${world.tagged("orderbook-api", "dev-1.4.2")?.slice("sha256:".length, 19)}`,
    );
    expect(reasons).toContain("a release tag is never moved");
    expect(world.tagged("orderbook-api", "prod-1.4.2")).toBe(other);
    expect(world.writes()).toEqual([]);
  });

  test("a version whose digests are final is refused when it is pushed with other digests", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Promoted");
    const rebuilt = await world.pushRelease("1.4.2", { content: "rebuilt" });
    expect(await world.ending(rebuilt)).toBe("Refused");
    expect(await world.reasons(rebuilt)).toContain("1.4.2");
  });

  test("the refusal of a rebuilt version names the members that differ, with the digest that is final and the one that was pushed", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    const final = await world.push("orderbook-api", "1.4.2");
    await world.push("orderbook-ui", "1.4.2");
    expect(await world.ending()).toBe("Promoted");
    const pushed = await world.push("orderbook-api", "1.4.2", { content: "rebuilt" });
    expect(await world.ending()).toBe("Refused");
    expect(await world.reasons()).toContain(
      `differ: orderbook-api is ${pushed.slice(7, 19)}, final is ${final.slice(7, 19)}; give the rebuilt`,
    );
  });

  test.each([
    {
      what: "application",
      input: { application: "orderbok", version: "1.4.2", environment: "production" },
      reason: 'there is no application named "orderbok"; promoter.yml has orderbook',
    },
    {
      what: "environment",
      input: { application: "orderbook", version: "1.4.2", environment: "prod" },
      reason: 'there is no environment of orderbook named "prod"; promoter.yml has production',
    },
    {
      what: "version",
      input: { application: "orderbook", version: "9.9.9", environment: "production" },
      reason:
        "there is no version 9.9.9 of orderbook: no repository has the tag dev-9.9.9; known versions are 1.4.1",
    },
    {
      what: "key",
      input: {
        application: "orderbook",
        version: "1.4.2",
        environment: "production",
        force: "yes",
      },
      reason:
        'the input has the unknown key "force"; known keys are application, version, environment, reason, mode, requester, set',
    },
  ])(
    "an unknown $what in the input is refused and what exists is named",
    async ({ input, reason }) => {
      const world = await startWorld();
      await world.push("orderbook-api", "1.4.1");
      const promotion = await world.start(input);
      expect(await world.ending(promotion)).toBe("Refused");
      expect(await world.reasons(promotion)).toContain(reason);
    },
  );
});

describe("WaitExpired", () => {
  test("a scan that never finishes is waited for as long as the rule says, and no longer", async () => {
    const world = await startWorld();
    world.cloud.ecr.scanner.set({ result: { kind: "never" } });
    const promotion = await world.pushRelease("1.4.2");
    expect(await world.ending(promotion)).toBe("WaitExpired");
    const { openedAt, closedAt = 0 } = (await world.show(promotion)).promotion;
    expect(closedAt - openedAt).toBe(hour / 2);
    expect(await world.reasons(promotion)).toContain("its scan is not finished");
  });

  test("once the scan has arrived, a retry promotes the very same images", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    world.cloud.ecr.scanner.set({ result: { kind: "never" } });
    const promotion = await world.pushRelease("1.4.2");
    expect(await world.ending(promotion)).toBe("WaitExpired");
    world.cloud.ecr.scanner.set({ result: { kind: "complete", counts: {} } });
    await world.pass(1000);
    await world.invoke("retry-promotion", {
      promotion,
      requester: "ada",
      reason: "the scanner is back",
    });
    const retried = promotion.replace(/-1$/, "-2");
    expect(await world.ending(retried)).toBe("Promoted");
    expect((await world.show(retried)).promotion).toMatchObject({
      requester: "ada",
      reason: "the scanner is back",
      set: (await world.show(promotion)).promotion.set,
    });
  });
});

describe("Rejected and Expired", () => {
  test("a rejection ends the promotion and no tag is written", async () => {
    const world = await startWorld();
    const promotion = await world.pushRelease("1.4.2");
    await world.asked(promotion);
    await world.click(promotion, "reject");
    expect(await world.ending(promotion)).toBe("Rejected");
    expect(await world.reasons(promotion)).toBe("U012AB3CD rejected");
    expect(world.tagged("orderbook-api", "prod-1.4.2")).toBeUndefined();
    expect((await world.status()).environments[0]?.lock.owner).toBeUndefined();
  });

  test("no one answers in time: the question expires and the buttons are gone", async () => {
    const world = await startWorld({ yaml: (yaml) => yaml.replace("expires: 24h", "expires: 1h") });
    const promotion = await world.pushRelease("1.4.2");
    const { approval } = await world.asked(promotion);
    expect(await world.ending(promotion)).toBe("Expired");
    expect(world.clock.now()).toBeGreaterThanOrEqual(approval?.deadline ?? Infinity);
    expect(
      JSON.stringify(world.cloud.slack.messages(approval?.message?.channel ?? "")),
    ).not.toContain("promoter_approve");
    expect(world.tagged("orderbook-api", "prod-1.4.2")).toBeUndefined();
  });
});

describe("Superseded", () => {
  test("a version that is rebuilt during the vote is not promoted by the approval of what it was", async () => {
    const world = await startWorld();
    const promotion = await world.pushRelease("1.4.2");
    await world.asked(promotion);
    const before = world.clock.now();
    const rebuilt = await world.push("orderbook-api", "1.4.2", { content: "rebuilt" });
    expect(await world.ending(promotion)).toBe("Superseded");
    expect(world.clock.now() - before).toBeLessThan(hour / 60);
    expect(await world.reasons(promotion)).toContain(
      `1.4.2 was rebuilt while this promotion was under way; see \`show ${world.promotions().at(-1)}\` for the promotion of the new images`,
    );
    expect(
      JSON.stringify(
        world.cloud.slack.messages((await world.show(promotion)).approval?.message?.channel ?? ""),
      ),
    ).not.toContain("promoter_approve");
    expect(world.tagged("orderbook-api", "prod-1.4.2")).toBeUndefined();

    expect(await world.approve()).toBe("Promoted");
    expect(world.tagged("orderbook-api", "prod-1.4.2")).toBe(rebuilt);
  });
});

test("the digests that came first are promoted when they are pushed again after a rebuild took their place", async () => {
  const world = await startWorld();
  const first = await world.pushRelease("1.4.2");
  await world.asked(first);
  const digest = world.tagged("orderbook-api", "dev-1.4.2");
  await world.push("orderbook-api", "1.4.2", { content: "rebuilt" });
  expect(await world.ending(first)).toBe("Superseded");
  await world.push("orderbook-api", "1.4.2");
  expect(world.tagged("orderbook-api", "dev-1.4.2")).toBe(digest);
  const again = first.replace(/1$/, "2");
  expect(world.promotions()).toContain(again);
  expect(await world.approve(again)).toBe("Promoted");
  expect(world.tagged("orderbook-api", "prod-1.4.2")).toBe(digest);
});

describe("Cancelled", () => {
  test("a cancellation during the vote ends the promotion at once and frees the environment", async () => {
    const world = await startWorld();
    const promotion = await world.pushRelease("1.4.2");
    await world.asked(promotion);
    const before = world.clock.now();
    await world.invoke("cancel-promotion", { promotion, by: "ada" });
    expect(await world.ending(promotion)).toBe("Cancelled");
    expect(world.clock.now() - before).toBeLessThan(hour / 60);
    expect(await world.reasons(promotion)).toContain("ada");
    expect((await world.status()).environments[0]?.lock.owner).toBeUndefined();
    expect(world.tagged("orderbook-api", "prod-1.4.2")).toBeUndefined();
  });

  test("a cancellation is refused while the promotion writes", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    const promotion = await world.pushRelease("1.4.2");
    await world.until(async () => (await world.show(promotion)).promotion.progress === "deploying");
    await expect(world.invoke("cancel-promotion", { promotion, by: "ada" })).rejects.toMatchObject({
      name: "NotAllowed",
      message: expect.stringContaining("can no longer be cancelled"),
    });
    expect(await world.ending(promotion)).toBe("Promoted");
  });
});

async function firstLayer(
  world: Awaited<ReturnType<typeof startWorld>>,
  repository: string,
  tag: string,
): Promise<string> {
  const {
    origin,
    registryCredentials: { user, password },
  } = world.cloud;
  const headers = {
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
  };
  const manifest: unknown = await (
    await fetch(`${origin}/v2/${repository}/manifests/${tag}`, { headers })
  ).json();
  return (
    (manifest as { readonly layers: readonly { readonly digest: string }[] }).layers[0]?.digest ??
    ""
  );
}
