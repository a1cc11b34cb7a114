import {
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  stringAt,
  valueAt,
} from "../../json-value.ts";
import {
  type FieldSchema,
  type ListMerge,
  type StructSchema,
  structOf,
  typeSchema,
} from "./field-schema.ts";

/**
 * The fields of a custom resource by the schema of its definition, which is structural
 * (https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/).
 */
export function customSchema(schema: JsonObject): StructSchema {
  return embedded(schema);
}

/** What is in a field of any content merges by its keys, and its lists as one value each. */
const untyped: FieldSchema = { kind: "untyped" };
const text: FieldSchema = { kind: "scalar", type: "string", format: "" };

/** A whole object with the metadata that every object has. */
function embedded(schema: JsonObject): StructSchema {
  const metadata = typeSchema("meta.v1.ObjectMeta");
  return structBelow(schema, structOf({ apiVersion: text, kind: text, metadata }));
}

function structBelow(schema: JsonObject, common: StructSchema): StructSchema {
  const keepsUnknown = schema["x-kubernetes-preserve-unknown-fields"] === true;
  const read = new Map<string, FieldSchema>();
  return {
    kind: "struct",
    atomic: stringAt(schema, "x-kubernetes-map-type") === "atomic",
    isAlwaysTold: () => true,
    isCustom: true,
    field(name) {
      const given = common.field(name);
      if (given) return given;
      const property = valueAt(schema, "properties", name);
      if (property === undefined) return keepsUnknown ? untyped : undefined;
      const field = read.get(name) ?? propertySchema(objectAt(property));
      read.set(name, field);
      return field;
    },
  };
}

function propertySchema(schema: JsonObject): FieldSchema {
  if (schema["x-kubernetes-int-or-string"] === true) {
    return { kind: "any" };
  }
  switch (stringAt(schema, "type") ?? "") {
    case "string":
      return text;
    case "boolean":
      return { kind: "scalar", type: "boolean", format: "" };
    case "integer":
      return { kind: "scalar", type: "integer", format: "int64" };
    case "number":
      return { kind: "scalar", type: "number", format: "double" };
    case "array":
      return {
        kind: "list",
        of: propertySchema(objectAt(schema, "items")),
        merge: mergeOf(schema),
      };
    case "object":
      return objectSchema(schema);
    default:
      return untyped;
  }
}

function objectSchema(schema: JsonObject): FieldSchema {
  if (schema["x-kubernetes-embedded-resource"] === true) return embedded(schema);
  const values = valueAt(schema, "additionalProperties");
  const isAtomic = stringAt(schema, "x-kubernetes-map-type") === "atomic";
  if (values !== undefined && values !== false) {
    const of = values === true ? untyped : propertySchema(objectAt(values));
    return { kind: "map", of, atomic: isAtomic };
  }
  const hasFields = Object.keys(objectAt(schema, "properties")).length > 0;
  if (!hasFields && !isAtomic && schema["x-kubernetes-preserve-unknown-fields"] === true) {
    return untyped;
  }
  return structBelow(schema, structOf({}));
}

function mergeOf(schema: JsonObject): ListMerge {
  const type = stringAt(schema, "x-kubernetes-list-type");
  if (type === "set") return { kind: "set" };
  if (type !== "map") return { kind: "atomic" };
  const keys = listAt(schema, "x-kubernetes-list-map-keys").map(String).toSorted();
  const defaults = keys.flatMap((key): readonly (readonly [string, Json])[] => {
    const value = valueAt(schema, "items", "properties", key, "default");
    return value === undefined ? [] : [[key, value]];
  });
  return { kind: "keys", keys, defaults: Object.fromEntries(defaults) };
}
