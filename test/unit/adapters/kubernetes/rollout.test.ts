import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { refOf, type KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import { podCauses } from "../../../../src/domain/pod-spec/pod-causes.ts";
import { rolloutState, type RolloutState } from "../../../../src/domain/rollout.ts";
import type { Cluster } from "../../../../src/ports/cluster.ts";
import { localCluster, type LocalCluster } from "../../../contract/cluster.fixtures.ts";

let local: LocalCluster;
let cluster: Cluster;
beforeEach(async () => {
  local = await localCluster({
    pullImage: async (image) =>
      image.endsWith(":missing")
        ? { kind: "error", reason: "ErrImagePull", message: `${image}: not found` }
        : { kind: "ok" },
  });
  cluster = await local.clusters.connect("prod");
});
afterEach(() => local.close());

const web = (image: string): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec: {
    replicas: 2,
    progressDeadlineSeconds: 60,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "app", image: `registry.example/web:${image}` }] },
    },
  },
});
interface Look {
  readonly state: RolloutState;
  readonly causes: readonly string[];
}

async function lookAfter(object: KubernetesObject, milliseconds: number): Promise<Look> {
  const startedAt = local.clock.now();
  const {
    metadata: { generation = 0 },
  } = await cluster.apply(object, { dryRun: false, force: false });
  await local.advance(milliseconds);
  const live = await cluster.read(refOf(object));
  if (!live) throw new Error("the Deployment is gone");
  const state = rolloutState(live, {
    generation,
    startedAt,
    deadline: startedAt + 600_000,
    failFast: true,
    now: local.clock.now(),
  });
  return { state, causes: podCauses(await cluster.readPods("default", "app=web")) };
}

describe("a rollout, seen through the Kubernetes API", () => {
  it("progresses, then is complete", async () => {
    expect((await lookAfter(web("1"), 0)).state.kind).toBe("progressing");
    await local.advance(30_000);
    expect(await lookAfter(web("1"), 0)).toMatchObject({
      state: { kind: "complete", pods: { wanted: 2, updated: 2, available: 2, old: 0 } },
      causes: [],
    });
  });

  it("waits longer than the progress deadline for an image that cannot be pulled, and the pods say why", async () => {
    await lookAfter(web("1"), 30_000);
    const { state, causes } = await lookAfter(web("missing"), 120_000);
    expect(state).toMatchObject({
      kind: "progressing",
      reason: expect.stringContaining("no progress within its progressDeadlineSeconds of 60"),
    });
    expect(causes[0]).toMatch(/app waits: (ErrImagePull|ImagePullBackOff): .*web:missing/);
  });

  it("names the exit code of containers that crash", async () => {
    local.kubernetes.behave("registry.example/web:2", {
      kind: "crash",
      exitCode: 3,
      message: "no database",
    });
    const { causes } = await lookAfter(web("2"), 120_000);
    expect(causes[0]).toContain("exit code 3");
  });

  it("is complete again after going back to what ran before", async () => {
    await lookAfter(web("1"), 30_000);
    await lookAfter(web("missing"), 120_000);
    expect((await lookAfter(web("1"), 30_000)).state.kind).toBe("complete");
  });
});
