import { expect, test } from "vitest";
import { startWorld } from "./start-world.ts";

const promoterYml = `
registry: { account: "444455556666", region: eu-central-1 }
clusters:
  shop-eu: { eks: shop-eu, region: eu-central-1 }
applications:
  shop:
    images: [shop-web, shop-worker]
    source: { tag: "build-{version}", order: number }
    environments:
      prod-eu:
        tags: { release: "live-{version}", moving: live }
        rules:
          scan: { critical: 0, high: 3 }
          platforms: [linux/amd64]
        approval: { slack: "#shop", approvers: [U0BOB0000], required: 1, expires: 2h }
        podSpec: { cluster: shop-eu, namespace: shop, files: kubernetes, rollout: 5m }
`;

const deployment = (name: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: 1
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - { name: main, image: 444455556666.dkr.ecr.eu-central-1.amazonaws.com/${name} }
`;

const files = {
  "promoter.yml": promoterYml,
  "kubernetes/namespace.yaml": "apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n",
  "kubernetes/web.yaml": deployment("shop-web"),
  "kubernetes/worker.yaml": deployment("shop-worker"),
};

test("another application with other names, account and Region goes the same way, by configuration alone", async () => {
  const world = await startWorld({ files });
  const promotion = await world.pushRelease("118");
  const { approval } = await world.asked(promotion);
  expect(approval).toMatchObject({ approvers: ["U0BOB0000"], state: "pending" });
  await world.click(promotion, "approve");

  expect(await world.ending(promotion)).toBe("Promoted");
  for (const repository of ["shop-web", "shop-worker"]) {
    expect(world.tagged(repository, "live-118")).toBe(world.tagged(repository, "build-118"));
    expect(world.tagged(repository, "live")).toBe(world.tagged(repository, "build-118"));
  }
  const pods = JSON.stringify(world.cloud.clusters.get("shop-eu")?.objects("Pod", "shop"));
  expect(pods).toContain(`444455556666.dkr.ecr.eu-central-1.amazonaws.com/shop-web:live-118@${world.tagged("shop-web", "live-118")}`);
  expect(await world.status()).toMatchObject({ application: "shop", environments: [{ environment: "prod-eu", current: { version: "118" } }] });
  expect(JSON.stringify({ status: await world.status(), shown: await world.show(promotion), messages: world.cloud.slack.messages(approval?.message?.channel ?? "") })).not.toMatch(/orderbook|111122223333|eu-west-1/);
});
