import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Pulled } from "../../kubernetes/nodes/kubelet.ts";
import { aCluster, type ACluster, aDeployment, deploymentPath } from "./a-cluster.ts";

// Expectations: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/ and kubectl's
// pkg/polymorphichelpers/rollout_status.go, whose rules `rolloutStatus` below repeats.

let cluster: ACluster;
let pulled: { reference: string; platform: string }[];
let answers: Map<string, Pulled>;

beforeEach(async () => {
  pulled = [];
  answers = new Map();
  cluster = await aCluster({
    pullImage(reference, { os, architecture }) {
      pulled.push({ reference, platform: `${os}/${architecture}` });
      return Promise.resolve(answers.get(reference) ?? { kind: "ok" });
    },
  });
});
afterEach(() => cluster.stop());

const old = "registry.example/web:1.0.0";
const broken = "registry.example/web:broken";
const withImage = (image: string, spec: object = {}): ReturnType<typeof aDeployment> =>
  aDeployment({ spec, container: { image } });

// oxlint-disable-next-line typescript/no-explicit-any -- JSON documents of any kind
type Loose = any;
const live = async (): Promise<Loose> => (await cluster.send("GET", deploymentPath)).body;
const listed = (kind: string): Loose[] => cluster.kubernetes.objects(kind, "default") as Loose[];
const condition = (object: Loose, type: string): Loose =>
  object.status.conditions.find((entry: Loose) => entry.type === type);
const waiting = (pod: Loose): Loose => pod.status.containerStatuses[0].state.waiting;

function rolloutStatus({ metadata, spec, status = {} }: Loose): string {
  if (metadata.generation > (status.observedGeneration ?? 0)) return "waiting";
  if (
    status.conditions?.some(
      (entry: Loose) => entry.type === "Progressing" && entry.reason === "ProgressDeadlineExceeded",
    )
  ) {
    return "failed";
  }
  const { updatedReplicas = 0, replicas = 0, availableReplicas = 0 } = status;
  return updatedReplicas < spec.replicas ||
    replicas > updatedReplicas ||
    availableReplicas < updatedReplicas
    ? "progressing"
    : "complete";
}

async function release(image: string, spec: object = {}): Promise<void> {
  await cluster.apply(withImage(image, spec));
  await cluster.advance(30_000);
}

describe("a rollout", () => {
  it("goes from a Deployment over a ReplicaSet to ready pods", async () => {
    await cluster.apply(withImage(old));
    expect(rolloutStatus(await live())).toBe("waiting");
    await cluster.advance(0);
    expect(rolloutStatus(await live())).toBe("progressing");
    await cluster.advance(30_000);

    const deployment = await live();
    expect(rolloutStatus(deployment)).toBe("complete");
    expect(deployment.status).toMatchObject({
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
    });
    expect(condition(deployment, "Available")).toMatchObject({
      status: "True",
      reason: "MinimumReplicasAvailable",
    });
    expect(condition(deployment, "Progressing")).toMatchObject({
      status: "True",
      reason: "NewReplicaSetAvailable",
    });
    expect(deployment.metadata.annotations["deployment.kubernetes.io/revision"]).toBe("1");
    const [set] = listed("ReplicaSet");
    const hash = set.metadata.labels["pod-template-hash"];
    expect(set.metadata.name).toBe(`web-${hash}`);
    expect(
      listed("Pod").map((pod) => [
        pod.metadata.labels["pod-template-hash"],
        pod.metadata.ownerReferences[0].name,
        pod.status.phase,
      ]),
    ).toEqual([
      [hash, set.metadata.name, "Running"],
      [hash, set.metadata.name, "Running"],
    ]);
  });

  it("pulls each image for the platform of the node, once as long as the policy allows", async () => {
    const digest = `registry.example/web:1.0.0@sha256:${"a".repeat(64)}`;
    await release(digest);
    await release(digest, { replicas: 4 });
    expect(new Set(pulled.map((entry) => `${entry.reference} ${entry.platform}`))).toEqual(
      new Set([`${digest} linux/amd64`]),
    );
    expect(pulled.length).toBeLessThanOrEqual(2);
  });

  it.each([
    // "Max Unavailable" and "Max Surge" of the page: percentages round down and up.
    { replicas: 4, rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" }, most: 5, least: 3 },
    { replicas: 3, rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" }, most: 4, least: 3 },
    { replicas: 10, rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" }, most: 13, least: 8 },
    { replicas: 2, rollingUpdate: { maxSurge: 0, maxUnavailable: 1 }, most: 2, least: 1 },
  ])(
    "never has more than $most or fewer than $least of $replicas pods",
    async ({ most, least, ...spec }) => {
      const strategy = { type: "RollingUpdate", rollingUpdate: spec.rollingUpdate };
      await release(old, { replicas: spec.replicas, strategy });
      await cluster.apply(
        withImage("registry.example/web:2", { replicas: spec.replicas, strategy }),
      );
      const seen = { most: 0, least: spec.replicas };
      for (let step = 0; step < 400; step++) {
        await cluster.advance(10);
        const { replicas = 0, availableReplicas = 0 } = (await live()).status;
        seen.most = Math.max(seen.most, replicas);
        seen.least = Math.min(seen.least, availableReplicas);
      }
      expect(rolloutStatus(await live())).toBe("complete");
      expect(seen.most).toBeLessThanOrEqual(most);
      expect(seen.least).toBeGreaterThanOrEqual(least);
      expect(listed("Pod").map((pod) => pod.spec.containers[0].image)).toEqual(
        Array(spec.replicas).fill("registry.example/web:2"),
      );
    },
  );

  it("keeps old ReplicaSets as revisions, empty, up to the history limit", async () => {
    for (const tag of ["1", "2", "3", "4"]) {
      await release(`registry.example/web:${tag}`, { revisionHistoryLimit: 2 });
    }
    const sets = listed("ReplicaSet").map((set) => [
      set.metadata.annotations["deployment.kubernetes.io/revision"],
      set.spec.replicas,
    ]);
    expect(Object.fromEntries(sets)).toEqual({ 2: 0, 3: 0, 4: 2 });
  });

  it("reuses the ReplicaSet of a template that ran before, under a new revision", async () => {
    await release(old);
    const [first] = listed("ReplicaSet");
    await release("registry.example/web:2");
    await release(old);

    const again = listed("ReplicaSet").find((set) => set.metadata.uid === first.metadata.uid);
    expect([
      again.spec.replicas,
      again.metadata.annotations["deployment.kubernetes.io/revision"],
    ]).toEqual([2, "3"]);
    expect(listed("ReplicaSet")).toHaveLength(2);
  });

  it("counts a pod as available only after minReadySeconds", async () => {
    await cluster.apply(withImage(old, { minReadySeconds: 20 }));
    await cluster.advance(15_000);
    expect((await live()).status).toMatchObject({ readyReplicas: 2, unavailableReplicas: 2 });
    await cluster.advance(10_000);
    expect(rolloutStatus(await live())).toBe("complete");
  });

  it("empties the old set before it makes the new one when it recreates", async () => {
    const strategy = { type: "Recreate" };
    await release(old, { strategy });
    await cluster.apply(withImage("registry.example/web:2", { strategy }));
    const seen = new Set<string>();
    for (let step = 0; step < 60; step++) {
      await cluster.advance(10);
      seen.add([...new Set(listed("Pod").map((pod) => pod.spec.containers[0].image))].join(" + "));
    }
    // The moment without any pod takes no time; what may never be is both at once.
    expect(seen.difference(new Set([""]))).toEqual(new Set([old, "registry.example/web:2"]));
    await cluster.advance(30_000);
    expect(rolloutStatus(await live())).toBe("complete");
  });

  it("does not move while it is paused", async () => {
    await release(old);
    await release("registry.example/web:2", { paused: true });
    expect(listed("Pod").map((pod) => pod.spec.containers[0].image)).toEqual([old, old]);
    expect(condition(await live(), "Progressing")).toMatchObject({
      status: "Unknown",
      reason: "DeploymentPaused",
    });

    await release("registry.example/web:2");
    expect(rolloutStatus(await live())).toBe("complete");
  });
});

describe("a rollout that stalls", () => {
  it("exceeds its deadline when pods never become ready, and the old pods stay", async () => {
    await release(old);
    cluster.kubernetes.behave(broken, { kind: "never-ready" });
    await cluster.apply(withImage(broken, { progressDeadlineSeconds: 60 }));
    await cluster.advance(50_000);
    expect(rolloutStatus(await live())).toBe("progressing");
    await cluster.advance(15_000);

    const deployment = await live();
    expect(rolloutStatus(deployment)).toBe("failed");
    expect(condition(deployment, "Progressing")).toMatchObject({
      status: "False",
      reason: "ProgressDeadlineExceeded",
      message: expect.stringMatching(/^ReplicaSet "web-\w+" has timed out progressing\.$/),
    });
    expect(deployment.status.availableReplicas).toBe(2);
  });

  it("recovers from an exceeded deadline when the old template comes back", async () => {
    await release(old);
    cluster.kubernetes.behave(broken, { kind: "never-ready" });
    await cluster.apply(withImage(broken, { progressDeadlineSeconds: 60 }));
    await cluster.advance(120_000);
    await release(old, { progressDeadlineSeconds: 60 });
    expect(rolloutStatus(await live())).toBe("complete");
    expect(listed("Pod").map((pod) => pod.spec.containers[0].image)).toEqual([old, old]);
  });

  it("reports why an image cannot be pulled, backs off, and continues when it appears", async () => {
    const message = `failed to resolve reference "${broken}": not found`;
    answers.set(broken, { kind: "error", reason: "ErrImagePull", message });
    await cluster.apply(withImage(broken, { replicas: 1 }));
    await cluster.advance(1000);
    expect(waiting(listed("Pod")[0])).toEqual({ reason: "ErrImagePull", message });
    await cluster.advance(3000);
    expect(waiting(listed("Pod")[0])).toEqual({
      reason: "ImagePullBackOff",
      message: `Back-off pulling image "${broken}": ErrImagePull: ${message}`,
    });
    expect((await live()).status).toMatchObject({ unavailableReplicas: 1 });

    answers.delete(broken);
    await cluster.advance(10_000);
    expect(rolloutStatus(await live())).toBe("complete");
  });

  it("restarts a container that crashes, ever more slowly, and says how it ended", async () => {
    cluster.kubernetes.behave(broken, {
      kind: "crash",
      exitCode: 137,
      message: "no such file: /etc/app",
    });
    await cluster.apply(withImage(broken, { replicas: 1 }));
    await cluster.advance(5000);
    const status = listed("Pod")[0].status.containerStatuses[0];
    expect(status).toMatchObject({
      restartCount: 1,
      ready: false,
      lastState: {
        terminated: { exitCode: 137, reason: "Error", message: "no such file: /etc/app" },
      },
    });
    expect(status.state.waiting).toMatchObject({
      reason: "CrashLoopBackOff",
      message: expect.stringMatching(/^back-off 10s restarting failed container=app pod=web-/),
    });
    await cluster.advance(40_000);
    expect(listed("Pod")[0].status.containerStatuses[0].restartCount).toBe(3);
  });

  it("takes a behaviour by digest", async () => {
    const digest = `sha256:${"b".repeat(64)}`;
    cluster.kubernetes.behave(digest, { kind: "never-ready" });
    await release(`registry.example/web:2@${digest}`);
    expect(rolloutStatus(await live())).toBe("progressing");
  });

  it("leaves a pod pending when no node fits", async () => {
    const object = aDeployment();
    object.spec.template.spec.nodeSelector = { "kubernetes.io/arch": "arm64" };
    await cluster.apply(object);
    await cluster.advance(5000);
    const [pod] = listed("Pod");
    expect(pod.status.phase).toBe("Pending");
    expect(pod.status.conditions).toEqual([
      expect.objectContaining({ type: "PodScheduled", status: "False", reason: "Unschedulable" }),
    ]);
  });
});

describe("deletion", () => {
  it("takes sets and pods along in the background", async () => {
    await release(old);
    const { body } = await cluster.send("DELETE", deploymentPath);
    expect(body).toMatchObject({
      kind: "Status",
      status: "Success",
      details: { name: "web", group: "apps", kind: "deployments" },
    });
    await cluster.advance(5000);
    expect([listed("Deployment"), listed("ReplicaSet"), listed("Pod")]).toEqual([[], [], []]);
  });

  it("keeps the owner until its dependents are gone in the foreground", async () => {
    await release(old);
    const { body } = await cluster.send("DELETE", `${deploymentPath}?propagationPolicy=Foreground`);
    expect(body.metadata).toMatchObject({
      finalizers: ["foregroundDeletion"],
      deletionTimestamp: expect.any(String),
    });
    await cluster.advance(5000);
    expect([listed("Deployment"), listed("ReplicaSet"), listed("Pod")]).toEqual([[], [], []]);
  });

  it("leaves the dependents alone when they are orphaned", async () => {
    await release(old);
    await cluster.send("DELETE", `${deploymentPath}?propagationPolicy=Orphan`);
    await cluster.advance(5000);
    expect([
      listed("Deployment").length,
      listed("ReplicaSet").length,
      listed("Pod").length,
    ]).toEqual([0, 1, 2]);
    expect(listed("ReplicaSet")[0].metadata.ownerReferences).toBeUndefined();
  });

  it("ends a namespace with all that is in it, and refuses new content meanwhile", async () => {
    await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } });
    const object = aDeployment();
    object.metadata.namespace = "shop";
    await cluster.apply(object);
    await cluster.advance(30_000);
    expect((await cluster.send("DELETE", "/api/v1/namespaces/shop")).body.status.phase).toBe(
      "Terminating",
    );
    const late = aDeployment();
    late.metadata = { name: "late", namespace: "shop" };
    const refused = await cluster.apply(late);
    expect(refused.body).toMatchObject({
      code: 403,
      reason: "Forbidden",
      message: expect.stringContaining("because it is being terminated"),
    });
    await cluster.advance(5000);
    expect((await cluster.send("GET", "/api/v1/namespaces/shop")).code).toBe(404);
    expect(cluster.kubernetes.objects("Pod", "shop")).toEqual([]);
  });
});
