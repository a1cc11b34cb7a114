import { isDeepStrictEqual } from "node:util";
import {
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
  valueAt,
} from "../../json-value.ts";

/** A copy with the value at `path` replaced; undefined removes the key. */
export function withValue(
  object: JsonObject,
  path: readonly string[],
  value: Json | undefined,
): JsonObject {
  const [key, ...rest] = path;
  if (key === undefined) return object;
  if (rest.length > 0) return { ...object, [key]: withValue(objectAt(object, key), rest, value) };
  if (value !== undefined) return { ...object, [key]: value };
  const { [key]: _removed, ...others } = object;
  return others;
}

export function sameJson(left: Json | undefined, right: Json | undefined): boolean {
  return isDeepStrictEqual(left, right);
}

/** Keeps a value that is there, else puts the default in its place. */
export function withDefault(object: JsonObject, path: readonly string[], value: Json): JsonObject {
  return valueAt(object, ...path) === undefined ? withValue(object, path, value) : object;
}

export const nameOf = (object: JsonObject): string => stringAt(object, "metadata", "name") ?? "";
export const namespaceOf = (object: JsonObject): string =>
  stringAt(object, "metadata", "namespace") ?? "";
export const uidOf = (object: JsonObject): string => stringAt(object, "metadata", "uid") ?? "";
export const isTerminating = (object: JsonObject): boolean =>
  stringAt(object, "metadata", "deletionTimestamp") !== undefined;

export function isOwnedBy(object: JsonObject, owner: JsonObject): boolean {
  return listAt(object, "metadata", "ownerReferences").some(
    (reference) => stringAt(reference, "uid") === uidOf(owner),
  );
}

/** Kubernetes writes times to the second. */
export const timestamp = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
