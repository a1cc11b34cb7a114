import { type JsonObject, numberAt, stringAt, valueAt } from "../../json-value.ts";
import {
  isTerminating,
  nameOf,
  namespaceOf,
  withValue,
  isOwnedBy,
} from "../objects/object-value.ts";
import { knownResource } from "../objects/resource-table.ts";
import type { ObjectStore } from "../storage/object-store.ts";
import type { ObjectWriter } from "../storage/object-writer.ts";
import {
  setsOf,
  sizeOf,
  revisionKey,
  revisionOf,
  newReplicaSet,
  currentSet,
} from "./deployment-sets.ts";
import { budgetOf, deploymentStatus, isComplete, progressDeadline } from "./deployment-status.ts";
import { nextScales, roomForNew } from "./rolling-update.ts";

export interface ControllerWorld {
  readonly store: ObjectStore;
  readonly writer: ObjectWriter;
  now(): number;
  /** Looks again at this time. */
  lookAgain(kind: string, object: JsonObject, at: number): void;
}

const deployments = knownResource("Deployment");
const replicaSets = knownResource("ReplicaSet");
const pods = knownResource("Pod");

/** One look at a Deployment: its sets are made, resized and cleaned up, and its status written. */
export function syncDeployment(world: ControllerWorld, deployment: JsonObject): void {
  if (isTerminating(deployment)) return;
  const before = setsOf(world.store, deployment);
  const current = isPaused(deployment)
    ? currentSet(deployment, before)
    : (adopted(world, deployment, before) ?? createdSet(world, deployment, before));
  const created = current !== undefined && !before.some((set) => nameOf(set) === nameOf(current));
  resize(world, deployment, current);
  const sets = setsOf(world.store, deployment);
  writeStatus(world, {
    deployment,
    sets,
    created,
    current: sets.find((set) => nameOf(set) === (current ? nameOf(current) : undefined)),
    now: world.now(),
  });
  cleanUp(world, deployment, current);
}

function isPaused(deployment: JsonObject): boolean {
  return valueAt(deployment, "spec", "paused") === true;
}

/** A template that ran before gets its old set back, under the next revision. */
function adopted(
  world: ControllerWorld,
  deployment: JsonObject,
  sets: readonly JsonObject[],
): JsonObject | undefined {
  const current = currentSet(deployment, sets);
  if (!current) return undefined;
  const highest = Math.max(...sets.filter((set) => set !== current).map(revisionOf), 0);
  const revision = Math.max(revisionOf(current), highest + (revisionOf(current) > highest ? 0 : 1));
  noteRevision(world, deployment, revision);
  return world.writer.update(
    replicaSets,
    current,
    withValue(current, ["metadata", "annotations", revisionKey], String(revision)),
  );
}

function createdSet(
  world: ControllerWorld,
  deployment: JsonObject,
  sets: readonly JsonObject[],
): JsonObject | undefined {
  if (
    stringAt(deployment, "spec", "strategy", "type") === "Recreate" &&
    !isEmptied(world.store, sets)
  ) {
    return undefined;
  }
  const revision = Math.max(...sets.map(revisionOf), 0) + 1;
  noteRevision(world, deployment, revision);
  const { replicas, ...budget } = budgetOf(deployment);
  const size = roomForNew({
    replicas,
    ...budget,
    current: { name: "", wanted: 0, available: 0 },
    old: sets.map(sizeOf),
  });
  return world.writer.create(
    replicaSets,
    newReplicaSet(deployment, { revision, size, replicas, maxSurge: budget.maxSurge }),
  );
}

/** Recreate: nothing new before the last old pod is gone. */
function isEmptied(store: ObjectStore, sets: readonly JsonObject[]): boolean {
  return sets.every(
    (set) => !store.list(pods, namespaceOf(set)).some((pod) => isOwnedBy(pod, set)),
  );
}

function noteRevision(world: ControllerWorld, deployment: JsonObject, revision: number): void {
  const live =
    world.store.get(deployments, namespaceOf(deployment), nameOf(deployment)) ?? deployment;
  world.writer.update(
    deployments,
    live,
    withValue(live, ["metadata", "annotations", revisionKey], String(revision)),
  );
}

function resize(
  world: ControllerWorld,
  deployment: JsonObject,
  current: JsonObject | undefined,
): void {
  const sets = setsOf(world.store, deployment);
  for (const { name, replicas } of scalesOf(deployment, current, sets)) {
    const set = sets.find((it) => nameOf(it) === name);
    if (set) world.writer.update(replicaSets, set, withValue(set, ["spec", "replicas"], replicas));
  }
}

function scalesOf(
  deployment: JsonObject,
  current: JsonObject | undefined,
  sets: readonly JsonObject[],
): readonly { name: string; replicas: number }[] {
  const budget = budgetOf(deployment);
  const found = sets.find((set) => current && nameOf(set) === nameOf(current));
  const old = sets.filter((set) => set !== found);
  const active = sets.filter((set) => sizeOf(set).wanted > 0);
  // Paused: no set is made or emptied, but a change of replicas still reaches the one that runs.
  if (isPaused(deployment)) {
    return active.length === 1
      ? active.map((set) => ({ name: nameOf(set), replicas: budget.replicas }))
      : [];
  }
  const isRecreate = stringAt(deployment, "spec", "strategy", "type") === "Recreate";
  const emptied = old
    .filter((set) => sizeOf(set).wanted > 0)
    .map((set) => ({ name: nameOf(set), replicas: 0 }));
  if (isRecreate && emptied.length > 0) return emptied;
  if (!found) return [];
  if (isRecreate) return [{ name: nameOf(found), replicas: budget.replicas }];
  return nextScales({ ...budget, current: sizeOf(found), old: old.map(sizeOf) });
}

function writeStatus(
  world: ControllerWorld,
  observation: Parameters<typeof deploymentStatus>[0],
): void {
  const { deployment } = observation;
  const live = world.store.get(deployments, namespaceOf(deployment), nameOf(deployment));
  if (!live) return;
  const status = deploymentStatus({ ...observation, deployment: live });
  const written = world.writer.update(deployments, live, { ...live, status });
  const deadline = progressDeadline(written);
  // The real controller looks one second after the deadline: progress.go, requeueStuckDeployment
  if (deadline !== undefined && deadline + 1000 > world.now()) {
    world.lookAgain("Deployment", written, deadline + 1000);
  }
}

/** Only when a rollout is done: empty old sets beyond the history limit go, oldest first. */
function cleanUp(
  world: ControllerWorld,
  deployment: JsonObject,
  current: JsonObject | undefined,
): void {
  const live = world.store.get(deployments, namespaceOf(deployment), nameOf(deployment));
  if (!live || !current || !isComplete(live, statusCounts(live))) return;
  const limit = numberAt(live, "spec", "revisionHistoryLimit") ?? 10;
  const old = setsOf(world.store, live).filter((set) => nameOf(set) !== nameOf(current));
  const excess = old.slice(0, Math.max(0, old.length - limit));
  for (const set of excess) if (isIdle(set)) world.store.remove(replicaSets, set);
}

function isIdle(set: JsonObject): boolean {
  return (
    (numberAt(set, "spec", "replicas") ?? 0) === 0 &&
    (numberAt(set, "status", "replicas") ?? 0) === 0
  );
}

function statusCounts(deployment: JsonObject): {
  replicas: number;
  updatedReplicas: number;
  availableReplicas: number;
} {
  const count = (name: string): number => numberAt(deployment, "status", name) ?? 0;
  return {
    replicas: count("replicas"),
    updatedReplicas: count("updatedReplicas"),
    availableReplicas: count("availableReplicas"),
  };
}
