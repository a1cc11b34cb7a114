import { describe, expect, it } from "vitest";
import { parseManifest } from "../../../../src/domain/image/manifest.ts";
import { preparePodSpec } from "../../../../src/promotion/steps/prepare-pod-spec.ts";
import { verifyImages } from "../../../../src/promotion/steps/verify-images.ts";
import {
  aWorld,
  deployment,
  repositories,
  shopObjects,
  tag,
  type ShopWorld,
} from "../../../builders/a-world.ts";
import { goThrough, plan } from "../../../builders/go-through.ts";

function shop(change?: Parameters<typeof aWorld>[0]): ShopWorld {
  const world = aWorld({ artifact: true, ...change });
  world.push("1.0.0");
  return world;
}

async function planned(world: ShopWorld, id = "p-1", version = "1.0.0"): Promise<string> {
  await world.open({ id, version });
  await plan(world, id);
  const promotion = await world.promotion(id);
  return promotion.conclusion?.reasons.join("\n") ?? promotion.plan ?? "";
}

describe("objects that come with a release", () => {
  it("are read at the digest of the member, and pinned as others are", async () => {
    const world = shop();
    const hash = await planned(world);
    const stored = await world.promotions.readPlan("p-1", hash);
    expect(JSON.stringify(stored?.plan.objects).match(/shop-(?:api|ui)@sha256:/g)).toHaveLength(2);
    expect(stored?.plan.members.map(({ repository }) => repository)).toEqual([
      "shop-api",
      "shop-ui",
      "shop-manifests",
    ]);
    const [archive] = world.archives.opened;
    expect(Buffer.from(archive?.bytes ?? []).toString()).toBe("1.0.0 ");
    expect(archive).toMatchObject({ application: "shop", environment: "production" });
  });

  it("bind an approval by the digest of the artifact", async () => {
    const world = shop();
    const one = await planned(world);
    world.push("1.1.0", "other objects");
    expect(await planned(world, "p-2", "1.1.0")).not.toBe(one);
  });

  it("are tagged like the images, and moved after the rollout", async () => {
    const world = shop();
    await goThrough(world, { id: "p-1", version: "1.0.0", to: "closed" });
    const tags = [...world.registry.tagsOf(repositories.manifests).keys()];
    expect(tags.toSorted()).toEqual(["dev-1.0.0", "prod", "prod-1.0.0"]);
  });

  it("are exempt from the rules for images, by their place in promoter.yml", async () => {
    const world = shop();
    await planned(world);
    const verdicts = (await world.promotion("p-1")).verdicts ?? [];
    const of = (subject: string): readonly string[] =>
      verdicts.filter((one) => one.subject === subject).map(({ rule }) => rule);
    expect(of("shop-manifests")).toEqual(["exists", "age"]);
    expect(of("shop-api")).toEqual(["exists", "platforms", "scan", "age"]);
  });

  it("are refused with the place in the archive", async () => {
    const world = shop();
    world.archives.set("production/api.yaml:3:1 in the archive: replcas is unknown");
    expect(await planned(world)).toBe(
      "shop-manifests: production/api.yaml:3:1 in the archive: replcas is unknown",
    );
  });

  it("may not run the artifact as an image", async () => {
    const world = shop();
    const image = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop-manifests:dev";
    world.archives.set([...shopObjects, deployment("odd", image)]);
    expect(await planned(world)).toMatch(/Deployment shop\/odd, .*shop-manifests/);
  });
});

async function refused(world: ShopWorld): Promise<string> {
  await world.open({ id: "p-1", version: "1.0.0" });
  await verifyImages.run({ promotion: "p-1" }, world);
  return (await world.promotion("p-1")).conclusion?.reasons.join("\n") ?? "";
}

describe("in the place of an artifact is refused", () => {
  it("an image", async () => {
    const world = shop();
    world.registry.addImage(repositories.manifests, { tag: tag("dev-1.0.0") });
    expect(await refused(world)).toMatch(
      /^shop-manifests@sha256:\S+ cannot be judged: it is an image, and an artifact with objects was expected;/,
    );
  });

  it("an artifact whose archive is gone", async () => {
    const world = shop();
    const digest = world.registry.tagsOf(repositories.manifests).get(tag("dev-1.0.0"));
    const [manifest] = digest
      ? await world.registry.readManifests(repositories.manifests, [digest])
      : [];
    expect(manifest && parseManifest(manifest)).toMatchObject({ kind: "other" });
    const { layers } = JSON.parse(manifest?.text ?? "") as { layers: [{ digest: never }] };
    world.registry.dropLayer(repositories.manifests, layers[0].digest);
    expect(await refused(world)).toMatch(/shop-manifests@\S+ cannot be pulled: sha256:\w+ missing/);
  });
});

it("an artifact in the place of an image is refused", async () => {
  const world = shop();
  const digest = world.registry.tagsOf(repositories.manifests).get(tag("dev-1.0.0"));
  const [manifest] = digest
    ? await world.registry.readManifests(repositories.manifests, [digest])
    : [];
  world.registry.addManifest(repositories.api, {
    mediaType: manifest?.mediaType ?? "",
    text: manifest?.text ?? "",
    tag: tag("dev-1.0.0"),
  });
  await world.open({ id: "p-1", version: "1.0.0" });
  await verifyImages.run({ promotion: "p-1" }, world);
  expect((await world.promotion("p-1")).conclusion?.reasons.join("\n")).toMatch(
    /shop-api@sha256:\S+ cannot be judged: .*is an artifact and not an image/,
  );
});

it("objects that are gone when the plan is made are a refusal", async () => {
  const world = shop();
  await world.open({ id: "p-1", version: "1.0.0" });
  await plan(world, "p-1");
  const digest = world.registry.tagsOf(repositories.manifests).get(tag("dev-1.0.0"));
  if (digest) world.registry.removeImage({ repository: repositories.manifests, digest });
  await preparePodSpec.run({ promotion: "p-1" }, world);
  expect((await world.promotion("p-1")).conclusion?.reasons.join("\n")).toMatch(
    /^shop-manifests@sha256:\S+ is not in the registry; push it again$/,
  );
});
