import { textAt } from "../json.ts";
import { kindOf, type Typed } from "./kinds.ts";
import type { KubernetesObject } from "./object.ts";
import { definitionAmong } from "./scopes.ts";

/** What the API calls the objects of a kind, and where they live. */
export interface KindResource {
  readonly plural: string;
  readonly namespaced: boolean;
}

/**
 * Of a built-in kind, or of one whose definition is among the objects; of any other kind only the
 * server knows it.
 */
export function resourceAmong(
  object: Typed,
  objects: readonly KubernetesObject[],
): KindResource | undefined {
  const { scope } = kindOf(object);
  if (scope !== "unknown") {
    return { plural: pluralOf(object.kind), namespaced: scope === "namespace" };
  }
  const definition = definitionAmong(object, objects);
  const plural = textAt(definition, "spec", "names", "plural");
  return plural === undefined
    ? undefined
    : { plural, namespaced: textAt(definition, "spec", "scope") !== "Cluster" };
}

/**
 * As Kubernetes itself guesses it (`UnsafeGuessKindToResource`, apimachinery
 * pkg/api/meta/restmapper.go). Right for every built-in kind; of a custom one it is a guess.
 */
export function pluralOf(kind: string): string {
  const singular = kind.toLowerCase();
  if (singular === "endpoints") return singular;
  if (singular.endsWith("s")) return `${singular}es`;
  return singular.endsWith("y") ? `${singular.slice(0, -1)}ies` : `${singular}s`;
}
