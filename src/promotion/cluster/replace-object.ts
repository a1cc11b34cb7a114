import { isPromoterError } from "../../domain/errors.ts";
import type { Difference } from "../../domain/plan.ts";
import { difference } from "../../domain/pod-spec/differences.ts";
import { kindOf } from "../../domain/pod-spec/kinds.ts";
import { refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import { hasFailed } from "../../domain/rollout/job-progress.ts";
import type { Cluster } from "../../ports/cluster.ts";

interface ReplacementTarget {
  readonly cluster: Cluster;
  readonly force: boolean;
}

interface Replaced {
  readonly live: KubernetesObject;
  readonly reason: string;
}

/**
 * What stands in the way of an object, and why it must be deleted for it to be created again;
 * undefined: it is applied. The server says by a dry run what it cannot change. One that failed
 * would never do its work again.
 */
export async function findReplaced(
  object: KubernetesObject,
  { cluster, force }: ReplacementTarget,
): Promise<Replaced | undefined> {
  if (!kindOf(object).runsOnce) return undefined;
  const live = await cluster.read(refOf(object));
  if (!live) return undefined;
  if (live.metadata["deletionTimestamp"] !== undefined) {
    return { live, reason: "it is being deleted" };
  }
  if (hasFailed(live)) return { live, reason: "it has failed" };
  try {
    await cluster.apply(object, { dryRun: true, force });
    return undefined;
  } catch (error) {
    if (!isPromoterError(error) || error.details["immutable"] !== true) throw error;
    return { live, reason: "what it runs has changed" };
  }
}

/** In the plan; undefined: it is not replaced. */
export async function replacementOf(
  object: KubernetesObject,
  target: ReplacementTarget,
): Promise<Difference | undefined> {
  const replaced = await findReplaced(object, target);
  if (!replaced) return undefined;
  const { live, reason } = replaced;
  return {
    ...difference({ intended: object, wouldBe: undefined, live }),
    kind: "change",
    unchecked: false,
    note: `it is deleted and created again, because ${reason}, and ${leftNote}`,
  };
}

const leftNote = "a rollback leaves it as it is then";

/** A rollback restores and removes everything else. */
export function withRollbackNote(object: KubernetesObject, found: Difference): Difference {
  const { runsOnce, outlivesRollback } = kindOf(object);
  const isLeft = runsOnce === true || (outlivesRollback === true && found.kind === "create");
  return isLeft && found.kind !== "same" ? { ...found, note: leftNote } : found;
}
