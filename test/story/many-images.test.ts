import { expect, test } from "vitest";
import { startWorld } from "./start-world.ts";

const images = Array.from({ length: 14 }, (_, index) => `image-${index}`);

const yaml = `registry: { account: "111122223333", region: eu-west-1, putImageRate: 5 }
clusters: { shop-prod: { eks: shop-prod, region: eu-west-1 } }
applications:
  shop:
    images: [${images.join(", ")}]
    source: { tag: "dev-{version}" }
    environments:
      production:
        tags: { release: "prod-{version}" }
        podSpec: { cluster: shop-prod, namespace: shop, files: deploy }
`;

const objects = JSON.stringify({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "shop" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "shop" } },
    template: {
      metadata: { labels: { app: "shop" } },
      spec: {
        containers: images.map((name) => ({
          name,
          image: `111122223333.dkr.ecr.eu-west-1.amazonaws.com/${name}:dev`,
        })),
      },
    },
  },
});

test("a release of more images than one second takes gets its tags in several, at the rate of promoter.yml", async () => {
  const world = await startWorld({
    files: {
      "promoter.yml": yaml,
      "deploy/shop.json": objects,
      "deploy/namespace.json": JSON.stringify({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: "shop" },
      }),
    },
  });
  await world.pushRelease("1.0.0");
  expect(await world.ending()).toBe("Promoted");
  expect(world.logs.filter((record) => record["function"] === "RetagImages")).toMatchObject([
    { outcome: "tagged", took: 2_000 },
  ]);
  const puts = world
    .writes()
    .filter(
      ({ action, functionName }) =>
        action === "ecr:PutImage" && functionName?.endsWith("-retag-images"),
    );
  expect(puts).toHaveLength(images.length);
  expect(images.map((name) => world.tagged(name, "prod-1.0.0"))).toEqual(
    images.map((name) => world.tagged(name, "dev-1.0.0")),
  );
});
