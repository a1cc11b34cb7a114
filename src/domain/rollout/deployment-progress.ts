import { causeText } from "../cause-text.ts";
import { listAt, numberAt, textAt, valueAt } from "../json.ts";
import type { KubernetesObject } from "../pod-spec/object.ts";
import {
  isObserved,
  notSeenYet,
  statusNumber,
  type PodCounts,
  type RolloutState,
  type RolloutStart,
} from "./rollout-state.ts";

/**
 * As `kubectl rollout status` decides it: kubernetes/kubectl,
 * pkg/polymorphichelpers/rollout_status.go.
 */
export function deploymentProgress(
  deployment: KubernetesObject,
  start: RolloutStart,
): RolloutState {
  const pods = podCounts(deployment);
  if (!isObserved(deployment, start)) return notSeenYet(pods);
  const waitsFor = missing(pods);
  if (waitsFor === undefined) {
    return { kind: "complete", reason: `all ${pods.wanted} pods are updated and available`, pods };
  }
  if (valueAt(deployment, "spec", "paused") === true) {
    return {
      kind: "stalled",
      reason: "it is paused, so nothing rolls out; resume it with `kubectl rollout resume`",
      pods,
    };
  }
  const why = `${waitsFor}${refusedPods(deployment)}`;
  if (exceededItsDeadline(deployment, start)) {
    return { kind: "stalled", reason: `it exceeded its progress deadline: ${why}`, pods };
  }
  return { kind: "progressing", reason: why, pods };
}

/**
 * Pods that a quota, a webhook or a security standard refuses never exist to explain themselves:
 * the controller reports it for them.
 */
function refusedPods(deployment: KubernetesObject): string {
  const failure = listAt(deployment, "status", "conditions").find(
    (condition) => textAt(condition, "type") === "ReplicaFailure",
  );
  if (textAt(failure, "status") !== "True") return "";
  const cause = textAt(failure, "message") ?? textAt(failure, "reason") ?? "no reason given";
  return `; pods are refused: ${causeText(cause)}`;
}

function podCounts(deployment: KubernetesObject): PodCounts {
  const updated = statusNumber(deployment, "updatedReplicas");
  return {
    wanted: numberAt(deployment, "spec", "replicas") ?? 1,
    updated,
    available: statusNumber(deployment, "availableReplicas"),
    old: Math.max(0, statusNumber(deployment, "replicas") - updated),
  };
}

/** undefined: nothing, it is complete. */
function missing({ wanted, updated, available, old }: PodCounts): string | undefined {
  if (updated < wanted) return `${updated} of ${wanted} new pods have been created`;
  if (old > 0) return `${old} old pods are still terminating`;
  return available < updated ? `${available} of ${updated} new pods are available` : undefined;
}

/**
 * The condition may be older than our apply: an apply that changes nothing, or one that goes back
 * to an existing ReplicaSet, leaves it until the controller sees progress. Only one that was set
 * since then says something about our rollout. Times are to the second.
 */
function exceededItsDeadline(deployment: KubernetesObject, { startedAt }: RolloutStart): boolean {
  const progressing = listAt(deployment, "status", "conditions").find(
    (condition) => textAt(condition, "type") === "Progressing",
  );
  if (textAt(progressing, "reason") !== "ProgressDeadlineExceeded") return false;
  const since = Date.parse(
    textAt(progressing, "lastUpdateTime") ?? textAt(progressing, "lastTransitionTime") ?? "",
  );
  return Number.isNaN(since) || since >= Math.floor(startedAt / 1000) * 1000;
}
