import { PromoterError } from "../../domain/errors.ts";
import type { PlannedTakeover } from "../../domain/plan.ts";
import { inApplyOrder } from "../../domain/pod-spec/apply-order.ts";
import { describeRef, refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import type { Promotion } from "../../domain/promotion.ts";
import { isSettled } from "../../domain/rollout.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { Applied, AppliedObject, Snapshot } from "../../ports/promotions.ts";
import type { CheckTime } from "../lock/write-under-claim.ts";
import { applyAdopting } from "./apply-adopting.ts";

export interface ObjectsToApply {
  readonly promotion: Promotion;
  readonly objects: readonly KubernetesObject[];
  /** All objects of the plan, where these are only a part. */
  readonly planned?: readonly KubernetesObject[];
  /** What may be taken from others; absent: the objects are put back, and nothing is adopted. */
  readonly takeovers?: readonly PlannedTakeover[];
  /** Which part these are; absent: all at once. */
  readonly stage?: Pick<Applied, "since" | "next">;
  /** Its name in promoter.yml. */
  readonly cluster: string;
  readonly podSpec: NonNullable<Snapshot["podSpec"]>;
  readonly checkTime: CheckTime;
}

export const applyObjectsNeeds = [
  "clusters.connect",
  "promotions.storeApplied",
] as const satisfies readonly Need[];

/**
 * Applies the objects one by one, dependencies first, and stores the generations that the rollout
 * must reach. Gives a line for each object.
 */
export async function applyObjects(
  wanted: ObjectsToApply,
  ports: PortsFor<typeof applyObjectsNeeds>,
): Promise<readonly string[]> {
  const { objects, planned = objects, takeovers, cluster, podSpec, checkTime } = wanted;
  const connected = await ports.clusters.connect(cluster);
  const target = { cluster: connected, force: podSpec.force };
  const applied: AppliedObject[] = [];
  for (const object of inApplyOrder(objects)) {
    checkTime();
    const live = await (takeovers
      ? applyAdopting(object, { ...target, objects: planned }, takeoversOf(object, takeovers))
      : connected.apply(object, { dryRun: false, force: podSpec.force }));
    if (live.metadata["deletionTimestamp"] !== undefined) throw isGoing(object);
    applied.push(appliedObject(live, ports.clock.now()));
  }
  await noteApplied(wanted, applied, ports);
  return applied.map(({ ref }) => `${describeRef(ref)} applied`);
}

/** For the looks that wait for these objects. */
export async function noteApplied(
  { promotion, cluster, podSpec, stage, checkTime }: ObjectsToApply,
  objects: readonly AppliedObject[],
  { promotions, clock }: PortsFor<typeof applyObjectsNeeds>,
): Promise<void> {
  // A function that slept past its time must not overwrite what a later one has applied.
  checkTime();
  await promotions.storeApplied(promotion.id, {
    at: clock.now(),
    cluster,
    rollout: podSpec.rollout,
    failFast: podSpec.failFast ?? false,
    ...stage,
    objects,
  });
}

/** A retry creates it again, once it is gone. */
function isGoing(object: KubernetesObject): PromoterError {
  return new PromoterError(
    "ClusterUnavailable",
    `${describeRef(refOf(object))} is being deleted by someone else, so it cannot be applied yet`,
  );
}

function appliedObject(live: KubernetesObject, now: number): AppliedObject {
  const { generation = 0 } = live.metadata;
  const settled = isSettled(live, { generation, startedAt: now, now });
  return { ref: refOf(live), generation, ...(settled ? { settled } : {}) };
}

export function takeoversOf(
  object: KubernetesObject,
  takeovers: readonly PlannedTakeover[],
): readonly PlannedTakeover[] {
  const name = describeRef(refOf(object));
  return takeovers.filter((one) => one.object === name);
}
