import { describeRef, refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import { inStages } from "../../domain/pod-spec/stages.ts";
import type { PortsFor } from "../../ports/ports.ts";
import type { AppliedObject } from "../../ports/promotions.ts";
import {
  applyObjects,
  noteApplied,
  type applyObjectsNeeds,
  type ObjectsToApply,
} from "./apply-objects.ts";
import { findReplaced } from "./replace-object.ts";

type StagePorts = PortsFor<typeof applyObjectsNeeds>;

/**
 * Applies the next stage of the objects of a plan. What is to be replaced in it is removed first,
 * and the stage comes again when that is gone: a function must not wait for it. Idempotent. Gives a
 * line for each object.
 */
export async function applyStage(
  { objects, ...common }: Omit<ObjectsToApply, "stage" | "planned">,
  ports: StagePorts,
): Promise<readonly string[]> {
  const { applied } = common.promotion;
  const stages = inStages(objects);
  const number = Math.min(applied?.stages ?? 0, Math.max(0, stages.length - 1));
  const begun = applied ? { since: applied.since } : {};
  const part = { ...common, planned: objects, objects: stages[number] ?? [] };
  const removed = await removeReplaced({ ...part, stage: { ...begun, next: number } }, ports);
  if (removed.length > 0) return removed;
  const isLast = number + 1 >= stages.length;
  return applyObjects(
    { ...part, stage: { ...begun, ...(isLast ? {} : { next: number + 1 }) } },
    ports,
  );
}

async function removeReplaced(
  wanted: ObjectsToApply,
  ports: StagePorts,
): Promise<readonly string[]> {
  const { objects, cluster, podSpec, checkTime } = wanted;
  const connected = await ports.clusters.connect(cluster);
  const target = { cluster: connected, force: podSpec.force };
  const removed: { readonly object: KubernetesObject; readonly reason: string }[] = [];
  for (const object of objects) {
    checkTime();
    const replaced = await findReplaced(object, target);
    if (!replaced) continue;
    await connected.remove(refOf(object), { foreground: true });
    removed.push({ object, reason: replaced.reason });
  }
  if (removed.length === 0) return [];
  const going = removed.map(({ object }): AppliedObject => ({
    ref: refOf(object),
    generation: 0,
    going: true,
  }));
  await noteApplied(wanted, going, ports);
  return removed.map(
    ({ object, reason }) => `${describeRef(refOf(object))} removed, to be created again: ${reason}`,
  );
}
