import { listAt, textAt } from "../json.ts";
import { groupOf, isDefinition, kindOf, versionOf, type Kind, type Typed } from "./kinds.ts";
import type { KubernetesObject } from "./object.ts";

/**
 * Whether objects of a kind live in a namespace, as far as that is known without a cluster: the
 * kind is built in, or its definition is among the objects.
 */
export function scopeAmong(object: Typed, objects: readonly KubernetesObject[]): Kind["scope"] {
  const { scope } = kindOf(object);
  if (scope !== "unknown") return scope;
  const written = textAt(definitionAmong(object, objects), "spec", "scope");
  if (written === undefined) return "unknown";
  return written === "Cluster" ? "cluster" : "namespace";
}

/** The CustomResourceDefinition of a kind, in the version of the object. */
export function definitionAmong(
  object: Typed,
  objects: readonly KubernetesObject[],
): KubernetesObject | undefined {
  return objects.find((one) => isDefinition(one) && defines(one, object));
}

/** Whether a CustomResourceDefinition has the kind, in the version of the object. */
export function defines(definition: KubernetesObject, object: Typed): boolean {
  return (
    definesKind(definition, object) &&
    listAt(definition, "spec", "versions").some(
      (version) => textAt(version, "name") === versionOf(object),
    )
  );
}

/** The same in any version. */
export function definesKind(definition: KubernetesObject, { apiVersion, kind }: Typed): boolean {
  return (
    textAt(definition, "spec", "group") === groupOf(apiVersion) &&
    textAt(definition, "spec", "names", "kind") === kind
  );
}

/** The object with the address that its scope gives it; of an unknown scope it stays as it is. */
export function atHome(
  object: KubernetesObject,
  { scope, namespace }: { readonly scope: Kind["scope"]; readonly namespace: string },
): KubernetesObject {
  const { namespace: written, ...metadata } = object.metadata;
  switch (scope) {
    case "cluster":
      return written === undefined ? object : { ...object, metadata };
    case "namespace":
      return { ...object, metadata: { ...object.metadata, namespace: written ?? namespace } };
    case "unknown":
      return object;
    default:
      return scope satisfies never;
  }
}
