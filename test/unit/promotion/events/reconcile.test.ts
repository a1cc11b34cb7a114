import { beforeEach, describe, expect, it } from "vitest";
import { PromoterError } from "../../../../src/domain/errors.ts";
import { onExecutionEnded } from "../../../../src/promotion/events/on-execution-ended.ts";
import { onImagePush } from "../../../../src/promotion/events/on-image-push.ts";
import { reconcile } from "../../../../src/promotion/events/reconcile.ts";
import { resumeEnvironment } from "../../../../src/promotion/operations/resume-environment.ts";
import { aWorld, production, pushEvent, type ShopWorld } from "../../../builders/a-world.ts";
import { goThrough, vote } from "../../../builders/go-through.ts";

describe("what lost events leave behind", () => {
  let world: ShopWorld;
  const lock = () => world.environments.readLock(production);
  const told = async () =>
    (await world.trail.read("p-1")).map(({ step, outcome }) => `${step} ${outcome}`);
  const promote = () =>
    world.promotions.close("p-1", {
      ending: "Promoted",
      reasons: ["all is well"],
      closedAt: world.clock.now(),
    });
  const published = () =>
    world.bus.published.map(
      ({ detail }) => `${String(detail["promotion"])} ${String(detail["ending"])}`,
    );
  const resume = (change: { readonly settled: boolean }) =>
    resumeEnvironment.run({ ...production, by: "ANNA", ...change }, world);

  /** The owner's execution was stopped while it changed the cluster, and was closed as such. */
  async function unsettle(): Promise<void> {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
    world.workflow.end("p-1", "aborted");
    await onExecutionEnded.run({ promotion: "p-1" }, world);
  }

  beforeEach(() => {
    world = aWorld();
    world.push("1.0.0");
    world.push("1.1.0");
  });

  describe("an execution that ended without closing", () => {
    it.each([
      ["entered", "aborted", "Cancelled"],
      ["entered", "timed-out", "Failed"],
      ["asked", "failed", "Failed"],
      ["writing", "aborted", "Failed"],
      ["deployed", "aborted", "Failed"],
    ] as const)("when %s and %s is closed as %s and announced", async (to, status, ending) => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to });
      world.workflow.end("p-1", status);
      expect(await onExecutionEnded.run({ promotion: "p-1" }, world)).toMatchObject({
        outcome: ending,
      });
      expect(await world.promotion("p-1")).toMatchObject({ ending, announced: true });
      expect((await lock()).owner).toBeUndefined();
      expect(published()).toEqual([`p-1 ${ending}`]);
      expect(await world.openWork.list("shop")).toEqual([]);
    });

    it("leaves the environment unsettled when it was changing the cluster", async () => {
      await unsettle();
      expect((await lock()).unsettled?.by).toBe("p-1");
    });

    it("is found by reconcile when the event about it was lost", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
      world.workflow.end("p-1", "timed-out");
      expect(await reconcile.run(undefined, world)).toEqual({
        outcome: "reconciled",
        reasons: ["p-1 closed as Failed"],
      });
      expect(world.messenger.messages()[0]?.closed?.ending).toBe("Failed");
    });

    it("is announced once, however often both look", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
      world.workflow.end("p-1", "timed-out");
      await onExecutionEnded.run({ promotion: "p-1" }, world);
      await reconcile.run(undefined, world);
      await onExecutionEnded.run({ promotion: "p-1" }, world);
      expect(published()).toEqual(["p-1 Failed"]);
    });

    it("is closed by two who look at the same moment, and neither fails", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
      world.workflow.end("p-1", "aborted");
      const seen = [await world.promotion("p-1")];
      await onExecutionEnded.run({ promotion: "p-1" }, world);
      const late = {
        ...world.promotions,
        read: async (id: string) => seen.shift() ?? world.promotions.read(id),
      };
      expect(
        await onExecutionEnded.run({ promotion: "p-1" }, { ...world, promotions: late }),
      ).toMatchObject({ outcome: "Cancelled" });
      expect(
        (await world.trail.read("p-1")).filter(({ step }) => step === "OnExecutionEnded"),
      ).toHaveLength(1);
    });

    describe("is not recorded in the trail when another closes it", () => {
      beforeEach(async () => {
        await goThrough(world, { id: "p-1", version: "1.0.0", to: "moved" });
        await world.promotions.update("p-1", { conclusion: undefined });
      });

      it("between the look at the record and the look at the execution", async () => {
        const workflow = {
          ...world.workflow,
          status: () => promote().then(() => "succeeded" as const),
        };
        expect(
          await onExecutionEnded.run({ promotion: "p-1" }, { ...world, workflow }),
        ).toMatchObject({ outcome: "Promoted" });
        expect(await told()).toEqual([]);
      });

      it("after the last look", async () => {
        world.workflow.end("p-1", "aborted");
        const close: ShopWorld["promotions"]["close"] = async (id, closing) => {
          await promote();
          return world.promotions.close(id, closing);
        };
        expect(
          await onExecutionEnded.run(
            { promotion: "p-1" },
            { ...world, promotions: { ...world.promotions, close } },
          ),
        ).toMatchObject({ outcome: "Promoted" });
        expect(await told()).toEqual([]);
      });

      it("and is, with the ending, when this closes it", async () => {
        world.workflow.end("p-1", "timed-out");
        await onExecutionEnded.run({ promotion: "p-1" }, world);
        expect(await told()).toEqual(["OnExecutionEnded Failed"]);
      });
    });

    it("is not taken for lost while Step Functions may not know it yet", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
      const workflow = { ...world.workflow, status: async () => undefined };
      expect(
        await onExecutionEnded.run({ promotion: "p-1" }, { ...world, workflow }),
      ).toMatchObject({ outcome: "open" });
      world.pass(60_000);
      expect(
        await onExecutionEnded.run({ promotion: "p-1" }, { ...world, workflow }),
      ).toMatchObject({ outcome: "Failed" });
    });

    it("that took the lock after it was closed does not keep it", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
      world.workflow.end("p-1", "aborted");
      await onExecutionEnded.run({ promotion: "p-1" }, world);
      const owner = {
        promotion: "p-1",
        version: "1.0.0",
        phase: "waiting",
        plan: undefined,
        cancelled: false,
      } as const;
      await world.environments.writeLock(production, {
        ...(await lock()),
        revision: (await lock()).revision + 1,
        owner,
      });
      await reconcile.run(undefined, world);
      expect((await lock()).owner).toBeUndefined();
    });

    it("before it wrote its record leaves no open work", async () => {
      await world.openWork.add("shop", {
        kind: "promotion",
        id: "p-9",
        environment: "production",
        version: "1.0.0",
        since: world.clock.now(),
      });
      world.pass(2 * 3_600_000 - 1);
      await reconcile.run(undefined, world);
      expect(await world.openWork.list("shop")).toHaveLength(1);
      world.pass(1);
      await reconcile.run(undefined, world);
      expect(await world.openWork.list("shop")).toEqual([]);
    });

    it.each(["warehouse", "constructor", "(unknown)"])(
      "and belongs to the application %s, which promoter.yml does not know, ends like any other",
      async (application) => {
        await world.open({ id: "p-9", application, version: "1.0.0" });
        world.workflow.end("p-9", "aborted");
        await world.openWork.add(application, {
          kind: "promotion",
          id: "p-8",
          environment: "production",
          version: "1.0.0",
          since: world.clock.now() - 2 * 3_600_000,
        });
        await world.openWork.add(application, {
          kind: "promotion",
          id: "p-9",
          environment: "production",
          version: "1.0.0",
          since: world.clock.now(),
        });
        expect(await reconcile.run(undefined, world)).toMatchObject({
          reasons: ["p-9 closed as Refused", "p-8 dropped: it never opened"],
        });
        expect(await world.openWork.listAll()).toEqual(new Map());
      },
    );

    it("is a release of an application that was taken out of promoter.yml, which is left alone after two weeks", async () => {
      await world.openWork.add("warehouse", {
        kind: "release",
        version: "1.0.0",
        since: world.clock.now(),
      });
      world.pass(14 * 24 * 3_600_000 - 1);
      expect(await reconcile.run(undefined, world)).toMatchObject({ reasons: [] });
      world.pass(1);
      expect(await reconcile.run(undefined, world)).toMatchObject({
        reasons: ["warehouse 1.0.0 belongs to no application of promoter.yml and is left alone"],
      });
      expect(await world.openWork.listAll()).toEqual(new Map());
    });

    it("and cannot be announced does not stop the others of its application", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
      await goThrough(world, { id: "p-2", version: "1.1.0", to: "asked" });
      await world.sleep("p-2", "vote");
      await vote(world, "p-2", "ANNA");
      world.bus.failNext(new PromoterError("BusUnavailable", "the bus does not answer"));
      await expect(reconcile.run(undefined, world)).rejects.toThrow("the bus does not answer");
      expect(world.workflow.woken).toEqual(["token-p-2"]);
    });

    it("is reported together with every other that could not be repaired", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
      await goThrough(world, { id: "p-2", version: "1.1.0", to: "closed" });
      world.bus.failNext(new PromoterError("BusUnavailable", "the bus is throttled"));
      world.bus.failNext(new PromoterError("BusUnavailable", "the bus does not answer"));
      await expect(reconcile.run(undefined, world)).rejects.toMatchObject({
        name: "BusUnavailable",
        retryable: true,
        message: "2 repairs failed: the bus is throttled; the bus does not answer",
      });
    });

    it("is not seen where it still runs, or was never known", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
      expect(await onExecutionEnded.run({ promotion: "p-1" }, world)).toMatchObject({
        outcome: "open",
      });
      expect(await onExecutionEnded.run({ promotion: "p-9" }, world)).toMatchObject({
        outcome: "unknown",
      });
      expect(await reconcile.run(undefined, world)).toEqual({ outcome: "reconciled", reasons: [] });
    });
  });

  it("is an announcement that failed, which reconcile repeats", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
    world.bus.failNext(new PromoterError("BusUnavailable", "the bus does not answer"));
    await expect(reconcile.run(undefined, world)).rejects.toThrow("the bus does not answer");
    await reconcile.run(undefined, world);
    expect(published()).toEqual(["p-1 Promoted"]);
    expect(await world.openWork.list("shop")).toEqual([]);
  });

  describe("a sleeper", () => {
    it("whose vote is in is woken", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
      await world.sleep("p-1", "vote");
      await vote(world, "p-1", "ANNA");
      expect(await reconcile.run(undefined, world)).toMatchObject({ reasons: ["p-1 woken"] });
    });

    it("whose version was rebuilt during the vote is woken when the push did not wake it", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
      const digests = world.push("1.0.0", "rebuilt");
      await onImagePush.run(
        pushEvent({
          id: "e-1",
          repository: "shop-api",
          digest: digests["shop-api"],
          version: "1.0.0",
        }),
        world,
      );
      await world.sleep("p-1", "vote");
      expect((await reconcile.run(undefined, world)).reasons).toContain("p-1 woken");
    });

    it("whose turn has come is woken", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "moved" });
      await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" }).catch(() => undefined);
      await world.environments.writeLock(production, {
        ...(await lock()),
        revision: (await lock()).revision + 1,
        next: undefined,
      });
      await world.sleep("p-2", "turn");
      await reconcile.run(undefined, world);
      expect(world.workflow.woken).toContain("token-p-2");
    });

    it("whose facts were reported as changed is woken", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
      await world.promotions.update("p-1", { nudgedAt: world.clock.now() });
      await world.sleep("p-1", "facts");
      await reconcile.run(undefined, world);
      expect(world.workflow.woken).toEqual(["token-p-1"]);
    });

    it("who was cancelled is woken", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
      await world.sleep("p-1", "vote");
      await world.promotions.markCancelled("p-1", { by: "BEN", at: 1 });
      await reconcile.run(undefined, world);
      expect(world.workflow.woken).toEqual(["token-p-1"]);
    });

    it("for whom nothing has happened sleeps on", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
      await world.sleep("p-1", "vote");
      await reconcile.run(undefined, world);
      expect(world.workflow.woken).toEqual([]);
    });
  });

  describe("an unsettled environment", () => {
    it("stays so when its cluster was touched", async () => {
      await unsettle();
      world.pass(3_600_000);
      await reconcile.run(undefined, world);
      expect((await lock()).unsettled?.by).toBe("p-1");
    });

    it("needs a person to say that it is settled, and then takes who waits", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
      await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
      await world.sleep("p-2", "turn");
      world.workflow.end("p-1", "aborted");
      await onExecutionEnded.run({ promotion: "p-1" }, world);
      await expect(resume({ settled: false })).rejects.toThrow(
        "`resume shop production --settled`",
      );
      expect(await resume({ settled: true })).toMatchObject({
        outcome: "resumed",
        reasons: ["production was declared settled by ANNA"],
      });
      expect(await lock()).toMatchObject({ owner: { promotion: "p-2" }, unsettled: undefined });
      expect(world.workflow.woken).toEqual(["token-p-2"]);
    });

    it("lets who waits for it sleep until a person has looked", async () => {
      await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
      await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
      await world.sleep("p-2", "turn");
      world.workflow.end("p-1", "aborted");
      await onExecutionEnded.run({ promotion: "p-1" }, world);
      await reconcile.run(undefined, world);
      expect(world.workflow.woken).toEqual([]);
      expect((await lock()).next?.promotion).toBe("p-2");
    });

    it("is not settled while a function that was given up may still write", async () => {
      await unsettle();
      const before = await lock();
      await world.environments.writeLock(production, {
        ...before,
        revision: before.revision + 1,
        unsettled: { by: "p-1", reason: "stopped" },
        claims: [{ invocation: "killed", phase: "writing", until: world.clock.now() + 1 }],
      });
      await world.environments.writeHold(production, {
        set: "a",
        version: "0.9.0",
        by: "p-0",
        since: 1,
        reason: "rolled back",
      });
      await expect(resume({ settled: true })).rejects.toThrow("may still be writing");
      expect(await world.environments.readHolds(production)).toHaveLength(1);
      world.pass(1);
      await resume({ settled: true });
      expect((await lock()).unsettled).toBeUndefined();
    });
  });

  it("is the token of an await that died before it saw that its promotion had ended", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
    await reconcile.run(undefined, world);
    await world.sleep("p-1", "vote");
    expect((await reconcile.run(undefined, world)).reasons).toEqual(["p-1 no longer waits"]);
    expect(await world.waits.read("p-1")).toBeUndefined();
    expect(world.workflow.woken).toEqual([]);
  });

  it("is a hold, which a person lifts", async () => {
    await world.environments.writeHold(production, {
      set: "a",
      version: "1.0.0",
      by: "p-0",
      since: 1,
      reason: "rolled back",
    });
    expect(await resume({ settled: false })).toMatchObject({
      reasons: ["the hold on 1.0.0 was lifted by ANNA"],
    });
    expect(await world.environments.readHolds(production)).toEqual([]);
  });
});
