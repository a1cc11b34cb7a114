import { applyRank, kindOf } from "./kinds.ts";
import type { KubernetesObject, ObjectRef } from "./object.ts";

/** The objects in the order to apply them; those of one kind stay in the order given. */
export function inApplyOrder(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.toSorted((one, other) => applyRank(one) - applyRank(other));
}

/** What a rollback removes, in the order to do so: the reverse. */
export function inRemovalOrder(refs: readonly ObjectRef[]): readonly ObjectRef[] {
  const removable = refs.filter((ref) => !kindOf(ref).outlivesRollback);
  return removable.toSorted((one, other) => applyRank(other) - applyRank(one));
}
