import {
  builtInKinds,
  customKind,
  definitionKind,
  namespaceKind,
  secretKind,
  type Kind,
} from "./built-in-kinds.ts";
import type { ObjectRef } from "./object.ts";

export type { Kind } from "./built-in-kinds.ts";

/** Enough of an object to know its kind: a Knative Service is not the Service of the core group. */
export type Typed = Pick<ObjectRef, "apiVersion" | "kind">;

const byKey: ReadonlyMap<string, Kind> = new Map(
  builtInKinds.map((kind) => [kindKey(kind), kind] as const),
);

/**
 * A kind that is not built into Kubernetes is a custom one, of which only the server knows more;
 * whatever is called a Secret is kept as one.
 */
export function kindOf({ apiVersion, kind: name }: Typed): Kind {
  const group = groupOf(apiVersion);
  const known = byKey.get(kindKey({ group, name }));
  if (known) return known;
  return { ...customKind, name, group, ...(name === secretKind.name ? { holds: "secrets" } : {}) };
}

/** `apps` of `apps/v1`, "" of `v1`. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** `v1` of `apps/v1` and of `v1`. */
export function versionOf({ apiVersion }: Pick<Typed, "apiVersion">): string {
  return apiVersion.slice(apiVersion.indexOf("/") + 1);
}

/** `ServiceMonitor.monitoring.coreos.com`, `ConfigMap`: as `podSpec.kinds` names a kind. */
export function kindKey({ group, name }: Pick<Kind, "group" | "name">): string {
  return group === "" ? name : `${name}.${group}`;
}

/** Whether an entry of `podSpec.kinds` means the kind: the group may be left out. */
export function isKindNamed(kind: Pick<Kind, "group" | "name">, entry: string): boolean {
  return entry === kind.name || entry === kindKey(kind);
}

/** Of every group. */
export function kindsNamed(name: string): readonly Kind[] {
  return builtInKinds.filter((kind) => isKindNamed(kind, name));
}

const ranks: ReadonlyMap<string, number> = new Map(
  builtInKinds.map((kind, rank) => [kindKey(kind), rank] as const),
);
const customRank = builtInKinds.findIndex(({ appliedAfterCustom }) => appliedAfterCustom) - 0.5;

const firstPods = builtInKinds.findIndex(({ holds }) => holds === "pods");

/** Whether pods may need it, so that it is applied before whatever runs some. */
export function isAppliedBeforePods(object: Typed): boolean {
  return applyRank(object) < firstPods;
}

/** The lower one is applied first. */
export function applyRank(object: Typed): number {
  return ranks.get(kindKey(kindOf(object))) ?? customRank;
}

export function namespaceRef(name: string): ObjectRef {
  const { name: kind, versions } = namespaceKind;
  return { apiVersion: versions.join(), kind, name, namespace: undefined };
}

/** Whether it is a Namespace itself. */
export function isNamespace(object: Typed): boolean {
  return kindOf(object) === namespaceKind;
}

/** Whether it defines a kind of custom resources. */
export function isDefinition(object: Typed): boolean {
  return kindOf(object) === definitionKind;
}

const rolling: readonly Kind["readiness"][] = ["deployment", "stateful-set", "daemon-set"];

/** Whether a controller replaces its pods when its template changes. */
export function rolls(object: Typed): boolean {
  return rolling.includes(kindOf(object).readiness);
}

/** Whether it runs pods. */
export function holdsPods(object: Typed): boolean {
  return kindOf(object).holds === "pods";
}
