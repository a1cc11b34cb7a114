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
 * As `kubectl rollout status` decides it (rollout_status.go). A DaemonSet has no progress deadline
 * of its own.
 */
export function daemonSetProgress(set: KubernetesObject, start: RolloutStart): RolloutState {
  const onDelete = updatesOnDelete(set);
  if (onDelete) return onDelete;
  const pods = podCounts(set);
  const { wanted, updated, available } = pods;
  if (!isObserved(set, start)) return notSeenYet(pods);
  const scheduled = Math.min(updated, statusNumber(set, "currentNumberScheduled"));
  if (scheduled < wanted) {
    return {
      kind: "progressing",
      reason: `${scheduled} of ${wanted} new pods have been scheduled`,
      pods,
    };
  }
  if (available < wanted) {
    return { kind: "progressing", reason: `${available} of ${wanted} pods are available`, pods };
  }
  return { kind: "complete", reason: `all ${wanted} pods are updated and available`, pods };
}

function podCounts(set: KubernetesObject): PodCounts {
  const wanted = statusNumber(set, "desiredNumberScheduled");
  const updated = statusNumber(set, "updatedNumberScheduled");
  const old = Math.max(0, statusNumber(set, "currentNumberScheduled") - updated);
  return { wanted, updated, available: statusNumber(set, "numberAvailable"), old };
}
