import { numberAt, valueAt } from "../json.ts";
import type { KubernetesObject } from "../pod-spec/object.ts";
import {
  isObserved,
  notSeenYet,
  statusNumber,
  updatesOnDelete,
  type PodCounts,
  type RolloutState,
  type RolloutStart,
} from "./rollout-state.ts";

/**
 * As `kubectl rollout status` decides it (rollout_status.go). A StatefulSet has no progress
 * deadline of its own.
 */
export function statefulSetProgress(set: KubernetesObject, start: RolloutStart): RolloutState {
  const onDelete = updatesOnDelete(set);
  if (onDelete) return onDelete;
  const pods = podCounts(set);
  if (!isObserved(set, start)) return notSeenYet(pods);
  const waitsFor = missing(set, pods);
  if (waitsFor !== undefined) return { kind: "progressing", reason: waitsFor, pods };
  return {
    kind: "complete",
    reason: `${pods.updated} of ${pods.wanted} pods are updated and all are ready`,
    pods,
  };
}

function podCounts(set: KubernetesObject): PodCounts {
  const wanted = numberAt(set, "spec", "replicas") ?? 1;
  const updated = statusNumber(set, "updatedReplicas");
  return {
    wanted,
    updated,
    available: statusNumber(set, "readyReplicas"),
    old: Math.max(0, statusNumber(set, "replicas") - updated),
  };
}

/** undefined: nothing, it is complete. Pods below the partition keep the old revision on purpose. */
function missing(
  set: KubernetesObject,
  { wanted, updated, available }: PodCounts,
): string | undefined {
  const extra = statusNumber(set, "replicas") - wanted;
  if (extra > 0) return `${extra} pods too many are still terminating`;
  if (available < wanted) return `${available} of ${wanted} pods are ready`;
  const partition = numberAt(set, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
  if (partition > 0) {
    return updated < wanted - partition
      ? `${updated} of ${wanted - partition} pods are updated`
      : undefined;
  }
  const settled =
    valueAt(set, "status", "updateRevision") === valueAt(set, "status", "currentRevision");
  return settled ? undefined : `${updated} of ${wanted} pods are updated`;
}
