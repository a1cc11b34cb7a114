import { beforeEach, describe, expect, it } from "vitest";
import { onExecutionEnded } from "../../../../src/promotion/events/on-execution-ended.ts";
import { cancelPromotion } from "../../../../src/promotion/operations/cancel-promotion.ts";
import { restoreEnvironment } from "../../../../src/promotion/operations/restore-environment.ts";
import { resumeEnvironment } from "../../../../src/promotion/operations/resume-environment.ts";
import { aWorld, production, type ShopWorld } from "../../../builders/a-world.ts";
import { goThrough } from "../../../builders/go-through.ts";

const killed = new Error("killed");

async function dying<Result>(effect: Promise<Result>): Promise<never> {
  await effect;
  throw killed;
}

describe("resuming an environment", () => {
  let world: ShopWorld;
  const resume = (settled = false) =>
    resumeEnvironment.run({ ...production, by: "ANNA", settled }, world);

  beforeEach(() => {
    world = aWorld();
  });

  it("lifts what is on hold and says so", async () => {
    await world.environments.writeHold(production, {
      set: "s",
      version: "1.0.0",
      by: "p-1",
      since: 1,
      reason: "its rollout was rolled back",
    });
    expect(await resume()).toEqual({
      outcome: "resumed",
      reasons: ["the hold on 1.0.0 was lifted by ANNA"],
    });
    expect(await world.environments.readHolds(production)).toEqual([]);
  });

  it.each([false, true])(
    "says that there was nothing to do when nothing was on hold (settled: %s)",
    async (settled) => {
      expect((await resume(settled)).reasons).toEqual([
        "nothing was on hold in production, and it is in order; nothing was changed",
      ]);
    },
  );
});

describe("a function that dies as soon as it has written", () => {
  let world: ShopWorld;
  const lock = () => world.environments.readLock(production);

  /** The owner's execution was stopped while it changed the cluster, and was closed as such. */
  async function unsettle(): Promise<void> {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
    world.workflow.end("p-1", "aborted");
    await onExecutionEnded.run({ promotion: "p-1" }, world);
    world.pass(600_000);
  }

  beforeEach(() => {
    world = aWorld();
    world.push("1.0.0");
  });

  const said = async (id: string) =>
    (await world.trail.read(id))
      .filter(({ who }) => who !== "promoter")
      .map(({ who, step }) => `${who} ${step}`);

  it("has recorded who said that the environment is settled", async () => {
    await unsettle();
    const environments = {
      ...world.environments,
      writeLock: (...call: Parameters<ShopWorld["environments"]["writeLock"]>) =>
        dying(world.environments.writeLock(...call)),
    };
    await expect(
      resumeEnvironment.run(
        { ...production, by: "ANNA", settled: true },
        { ...world, environments },
      ),
    ).rejects.toBe(killed);
    expect((await lock()).unsettled).toBeUndefined();
    expect(await said("p-1")).toEqual(["ANNA ResumeEnvironment"]);
  });

  it("settles nothing when it could write down nothing: a claim that is past only at the second look", async () => {
    await unsettle();
    const { revision, ...left } = await lock();
    const until = world.clock.now() + 5_000;
    await world.environments.writeLock(production, {
      ...left,
      revision: revision + 1,
      claims: [{ invocation: "i-1", phase: "writing", until }],
    });
    const readLock: ShopWorld["environments"]["readLock"] = async (key) => {
      world.pass(2_000);
      return world.environments.readLock(key);
    };
    const resuming = resumeEnvironment.run(
      { ...production, by: "ANNA", settled: true },
      { ...world, environments: { ...world.environments, readLock } },
    );
    await expect(resuming).rejects.toMatchObject({
      name: "NotAllowed",
      message: expect.stringContaining("may still be writing"),
    });
    expect((await lock()).unsettled?.by).toBe("p-1");
    expect(await said("p-1")).toEqual([]);
  });

  it("has left who lifted the hold", async () => {
    await world.environments.writeHold(production, {
      set: "a",
      version: "1.0.0",
      by: "p-1",
      since: 1,
      reason: "rolled back",
    });
    const environments = {
      ...world.environments,
      clearHold: (...call: Parameters<ShopWorld["environments"]["clearHold"]>) =>
        dying(world.environments.clearHold(...call)),
    };
    await expect(
      resumeEnvironment.run(
        { ...production, by: "ANNA", settled: false },
        { ...world, environments },
      ),
    ).rejects.toBe(killed);
    expect(await said("p-1")).toEqual(["ANNA ResumeEnvironment"]);
  });

  it("has recorded who asked for the rollback", async () => {
    await unsettle();
    const environments = {
      ...world.environments,
      writeHold: (...call: Parameters<ShopWorld["environments"]["writeHold"]>) =>
        dying(world.environments.writeHold(...call)),
    };
    const restoring = {
      ...production,
      by: "ANNA",
      invocation: "i-1",
      deadline: world.clock.now() + 120_000,
    };
    await expect(restoreEnvironment.run(restoring, { ...world, environments })).rejects.toBe(
      killed,
    );
    expect(await said("p-1")).toEqual(["ANNA RestoreEnvironment"]);
  });

  it("has left who cancelled", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    const environments = {
      ...world.environments,
      writeLock: (...call: Parameters<ShopWorld["environments"]["writeLock"]>) =>
        dying(world.environments.writeLock(...call)),
    };
    await expect(
      cancelPromotion.run({ promotion: "p-1", by: "ANNA" }, { ...world, environments }),
    ).rejects.toBe(killed);
    expect((await lock()).owner?.cancelled).toBe(true);
    expect(await said("p-1")).toEqual(["ANNA CancelPromotion"]);
  });
});
