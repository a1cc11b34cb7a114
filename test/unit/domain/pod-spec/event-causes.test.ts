import { describe, expect, it } from "vitest";
import { eventCauses, newestUnready } from "../../../../src/domain/pod-spec/event-causes.ts";
import type { KubernetesObject } from "../../../../src/domain/pod-spec/object.ts";

const pod: KubernetesObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "web-0", namespace: "shop", uid: "u-1" },
};

interface Given {
  readonly uid?: string;
  readonly type?: string;
  readonly at?: object;
}

const event = (
  reason: string,
  message: string,
  { uid = "u-1", type = "Warning", at = { lastTimestamp: "2026-01-05T09:00:00Z" } }: Given = {},
): KubernetesObject => ({
  apiVersion: "v1",
  kind: "Event",
  metadata: { name: `web-0.${reason}`, namespace: "shop" },
  involvedObject: { name: "web-0", uid },
  reason,
  message,
  type,
  ...at,
});

describe("the causes among events", () => {
  it("are the newest of each reason, the newest first", () => {
    const causes = eventCauses(pod, [
      event("Unhealthy", "statuscode: 500", { at: { lastTimestamp: "2026-01-05T09:00:01Z" } }),
      event("Unhealthy", "statuscode: 503", { at: { lastTimestamp: "2026-01-05T09:00:02Z" } }),
      event("FailedMount", 'configmap "settings" not found', {
        at: { series: { lastObservedTime: "2026-01-05T09:00:03.000000Z" }, lastTimestamp: null },
      }),
    ]);
    expect(causes).toEqual([
      'web-0: FailedMount: configmap "settings" not found',
      "web-0: Unhealthy: statuscode: 503",
    ]);
  });

  it("are of this object, and neither ordinary nor told by its status", () => {
    const others = [
      event("Unhealthy", "of a pod of the same name", { uid: "u-0" }),
      event("Pulled", "in 3 s", { type: "Normal" }),
      event("BackOff", "restarting failed container"),
    ];
    expect(eventCauses(pod, others)).toEqual([]);
  });

  it("are bounded, and nothing that a terminal obeys", () => {
    const [cause = ""] = eventCauses(pod, [event("Unhealthy", `\u001B[2J${"x".repeat(5_000)}`)]);
    expect(cause).toHaveLength(300);
    expect(cause).not.toContain("\u001B");
  });
});

const aged = (name: string, created: string, status: object): KubernetesObject => ({
  ...pod,
  metadata: { name, creationTimestamp: created },
  status,
});

it("the pod whose events are read is the newest that is not ready", () => {
  const ready = { conditions: [{ type: "Ready", status: "True" }] };
  const pods = [
    aged("old", "2026-01-05T09:00:00Z", {}),
    aged("new", "2026-01-05T09:00:01Z", {}),
    aged("ready", "2026-01-05T09:00:02Z", ready),
    aged("done", "2026-01-05T09:00:03Z", { phase: "Succeeded" }),
  ];
  expect(newestUnready(pods)?.metadata.name).toBe("new");
});
