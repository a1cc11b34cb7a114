import { textAt } from "../json.ts";
import type { KubernetesObject } from "./object.ts";

interface PodsByTemplate {
  readonly newest: readonly KubernetesObject[];
  readonly older: readonly KubernetesObject[];
}

/**
 * The pods that stay, those of the newest template apart, of each the newest first. Of two
 * ReplicaSets the newer one has the newest pod; its hash is on every pod as a label.
 */
export function byTemplate(pods: readonly KubernetesObject[]): PodsByTemplate {
  const present = pods.filter(({ metadata }) => metadata["deletionTimestamp"] === undefined);
  const sorted = present.toSorted((one, other) => (createdAt(one) < createdAt(other) ? 1 : -1));
  const template = sorted[0] && templateOf(sorted[0]);
  return {
    newest: sorted.filter((pod) => templateOf(pod) === template),
    older: sorted.filter((pod) => templateOf(pod) !== template),
  };
}

/** As RFC 3339 writes it. */
export function createdAt({ metadata }: KubernetesObject): string {
  return textAt(metadata, "creationTimestamp") ?? "";
}

function templateOf({ metadata }: KubernetesObject): string | undefined {
  return (
    textAt(metadata, "labels", "pod-template-hash") ??
    textAt(metadata, "labels", "controller-revision-hash")
  );
}
