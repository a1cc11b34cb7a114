import * as client from "@kubernetes/client-node";
import {
  type ListMerge,
  atomicMaps,
  atomicModels,
  listMerges,
  quantityFields,
} from "./merge-topology.ts";

export type ScalarType = "string" | "integer" | "number" | "boolean" | "quantity" | "int-or-string";

/** What the server knows of a field: its type, and how server-side apply merges it. */
export type FieldSchema =
  | { readonly kind: "scalar"; readonly type: ScalarType; readonly format: string }
  | { readonly kind: "any" }
  | { readonly kind: "struct"; readonly model: string; readonly atomic: boolean }
  | { readonly kind: "map"; readonly of: FieldSchema; readonly atomic: boolean }
  | { readonly kind: "list"; readonly of: FieldSchema; readonly merge: ListMerge };

/**
 * The fields of every built-in kind come from the models of @kubernetes/client-node, which are
 * generated from the OpenAPI document of the API server (release 1.36); what those models leave out
 * (merge keys) is in merge-topology.ts.
 */
export function modelSchema(model: string): FieldSchema {
  return { kind: "struct", model, atomic: atomicModels.has(model) };
}

/** undefined: the struct has no such field. */
export function fieldOf(model: string, field: string): FieldSchema | undefined {
  return models.get(model)?.get(field);
}

interface Attribute {
  readonly baseName: string;
  readonly type: string;
  readonly format: string;
}

const models: ReadonlyMap<string, ReadonlyMap<string, FieldSchema>> = new Map(
  Object.entries(client).flatMap(([model, value]) =>
    describesFields(value) ? [[model, fieldsOf(model, value)]] : [],
  ),
);

function describesFields(value: unknown): value is { getAttributeTypeMap(): readonly Attribute[] } {
  return typeof value === "function" && "getAttributeTypeMap" in value;
}

function fieldsOf(
  model: string,
  described: { getAttributeTypeMap(): readonly Attribute[] },
): ReadonlyMap<string, FieldSchema> {
  const attributes = described.getAttributeTypeMap();
  return new Map(attributes.map((it) => [it.baseName, schemaOf(it, `${model}.${it.baseName}`)]));
}

function schemaOf(
  { type, format }: Pick<Attribute, "type" | "format">,
  owner: string,
): FieldSchema {
  if (quantityFields.has(owner) && type === "string") {
    return { kind: "scalar", type: "quantity", format };
  }
  const element = /^Array<(.+)>$/.exec(type)?.[1];
  if (element) {
    return {
      kind: "list",
      of: schemaOf({ type: element, format }, ""),
      merge: listMerges.get(owner) ?? { kind: "atomic" },
    };
  }
  const entry = /^\{ \[key: string\]: (.+); \}$/.exec(type)?.[1];
  if (!entry) return namedSchema(type, format);
  return {
    kind: "map",
    of: schemaOf({ type: entry, format }, owner),
    atomic: atomicMaps.has(owner),
  };
}

function namedSchema(type: string, format: string): FieldSchema {
  if (format === "date-time-micro") return { kind: "scalar", type: "string", format };
  switch (type) {
    case "string":
    case "boolean":
      return { kind: "scalar", type, format };
    case "number":
      return { kind: "scalar", type: format.startsWith("int") ? "integer" : "number", format };
    case "Date":
      return { kind: "scalar", type: "string", format };
    case "IntOrString":
      return { kind: "scalar", type: "int-or-string", format };
    case "any":
      return { kind: "any" };
    default:
      return modelSchema(type);
  }
}
