import { expect, it } from "vitest";
import { pushFolder, registryOf, shippedManifests } from "./push-to.ts";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

const repository = "orderbook-manifests";

const brought = (yaml: string): string =>
  withoutApproval(yaml).replace("files: deploy/orderbook", `artifact: ${repository}`);

async function push(
  world: StoryWorld,
  version: string,
  change?: (text: string) => string,
): Promise<string> {
  await world.push("orderbook-api", version);
  await world.push("orderbook-ui", version);
  const target = `${repository}:dev-${version}`;
  const { digest } = await pushFolder(target, await shippedManifests(change), registryOf(world));
  await world.cloud.settle();
  return digest;
}

function environmentOf(world: StoryWorld): string {
  const [cluster] = world.cloud.clusters.values();
  return JSON.stringify(cluster?.objects("ConfigMap", "orderbook"));
}

it(
  "a release with a new variable needs no new stack: its objects come with it",
  { timeout: 180_000 },
  async () => {
    const world = await startWorld({ yaml: brought });
    const first = await push(world, "1.4.2");
    const [one = ""] = world.promotions();
    expect(await world.ending(one)).toBe("Promoted");
    expect(environmentOf(world)).not.toContain("FEES");
    expect(world.tagged(repository, "prod-1.4.2")).toBe(first);
    expect(world.tagged(repository, "prod")).toBe(first);

    const second = await push(world, "1.5.0", (text) =>
      text.replace("  LOG_LEVEL: info", "  LOG_LEVEL: info\n  FEES: maker-taker"),
    );
    const two = world.promotions().at(-1) ?? "";
    expect(await world.ending(two)).toBe("Promoted");
    expect(environmentOf(world)).toContain('"FEES":"maker-taker"');
    expect(world.tagged(repository, "prod")).toBe(second);
    expect(world.tagged(repository, "prod-1.4.2")).toBe(first);
  },
);

it("a release waits for its objects as for an image", async () => {
  const world = await startWorld({ yaml: brought });
  await world.push("orderbook-api", "1.4.2");
  await world.push("orderbook-ui", "1.4.2");
  expect(world.promotions()).toEqual([]);
  expect(JSON.stringify(await world.status())).toContain(repository);
});

it("an image in the place of the artifact is ignored, and named", async () => {
  const world = await startWorld({ yaml: brought });
  await world.push(repository, "1.4.2");
  expect(JSON.stringify(await world.status())).toContain(
    "is a container image, and promoter.yml expects an artifact with objects",
  );
});

it("objects that are wrong are refused before anything is written, with their place", async () => {
  const world = await startWorld({ yaml: brought });
  await push(world, "1.4.2", (text) => text.replace("kind: ConfigMap", "kind: ConfigMapp"));
  const [promotion = ""] = world.promotions();
  expect(await world.ending(promotion)).toBe("Refused");
  expect(await world.reasons(promotion)).toMatch(
    /orderbook-manifests: production\/api\.yaml:\d+:\d+ in the archive: .*ConfigMapp/,
  );
  expect(world.tagged(repository, "prod-1.4.2")).toBeUndefined();
});
