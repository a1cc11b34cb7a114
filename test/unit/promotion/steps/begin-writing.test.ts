import { beforeEach, describe, expect, it, vi } from "vitest";
import { PromoterError } from "../../../../src/domain/errors.ts";
import { rulesSchema } from "../../../../src/domain/rules/index.ts";
import { onExecutionEnded } from "../../../../src/promotion/events/on-execution-ended.ts";
import { onImagePush } from "../../../../src/promotion/events/on-image-push.ts";
import { cancelPromotion } from "../../../../src/promotion/operations/cancel-promotion.ts";
import { beginWriting } from "../../../../src/promotion/steps/begin-writing.ts";
import { checkProductionTags } from "../../../../src/promotion/steps/check-production-tags.ts";
import { closePromotion } from "../../../../src/promotion/steps/close-promotion.ts";
import { decideApproval } from "../../../../src/promotion/steps/decide-approval.ts";
import { enterEnvironment } from "../../../../src/promotion/steps/enter-environment.ts";
import { preparePodSpec } from "../../../../src/promotion/steps/prepare-pod-spec.ts";
import { requestApproval } from "../../../../src/promotion/steps/request-approval.ts";
import { retagImages } from "../../../../src/promotion/steps/retag-images.ts";
import { verifyImages } from "../../../../src/promotion/steps/verify-images.ts";
import {
  approval as policy,
  aWorld,
  production,
  pushEvent,
  type ShopWorld,
} from "../../../builders/a-world.ts";
import { goThrough, plan, vote, writing } from "../../../builders/go-through.ts";

describe("BeginWriting", () => {
  let world: ShopWorld;
  const begin = () => beginWriting.run({ promotion: "p-1" }, world);
  const lock = () => world.environments.readLock(production);
  const cancel = () => cancelPromotion.run({ promotion: "p-1", by: "BEN" }, world);

  const wayBack = async () => {
    await plan(world, "p-1");
    return enterEnvironment.run({ promotion: "p-1" }, world);
  };

  beforeEach(async () => {
    world = aWorld();
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "approved" });
  });

  it("takes the lock to writing under exactly the approved plan and makes the digests final", async () => {
    const { plan: hash, set } = await world.promotion("p-1");
    expect(await begin()).toMatchObject({ outcome: "writing" });
    expect((await lock()).owner).toMatchObject({ promotion: "p-1", phase: "writing", plan: hash });
    expect((await world.releases.read({ application: "shop", version: "1.0.0" }))?.final).toBe(set);
    expect((await world.promotion("p-1")).progress).toBe("writing");
  });

  it("is the same when it is carried out again", async () => {
    await begin();
    const before = await lock();
    expect(await begin()).toMatchObject({ outcome: "writing" });
    expect(await lock()).toEqual(before);
  });

  it("verifies again when the plan is not the one that people approved", async () => {
    await world.promotions.update("p-1", { plan: "f".repeat(64) });
    expect(await begin()).toMatchObject({ outcome: "stale" });
    expect((await lock()).owner?.phase).toBe("waiting");
  });

  describe("when the stack was deployed again since the approval", () => {
    it("writes nothing on the vote of a person who may no longer approve, and asks the others by the same message", async () => {
      world.redeploy({ approval: { ...policy, approvers: ["BEN"] } });
      expect(await begin()).toMatchObject({ outcome: "stale" });
      expect(await wayBack()).toMatchObject({ outcome: "ask" });
      world.pass(3_600_000);
      expect(await requestApproval.run({ promotion: "p-1" }, world)).toMatchObject({
        outcome: "asked",
        seconds: 86_400,
      });
      await requestApproval.run({ promotion: "p-1" }, world);
      expect(world.messenger.messages()).toMatchObject([
        { closed: undefined, replies: [expect.stringContaining("<@BEN>")] },
      ]);
      expect(await decideApproval.run({ promotion: "p-1" }, world)).toMatchObject({
        outcome: "pending",
      });
      await vote(world, "p-1", "BEN");
      expect(await decideApproval.run({ promotion: "p-1" }, world)).toMatchObject({
        outcome: "approved",
        reasons: ["BEN approved"],
      });
      expect(await begin()).toMatchObject({ outcome: "writing" });
    });

    it("goes on when only other approvers were added", async () => {
      world.redeploy({ approval: { ...policy, approvers: ["ANNA", "BEN", "CLEO"] } });
      expect(await begin()).toMatchObject({ outcome: "writing" });
    });

    it("asks people who need not be asked before", async () => {
      world = aWorld({ production: { approval: undefined } });
      world.push("1.0.0");
      await world.open({ id: "p-1", version: "1.0.0" });
      await plan(world, "p-1");
      expect(await enterEnvironment.run({ promotion: "p-1" }, world)).toMatchObject({
        outcome: "approved",
      });
      world.redeploy({ approval: policy });
      expect(await begin()).toMatchObject({ outcome: "stale" });
      expect(await wayBack()).toMatchObject({ outcome: "ask" });
    });

    it("verifies again under other rules", async () => {
      world.redeploy({ rules: rulesSchema.parse({ age: "30d" }) });
      expect(await begin()).toMatchObject({
        outcome: "stale",
        reasons: [expect.stringContaining("promoter.yml has changed")],
      });
      expect((await lock()).owner?.phase).toBe("waiting");
      expect(await verifyImages.run({ promotion: "p-1" }, world)).toMatchObject({
        outcome: "wait",
      });
    });

    it("asks no one about what was verified under other rules", async () => {
      world.redeploy({ rules: rulesSchema.parse({ age: "30d" }) });
      expect(await enterEnvironment.run({ promotion: "p-1" }, world)).toMatchObject({
        outcome: "stale",
      });
    });

    it.each([
      ["VerifyImages", verifyImages],
      ["CheckProductionTags", checkProductionTags],
      ["PreparePodSpec", preparePodSpec],
      ["EnterEnvironment", enterEnvironment],
      ["RequestApproval", requestApproval],
      ["BeginWriting", beginWriting],
    ] as const)("%s refuses when the environment is gone", async (_, step) => {
      world.redeploy(undefined);
      expect(await step.run({ promotion: "p-1" }, world)).toMatchObject({
        outcome: "close",
        reasons: ["Refused", expect.stringContaining("nothing was written")],
      });
    });

    it("carries on what has begun, whatever promoter.yml says by then", async () => {
      await begin();
      world.redeploy({ approval: { ...policy, approvers: ["BEN"] } });
      expect(await begin()).toMatchObject({ outcome: "writing" });
    });
  });

  it("verifies again when the environment changed since the images were verified", async () => {
    const before = await lock();
    await world.environments.writeLock(production, {
      ...before,
      revision: before.revision + 1,
      fence: before.fence + 1,
    });
    expect(await begin()).toMatchObject({ outcome: "stale" });
  });

  it("is superseded by whoever owns the environment now", async () => {
    const before = await lock();
    await world.environments.writeLock(production, {
      ...before,
      revision: before.revision + 1,
      owner: undefined,
    });
    expect(await begin()).toMatchObject({
      outcome: "close",
      reasons: ["Superseded", expect.any(String)],
    });
    expect(
      (await world.releases.read({ application: "shop", version: "1.0.0" }))?.final,
    ).toBeUndefined();
  });

  it("is superseded when the version was rebuilt meanwhile", async () => {
    const { "shop-api": digest } = world.push("1.0.0", "rebuilt");
    await onImagePush.run(
      pushEvent({ id: "e-1", repository: "shop-api", digest, version: "1.0.0" }),
      world,
    );
    expect(await begin()).toMatchObject({
      outcome: "close",
      reasons: ["Superseded", expect.stringContaining("rebuilt")],
    });
    expect((await lock()).owner?.phase).toBe("waiting");
  });

  it("waits out a function of an earlier promotion that may still write", async () => {
    const throttled = new PromoterError("RegistryUnavailable", "ECR is throttling");
    await begin();
    world.registry.failNext("readImage", throttled);
    await expect(retagImages.run(writing(world, "p-1"), world)).rejects.toThrow(throttled.message);
    await closePromotion.run(
      {
        promotion: "p-1",
        failure: { state: "RetagImages", error: throttled.name, message: throttled.message },
      },
      world,
    );
    world.push("1.1.0");
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "approved" });
    expect(await beginWriting.run({ promotion: "p-2" }, world)).toMatchObject({
      outcome: "busy",
      seconds: 10,
    });
    world.pass(10_000);
    expect(await beginWriting.run({ promotion: "p-2" }, world)).toMatchObject({
      outcome: "writing",
    });
  });

  it("waits for the last of the functions of an earlier promotion, not for the one that announced itself last", async () => {
    await begin();
    const hanging = {
      ...world,
      registry: { ...world.registry, putTag: () => new Promise<never>(() => {}) },
    };
    const start = world.clock.now();
    for (const deadline of [start + 128_000, start + 110_000]) {
      void retagImages.run({ ...writing(world, "p-1"), deadline }, hanging);
      await vi.waitFor(async () =>
        expect((await lock()).claims.map(({ until }) => until)).toContain(deadline + 10_000),
      );
    }
    world.workflow.end("p-1", "aborted");
    await onExecutionEnded.run({ promotion: "p-1" }, world);
    world.push("1.1.0");
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "approved" });
    world.pass(121_000);
    expect(await beginWriting.run({ promotion: "p-2" }, world)).toMatchObject({
      outcome: "busy",
      seconds: 17,
      reasons: [
        expect.stringMatching(
          /may still be writing, until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC at the latest$/,
        ),
      ],
    });
    world.pass(17_000);
    expect(await beginWriting.run({ promotion: "p-2" }, world)).toMatchObject({
      outcome: "writing",
    });
  });

  it("ends when it was cancelled before", async () => {
    await cancel();
    expect(await begin()).toMatchObject({
      outcome: "close",
      reasons: ["Cancelled", "cancelled by BEN"],
    });
    expect((await lock()).owner?.phase).toBe("waiting");
  });

  it("sees a cancellation that comes between its look at the record and its write", async () => {
    const releases = {
      ...world.releases,
      finalise: async (...call: Parameters<ShopWorld["releases"]["finalise"]>) => {
        await cancel();
        return world.releases.finalise(...call);
      },
    };
    expect(await beginWriting.run({ promotion: "p-1" }, { ...world, releases })).toMatchObject({
      outcome: "close",
      reasons: ["Cancelled", expect.any(String)],
    });
    expect((await lock()).owner?.phase).toBe("waiting");
  });

  it("refuses a cancellation from then on, which leaves no mark", async () => {
    await begin();
    await expect(cancel()).rejects.toMatchObject({ name: "NotAllowed" });
    expect((await world.promotion("p-1")).cancel).toBeUndefined();
  });
});
