import { isPromoterError } from "../../domain/errors.ts";
import { holdsPods, kindOf } from "../../domain/pod-spec/kinds.ts";
import {
  describeRef,
  type KubernetesObject,
  type ObjectRef,
} from "../../domain/pod-spec/object.ts";
import { podCauses } from "../../domain/pod-spec/pod-causes.ts";
import { podSelector } from "../../domain/pod-spec/pod-selector.ts";
import {
  lateness,
  rolloutState,
  type RolloutState,
  type RolloutTerms,
} from "../../domain/rollout.ts";
import { hopelessReason } from "../../domain/rollout/hopeless-pods.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { Suspect } from "./ask-causes.ts";

export interface ObjectPoll {
  readonly kind: RolloutState["kind"];
  readonly reason: string;
  /** What its pods say of it. */
  readonly causes: readonly string[];
  /** What else may be asked why it stalls. */
  readonly suspect?: Suspect;
}

interface PolledObject {
  readonly ref: ObjectRef;
  readonly going?: true;
  readonly wasComplete: boolean;
  readonly terms: RolloutTerms;
}

/** A container may be unready for so long before that is reported. */
const unreadyPatience = 30_000;

/** How far one object is, with the causes when it is not complete. */
export async function pollObject(
  { ref, going, wasComplete, terms }: PolledObject,
  cluster: Cluster,
): Promise<ObjectPoll> {
  const name = describeRef(ref);
  const live = await cluster.read(ref);
  if (going) return pollRemoval(live, { name, terms });
  if (!live) return pollAbsent(ref, wasComplete);
  const byStatus = rolloutState(live, terms);
  if (byStatus.kind === "complete") {
    return { kind: "complete", reason: `${name}: ${byStatus.reason}`, causes: [] };
  }
  const pods = await podsOf(live, cluster);
  if ("unread" in pods) {
    return { kind: byStatus.kind, reason: `${name}: ${byStatus.reason}`, causes: [pods.unread] };
  }
  const { kind, reason } = judge(byStatus, { live, pods: pods.found, terms });
  const expectedSince = kind === "stalled" ? Infinity : terms.now - unreadyPatience;
  const causes = podCauses(pods.found, expectedSince);
  const suspect = { live, pods: pods.found };
  return { kind, reason: `${name}: ${reason}`, causes, ...(holdsPods(live) && { suspect }) };
}

/** A Job that is done may be set to delete itself (`ttlSecondsAfterFinished`). */
function pollAbsent(ref: ObjectRef, wasComplete: boolean): ObjectPoll {
  const name = describeRef(ref);
  if (!kindOf(ref).runsOnce) {
    return { kind: "stalled", reason: `${name} was deleted by someone else`, causes: [] };
  }
  return wasComplete
    ? { kind: "complete", reason: `${name} had completed`, causes: [] }
    : {
        kind: "stalled",
        reason: `${name} is gone, so it is not known whether it completed: raise its ttlSecondsAfterFinished`,
        causes: [],
      };
}

/** Whatever exists without being deleted is another one. */
function pollRemoval(
  live: KubernetesObject | undefined,
  { name, terms }: { readonly name: string; readonly terms: RolloutTerms },
): ObjectPoll {
  if (live?.metadata["deletionTimestamp"] === undefined) {
    return { kind: "complete", reason: `${name} is gone, to be created again`, causes: [] };
  }
  const waits = `${name} is being removed, to be created again`;
  return terms.now < terms.deadline
    ? { kind: "progressing", reason: waits, causes: [] }
    : { kind: "stalled", reason: `${waits}: ${lateness(terms)}`, causes: [] };
}

interface Evidence {
  readonly live: KubernetesObject;
  readonly pods: readonly KubernetesObject[];
  readonly terms: RolloutTerms;
}

function judge(byStatus: RolloutState, { live, pods, terms }: Evidence): RolloutState {
  if (byStatus.kind === "stalled" || !terms.failFast) return byStatus;
  const restartsAreCounted = kindOf(live).readiness === "job";
  const hopeless = hopelessReason(pods, { ...terms, restartsAreCounted });
  return hopeless === undefined
    ? byStatus
    : { ...byStatus, kind: "stalled", reason: `${byStatus.reason}; it is hopeless: ${hopeless}` };
}

/** Without its pods an object is judged by its status alone. */
async function podsOf(
  live: KubernetesObject,
  cluster: Cluster,
): Promise<{ readonly found: readonly KubernetesObject[] } | { readonly unread: string }> {
  const { namespace } = live.metadata;
  const selector = podSelector(live);
  if (kindOf(live).readiness === "pod") return { found: [live] };
  if (namespace === undefined || selector === undefined) return { found: [] };
  try {
    return { found: await cluster.readPods(namespace, selector) };
  } catch (error) {
    if (!isPromoterError(error)) throw error;
    return { unread: `its pods could not be read: ${error.message}` };
  }
}
