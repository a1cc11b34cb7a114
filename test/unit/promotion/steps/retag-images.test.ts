import { beforeEach, describe, expect, it, vi } from "vitest";
import { PromoterError } from "../../../../src/domain/errors.ts";
import { retagImages } from "../../../../src/promotion/steps/retag-images.ts";
import {
  aWorld,
  production,
  repositories,
  tag,
  type ShopWorld,
} from "../../../builders/a-world.ts";
import { goThrough, writing } from "../../../builders/go-through.ts";

const release = tag("prod-1.0.0");

describe("RetagImages", () => {
  let world: ShopWorld;
  let digests: ReturnType<ShopWorld["push"]>;
  const retag = (change: object = {}) =>
    retagImages.run({ ...writing(world, "p-1"), ...change }, world);
  const tagged = () =>
    [repositories.api, repositories.ui].map((name) => world.registry.tagsOf(name).get(release));
  const claims = async () =>
    (await world.environments.readLock(production)).claims.map(
      ({ phase, until }) => `${phase} ${until - world.clock.now()}`,
    );

  beforeEach(async () => {
    world = aWorld();
    digests = world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "writing" });
  });

  it("gives every member the release tag", async () => {
    expect(await retag()).toMatchObject({
      outcome: "tagged",
      reasons: [
        expect.stringContaining("shop-api:prod-1.0.0 written"),
        expect.stringContaining("shop-ui:prod-1.0.0 written"),
      ],
    });
    expect(tagged()).toEqual([digests["shop-api"], digests["shop-ui"]]);
    expect((await world.promotion("p-1")).progress).toBe("tagged");
    expect(await claims()).toEqual([]);
  });

  it("leaves the dev tags and the moving tag where they are", async () => {
    await retag();
    expect([...world.registry.tagsOf(repositories.api).keys()]).toEqual([
      "dev-1.0.0",
      "prod-1.0.0",
    ]);
  });

  it("writes no tag when one of the members cannot have it", async () => {
    world.registry.addImage(repositories.ui, { tag: release, content: "somebody else's" });
    await expect(retag()).rejects.toMatchObject({ name: "TagConflict" });
    expect(tagged()[0]).toBeUndefined();
    expect(world.registry.calls).not.toContain("putTag");
  });

  it("writes no tag when one of the images is gone", async () => {
    world.registry.removeImage({ repository: repositories.ui, digest: digests["shop-ui"] });
    await expect(retag()).rejects.toMatchObject({ name: "ImageMissing" });
    expect(world.registry.calls).not.toContain("putTag");
  });

  it("converges when it is carried out again after it stopped half way", async () => {
    const throttled = new PromoterError("RegistryUnavailable", "ECR is throttling");
    const putTag: ShopWorld["registry"]["putTag"] = async (repository, ...rest) => {
      if (repository === repositories.ui) throw throttled;
      return world.registry.putTag(repository, ...rest);
    };
    await expect(
      retagImages.run(writing(world, "p-1"), { ...world, registry: { ...world.registry, putTag } }),
    ).rejects.toThrow(throttled.message);
    expect(tagged()).toEqual([digests["shop-api"], undefined]);
    expect(await retag()).toMatchObject({
      reasons: [expect.stringContaining("already there"), expect.stringContaining("written")],
    });
    expect(tagged()).toEqual([digests["shop-api"], digests["shop-ui"]]);
  });

  it("puts only what is missing, so that a set which takes longer than one function has time is finished by the next", async () => {
    world = aWorld({ putImageRate: 1 });
    digests = world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "writing" });
    const timeForOne = (): object => ({ deadline: world.clock.now() + 5_500 });
    await expect(retag(timeForOne())).rejects.toMatchObject({ name: "TimeRanOut" });
    expect(tagged()).toEqual([digests["shop-api"], undefined]);
    world.pass(1_000);
    expect(await retag(timeForOne())).toMatchObject({
      outcome: "tagged",
      reasons: [
        expect.stringContaining("shop-api:prod-1.0.0 already there"),
        expect.stringContaining("shop-ui:prod-1.0.0 written"),
      ],
    });
    expect(tagged()).toEqual([digests["shop-api"], digests["shop-ui"]]);
  });

  it("leaves a claim of ten seconds when it fails: so long its last call may still take effect", async () => {
    world.registry.failNext(
      "readImage",
      new PromoterError("RegistryUnavailable", "ECR is throttling"),
    );
    await expect(retag()).rejects.toMatchObject({ name: "RegistryUnavailable" });
    expect(await claims()).toEqual(["writing 10000"]);
  });

  it("leaves its claim when it is killed, and a later try that is done gives up its own alone", async () => {
    void retagImages.run(writing(world, "p-1"), {
      ...world,
      registry: { ...world.registry, putTag: () => new Promise(() => {}) },
    });
    await vi.waitFor(async () => expect(await claims()).toEqual(["writing 130000"]));
    world.pass(5_000);
    await retag();
    expect(await claims()).toEqual(["writing 125000"]);
    world.pass(125_000);
    await retag();
    expect(await claims()).toEqual([]);
  });

  it("starts no call in the last five seconds of its time", async () => {
    await expect(retag({ deadline: world.clock.now() + 4_999 })).rejects.toMatchObject({
      name: "TimeRanOut",
      retryable: true,
    });
    expect(world.registry.calls).not.toContain("putTag");
  });

  it("leaves the claim of the next try alone when it wakes up after its time", async () => {
    const late = writing(world, "p-1");
    world.pass(120_001);
    world.registry.failNext(
      "readImage",
      new PromoterError("RegistryUnavailable", "ECR is throttling"),
    );
    await expect(retag()).rejects.toThrow("throttling");
    await expect(retagImages.run(late, world)).rejects.toMatchObject({ name: "TimeRanOut" });
    expect(await claims()).toEqual(["writing 10000"]);
  });

  it("writes nothing in an execution that was redriven", async () => {
    await expect(retag({ redrives: 1 })).rejects.toMatchObject({ name: "ExecutionRedriven" });
    expect(tagged()).toEqual([undefined, undefined]);
  });

  it.each([
    ["not the owner", { owner: undefined }],
    [
      "still waiting",
      {
        owner: {
          promotion: "p-1",
          version: "1.0.0",
          phase: "waiting",
          plan: undefined,
          cancelled: false,
        },
      },
    ],
    [
      "rolling back",
      {
        owner: {
          promotion: "p-1",
          version: "1.0.0",
          phase: "rolling-back",
          plan: "x",
          cancelled: false,
        },
      },
    ],
  ] as const)("writes nothing for a promotion that is %s", async (_, change) => {
    const lock = await world.environments.readLock(production);
    await world.environments.writeLock(production, {
      ...lock,
      ...change,
      revision: lock.revision + 1,
    });
    await expect(retag()).rejects.toMatchObject({ name: "NotOwner" });
    expect(tagged()).toEqual([undefined, undefined]);
  });

  it("carries out the plan of the lock, whatever the record says since", async () => {
    await world.promotions.update("p-1", { plan: "f".repeat(64) });
    await retag();
    expect(tagged()).toEqual([digests["shop-api"], digests["shop-ui"]]);
  });
});
