import { expect, test } from "vitest";
import { startWorld } from "./start-world.ts";

test("a push of both members reaches production once an approver clicks", async () => {
  const world = await startWorld();
  await world.push("orderbook-api", "1.4.2");
  expect((await world.status()).incomplete).toMatchObject([
    { version: "1.4.2", missing: ["orderbook-ui"] },
  ]);
  expect(world.promotions()).toEqual([]);

  await world.push("orderbook-ui", "1.4.2", { platforms: ["linux/amd64", "linux/arm64"] });
  const [promotion = ""] = world.promotions();
  await world.asked(promotion);
  await world.click(promotion, "approve");

  expect(await world.ending(promotion)).toBe("Promoted");
  for (const repository of ["orderbook-api", "orderbook-ui"]) {
    expect(
      world.cloud.ecr.images(repository).find(({ tags }) => tags.includes("dev-1.4.2"))?.tags,
    ).toEqual(expect.arrayContaining(["dev-1.4.2", "prod-1.4.2", "prod"]));
  }
  expect((await world.status()).environments[0]?.current?.version).toBe("1.4.2");
  expect(world.cloud.clusters.get("orderbook-prod")?.objects("Pod", "orderbook")).toHaveLength(4);
});
