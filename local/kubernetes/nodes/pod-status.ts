import { type Json, type JsonObject, listAt, objectAt, stringAt } from "../../json-value.ts";
import { timestamp } from "../objects/object-value.ts";

export type ContainerState =
  | { readonly kind: "waiting"; readonly reason: string; readonly message?: string }
  | { readonly kind: "running"; readonly startedAt: string; readonly isReady: boolean }
  | { readonly kind: "terminated"; readonly exitCode: number; readonly message?: string };

export interface ContainerChange {
  readonly name: string;
  readonly state: ContainerState;
  readonly restartCount?: number;
  readonly lastTerminated?: { readonly exitCode: number; readonly message?: string };
  readonly imageId?: string;
}

/**
 * The status of a pod after one container has changed:
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/.
 */
export function withContainer(pod: JsonObject, change: ContainerChange, now: number): JsonObject {
  const before = listAt(pod, "status", "containerStatuses");
  const statuses = before.map((status) =>
    stringAt(status, "name") === change.name
      ? containerStatus(objectAt(status), change, now)
      : status,
  );
  return {
    ...pod,
    status: podStatus({ ...objectAt(pod, "status"), containerStatuses: statuses }, now),
  };
}

/** Scheduled, its containers still to be made. */
export function scheduledPod(pod: JsonObject, node: string, now: number): JsonObject {
  const containerStatuses = listAt(pod, "spec", "containers").map((container) => ({
    name: stringAt(container, "name") ?? "",
    image: stringAt(container, "image") ?? "",
    imageID: "",
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason: "ContainerCreating" } },
    lastState: {},
  }));
  const conditions = [
    condition("PodScheduled", { status: "True" }, [], now),
    condition("Initialized", { status: "True" }, [], now),
  ];
  const status = {
    ...objectAt(pod, "status"),
    startTime: timestamp(now),
    conditions,
    containerStatuses,
  };
  return {
    ...pod,
    spec: { ...objectAt(pod, "spec"), nodeName: node },
    status: podStatus(status, now),
  };
}

export function unschedulablePod(pod: JsonObject, message: string, now: number): JsonObject {
  const conditions = [
    condition("PodScheduled", { status: "False", reason: "Unschedulable", message }, [], now),
  ];
  return { ...pod, status: { ...objectAt(pod, "status"), phase: "Pending", conditions } };
}

function containerStatus(before: JsonObject, change: ContainerChange, now: number): JsonObject {
  const { state, lastTerminated } = change;
  const isRunning = state.kind === "running";
  return {
    ...before,
    state: stateJson(state, now),
    ready: isRunning && state.isReady,
    started: isRunning,
    restartCount: change.restartCount ?? before["restartCount"] ?? 0,
    imageID: change.imageId ?? before["imageID"] ?? "",
    lastState: lastTerminated
      ? stateJson({ kind: "terminated", ...lastTerminated }, now)
      : (before["lastState"] ?? {}),
  };
}

function stateJson(state: ContainerState, now: number): JsonObject {
  if (state.kind === "running") return { running: { startedAt: state.startedAt } };
  const message = state.message === undefined ? {} : { message: state.message };
  if (state.kind === "waiting") return { waiting: { reason: state.reason, ...message } };
  const reason = state.exitCode === 0 ? "Completed" : "Error";
  return {
    terminated: { exitCode: state.exitCode, reason, ...message, finishedAt: timestamp(now) },
  };
}

function podStatus(status: JsonObject, now: number): JsonObject {
  const statuses = listAt(status, "containerStatuses");
  const unready = statuses
    .filter((it) => objectAt(it)["ready"] !== true)
    .map((it) => stringAt(it, "name"));
  const hasStarted = statuses.every(
    (it) =>
      objectAt(it)["started"] === true ||
      Number(objectAt(it)["restartCount"]) > 0 ||
      objectAt(it, "state")["terminated"] !== undefined,
  );
  const verdict =
    unready.length === 0
      ? { status: "True" }
      : {
          status: "False",
          reason: "ContainersNotReady",
          message: `containers with unready status: [${unready.join(" ")}]`,
        };
  const before = listAt(status, "conditions");
  const others = before.filter(
    (it) => !["Ready", "ContainersReady"].includes(stringAt(it, "type") ?? ""),
  );
  const conditions = [
    ...others,
    condition("ContainersReady", verdict, before, now),
    condition("Ready", verdict, before, now),
  ];
  return { ...status, phase: hasStarted ? "Running" : "Pending", conditions };
}

function condition(
  type: string,
  verdict: JsonObject,
  before: readonly Json[],
  now: number,
): JsonObject {
  const old = before.find((it) => stringAt(it, "type") === type);
  const unchanged =
    stringAt(old, "status") === stringAt(verdict, "status")
      ? stringAt(old, "lastTransitionTime")
      : undefined;
  return { type, ...verdict, lastTransitionTime: unchanged ?? timestamp(now) };
}
