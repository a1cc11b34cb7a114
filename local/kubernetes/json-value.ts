import { isDeepStrictEqual } from "node:util";
import { ownEntry } from "../../src/domain/own-entry.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** Every stored object is one of these and never changed in place: a change makes a new one. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

export function valueAt(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  let found: Json | undefined = value;
  for (const key of path) found = isObject(found) ? ownEntry(found, key) : undefined;
  return found;
}

export function objectAt(value: Json | undefined, ...path: readonly string[]): JsonObject {
  const found = valueAt(value, ...path);
  return isObject(found) ? found : {};
}

export function listAt(value: Json | undefined, ...path: readonly string[]): readonly Json[] {
  const found = valueAt(value, ...path);
  return isList(found) ? found : [];
}

export function stringAt(value: Json | undefined, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "string" ? found : undefined;
}

export function numberAt(value: Json | undefined, ...path: readonly string[]): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === "number" ? found : undefined;
}

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

/** Kubernetes writes times to the second. */
export const timestamp = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
