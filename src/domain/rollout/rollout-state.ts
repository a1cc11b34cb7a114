import { numberAt, textAt } from "../json.ts";
import type { KubernetesObject } from "../pod-spec/object.ts";

/**
 * How far Kubernetes is with carrying out new digests. `stalled`: it will not complete by itself,
 * or not in time.
 */
export interface RolloutState {
  readonly kind: "progressing" | "complete" | "stalled";
  /** For people; the caller knows the object. */
  readonly reason: string;
  /** Absent where no pods are rolled out. */
  readonly pods?: PodCounts;
  /** Epoch milliseconds since when its pods may not be created; absent: they may. */
  readonly refusedSince?: number;
}

export interface PodCounts {
  readonly wanted: number;
  /** Of the new template. */
  readonly updated: number;
  readonly available: number;
  /** Of an earlier template, still there. */
  readonly old: number;
}

export interface RolloutStart {
  /** The generation that the apply returned; the rollout of an earlier one does not count. */
  readonly generation: number;
  /** Epoch milliseconds: when it was applied. */
  readonly startedAt: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** For so long pods may be refused, or wait for an image or their configuration. */
export const hopelessAfter = 60_000;

/** Until the controller has seen what we applied, its status is about something else. */
export function notSeenYet(pods: PodCounts): RolloutState {
  return { kind: "progressing", reason: "the controller has not seen the new spec yet", pods };
}

/** With this strategy nothing rolls out by itself. */
export function updatesOnDelete(set: KubernetesObject): RolloutState | undefined {
  return textAt(set, "spec", "updateStrategy", "type") === "OnDelete"
    ? { kind: "complete", reason: "its pods are updated only when they are deleted (OnDelete)" }
    : undefined;
}

/** Missing numbers of a status are 0: the server leaves zeros out. */
export function statusNumber(object: KubernetesObject, field: string): number {
  return numberAt(object, "status", field) ?? 0;
}

/** Whether the controller has seen at least what we applied. */
export function isObserved(object: KubernetesObject, { generation }: RolloutStart): boolean {
  return (
    statusNumber(object, "observedGeneration") >=
    Math.max(generation, object.metadata.generation ?? 0)
  );
}
