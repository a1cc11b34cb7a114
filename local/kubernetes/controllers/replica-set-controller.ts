import { type JsonObject, listAt, numberAt, objectAt, stringAt } from "../../json-value.ts";
import { safeName } from "../objects/generated-name.ts";
import {
  isOwnedBy,
  isTerminating,
  nameOf,
  namespaceOf,
  timestamp,
  uidOf,
} from "../objects/object-value.ts";
import { knownResource } from "../objects/resource-table.ts";
import type { ControllerWorld } from "./deployment-controller.ts";
import { templateOf } from "./pod-template.ts";

const replicaSets = knownResource("ReplicaSet");
const pods = knownResource("Pod");

export interface PodMaker extends ControllerWorld {
  removePod(pod: JsonObject): void;
  /** Why the server would not take a new pod. */
  refusalOf(pod: JsonObject): string | undefined;
  /** Distinguishes the names of pods. */
  nextNumber(): number;
}

/** One look at a ReplicaSet: as many pods as it wants, and what it says of them. */
export function syncReplicaSet(world: PodMaker, set: JsonObject): void {
  if (isTerminating(set)) return;
  const wanted = numberAt(set, "spec", "replicas") ?? 1;
  const mine = podsOf(world, set);
  const refusal = makePods(world, set, wanted - mine.length);
  for (const pod of removable(mine).slice(0, Math.max(0, mine.length - wanted))) {
    world.removePod(pod);
  }
  writeStatus(world, set, refusal);
}

/** As many as are missing, up to the first that is refused. */
function makePods(world: PodMaker, set: JsonObject, missing: number): string | undefined {
  for (let made = 0; made < missing; made++) {
    const pod = podOf(set, world.nextNumber());
    const refusal = world.refusalOf(pod);
    if (refusal !== undefined) return refusal;
    world.writer.create(pods, pod);
  }
  return undefined;
}

function podsOf(world: PodMaker, set: JsonObject): readonly JsonObject[] {
  return world.store
    .list(pods, namespaceOf(set))
    .filter((pod) => isOwnedBy(pod, set) && !isTerminating(pod));
}

function podOf(set: JsonObject, count: number): JsonObject {
  const template = templateOf(set);
  const owner = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    name: nameOf(set),
    uid: uidOf(set),
    controller: true,
    blockOwnerDeletion: true,
  };
  return {
    metadata: {
      ...objectAt(template, "metadata"),
      generateName: `${nameOf(set)}-`,
      name: `${nameOf(set)}-${safeName(`${uidOf(set)} ${count}`, 5)}`,
      namespace: namespaceOf(set),
      ownerReferences: [owner],
    },
    spec: objectAt(template, "spec"),
    status: { phase: "Pending", qosClass: "BestEffort" },
  };
}

/**
 * First those that do the least good: not on a node, not ready, then the youngest
 * (controller_utils.go, ActivePodsWithRanks).
 */
function removable(mine: readonly JsonObject[]): readonly JsonObject[] {
  return mine.toSorted((a, b) => worth(a) - worth(b) || (birth(a) < birth(b) ? 1 : -1));
}

function worth(pod: JsonObject): number {
  return (stringAt(pod, "spec", "nodeName") ? 1 : 0) + (readySince(pod) === undefined ? 0 : 1);
}

function birth(pod: JsonObject): string {
  return stringAt(pod, "metadata", "creationTimestamp") ?? "";
}

function readySince(pod: JsonObject): number | undefined {
  const ready = listAt(pod, "status", "conditions").find(
    (it) => stringAt(it, "type") === "Ready" && stringAt(it, "status") === "True",
  );
  return ready === undefined ? undefined : Date.parse(stringAt(ready, "lastTransitionTime") ?? "");
}

function writeStatus(world: PodMaker, before: JsonObject, refusal: string | undefined): void {
  const set = world.store.get(replicaSets, namespaceOf(before), nameOf(before));
  if (!set) return;
  const mine = podsOf(world, set);
  const waitMs = (numberAt(set, "spec", "minReadySeconds") ?? 0) * 1000;
  const ready = mine.flatMap((pod) => readySince(pod) ?? []);
  const due = ready.map((since) => since + waitMs);
  const counts = {
    replicas: mine.length,
    fullyLabeledReplicas: mine.length,
    readyReplicas: ready.length,
    availableReplicas: due.filter((at) => at <= world.now()).length,
  };
  const shown = Object.entries(counts).filter(([name, count]) => count > 0 || name === "replicas");
  const observedGeneration = numberAt(set, "metadata", "generation") ?? 0;
  const failure = failureOf(set, refusal, world.now());
  world.writer.update(replicaSets, set, {
    ...set,
    status: {
      ...Object.fromEntries(shown),
      observedGeneration,
      ...(failure ? { conditions: [failure] } : {}),
    },
  });
  if (failure) {
    world.lookAgain(
      "ReplicaSet",
      set,
      nextTry(Date.parse(stringAt(failure, "lastTransitionTime") ?? ""), world.now()),
    );
  }
  for (const at of due) if (at > world.now()) world.lookAgain("ReplicaSet", set, at);
}

/**
 * Stays as it was first told while pods are refused:
 * pkg/controller/replicaset/replica_set_utils.go, calculateStatus.
 */
function failureOf(
  set: JsonObject,
  refusal: string | undefined,
  now: number,
): JsonObject | undefined {
  if (refusal === undefined) return undefined;
  const told = listAt(set, "status", "conditions").find(
    (it) => stringAt(it, "type") === "ReplicaFailure",
  );
  return told === undefined
    ? {
        type: "ReplicaFailure",
        status: "True",
        reason: "FailedCreate",
        message: refusal,
        lastTransitionTime: timestamp(now),
      }
    : objectAt(told);
}

/** The controller tries again after growing pauses; whoever asks at the same time is told the same. */
function nextTry(since: number, now: number): number {
  let after = 1000;
  while (since + after <= now) after += Math.min(after, 60_000);
  return since + after;
}
