import { type Json, type JsonObject, isList, isObject } from "../../json-value.ts";
import { canonicalQuantity } from "../objects/quantity.ts";
import { entrySchema, type FieldSchema } from "../schemas/field-schema.ts";

/**
 * How the server stores what it was given: maps and lists without content are not there, and
 * quantities are canonical.
 */
export function normalized(object: JsonObject, schema: FieldSchema): JsonObject {
  const done = normalizedValue(object, schema);
  return isObject(done) ? done : {};
}

function normalizedValue(value: Json, schema: FieldSchema): Json {
  if (schema.kind === "scalar" && schema.type === "quantity" && typeof value === "string") {
    return canonicalQuantity(value);
  }
  if (schema.kind === "list" && isList(value)) {
    return value.map((child) => normalizedValue(child, schema.of));
  }
  if ((schema.kind !== "struct" && schema.kind !== "map") || !isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, child]) => {
    const below = entrySchema(schema, name);
    const isTold = schema.kind === "struct" && schema.isAlwaysTold(name);
    if (child === undefined || (below && !isTold && isWithoutContent(child, below))) return [];
    return [[name, below ? normalizedValue(child, below) : child] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * A struct without fields says something (`emptyDir: {}`), a map or a list without content does
 * not.
 */
function isWithoutContent(value: Json, schema: FieldSchema): boolean {
  if (schema.kind === "list") return isList(value) && value.length === 0;
  return schema.kind === "map" && isObject(value) && Object.keys(value).length === 0;
}
