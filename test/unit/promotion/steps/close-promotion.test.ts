import { beforeEach, describe, expect, it } from "vitest";
import { closePromotion } from "../../../../src/promotion/steps/close-promotion.ts";
import { enterEnvironment } from "../../../../src/promotion/steps/enter-environment.ts";
import { rollBack } from "../../../../src/promotion/steps/roll-back.ts";
import { aWorld, production, type ShopWorld } from "../../../builders/a-world.ts";
import { goThrough, plan, writing } from "../../../builders/go-through.ts";

const failure = {
  state: "RetagImages",
  error: "TagConflict",
  message: "prod-1.0.0 is another digest",
};

describe("ClosePromotion", () => {
  let world: ShopWorld;
  const close = (promotion: string, change: object = {}) =>
    closePromotion.run({ promotion, ...change }, world);
  const lock = () => world.environments.readLock(production);
  const history = async () => (await world.promotions.history(production, { limit: 10 })).entries;

  beforeEach(() => {
    world = aWorld();
    for (const version of ["1.0.0", "1.1.0", "1.2.0"]) world.push(version);
  });

  it("writes the ending, what runs now and the history, and frees the environment", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "moved" });
    expect(await close("p-1")).toMatchObject({ outcome: "Promoted" });
    const { set, plan: hash, ending } = await world.promotion("p-1");
    expect(ending).toBe("Promoted");
    expect(await world.environments.readCurrent(production)).toMatchObject({
      version: "1.0.0",
      set,
      plan: hash,
      promotion: "p-1",
    });
    expect(await history()).toMatchObject([{ id: "p-1", ending: "Promoted" }]);
    expect(await lock()).toMatchObject({ owner: undefined, next: undefined, unsettled: undefined });
  });

  it("changes nothing when it is repeated, even with another failure and while another promotion owns the environment", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "moved" });
    await close("p-1");
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
    const before = await lock();
    world.pass(1_000);
    expect(await close("p-1", { failure })).toMatchObject({ outcome: "Promoted" });
    expect(await lock()).toEqual(before);
    expect(await history()).toHaveLength(1);
    expect((await world.environments.readCurrent(production))?.since).toBe(
      (await world.promotion("p-1")).closedAt,
    );
  });

  it.each([
    [
      "a failure by what was caught",
      { failure },
      "Failed",
      "RetagImages: TagConflict: prod-1.0.0 is another digest",
    ],
    [
      "a wait that took too long",
      { expired: "its turn in the environment" },
      "WaitExpired",
      "waited too long for its turn in the environment",
    ],
    // The Cause of a failed function: developer guide of Lambda, "Node.js errors", cut off by the state machine.
    [
      "what a function said, without its trace",
      {
        failure: {
          ...failure,
          message: '{"errorType":"TagConflict","errorMessage":"it says \\"no\\"","trace":["TagConf',
        },
      },
      "Failed",
      'RetagImages: TagConflict: it says "no"',
    ],
    [
      "a time-out, which has no cause",
      { failure: { ...failure, error: "States.Timeout", message: "" } },
      "Failed",
      "RetagImages: States.Timeout: no cause was given",
    ],
    ["an end without a word", {}, "Failed", "the workflow ended without giving a reason"],
  ])("tells %s", async (_, change, ending, reason) => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    expect(await close("p-1", change)).toMatchObject({ outcome: ending });
    expect(await world.promotion("p-1")).toMatchObject({ ending, reasons: [reason] });
  });

  it("believes the ending that a step decided on rather than what was caught afterwards", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "moved" });
    expect(await close("p-1", { failure })).toMatchObject({ outcome: "Promoted" });
  });

  it("says Failed for an execution whose first step left no record", async () => {
    expect(await close("p-9", { failure })).toMatchObject({ outcome: "Failed" });
  });

  it("keeps the new release as what runs when only the moving tags failed", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "rolled-out" });
    expect(await close("p-1", { failure: { ...failure, state: "MoveMovingTags" } })).toMatchObject({
      outcome: "Failed",
    });
    expect((await world.environments.readCurrent(production))?.version).toBe("1.0.0");
    expect((await lock()).unsettled).toBeUndefined();
  });

  it("does not call a release current that was only tagged", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "tagged" });
    await close("p-1", { failure });
    expect(await world.environments.readCurrent(production)).toBeUndefined();
    expect((await lock()).unsettled).toBeUndefined();
  });

  it("leaves the environment unsettled when the cluster was being changed and was not rolled back", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
    await world.sleep("p-2", "turn");
    await close("p-1", { failure: { ...failure, state: "RollBack" } });
    expect(await lock()).toMatchObject({
      owner: undefined,
      next: { promotion: "p-2" },
      unsettled: { by: "p-1", reason: expect.stringContaining("RollBack") },
    });
    expect(world.workflow.woken).toEqual([]);
  });

  it("leaves the environment unsettled by how far the cluster was changed, whatever the ending is called", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
    await world.promotions.update("p-1", {
      conclusion: { ending: "Refused", reasons: ["of old"] },
    });
    await close("p-1", { failure });
    expect((await lock()).unsettled?.by).toBe("p-1");
  });

  it("does not call it unsettled when what ran before runs again", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
    await rollBack.run(writing(world, "p-1"), world);
    await world.promotions.update("p-1", {
      progress: "rolled-back",
      conclusion: { ending: "RolledBack", reasons: [] },
    });
    await close("p-1");
    expect(await lock()).toMatchObject({ owner: undefined, unsettled: undefined });
  });

  it("hands the environment to the next in line and wakes it; it verifies again before it goes on", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "moved" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
    await world.sleep("p-2", "turn");
    await close("p-1");
    expect((await lock()).owner?.promotion).toBe("p-2");
    expect(world.workflow.woken).toEqual(["token-p-2"]);
    expect(await enterEnvironment.run({ promotion: "p-2" }, world)).toMatchObject({
      outcome: "stale",
    });
    await plan(world, "p-2");
    expect(await enterEnvironment.run({ promotion: "p-2" }, world)).toMatchObject({
      outcome: "ask",
    });
  });

  it("passes over a next whose execution has ended", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "moved" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
    world.workflow.end("p-2", "aborted");
    await close("p-1");
    expect(await lock()).toMatchObject({ owner: undefined, next: undefined });
  });

  it("gives up only the place next when it never owned the environment", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
    await close("p-2", { expired: "its turn" });
    expect(await lock()).toMatchObject({ owner: { promotion: "p-1" }, next: undefined });
  });

  it("forgets what the promotion waited for", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await world.sleep("p-1", "vote");
    await close("p-1", { failure });
    expect(await world.waits.read("p-1")).toBeUndefined();
  });

  it.each([
    ["a person's", { requester: "ANNA" }, 0],
    ["a push's", {}, 1],
  ])("by %s promotion leaves of the hold on its set: %#", async (_, who, holds) => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "moved" });
    const { set = "" } = await world.promotion("p-1");
    await world.environments.writeHold(production, {
      set,
      version: "1.0.0",
      by: "p-0",
      since: 1,
      reason: "rolled back",
    });
    const trigger = "requester" in who ? "person" : "push";
    const promotions = {
      ...world.promotions,
      close: async (...call: Parameters<ShopWorld["promotions"]["close"]>) =>
        ({ ...(await world.promotions.close(...call)), trigger }) as const,
    };
    await closePromotion.run({ promotion: "p-1" }, { ...world, promotions });
    expect(await world.environments.readHolds(production)).toHaveLength(holds);
  });

  it("says Failed to an execution that was given the name of a promotion that ended long ago, and leaves that one as it is", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "moved" });
    await close("p-1");
    const before = await world.promotion("p-1");
    expect(
      await close("p-1", {
        failure: { state: "ResolveRelease", error: "PromotionClosed", message: "" },
      }),
    ).toMatchObject({ outcome: "Failed" });
    expect(await world.promotion("p-1")).toEqual(before);
  });
});
