import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";
import { podCauses } from "../../../../src/domain/pod-spec/pod-causes.ts";

// Reasons and fields: https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/ and /docs/tasks/debug/debug-application/debug-pods/

interface Given {
  readonly name?: string;
  readonly created?: string;
  readonly template?: string;
  readonly deleted?: boolean;
  readonly containers?: readonly object[];
  readonly init?: readonly object[];
  readonly status?: object;
}

function pod({
  name = "web-1",
  created = "2026-01-05T09:00:00Z",
  template = "new",
  deleted = false,
  containers = [],
  init = [],
  status = {},
}: Given): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      creationTimestamp: created,
      labels: { "pod-template-hash": template },
      ...(deleted ? { deletionTimestamp: created } : {}),
    },
    status: { containerStatuses: containers, initContainerStatuses: init, ...status },
  };
}
const waiting = (reason: string, rest: object = {}, message?: string): object => ({
  name: "app",
  ready: false,
  state: { waiting: { reason, message } },
  ...rest,
});
const causes = (...containers: object[]): readonly string[] => podCauses([pod({ containers })]);

describe("the causes why pods do not get ready", () => {
  it.each<[string, object, string]>([
    [
      "an image that cannot be pulled",
      waiting("ImagePullBackOff", {}, 'Back-off pulling image "web:2"'),
      'web-1: app waits: ImagePullBackOff: Back-off pulling image "web:2"',
    ],
    [
      "an image that could not be pulled just now",
      waiting("ErrImagePull", {}, "not found"),
      "web-1: app waits: ErrImagePull: not found",
    ],
    [
      "a configuration that is missing",
      waiting("CreateContainerConfigError", {}, 'configmap "settings" not found'),
      'web-1: app waits: CreateContainerConfigError: configmap "settings" not found',
    ],
    [
      "a crash loop, with the last exit code and message",
      waiting(
        "CrashLoopBackOff",
        { lastState: { terminated: { exitCode: 3, reason: "Error", message: "no database\n" } } },
        "back-off 5m0s restarting",
      ),
      "web-1: app keeps crashing (CrashLoopBackOff): exit code 3: no database",
    ],
    [
      "a crash loop for want of memory",
      waiting("CrashLoopBackOff", {
        lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
      }),
      "web-1: app keeps crashing (CrashLoopBackOff): OOMKilled, exit code 137",
    ],
    [
      "a crash loop that says nothing",
      waiting("CrashLoopBackOff"),
      "web-1: app keeps crashing (CrashLoopBackOff)",
    ],
    [
      "want of memory just now",
      { name: "app", ready: false, state: { terminated: { exitCode: 137, reason: "OOMKilled" } } },
      "web-1: app ended: OOMKilled, exit code 137",
    ],
    [
      "a probe that fails",
      { name: "app", ready: false, state: { running: {} } },
      "web-1: app runs but is not ready; check its readiness probe",
    ],
    [
      "a container that was killed and runs again",
      {
        name: "app",
        ready: false,
        state: { running: {} },
        lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
      },
      "web-1: app runs but is not ready; check its readiness probe: OOMKilled, exit code 137",
    ],
  ])("name %s", (_, container, cause) => {
    expect(causes(container)).toEqual([cause]);
  });

  const spec = {
    containers: [
      {
        name: "app",
        image: "registry.example/web:2",
        resources: { requests: { cpu: "4", memory: "8Gi" }, limits: { memory: "256Mi" } },
      },
    ],
  };
  it.each<[string, Given, string]>([
    [
      "the image that cannot be pulled, where the kubelet does not",
      { containers: [waiting("ErrImagePull", {}, "not found")] },
      "web-1: app waits: ErrImagePull: not found (registry.example/web:2)",
    ],
    [
      "it once, where the kubelet does",
      { containers: [waiting("ImagePullBackOff", {}, "pulling registry.example/web:2")] },
      "web-1: app waits: ImagePullBackOff: pulling registry.example/web:2",
    ],
    [
      "the limit of a container that was killed for want of memory",
      {
        containers: [
          waiting("CrashLoopBackOff", {
            lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
          }),
        ],
      },
      "web-1: app keeps crashing (CrashLoopBackOff): OOMKilled, exit code 137 (its memory limit is 256Mi)",
    ],
    [
      "what was asked for a pod that no node has room for",
      {
        status: {
          conditions: [
            { type: "PodScheduled", status: "False", message: "0/3 nodes: 3 Insufficient cpu." },
          ],
        },
      },
      "web-1: not scheduled: 0/3 nodes: 3 Insufficient cpu.; it asks for: app cpu 4 and memory 8Gi",
    ],
  ])("name %s", (_, given, cause) => {
    expect(podCauses([{ ...pod(given), spec }])).toEqual([cause]);
  });

  const startedAt = "2026-01-05T09:00:00Z";
  it.each<[string, object, readonly string[]]>([
    ["nothing of a container that has just started", { startedAt }, []],
    [
      "one that has run for longer",
      { startedAt: "2026-01-05T08:59:59Z" },
      ["web-1: app runs but is not ready; check its readiness probe"],
    ],
  ])("name %s, where that is not expected yet", (_, running, told) => {
    expect(
      podCauses(
        [pod({ containers: [{ name: "app", ready: false, state: { running } }] })],
        Date.parse(startedAt),
      ),
    ).toEqual(told);
  });

  it("name at once that a container ended before and runs again", () => {
    const container = {
      name: "app",
      ready: false,
      state: { running: { startedAt } },
      lastState: { terminated: { exitCode: 137, reason: "OOMKilled" } },
    };
    expect(podCauses([pod({ containers: [container] })], Date.parse(startedAt))).toEqual([
      "web-1: app runs but is not ready; check its readiness probe: OOMKilled, exit code 137",
    ]);
  });

  it("name why a pod is not scheduled", () => {
    const conditions = [
      {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message: "0/3 nodes are available: 3 Insufficient cpu.",
      },
    ];
    expect(podCauses([pod({ status: { conditions } })])).toEqual([
      "web-1: not scheduled: 0/3 nodes are available: 3 Insufficient cpu.",
    ]);
  });

  it("name why a pod was evicted", () => {
    const status = {
      phase: "Failed",
      reason: "Evicted",
      message: "The node was low on resource: memory.",
    };
    expect(podCauses([pod({ status })])).toEqual([
      "web-1: failed: The node was low on resource: memory.",
    ]);
  });

  it("name an init container that keeps the others waiting", () => {
    const init = [
      { name: "migrate", ready: false, state: { terminated: { exitCode: 1, reason: "Error" } } },
    ];
    expect(podCauses([pod({ init, containers: [waiting("PodInitializing")] })])).toEqual([
      "web-1: migrate ended: exit code 1",
    ]);
  });

  it.each<[string, object]>([
    ["is ready", { name: "app", ready: true, state: { running: {} } }],
    ["is being created", waiting("ContainerCreating")],
    [
      "has done its work",
      { name: "app", ready: false, state: { terminated: { exitCode: 0, reason: "Completed" } } },
    ],
  ])("are none while a container %s", (_, container) => {
    expect(causes(container)).toEqual([]);
  });

  it("command no terminal, whatever a container wrote at its end", () => {
    expect(
      causes({
        name: "app",
        ready: false,
        state: { terminated: { exitCode: 1, message: "\u001b[2J\u009b2Jall is well\u202e" } },
      }),
    ).toEqual(["web-1: app ended: exit code 1: \uFFFD[2J\uFFFD2Jall is well\uFFFD"]);
  });

  it("start with the newest pod of the newest template, and leave out pods that are going", () => {
    const containers = [waiting("ImagePullBackOff")];
    const pods = [
      pod({ name: "old-late", template: "old", created: "2026-01-05T09:05:00Z", containers }),
      pod({ name: "new-early", created: "2026-01-05T09:01:00Z", containers }),
      pod({ name: "new-late", created: "2026-01-05T09:09:00Z", containers }),
      pod({ name: "going", created: "2026-01-05T09:10:00Z", deleted: true, containers }),
    ];
    expect(podCauses(pods).map((cause) => cause.split(":")[0])).toEqual([
      "new-late",
      "new-early",
      "old-late",
    ]);
  });

  it("are three at most, each cut at 300 characters", () => {
    const pods = Array.from({ length: 5 }, (_, index) =>
      pod({ name: `web-${index}`, containers: [waiting("ErrImagePull", {}, "x".repeat(400))] }),
    );
    const found = podCauses(pods);
    expect(found).toHaveLength(3);
    expect(found.map((cause) => cause.length)).toEqual([300, 300, 300]);
    expect(found[0]?.endsWith("…")).toBe(true);
  });
});
