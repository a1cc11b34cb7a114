/** All that we know of a kind by itself; everything else the server says. */
export interface Kind {
  readonly name: string;
  /** API group; "" for the core one. */
  readonly group: string;
  /** That the API server has; the first one is the one to write. Empty for custom kinds. */
  readonly versions: readonly string[];
  /** `unknown`: the server's discovery tells. */
  readonly scope: "cluster" | "namespace" | "unknown";
  /** Whether a pod spec may hold it: by default, where `podSpec.kinds` names it, or never. */
  readonly use: "default" | "named" | "never";
  /** Of what may never be used: why, and what to do instead. */
  readonly refusal?: Refusal;
  /** What its fields hold, so that they are checked, compared and shown accordingly. */
  readonly holds?: "pods" | "ports" | "texts" | "secrets";
  /** Where its pod template stands; empty for a Pod, which is one itself. */
  readonly template?: readonly string[];
  /** Whether its selector must select the pods of its template. */
  readonly selects?: true;
  /** How to see that it does what it is there for; absent: it does as soon as it exists. */
  readonly readiness?: Readiness;
  /**
   * It does its work once, so it is replaced when its template changed, and a rollback neither
   * removes nor restores it.
   */
  readonly runsOnce?: true;
  /** A rollback leaves it: removing it would take with it what others put there. */
  readonly outlivesRollback?: true;
  /**
   * The verb that whoever applies it needs, unless it has every right that the object gives
   * (kubernetes.io/docs/reference/access-authn-authz/rbac, "Privilege escalation prevention").
   */
  readonly grants?: "escalate" | "bind";
  /** It may stop what custom resources need, so it is applied after them. */
  readonly appliedAfterCustom?: true;
}

export type Readiness =
  | "deployment"
  | "stateful-set"
  | "daemon-set"
  | "job"
  | "pod"
  | "claim"
  | "service"
  | "definition"
  /** Its controller writes which generation it has seen, if anything. */
  | "observed"
  /** Its controller writes conditions, by the conventions that many follow. */
  | "conditions";

interface Refusal {
  readonly reason: string;
  readonly remedy: string;
}

/** Stands for every kind that is not built in. */
export const customKind: Kind = {
  name: "",
  group: "",
  versions: [],
  scope: "unknown",
  use: "named",
  readiness: "conditions",
};

type Traits = Partial<Omit<Kind, "name" | "group" | "scope">>;

function namespaced(apiVersion: string, name: string, traits: Traits = {}): Kind {
  return row(apiVersion, name, { scope: "namespace", use: "default", ...traits });
}

function clusterWide(apiVersion: string, name: string, traits: Traits = {}): Kind {
  return row(apiVersion, name, { scope: "cluster", use: "named", ...traits });
}

function row(apiVersion: string, name: string, traits: Traits & Pick<Kind, "scope" | "use">): Kind {
  const [version = "", group = ""] = apiVersion.split("/").toReversed();
  return { name, group, versions: [version], ...traits };
}

const written: Refusal = {
  reason: "the cluster writes it itself",
  remedy: "keep it out of the objects",
};
const action: Refusal = {
  reason: "it is a request to the API server, not an object that stays",
  remedy: "keep it out of the objects",
};
const neverRestarts: Refusal = {
  reason: "changing its template restarts no pod, so a new image would not run",
  remedy: "write a Deployment",
};

function never(kind: Kind, refusal: Refusal): Kind {
  return { ...kind, use: "never", refusal };
}

const template = ["spec", "template"];
const workload = { holds: "pods", template } as const;
const rbac = "rbac.authorization.k8s.io/v1";
const admission = "admissionregistration.k8s.io/v1";
const flow = "flowcontrol.apiserver.k8s.io/v1";

export const namespaceKind = clusterWide("v1", "Namespace", {
  use: "default",
  outlivesRollback: true,
});
export const definitionKind = clusterWide("apiextensions.k8s.io/v1", "CustomResourceDefinition", {
  outlivesRollback: true,
  readiness: "definition",
});
export const autoscalerKind = namespaced("autoscaling/v2", "HorizontalPodAutoscaler", {
  versions: ["v2", "v1"],
  readiness: "observed",
});
/** What a cluster writes about other objects. */
export const eventKind = namespaced("v1", "Event");
export const secretKind = namespaced("v1", "Secret", { use: "named", holds: "secrets" });

/**
 * Every kind of Kubernetes 1.36 that has objects, in the order to apply them: what others need
 * comes first, then what starts pods, then what leads traffic to them. Custom resources come where
 * `appliedAfterCustom` begins.
 */
export const builtInKinds: readonly Kind[] = [
  namespaceKind,
  definitionKind,
  clusterWide("scheduling.k8s.io/v1", "PriorityClass"),
  clusterWide("node.k8s.io/v1", "RuntimeClass"),
  clusterWide("storage.k8s.io/v1", "StorageClass"),
  clusterWide("storage.k8s.io/v1", "VolumeAttributesClass"),
  clusterWide("storage.k8s.io/v1", "CSIDriver"),
  clusterWide("networking.k8s.io/v1", "IngressClass"),
  clusterWide("networking.k8s.io/v1", "ServiceCIDR"),
  clusterWide("resource.k8s.io/v1", "DeviceClass"),
  clusterWide(flow, "PriorityLevelConfiguration"),
  clusterWide(flow, "FlowSchema"),
  namespaced("v1", "ResourceQuota"),
  namespaced("v1", "LimitRange"),
  namespaced("v1", "ServiceAccount"),
  namespaced(rbac, "Role", { grants: "escalate" }),
  clusterWide(rbac, "ClusterRole", { grants: "escalate" }),
  namespaced(rbac, "RoleBinding", { grants: "bind" }),
  clusterWide(rbac, "ClusterRoleBinding", { grants: "bind" }),
  namespaced("v1", "ConfigMap", { holds: "texts" }),
  secretKind,
  clusterWide("v1", "PersistentVolume", { outlivesRollback: true }),
  namespaced("v1", "PersistentVolumeClaim", { readiness: "claim", outlivesRollback: true }),
  namespaced("resource.k8s.io/v1", "ResourceClaimTemplate"),
  namespaced("resource.k8s.io/v1", "ResourceClaim"),
  namespaced("v1", "PodTemplate"),
  namespaced("v1", "Service", { holds: "ports", readiness: "service" }),
  namespaced("v1", "Endpoints"),
  namespaced("discovery.k8s.io/v1", "EndpointSlice"),
  namespaced("batch/v1", "Job", { ...workload, readiness: "job", runsOnce: true }),
  namespaced("batch/v1", "CronJob", {
    holds: "pods",
    template: ["spec", "jobTemplate", "spec", "template"],
  }),
  namespaced("v1", "Pod", { holds: "pods", template: [], readiness: "pod" }),
  namespaced("apps/v1", "DaemonSet", { ...workload, selects: true, readiness: "daemon-set" }),
  namespaced("apps/v1", "StatefulSet", { ...workload, selects: true, readiness: "stateful-set" }),
  namespaced("apps/v1", "Deployment", { ...workload, selects: true, readiness: "deployment" }),
  autoscalerKind,
  namespaced("policy/v1", "PodDisruptionBudget", { readiness: "observed" }),
  namespaced("networking.k8s.io/v1", "Ingress", { readiness: "observed" }),
  namespaced("networking.k8s.io/v1", "NetworkPolicy", { readiness: "observed" }),
  clusterWide("apiregistration.k8s.io/v1", "APIService", { appliedAfterCustom: true }),
  clusterWide(admission, "ValidatingAdmissionPolicy"),
  clusterWide(admission, "ValidatingAdmissionPolicyBinding"),
  clusterWide(admission, "MutatingAdmissionPolicy"),
  clusterWide(admission, "MutatingAdmissionPolicyBinding"),
  clusterWide(admission, "ValidatingWebhookConfiguration"),
  clusterWide(admission, "MutatingWebhookConfiguration"),
  never(namespaced("apps/v1", "ReplicaSet", workload), neverRestarts),
  never(namespaced("v1", "ReplicationController", workload), neverRestarts),
  ...[
    eventKind,
    namespaced("events.k8s.io/v1", "Event"),
    namespaced("apps/v1", "ControllerRevision"),
    namespaced("coordination.k8s.io/v1", "Lease"),
    namespaced("coordination.k8s.io/v1beta1", "LeaseCandidate"),
    namespaced("storage.k8s.io/v1", "CSIStorageCapacity"),
    namespaced("certificates.k8s.io/v1beta1", "PodCertificateRequest"),
    clusterWide("certificates.k8s.io/v1", "CertificateSigningRequest"),
    clusterWide("storage.k8s.io/v1", "CSINode"),
    clusterWide("storage.k8s.io/v1", "VolumeAttachment"),
    clusterWide("resource.k8s.io/v1", "ResourceSlice"),
    clusterWide("networking.k8s.io/v1", "IPAddress"),
    clusterWide("v1", "ComponentStatus"),
    clusterWide("v1", "Node"),
  ].map((kind) => never(kind, written)),
  ...[
    namespaced("v1", "Binding"),
    namespaced("policy/v1", "Eviction"),
    namespaced("authorization.k8s.io/v1", "LocalSubjectAccessReview"),
    clusterWide("authorization.k8s.io/v1", "SubjectAccessReview"),
    clusterWide("authorization.k8s.io/v1", "SelfSubjectAccessReview"),
    clusterWide("authorization.k8s.io/v1", "SelfSubjectRulesReview"),
    clusterWide("authentication.k8s.io/v1", "TokenReview"),
    clusterWide("authentication.k8s.io/v1", "SelfSubjectReview"),
  ].map((kind) => never(kind, action)),
];
