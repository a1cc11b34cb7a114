import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { describe, expect, test } from "vitest";
import { listAt, textAt, valueAt } from "../../src/domain/json.ts";
import type { KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

const settings = "ConfigMap orderbook/orderbook-api";
const annotations = ["spec", "template", "metadata", "annotations"];
const deployments = (world: StoryWorld) =>
  world.cloud.clusters.get("orderbook-prod")?.objects("Deployment", "orderbook") ?? [];
const templateOf = (world: StoryWorld, name: string): unknown =>
  valueAt(
    deployments(world).find((one) => textAt(one, "metadata", "name") === name),
    "spec",
    "template",
  );
const annotationOf = (world: StoryWorld, name: string): string | undefined =>
  textAt({ spec: { template: templateOf(world, name) } }, ...annotations, "promoter/configuration");

const quieter = (objects: readonly KubernetesObject[]): readonly KubernetesObject[] =>
  objects.map((one) =>
    one.kind === "ConfigMap" ? { ...one, data: { LOG_LEVEL: "warn", MARKET: "XETR" } } : one,
  );

const off = (yaml: string): string =>
  withoutApproval(yaml).replaceAll("rollout: 10m", "rollout: 10m, restartOnConfig: false");

async function differencesOf(world: StoryWorld, promotion: string) {
  return (await world.show(promotion)).plan?.differences ?? [];
}

/** All that the table holds. */
async function scanned({ cloud }: StoryWorld): Promise<unknown> {
  const client = new DynamoDBClient({
    region: "eu-west-1",
    endpoint: cloud.origin,
    credentials: { accessKeyId: "LOCALPERSON", secretAccessKey: "local" },
  });
  return (await client.send(new ScanCommand({ TableName: cloud.stack.tables[0] ?? "" }))).Items;
}

async function promoteQuieter(world: StoryWorld): Promise<string> {
  expect(await world.ending(await world.pushRelease("1.4.1"))).toBe("Promoted");
  world.redeploy(quieter);
  return world.promote("1.4.1");
}

describe("a changed ConfigMap", () => {
  test("restarts what uses it, and nothing else", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    expect(await world.ending(await world.pushRelease("1.4.1"))).toBe("Promoted");
    const before = annotationOf(world, "orderbook-api");
    const ui = templateOf(world, "orderbook-ui");
    expect(before).toMatch(/^[0-9a-f]{32}$/);
    expect(annotationOf(world, "orderbook-ui")).toBeUndefined();
    const unchanged = await world.promote("1.4.1");
    expect(await world.ending(unchanged)).toBe("AlreadyPromoted");
    expect(annotationOf(world, "orderbook-api")).toBe(before);
    world.redeploy(quieter);
    const promotion = await world.promote("1.4.1");
    expect(await world.ending(promotion)).toBe("Promoted");
    expect(annotationOf(world, "orderbook-api")).toMatch(/^[0-9a-f]{32}$/);
    expect(annotationOf(world, "orderbook-api")).not.toBe(before);
    expect(templateOf(world, "orderbook-ui")).toEqual(ui);
    const restarted = (await differencesOf(world, promotion)).filter((one) => one.restartedBy);
    expect(restarted).toMatchObject([
      {
        object: "Deployment orderbook/orderbook-api",
        restartedBy: [expect.stringContaining("promoter/configuration")],
      },
    ]);
  });

  test("restarts nothing with restartOnConfig: false, and the plan says who keeps the old values", async () => {
    const world = await startWorld({ yaml: off });
    const promotion = await promoteQuieter(world);
    expect(await world.ending(promotion)).toBe("Promoted");
    expect(annotationOf(world, "orderbook-api")).toBeUndefined();
    const differences = await differencesOf(world, promotion);
    expect(differences.filter((one) => one.restartedBy)).toEqual([]);
    expect(differences.filter((one) => one.note)).toMatchObject([
      {
        object: settings,
        note: "pods of Deployment orderbook/orderbook-api keep the old values until they restart",
      },
    ]);
  });

  test("that comes with a release that crashes: the annotation of before is there again", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    expect(await world.ending(await world.pushRelease("1.4.1"))).toBe("Promoted");
    const before = templateOf(world, "orderbook-api");
    world.redeploy(quieter);
    const api = await world.push("orderbook-api", "1.4.2");
    const crash = { kind: "crash", exitCode: 1, message: "no" } as const;
    world.cloud.clusters.get("orderbook-prod")?.behave(api, crash);
    expect(await world.ending(await world.pushRelease("1.4.2"))).toBe("RolledBack");
    expect(templateOf(world, "orderbook-api")).toEqual(before);
    expect(listAt(before, "spec", "containers")).toHaveLength(1);
  });

  test("shows its key nowhere: not in records, logs or objects", async () => {
    const world = await startWorld({ yaml: withoutApproval });
    const promotion = await promoteQuieter(world);
    expect(await world.ending(promotion)).toBe("Promoted");
    const item = JSON.stringify(await scanned(world));
    const [, key = "no key"] = /"hex":\{"S":"([0-9a-f]{64})"\}/.exec(item) ?? [];
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(item.split(key)).toHaveLength(2);
    expect(
      JSON.stringify([world.logs, await world.show(promotion), deployments(world)]),
    ).not.toContain(key);
  });
});
