import { numberAt, textAt, valueAt } from "../json.ts";
import { conditionOf, conditionText, isTrue } from "../pod-spec/conditions.ts";
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
 * pkg/polymorphichelpers/rollout_status.go. Only a progress deadline that passes ends nothing: how
 * long a rollout may take is ours to say.
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
  const refusal = conditionOf(deployment, "ReplicaFailure");
  const late = exceededItsDeadline(deployment, start) ? lateText(deployment) : "";
  if (!isTrue(refusal)) return { kind: "progressing", reason: `${waitsFor}${late}`, pods };
  return {
    kind: "progressing",
    // Pods that a quota, a webhook or a security standard refuses never exist to explain themselves.
    reason: `${waitsFor}; pods are refused: ${conditionText(refusal)}${late}`,
    pods,
    refusedSince: Date.parse(textAt(refusal, "lastTransitionTime") ?? "") || start.startedAt,
  };
}

/** 600 is what the API server fills in. */
function lateText(deployment: KubernetesObject): string {
  const seconds = numberAt(deployment, "spec", "progressDeadlineSeconds") ?? 600;
  return `; no progress within its progressDeadlineSeconds of ${seconds}, but \`rollout\` decides`;
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
  const progressing = conditionOf(deployment, "Progressing");
  if (textAt(progressing, "reason") !== "ProgressDeadlineExceeded") return false;
  const since = Date.parse(
    textAt(progressing, "lastUpdateTime") ?? textAt(progressing, "lastTransitionTime") ?? "",
  );
  return Number.isNaN(since) || since >= Math.floor(startedAt / 1000) * 1000;
}
