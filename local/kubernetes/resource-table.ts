/** One kind of object, as discovery lists it. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly scope: "namespaced" | "cluster";
  /** The class of @kubernetes/client-node that knows its fields. */
  readonly model: string;
  /** Kinds whose `metadata.generation` counts changes of what is wanted. */
  readonly counted: boolean;
}

type Row = readonly [groupVersion: string, plural: string, kind: string, traits?: string];

/** To serve one more kind, add its line. */
const rows: readonly Row[] = [
  ["v1", "namespaces", "Namespace", "cluster"],
  ["v1", "nodes", "Node", "cluster"],
  ["v1", "configmaps", "ConfigMap"],
  ["v1", "secrets", "Secret"],
  ["v1", "services", "Service"],
  ["v1", "serviceaccounts", "ServiceAccount"],
  ["v1", "persistentvolumeclaims", "PersistentVolumeClaim"],
  ["v1", "pods", "Pod", "counted"],
  ["v1", "events", "Event", "model=CoreV1Event"],
  ["apps/v1", "deployments", "Deployment", "counted"],
  ["apps/v1", "replicasets", "ReplicaSet", "counted"],
  ["apps/v1", "statefulsets", "StatefulSet", "counted"],
  ["apps/v1", "daemonsets", "DaemonSet", "counted"],
  ["apps/v1", "controllerrevisions", "ControllerRevision"],
  ["batch/v1", "jobs", "Job", "counted"],
  ["batch/v1", "cronjobs", "CronJob", "counted"],
  ["networking.k8s.io/v1", "ingresses", "Ingress", "counted"],
  ["networking.k8s.io/v1", "networkpolicies", "NetworkPolicy", "counted"],
  ["autoscaling/v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler"],
  ["policy/v1", "poddisruptionbudgets", "PodDisruptionBudget", "counted"],
  ["rbac.authorization.k8s.io/v1", "roles", "Role"],
  ["rbac.authorization.k8s.io/v1", "rolebindings", "RoleBinding"],
];

export const resourceTable: readonly Resource[] = rows.map(resourceOf);

export function resourceNamed(plural: string, group: string, version = "v1"): Resource | undefined {
  return resourceTable.find((row) => row.plural === plural && row.group === group && row.version === version);
}

export function resourceOfKind(kind: string): Resource | undefined {
  return resourceTable.find((row) => row.kind === kind);
}

/** For the kinds the controllers live on, which are in the table. */
export function knownResource(kind: string): Resource {
  const resource = resourceOfKind(kind);
  if (!resource) throw new Error(`the resource table has no kind ${kind}`);
  return resource;
}

export const apiVersionOf = (resource: Resource): string =>
  resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;

/** `deployments.apps`, `services`: how messages name a resource. */
export const qualified = (name: string, group: string): string => (group === "" ? name : `${name}.${group}`);

function resourceOf([groupVersion, plural, kind, traits = ""]: Row): Resource {
  const [version = "", group = ""] = groupVersion.split("/").toReversed();
  return {
    group,
    version,
    plural,
    kind,
    scope: traits.includes("cluster") ? "cluster" : "namespaced",
    model: /model=(\w+)/.exec(traits)?.[1] ?? `${version.toUpperCase()}${kind}`,
    counted: traits.includes("counted"),
  };
}
