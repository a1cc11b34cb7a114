import { describe, expect, test } from "vitest";
import { textAt } from "../../src/domain/json.ts";
import { withoutApproval } from "./shop.ts";
import { startWorld, type StoryWorld } from "./start-world.ts";

const registry = "111122223333.dkr.ecr.eu-west-1.amazonaws.com";
const pod = (name: string): string => `
    metadata: { labels: { app: ${name} } }
    spec:
      restartPolicy: RESTART
      containers: [{ name: main, image: ${registry}/orderbook-api }]`;
const always = (name: string): string => pod(name).replace("RESTART", "Always");
const never = (name: string): string => pod(name).replace("RESTART", "Never");

const migration = `
apiVersion: batch/v1
kind: Job
metadata: { name: migrate, annotations: { promoter/phase: before } }
spec:
  template:${never("migrate")}
`;
const workloads = `
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: book }
spec:
  replicas: 3
  serviceName: book
  updateStrategy: { type: RollingUpdate, rollingUpdate: { partition: 2 } }
  selector: { matchLabels: { app: book } }
  template:${always("book")}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent }
spec:
  selector: { matchLabels: { app: agent } }
  template:${always("agent")}
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly }
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: main, image: ${registry}/orderbook-api }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: front }
spec: { defaultBackend: { service: { name: orderbook-api, port: { name: http } } } }
`;
const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: { name: markets.example.com }
spec:
  group: example.com
  scope: Namespaced
  names: { kind: Market, listKind: MarketList, plural: markets, singular: market }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties: { spec: { type: object, properties: { code: { type: string } } } }
---
apiVersion: example.com/v1
kind: Market
metadata: { name: xetra }
spec: { code: XETR }
`;

const named = (yaml: string): string =>
  withoutApproval(yaml).replaceAll(
    "rollout: 10m }",
    "rollout: 10m, kinds: [CustomResourceDefinition, Market] }",
  );
const start = (file: string): Promise<StoryWorld> =>
  startWorld({ yaml: named, further: { "deploy/orderbook/more.yaml": file } });

const objects = (world: StoryWorld, kind: string) =>
  world.cloud.clusters.get("orderbook-prod")?.objects(kind, "orderbook") ?? [];

async function visits(world: StoryWorld, promotion: string): Promise<readonly string[]> {
  const { trail } = await world.show(promotion);
  return trail.map(({ step, outcome }) => `${step} ${outcome}`);
}

describe("a release of other kinds than Deployments", () => {
  test("a StatefulSet with a partition, a DaemonSet, a CronJob and an Ingress are applied and ready", async () => {
    const world = await start(workloads);
    expect(await world.ending(await world.pushRelease("1.4.1"))).toBe("Promoted");
    for (const kind of ["StatefulSet", "DaemonSet", "CronJob", "Ingress"]) {
      expect(objects(world, kind)).toHaveLength(1);
    }
  });

  test("a definition is established before its first resource is applied", async () => {
    const world = await start(definition);
    const promotion = await world.pushRelease("1.4.1");
    expect(await world.ending(promotion)).toBe("Promoted");
    expect(objects(world, "Market")).toHaveLength(1);
    expect(await visits(world, promotion)).toContain("CheckRollout next");
  });

  test("a migration has completed before the Deployments change, and each release runs its own", async () => {
    const world = await start(migration);
    const first = await world.pushRelease("1.4.1");
    expect(await world.ending(first)).toBe("Promoted");
    expect(await visits(world, first)).toContain("CheckRollout next");
    const [before] = objects(world, "Job");
    const second = await world.pushRelease("1.4.2");
    expect(await world.ending(second)).toBe("Promoted");
    const [after] = objects(world, "Job");
    expect(JSON.stringify(after)).toContain(`@${world.tagged("orderbook-api", "dev-1.4.2")}`);
    expect(textAt(after, "metadata", "uid")).not.toBe(textAt(before, "metadata", "uid"));
    expect(JSON.stringify(await world.show(second))).toContain("it is deleted and created again");
  });

  test("a migration that fails ends the release before the Deployments change", async () => {
    const world = await start(migration);
    expect(await world.ending(await world.pushRelease("1.4.1"))).toBe("Promoted");
    const second = await world.pushRelease("1.4.2");
    const api = world.tagged("orderbook-api", "dev-1.4.2") ?? "";
    world.cloud.clusters
      .get("orderbook-prod")
      ?.behave(api, { kind: "crash", exitCode: 1, message: "column exists" });
    expect(await world.ending(second)).toBe("RolledBack");
    expect(await world.reasons(second)).toContain("left as it is");
    expect(JSON.stringify(objects(world, "Deployment"))).not.toContain(api);
  });
});
