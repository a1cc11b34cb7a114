import type { KubernetesObject, ObjectRef } from "./object.ts";

/**
 * What others need comes first, what starts pods comes last. A kind that is not named here comes
 * between the two.
 */
const first = [
  "Namespace",
  "CustomResourceDefinition",
  "ResourceQuota",
  "LimitRange",
  "ServiceAccount",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
  "ConfigMap",
  "Secret",
  "PersistentVolumeClaim",
  "NetworkPolicy",
  "Service",
];
const last = [
  "HorizontalPodAutoscaler",
  "Job",
  "CronJob",
  "Pod",
  "DaemonSet",
  "StatefulSet",
  "Deployment",
];

/** The objects in the order to apply them; those of one kind stay in the order given. */
export function inApplyOrder(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.toSorted((one, other) => rank(one.kind) - rank(other.kind));
}

/**
 * The objects in the order to remove them: the reverse, and never a Namespace, because that would
 * take with it what is not ours.
 */
export function inRemovalOrder(refs: readonly ObjectRef[]): readonly ObjectRef[] {
  const removable = refs.filter(({ kind }) => kind !== "Namespace");
  return removable.toSorted((one, other) => rank(other.kind) - rank(one.kind));
}

function rank(kind: string): number {
  if (first.includes(kind)) return first.indexOf(kind);
  return last.includes(kind) ? first.length + 1 + last.indexOf(kind) : first.length;
}
