import {
  type Json,
  type JsonObject,
  isList,
  isObject,
  objectAt,
  valueAt,
} from "../../json-value.ts";

/**
 * The defaults of a definition, where a field is not there, or is null and may not be:
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#defaulting
 */
export function withCustomDefaults(object: JsonObject, schema: JsonObject): JsonObject {
  return objectAt(filled(object, schema));
}

function filled(value: Json, schema: JsonObject): Json {
  if (isList(value)) return value.map((one) => filled(one, objectAt(schema, "items")));
  if (!isObject(value)) return value;
  const properties = objectAt(schema, "properties");
  const values = objectAt(schema, "additionalProperties");
  const isThere = (name: string): boolean =>
    value[name] !== undefined && !(value[name] === null && mayNotBeNull(properties[name]));
  const standards = Object.entries(properties).flatMap(([name, property]) => {
    const standard = valueAt(property, "default");
    return standard === undefined || isThere(name) ? [] : [[name, standard] as const];
  });
  const given = Object.entries(value).flatMap(([name, child]) =>
    child === undefined || !isThere(name) ? [] : [[name, child] as const],
  );
  return Object.fromEntries(
    [...given, ...standards].map(([name, child]) => [
      name,
      filled(child, objectAt(properties[name] ?? values)),
    ]),
  );
}

function mayNotBeNull(property: Json | undefined): boolean {
  return isObject(property) && property["nullable"] !== true;
}
