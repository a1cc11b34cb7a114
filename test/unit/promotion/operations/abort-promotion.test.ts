import { beforeEach, describe, expect, it } from "vitest";
import { abortPromotion } from "../../../../src/promotion/operations/abort-promotion.ts";
import { beginWriting } from "../../../../src/promotion/steps/begin-writing.ts";
import { checkRollback } from "../../../../src/promotion/steps/check-rollback.ts";
import { checkRollout } from "../../../../src/promotion/steps/check-rollout.ts";
import { closePromotion } from "../../../../src/promotion/steps/close-promotion.ts";
import { deployPodSpec } from "../../../../src/promotion/steps/deploy-pod-spec.ts";
import { retagImages } from "../../../../src/promotion/steps/retag-images.ts";
import { rollBack } from "../../../../src/promotion/steps/roll-back.ts";
import { aWorld, production, type ShopWorld } from "../../../builders/a-world.ts";
import { goOn, goThrough, writing, type Stage } from "../../../builders/go-through.ts";

describe("abort", () => {
  let world: ShopWorld;
  const abort = (promotion: string, by = "BEN", reason = "errors in the log") =>
    abortPromotion.run({ promotion, by, reason }, world);
  const goTo = (to: Stage) => goThrough(world, { id: "p-1", version: "1.0.0", to });
  /** From the abort on, as the state machine does it. */
  const goBack = async () => {
    expect(await checkRollout.run({ promotion: "p-1" }, world)).toMatchObject({
      outcome: "aborted",
    });
    const { outcome } = await rollBack.run(writing(world, "p-1"), world);
    if (outcome === "restored") await checkRollback.run({ promotion: "p-1" }, world);
    world.workflow.end("p-1", "failed");
    await closePromotion.run({ promotion: "p-1" }, world);
    return world.promotion("p-1");
  };

  beforeEach(() => {
    world = aWorld();
    world.push("1.0.0");
    world.push("1.1.0");
  });

  it("ends a promotion that waits like a cancellation, and wakes it", async () => {
    await goTo("asked");
    await world.sleep("p-1", "vote");
    expect(await abort("p-1")).toMatchObject({
      outcome: "aborted",
      reasons: [expect.stringContaining("aborted by BEN: errors in the log; nothing is written")],
    });
    expect(world.workflow.woken).toEqual(["token-p-1"]);
    expect(await beginWriting.run({ promotion: "p-1" }, world)).toMatchObject({
      outcome: "close",
      reasons: ["Cancelled", "aborted by BEN: errors in the log"],
    });
  });

  it.each(["writing", "tagged"] as const)(
    "of a promotion that is %s leaves the cluster alone",
    async (to) => {
      await goTo(to);
      await abort("p-1");
      expect(await retagImages.run(writing(world, "p-1"), world)).toMatchObject({
        outcome: "aborted",
      });
      expect(await deployPodSpec.run(writing(world, "p-1"), world)).toMatchObject({
        outcome: "aborted",
      });
      expect(await goBack()).toMatchObject({
        ending: "RolledBack",
        reasons: ["aborted by BEN: errors in the log", "the cluster was not touched"],
      });
      expect(world.cluster.objects().map(({ kind }) => kind)).toEqual(["Namespace"]);
      const lock = await world.environments.readLock(production);
      expect(lock).toMatchObject({ owner: undefined, unsettled: undefined });
    },
  );

  it("during a rollout goes back with name and reason, and holds the set", async () => {
    await goTo("deployed");
    await abort("p-1");
    const { set = "", ...ended } = await goBack();
    expect(ended).toMatchObject({
      ending: "RolledBack",
      reasons: ["aborted by BEN: errors in the log", expect.stringContaining("nothing ran before")],
    });
    expect((await world.environments.readHold(production, set))?.reason).toBe(
      "its rollout was aborted by BEN: errors in the log",
    );
    const said = (await world.trail.read("p-1")).map(({ step, who }) => `${who} ${step}`);
    expect(said).toContain("BEN AbortPromotion");
  });

  it("between two looks of CheckRollout wins or loses, as the table decides", async () => {
    await goTo("deployed");
    const markRolledOut: ShopWorld["promotions"]["markRolledOut"] = async (id) => {
      await abort("p-1");
      return world.promotions.markRolledOut(id);
    };
    const promotions = { ...world.promotions, markRolledOut };
    const look = await checkRollout.run({ promotion: "p-1" }, { ...world, promotions });
    expect(look).toMatchObject({
      outcome: "aborted",
      reasons: ["aborted by BEN: errors in the log"],
    });
    expect((await world.promotion("p-1")).progress).toBe("deploying");
  });

  it("can be repeated by anybody; the first one counts", async () => {
    await goTo("deployed");
    await abort("p-1");
    const again = await abort("p-1", "ANNA", "me too");
    expect(again.reasons.join()).toContain("aborted by BEN: errors in the log; what ran before");
    await checkRollout.run({ promotion: "p-1" }, world);
    await rollBack.run(writing(world, "p-1"), world);
    expect(await abort("p-1", "ANNA")).toMatchObject({ outcome: "aborted" });
    const said = (await world.trail.read("p-1")).filter(({ step }) => step === "AbortPromotion");
    expect(said.map(({ who }) => who)).toEqual(["BEN"]);
  });

  it("is refused once the release is rolled out, and says so", async () => {
    await goTo("rolled-out");
    await expect(abort("p-1")).rejects.toThrow("too late to abort promotion p-1: 1.0.0 is rolled");
    await goOn(world, "p-1", { from: "rolled-out", to: "moved" });
    await expect(abort("p-1")).rejects.toThrow("is about to end as Promoted");
    await goOn(world, "p-1", { from: "moved", to: "closed" });
    await expect(abort("p-1")).rejects.toMatchObject({ name: "NotAllowed" });
    await expect(abort("p-9")).rejects.toMatchObject({ name: "NotFound" });
  });

  it("is refused while a rollout that stalled is being rolled back", async () => {
    await goTo("deployed");
    await rollBack.run(writing(world, "p-1"), world);
    await expect(abort("p-1")).rejects.toThrow("already being rolled back");
  });

  it("is refused when the promotion was rolled out between two looks", async () => {
    await goTo("deployed");
    const markAborted: ShopWorld["promotions"]["markAborted"] = async (...call) => {
      await goOn(world, "p-1", { from: "deployed", to: "rolled-out" });
      return world.promotions.markAborted(...call);
    };
    const promotions = { ...world.promotions, markAborted };
    await expect(
      abortPromotion.run({ promotion: "p-1", by: "BEN" }, { ...world, promotions }),
    ).rejects.toThrow("too late");
  });
});
