import { describe, expect, test } from "vitest";
import { startWorld, type StoryWorld } from "./start-world.ts";

const host = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";

const deployment = (name: string, image: string): string =>
  JSON.stringify({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "main", image: `${host}/${image}` }] },
      },
    },
  });

const namespace = (name: string): string =>
  JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

const head = `
registry: { account: "111122223333", region: eu-west-1 }
clusters:
  live: { eks: live, region: eu-west-1 }
`;

/** What the containers of a Deployment run, by digest. */
function runs({ cloud }: StoryWorld, place: string): readonly string[] {
  const pods = JSON.stringify(cloud.clusters.get("live")?.objects("Pod", place));
  const images = pods.matchAll(/"image":"[^"]+\/shop@(sha256:[0-9a-f]{64})"/g);
  return [...new Set([...images].map(([, digest = ""]) => digest))].toSorted();
}

const dev = (member: "api" | "ui", version: string): { readonly tag: string } => ({
  tag: `${member}-${version}`,
});

describe("two members of one repository", () => {
  const files = {
    "promoter.yml": `${head}
applications:
  shop:
    images:
      - { repository: shop, tag: "api-{version}" }
      - { repository: shop, tag: "ui-{version}", name: web }
    source: { tag: "dev-{version}", settle: 0s }
    environments:
      production:
        tags: { release: "prod-{version}", moving: prod }
        podSpec: { cluster: live, namespace: shop, files: deploy }
`,
    "deploy/namespace.yaml": namespace("shop"),
    "deploy/api.yaml": deployment("api", "shop:api-latest"),
    "deploy/web.yaml": deployment("web", "shop:ui-latest"),
  };
  test("go live together, each under its own tags", async () => {
    const world = await startWorld({ files });
    const api = await world.push("shop", "1.4.2", { ...dev("api", "1.4.2"), content: "api" });
    expect(world.promotions()).toEqual([]);
    expect((await world.status()).incomplete).toMatchObject([
      { version: "1.4.2", missing: ["web"] },
    ]);
    const web = await world.push("shop", "1.4.2", { ...dev("ui", "1.4.2"), content: "web" });
    expect(await world.ending()).toBe("Promoted");
    expect(world.tagged("shop", "prod-api-1.4.2")).toBe(api);
    expect(world.tagged("shop", "prod-web-1.4.2")).toBe(web);
    expect([world.tagged("shop", "prod-api"), world.tagged("shop", "prod-web")]).toEqual([
      api,
      web,
    ]);
    expect(runs(world, "shop")).toEqual([api, web].toSorted());
    const { promotion, plan } = await world.show(world.promotions()[0] ?? "");
    expect(plan?.plan.members).toMatchObject([
      { name: "shop-api", repository: "shop", digest: api, releaseTag: "prod-api-1.4.2" },
      { name: "web", repository: "shop", digest: web, releaseTag: "prod-web-1.4.2" },
    ]);
    expect(promotion.verdicts?.map(({ subject }) => subject)).toContain("shop-api");
    expect((await world.status()).ignored).toEqual([]);
  });

  test("are found by their tags when no push was collected, and a release tag conflicts by member", async () => {
    const world = await startWorld({ files });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Promoted");
    await world.push("shop", "1.4.2", { ...dev("ui", "1.4.2"), content: "again" });
    expect(await world.ending()).toBe("Refused");
    expect(await world.reasons()).toContain("web is ");
    const alone = await world.push("shop", "1.4.3", { ...dev("api", "1.4.3"), content: "new" });
    const lone = await world.promote("1.4.3");
    expect(await world.ending(lone)).toBe("Incomplete");
    expect(await world.reasons(lone)).toContain("web is missing; push shop:ui-1.4.3");
    expect(world.tagged("shop", "prod-api")).not.toBe(alone);
  });
});

describe("two applications of one repository", () => {
  const files = {
    "promoter.yml": `${head}
applications:
  api:
    images: [{ repository: shop, tag: "api-{version}" }]
    source: { tag: "api-{version}", settle: 0s }
    environments:
      production:
        tags: { release: "prod-{version}" }
        podSpec: { cluster: live, namespace: api, files: deploy/api }
  ui:
    images: [{ repository: shop, tag: "ui-{version}" }]
    source: { tag: "ui-{version}", order: number, settle: 0s }
    environments:
      production:
        tags: { release: "prod-{version}" }
        podSpec: { cluster: live, namespace: ui, files: deploy/ui }
`,
    "deploy/api/namespace.yaml": namespace("api"),
    "deploy/api/api.yaml": deployment("api", "shop"),
    "deploy/ui/namespace.yaml": namespace("ui"),
    "deploy/ui/ui.yaml": deployment("ui", "shop:ui-latest"),
  };

  test("are promoted by their own pushes alone", async () => {
    const world = await startWorld({ files });
    const api = await world.push("shop", "1.0.0", { tag: "api-1.0.0", content: "api" });
    expect(await world.ending()).toBe("Promoted");
    const ui = await world.push("shop", "7", { tag: "ui-7", content: "ui" });
    expect(world.promotions()).toHaveLength(2);
    expect(await world.ending()).toBe("Promoted");
    expect(world.tagged("shop", "prod-api-1.0.0")).toBe(api);
    expect(world.tagged("shop", "prod-ui-7")).toBe(ui);
    expect([runs(world, "api"), runs(world, "ui")]).toEqual([[api], [ui]]);
    await world.push("shop", "x", { tag: "nightly", content: "x" });
    expect(world.promotions()).toHaveLength(2);
    expect((await world.status()).ignored.map(({ reason }) => reason)).toEqual([
      "shop:nightly does not match api-{version} or ui-{version}",
    ]);
  });
});
