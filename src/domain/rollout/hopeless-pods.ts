import { listAt, numberAt, textAt } from "../json.ts";
import { isTrue } from "../pod-spec/conditions.ts";
import { containerStatuses } from "../pod-spec/container-statuses.ts";
import type { KubernetesObject } from "../pod-spec/object.ts";
import { byTemplate, createdAt } from "../pod-spec/pods-by-template.ts";
import { hopelessAfter, type RolloutStart } from "./rollout-state.ts";

interface HopelessTerms extends Pick<RolloutStart, "startedAt" | "now"> {
  /** Whether restarts end by themselves, as those of a Job do. */
  readonly restartsAreCounted: boolean;
}

/** So often a container may crash; the kubelet then has waited 10, 20 and 40 seconds. */
const maxRestarts = 3;
/** By so much the clock of the API server may be behind ours. */
const clockSkew = 5_000;

/** Nothing that the cluster may do by itself helps against these. */
const dead = new Set([
  "ImagePullBackOff",
  "ErrImagePull",
  "InvalidImageName",
  "CreateContainerConfigError",
]);

/**
 * Why waiting longer is hopeless, judged by the pods that were made since; undefined: it is not.
 * That a pod is not scheduled or fails a probe proves nothing: nodes are added, and caches fill.
 */
export function hopelessReason(
  pods: readonly KubernetesObject[],
  terms: HopelessTerms,
): string | undefined {
  const made = byTemplate(pods).newest.filter(
    (pod) => Date.parse(createdAt(pod)) >= terms.startedAt - clockSkew,
  );
  return made.flatMap((pod) => hopelessContainers(pod, terms))[0];
}

function hopelessContainers(pod: KubernetesObject, terms: HopelessTerms): readonly string[] {
  return containerStatuses(pod).flatMap((status) => {
    const why = hopelessContainer(status, { ...terms, since: startableSince(pod) });
    return why === undefined ? [] : [`${pod.metadata.name}: ${textAt(status, "name")} ${why}`];
  });
}

function hopelessContainer(
  status: unknown,
  { since, now, restartsAreCounted }: HopelessTerms & { readonly since: number },
): string | undefined {
  const waits = textAt(status, "state", "waiting", "reason") ?? "";
  const restarts = numberAt(status, "restartCount") ?? 0;
  if (waits === "CrashLoopBackOff" && restarts >= maxRestarts && !restartsAreCounted) {
    return `crashed ${restarts} times`;
  }
  const seconds = Math.floor((now - since) / 1000);
  return dead.has(waits) && seconds * 1000 >= hopelessAfter
    ? `cannot start for ${seconds} s (${waits})`
    : undefined;
}

/** A pod may have waited for a node, and for containers that come first. */
function startableSince(pod: KubernetesObject): number {
  const times = listAt(pod, "status", "conditions").flatMap((condition) =>
    startable.has(textAt(condition, "type") ?? "") && isTrue(condition)
      ? (textAt(condition, "lastTransitionTime") ?? [])
      : [],
  );
  return Math.max(...[createdAt(pod), ...times].map((time) => Date.parse(time) || 0));
}

const startable = new Set(["PodScheduled", "PodReadyToStartContainers", "Initialized"]);
