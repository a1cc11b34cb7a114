import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import { rolloutState, type RolloutTerms } from "../../../../src/domain/rollout.ts";

// Expectations: kubectl, pkg/polymorphichelpers/rollout_status.go, case by case.

const startedAt = Date.parse("2026-01-05T09:00:00.400Z");
const minutes = 60_000;
const terms: RolloutTerms = {
  generation: 2,
  startedAt,
  deadline: startedAt + 10 * minutes,
  now: startedAt + 1 * minutes,
  failFast: true,
};

const workload = (
  kind: string,
  {
    spec = {},
    status = {},
    generation = 2,
  }: { spec?: object; status?: object; generation?: number },
): KubernetesObject => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name: "web", generation },
  spec,
  status: { observedGeneration: 2, ...status },
});
const deployment = (status: object, spec: object = { replicas: 3 }) =>
  workload("Deployment", { spec, status });
const statefulSet = (status: object, spec: object = { replicas: 3 }) =>
  workload("StatefulSet", { spec, status });
const daemonSet = (status: object, spec: object = {}) => workload("DaemonSet", { spec, status });
const full = { replicas: 3, updatedReplicas: 3, availableReplicas: 3 };
const exceeded = (lastUpdateTime?: string) => ({
  conditions: [
    { type: "Available", status: "True" },
    { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", lastUpdateTime },
  ],
});

/** From kubernetes/kubernetes, pkg/controller/deployment/progress.go, getReplicaFailures. */
const refused = (status: string, lastTransitionTime?: string) => ({
  conditions: [
    {
      type: "ReplicaFailure",
      status,
      lastTransitionTime,
      reason: "FailedCreate",
      message: 'pods "web-6d" is forbidden:\n exceeded quota: team, requested: limits.cpu=1',
    },
  ],
});

describe("the rollout of a Deployment", () => {
  it.each<[string, KubernetesObject, string]>([
    [
      "progressing",
      deployment({ ...full, observedGeneration: 1 }),
      "the controller has not seen the new spec yet",
    ],
    [
      "progressing",
      deployment({ observedGeneration: undefined }),
      "the controller has not seen the new spec yet",
    ],
    [
      "progressing",
      workload("Deployment", { spec: { replicas: 3 }, status: full, generation: 3 }),
      "the controller has not seen the new spec yet",
    ],
    ["progressing", deployment({ replicas: 3 }), "0 of 3 new pods have been created"],
    [
      "progressing",
      deployment({ replicas: 4, updatedReplicas: 2, availableReplicas: 3 }),
      "2 of 3 new pods have been created",
    ],
    [
      "progressing",
      deployment({ replicas: 4, updatedReplicas: 3, availableReplicas: 3 }),
      "1 old pods are still terminating",
    ],
    ["progressing", deployment({ ...full, availableReplicas: 2 }), "2 of 3 new pods are available"],
    ["complete", deployment(full), "all 3 pods are updated and available"],
    [
      "complete",
      deployment({ replicas: 1, updatedReplicas: 1, availableReplicas: 1 }, {}),
      "all 1 pods are updated and available",
    ],
    ["complete", deployment({}, { replicas: 0 }), "all 0 pods are updated and available"],
    [
      "progressing",
      deployment(
        { ...full, availableReplicas: 0, ...exceeded("2026-01-05T09:00:50Z") },
        { replicas: 3, progressDeadlineSeconds: 45 },
      ),
      "0 of 3 new pods are available; no progress within its progressDeadlineSeconds of 45, but `rollout` decides",
    ],
    [
      "progressing",
      deployment({ replicas: 3, ...exceeded() }),
      "0 of 3 new pods have been created; no progress within its progressDeadlineSeconds of 600, but `rollout` decides",
    ],
    [
      "progressing",
      deployment({ replicas: 3, ...refused("True", "2026-01-05T09:00:01Z") }),
      '0 of 3 new pods have been created; pods are refused: pods "web-6d" is forbidden: exceeded quota: team, requested: limits.cpu=1',
    ],
    [
      "progressing",
      deployment({ replicas: 3, ...refused("False") }),
      "0 of 3 new pods have been created",
    ],
    [
      "progressing",
      deployment({
        replicas: 3,
        conditions: [
          ...exceeded().conditions,
          ...refused("True", "2026-01-05T09:00:01Z").conditions,
        ],
      }),
      '0 of 3 new pods have been created; pods are refused: pods "web-6d" is forbidden: exceeded quota: team, requested: limits.cpu=1; no progress within its progressDeadlineSeconds of 600, but `rollout` decides',
    ],
    [
      "complete",
      deployment({ ...full, ...refused("True") }),
      "all 3 pods are updated and available",
    ],
    [
      "stalled",
      deployment({ replicas: 3 }, { replicas: 3, paused: true }),
      "it is paused, so nothing rolls out; resume it with `kubectl rollout resume`",
    ],
  ])("is %s when the server says %j", (kind, object, reason) => {
    expect(rolloutState(object, terms)).toMatchObject({ kind, reason });
  });

  it("says what refuses pods on one line of bounded length", () => {
    const words = `admission webhook "x" denied the request: \u001b[31m${"long ".repeat(200)}`;
    const { reason } = rolloutState(
      deployment({
        replicas: 3,
        conditions: [
          { type: "ReplicaFailure", status: "True", reason: "FailedCreate", message: words },
        ],
      }),
      terms,
    );
    expect(reason.length).toBeLessThan(400);
    expect(reason).not.toContain("\u001b");
  });

  const decides = expect.stringContaining("but `rollout` decides") as unknown;
  it.each<[string, string, object]>([
    [
      "counts one that passed in the very second of the apply",
      "2026-01-05T09:00:00Z",
      { reason: decides },
    ],
    [
      "does not count one from before the apply",
      "2026-01-05T08:59:59Z",
      { reason: "0 of 3 new pods are available" },
    ],
  ])("%s", (_, time, state) => {
    const late = deployment({ ...full, availableReplicas: 0, ...exceeded(time) });
    expect(rolloutState(late, terms)).toMatchObject({ kind: "progressing", ...state });
  });

  it.each<[string, string | undefined, Partial<RolloutTerms>, string]>([
    ["a minute", "2026-01-05T09:00:00Z", {}, "stalled"],
    ["almost a minute", "2026-01-05T09:00:01Z", {}, "progressing"],
    [
      "longer, but before it was applied",
      "2026-01-05T08:00:00Z",
      { now: startedAt + 59_000 },
      "progressing",
    ],
    ["nobody knows how long, a minute after the apply", undefined, {}, "stalled"],
    [
      "an hour, where it shall not fail fast",
      "2026-01-05T08:00:00Z",
      { failFast: false },
      "progressing",
    ],
  ])("whose pods have been refused for %s (since %s)", (_, since, change, kind) => {
    const object = deployment({ replicas: 3, ...refused("True", since) });
    expect(rolloutState(object, { ...terms, ...change }).kind).toBe(kind);
  });

  it("is complete although an old condition is still there", () => {
    expect(
      rolloutState(deployment({ ...full, ...exceeded("2026-01-05T09:00:50Z") }), terms).kind,
    ).toBe("complete");
  });

  it("is complete although paused when all pods are what is wanted", () => {
    expect(rolloutState(deployment(full, { replicas: 3, paused: true }), terms).kind).toBe(
      "complete",
    );
  });

  it("does not count the condition of a generation before ours", () => {
    expect(
      rolloutState(
        deployment({ observedGeneration: 1, ...exceeded("2026-01-05T09:00:50Z") }),
        terms,
      ).kind,
    ).toBe("progressing");
  });

  it("counts its pods", () => {
    expect(
      rolloutState(deployment({ replicas: 4, updatedReplicas: 1, availableReplicas: 3 }), terms)
        .pods,
    ).toEqual({ wanted: 3, updated: 1, available: 3, old: 3 });
  });
});

describe("our own deadline", () => {
  const waiting = deployment({ ...full, availableReplicas: 2 });

  it("lets a rollout go on until just before it", () => {
    expect(rolloutState(waiting, { ...terms, now: terms.deadline - 1 }).kind).toBe("progressing");
  });

  it.each<[string, number, string]>([
    [
      "in minutes",
      terms.deadline,
      "not complete 10m after it was applied: 2 of 3 new pods are available",
    ],
    [
      "and seconds",
      startedAt + 90_400,
      "not complete 1m 30s after it was applied: 2 of 3 new pods are available",
    ],
  ])("stalls it, saying %s how long it waited", (_, deadline, reason) => {
    expect(rolloutState(waiting, { ...terms, deadline, now: deadline })).toMatchObject({
      kind: "stalled",
      reason,
    });
  });

  it("does not touch one that is complete", () => {
    expect(rolloutState(deployment(full), { ...terms, now: terms.deadline + 1 }).kind).toBe(
      "complete",
    );
  });
});

describe("the rollout of a StatefulSet", () => {
  const settled = {
    replicas: 3,
    readyReplicas: 3,
    updatedReplicas: 3,
    currentRevision: "b",
    updateRevision: "b",
  };
  const partitioned = { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } };

  it.each<[string, KubernetesObject, string]>([
    [
      "progressing",
      statefulSet({ ...settled, observedGeneration: 1 }),
      "the controller has not seen the new spec yet",
    ],
    ["progressing", statefulSet({ ...settled, readyReplicas: 2 }), "2 of 3 pods are ready"],
    [
      "progressing",
      statefulSet({ ...settled, replicas: 5 }),
      "2 pods too many are still terminating",
    ],
    [
      "progressing",
      statefulSet({ ...settled, updatedReplicas: 1, currentRevision: "a" }),
      "1 of 3 pods are updated",
    ],
    [
      "progressing",
      statefulSet({ ...settled, updatedReplicas: 0, currentRevision: "a" }, partitioned),
      "0 of 1 pods are updated",
    ],
    [
      "complete",
      statefulSet({ ...settled, updatedReplicas: 1, currentRevision: "a" }, partitioned),
      "1 of 3 pods are updated and all are ready",
    ],
    ["complete", statefulSet(settled), "3 of 3 pods are updated and all are ready"],
    [
      "complete",
      statefulSet({}, { replicas: 3, updateStrategy: { type: "OnDelete" } }),
      "its pods are updated only when they are deleted (OnDelete)",
    ],
  ])("is %s when the server says %j", (kind, object, reason) => {
    expect(rolloutState(object, terms)).toMatchObject({ kind, reason });
  });
});

describe("the rollout of a DaemonSet", () => {
  const settled = {
    desiredNumberScheduled: 3,
    currentNumberScheduled: 3,
    updatedNumberScheduled: 3,
    numberAvailable: 3,
  };

  it.each<[string, KubernetesObject, string]>([
    [
      "progressing",
      daemonSet({ ...settled, observedGeneration: 1 }),
      "the controller has not seen the new spec yet",
    ],
    [
      "progressing",
      daemonSet({ ...settled, updatedNumberScheduled: 1 }),
      "1 of 3 new pods have been scheduled",
    ],
    [
      "progressing",
      daemonSet({ ...settled, currentNumberScheduled: 2 }),
      "2 of 3 new pods have been scheduled",
    ],
    ["progressing", daemonSet({ ...settled, numberAvailable: 2 }), "2 of 3 pods are available"],
    ["complete", daemonSet(settled), "all 3 pods are updated and available"],
    [
      "complete",
      daemonSet({}, { updateStrategy: { type: "OnDelete" } }),
      "its pods are updated only when they are deleted (OnDelete)",
    ],
  ])("is %s when the server says %j", (kind, object, reason) => {
    expect(rolloutState(object, terms)).toMatchObject({ kind, reason });
  });
});
