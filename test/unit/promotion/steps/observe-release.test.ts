import { beforeEach, describe, expect, it } from "vitest";
import { recordAt } from "../../../../src/domain/json.ts";
import type { ObservePolicy } from "../../../../src/domain/observation.ts";
import { abortPromotion } from "../../../../src/promotion/operations/abort-promotion.ts";
import { showPromotion } from "../../../../src/promotion/operations/show-promotion.ts";
import { checkRollback } from "../../../../src/promotion/steps/check-rollback.ts";
import { checkRollout } from "../../../../src/promotion/steps/check-rollout.ts";
import { moveMovingTags } from "../../../../src/promotion/steps/move-moving-tags.ts";
import { observeRelease } from "../../../../src/promotion/steps/observe-release.ts";
import { rollBack } from "../../../../src/promotion/steps/roll-back.ts";
import { aWorld, type ShopWorld } from "../../../builders/a-world.ts";
import { goThrough, writing } from "../../../builders/go-through.ts";

const minute = 60_000;
const observe: ObservePolicy = {
  for: 5 * minute,
  alarms: ["arn:aws:cloudwatch:eu-west-1:111122223333:alarm:errors"],
  http: "https://shop.example.com/healthz",
  function: "arn:aws:lambda:eu-west-1:111122223333:function:smoke",
};

describe("a release that is observed", () => {
  let world: ShopWorld;
  let visits = 0;
  const visit = (state: string) => `${state}@${new Date((visits += 1)).toISOString()}`;
  const check = () =>
    checkRollout.run({ promotion: "p-1", visit: visit("CheckRollout"), observes: true }, world);
  const look = (at = visit("ObserveRelease")) =>
    observeRelease.run({ promotion: "p-1", visit: at }, world);
  const record = () => world.promotion("p-1");

  beforeEach(async () => {
    world = aWorld({ production: { observe } });
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
  });

  it("is watched until the time is over, and only then counts as what runs", async () => {
    expect(await check()).toMatchObject({
      outcome: "observing",
      reasons: expect.arrayContaining([
        "the release is observed for 5m: its rollout, alarm errors, https://shop.example.com/healthz, function smoke",
      ]) as unknown,
    });
    expect(await look()).toMatchObject({ outcome: "observed", seconds: 15 });
    expect((await record()).progress).toBe("deploying");
    await expect(moveMovingTags.run(writing(world, "p-1"), world)).rejects.toMatchObject({
      name: "NotAllowed",
    });
    world.pass(4 * minute);
    expect((await check()).outcome).toBe("observing");
    expect(await look()).toMatchObject({ outcome: "observed", seconds: 20 });
    world.pass(minute);
    expect((await check()).outcome).toBe("observing");
    expect((await look()).outcome).toBe("complete");
    expect((await record()).progress).toBe("rolled-out");
    expect(world.observers.releases[0]).toMatchObject({ promotion: "p-1", version: "1.0.0" });
  });

  it("is looked at for the last time at the end of its time", async () => {
    await check();
    world.pass(4 * minute + 53_000);
    expect(await look()).toMatchObject({ outcome: "observed", seconds: 7 });
  });

  it("is not watched by an execution that knows no such state", async () => {
    expect((await checkRollout.run({ promotion: "p-1" }, world)).outcome).toBe("complete");
    expect((await record()).progress).toBe("rolled-out");
  });

  it("goes back at once when one thing is not well, with the reason", async () => {
    await check();
    world.observers.sayNext({ kind: "unwell", reason: "alarm errors is in ALARM" });
    expect(await look()).toMatchObject({ outcome: "unwell" });
    await rollBack.run(writing(world, "p-1"), world);
    await checkRollback.run({ promotion: "p-1" }, world);
    expect((await record()).conclusion).toMatchObject({
      ending: "RolledBack",
      reasons: ["alarm errors is in ALARM", expect.stringContaining("nothing ran before")],
    });
  });

  it("goes back after three looks in a row that say nothing, a repeated step counting once", async () => {
    await check();
    const unclear = { kind: "unclear", reason: "no answer" } as const;
    world.observers.sayNext(unclear);
    expect(await look()).toMatchObject({ outcome: "observed", seconds: 15 });
    await look();
    expect((await record()).observing?.unclear).toBe(0);
    for (const at of ["1@2026", "1@2026", "2@2026"]) {
      world.observers.sayNext(unclear);
      expect((await look(at)).outcome).toBe("observed");
    }
    world.observers.sayNext(unclear);
    expect(await look("3@2026")).toMatchObject({
      outcome: "unwell",
      reasons: ["it was not seen to be well 3 times in a row", "no answer"],
    });
  });

  it("is not complete at the end of its time while the last look is unclear", async () => {
    await check();
    world.pass(6 * minute);
    world.observers.sayNext({ kind: "unclear", reason: "no answer" });
    expect((await look()).outcome).toBe("observed");
    expect((await look()).outcome).toBe("complete");
  });

  it("may lose a pod for a moment, even after the time of the rollout, but not for long", async () => {
    world.redeploy({ observe: { ...observe, for: 60 * minute } });
    await check();
    world.pass(30 * minute);
    const read: ShopWorld["cluster"]["read"] = async (ref) => {
      const live = await world.cluster.read(ref);
      return live && { ...live, status: { ...recordAt(live, "status"), availableReplicas: 0 } };
    };
    const clusters = { connect: async () => ({ ...world.cluster, read }) };
    const lost = () =>
      checkRollout.run(
        { promotion: "p-1", visit: visit("CheckRollout"), observes: true },
        { ...world, clusters },
      );
    expect(await lost()).toMatchObject({ outcome: "progressing", seconds: 15 });
    expect((await check()).outcome).toBe("observing");
    await look();
    for (const outcome of ["progressing", "progressing", "unwell"]) {
      expect((await lost()).outcome).toBe(outcome);
    }
  });

  it("ends as rolled back where there is no cluster, and the moving tag stays", async () => {
    world = aWorld({ production: { podSpec: undefined, observe } });
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "deployed" });
    expect((await check()).outcome).toBe("observing");
    expect((await showPromotion.run({ promotion: "p-1" }, world)).waitsFor?.kind).toBe(
      "observation",
    );
    world.observers.sayNext({ kind: "unwell", reason: "alarm errors is in ALARM" });
    expect((await look()).outcome).toBe("unwell");
    await rollBack.run(writing(world, "p-1"), world);
    expect((await record()).conclusion).toMatchObject({
      ending: "RolledBack",
      reasons: ["alarm errors is in ALARM", "the cluster was not touched"],
    });
  });

  it("can be aborted until its time is over", async () => {
    await check();
    await look();
    await abortPromotion.run({ promotion: "p-1", by: "BEN", reason: "odd prices" }, world);
    expect(await look()).toMatchObject({
      outcome: "aborted",
      reasons: ["aborted by BEN: odd prices"],
    });
    expect((await check()).outcome).toBe("aborted");
  });

  it("is shown with what is watched, and until when", async () => {
    await check();
    const { until = 0 } = (await record()).observing ?? {};
    expect((await showPromotion.run({ promotion: "p-1" }, world)).waitsFor).toEqual({
      kind: "observation",
      until,
      what: "its release to stay well (its rollout, alarm errors, https://shop.example.com/healthz, function smoke)",
    });
  });

  it("is complete when promoter.yml no longer observes the environment", async () => {
    await check();
    world.redeploy({ observe: undefined });
    expect((await look()).outcome).toBe("complete");
  });
});
