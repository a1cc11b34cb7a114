import { beforeEach, describe, expect, it } from "vitest";
import type { Application } from "../../../../src/domain/configuration.ts";
import { PromoterError } from "../../../../src/domain/errors.ts";
import { onExecutionEnded } from "../../../../src/promotion/events/on-execution-ended.ts";
import { restoreEnvironment } from "../../../../src/promotion/operations/restore-environment.ts";
import { resumeEnvironment } from "../../../../src/promotion/operations/resume-environment.ts";
import { checkRollback } from "../../../../src/promotion/steps/check-rollback.ts";
import { rollBack } from "../../../../src/promotion/steps/roll-back.ts";
import { aWorld, deployment, production, type ShopWorld } from "../../../builders/a-world.ts";
import { aRun, goThrough, writing } from "../../../builders/go-through.ts";

const podSpec = {
  cluster: "shop-prod",
  namespace: "shop",
  objects: { kind: "files", folder: "deploy/shop" },
  rollout: 600_000,
  failFast: true,
  force: false,
  kinds: [],
  restartOnConfig: true,
  images: "fields",
} as const;

describe("rolling back an unsettled environment", () => {
  let world: ShopWorld;
  const lock = () => world.environments.readLock(production);
  const restore = (change: object = {}) =>
    restoreEnvironment.run({ ...production, by: "ANNA", ...aRun(world), ...change }, world);
  /** The ports, with a promoter.yml that names no environment any more. */
  const forgotten = async () => {
    const configuration = await world.configurations.read();
    const shop = { ...configuration.applications["shop"], environments: {} } as Application;
    return {
      ...world,
      configurations: {
        ...world.configurations,
        read: async () => ({ ...configuration, applications: { shop } }),
      },
    };
  };
  const settle = () => resumeEnvironment.run({ ...production, by: "BEN", settled: true }, world);
  const images = new Map<string, string>();
  const running = () =>
    world.cluster
      .objects()
      .flatMap((object) => JSON.stringify(object).match(/sha256:[0-9a-f]{64}/g) ?? [])
      .map((digest) => images.get(digest));
  const trail = async () =>
    (await world.trail.read("p-2"))
      .filter(({ step }) => step === "RestoreEnvironment")
      .map(({ who, outcome }) => `${who} ${outcome}`);

  /** 1.0.0 runs; the execution that deployed 1.1.0 was stopped. */
  async function stopped(): Promise<void> {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "deployed" });
    world.workflow.end("p-2", "aborted");
    await onExecutionEnded.run({ promotion: "p-2" }, world);
    world.pass(3_600_000);
  }

  beforeEach(() => {
    world = aWorld();
    for (const version of ["1.0.0", "1.1.0", "1.2.0"]) {
      for (const [repository, digest] of Object.entries(world.push(version))) {
        images.set(digest, `${repository} ${version}`);
      }
    }
  });

  it("puts back what ran before, and the environment is in order again", async () => {
    await stopped();
    expect(running()).toEqual(["shop-api 1.1.0", "shop-ui 1.1.0"]);
    expect(await restore()).toMatchObject({
      outcome: "resumed",
      reasons: expect.arrayContaining([
        "Deployment shop/shop-api applied",
        "what ran before runs again, and production was declared settled by ANNA",
      ]),
    });
    expect(running()).toEqual(["shop-api 1.0.0", "shop-ui 1.0.0"]);
    expect((await lock()).unsettled).toBeUndefined();
    expect(await trail()).toEqual(["ANNA restoring", "ANNA restored", "ANNA resumed"]);
  });

  it("removes what a first promotion made", async () => {
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "deployed" });
    world.workflow.end("p-2", "aborted");
    await onExecutionEnded.run({ promotion: "p-2" }, world);
    world.pass(3_600_000);
    const { outcome, reasons } = await restore();
    expect([outcome, reasons.at(-1)]).toEqual([
      "resumed",
      "nothing ran before, so nothing runs now: what it created was removed, and production was declared settled by ANNA",
    ]);
    expect(running()).toEqual([]);
  });

  it("puts the release that was taken back on hold", async () => {
    await stopped();
    await restore();
    expect(await world.environments.readHolds(production)).toMatchObject([
      { version: "1.1.0", by: "p-2", reason: "it was rolled back by ANNA" },
    ]);
  });

  it("hands over to who waited", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "deployed" });
    await goThrough(world, { id: "p-3", version: "1.2.0", to: "entered" });
    await world.sleep("p-3", "turn");
    world.workflow.end("p-2", "aborted");
    await onExecutionEnded.run({ promotion: "p-2" }, world);
    world.pass(3_600_000);
    await restore();
    expect(await lock()).toMatchObject({ owner: { promotion: "p-3" } });
    expect(world.workflow.woken).toEqual(["token-p-3"]);
  });

  describe("whose environment promoter.yml no longer names", () => {
    it("puts back what ran before all the same", async () => {
      await stopped();
      expect(
        await restoreEnvironment.run(
          { ...production, by: "ANNA", ...aRun(world) },
          await forgotten(),
        ),
      ).toMatchObject({ outcome: "resumed" });
      expect(running()).toEqual(["shop-api 1.0.0", "shop-ui 1.0.0"]);
    });

    it("is settled by a person all the same", async () => {
      await stopped();
      await resumeEnvironment.run({ ...production, by: "BEN", settled: true }, await forgotten());
      expect((await lock()).unsettled).toBeUndefined();
    });

    it("goes back by itself too, when the rollout stalls", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
      await goThrough(world, { id: "p-2", version: "1.1.0", to: "deployed" });
      expect(await rollBack.run(writing(world, "p-2"), await forgotten())).toMatchObject({
        outcome: "restored",
      });
      expect(await checkRollback.run({ promotion: "p-2" }, await forgotten())).toMatchObject({
        outcome: "close",
        reasons: ["RolledBack", "what ran before runs again"],
      });
    });
  });

  it.each([
    [true, "resumed"],
    [false, "FieldConflict"],
  ])(
    "takes fields of another manager back as the release did that is taken back: force %s, %s",
    async (force, expected) => {
      world = aWorld({ production: { podSpec: { ...podSpec, force } } });
      for (const version of ["1.0.0", "1.1.0"]) world.push(version);
      await stopped();
      world.cluster.applyAs("somebody", deployment("shop-api", "other:1"));
      const { configurations } = aWorld({ production: { podSpec: { ...podSpec, force: !force } } });
      const outcome = await restoreEnvironment
        .run({ ...production, by: "ANNA", ...aRun(world) }, { ...world, configurations })
        .then(
          (result) => result.outcome,
          (error: Error) => error.name,
        );
      expect(outcome).toBe(expected);
    },
  );

  it("reads a snapshot that does not say how it is put back, and then goes by promoter.yml", async () => {
    await stopped();
    const { podSpec: kept, ...old } = (await world.promotions.readSnapshot("p-2")) ?? {
      takenAt: 0,
      cluster: "",
      objects: [],
    };
    expect(kept).toEqual({ force: false, rollout: 600_000, failFast: true });
    const promotions = { ...world.promotions, readSnapshot: async () => old };
    expect(
      await restoreEnvironment.run(
        { ...production, by: "ANNA", ...aRun(world) },
        { ...world, promotions },
      ),
    ).toMatchObject({ outcome: "resumed" });
  });

  it("applies once and then looks until the rollout has ended", async () => {
    await stopped();
    world.cluster.rollout("progressing");
    expect(await restore()).toMatchObject({ outcome: "progressing", seconds: 2 });
    const applied = world.cluster.writes.length;
    expect(await restore()).toMatchObject({ outcome: "progressing" });
    expect(world.cluster.writes).toHaveLength(applied);
    expect((await lock()).unsettled?.by).toBe("p-2");
    world.cluster.rollout("complete");
    expect(await restore()).toMatchObject({ outcome: "resumed" });
  });

  it("stays unsettled when the rollback is stalled, and the next call applies again", async () => {
    await stopped();
    world.cluster.rollout("stalled");
    expect(await restore()).toMatchObject({
      outcome: "stalled",
      reasons: expect.arrayContaining([expect.stringContaining("the rollback stalled")]),
    });
    expect((await lock()).unsettled?.by).toBe("p-2");
    const applied = world.cluster.writes.length;
    world.cluster.rollout("complete");
    expect(await restore()).toMatchObject({ outcome: "resumed" });
    expect(world.cluster.writes.length).toBeGreaterThan(applied);
  });

  it("is not begun while a function of the stopped promotion may still write", async () => {
    await stopped();
    const before = await lock();
    await world.environments.writeLock(production, {
      ...before,
      revision: before.revision + 1,
      claims: [{ invocation: "killed", phase: "writing", until: world.clock.now() + 1 }],
    });
    await expect(restore()).rejects.toThrow("may still be writing");
    expect(running()).toEqual(["shop-api 1.1.0", "shop-ui 1.1.0"]);
  });

  it("keeps everybody out until a call that failed can take no more effect, and can then be repeated", async () => {
    await stopped();
    world.cluster.failNext(
      "apply",
      new PromoterError("ClusterUnavailable", "the cluster does not answer"),
    );
    await expect(restore()).rejects.toMatchObject({ name: "ClusterUnavailable" });
    await expect(settle()).rejects.toThrow("may still be writing");
    await expect(restore()).rejects.toThrow("may still be writing");
    world.pass(10_000);
    expect(await restore()).toMatchObject({ outcome: "resumed" });
  });

  it("starts no call in the last seconds of its function", async () => {
    await stopped();
    await expect(restore({ deadline: world.clock.now() + 5_000 - 1 })).rejects.toMatchObject({
      name: "TimeRanOut",
    });
    expect(running()).toEqual(["shop-api 1.1.0", "shop-ui 1.1.0"]);
  });

  it("is refused where nothing is unsettled, and where nothing of that name exists", async () => {
    await expect(restore()).rejects.toThrow("production is in order");
    await expect(
      restoreEnvironment.run(
        { application: "shop", environment: "prod", by: "ANNA", ...aRun(world) },
        world,
      ),
    ).rejects.toThrow("promoter.yml has production");
  });

  it("stands in the trail also when a person settles it by hand", async () => {
    await stopped();
    await settle();
    expect((await world.trail.read("p-2")).at(-1)).toMatchObject({
      step: "ResumeEnvironment",
      who: "BEN",
      reasons: ["production was declared settled by BEN"],
    });
  });
});
