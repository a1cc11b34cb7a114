import {
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  stringAt,
} from "../../json-value.ts";
import { timestamp } from "../objects/object-value.ts";
import { daemonSetStatus, statefulSetStatus, type Verdict } from "./workload-status.ts";

export interface Standing {
  readonly verdict: Verdict;
  /** On which a DaemonSet runs. */
  readonly nodes: number;
  readonly now: number;
}

/**
 * What the controller of an object would say of it; undefined: nothing, or nothing more. A kind
 * that is not built in is "".
 */
export function standingStatus(
  kind: string,
  object: JsonObject,
  { verdict, nodes, now }: Standing,
): JsonObject | undefined {
  switch (kind) {
    case "StatefulSet":
      return statefulSetStatus(object, verdict);
    case "DaemonSet":
      return daemonSetStatus(object, verdict, nodes);
    case "Job":
      return jobStatus(object, verdict, now);
    case "PersistentVolumeClaim":
      return verdict === "ready" ? claimStatus(object) : undefined;
    default:
      return customStatus(object, verdict, now);
  }
}

/** pkg/controller/job/job_controller.go; a Job that has ended stays as it is. */
function jobStatus(job: JsonObject, verdict: Verdict, now: number): JsonObject | undefined {
  const hasEnded = listAt(job, "status", "conditions").some((one) =>
    ["Complete", "Failed"].includes(stringAt(one, "type") ?? ""),
  );
  if (hasEnded || objectAt(job, "spec")["suspend"] === true) return undefined;
  const time = timestamp(now);
  const startTime = stringAt(job, "status", "startTime") ?? time;
  const wanted = numberAt(job, "spec", "completions") ?? numberAt(job, "spec", "parallelism") ?? 1;
  const condition = (type: string, reason: string, message: string): JsonObject => ({
    type,
    status: "True",
    reason,
    message,
    lastProbeTime: time,
    lastTransitionTime: time,
  });
  if (verdict === "not-ready") return { startTime, active: wanted, ready: 0 };
  if (verdict === "failed") {
    const why = ["BackoffLimitExceeded", "Job has reached the specified backoff limit"] as const;
    const conditions = [condition("FailureTarget", ...why), condition("Failed", ...why)];
    return { startTime, failed: (numberAt(job, "spec", "backoffLimit") ?? 6) + 1, conditions };
  }
  const why = ["CompletionsReached", "Reached expected number of succeeded pods"] as const;
  const conditions = [condition("SuccessCriteriaMet", ...why), condition("Complete", ...why)];
  return { startTime, completionTime: time, succeeded: wanted, conditions };
}

function claimStatus(claim: JsonObject): JsonObject {
  return {
    phase: "Bound",
    accessModes: listAt(claim, "spec", "accessModes"),
    capacity: objectAt(claim, "spec", "resources", "requests"),
  };
}

/** The conditions that tools look at: cli-utils pkg/kstatus/README.md. */
function customStatus(object: JsonObject, verdict: Verdict, now: number): JsonObject {
  const observedGeneration = numberAt(object, "metadata", "generation") ?? 0;
  const before = listAt(object, "status", "conditions");
  const told = [
    { type: "Ready", status: verdict === "ready" ? "True" : "False" },
    ...(verdict === "failed" ? [{ type: "Stalled", status: "True" }] : []),
  ];
  const conditions = told.map(({ type, status }): JsonObject => {
    const old = before.find((one) => stringAt(one, "type") === type);
    const since =
      stringAt(old, "status") === status ? stringAt(old, "lastTransitionTime") : undefined;
    const [reason, message] = [reasons[verdict], "said by a stand-in for its controller"];
    const lastTransitionTime = since ?? timestamp(now);
    return { type, status, reason, message, observedGeneration, lastTransitionTime };
  });
  const others = before.filter((one) => !isOurs(one));
  return { observedGeneration, conditions: [...others, ...conditions] };
}

const reasons: Readonly<Record<Verdict, string>> = {
  ready: "Succeeded",
  "not-ready": "Progressing",
  failed: "Failed",
};

const isOurs = (condition: Json): boolean =>
  ["Ready", "Stalled"].includes(stringAt(condition, "type") ?? "");
