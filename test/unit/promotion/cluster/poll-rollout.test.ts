import { beforeEach, describe, expect, it } from "vitest";
import { refOf, type KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import type { Applied } from "../../../../src/ports/promotions.ts";
import { pollRollout } from "../../../../src/promotion/cluster/poll-rollout.ts";
import { fakeCluster, type FakeCluster } from "../../../fakes/cluster.ts";

const at = Date.parse("2026-01-05T09:00:00Z");
let now: number;
let reads: string[];
let cluster: FakeCluster;
beforeEach(() => {
  now = at;
  reads = [];
  cluster = fakeCluster({ clock: { now: () => now } });
});

const certificate = (index: number, status: object): KubernetesObject => ({
  apiVersion: "example.com/v1",
  kind: "Certificate",
  metadata: { name: `c-${index}`, namespace: "default" },
  status,
});
const web: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "default" },
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "app" }] } },
  },
};
const ready = { conditions: [{ type: "Ready", status: "True" }] };

async function look(
  objects: readonly KubernetesObject[],
  { failFast = true, settled = [] }: { failFast?: boolean; settled?: readonly string[] } = {},
) {
  const applied: Applied["objects"][number][] = [];
  for (const object of objects) {
    await cluster.apply(object, { dryRun: false, force: false });
    const known = settled.includes(object.metadata.name);
    applied.push({ ref: refOf(object), generation: 1, ...(known ? { settled: true } : {}) });
  }
  now += 60_000;
  const counted = {
    ...cluster,
    read: async (ref: Parameters<typeof cluster.read>[0]) => {
      reads.push(ref.name);
      return cluster.read(ref);
    },
  };
  return pollRollout(
    {
      cluster: counted,
      applied: { at, cluster: "prod", failFast, objects: applied },
      limit: 600_000,
    },
    { now: () => now },
  );
}

describe("a look at a rollout", () => {
  it("reads no object that was complete when it was applied", async () => {
    const look1 = await look([certificate(1, ready), certificate(2, ready)], { settled: ["c-1"] });
    expect(look1.kind).toBe("complete");
    expect(reads).toEqual(["c-2"]);
  });

  it("reads workloads first, and no more than a hundred objects while some are not ready", async () => {
    const many = Array.from({ length: 120 }, (_, index) => certificate(index, {}));
    cluster.rollout("progressing");
    expect(await look([...many, web])).toMatchObject({
      kind: "progressing",
      reasons: expect.arrayContaining(["21 more objects are looked at once these are ready"]),
    });
    expect(reads).toHaveLength(100);
    expect(reads[0]).toBe("web");
  });

  it("reads all of them before it says complete", async () => {
    const many = Array.from({ length: 250 }, (_, index) => certificate(index, ready));
    const last = certificate(250, { conditions: [{ type: "Ready", status: "False" }] });
    expect(await look([...many, last])).toMatchObject({ kind: "progressing" });
    expect(reads).toHaveLength(251);
  });

  it("gives up what is hopeless, if it shall fail fast, with the causes first", async () => {
    cluster.rollout("stalled");
    expect(await look([web])).toMatchObject({
      kind: "stalled",
      reasons: [
        "web-0: app keeps crashing (CrashLoopBackOff): exit code 1: no database",
        expect.stringContaining("it is hopeless: web-0: app crashed 4 times"),
      ],
    });
    expect(await look([web], { failFast: false })).toMatchObject({ kind: "progressing" });
  });
});
