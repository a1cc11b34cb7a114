import { formatDuration } from "./duration.ts";
import { kindOf } from "./pod-spec/kinds.ts";
import type { KubernetesObject } from "./pod-spec/object.ts";
import { daemonSetProgress } from "./rollout/daemon-set-progress.ts";
import { deploymentProgress } from "./rollout/deployment-progress.ts";
import type { RolloutStart, RolloutState } from "./rollout/rollout-state.ts";
import { statefulSetProgress } from "./rollout/stateful-set-progress.ts";

export type { RolloutState } from "./rollout/rollout-state.ts";

export interface RolloutTerms extends RolloutStart {
  /** Epoch milliseconds: after that we give up, whatever the cluster says. */
  readonly deadline: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The state of one object as read from the cluster. Kinds that roll out nothing are complete. */
export function rolloutState(object: KubernetesObject, terms: RolloutTerms): RolloutState {
  const state = stateByStatus(object, terms);
  if (state.kind !== "progressing" || terms.now < terms.deadline) return state;
  return {
    ...state,
    kind: "stalled",
    reason: `not complete ${elapsedTime(terms)} after it was applied: ${state.reason}`,
  };
}

function stateByStatus(object: KubernetesObject, start: RolloutStart): RolloutState {
  const { rollout } = kindOf(object);
  switch (rollout) {
    case "deployment":
      return deploymentProgress(object, start);
    case "stateful-set":
      return statefulSetProgress(object, start);
    case "daemon-set":
      return daemonSetProgress(object, start);
    case undefined:
      return { kind: "complete", reason: "nothing to roll out" };
    default:
      return rollout satisfies never;
  }
}

function elapsedTime({ startedAt, now }: RolloutTerms): string {
  return formatDuration(Math.round((now - startedAt) / 1000) * 1000);
}
