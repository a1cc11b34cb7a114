import { type JsonObject, objectAt } from "../../json-value.ts";
import { safeName } from "../objects/generated-name.ts";
import { sameJson, withValue } from "../objects/object-value.ts";

export const hashLabel = "pod-template-hash";

/** Equal but for the label that tells the sets apart. */
export function sameTemplate(left: JsonObject, right: JsonObject): boolean {
  return sameJson(bare(left), bare(right));
}

export function templateOf(owner: JsonObject): JsonObject {
  return objectAt(owner, "spec", "template");
}

export function withHash(template: JsonObject, hash: string): JsonObject {
  return withValue(template, ["metadata", "labels", hashLabel], hash);
}

function bare(template: JsonObject): JsonObject {
  return withValue(template, ["metadata", "labels", hashLabel], undefined);
}

/**
 * A stable name for a template, in the form of the real one (whose hash function depends on Go's
 * memory layout).
 */
export function templateHash(template: JsonObject): string {
  return safeName(JSON.stringify(sortedKeys(bare(template))), 10);
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, child]) => [key, sortedKeys(child)]),
  );
}
