import { recordAt } from "../json.ts";
import { inApplyOrder } from "./apply-order.ts";
import { isAppliedBeforePods, isDefinition } from "./kinds.ts";
import type { KubernetesObject } from "./object.ts";
import { defines } from "./scopes.ts";

/** On an object that the workloads wait for, such as the Job of a migration. */
export const phaseAnnotation = "promoter/phase";
export const firstPhase = "before";

/**
 * The objects in the groups to apply them in, each in its order: before a group is applied, the one
 * before is ready. Definitions come before the custom resources that they define, what is annotated
 * so before the workloads, and before that whatever kinds are applied before Jobs. Without any of
 * these it is one group.
 */
export function inStages(
  objects: readonly KubernetesObject[],
): readonly (readonly KubernetesObject[])[] {
  const definitions = objects.filter(
    (one) => isDefinition(one) && objects.some((other) => defines(one, other)),
  );
  const later = objects.filter((one) => !definitions.includes(one));
  const waits = later.some(comesFirst);
  const before = later.filter((one) => waits && isNeededFirst(one));
  const stages = [definitions, before, later.filter((one) => !before.includes(one))];
  return stages.filter((stage) => stage.length > 0).map(inApplyOrder);
}

function comesFirst({ metadata }: KubernetesObject): boolean {
  return recordAt(metadata, "annotations")[phaseAnnotation] === firstPhase;
}

function isNeededFirst(object: KubernetesObject): boolean {
  return comesFirst(object) || isAppliedBeforePods(object);
}
