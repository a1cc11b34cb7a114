import { recordAt, textAt, valueAt, withoutKeys } from "../json.ts";
import { autoscalerKind } from "./built-in-kinds.ts";
import { ownersOf, replicasPath } from "./field-owners.ts";
import { isEmptySet, setAt } from "./field-set.ts";
import { kindOf } from "./kinds.ts";
import type { KubernetesObject } from "./object.ts";

/**
 * The rule that a plan carries with its hash: who approves it agrees to it, whatever an autoscaler
 * does until the objects are applied.
 */
export const replicasRule =
  "spec.replicas of an object that exists is left alone while a controller scales it";

/** The object without `spec.replicas`. */
export function withoutReplicas(object: KubernetesObject): KubernetesObject {
  return valueAt(object, ...replicasPath) === undefined
    ? object
    : { ...object, spec: withoutKeys(recordAt(object, "spec"), ["replicas"]) };
}

/** Whether applying would change how many pods run; 1 is the default of every scaled kind. */
export function changesReplicas({
  live,
  object,
}: {
  readonly live: KubernetesObject;
  readonly object: KubernetesObject;
}): boolean {
  const before = valueAt(live, ...replicasPath);
  return before !== undefined && before !== (valueAt(object, ...replicasPath) ?? 1);
}

/**
 * A HorizontalPodAutoscaler writes through the subresource `scale`; so does `kubectl scale`, a
 * person.
 */
export function scalerOf(live: KubernetesObject): string | undefined {
  return ownersOf(live, "").find(
    ({ kind, subresource, fields }) =>
      kind === "other" && subresource === "scale" && !isEmptySet(setAt(fields, replicasPath)),
  )?.manager;
}

export const autoscaler = { apiVersion: "autoscaling/v2", kind: autoscalerKind.name } as const;

/** An autoscaler that has not scaled yet owns nothing, and will want to. */
export function autoscalerAmong(
  objects: readonly KubernetesObject[],
  { kind, metadata }: KubernetesObject,
): string | undefined {
  const found = objects.find(
    (one) =>
      kindOf(one) === autoscalerKind &&
      one.metadata.namespace === metadata.namespace &&
      textAt(one, "spec", "scaleTargetRef", "kind") === kind &&
      textAt(one, "spec", "scaleTargetRef", "name") === metadata.name,
  );
  return found && `${autoscaler.kind} ${found.metadata.name}`;
}
