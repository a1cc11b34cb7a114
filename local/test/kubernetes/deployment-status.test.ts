import { describe, expect, it } from "vitest";
import { listAt, stringAt } from "../../json-value.ts";
import { deploymentStatus } from "../../kubernetes/controllers/deployment-status.ts";

// pkg/controller/deployment/progress.go and util/deployment_util.go (DeploymentTimedOut) of kubernetes/kubernetes.

const now = Date.parse("2026-01-05T10:00:00Z");
const set = (
  name: string,
  replicas: number,
): Parameters<typeof deploymentStatus>[0]["sets"][number] => ({
  metadata: { name },
  spec: { replicas: 2 },
  status: { replicas, readyReplicas: replicas, availableReplicas: replicas },
});

/**
 * A change of the template at 10:00, when the condition was last touched at `since`, for the given
 * reason.
 */
function progressing(reason: string, since: string): string | undefined {
  const condition = {
    type: "Progressing",
    status: reason === "ProgressDeadlineExceeded" ? "False" : "True",
    reason,
    message: "",
    lastUpdateTime: since,
    lastTransitionTime: since,
  };
  const deployment = {
    metadata: { name: "web", generation: 3 },
    spec: {
      replicas: 2,
      progressDeadlineSeconds: 600,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    },
    status: {
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      conditions: [condition],
    },
  };
  const current = set("web-old", 0);
  const { conditions } = deploymentStatus({
    deployment,
    current,
    sets: [current, set("web-new", 2)],
    created: false,
    now,
  });
  return stringAt(listAt({ conditions }, "conditions")[0], "reason");
}

describe("whether a rollout has exceeded its deadline", () => {
  it.each([
    [
      "not by the time since the last rollout",
      "NewReplicaSetAvailable",
      "2026-01-05T09:00:00Z",
      "NewReplicaSetAvailable",
    ],
    ["not before the deadline", "ReplicaSetUpdated", "2026-01-05T09:50:01Z", "ReplicaSetUpdated"],
    [
      "after the deadline without progress",
      "ReplicaSetUpdated",
      "2026-01-05T09:49:59Z",
      "ProgressDeadlineExceeded",
    ],
    [
      "still, once it has",
      "ProgressDeadlineExceeded",
      "2026-01-05T09:59:59Z",
      "ProgressDeadlineExceeded",
    ],
  ])("%s", (_what, reason, since, expected) => {
    expect(progressing(reason, since)).toBe(expected);
  });
});
