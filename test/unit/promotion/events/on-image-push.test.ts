import { beforeEach, describe, expect, it } from "vitest";
import { PromoterError } from "../../../../src/domain/errors.ts";
import { setHash } from "../../../../src/domain/release.ts";
import { everyVersion } from "../../../../src/domain/version-policy.ts";
import { onImagePush } from "../../../../src/promotion/events/on-image-push.ts";
import { reconcile } from "../../../../src/promotion/events/reconcile.ts";
import { showStatus } from "../../../../src/promotion/operations/show-status.ts";
import {
  aWorld,
  pushEvent,
  repositories,
  sha256,
  start,
  tag,
  type ShopWorld,
} from "../../../builders/a-world.ts";

describe("a push", () => {
  let world: ShopWorld;
  let digests: ReturnType<ShopWorld["push"]>;
  const push = (repository: "shop-api" | "shop-ui", id: string, change: object = {}) =>
    onImagePush.run(
      pushEvent({ id, repository, digest: digests[repository], version: "1.0.0", ...change }),
      world,
    );

  beforeEach(() => {
    world = aWorld();
    digests = world.push("1.0.0");
  });

  it("starts nothing while the set is incomplete, and says what is missing", async () => {
    expect(await push("shop-api", "e-1")).toEqual({
      outcome: "collected",
      reasons: ["shop 1.0.0 is incomplete: shop-ui is missing"],
    });
    expect(world.workflow.executions()).toEqual([]);
    expect(await world.openWork.list("shop")).toMatchObject([
      { kind: "release", version: "1.0.0" },
    ]);
  });

  it("starts one execution with the hash of the set when it is complete", async () => {
    await push("shop-api", "e-1");
    expect(await push("shop-ui", "e-2")).toMatchObject({ outcome: "started" });
    const set = setHash(
      [
        { repository: repositories.api, digest: digests["shop-api"] },
        { repository: repositories.ui, digest: digests["shop-ui"] },
      ],
      sha256,
    );
    expect(world.workflow.executions().map(({ input }) => input)).toEqual([
      { application: "shop", version: "1.0.0", environment: "production", set },
    ]);
  });

  it("stays open work until its promotion has a record: an execution may die before it writes one", async () => {
    await push("shop-api", "e-1");
    await push("shop-ui", "e-2");
    expect(await world.openWork.list("shop")).toMatchObject([
      { kind: "release", version: "1.0.0" },
    ]);
  });

  it("starts nothing where the version is not taken, says why, and leaves no open work behind", async () => {
    const refusing = aWorld({ production: { versions: { ...everyVersion, only: ">=2.0.0" } } });
    digests = refusing.push("1.0.0");
    const pushTo = (repository: "shop-api" | "shop-ui") =>
      onImagePush.run(
        pushEvent({ id: repository, repository, digest: digests[repository], version: "1.0.0" }),
        refusing,
      );
    expect(await pushTo("shop-api")).toMatchObject({ outcome: "collected" });
    expect(await pushTo("shop-ui")).toEqual({
      outcome: "declined",
      reasons: [
        'shop 1.0.0 starts no promotion: production accepts only ">=2.0.0", and 1.0.0 is outside (versions.only)',
      ],
    });
    expect(refusing.workflow.executions()).toEqual([]);
    refusing.pass(120_000);
    await reconcile.run(undefined, refusing);
    expect([refusing.workflow.executions(), await refusing.openWork.list("shop")]).toEqual([
      [],
      [],
    ]);
  });

  it("that named a member and was ignored is shown by status for a day, with the reason; others are not", async () => {
    for (const [id, named] of [
      ["1", { tag: "latest" }],
      ["2", { tag: "dev-foo" }],
      ["3", { tag: "1.0.0" }],
      ["4", { tag: "latest" }],
    ] as const) {
      await push("shop-api", id, { ...named, at: start + Number(id) });
    }
    for (const other of [
      { tag: "" },
      { tag: `sha256-${"0".repeat(64)}.sig` },
      { tag: "prod" },
      { repository: "other" },
      { account: "999999999999" },
      { tag: "gone", action: "DELETE" },
    ]) {
      await push("shop-api", "5", other);
    }
    const [status] = await showStatus.run({}, world);
    expect(status?.ignored).toEqual([
      {
        repository: "shop-api",
        tag: "latest",
        at: start + 4,
        reason: "shop-api:latest does not match dev-{version}",
      },
      {
        repository: "shop-api",
        tag: "1.0.0",
        at: start + 3,
        reason: "shop-api:1.0.0 does not match dev-{version}",
      },
      {
        repository: "shop-api",
        tag: "dev-foo",
        at: start + 2,
        reason: expect.stringContaining("has no valid semver version"),
      },
    ]);
    world.pass(24 * 60 * 60_000 + 4);
    expect((await showStatus.run({}, world))[0]?.ignored).toEqual([]);
  });

  it("that one environment takes and another declines is shown by status", async () => {
    const configuration = await world.configurations.read();
    const shop = configuration.applications["shop"];
    const production = shop?.environments["production"];
    if (!shop || !production) throw new Error("no shop");
    const beta = { ...production, name: "beta", versions: { ...everyVersion, only: ">=2.0.0" } };
    const applications = { shop: { ...shop, environments: { production, beta } } };
    const configurations = {
      ...world.configurations,
      read: () => Promise.resolve({ ...configuration, applications }),
    };
    for (const repository of ["shop-api", "shop-ui"] as const) {
      await onImagePush.run(
        pushEvent({ id: repository, repository, digest: digests[repository], version: "1.0.0" }),
        { ...world, configurations },
      );
    }
    expect((await showStatus.run({}, world))[0]?.ignored).toEqual([
      {
        repository: "shop-ui",
        tag: "dev-1.0.0",
        at: expect.any(Number),
        isPartly: true,
        reason:
          'shop 1.0.0 starts no promotion: beta accepts only ">=2.0.0", and 1.0.0 is outside (versions.only)',
      },
    ]);
  });

  it("of a production tag by hand is shown by status, and that of a promotion is not", async () => {
    await push("shop-api", "e-1");
    await push("shop-ui", "e-2");
    const promotion = { kind: "promotion", environment: "production", since: start } as const;
    await world.openWork.add("shop", { ...promotion, id: "p-1", version: "1.0.0" });
    await push("shop-api", "e-3", { tag: "prod-1.0.0" });
    await push("shop-api", "e-4", { tag: "prod-9.9.9" });
    const [status] = await showStatus.run({}, world);
    expect(status?.ignored).toEqual([
      {
        repository: "shop-api",
        tag: "prod-9.9.9",
        at: expect.any(Number),
        reason:
          "shop-api:prod-9.9.9 looks like a production tag of production; only promotions write those",
      },
    ]);
  });

  it("is handled once, also when it could not be noted that it was ignored", async () => {
    const ignoredPushes = {
      note: () => Promise.reject(new PromoterError("StoreUnavailable", "no table")),
    };
    const event = pushEvent({
      id: "1",
      repository: "shop-api",
      digest: digests["shop-api"],
      version: "1.0.0",
      tag: "latest",
    });
    expect(await onImagePush.run(event, { ...world, ignoredPushes })).toMatchObject({
      outcome: "ignored",
    });
  });

  it("ignores what the source does not take", async () => {
    const refusing = aWorld({ versions: { ignore: ["1.0.*"] } });
    digests = refusing.push("1.0.0");
    expect(
      await onImagePush.run(
        pushEvent({
          id: "e-1",
          repository: "shop-api",
          digest: digests["shop-api"],
          version: "1.0.0",
        }),
        refusing,
      ),
    ).toMatchObject({ outcome: "ignored", reasons: [expect.stringContaining("versions.ignore")] });
    expect(await refusing.openWork.list("shop")).toEqual([]);
  });

  it("starts the same in whatever order the images arrive, and once when they arrive together", async () => {
    await Promise.all([push("shop-ui", "e-2"), push("shop-api", "e-1")]);
    expect(world.workflow.executions()).toHaveLength(1);
  });

  it("starts nothing again for an event that comes twice", async () => {
    await push("shop-api", "e-1");
    await push("shop-ui", "e-2");
    await push("shop-ui", "e-2");
    expect(world.workflow.executions()).toHaveLength(1);
  });

  it("starts late when the first delivery died after it was counted", async () => {
    const down = new Error("Step Functions does not answer");
    await push("shop-api", "e-1");
    world.workflow.failNext("start", down);
    await expect(push("shop-ui", "e-2")).rejects.toThrow(down.message);
    expect(await push("shop-ui", "e-2")).toMatchObject({ outcome: "started" });
    expect(world.workflow.executions()).toHaveLength(1);
  });

  it("starts another execution for other digests of the same version", async () => {
    await push("shop-api", "e-1");
    await push("shop-ui", "e-2");
    digests = world.push("1.0.0", "rebuilt");
    await push("shop-ui", "e-3", { at: start + 1_000 });
    expect(world.workflow.executions()).toHaveLength(2);
    expect((await world.releases.read({ application: "shop", version: "1.0.0" }))?.settlesAt).toBe(
      start + 120_000,
    );
  });

  it("wakes only the promotions that wait for a vote about digests that were rebuilt", async () => {
    await push("shop-api", "e-1");
    await push("shop-ui", "e-2");
    for (const [id, kind] of [
      ["p-vote", "vote"],
      ["p-turn", "turn"],
    ] as const) {
      await world.open({ id, version: "1.0.0" });
      await world.sleep(id, kind);
    }
    await push("shop-ui", "e-3");
    await push("shop-ui", "e-3");
    expect(world.workflow.woken).toEqual([]);
    digests = world.push("1.0.0", "rebuilt");
    await push("shop-ui", "e-4", { at: start + 1_000 });
    expect(world.workflow.woken).toEqual(["token-p-vote"]);
  });

  it.each([
    ["of our own release tag", { tag: "prod-1.0.0" }],
    ["of the moving tag", { tag: "prod" }],
    ["of a foreign tag", { tag: "latest" }],
    ["without a tag", { tag: "" }],
    ["into kaniko's cache", { repository: "shop-api/cache" }],
    ["into a repository without an application", { repository: "other" }],
    ["into another account", { account: "999999999999" }],
    ["that failed", { result: "FAILURE" }],
    ["that is a delete", { action: "DELETE" }],
    ["of a signature", { tag: tag(`sha256-${"1".repeat(64)}.sig`) }],
  ])("%s is ignored with a reason and leaves nothing behind", async (_, change) => {
    const { outcome, reasons } = await push("shop-api", "e-1", change);
    expect(outcome).toBe("ignored");
    expect(reasons.join("")).not.toBe("");
    expect(await world.openWork.list("shop")).toEqual([]);
  });
});
