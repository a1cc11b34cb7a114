/** A part of an object with an address of its own. */
export type Part = "status" | "scale" | "finalize" | "log";

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
  readonly parts: readonly Part[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
}

type Row = readonly [groupVersion: string, plural: string, kind: string, traits?: string];

/**
 * To serve one more kind, add its line. Traits as discovery tells them; `all` is what `kubectl get
 * all` shows.
 */
const rows: readonly Row[] = [
  ["v1", "namespaces", "Namespace", "cluster status finalize single short=ns"],
  ["v1", "nodes", "Node", "cluster status short=no"],
  ["v1", "configmaps", "ConfigMap", "short=cm"],
  ["v1", "secrets", "Secret"],
  ["v1", "services", "Service", "status all short=svc"],
  ["v1", "serviceaccounts", "ServiceAccount", "short=sa"],
  ["v1", "persistentvolumeclaims", "PersistentVolumeClaim", "status short=pvc"],
  ["v1", "pods", "Pod", "counted status log all short=po"],
  ["v1", "events", "Event", "model=CoreV1Event short=ev"],
  ["apps/v1", "deployments", "Deployment", "counted status scale all short=deploy"],
  ["apps/v1", "replicasets", "ReplicaSet", "counted status scale all short=rs"],
  ["apps/v1", "statefulsets", "StatefulSet", "counted status scale all short=sts"],
  ["apps/v1", "daemonsets", "DaemonSet", "counted status all short=ds"],
  ["apps/v1", "controllerrevisions", "ControllerRevision"],
  ["batch/v1", "jobs", "Job", "counted status all"],
  ["batch/v1", "cronjobs", "CronJob", "counted status all short=cj"],
  ["networking.k8s.io/v1", "ingresses", "Ingress", "counted status short=ing"],
  ["networking.k8s.io/v1", "networkpolicies", "NetworkPolicy", "counted short=netpol"],
  ["autoscaling/v2", "horizontalpodautoscalers", "HorizontalPodAutoscaler", "status all short=hpa"],
  ["policy/v1", "poddisruptionbudgets", "PodDisruptionBudget", "counted status short=pdb"],
  ["rbac.authorization.k8s.io/v1", "roles", "Role"],
  ["rbac.authorization.k8s.io/v1", "rolebindings", "RoleBinding"],
];

/** What can be done at the address of a part. */
export function partVerbs(part: Part): readonly string[] {
  if (part === "log") return ["get"];
  return part === "finalize" ? ["update"] : ["get", "patch", "update"];
}

const objectVerbs = [
  "create",
  "delete",
  "deletecollection",
  "get",
  "list",
  "patch",
  "update",
  "watch",
];

export const resourceTable: readonly Resource[] = rows.map(resourceOf);

export function resourceNamed(plural: string, group: string, version = "v1"): Resource | undefined {
  return resourceTable.find(
    (row) => row.plural === plural && row.group === group && row.version === version,
  );
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
export const qualified = (name: string, group: string): string =>
  group === "" ? name : `${name}.${group}`;

function resourceOf([groupVersion, plural, kind, traits = ""]: Row): Resource {
  const [version = "", group = ""] = groupVersion.split("/").toReversed();
  const has = new Set(traits.split(" "));
  const short = /short=(\w+)/.exec(traits)?.[1];
  return {
    group,
    version,
    plural,
    kind,
    scope: has.has("cluster") ? "cluster" : "namespaced",
    model: /model=(\w+)/.exec(traits)?.[1] ?? `${version.toUpperCase()}${kind}`,
    counted: has.has("counted"),
    parts: (["status", "scale", "finalize", "log"] as const).filter((part) => has.has(part)),
    shortNames: short === undefined ? [] : [short],
    categories: has.has("all") ? ["all"] : [],
    verbs: objectVerbs.filter((verb) => verb !== "deletecollection" || !has.has("single")),
  };
}
