import { beforeEach, describe, expect, it } from "vitest";
import type { Application } from "../../../../src/domain/configuration.ts";
import type { RepositoryName } from "../../../../src/domain/image/repository.ts";
import { onImagePush } from "../../../../src/promotion/events/on-image-push.ts";
import { closePromotion } from "../../../../src/promotion/steps/close-promotion.ts";
import { resolveRelease } from "../../../../src/promotion/steps/resolve-release.ts";
import {
  plainMembers,
  aWorld,
  pushEvent,
  repositories,
  start,
  tag,
  type ShopWorld,
} from "../../../builders/a-world.ts";
import { goThrough } from "../../../builders/go-through.ts";

const worker = "shop-worker" as RepositoryName;

/** The ports, with `dr` after production and the application changed. */
async function withLater(world: ShopWorld, change: Partial<Application> = {}): Promise<ShopWorld> {
  const configuration = await world.configurations.read();
  const { shop } = configuration.applications;
  const changed = {
    ...shop,
    ...change,
    environments: {
      ...shop?.environments,
      dr: { ...shop?.environments["production"], name: "dr", after: "production" },
    },
  } as Application;
  return {
    ...world,
    configurations: {
      ...world.configurations,
      read: async () => ({ ...configuration, applications: { shop: changed } }),
    },
  };
}

describe("ResolveRelease", () => {
  let world: ShopWorld;
  const resolve = (input: unknown, id = "p-1") =>
    resolveRelease.run(
      { promotion: id, execution: `arn:${id}`, startedAt: new Date(start).toISOString(), input },
      world,
    );
  const input = { application: "shop", version: "1.0.0", environment: "production" };

  beforeEach(() => {
    world = aWorld();
  });

  it("finds a digest for every member by the dev tags and opens the record", async () => {
    const digests = world.push("1.0.0");
    expect(await resolve({ ...input, requester: "ANNA", reason: "now" })).toMatchObject({
      outcome: "resolved",
    });
    expect(await world.promotion("p-1")).toMatchObject({
      trigger: "person",
      requester: "ANNA",
      reason: "now",
      openedAt: start,
      members: [
        { repository: "shop-api", digest: digests["shop-api"] },
        { repository: "shop-ui", digest: digests["shop-ui"] },
      ],
    });
    expect(await world.openWork.list("shop")).toMatchObject([{ kind: "promotion", id: "p-1" }]);
  });

  it("takes the digests that pushes brought rather than where a tag points now", async () => {
    const digests = world.push("1.0.0");
    await onImagePush.run(
      pushEvent({
        id: "e-1",
        repository: "shop-api",
        digest: digests["shop-api"],
        version: "1.0.0",
      }),
      world,
    );
    world.push("1.0.0", "moved without an event");
    await resolve(input);
    expect((await world.promotion("p-1")).members?.[0]?.digest).toBe(digests["shop-api"]);
  });

  it.each([
    ["a member is missing", "1.0.0", input, "Incomplete", /shop-ui is missing/],
    ["the version is unknown", "2.0.0", input, "Refused", /no version 1\.0\.0/],
    [
      "the environment is unknown",
      "1.0.0",
      { ...input, environment: "moon" },
      "Refused",
      /no environment of shop named "moon"/,
    ],
    [
      "the environment is one that every object has",
      "1.0.0",
      { ...input, environment: "constructor" },
      "Refused",
      /no environment of shop named "constructor"/,
    ],
    [
      "the application is one that every object has",
      "1.0.0",
      { ...input, application: "__proto__" },
      "Refused",
      /no application named "__proto__"/,
    ],
    [
      "the version cannot be ordered",
      "1.0.0",
      { ...input, version: "latest" },
      "Refused",
      /not a valid semver version/,
    ],
    [
      "the input has another key",
      "1.0.0",
      { ...input, digest: "sha256:1" },
      "Refused",
      /unknown key "digest"/,
    ],
    ["the input is no object", "1.0.0", "go", "Refused", /not a JSON object/],
  ])("ends when %s", async (_, version, asked, ending, reason) => {
    world.registry.addImage(repositories.api, { tag: tag(`dev-${version}`) });
    expect(await resolve(asked)).toMatchObject({
      outcome: "close",
      reasons: [ending, expect.stringMatching(reason)],
    });
    expect((await world.promotion("p-1")).conclusion?.ending).toBe(ending);
  });

  it("names only versions that exist", async () => {
    world.push("1.0.0");
    await resolve({ ...input, version: "1.2.0" });
    await closePromotion.run({ promotion: "p-1" }, world);
    await goThrough(world, { id: "p-2", version: "1.0.0", to: "closed" });
    expect((await resolve({ ...input, version: "0.0.1" }, "p-3")).reasons[1]).toBe(
      "there is no version 0.0.1 of shop: no repository has the tag dev-0.0.1; known versions are 1.0.0; push this one, or choose one of those",
    );
  });

  it("names the versions that are under way, but not names that someone only typed", async () => {
    world.push("1.0.0");
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "asked" });
    await resolve({ ...input, version: "1.2.0" }, "p-2");
    expect((await resolve({ ...input, version: "0.0.1" }, "p-3")).reasons[1]).toMatch(
      /; known versions are 1\.0\.0; push this one, or choose one of those$/,
    );
  });

  it("stands in the history under the names that could be read", async () => {
    await resolve({
      application: "shop",
      environment: "production",
      version: "1.0.0",
      force: true,
    });
    await closePromotion.run({ promotion: "p-1" }, world);
    expect(
      (
        await world.promotions.history(
          { application: "shop", environment: "production" },
          { limit: 5 },
        )
      ).entries,
    ).toMatchObject([{ id: "p-1", version: "1.0.0", ending: "Refused" }]);
  });

  it("is superseded when the digests are others than the ones that started it", async () => {
    world.push("1.0.0");
    expect(await resolve({ ...input, set: "a".repeat(64) })).toMatchObject({
      outcome: "close",
      reasons: ["Superseded", expect.stringContaining("rebuilt")],
    });
  });

  it("waits until a version that was rebuilt stays unchanged", async () => {
    const digests = world.push("1.0.0");
    for (const [id, repository] of [
      ["e-1", "shop-api"],
      ["e-2", "shop-ui"],
    ] as const) {
      await onImagePush.run(
        pushEvent({ id, repository, digest: digests[repository], version: "1.0.0" }),
        world,
      );
    }
    const { "shop-api": digest } = world.push("1.0.0", "rebuilt");
    await onImagePush.run(
      pushEvent({ id: "e-3", repository: "shop-api", digest, version: "1.0.0", at: start + 1 }),
      world,
    );
    world.pass(30_000);
    expect(await resolve(input)).toMatchObject({ outcome: "settling", seconds: 90 });
    world.pass(90_000);
    expect(await resolve(input)).toMatchObject({ outcome: "resolved" });
  });

  describe("in an environment that comes after another", () => {
    const asked = {
      promotion: "p-1",
      execution: "arn:p-1",
      startedAt: new Date(start).toISOString(),
      input: { ...input, environment: "dr" },
    };
    let digests: ReturnType<ShopWorld["push"]>;

    beforeEach(async () => {
      digests = world.push("1.0.0");
      await goThrough(world, { id: "p-0", version: "1.0.0", to: "closed" });
    });

    it("takes exactly what was promoted to the environment before, wherever the dev tags point now", async () => {
      world.push("1.0.0", "rebuilt");
      expect(await resolveRelease.run(asked, await withLater(world))).toMatchObject({
        outcome: "resolved",
      });
      expect((await world.promotion("p-1")).members?.map(({ digest }) => digest)).toEqual(
        Object.values(digests),
      );
      expect(
        await resolveRelease.run(
          { ...asked, promotion: "p-2", input: { ...asked.input, version: "2.0.0" } },
          await withLater(world),
        ),
      ).toMatchObject({
        reasons: ["Refused", expect.stringContaining("never promoted to production")],
      });
    });

    it("is incomplete when an image was added to promoter.yml since", async () => {
      const ports = await withLater(world, {
        members: plainMembers([repositories.api, repositories.ui, worker]),
      });
      expect(await resolveRelease.run(asked, ports)).toEqual({
        outcome: "close",
        reasons: [
          "Incomplete",
          "shop 1.0.0 is incomplete: it was promoted to production without shop-worker, which promoter.yml now lists among its images; promote a new version to production first",
        ],
      });
      expect((await world.promotion("p-1")).members).toBeUndefined();
    });

    it("is refused when an image was taken out of promoter.yml since", async () => {
      const ports = await withLater(world, { members: plainMembers([repositories.api]) });
      expect(await resolveRelease.run(asked, ports)).toEqual({
        outcome: "close",
        reasons: [
          "Refused",
          "shop 1.0.0 was promoted to production with shop-ui, which promoter.yml no longer lists among its images; promote a new version to production first",
        ],
      });
    });
  });

  it("keeps the record of the first try", async () => {
    world.push("1.0.0");
    await resolve({ ...input, requester: "ANNA" });
    await resolve({ ...input, requester: "EVE" });
    expect((await world.promotion("p-1")).requester).toBe("ANNA");
  });
});
