import { listAt, textAt, valueAt } from "../json.ts";
import {
  isEmptySet,
  parseFieldsV1,
  setAt,
  unite,
  withoutField,
  type FieldSet,
} from "./field-set.ts";
import type { KubernetesObject } from "./object.ts";
import { isAppliedBy } from "./owned-fields.ts";

/** An entry of `metadata.managedFields`: who last wrote which fields, and how. */
export interface FieldOwner {
  readonly manager: string;
  /** The part of the object through which it wrote, such as `status` and `scale`; "": itself. */
  readonly subresource: string;
  /**
   * `ours`: what we applied. `by-hand`: written by a person, or by the tool that deployed the
   * object before us; a promotion adopts it. `other`: a controller, or a tool that we do not know.
   */
  readonly kind: "ours" | "by-hand" | "other";
  readonly fields: FieldSet;
  readonly entry: unknown;
}

/** Of an object without field managers, all fields get this one with the first apply. */
export const unownedBefore = "before-first-apply";

/**
 * Names under which people and deployment tools write, complete or as the start of a name. kubectl:
 * `kubectl-client-side-apply`, `-edit`, `-set`, `-patch`, … and `kubectl` itself for `apply
 * --server-side` and `scale` (k8s.io/kubectl 0.36, `AddFieldManagerFlagVar`); Helm: `helm`
 * (helm.sh/helm, cmd/helm, `ManagedFieldsManager`); what was there before an object had field
 * managers: apimachinery, managedfields/internal/skipnonapplied.go. Flux takes over the same
 * (kustomize-controller, "kubectl" and "before-first-apply").
 */
const byHand = { names: ["kubectl", "helm", unownedBefore], starts: ["kubectl-"] };

export function isByHand(manager: string): boolean {
  return byHand.names.includes(manager) || byHand.starts.some((start) => manager.startsWith(start));
}

export const replicasPath = ["spec", "replicas"] as const;

/**
 * `kubectl rollout restart` writes it into the pod template; taking it away would restart the pods
 * for nothing.
 */
const restartedAt = [
  "spec",
  "template",
  "metadata",
  "annotations",
  "kubectl.kubernetes.io/restartedAt",
] as const;

export function ownersOf(object: KubernetesObject, ourName: string): readonly FieldOwner[] {
  return listAt(object.metadata, "managedFields").map((entry) => {
    const manager = textAt(entry, "manager") ?? "";
    const subresource = textAt(entry, "subresource") ?? "";
    const fields = parseFieldsV1(valueAt(entry, "fieldsV1"));
    const isOurs = isAppliedBy(entry, ourName);
    return {
      manager,
      subresource,
      entry,
      fields,
      kind: isOurs ? "ours" : isAdopted({ manager, subresource }) ? "by-hand" : "other",
    };
  });
}

/** What a subresource wrote is a controller's, but for `kubectl scale`. */
function isAdopted({ manager, subresource }: Pick<FieldOwner, "manager" | "subresource">): boolean {
  return (subresource === "" || subresource === "scale") && isByHand(manager);
}

/**
 * Parts an owner's fields into those that a promotion adopts and those that stay with it: the mark
 * of a restart, and what else the paths name.
 */
export function partFields(
  fields: FieldSet,
  stays: readonly (readonly string[])[],
): { readonly adopted: FieldSet; readonly staying: FieldSet } {
  const all = [restartedAt, ...stays];
  return {
    adopted: all.reduce(withoutField, fields),
    staying: unite(all.filter((path) => !isEmptySet(setAt(fields, path))).map(only)),
  };
}

function only(path: readonly string[]): FieldSet {
  return path.reduceRight<FieldSet>(
    (inner, name) => ({ whole: false, self: false, parts: new Map([[`f:${name}`, inner]]) }),
    { whole: true, self: false, parts: new Map() },
  );
}
