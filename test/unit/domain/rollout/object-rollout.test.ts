import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import { isSettled, rolloutState, type RolloutTerms } from "../../../../src/domain/rollout.ts";

// Expectations: kstatus (sigs.k8s.io/cli-utils, pkg/kstatus/status/core.go and generic.go); a Job is waited for until it is done.

const startedAt = Date.parse("2026-01-05T09:00:00Z");
const terms: RolloutTerms = {
  generation: 2,
  startedAt,
  deadline: startedAt + 600_000,
  now: startedAt + 60_000,
  failFast: true,
};

const object = (apiVersion: string, kind: string, rest: object = {}): KubernetesObject => ({
  apiVersion,
  kind,
  metadata: { name: "one", generation: 2 },
  ...rest,
});
const conditions = (...list: readonly [string, string, object?][]): object => ({
  conditions: list.map(([type, status, rest]) => ({ type, status, ...rest })),
});
const job = (status: object, spec: object = {}) => object("batch/v1", "Job", { spec, status });
const pod = (status: object) => object("v1", "Pod", { status });
const claim = (phase: string) => object("v1", "PersistentVolumeClaim", { status: { phase } });
const service = (spec: object) => object("v1", "Service", { spec });
const autoscaler = (status: object) =>
  object("autoscaling/v2", "HorizontalPodAutoscaler", { status });
const definition = (status: object) =>
  object("apiextensions.k8s.io/v1", "CustomResourceDefinition", { status });
const custom = (status?: object) => object("example.com/v1", "Certificate", status && { status });

describe("the readiness of other objects", () => {
  it.each<[string, KubernetesObject, string]>([
    ["complete", job(conditions(["Complete", "True"])), "it has completed"],
    [
      "stalled",
      job(conditions(["Failed", "True", { reason: "BackoffLimitExceeded", message: "too often" }])),
      "it failed: too often",
    ],
    ["progressing", job({ active: 1 }), "it has not completed: 1 pods run"],
    [
      "progressing",
      job({ active: 1, failed: 2, ...conditions(["FailureTarget", "True"]) }),
      "it has not completed: 1 pods run, 2 failed before",
    ],
    ["progressing", job({}, { suspend: true }), "it is suspended, so it does not run"],
    ["complete", pod({ phase: "Running", ...conditions(["Ready", "True"]) }), "it is ready"],
    ["complete", pod({ phase: "Succeeded" }), "it has completed"],
    ["stalled", pod({ phase: "Failed" }), "it failed"],
    ["progressing", pod({ phase: "Pending" }), "it is not ready"],
    [
      "progressing",
      pod(conditions(["Ready", "False", { message: "containers with unready status: [app]" }])),
      "it is not ready: containers with unready status: [app]",
    ],
    ["complete", claim("Pending"), "it is applied"],
    ["stalled", claim("Lost"), "its volume is lost"],
    ["progressing", service({ type: "LoadBalancer" }), "it has no cluster IP yet"],
    ["complete", service({ type: "LoadBalancer", clusterIP: "10.0.0.1" }), "it is applied"],
    ["complete", service({ type: "ExternalName" }), "it is applied"],
    [
      "progressing",
      autoscaler({ observedGeneration: 1 }),
      "its controller has not seen the new spec yet",
    ],
    ["complete", autoscaler({ observedGeneration: 2 }), "it is applied"],
    ["complete", object("networking.k8s.io/v1", "Ingress"), "it is applied"],
    ["complete", definition(conditions(["Established", "True"])), "its kind is established"],
    ["progressing", definition({}), "waits for the condition Established"],
    [
      "stalled",
      definition(conditions(["NamesAccepted", "False", { message: '"widgets" is in use' }])),
      'its names are not accepted: "widgets" is in use',
    ],
    ["complete", object("v1", "ConfigMap"), "nothing to roll out"],
    ["complete", object("batch/v1", "CronJob"), "nothing to roll out"],
  ])("is %s: %j", (kind, one, reason) => {
    expect(rolloutState(one, terms)).toEqual({ kind, reason });
  });

  it.each<[string, KubernetesObject, string]>([
    ["complete", custom(), "it is applied"],
    ["complete", custom({ observedGeneration: 2 }), "it is applied"],
    [
      "progressing",
      custom({ observedGeneration: 1, ...conditions(["Ready", "True"]) }),
      "its controller has not seen the new spec yet",
    ],
    [
      "progressing",
      custom(conditions(["Ready", "True"], ["Reconciling", "True", { message: "issuing" }])),
      "waits until its condition Reconciling is not True: issuing",
    ],
    [
      "stalled",
      custom(conditions(["Stalled", "True", { reason: "BadIssuer" }])),
      "its condition Stalled is True: BadIssuer",
    ],
    [
      "progressing",
      custom(conditions(["Ready", "False", { message: "no issuer" }])),
      "waits for its condition Ready: no issuer",
    ],
    [
      "progressing",
      custom(conditions(["Ready", "True", { observedGeneration: 1 }])),
      "waits for its condition Ready of the new generation",
    ],
    [
      "complete",
      custom(conditions(["Ready", "True", { observedGeneration: 2 }])),
      "its condition Ready is True",
    ],
  ])("of a custom resource is %s: %j", (kind, one, reason) => {
    expect(rolloutState(one, terms)).toEqual({ kind, reason });
  });

  it("waits ten seconds for somebody to write the status of a custom resource", () => {
    const kinds = [0, 9, 10].map(
      (seconds) => rolloutState(custom(), { ...terms, now: startedAt + seconds * 1000 }).kind,
    );
    expect(kinds).toEqual(["progressing", "progressing", "complete"]);
  });

  it("stalls whatever is being deleted, of any kind", () => {
    for (const kind of ["ConfigMap", "Pod", "Service"]) {
      const metadata = { name: "one", deletionTimestamp: "2026-01-05T09:00:00Z" };
      expect(rolloutState({ apiVersion: "v1", kind, metadata }, terms)).toEqual({
        kind: "stalled",
        reason: "it is being deleted",
      });
    }
  });
});

describe("an object that was just applied", () => {
  it.each<[string, KubernetesObject, boolean]>([
    ["a ConfigMap", object("v1", "ConfigMap"), true],
    ["a claim that waits for its first pod", claim("Pending"), true],
    ["an established definition", definition(conditions(["Established", "True"])), true],
    ["a new definition", definition({}), false],
    ["an autoscaler whose controller is behind", autoscaler({ observedGeneration: 1 }), false],
    ["a custom resource that was ready before", custom(conditions(["Ready", "True"])), false],
    ["a Job that is done", job(conditions(["Complete", "True"])), false],
  ])("%s needs no further look: %j %s", (_, one, settled) => {
    expect(isSettled(one, terms)).toBe(settled);
  });
});
