import { holdsPods } from "../../domain/pod-spec/kinds.ts";
import type { RolloutState } from "../../domain/rollout.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { Applied, AppliedObject } from "../../ports/promotions.ts";
import { mapConcurrently } from "../concurrency/run-concurrently.ts";
import { secondsUntil } from "../step/step-result.ts";
import { askCauses } from "./ask-causes.ts";
import { pollObject, type ObjectPoll } from "./poll-object.ts";

interface AppliedRollout {
  readonly cluster: Cluster;
  readonly applied: Applied;
  /** How long the rollout may take, milliseconds. */
  readonly limit: number;
  /** An earlier look found it complete. */
  readonly wasComplete?: boolean;
}

export interface RolloutPoll {
  readonly kind: RolloutState["kind"];
  readonly reasons: readonly string[];
  /** Seconds until the next poll; it never passes the limit. */
  readonly seconds: number;
}

/** Objects that are read in one look; more only once all of these are ready. */
const maxReads = 100;

/** Polls every applied object once that was not complete when it was applied. */
export async function pollRollout(
  { cluster, applied, limit, wasComplete = false }: AppliedRollout,
  clock: Clock,
): Promise<RolloutPoll> {
  const now = clock.now();
  const since = applied.since ?? applied.at;
  const deadline = since + limit;
  const terms = {
    since,
    startedAt: applied.at,
    deadline,
    failFast: applied.failFast ?? false,
    now,
  };
  const polled = applied.objects.filter(({ settled }) => !settled);
  const { states, left } = await pollInTurn(workloadsFirst(polled), ({ generation, ...object }) =>
    pollObject({ ...object, wasComplete, terms: { ...terms, generation } }, cluster),
  );
  const kind = order.find((one) => states.some((state) => state.kind === one)) ?? "complete";
  const stalled = kind === "stalled" ? states.filter((state) => state.kind === kind) : [];
  const asked = await askCauses(
    stalled.flatMap(({ suspect }) => suspect ?? []),
    cluster,
  );
  const unread = left > 0 ? [`${left} more objects are looked at once these are ready`] : [];
  return {
    kind,
    reasons: [...reasonsOf(kind, states, asked), ...unread],
    seconds: Math.min(pauseAfter((now - applied.at) / 1000), secondsUntil(deadline, now)),
  };
}

function workloadsFirst(objects: readonly AppliedObject[]): readonly AppliedObject[] {
  return [
    ...objects.filter(({ ref }) => holdsPods(ref)),
    ...objects.filter(({ ref }) => !holdsPods(ref)),
  ];
}

async function pollInTurn(
  objects: readonly AppliedObject[],
  poll: (object: AppliedObject) => Promise<ObjectPoll>,
): Promise<{ readonly states: readonly ObjectPoll[]; readonly left: number }> {
  const states = await mapConcurrently(objects.slice(0, maxReads), poll);
  const rest = objects.slice(maxReads);
  if (rest.length === 0 || states.some(({ kind }) => kind !== "complete")) {
    return { states, left: rest.length };
  }
  const later = await pollInTurn(rest, poll);
  return { states: [...states, ...later.states], left: later.left };
}

/**
 * In seconds: from 2 to 15 within the first half minute, to 60 within the first hour. A poll takes
 * nine of the 25,000 events that an execution may have (Step Functions developer guide, "Service
 * quotas").
 */
export function pauseAfter(elapsed: number): number {
  return Math.round(Math.min(60, Math.max(2, Math.min(15, elapsed / 2), elapsed / 40)));
}

/** The worst first. */
const order = ["stalled", "progressing", "complete"] as const;

/**
 * Of a stalled rollout people want the causes: they come first, and complete workloads are left
 * out. Otherwise unhealthy workloads come first.
 */
function reasonsOf(
  kind: RolloutState["kind"],
  states: readonly ObjectPoll[],
  asked: readonly string[],
): readonly string[] {
  const sorted = states.toSorted(
    (one, other) => order.indexOf(one.kind) - order.indexOf(other.kind),
  );
  if (kind !== "stalled") return sorted.flatMap(({ reason, causes }) => [reason, ...causes]);
  const incomplete = sorted.filter((state) => state.kind !== "complete");
  const causes = [...incomplete.flatMap((state) => state.causes), ...asked];
  return [...causes, ...incomplete.map(({ reason }) => reason)];
}
