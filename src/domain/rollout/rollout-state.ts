import { numberAt } from "../pod-spec/json.ts";
import type { KubernetesObject } from "../pod-spec/object.ts";

/**
 * How far Kubernetes is with carrying out new digests. `stalled`: it will not get there by itself,
 * or not in time.
 */
export interface RolloutState {
  readonly kind: "progressing" | "complete" | "stalled";
  /** For people; who asks knows the object. */
  readonly reason: string;
  /** Absent where no pods are rolled out. */
  readonly pods?: PodCounts;
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
}

/** Missing numbers of a status are 0: the server leaves zeros out. */
export function statusNumber(object: KubernetesObject, field: string): number {
  return numberAt(object, "status", field) ?? 0;
}

/**
 * Whether the controller has seen at least what we applied; until then its status is about
 * something else.
 */
export function isObserved(object: KubernetesObject, { generation }: RolloutStart): boolean {
  return (
    statusNumber(object, "observedGeneration") >=
    Math.max(generation, object.metadata.generation ?? 0)
  );
}
