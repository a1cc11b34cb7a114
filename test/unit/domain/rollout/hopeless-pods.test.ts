import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import { hopelessReason } from "../../../../src/domain/rollout/hopeless-pods.ts";

// Reasons of waiting: kubernetes, pkg/kubelet/images/types.go and kuberuntime/kuberuntime_container.go.

const startedAt = Date.parse("2026-01-05T09:00:00Z");
const terms = { startedAt, now: startedAt + 70_000, restartsAreCounted: false };

interface Given {
  readonly created?: string;
  readonly template?: string;
  readonly init?: object;
  readonly app?: object;
  readonly conditions?: readonly object[];
}

function pod({
  created = "2026-01-05T09:00:01Z",
  template = "new",
  init,
  app,
  conditions = [],
}: Given): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `web-${template}`,
      creationTimestamp: created,
      labels: { "pod-template-hash": template },
    },
    status: {
      conditions,
      initContainerStatuses: init ? [init] : [],
      containerStatuses: app ? [app] : [],
    },
  };
}
const waits = (reason: string, restartCount = 0): object => ({
  name: "app",
  restartCount,
  state: { waiting: { reason } },
});
const since = (type: string, lastTransitionTime: string): object => ({
  type,
  status: "True",
  lastTransitionTime,
});

describe("a rollout whose pods say that waiting", () => {
  it.each<[string, Given, string]>([
    ["crashed three times", { app: waits("CrashLoopBackOff", 3) }, "web-new: app crashed 3 times"],
    [
      "have an init container that crashes",
      { init: waits("CrashLoopBackOff", 5) },
      "web-new: app crashed 5 times",
    ],
    [
      "cannot pull",
      { app: waits("ImagePullBackOff") },
      "web-new: app cannot start for 69 s (ImagePullBackOff)",
    ],
    [
      "try to pull again just now",
      { app: waits("ErrImagePull") },
      "web-new: app cannot start for 69 s (ErrImagePull)",
    ],
    [
      "name no image",
      { app: waits("InvalidImageName") },
      "web-new: app cannot start for 69 s (InvalidImageName)",
    ],
    [
      "lack their configuration",
      { app: waits("CreateContainerConfigError") },
      "web-new: app cannot start for 69 s (CreateContainerConfigError)",
    ],
  ])("is hopeless: they %s", (_, given, reason) => {
    expect(hopelessReason([pod(given)], terms)).toBe(reason);
  });

  it.each<[string, Given]>([
    ["crashed twice", { app: waits("CrashLoopBackOff", 2) }],
    ["run again after crashes", { app: { name: "app", restartCount: 9, state: { running: {} } } }],
    ["are not scheduled", { conditions: [{ type: "PodScheduled", status: "False" }] }],
    ["create their containers", { app: waits("ContainerCreating") }],
    ["cannot pull for 30 s", { created: "2026-01-05T09:00:40Z", app: waits("ImagePullBackOff") }],
    [
      "got their node 30 s ago",
      {
        app: waits("ImagePullBackOff"),
        conditions: [since("PodScheduled", "2026-01-05T09:00:40Z")],
      },
    ],
    [
      "were initialised 30 s ago",
      {
        app: waits("ImagePullBackOff"),
        conditions: [since("Initialized", "2026-01-05T09:00:40Z")],
      },
    ],
    [
      "are older than the rollout",
      { created: "2026-01-05T08:00:00Z", app: waits("CrashLoopBackOff", 50) },
    ],
  ])("may help: they %s", (_, given) => {
    expect(hopelessReason([pod(given)], terms)).toBeUndefined();
  });

  it("is not judged by pods of an older template, made meanwhile", () => {
    const old = pod({ template: "old", app: waits("CrashLoopBackOff", 9) });
    expect(hopelessReason([old, pod({ created: "2026-01-05T09:00:02Z" })], terms)).toBeUndefined();
  });

  it("leaves the counting of crashes to a Job, but not the pulling", () => {
    const counted = { ...terms, restartsAreCounted: true };
    expect(hopelessReason([pod({ app: waits("CrashLoopBackOff", 9) })], counted)).toBeUndefined();
    expect(hopelessReason([pod({ app: waits("ImagePullBackOff") })], counted)).toBeDefined();
  });
});
