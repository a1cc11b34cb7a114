import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { textAt } from "../../src/domain/json.ts";
import { refOf, type KubernetesObject } from "../../src/domain/pod-spec/object.ts";
import { rolloutState, type RolloutState } from "../../src/domain/rollout.ts";
import { findPrograms } from "./find-programs.ts";
import { realCluster, type RealCluster } from "./real-cluster.ts";
import { context } from "./start-control-plane.ts";

// Real controllers; nodes there are none, so the tests say of each pod what a kubelet would.

const patient = { timeout: 30_000 };

let real: RealCluster;
beforeEach(async () => void (real = await realCluster(context)));
afterEach(() => real.close());

const web = (image: string): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: real.namespace },
  spec: {
    replicas: 2,
    progressDeadlineSeconds: 3,
    selector: { matchLabels: { app: "web" } },
    template: {
      metadata: { labels: { app: "web" } },
      spec: { containers: [{ name: "app", image: `registry.example/web:${image}` }] },
    },
  },
});

async function roll(image: string): Promise<() => Promise<RolloutState>> {
  const startedAt = Date.now();
  const {
    metadata: { generation = 0 },
  } = await real.cluster.apply(web(image), { dryRun: false, force: false });
  return async () => {
    const live = await real.cluster.read(refOf(web(image)));
    if (!live) throw new Error("the Deployment is gone");
    return rolloutState(live, {
      generation,
      startedAt,
      deadline: startedAt + 600_000,
      failFast: true,
      now: Date.now(),
    });
  };
}

const pods = (): Promise<readonly KubernetesObject[]> =>
  real.cluster.readPods(real.namespace, "app=web");
const imageOf = (pod: KubernetesObject): string | undefined =>
  /"image":"registry\.example\/web:(\w+)"/.exec(JSON.stringify(pod["spec"]))?.[1];
const isReady = (pod: KubernetesObject): boolean =>
  JSON.stringify(pod["status"]).includes('"type":"Ready"');

/** Says of every pod that its containers run. */
async function runPods(): Promise<void> {
  for (const pod of (await pods()).filter((one) => !isReady(one))) {
    const status = {
      phase: "Running",
      conditions: [{ type: "Ready", status: "True", lastTransitionTime: new Date().toISOString() }],
    };
    const path = `/api/v1/namespaces/${real.namespace}/pods/${pod.metadata.name}/status`;
    await real.send({
      method: "PATCH",
      path,
      query: { fieldManager: "kubelet", force: "true" },
      apply: { apiVersion: "v1", kind: "Pod", metadata: { name: pod.metadata.name }, status },
    });
  }
}

describe.skipIf(findPrograms(process.env).controllers === undefined)(
  "a rollout by real controllers",
  () => {
    it("is progressing until its pods are ready, then complete, again with another image, and goes with its Deployment", async () => {
      const first = await roll("1");
      expect((await first()).kind).toBe("progressing");
      await expect.poll(async () => (await pods()).length, patient).toBe(2);
      expect((await first()).kind).not.toBe("complete");
      await expect
        .poll(async () => (await runPods(), (await first()).kind), patient)
        .toBe("complete");

      const second = await roll("2");
      expect((await second()).kind).toBe("progressing");
      await expect
        .poll(async () => (await runPods(), await second()), patient)
        .toMatchObject({ kind: "complete", pods: { wanted: 2, updated: 2, available: 2, old: 0 } });
      expect(new Set((await pods()).map(imageOf))).toEqual(new Set(["2"]));

      await real.cluster.remove(refOf(web("2")));
      await expect.poll(async () => (await pods()).length, patient).toBe(0);
    });

    it("says of pods that may not be made what validation has against them", async () => {
      const blank = await roll("1 ");
      await expect
        .poll(blank, patient)
        .toMatchObject({
          kind: "progressing",
          refusedSince: expect.any(Number) as unknown,
          reason: expect.stringMatching(
            /^0 of 2 new pods have been created; pods are refused: Pod "web-.*" is invalid: .*must not have leading or trailing whitespace/,
          ) as unknown,
        });
    });

    it("says of pods that may not be made what a security standard has against them", async () => {
      await real.cluster.apply(
        {
          apiVersion: "v1",
          kind: "Namespace",
          metadata: {
            name: real.namespace,
            labels: { "pod-security.kubernetes.io/enforce": "restricted" },
          },
        },
        { dryRun: false, force: false },
      );
      await expect
        .poll(await roll("1"), patient)
        .toMatchObject({
          reason: expect.stringMatching(
            /pods are refused: pods "web-.*" is forbidden: violates PodSecurity "restricted:latest"/,
          ) as unknown,
        });
    });

    it("waits on after its progress deadline when pods do not get ready, and is complete again with what ran before", async () => {
      const first = await roll("1");
      await expect
        .poll(async () => (await runPods(), (await first()).kind), patient)
        .toBe("complete");
      const second = await roll("2");
      await expect
        .poll(second, patient)
        .toMatchObject({
          kind: "progressing",
          reason: expect.stringContaining("progressDeadlineSeconds of 3") as unknown,
        });
      const back = await roll("1");
      await expect
        .poll(async () => (await runPods(), await back()), patient)
        .toMatchObject({ kind: "complete" });
      expect((await pods()).map((pod) => textAt(pod, "status", "phase"))).toEqual([
        "Running",
        "Running",
      ]);
    });
  },
);
