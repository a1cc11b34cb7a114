import {
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  stringAt,
} from "../../json-value.ts";
import { nameOf, timestamp } from "../objects/object-value.ts";
import { rollingBudget } from "./rolling-update.ts";

export interface Observation {
  readonly deployment: JsonObject;
  readonly current: JsonObject | undefined;
  readonly sets: readonly JsonObject[];
  /** The set was made just now, for a template that no set had. */
  readonly created: boolean;
  readonly now: number;
}

/**
 * `status` as the deployment controller writes it: pkg/controller/deployment/{sync,progress}.go and
 * util/deployment_util.go.
 */
export function deploymentStatus(observation: Observation): JsonObject {
  const counts = countsOf(observation);
  const before = objectAt(observation.deployment, "status");
  const available = availableCondition(observation, counts.availableReplicas);
  const conditions = [progressing(observation, counts), available, replicaFailure(observation)]
    .flatMap((condition) => (condition ? [condition] : []))
    .map((condition) => timed(condition, listAt(before, "conditions"), observation.now));
  const numbers = Object.entries(counts).filter(([, value]) => value !== 0);
  return {
    observedGeneration: numberAt(observation.deployment, "metadata", "generation") ?? 0,
    ...Object.fromEntries(numbers),
    conditions,
  };
}

interface Counts {
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
  readonly unavailableReplicas: number;
}

function countsOf({ sets, current }: Observation): Counts {
  const total = (...path: readonly string[]): number =>
    sets.reduce((sum, set) => sum + (numberAt(set, ...path) ?? 0), 0);
  const availableReplicas = total("status", "availableReplicas");
  return {
    replicas: total("status", "replicas"),
    updatedReplicas: numberAt(current, "status", "replicas") ?? 0,
    readyReplicas: total("status", "readyReplicas"),
    availableReplicas,
    unavailableReplicas: Math.max(0, total("spec", "replicas") - availableReplicas),
  };
}

export interface Condition {
  readonly type: "Available" | "Progressing" | "ReplicaFailure";
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  /** Made anew although status and reason are as before. */
  readonly renewed: boolean;
}

function availableCondition({ deployment }: Observation, available: number): Condition {
  const { replicas, maxUnavailable } = budgetOf(deployment);
  const enough = available >= replicas - maxUnavailable;
  return {
    type: "Available",
    status: enough ? "True" : "False",
    reason: enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
    message: enough
      ? "Deployment has minimum availability."
      : "Deployment does not have minimum availability.",
    renewed: false,
  };
}

/**
 * What a set says of pods that were refused, the current one first:
 * pkg/controller/deployment/progress.go, getReplicaFailures.
 */
function replicaFailure({ sets, current }: Observation): Condition | undefined {
  const failures = [...(current ? [current] : []), ...sets].flatMap((set) =>
    listAt(set, "status", "conditions").filter((it) => stringAt(it, "type") === "ReplicaFailure"),
  );
  const [failure] = failures;
  return failure === undefined
    ? undefined
    : {
        type: "ReplicaFailure",
        status: "True",
        reason: stringAt(failure, "reason") ?? "",
        message: stringAt(failure, "message") ?? "",
        renewed: false,
      };
}

export function budgetOf(deployment: JsonObject): {
  replicas: number;
  maxSurge: number;
  maxUnavailable: number;
} {
  const replicas = numberAt(deployment, "spec", "replicas") ?? 1;
  const rolling = objectAt(deployment, "spec", "strategy", "rollingUpdate");
  if (stringAt(deployment, "spec", "strategy", "type") !== "RollingUpdate") {
    return { replicas, maxSurge: 0, maxUnavailable: 0 };
  }
  return {
    replicas,
    ...rollingBudget(
      replicas,
      intOrPercent(rolling["maxSurge"]),
      intOrPercent(rolling["maxUnavailable"]),
    ),
  };
}

function intOrPercent(value: Json | undefined): number | string {
  return typeof value === "number" || typeof value === "string" ? value : "25%";
}

function progressing(observation: Observation, counts: Counts): Condition | undefined {
  const { deployment, current, created } = observation;
  const before = progressingCondition(deployment);
  const reason = stringAt(before, "reason");
  const about = current ? `ReplicaSet "${nameOf(current)}"` : `Deployment "${nameOf(deployment)}"`;
  if (deployment["spec"] && objectAt(deployment, "spec")["paused"] === true) {
    return progress("DeploymentPaused", "Deployment is paused");
  }
  if (reason === "DeploymentPaused") return progress("DeploymentResumed", "Deployment is resumed");
  if (created && current) {
    return {
      ...progress("NewReplicaSetCreated", `Created new replica set "${nameOf(current)}"`),
      renewed: true,
    };
  }
  const settled = counts.replicas === counts.updatedReplicas && reason === "NewReplicaSetAvailable";
  if (settled) return same(before);
  if (isComplete(deployment, counts)) {
    return progress("NewReplicaSetAvailable", `${about} has successfully progressed.`);
  }
  if (hasProgressed(deployment, counts)) {
    return { ...progress("ReplicaSetUpdated", `${about} is progressing.`), renewed: true };
  }
  if (isTimedOut(observation, before)) {
    return progress("ProgressDeadlineExceeded", `${about} has timed out progressing.`);
  }
  return before
    ? same(before)
    : progress("FoundNewReplicaSet", `Found new replica set "${current ? nameOf(current) : ""}"`);
}

export function progressingCondition(deployment: JsonObject): JsonObject | undefined {
  const found = listAt(deployment, "status", "conditions").find(
    (condition) => stringAt(condition, "type") === "Progressing",
  );
  return found === undefined ? undefined : objectAt(found);
}

const unknownReasons = new Set(["DeploymentPaused", "DeploymentResumed"]);

function progress(reason: string, message: string): Condition {
  const status =
    reason === "ProgressDeadlineExceeded"
      ? "False"
      : unknownReasons.has(reason)
        ? "Unknown"
        : "True";
  return { type: "Progressing", status, reason, message, renewed: false };
}

function same(before: JsonObject | undefined): Condition {
  return progress(stringAt(before, "reason") ?? "", stringAt(before, "message") ?? "");
}

export function isComplete(
  deployment: JsonObject,
  counts: Pick<Counts, "replicas" | "updatedReplicas" | "availableReplicas">,
): boolean {
  const wanted = numberAt(deployment, "spec", "replicas") ?? 1;
  return (
    counts.updatedReplicas === wanted &&
    counts.replicas === wanted &&
    counts.availableReplicas === wanted
  );
}

/** More new pods, fewer old ones, more ready or available: any of them is progress. */
function hasProgressed(deployment: JsonObject, counts: Counts): boolean {
  const before = (name: string): number => numberAt(deployment, "status", name) ?? 0;
  const old = before("replicas") - before("updatedReplicas");
  return (
    counts.updatedReplicas > before("updatedReplicas") ||
    counts.replicas - counts.updatedReplicas < old ||
    counts.readyReplicas > before("readyReplicas") ||
    counts.availableReplicas > before("availableReplicas")
  );
}

function isTimedOut({ deployment, now }: Observation, before: JsonObject | undefined): boolean {
  const reason = stringAt(before, "reason");
  if (reason === "ProgressDeadlineExceeded") return true;
  const deadline = progressDeadline(deployment);
  return reason !== "NewReplicaSetAvailable" && deadline !== undefined && now > deadline;
}

/**
 * When the rollout counts as failed if nothing moves; undefined while nothing is going on, or when
 * it has no deadline.
 */
export function progressDeadline(deployment: JsonObject): number | undefined {
  const seconds = numberAt(deployment, "spec", "progressDeadlineSeconds");
  const since = stringAt(progressingCondition(deployment), "lastUpdateTime");
  // 2147483647 means none: util.HasProgressDeadline
  if (seconds === undefined || seconds === 2_147_483_647 || since === undefined) return undefined;
  return Date.parse(since) + seconds * 1000;
}

/**
 * lastTransitionTime moves with the status, lastUpdateTime also with the reason and with every
 * progress.
 */
function timed(
  { renewed, ...condition }: Condition,
  before: readonly Json[],
  now: number,
): JsonObject {
  const old = before.find((it) => stringAt(it, "type") === condition.type);
  const sameStatus = stringAt(old, "status") === condition.status;
  const unchanged = sameStatus && stringAt(old, "reason") === condition.reason && !renewed;
  const at = timestamp(now);
  return {
    ...condition,
    lastTransitionTime: (sameStatus ? stringAt(old, "lastTransitionTime") : undefined) ?? at,
    lastUpdateTime: (unchanged ? stringAt(old, "lastUpdateTime") : undefined) ?? at,
  };
}
