import { causeText } from "../cause-text.ts";
import { textAt } from "../json.ts";
import { conditionOf, isTrue } from "./conditions.ts";
import type { KubernetesObject } from "./object.ts";
import { byTemplate } from "./pods-by-template.ts";

/**
 * Reasons of events that the status of an object does not tell (kubernetes
 * pkg/kubelet/events/event.go and pkg/controller/controller_utils.go).
 */
const telling = new Set([
  "Unhealthy",
  "FailedMount",
  "FailedAttachVolume",
  "FailedMapVolume",
  "FailedCreatePodSandBox",
  "FailedPostStartHook",
  "FailedCreate",
]);

const maxEventCauses = 3;

/**
 * What the events of an object say of why it is not ready: a probe with its answer, a volume that
 * cannot be mounted, pods that are refused. The newest of each reason, the newest first. The texts
 * come from outside: they are data, never markup and never commands to a terminal.
 */
export function eventCauses(
  { metadata }: KubernetesObject,
  events: readonly KubernetesObject[],
): readonly string[] {
  const told = events.filter(
    (event) =>
      telling.has(textAt(event, "reason") ?? "") &&
      textAt(event, "type") === "Warning" &&
      textAt(event, "involvedObject", "uid") === metadata["uid"],
  );
  const newest = told.toSorted((one, other) => (seenAt(one) < seenAt(other) ? 1 : -1));
  const byReason = new Map(newest.toReversed().map((event) => [textAt(event, "reason"), event]));
  return newest
    .filter((event) => byReason.get(textAt(event, "reason")) === event)
    .slice(0, maxEventCauses)
    .map((event) =>
      causeText(`${metadata.name}: ${textAt(event, "reason")}: ${textAt(event, "message") ?? ""}`),
    );
}

/** Events of the older API have `lastTimestamp`, those of the newer one a series or a time. */
function seenAt(event: KubernetesObject): string {
  return (
    textAt(event, "series", "lastObservedTime") ??
    textAt(event, "lastTimestamp") ??
    textAt(event, "eventTime") ??
    textAt(event.metadata, "creationTimestamp") ??
    ""
  );
}

/** The newest pod that is not ready, of those of the newest template first. */
export function newestUnready(pods: readonly KubernetesObject[]): KubernetesObject | undefined {
  const { newest, older } = byTemplate(pods);
  return [...newest, ...older].find((pod) => !isReady(pod));
}

function isReady(pod: KubernetesObject): boolean {
  return textAt(pod, "status", "phase") === "Succeeded" || isTrue(conditionOf(pod, "Ready"));
}
