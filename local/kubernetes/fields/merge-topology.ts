/**
 * How a list merges in server-side apply: as one value, as a set of scalars, or element by element
 * under its keys.
 */
export type ListMerge =
  | { readonly kind: "atomic" }
  | { readonly kind: "set" }
  | {
      readonly kind: "keys";
      readonly keys: readonly string[];
      readonly defaults: Readonly<Record<string, string>>;
    };

/**
 * `x-kubernetes-list-type`, `-list-map-keys` and `-map-type` of the API server's OpenAPI document
 * (api/openapi-spec/swagger.json of kubernetes/kubernetes). Keys are in alphabetical order, as
 * FieldsV1 writes them. A list that is not named here is atomic:
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
 */
const listKeys: Readonly<Record<string, string>> = {
  "V1PodSpec.containers": "name",
  "V1PodSpec.initContainers": "name",
  "V1PodSpec.ephemeralContainers": "name",
  "V1PodSpec.volumes": "name",
  "V1PodSpec.imagePullSecrets": "name",
  "V1PodSpec.hostAliases": "ip",
  "V1PodSpec.schedulingGates": "name",
  "V1PodSpec.resourceClaims": "name",
  "V1PodSpec.topologySpreadConstraints": "topologyKey whenUnsatisfiable",
  "V1PodStatus.conditions": "type",
  "V1PodStatus.podIPs": "ip",
  "V1Container.env": "name",
  "V1Container.ports": "containerPort protocol",
  "V1Container.volumeMounts": "mountPath",
  "V1Container.volumeDevices": "devicePath",
  "V1ResourceRequirements.claims": "name",
  "V1ServiceSpec.ports": "port protocol",
  "V1ServiceStatus.conditions": "type",
  "V1ServiceAccount.secrets": "name",
  "V1DeploymentStatus.conditions": "type",
  "V1ReplicaSetStatus.conditions": "type",
  "V1StatefulSetStatus.conditions": "type",
  "V1DaemonSetStatus.conditions": "type",
  "V1NamespaceStatus.conditions": "type",
  "V1NodeStatus.conditions": "type",
  "V1NodeStatus.addresses": "type",
  "V1PodDisruptionBudgetStatus.conditions": "type",
  "V2HorizontalPodAutoscalerStatus.conditions": "type",
  "V1ObjectMeta.ownerReferences": "uid",
};

/** An element without protocol is the TCP one, also in its key. */
const keyDefaults = { protocol: "TCP" };

export const listMerges: ReadonlyMap<string, ListMerge> = new Map<string, ListMerge>([
  ...Object.entries(listKeys).map(([field, keys]): [string, ListMerge] => [
    field,
    { kind: "keys", keys: keys.split(" "), defaults: keyDefaults },
  ]),
  ["V1ObjectMeta.finalizers", { kind: "set" }],
  ["V1NamespaceSpec.finalizers", { kind: "atomic" }],
]);

export const atomicMaps: ReadonlySet<string> = new Set([
  "V1PodSpec.nodeSelector",
  "V1ServiceSpec.selector",
]);

export const atomicModels: ReadonlySet<string> = new Set([
  "V1LabelSelector",
  "V1LocalObjectReference",
  "V1TypedLocalObjectReference",
  "V1ObjectReference",
  "V1OwnerReference",
  "V1ConfigMapKeySelector",
  "V1SecretKeySelector",
  "V1ObjectFieldSelector",
  "V1ResourceFieldSelector",
  "V1SecretReference",
  "V1NodeSelector",
  "V1NodeSelectorTerm",
  "V1RoleRef",
  "RbacV1Subject",
]);

/** Strings (or maps of them) that hold a quantity such as `250m`, and may be written as a number. */
export const quantityFields: ReadonlySet<string> = new Set([
  "V1ResourceRequirements.limits",
  "V1ResourceRequirements.requests",
  "V1VolumeResourceRequirements.limits",
  "V1VolumeResourceRequirements.requests",
  "V1EmptyDirVolumeSource.sizeLimit",
  "V1PodSpec.overhead",
]);
