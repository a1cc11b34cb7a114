import { type JsonObject, numberAt, objectAt, stringAt } from "../../json-value.ts";
import { templateHash, templateOf } from "../controllers/pod-template.ts";
import { nameOf } from "../objects/object-value.ts";

/** How what an object asks for turns out; only a Job and a custom resource can fail for good. */
export type Verdict = "ready" | "not-ready" | "failed";

/**
 * A StatefulSet whose pods are all there, or all but the one that it updates first:
 * pkg/controller/statefulset/stateful_set_control.go, updateStatefulSet, and stateful_set_utils.go,
 * completeRollingUpdate.
 */
export function statefulSetStatus(set: JsonObject, verdict: Verdict): JsonObject {
  const replicas = numberAt(set, "spec", "replicas") ?? 1;
  const updateRevision = `${nameOf(set)}-${templateHash(templateOf(set))}`;
  const currentRevision = stringAt(set, "status", "currentRevision") ?? updateRevision;
  const kept = currentRevision === updateRevision ? 0 : keptPods(set, replicas);
  const isReady = verdict === "ready" || kept === replicas;
  const isChanged = currentRevision !== updateRevision;
  const isComplete = isReady && kept === 0;
  const updated = isReady || !isChanged ? replicas - kept : 1;
  const ready = isReady ? replicas : Math.max(0, replicas - 1);
  return {
    observedGeneration: numberAt(set, "metadata", "generation") ?? 0,
    replicas,
    ...counted({
      readyReplicas: ready,
      updatedReplicas: updated,
      currentReplicas: isComplete || !isChanged ? replicas : replicas - updated,
    }),
    availableReplicas: ready,
    currentRevision: isComplete ? updateRevision : currentRevision,
    updateRevision,
    collisionCount: 0,
  };
}

/** Pods that an update leaves as they are. */
function keptPods(set: JsonObject, replicas: number): number {
  const strategy = objectAt(set, "spec", "updateStrategy");
  if (strategy["type"] === "OnDelete") return replicas;
  return Math.min(replicas, numberAt(strategy, "rollingUpdate", "partition") ?? 0);
}

/** pkg/controller/daemon/daemon_controller.go, updateDaemonSetStatus. */
export function daemonSetStatus(set: JsonObject, verdict: Verdict, nodes: number): JsonObject {
  const missing = verdict === "ready" ? 0 : Math.min(1, nodes);
  return {
    observedGeneration: numberAt(set, "metadata", "generation") ?? 0,
    desiredNumberScheduled: nodes,
    currentNumberScheduled: nodes,
    numberMisscheduled: 0,
    numberReady: nodes - missing,
    ...counted({
      updatedNumberScheduled: missing === 0 ? nodes : 1,
      numberAvailable: nodes - missing,
      numberUnavailable: missing,
    }),
  };
}

/** A count of 0 is not told where the type has `omitempty`. */
function counted(counts: Readonly<Record<string, number>>): JsonObject {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
