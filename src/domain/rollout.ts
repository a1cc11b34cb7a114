import { formatDuration } from "./duration.ts";
import type { Readiness } from "./pod-spec/built-in-kinds.ts";
import { kindOf } from "./pod-spec/kinds.ts";
import type { KubernetesObject } from "./pod-spec/object.ts";
import { daemonSetProgress } from "./rollout/daemon-set-progress.ts";
import { deploymentProgress } from "./rollout/deployment-progress.ts";
import { jobProgress } from "./rollout/job-progress.ts";
import {
  claimProgress,
  customProgress,
  definitionProgress,
  observedProgress,
  serviceProgress,
} from "./rollout/object-progress.ts";
import { podProgress } from "./rollout/pod-progress.ts";
import { hopelessAfter, type RolloutStart, type RolloutState } from "./rollout/rollout-state.ts";
import { statefulSetProgress } from "./rollout/stateful-set-progress.ts";

export type { RolloutState } from "./rollout/rollout-state.ts";

export interface RolloutTerms extends RolloutStart {
  /** Epoch milliseconds: when the rollout of which this is a part began; absent: when it started. */
  readonly since?: number;
  /** Epoch milliseconds: after that we give up, whatever the cluster says. */
  readonly deadline: number;
  /** Whether to give up as soon as it is hopeless. */
  readonly failFast: boolean;
}

/** The state of one object as read from the cluster. Kinds without a readiness are complete. */
export function rolloutState(object: KubernetesObject, terms: RolloutTerms): RolloutState {
  const state = stateByStatus(object, terms);
  if (state.kind !== "progressing") return state;
  if (terms.now >= terms.deadline) {
    return { ...state, kind: "stalled", reason: `${lateness(terms)}: ${state.reason}` };
  }
  return isRefused(state, terms) ? { ...state, kind: "stalled" } : state;
}

/**
 * Whether an object, as it is right after it was applied, is complete and stays so: it need not be
 * looked at again.
 */
export function isSettled(object: KubernetesObject, start: RolloutStart): boolean {
  const { readiness } = kindOf(object);
  if (readiness === undefined) return true;
  return lasting.has(readiness) && stateByStatus(object, start).kind === "complete";
}

const lasting: ReadonlySet<Readiness> = new Set(["claim", "service", "definition", "observed"]);

function isRefused({ refusedSince }: RolloutState, terms: RolloutTerms): boolean {
  if (!terms.failFast || refusedSince === undefined) return false;
  return terms.now >= Math.max(refusedSince, terms.startedAt) + hopelessAfter;
}

function stateByStatus(object: KubernetesObject, start: RolloutStart): RolloutState {
  if (object.metadata["deletionTimestamp"] !== undefined) {
    return { kind: "stalled", reason: "it is being deleted" };
  }
  const { readiness } = kindOf(object);
  switch (readiness) {
    case "deployment":
      return deploymentProgress(object, start);
    case "stateful-set":
      return statefulSetProgress(object, start);
    case "daemon-set":
      return daemonSetProgress(object, start);
    case "job":
      return jobProgress(object);
    case "pod":
      return podProgress(object);
    case "claim":
      return claimProgress(object);
    case "service":
      return serviceProgress(object);
    case "definition":
      return definitionProgress(object);
    case "observed":
      return observedProgress(object, start);
    case "conditions":
      return customProgress(object, start);
    case undefined:
      return { kind: "complete", reason: "nothing to roll out" };
    default:
      return readiness satisfies never;
  }
}

/** Why it is given up. */
export function lateness({ startedAt, since = startedAt, now }: RolloutTerms): string {
  const elapsed = formatDuration(Math.round((now - since) / 1000) * 1000);
  return `not complete ${elapsed} after ${since < startedAt ? "the first object" : "it"} was applied`;
}
