import { beforeEach, describe, expect, it } from "vitest";
import { onImagePush } from "../../../../src/promotion/events/on-image-push.ts";
import { beginWriting } from "../../../../src/promotion/steps/begin-writing.ts";
import { closePromotion } from "../../../../src/promotion/steps/close-promotion.ts";
import { describeWait, type WaitingFor } from "../../../../src/promotion/wait/describe-wait.ts";
import {
  approval,
  aWorld,
  production,
  pushEvent,
  start,
  type ShopWorld,
} from "../../../builders/a-world.ts";
import { goThrough, vote } from "../../../builders/go-through.ts";

describe("what a promotion waits for", () => {
  let world: ShopWorld;
  const waits = async (id = "p-1"): Promise<WaitingFor | undefined> =>
    describeWait(await world.promotion(id), world);
  const until = start + 3_600_000;

  beforeEach(() => {
    world = aWorld({ production: { approval: { ...approval, required: 2 } } });
    world.push("1.0.0");
    world.push("1.1.0");
  });

  it("is a vote of those who have not voted yet", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await world.sleep("p-1", "vote");
    expect(await waits()).toEqual({ kind: "vote", what: "a vote of ANNA or BEN", until });
    await vote(world, "p-1", "ANNA");
    expect((await waits())?.what).toBe("a vote of BEN");
  });

  it("is its turn behind the owner", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
    await world.sleep("p-2", "turn");
    expect(await waits("p-2")).toEqual({
      kind: "turn",
      what: "its turn behind 1.0.0 (p-1)",
      until,
    });
  });

  it("is what its rules wait for, and no other verdict", async () => {
    await world.open({ id: "p-1", version: "1.0.0" });
    const verdicts = [
      { rule: "scan", subject: "shop-api", kind: "wait" as const, reason: "not scanned yet" },
      { rule: "exists", subject: "shop-api", kind: "pass" as const, reason: "it is there" },
    ];
    await world.promotions.update("p-1", { verdicts });
    await world.sleep("p-1", "facts");
    expect(await waits()).toEqual({ kind: "facts", what: "scan (not scanned yet)", until });
  });

  it("is that a rebuilt version stays unchanged", async () => {
    const digests = world.push("1.0.0");
    for (const [id, repository] of [
      ["e-1", "shop-api"],
      ["e-2", "shop-ui"],
    ] as const) {
      await onImagePush.run(
        pushEvent({ id, repository, digest: digests[repository], version: "1.0.0" }),
        world,
      );
    }
    const { "shop-api": digest } = world.push("1.0.0", "rebuilt");
    await onImagePush.run(
      pushEvent({ id: "e-3", repository: "shop-api", digest, version: "1.0.0", at: start + 1 }),
      world,
    );
    await world.open({ id: "p-1", version: "1.0.0" });
    expect(await waits()).toEqual({
      kind: "settle",
      what: "1.0.0, which was rebuilt, to stay unchanged",
      until: start + 120_000,
    });
    world.pass(120_000);
    expect(await waits()).toBeUndefined();
  });

  it("is a function of an earlier promotion that may still be writing, for as long as its claim says", async () => {
    world = aWorld();
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "approved" });
    const end = world.clock.now() + 10_000;
    const lock = await world.environments.readLock(production);
    await world.environments.writeLock(production, {
      ...lock,
      revision: lock.revision + 1,
      claims: [
        { invocation: "i-0", phase: "writing", until: end - 1 },
        { invocation: "i-1", phase: "rolling-back", until: end },
      ],
    });
    expect(await beginWriting.run({ promotion: "p-1" }, world)).toMatchObject({ outcome: "busy" });
    expect(await waits()).toEqual({
      kind: "claim",
      what: "a function of an earlier promotion, which may still be writing",
      until: end,
    });
    world.pass(10_000);
    expect(await waits()).toBeUndefined();
  });

  it("is nothing while it writes itself", async () => {
    world = aWorld();
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "approved" });
    expect(await beginWriting.run({ promotion: "p-1" }, world)).toMatchObject({
      outcome: "writing",
    });
    const lock = await world.environments.readLock(production);
    await world.environments.writeLock(production, {
      ...lock,
      revision: lock.revision + 1,
      claims: [{ invocation: "own", phase: "writing", until: world.clock.now() + 10_000 }],
    });
    expect(await waits()).toBeUndefined();
  });

  it("is nothing while it works, when its time is over, and once it has ended", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    expect(await waits()).toBeUndefined();
    await world.sleep("p-1", "facts");
    world.pass(3_600_000);
    expect(await waits()).toBeUndefined();
    await world.sleep("p-1", "facts");
    await closePromotion.run({ promotion: "p-1" }, world);
    expect(await waits()).toBeUndefined();
  });

  it("never reveals the token", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await world.sleep("p-1", "vote");
    expect(JSON.stringify(await waits())).not.toContain("token");
  });
});
