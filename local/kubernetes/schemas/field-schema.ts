import type { FieldSchema as BuiltInField, Shape } from "@promoter/kubernetes-schemas";
import { loadKubernetesSchemas } from "@promoter/kubernetes-schemas/load";
import type { Json } from "../../json-value.ts";

export type ScalarType = "string" | "integer" | "number" | "boolean" | "quantity" | "int-or-string";

/** What the server knows of a field: its type, and how server-side apply merges it. */
export type FieldSchema =
  | { readonly kind: "scalar"; readonly type: ScalarType; readonly format: string }
  /** Owned as a whole, whatever is in it. */
  | { readonly kind: "any" }
  /** Whatever is in it: maps merge by their keys, the rest is owned as a whole. */
  | { readonly kind: "untyped" }
  | StructSchema
  | { readonly kind: "map"; readonly of: FieldSchema; readonly atomic: boolean }
  | { readonly kind: "list"; readonly of: FieldSchema; readonly merge: ListMerge };

export interface StructSchema {
  readonly kind: "struct";
  readonly atomic: boolean;
  /** undefined: the struct has no such field. */
  readonly field: (name: string) => FieldSchema | undefined;
  /** Such a map or list is told even when it is empty. */
  readonly isAlwaysTold: (name: string) => boolean;
  /** How a strategic merge patch merges the field, where that is not as a whole. */
  readonly patchOf?: (name: string) => BuiltInField["patch"];
  /**
   * Of a custom resource, which is kept as it is written: with nulls, and a struct is there or it
   * is not.
   */
  readonly isCustom?: boolean;
}

/**
 * How a list merges in server-side apply: as one value, as a set of scalars, or element by element
 * under its keys.
 */
export type ListMerge =
  | { readonly kind: "atomic" }
  | { readonly kind: "set" }
  | {
      readonly kind: "keys";
      /** In alphabetical order, as FieldsV1 writes them. */
      readonly keys: readonly string[];
      /** What stands for a key that is left out. */
      readonly defaults: Readonly<Record<string, Json>>;
    };

/** The minor version of Kubernetes that the local clusters speak. */
export const servedMinor = "1.36";

export const builtInSchemas = loadKubernetesSchemas().of(servedMinor) ?? noSchemas();

function noSchemas(): never {
  throw new Error(`there are no schemas of Kubernetes ${servedMinor}`);
}

/** The fields of a type of Kubernetes by its name, such as `core.v1.PodSpec`. */
export function typeSchema(type: string, isAtomic?: boolean): StructSchema {
  const key = `${type} ${isAtomic}`;
  const schema = known.get(key) ?? readType(type, isAtomic);
  known.set(key, schema);
  return schema;
}

const known = new Map<string, StructSchema>();

/** A type may be among its own fields, so each is read when it is asked for. */
function readType(type: string, isAtomic: boolean | undefined): StructSchema {
  const { atomic, fields } = builtInSchemas.type(type);
  const read = new Map<string, FieldSchema>();
  return {
    kind: "struct",
    atomic: isAtomic ?? atomic,
    field(name) {
      const field = fields.get(name);
      const schema = read.get(name) ?? (field && shapeSchema(field.shape));
      if (schema) read.set(name, schema);
      return schema;
    },
    isAlwaysTold: (name) => fields.get(name)?.required ?? false,
    patchOf: (name) => fields.get(name)?.patch,
  };
}

function shapeSchema(shape: Shape): FieldSchema {
  switch (shape.kind) {
    case "any":
      return { kind: "any" };
    case "scalar":
      return scalarSchemas[shape.type];
    case "object":
      return typeSchema(shape.type, shape.atomic);
    case "map":
      return { kind: "map", of: shapeSchema(shape.of), atomic: shape.atomic };
    case "list":
      return { kind: "list", of: shapeSchema(shape.of), merge: listMerge(shape) };
  }
}

const scalar = (type: ScalarType, format = ""): FieldSchema => ({ kind: "scalar", type, format });

const scalarSchemas: Readonly<Record<Extract<Shape, { kind: "scalar" }>["type"], FieldSchema>> = {
  string: scalar("string"),
  byte: scalar("string", "byte"),
  "date-time": scalar("string", "date-time"),
  boolean: scalar("boolean"),
  int32: scalar("integer", "int32"),
  int64: scalar("integer", "int64"),
  double: scalar("number", "double"),
  "int-or-string": scalar("int-or-string"),
  quantity: scalar("quantity"),
};

/**
 * A key that is left out is what the document has as its default, else the zero value of its type;
 * validation then asks for it.
 */
function listMerge({ of, merge }: Extract<Shape, { kind: "list" }>): ListMerge {
  if (merge === "atomic" || merge === "set") return { kind: merge };
  const fields = of.kind === "object" ? builtInSchemas.type(of.type).fields : undefined;
  const keys = merge.toSorted();
  const defaults = keys.map((key): readonly [string, Json] => {
    const field = fields?.get(key);
    const isText = field?.shape.kind !== "scalar" || !field.shape.type.startsWith("int");
    return [key, (field?.default as Json | undefined) ?? (isText ? "" : 0)];
  });
  return { kind: "keys", keys, defaults: Object.fromEntries(defaults) };
}

/** A struct with these fields. */
export function structOf(fields: Readonly<Record<string, FieldSchema>>): StructSchema {
  return {
    kind: "struct",
    atomic: false,
    field: (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined),
    isAlwaysTold: () => false,
  };
}

/** Of what is in a map under this name; undefined: nothing may be. */
export function entrySchema(
  schema: Extract<FieldSchema, { kind: "struct" | "map" | "untyped" }>,
  name: string,
): FieldSchema | undefined {
  if (schema.kind === "untyped") return schema;
  return schema.kind === "map" ? schema.of : schema.field(name);
}
