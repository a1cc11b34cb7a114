import { isPromoterError } from "../../domain/errors.ts";
import { recordAt } from "../../domain/json.ts";
import { kindOf } from "../../domain/pod-spec/kinds.ts";
import {
  describeRef,
  type KubernetesObject,
  type ObjectRef,
} from "../../domain/pod-spec/object.ts";
import { podCauses } from "../../domain/pod-spec/pod-causes.ts";
import { rolloutState, type RolloutState } from "../../domain/rollout.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { Applied } from "../../ports/promotions.ts";
import { secondsUntil } from "../step/step-result.ts";

interface AppliedRollout {
  readonly cluster: Cluster;
  readonly applied: Applied;
  /** How long the rollout may take, milliseconds. */
  readonly limit: number;
}

export interface RolloutPoll {
  readonly kind: RolloutState["kind"];
  readonly reasons: readonly string[];
  /** Seconds until the next poll; it never passes the limit. */
  readonly seconds: number;
}

/** A container may be unready for so long before that is reported. */
const unreadyPatience = 30_000;

/** Polls every applied workload once; objects that do not roll out are complete once they exist. */
export async function pollRollout(
  { cluster, applied, limit }: AppliedRollout,
  clock: Clock,
): Promise<RolloutPoll> {
  const now = clock.now();
  const workloads = applied.objects.filter(({ ref }) => kindOf(ref).rollout);
  const states = await Promise.all(
    workloads.map(({ ref, generation }) =>
      pollWorkload(
        { ref, generation, startedAt: applied.at, deadline: applied.at + limit, now },
        cluster,
      ),
    ),
  );
  const kind = order.find((one) => states.some((state) => state.kind === one)) ?? "complete";
  return {
    kind,
    reasons: reasonsOf(kind, states),
    seconds: Math.min(pauseAfter((now - applied.at) / 1000), secondsUntil(applied.at + limit, now)),
  };
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
  states: readonly WorkloadState[],
): readonly string[] {
  const sorted = states.toSorted(
    (one, other) => order.indexOf(one.kind) - order.indexOf(other.kind),
  );
  if (kind !== "stalled") return sorted.flatMap(({ reason, causes }) => [reason, ...causes]);
  const incomplete = sorted.filter((state) => state.kind !== "complete");
  return [...incomplete.flatMap(({ causes }) => causes), ...incomplete.map(({ reason }) => reason)];
}

interface WorkloadState {
  readonly kind: RolloutState["kind"];
  readonly reason: string;
  /** What its pods say of it. */
  readonly causes: readonly string[];
}

interface Workload {
  readonly ref: ObjectRef;
  readonly generation: number;
  readonly startedAt: number;
  readonly deadline: number;
  readonly now: number;
}

async function pollWorkload({ ref, ...floor }: Workload, cluster: Cluster): Promise<WorkloadState> {
  const live = await cluster.read(ref);
  if (!live) {
    return {
      kind: "stalled",
      reason: `${describeRef(ref)} was deleted by someone else`,
      causes: [],
    };
  }
  const state = rolloutState(live, floor);
  const causes =
    state.kind === "complete"
      ? []
      : await causesOf(
          live,
          state.kind === "stalled" ? Infinity : floor.now - unreadyPatience,
          cluster,
        );
  return { kind: state.kind, reason: `${describeRef(ref)}: ${state.reason}`, causes };
}

/** Pods only explain: failing to read them decides nothing. */
async function causesOf(
  live: KubernetesObject,
  expectedSince: number,
  cluster: Cluster,
): Promise<readonly string[]> {
  try {
    return podCauses(await podsOf(live, cluster), expectedSince);
  } catch (error) {
    if (!isPromoterError(error)) throw error;
    return [`its pods could not be read: ${error.message}`];
  }
}

async function podsOf(
  live: KubernetesObject,
  cluster: Cluster,
): Promise<readonly KubernetesObject[]> {
  const selector = matchLabels(live["spec"]);
  return live.metadata.namespace === undefined || selector === ""
    ? []
    : cluster.readPods(live.metadata.namespace, selector);
}

function matchLabels(spec: unknown): string {
  return Object.entries(recordAt(spec, "selector", "matchLabels"))
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(",");
}
