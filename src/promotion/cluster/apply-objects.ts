import type { PodSpecSource } from "../../domain/configuration.ts";
import { inApplyOrder } from "../../domain/pod-spec/apply-order.ts";
import { describeRef, refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import type { Promotion } from "../../domain/promotion.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { Applied } from "../../ports/promotions.ts";
import type { CheckTime } from "../lock/write-under-claim.ts";

interface ObjectsToApply {
  readonly promotion: Promotion;
  readonly objects: readonly KubernetesObject[];
  /** Its name in promoter.yml. */
  readonly cluster: string;
  readonly podSpec: Pick<PodSpecSource, "force" | "rollout">;
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
  { promotion, objects, cluster, podSpec: { force, rollout }, checkTime }: ObjectsToApply,
  ports: PortsFor<typeof applyObjectsNeeds>,
): Promise<readonly string[]> {
  const connected = await ports.clusters.connect(cluster);
  const applied: Applied["objects"][number][] = [];
  for (const object of inApplyOrder(objects)) {
    checkTime();
    const { metadata } = await connected.apply(object, { dryRun: false, force });
    applied.push({ ref: refOf(object), generation: metadata.generation ?? 0 });
  }
  // A function that slept past its time must not overwrite what a later one has applied.
  checkTime();
  await ports.promotions.storeApplied(promotion.id, {
    at: ports.clock.now(),
    cluster,
    rollout,
    objects: applied,
  });
  return applied.map(({ ref }) => `${describeRef(ref)} applied`);
}
