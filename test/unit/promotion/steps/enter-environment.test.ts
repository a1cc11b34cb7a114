import { beforeEach, describe, expect, it } from "vitest";
import { onImagePush } from "../../../../src/promotion/events/on-image-push.ts";
import { cancelPromotion } from "../../../../src/promotion/operations/cancel-promotion.ts";
import { closePromotion } from "../../../../src/promotion/steps/close-promotion.ts";
import { enterEnvironment } from "../../../../src/promotion/steps/enter-environment.ts";
import {
  aWorld,
  production,
  pushEvent,
  repositories,
  tag,
  type ShopWorld,
} from "../../../builders/a-world.ts";
import { goThrough, plan } from "../../../builders/go-through.ts";

describe("EnterEnvironment", () => {
  let world: ShopWorld;
  const enter = (promotion: string) => enterEnvironment.run({ promotion }, world);
  const lock = () => world.environments.readLock(production);

  /** Both images of the version are pushed, and counted by the collector. */
  async function collect(version: string, content?: string): Promise<void> {
    const digests = world.push(version, content);
    for (const repository of ["shop-api", "shop-ui"] as const) {
      await onImagePush.run(
        pushEvent({
          id: `${repository} ${version} ${content}`,
          repository,
          digest: digests[repository],
          version,
          at: world.clock.now(),
        }),
        world,
      );
    }
  }

  beforeEach(() => {
    world = aWorld();
    for (const version of [
      "1.0.0",
      "1.1.0",
      "1.2.0",
      "1.3.0",
      "1.9.0",
      "1.9.1",
      "2.0.0-rc.1",
      "2.0.0-rc.2",
    ]) {
      world.push(version);
    }
  });

  it("takes a free environment and asks people", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
    expect(await enter("p-1")).toMatchObject({ outcome: "ask" });
    expect((await lock()).owner).toMatchObject({ promotion: "p-1", phase: "waiting" });
    expect((await world.promotion("p-1")).entered).toBe(true);
  });

  it("asks no one where the environment has no approval", async () => {
    world = aWorld({ production: { approval: undefined } });
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
    expect(await enter("p-1")).toMatchObject({ outcome: "approved" });
  });

  it("goes on to write when this very plan was approved, and asks again about another one", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "approved" });
    expect(await enter("p-1")).toMatchObject({ outcome: "approved" });
    await world.promotions.update("p-1", { plan: "f".repeat(64) });
    expect(await enter("p-1")).toMatchObject({ outcome: "ask" });
  });

  it("changes nothing when it is carried out twice", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    const before = await lock();
    await enter("p-1");
    expect(await lock()).toEqual(before);
  });

  it("waits for its turn while another one owns the environment", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "planned" });
    expect(await enter("p-2")).toMatchObject({ outcome: "turn", seconds: 259_200 });
    expect(await lock()).toMatchObject({ owner: { promotion: "p-1" }, next: { promotion: "p-2" } });
  });

  it("takes the one waiting place from a lower version and wakes who had it", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
    await world.sleep("p-2", "turn");
    await goThrough(world, { id: "p-3", version: "1.2.0", to: "entered" });
    expect(await lock()).toMatchObject({ owner: { promotion: "p-1" }, next: { promotion: "p-3" } });
    expect(world.workflow.woken).toEqual(["token-p-2"]);
    expect(await enter("p-2")).toMatchObject({
      outcome: "close",
      reasons: ["Superseded", expect.stringContaining("p-3")],
    });
  });

  it("is superseded by a waiting place that holds a higher version", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    await goThrough(world, { id: "p-2", version: "1.3.0", to: "entered" });
    await goThrough(world, { id: "p-3", version: "1.2.0", to: "planned" });
    expect(await enter("p-3")).toMatchObject({
      outcome: "close",
      reasons: ["Superseded", expect.stringContaining("p-2")],
    });
    expect((await lock()).next?.promotion).toBe("p-2");
  });

  it("says how a hotfix goes on that a newer pre-release stands in the way of: waiting, superseded by the place next, and out of it", async () => {
    await goThrough(world, { id: "p-owner", version: "2.0.0-rc.1", to: "entered" });
    await goThrough(world, { id: "p-fix", version: "1.9.1", to: "planned" });
    expect(await enter("p-fix")).toMatchObject({
      outcome: "turn",
      reasons: [
        expect.stringMatching(/^waits behind 2\.0\.0-rc\.1 \(p-owner\), until /),
        "once 2.0.0-rc.1 is promoted, 1.9.1 is older than what runs; run `cancel p-owner` to let 1.9.1 go first",
      ],
    });
    await goThrough(world, { id: "p-rc", version: "2.0.0-rc.2", to: "entered" });
    const superseded = {
      outcome: "close",
      reasons: [
        "Superseded",
        "2.0.0-rc.2 (p-rc) already waits behind 2.0.0-rc.1 (p-owner); to promote 1.9.1 instead, run `cancel p-rc`, then `promote shop 1.9.1 production`",
      ],
    };
    expect(await enter("p-fix")).toMatchObject(superseded);
    await goThrough(world, { id: "p-fix-2", version: "1.9.1", to: "planned" });
    expect(await enter("p-fix-2")).toMatchObject(superseded);
  });

  it("and the way works: after the cancellation the hotfix takes the place", async () => {
    await goThrough(world, { id: "p-owner", version: "1.9.0", to: "entered" });
    await goThrough(world, { id: "p-rc", version: "2.0.0-rc.2", to: "entered" });
    await cancelPromotion.run({ promotion: "p-rc", by: "ANNA" }, world);
    await enter("p-rc");
    await closePromotion.run({ promotion: "p-rc" }, world);
    await goThrough(world, { id: "p-fix", version: "1.9.1", to: "planned" });
    expect(await enter("p-fix")).toMatchObject({
      outcome: "turn",
      reasons: [expect.stringMatching(/^waits behind 1\.9\.0 \(p-owner\), until /)],
    });
  });

  it("verifies again when the environment changed hands since it looked", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
    const before = await lock();
    await world.environments.writeLock(production, { ...before, revision: 1, fence: 1 });
    expect(await enter("p-1")).toMatchObject({ outcome: "stale" });
    await plan(world, "p-1");
    expect(await enter("p-1")).toMatchObject({ outcome: "ask" });
  });

  it("keeps the place next in an environment that was left unsettled, and sleeps on", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
    await world.environments.writeLock(production, {
      ...(await world.environments.readLock(production)),
      revision: 1,
      next: { promotion: "p-1", version: "1.0.0" },
      unsettled: { by: "p-0", reason: "it broke" },
    });
    expect(await enter("p-1")).toMatchObject({ outcome: "turn" });
  });

  it("stays out of an unsettled environment", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
    const before = await lock();
    await world.environments.writeLock(production, {
      ...before,
      revision: 1,
      unsettled: { by: "p-0", reason: "it broke" },
    });
    expect(await enter("p-1")).toMatchObject({
      outcome: "close",
      reasons: ["Refused", expect.stringContaining("unsettled by p-0: it broke")],
    });
  });

  it("ends as already promoted when the record says so, all tags are in place and nothing differs", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
    await goThrough(world, { id: "p-2", version: "1.0.0", to: "planned" });
    expect(await enter("p-2")).toMatchObject({
      outcome: "close",
      reasons: ["AlreadyPromoted", expect.stringContaining("has run 1.0.0")],
    });
  });

  it("asks about a release that is on record when the cluster was changed since", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
    const live = world.cluster.objects().find(({ kind }) => kind === "Deployment");
    if (live) {
      await world.cluster.remove({
        apiVersion: live.apiVersion,
        kind: live.kind,
        name: live.metadata.name,
        namespace: live.metadata.namespace,
      });
    }
    await goThrough(world, { id: "p-2", version: "1.0.0", to: "planned" });
    expect(await enter("p-2")).toMatchObject({ outcome: "ask" });
  });

  it("asks about a release that is on record when its tag was moved since", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
    world.registry.addImage(repositories.ui, { tag: tag("prod"), content: "by hand" });
    await goThrough(world, { id: "p-2", version: "1.0.0", to: "planned" });
    expect(await enter("p-2")).toMatchObject({ outcome: "ask" });
  });

  it("closes an owner whose execution is over, and looks again at what it left", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    world.workflow.end("p-1", "aborted");
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "planned" });
    expect(await enter("p-2")).toMatchObject({ outcome: "stale" });
    expect((await world.promotion("p-1")).ending).toBe("Cancelled");
    expect((await lock()).owner).toBeUndefined();
  });

  it("ends when it was cancelled meanwhile, without taking the environment", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "planned" });
    await world.promotions.markCancelled("p-1", { by: "BEN", at: 1 });
    expect(await enter("p-1")).toMatchObject({
      outcome: "close",
      reasons: ["Cancelled", "cancelled by BEN"],
    });
    expect((await lock()).owner).toBeUndefined();
  });

  it("takes the waiting place from an earlier build of its own version, which could no longer be written", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    await collect("1.1.0");
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
    await world.sleep("p-2", "turn");
    world.pass(1_000);
    await collect("1.1.0", "rebuilt");
    world.pass(120_000);
    await goThrough(world, { id: "p-3", version: "1.1.0", to: "planned" });
    expect(await enter("p-3")).toMatchObject({ outcome: "turn" });
    expect(await lock()).toMatchObject({ owner: { promotion: "p-1" }, next: { promotion: "p-3" } });
    expect(world.workflow.woken).toEqual(["token-p-2"]);
  });

  it("leaves the waiting place to who has it for the very same images", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    await collect("1.1.0");
    await goThrough(world, { id: "p-2", version: "1.1.0", to: "entered" });
    await goThrough(world, { id: "p-3", version: "1.1.0", to: "planned" });
    expect(await enter("p-3")).toMatchObject({
      outcome: "close",
      reasons: ["Superseded", expect.stringContaining("p-2")],
    });
  });

  it("goes by push time where versions are ordered so, not by who comes first", async () => {
    world = aWorld({ order: "pushed" });
    for (const version of ["a", "b", "c"]) {
      world.push(version);
      world.pass(1_000);
    }
    await goThrough(world, { id: "p-a", version: "a", to: "entered" });
    await goThrough(world, { id: "p-c", version: "c", to: "entered" });
    await goThrough(world, { id: "p-b", version: "b", to: "planned" });
    expect(await enter("p-b")).toMatchObject({
      outcome: "close",
      reasons: ["Superseded", expect.stringContaining("p-c")],
    });
    world.push("d");
    await goThrough(world, { id: "p-d", version: "d", to: "planned" });
    expect(await enter("p-d")).toMatchObject({ outcome: "turn" });
    expect((await lock()).next?.promotion).toBe("p-d");
  });

  it("is not superseded by a waiting place whose execution is over", async () => {
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "entered" });
    await goThrough(world, { id: "p-2", version: "1.3.0", to: "entered" });
    world.workflow.end("p-2", "aborted");
    await goThrough(world, { id: "p-3", version: "1.2.0", to: "planned" });
    expect(await enter("p-3")).toMatchObject({ outcome: "turn" });
    expect((await lock()).next?.promotion).toBe("p-3");
    expect((await world.promotion("p-2")).ending).toBe("Cancelled");
  });
});
