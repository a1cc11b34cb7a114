import { inRemovalOrder } from "../../domain/pod-spec/apply-order.ts";
import type { Promotion } from "../../domain/promotion.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { Snapshot } from "../../ports/promotions.ts";
import type { CheckTime } from "../lock/write-under-claim.ts";
import { podSpecOf } from "../record/find-environment.ts";
import { applyObjects, applyObjectsNeeds } from "./apply-objects.ts";

export const restoreSnapshotNeeds = [...applyObjectsNeeds] as const satisfies readonly Need[];

/**
 * Restores what was live before a promotion changed the cluster. Idempotent. Gives a line for each
 * object.
 */
export async function restoreSnapshot(
  {
    promotion,
    snapshot,
    checkTime,
  }: { readonly promotion: Promotion; readonly snapshot: Snapshot; readonly checkTime: CheckTime },
  ports: PortsFor<typeof restoreSnapshotNeeds>,
): Promise<readonly string[]> {
  const podSpec = snapshot.podSpec ?? podSpecOf(await ports.configurations.read(), promotion);
  const { cluster } = snapshot;
  const existed = snapshot.objects.flatMap((one) => (one.kind === "existed" ? [one.object] : []));
  const connected = await ports.clusters.connect(cluster);
  const removed = await removeNew(snapshot, connected, checkTime);
  const applied = await applyObjects(
    { promotion, objects: existed, cluster, podSpec, checkTime },
    ports,
  );
  return [...removed, ...applied];
}

async function removeNew(
  snapshot: Snapshot,
  cluster: Cluster,
  checkTime: CheckTime,
): Promise<readonly string[]> {
  const absent = snapshot.objects.flatMap((one) => (one.kind === "absent" ? [one.ref] : []));
  const lines: string[] = [];
  for (const ref of inRemovalOrder(absent)) {
    checkTime();
    await cluster.remove(ref);
    lines.push(`${ref.kind} ${ref.name} removed: it did not exist before`);
  }
  return lines;
}
