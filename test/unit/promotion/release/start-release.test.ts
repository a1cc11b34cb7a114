import { beforeEach, describe, expect, it } from "vitest";
import { onImagePush } from "../../../../src/promotion/events/on-image-push.ts";
import { reconcile } from "../../../../src/promotion/events/reconcile.ts";
import { aWorld, pushEvent, repositories, type ShopWorld } from "../../../builders/a-world.ts";

describe("a version that is open work, when reconcile looks at it,", () => {
  let world: ShopWorld;
  const open = async () => (await world.openWork.list("shop")).map(({ kind }) => kind);

  beforeEach(() => {
    world = aWorld();
  });

  it("is a complete release that started nothing, which reconcile starts once it is a minute old", async () => {
    const digests = world.push("2.0.0");
    world.workflow.failNext("start", new Error("Step Functions does not answer"));
    await onImagePush.run(
      pushEvent({
        id: "e-1",
        repository: "shop-api",
        digest: digests["shop-api"],
        version: "2.0.0",
      }),
      world,
    );
    await expect(
      onImagePush.run(
        pushEvent({
          id: "e-2",
          repository: "shop-ui",
          digest: digests["shop-ui"],
          version: "2.0.0",
        }),
        world,
      ),
    ).rejects.toThrow("does not answer");
    expect(await reconcile.run(undefined, world)).toMatchObject({ reasons: [] });
    world.pass(60_000);
    expect(await reconcile.run(undefined, world)).toMatchObject({
      reasons: [expect.stringMatching(/^p-.*-1 started late$/)],
    });
    expect(world.workflow.executions()).toHaveLength(1);
  });

  describe("a push whose execution died before it had a record", () => {
    let id: string;

    beforeEach(async () => {
      const digests = world.push("2.0.0");
      for (const repository of ["shop-api", "shop-ui"] as const) {
        await onImagePush.run(
          pushEvent({ id: repository, repository, digest: digests[repository], version: "2.0.0" }),
          world,
        );
      }
      id = world.workflow.executions()[0]?.id ?? "";
      world.pass(60_000);
    });

    it("is started again by the next attempt, and by no third", async () => {
      world.workflow.end(id, "failed");
      const second = id.replace(/1$/, "2");
      expect(await reconcile.run(undefined, world)).toMatchObject({
        reasons: [`${second} started late`],
      });
      expect(await reconcile.run(undefined, world)).toMatchObject({ reasons: [] });
      expect(world.workflow.executions().map((one) => one.id)).toEqual([id, second]);
    });

    it("is no longer open work once the promotion has a record", async () => {
      expect(await reconcile.run(undefined, world)).toMatchObject({ reasons: [] });
      expect(await open()).toEqual(["release"]);
      await world.open({ id, version: "2.0.0" });
      expect(await reconcile.run(undefined, world)).toMatchObject({ reasons: [] });
      expect(await open()).toEqual(["promotion"]);
      expect(world.workflow.executions()).toHaveLength(1);
    });

    it("is left alone when the execution was stopped", async () => {
      world.workflow.end(id, "aborted");
      expect(await reconcile.run(undefined, world)).toMatchObject({ reasons: [] });
      expect(await open()).toEqual([]);
      expect(world.workflow.executions()).toHaveLength(1);
    });

    it("is left alone after two weeks in which it got no further", async () => {
      world.pass(14 * 24 * 3_600_000);
      world.workflow.end(id, "failed");
      expect((await reconcile.run(undefined, world)).reasons).toEqual([
        `${id.replace(/1$/, "2")} started late`,
        "shop 2.0.0 has no record of its promotions after two weeks and is left alone",
      ]);
      expect(await open()).toEqual([]);
    });

    it("stays open work when another push is counted while it is taken out", async () => {
      await world.open({ id, version: "2.0.0" });
      const remove: ShopWorld["openWork"]["remove"] = async (application, work) => {
        const digest = world.push("2.0.0", "rebuilt")["shop-api"];
        await world.releases.collect(
          { application, version: "2.0.0" },
          {
            repository: repositories.api,
            digest,
            pushedAt: world.clock.now(),
            event: "e-9",
            settle: 0,
            now: world.clock.now(),
          },
        );
        await world.openWork.remove(application, work);
      };
      await reconcile.run(undefined, { ...world, openWork: { ...world.openWork, remove } });
      expect(await open()).toEqual(["promotion", "release"]);
    });
  });

  it("is a push that came after its promotion had ended and could start nothing", async () => {
    const digests = world.push("2.0.0");
    const push = (repository: "shop-api" | "shop-ui", event: string, ports = world) =>
      onImagePush.run(
        pushEvent({
          id: event,
          repository,
          digest: digests[repository],
          version: "2.0.0",
          at: world.clock.now(),
        }),
        ports,
      );
    await push("shop-api", "e-1");
    await push("shop-ui", "e-2");
    const id = world.workflow.executions()[0]?.id ?? "";
    await world.open({ id, version: "2.0.0" });
    await world.promotions.close(id, {
      ending: "Expired",
      reasons: [],
      closedAt: world.clock.now(),
    });
    world.workflow.end(id, "succeeded");
    world.pass(60_000);
    const releases = {
      ...world.releases,
      nextAttempt: () => Promise.reject(new Error("the table does not answer")),
    };
    await expect(push("shop-ui", "e-3", { ...world, releases })).rejects.toThrow("does not answer");
    world.pass(60_000);
    expect((await reconcile.run(undefined, world)).reasons).toContain(
      `${id.replace(/1$/, "2")} started late`,
    );
  });

  it("is an incomplete version, which is left alone after two weeks and completed all the same by a late push", async () => {
    const digests = world.push("2.0.0");
    await onImagePush.run(
      pushEvent({
        id: "e-1",
        repository: "shop-api",
        digest: digests["shop-api"],
        version: "2.0.0",
      }),
      world,
    );
    world.pass(13 * 24 * 3_600_000);
    expect(await reconcile.run(undefined, world)).toMatchObject({ reasons: [] });
    expect(await world.openWork.list("shop")).toHaveLength(1);
    world.pass(24 * 3_600_000);
    expect(await reconcile.run(undefined, world)).toMatchObject({
      reasons: ["shop 2.0.0 stayed incomplete and is left alone"],
    });
    expect(await world.openWork.list("shop")).toEqual([]);
    expect(
      await onImagePush.run(
        pushEvent({
          id: "e-2",
          repository: "shop-ui",
          digest: digests["shop-ui"],
          version: "2.0.0",
        }),
        world,
      ),
    ).toMatchObject({ outcome: "started" });
  });

  it("is one of which no push could ever be counted, which is left alone after two weeks too", async () => {
    const digests = world.push("2.0.0");
    const releases = {
      ...world.releases,
      collect: () => Promise.reject(new Error("the table does not answer")),
    };
    await expect(
      onImagePush.run(
        pushEvent({
          id: "e-1",
          repository: "shop-api",
          digest: digests["shop-api"],
          version: "2.0.0",
        }),
        { ...world, releases },
      ),
    ).rejects.toThrow("does not answer");
    world.pass(13 * 24 * 3_600_000);
    expect(await reconcile.run(undefined, world)).toMatchObject({ reasons: [] });
    world.pass(24 * 3_600_000);
    expect(await reconcile.run(undefined, world)).toMatchObject({
      reasons: ["shop 2.0.0 stayed incomplete and is left alone"],
    });
    expect(await open()).toEqual([]);
  });
});
