import type { KindSchema } from "@promoter/kubernetes-schemas";
import type { JsonObject } from "../../json-value.ts";
import { builtInSchemas, type FieldSchema, typeSchema } from "../schemas/field-schema.ts";

/** A part of an object with an address of its own. */
export type Part = (typeof partNames)[number];
const partNames = ["status", "scale", "finalize", "log"] as const;

/** One kind of object, as discovery lists it. */
export interface Resource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly scope: "namespaced" | "cluster";
  readonly schema: FieldSchema;
  /** Kinds whose `metadata.generation` counts changes of what is wanted. */
  readonly counted: boolean;
  /** Kinds of which a deletion answers with the object that is gone, not with a Status. */
  readonly returned: boolean;
  readonly parts: readonly Part[];
  /** What a real server serves beside these, and this one does not. */
  readonly otherParts: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  /** Of the kinds of a CustomResourceDefinition. */
  readonly custom?: CustomKind;
}

interface CustomKind {
  /** As the definition has it. */
  readonly schema: JsonObject;
  /** Where `/scale` finds the replicas; empty: nowhere. */
  readonly scale: JsonObject;
}

/**
 * What the schemas do not say of a kind: short names and the category `all` as discovery of a
 * server 1.36 has them, whether its strategy sets `Generation` and its storage
 * `ReturnDeletedObject` (kubernetes/kubernetes pkg/registry).
 */
const traits: ReadonlyMap<string, string> = new Map(
  Object.entries({
    CertificateSigningRequest: "short=csr",
    ConfigMap: "short=cm",
    CronJob: "counted all short=cj",
    CustomResourceDefinition: "counted short=crd,crds",
    DaemonSet: "counted all short=ds",
    Deployment: "counted all short=deploy",
    DeviceClass: "returned counted",
    EndpointSlice: "counted",
    Endpoints: "short=ep",
    Event: "short=ev",
    FlowSchema: "counted",
    HorizontalPodAutoscaler: "all short=hpa",
    IPAddress: "short=ip",
    Ingress: "counted short=ing",
    IngressClass: "counted",
    Job: "counted all",
    LimitRange: "short=limits",
    MutatingAdmissionPolicy: "counted",
    MutatingAdmissionPolicyBinding: "counted",
    MutatingWebhookConfiguration: "counted",
    Namespace: "short=ns",
    NetworkPolicy: "counted short=netpol",
    Node: "short=no",
    PersistentVolume: "returned short=pv",
    PersistentVolumeClaim: "returned short=pvc",
    Pod: "returned counted all short=po",
    PodDisruptionBudget: "counted short=pdb",
    PodTemplate: "returned counted",
    PriorityClass: "counted short=pc",
    PriorityLevelConfiguration: "counted",
    ReplicaSet: "counted all short=rs",
    ReplicationController: "counted all short=rc",
    ResourceQuota: "returned short=quota",
    ResourceSlice: "returned counted",
    Service: "returned all short=svc",
    ServiceAccount: "returned short=sa",
    StatefulSet: "counted all short=sts",
    CSIDriver: "returned",
    CSINode: "returned",
    VolumeAttachment: "returned",
    ResourceClaim: "returned",
    ResourceClaimTemplate: "returned",
    StorageClass: "returned short=sc",
    ValidatingAdmissionPolicy: "counted",
    ValidatingAdmissionPolicyBinding: "counted",
    ValidatingWebhookConfiguration: "counted",
    VolumeAttributesClass: "returned short=vac",
  }),
);

const extensionGroups: ReadonlySet<string> = new Set([
  "admissionregistration.k8s.io",
  "apiextensions.k8s.io",
  "apiregistration.k8s.io",
]);

/** What can be done at the address of a part. */
export function partVerbs(part: Part): readonly string[] {
  if (part === "log") return ["get"];
  return part === "finalize" ? ["update"] : ["get", "patch", "update"];
}

/**
 * Every built-in kind that a server stores without being asked for more: alpha and beta versions
 * are off by default (https://kubernetes.io/docs/reference/using-api/#api-groups-and-versioning).
 * Of several versions the newest comes first; an object is stored under the version that it was
 * written in.
 */
export const builtInResources: readonly Resource[] = builtInSchemas
  .kinds()
  .filter(({ apiVersion, verbs }) => /(^|\/)v\d+$/.test(apiVersion) && verbs.includes("list"))
  .toSorted((one, other) => versionOf(other.apiVersion) - versionOf(one.apiVersion))
  .map(resourceOf);

function resourceOf(schema: KindSchema): Resource {
  const { apiVersion, kind, plural, namespaced, type, verbs, subresources } = schema;
  const [version = "", group = ""] = apiVersion.split("/").toReversed();
  const has = new Set(traits.get(kind)?.split(" "));
  const short = /short=(\S+)/.exec(traits.get(kind) ?? "")?.[1];
  const extension = extensionGroups.has(group) ? ["api-extensions"] : [];
  return {
    group,
    version,
    plural,
    kind,
    scope: namespaced ? "namespaced" : "cluster",
    schema: typeSchema(type),
    counted: has.has("counted"),
    returned: has.has("returned"),
    parts: partNames.filter((part) => subresources.includes(part)),
    otherParts: subresources.filter((part) => !partNames.some((one) => one === part)),
    shortNames: short?.split(",") ?? [],
    categories: has.has("all") ? ["all"] : extension,
    verbs: verbs.toSorted(),
  };
}

function versionOf(apiVersion: string): number {
  return Number(/\d+$/.exec(apiVersion)?.[0]);
}

export function resourceOfKind(kind: string): Resource | undefined {
  return builtInResources.find((row) => row.kind === kind);
}

/** Of a built-in kind that the server itself works with. */
export function knownResource(kind: string): Resource {
  const resource = resourceOfKind(kind);
  if (!resource) throw new Error(`Kubernetes has no kind ${kind}`);
  return resource;
}

/** Versions of a definition are ways to write the same object. */
export const storageKey = ({ group, version, plural, custom }: Resource): string =>
  custom ? `${group}/${plural}` : `${group}/${version}/${plural}`;

export const apiVersionOf = (resource: Resource): string =>
  resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;

/** `deployments.apps`, `services`: how messages name a resource. */
export const qualified = (name: string, group: string): string =>
  group === "" ? name : `${name}.${group}`;
