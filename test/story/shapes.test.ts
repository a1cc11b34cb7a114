import { describe, expect, test } from "vitest";
import { loadTemplate } from "../../scripts/stack/load-template.ts";
import { parseConfiguration } from "./shop.ts";
import { startWorld } from "./start-world.ts";

const tagsAlone = (yaml: string): string =>
  yaml.replace(/^clusters:\n.*\n\n/m, "").replace(/^ +podSpec:.*\n/m, "");

const stepsOf = (shown: { readonly trail: readonly { readonly step: string }[] }): string[] =>
  shown.trail.map(({ step }) => step);

describe("tags only", () => {
  test("a promotion is verified, asked about, tagged and Promoted, and no cluster is there", async () => {
    const world = await startWorld({ yaml: tagsAlone });
    const promotion = await world.pushRelease("1.4.2");
    const { plan, approval } = await world.asked(promotion);
    expect(plan?.plan).toMatchObject({ objects: [], members: [{ releaseTag: "prod-1.4.2" }, {}] });
    expect(plan?.plan).not.toHaveProperty("cluster");
    const [question] = world.cloud.slack.messages(approval?.message?.channel ?? "");
    expect(JSON.stringify(question)).toContain("tags only, no cluster");
    expect(JSON.stringify(question)).not.toContain("Cluster");

    expect(await world.approve(promotion)).toBe("Promoted");
    for (const repository of ["orderbook-api", "orderbook-ui"]) {
      const digest = world.tagged(repository, "dev-1.4.2");
      expect(world.tagged(repository, "prod-1.4.2")).toBe(digest);
      expect(world.tagged(repository, "prod")).toBe(digest);
    }
    const shown = await world.show(promotion);
    expect(shown.trail.find(({ step }) => step === "DeployPodSpec")?.reasons).toEqual([
      "tags only, no cluster",
    ]);
    expect((await world.status()).environments).toMatchObject([
      { tagsOnly: true, current: { version: "1.4.2" } },
    ]);
    expect(world.cloud.calls.calls.filter(({ service }) => service === "kubernetes")).toEqual([]);
    expect(await world.ending(await world.promote("1.4.2"))).toBe("AlreadyPromoted");
  });

  test("a plan says so, and a rebuilt version supersedes and is refused as everywhere", async () => {
    const world = await startWorld({ yaml: tagsAlone });
    const first = await world.pushRelease("1.4.2");
    const plan = await world.promote("1.4.2", { mode: "plan" });
    expect(await world.ending(plan)).toBe("Planned");
    expect(await world.reasons(plan)).toBe("4 tags would be written (tags only, no cluster)");
    await world.asked(first);
    await world.push("orderbook-ui", "1.4.2", { content: "rebuilt" });
    expect(await world.ending(first)).toBe("Superseded");
    expect(await world.approve()).toBe("Promoted");
    await world.push("orderbook-ui", "1.4.2", { content: "again" });
    expect(await world.ending()).toBe("Refused");
    expect(await world.reasons()).toContain("the digests of 1.4.2 are final");
  });

  test("a stack without a cluster may not even ask for one", async () => {
    const { configuration } = await parseConfiguration(tagsAlone);
    const root = new URL("../..", import.meta.url).pathname;
    expect(JSON.stringify(await loadTemplate({ root, configuration }))).not.toContain("eks:");
  });
});

const clusterAlone = (yaml: string): string =>
  yaml
    .replace(/^ +tags: \{.*\n/m, "")
    .replace(/^ +approval:.*\n/m, "")
    .replace("settle: 2m", "settle: 0s");

describe("a cluster without tags", () => {
  test("deploys every push, a rebuilt version too, and writes no tag", async () => {
    const world = await startWorld({ yaml: clusterAlone });
    await world.pushRelease("1.4.2");
    expect(await world.ending()).toBe("Promoted");
    const before = world.promotions().length;
    await world.push("orderbook-ui", "1.4.2", { content: "rebuilt" });
    expect(world.promotions()).toHaveLength(before + 1);
    expect(await world.ending()).toBe("Promoted");
    const rebuilt = world.tagged("orderbook-ui", "dev-1.4.2") ?? "";
    const images = JSON.stringify(
      world.cloud.clusters.get("orderbook-prod")?.objects("Deployment", "orderbook"),
    );
    expect(images).toContain(`orderbook-ui@${rebuilt}`);
    expect(world.writes().filter(({ action }) => action === "ecr:PutImage")).toEqual([]);
    expect((await world.show(world.promotions().at(-1) ?? "")).plan?.plan.members).toEqual([
      { repository: "orderbook-api", digest: expect.any(String) },
      { repository: "orderbook-ui", digest: rebuilt },
    ]);
  });

  test("goes through each step on the way", async () => {
    const world = await startWorld({ yaml: clusterAlone });
    const promotion = await world.pushRelease("1.4.2");
    await world.ending(promotion);
    expect(stepsOf(await world.show(promotion))).toEqual(
      expect.arrayContaining(["CheckProductionTags", "RetagImages", "MoveMovingTags"]),
    );
  });
});
