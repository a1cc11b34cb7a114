import { type Json, type JsonObject, isObject, listAt, valueAt } from "../../json-value.ts";
import { withDefault } from "../objects/object-value.ts";

export type Default = readonly [path: string, value: Json];

/** Puts each value at its path (`spec.replicas`) where there is none. */
export function fillFields(object: JsonObject, defaults: readonly Default[]): JsonObject {
  return defaults.reduce(
    (done, [path, value]) => withDefault(done, path.split("."), value),
    object,
  );
}

export function fillElements(
  object: JsonObject,
  list: string,
  fill: (element: JsonObject) => JsonObject,
): JsonObject {
  if (valueAt(object, list) === undefined) return object;
  return {
    ...object,
    [list]: listAt(object, list).map((element) => (isObject(element) ? fill(element) : element)),
  };
}
