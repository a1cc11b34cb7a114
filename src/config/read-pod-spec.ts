import type { Configured } from "./load-configuration.ts";
import type { KubernetesObject } from "../domain/pod-spec/object.ts";
import { imageName, parseReference } from "../domain/image/reference.ts";
import type { Fault, PathFault } from "./fault.ts";
import { readYamlDocuments } from "./yaml-text.ts";

export interface PodSpecFile {
  readonly name: string;
  readonly text: string;
}

export interface ReadPodSpec {
  readonly objects: readonly KubernetesObject[];
  readonly faults: readonly Fault[];
}

const kinds = ["Namespace", "ConfigMap", "Service", "Deployment", "Secret"];
const clusterWide = ["Namespace"];

/** The objects of an environment from its files, with namespaces filled in; every fault with its place. */
export function readPodSpec(files: readonly PodSpecFile[], configured: Configured): ReadPodSpec {
  const seen = new Set<string>();
  const objects: KubernetesObject[] = [];
  const faults: Fault[] = [];
  for (const document of files.flatMap(({ name, text }) => readYamlDocuments(name, text))) {
    const found = document.faults.length > 0 ? [] : [...objectFaults(document.value, configured), ...duplicate(document.value, seen), ...imageFaults(document.value, configured)];
    faults.push(...document.faults, ...found.map((fault) => document.locate(fault)));
    if (document.faults.length === 0 && found.length === 0 && isObject(document.value)) objects.push(placed(document.value, configured));
  }
  return { objects, faults };
}

function placed(object: KubernetesObject, { environment: { podSpec } }: Configured): KubernetesObject {
  return clusterWide.includes(object.kind) ? object : { ...object, metadata: { ...object.metadata, namespace: podSpec.namespace } };
}

function objectFaults(value: unknown, { environment: { podSpec } }: Configured): readonly PathFault[] {
  if (!isObject(value)) return [{ path: [], message: "this is no Kubernetes object: it needs apiVersion, kind and metadata.name" }];
  const { kind, metadata } = value;
  const { namespace } = metadata;
  return [
    ...(kinds.includes(kind) ? [] : [{ path: ["kind"], message: `${kind} is not supported yet; supported are ${kinds.slice(0, 4).join(", ")}` }]),
    ...(kind === "Secret" && podSpec.secrets === "refuse" ? [{ path: ["kind"], message: "a Secret in a file is no secret; create it in the cluster, or set podSpec.secrets: allow" }] : []),
    ...(namespace !== undefined && namespace !== podSpec.namespace ? [{ path: ["metadata", "namespace"], message: `namespace "${namespace}" is not podSpec.namespace "${podSpec.namespace}"` }] : []),
    ...("status" in value ? [{ path: ["status"], at: "key" as const, message: "status belongs to the cluster; remove it" }] : []),
    ...("managedFields" in metadata ? [{ path: ["metadata", "managedFields"], at: "key" as const, message: "managedFields belongs to the cluster; remove it" }] : []),
  ];
}

function duplicate(value: unknown, seen: Set<string>): readonly PathFault[] {
  if (!isObject(value)) return [];
  const name = `${value.kind} ${value.metadata.name}`;
  const twice = seen.has(name);
  seen.add(name);
  return twice ? [{ path: ["metadata", "name"], message: `there are two objects ${name}` }] : [];
}

/** An image of our registry that no member promotes would never change. */
function imageFaults(value: unknown, { application, configuration: { registry } }: Configured): readonly PathFault[] {
  const members = application.repositories.map((repository) => imageName(registry, repository));
  const host = imageName(registry, "");
  return imagesIn(value).filter(({ name }) => name.startsWith(host) && !members.includes(name)).map(({ path, name }) =>
    ({ path, message: `${name.slice(host.length)} is no member of ${application.name}; its images are ${application.repositories.join(", ")}` }));
}

interface FoundImage {
  readonly path: readonly PropertyKey[];
  readonly name: string;
}

/** Every image of a `containers` or `initContainers` list, at any depth. */
export function imagesIn(value: unknown, path: readonly PropertyKey[] = []): readonly FoundImage[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => {
    const here = [...path, Array.isArray(value) ? Number(key) : key];
    const containers: readonly unknown[] = (key === "containers" || key === "initContainers") && Array.isArray(member) ? member : [];
    return [...containers.flatMap((container, index) => imageOf(container, [...here, index])), ...imagesIn(member, here)];
  });
}

function imageOf(container: unknown, path: readonly PropertyKey[]): readonly FoundImage[] {
  if (typeof container !== "object" || container === null || !("image" in container) || typeof container.image !== "string") return [];
  return [{ path: [...path, "image"], name: parseReference(container.image).name }];
}

function isObject(value: unknown): value is KubernetesObject {
  if (typeof value !== "object" || value === null || !("metadata" in value) || !("kind" in value) || !("apiVersion" in value)) return false;
  const { metadata, kind, apiVersion } = value;
  return typeof kind === "string" && typeof apiVersion === "string" && typeof metadata === "object" && metadata !== null && "name" in metadata && typeof metadata.name === "string";
}
