import { beforeEach, describe, expect, it } from "vitest";
import { PromoterError } from "../../../../src/domain/errors.ts";
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
const event = (about: string, uid: string, reason: string): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { name: `${about}.1`, namespace: "default" },
  involvedObject: { name: about, uid },
  reason,
  type: "Warning",
  message: "said the cluster",
});
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
        "web-0: app keeps crashing (CrashLoopBackOff): exit code 1",
        "web-0: app wrote last: connecting | no database",
        expect.stringContaining("it is hopeless: web-0: app crashed 4 times"),
      ],
    });
    expect(await look([web], { failFast: false })).toMatchObject({ kind: "progressing" });
  });

  it("reads logs and events only of what stalls, and says what it may not read", async () => {
    const refusal = new PromoterError("ClusterRefused", "not to be read");
    cluster.rollout("progressing");
    cluster.failNext("readLog", refusal);
    cluster.failNext("list", refusal);
    const { reasons } = await look([web]);
    expect(reasons.join()).not.toContain("could not be read");
    cluster.rollout("stalled");
    expect((await look([web])).reasons).toEqual([
      "web-0: app keeps crashing (CrashLoopBackOff): exit code 1",
      "the log of its container could not be read: not to be read",
      "its events could not be read: not to be read",
      expect.stringContaining("it is hopeless"),
    ]);
  });

  it("reads one log, the events of three objects, and says once what it may not read", async () => {
    const more = ["api", "ui", "jobs", "mail"].map((name) => ({
      ...web,
      metadata: { name, namespace: "default" },
    }));
    cluster.rollout("stalled");
    const calls: string[] = [];
    cluster.readLog = async () => {
      calls.push("log");
      return "no database";
    };
    cluster.list = async () => {
      calls.push("events");
      throw new PromoterError("ClusterRefused", "may not list events");
    };
    const { reasons } = await look([web, ...more]);
    expect(calls.toSorted()).toEqual(["events", "events", "events", "log"]);
    expect(reasons.filter((reason) => reason.includes("may not list events"))).toHaveLength(1);
  });

  it("asks the events of pods that are not ready, and of a workload without pods", async () => {
    const set: KubernetesObject = {
      ...web,
      kind: "StatefulSet",
      metadata: { name: "db", namespace: "default" },
      spec: { ...(web["spec"] as object), selector: { matchLabels: { app: "db" } } },
    };
    const write = { dryRun: false, force: false };
    const uidOf = async (object: KubernetesObject): Promise<string> =>
      String((await cluster.apply(object, write)).metadata["uid"]);
    await cluster.apply(event("web-0", await uidOf(web), "Unhealthy"), write);
    await cluster.apply(event("db", await uidOf(set), "FailedCreate"), write);
    cluster.rollout("stalled");
    now = at + 600_000;
    const { reasons } = await look([web, set]);
    expect(reasons).toContain("web-0: Unhealthy: said the cluster");
    expect(reasons).toContain("db: FailedCreate: said the cluster");
  });
});
