import type { ObjectRef } from "./object.ts";

/** Everything that we know of a kind by itself; all else the server says. */
export interface Kind {
  readonly name: string;
  readonly apiVersion: string;
  readonly scope: "cluster" | "namespace";
  /** Whether the files of a pod spec may hold it. */
  readonly inFiles?: true;
  /** What its fields hold, so that they are checked, compared and shown accordingly. */
  readonly holds?: "pods" | "ports" | "texts" | "secrets";
  /** How to see that its pods run; absent: it is complete as soon as it exists. */
  readonly rollout?: "deployment" | "stateful-set" | "daemon-set";
  /** A rollback leaves it: removing it would take with it what others put there. */
  readonly outlivesRollback?: true;
}

const core = { apiVersion: "v1", scope: "namespace" } as const;
const rbac = { apiVersion: "rbac.authorization.k8s.io/v1" } as const;
const apps = { apiVersion: "apps/v1", scope: "namespace", holds: "pods" } as const;
const batch = { apiVersion: "batch/v1", scope: "namespace" } as const;

const namespace: Kind = {
  name: "Namespace",
  apiVersion: "v1",
  scope: "cluster",
  inFiles: true,
  outlivesRollback: true,
};
/** Stands for every kind that the table does not name. */
const anyOther: Kind = { name: "", apiVersion: "", scope: "namespace" };

/** In the order to apply them: what others need comes first, what starts pods comes last. */
const kinds: readonly Kind[] = [
  namespace,
  { name: "CustomResourceDefinition", apiVersion: "apiextensions.k8s.io/v1", scope: "cluster" },
  { name: "ResourceQuota", ...core },
  { name: "LimitRange", ...core },
  { name: "ServiceAccount", ...core },
  { name: "Role", ...rbac, scope: "namespace" },
  { name: "ClusterRole", ...rbac, scope: "cluster" },
  { name: "RoleBinding", ...rbac, scope: "namespace" },
  { name: "ClusterRoleBinding", ...rbac, scope: "cluster" },
  { name: "ConfigMap", ...core, inFiles: true, holds: "texts" },
  { name: "Secret", ...core, inFiles: true, holds: "secrets" },
  { name: "PersistentVolumeClaim", ...core },
  { name: "NetworkPolicy", apiVersion: "networking.k8s.io/v1", scope: "namespace" },
  { name: "Service", ...core, inFiles: true, holds: "ports" },
  anyOther,
  { name: "HorizontalPodAutoscaler", apiVersion: "autoscaling/v2", scope: "namespace" },
  { name: "Job", ...batch },
  { name: "CronJob", ...batch },
  { name: "Pod", ...core },
  { name: "DaemonSet", ...apps, rollout: "daemon-set" },
  { name: "StatefulSet", ...apps, rollout: "stateful-set" },
  { name: "Deployment", ...apps, inFiles: true, rollout: "deployment" },
];

/** By the name that stands in the field `kind`. */
export function kindOf({ kind }: Pick<ObjectRef, "kind">): Kind {
  return kinds.find(({ name }) => name === kind) ?? anyOther;
}

export const kindsInFiles: readonly Kind[] = kinds.filter(({ inFiles }) => inFiles);

/** The lower one is applied first. */
export function applyRank(object: Pick<ObjectRef, "kind">): number {
  return kinds.indexOf(kindOf(object));
}

export function namespaceRef(name: string): ObjectRef {
  return { apiVersion: namespace.apiVersion, kind: namespace.name, name, namespace: undefined };
}

/** Whether it is a Namespace itself. */
export function isNamespace({ kind }: Pick<ObjectRef, "kind">): boolean {
  return kind === namespace.name;
}
