import { beforeEach, describe, expect, it } from "vitest";
import type { Application } from "../../../../src/domain/configuration.ts";
import type { RepositoryName } from "../../../../src/domain/image/repository.ts";
import { rulesSchema } from "../../../../src/domain/rules/index.ts";
import { everyVersion } from "../../../../src/domain/version-policy.ts";
import { verifyImages } from "../../../../src/promotion/steps/verify-images.ts";
import {
  plainMembers,
  aWorld,
  production,
  repositories,
  start,
  type ShopWorld,
} from "../../../builders/a-world.ts";
import { goThrough } from "../../../builders/go-through.ts";

const rules = rulesSchema.parse({ scan: { critical: 0, high: 0 }, platforms: ["linux/amd64"] });

describe("VerifyImages", () => {
  let world: ShopWorld;
  let digests: ReturnType<ShopWorld["push"]>;
  const verify = (id = "p-1") => verifyImages.run({ promotion: id }, world);
  const scan = (counts: Readonly<Record<string, number>>) => {
    for (const repository of [repositories.api, repositories.ui]) {
      world.scans.set(
        { repository, digest: digests[repository as "shop-api"] },
        { kind: "complete", counts, completedAt: start },
      );
    }
  };

  beforeEach(async () => {
    world = aWorld({ production: { rules } });
    digests = world.push("1.0.0");
    await world.open({ id: "p-1", version: "1.0.0" });
  });

  it("passes clean images, and notes the fence and when it looked", async () => {
    scan({ LOW: 3 });
    const lock = await world.environments.readLock(production);
    await world.environments.writeLock(production, { ...lock, revision: 1, fence: 7 });
    expect(await verify()).toMatchObject({ outcome: "verified" });
    expect(await world.promotion("p-1")).toMatchObject({
      fence: 7,
      verifiedAt: start,
      pushedAt: start,
    });
  });

  it("refuses an image that has a CRITICAL finding", async () => {
    scan({ CRITICAL: 1 });
    expect(await verify()).toMatchObject({
      outcome: "close",
      reasons: [
        "Refused",
        expect.stringContaining("CRITICAL"),
        expect.stringContaining("CRITICAL"),
      ],
    });
  });

  it("refuses by hand what the environment does not take, and a hotfix below a pre-release only as long as that one could still come there", async () => {
    world = aWorld();
    world.push("2.0.0-rc.1");
    await goThrough(world, { id: "p-rc", version: "2.0.0-rc.1", to: "closed" });
    world.push("1.9.1");
    await world.open({ id: "p-1", version: "1.9.1", requester: "ANNA" });
    await world.open({ id: "p-2", version: "2.0.0-rc.1", requester: "ANNA" });
    await world.open({ id: "p-3", version: "1.9.1", requester: "ANNA" });
    expect(await verify("p-3")).toMatchObject({
      outcome: "close",
      reasons: [
        "Refused",
        expect.stringContaining("to continue with 1.9.1, set `versions: { prereleases: refuse }`"),
      ],
    });
    const { configurations } = aWorld({
      production: { versions: { ...everyVersion, prereleases: "refuse" } },
    });
    expect(
      await verifyImages.run({ promotion: "p-1" }, { ...world, configurations }),
    ).toMatchObject({ outcome: "verified" });
    expect(
      await verifyImages.run({ promotion: "p-2" }, { ...world, configurations }),
    ).toMatchObject({
      outcome: "close",
      reasons: [
        "Refused",
        expect.stringContaining("production accepts no pre-releases, and 2.0.0-rc.1 is one"),
      ],
    });
  });

  it("reads no scans when no rule asks for them", async () => {
    world = aWorld();
    world.push("1.0.0");
    await world.open({ id: "p-1", version: "1.0.0" });
    world.scans.failNext(new Error("nobody asked for a scan"));
    expect(await verify()).toMatchObject({
      outcome: "verified",
      reasons: expect.arrayContaining([
        "platforms: shop-api: no platform is required",
        "scan: shop-api: findings are ignored",
      ]),
    });
  });

  it("waits for a scan, never longer than a quarter of an hour without looking, and gives up in the end", async () => {
    const { outcome, seconds = 0 } = await verify();
    expect(outcome).toBe("wait");
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(900);
    world.pass(24 * 3_600_000);
    expect(await verify()).toMatchObject({ outcome: "close" });
  });

  it.each<[string, readonly string[], RegExp]>([
    ["added to", ["shop-api", "shop-ui", "shop-worker"], /shop-worker was added/],
    ["taken out of", ["shop-api"], /shop-ui was removed/],
  ])(
    "refuses when an image was %s promoter.yml while the promotion was under way, and reads nothing more",
    async (_, names, reason) => {
      scan({});
      const configuration = await world.configurations.read();
      const shop = {
        ...configuration.applications["shop"],
        members: plainMembers(names as readonly RepositoryName[]),
      } as Application;
      world.registry.failNext("readImage", new Error("nothing is read any more"));
      const configurations = {
        ...world.configurations,
        read: async () => ({ ...configuration, applications: { shop } }),
      };
      const { outcome, reasons } = await verifyImages.run(
        { promotion: "p-1" },
        { ...world, configurations },
      );
      expect([outcome, reasons[0], reasons.length]).toEqual(["close", "Refused", 2]);
      expect(reasons[1]).toMatch(reason);
      expect((await world.promotion("p-1")).conclusion?.ending).toBe("Refused");
    },
  );

  it("refuses digests that the environment before has not had, when promoter.yml put one before it while the promotion was under way", async () => {
    scan({});
    world.redeploy({ after: "staging" });
    expect(await verify()).toMatchObject({
      outcome: "close",
      reasons: [
        "Refused",
        expect.stringContaining(
          "shop 1.0.0 was never promoted to staging, which comes before production; ",
        ),
      ],
    });
  });

  it("passes digests that the environment before has had, and no others of their version", async () => {
    world.redeploy({ after: "staging", rules: rulesSchema.parse({}) });
    const { set = "", members = [] } = await world.promotion("p-1");
    const promoted = {
      version: "1.0.0",
      members,
      promotion: "p-0",
      plan: "",
      since: start,
      pushedAt: start,
    };
    const staging = { ...production, environment: "staging" };
    await world.environments.writeCurrent(staging, { ...promoted, set });
    expect(await verify()).toMatchObject({ outcome: "verified" });
    await world.environments.writeCurrent(staging, {
      ...promoted,
      set: "another",
      since: start + 1,
    });
    expect(await verify()).toMatchObject({
      outcome: "close",
      reasons: [
        "Refused",
        expect.stringContaining("other digests of shop 1.0.0 were promoted to staging"),
      ],
    });
  });

  it("refuses an image that is gone", async () => {
    scan({});
    world.registry.removeImage({ repository: repositories.ui, digest: digests["shop-ui"] });
    expect(await verify()).toMatchObject({
      outcome: "close",
      reasons: ["Refused", expect.stringContaining("shop-ui")],
    });
  });

  it("refuses an image with a missing layer", async () => {
    scan({});
    const { parts } = world.registry.addImage(repositories.ui, { content: "ui 1.0.0 " });
    world.registry.dropLayer(repositories.ui, parts[1] ?? digests["shop-ui"]);
    expect(await verify()).toMatchObject({
      outcome: "close",
      reasons: ["Refused", expect.stringContaining("shop-ui")],
    });
  });

  it("refuses to go back to an older version than the one that runs", async () => {
    world = aWorld();
    world.push("1.0.0");
    world.push("2.0.0");
    await goThrough(world, { id: "p-2", version: "2.0.0", to: "closed" });
    await world.open({ id: "p-1", version: "1.0.0" });
    expect(await verify()).toMatchObject({
      outcome: "close",
      reasons: ["Refused", expect.stringMatching(/runs 2\.0\.0 .*1\.0\.0 is not newer/)],
    });
  });

  it("refuses to work on an unsettled environment", async () => {
    scan({});
    const lock = await world.environments.readLock(production);
    await world.environments.writeLock(production, {
      ...lock,
      revision: 1,
      unsettled: { by: "p-0", reason: "it broke" },
    });
    expect(await verify()).toMatchObject({
      outcome: "close",
      reasons: ["Refused", expect.stringContaining("unsettled by p-0")],
    });
  });

  it("looks at nothing once it was cancelled", async () => {
    await world.promotions.markCancelled("p-1", { by: "BEN", at: 1 });
    expect(await verify()).toMatchObject({
      outcome: "close",
      reasons: ["Cancelled", "cancelled by BEN"],
    });
    expect(world.scans.asked).toEqual([]);
  });

  it("stays with what an earlier try concluded whose answer was lost", async () => {
    scan({ CRITICAL: 1 });
    await verify();
    scan({});
    expect(await verify()).toMatchObject({
      outcome: "close",
      reasons: [
        "Refused",
        expect.stringContaining("CRITICAL"),
        expect.stringContaining("CRITICAL"),
      ],
    });
  });
});
