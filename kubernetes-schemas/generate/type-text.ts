import type { TypeData } from "../schemas.ts";
import { enumerationKey, type Enumerations } from "./enumerations.ts";
import type { Schema } from "./openapi.ts";

export interface Definitions {
  readonly schemas: ReadonlyMap<string, Schema>;
  readonly enumerations: Enumerations;
}

/** `core.v1.Container` of `io.k8s.api.core.v1.Container`: the version stands before the name. */
export function typeName(definition: string): string {
  return definition.split(".").slice(-3).join(".");
}

export function definitionOf({ $ref, allOf }: Schema): string | undefined {
  const reference = $ref ?? allOf?.[0]?.$ref;
  return reference?.slice(reference.lastIndexOf("/") + 1);
}

/** The fields of a definition, each as a text of `field-text.ts`. */
export function typeData(definition: string, definitions: Definitions): TypeData {
  const { properties = {}, required = [], ...schema } = schemaOf(definition, definitions);
  const fields = Object.keys(properties)
    .toSorted()
    .map((name) => {
      const field = properties[name] ?? {};
      const values = definitions.enumerations.get(enumerationKey(definition, name));
      const mark = required.includes(name) ? "!" : "";
      return [name, `${mark}${shapeText(field, definitions)}${attributes(field, values)}`];
    });
  return {
    ...(schema["x-kubernetes-map-type"] === "atomic" ? { atomic: true } : {}),
    fields: Object.fromEntries(fields) as Readonly<Record<string, string>>,
  };
}

/** The definitions that have fields of their own, from these on. */
export function reachable(from: readonly string[], definitions: Definitions): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (definition: string): void => {
    if (found.has(definition) || !hasFields(schemaOf(definition, definitions))) return;
    found.add(definition);
    Object.values(schemaOf(definition, definitions).properties ?? {})
      .flatMap(mentioned)
      .forEach(visit);
  };
  from.forEach(visit);
  return found;
}

function mentioned(schema: Schema): readonly string[] {
  const inner = schema.items ?? schema.additionalProperties;
  return [definitionOf(schema) ?? [], inner ? mentioned(inner) : []].flat();
}

function schemaOf(definition: string, { schemas }: Definitions): Schema {
  const schema = schemas.get(definition);
  if (!schema) throw new Error(`the document has no definition ${definition}`);
  return schema;
}

function hasFields({ properties }: Schema): boolean {
  return properties !== undefined;
}

function shapeText(schema: Schema, definitions: Definitions): string {
  const definition = definitionOf(schema);
  if (definition !== undefined) {
    const target = schemaOf(definition, definitions);
    return hasFields(target) ? typeName(definition) : shapeText(target, definitions);
  }
  const { type, format, oneOf, items, additionalProperties } = schema;
  if (oneOf) return format ?? "quantity";
  if (items) return `${shapeText(items, definitions)}[${listText(schema)}]`;
  if (additionalProperties) return `${shapeText(additionalProperties, definitions)}{}`;
  if (type === "number") return "double";
  return type === "object" || type === undefined ? "any" : (format ?? type);
}

function listText(schema: Schema): string {
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  return { atomic: "", set: "set", map: keys.join(",") }[
    schema["x-kubernetes-list-type"] ?? "atomic"
  ];
}

function attributes(schema: Schema, values: readonly string[] | undefined): string {
  const {
    "x-kubernetes-map-type": map,
    "x-kubernetes-patch-strategy": strategy,
    "x-kubernetes-patch-merge-key": key,
    default: value,
  } = schema;
  // What Go puts where nothing stands.
  const isZero = value === undefined || /^(?:\{\}|""|0|false)$/.test(JSON.stringify(value));
  const patch = key === undefined ? strategy : `${strategy}:${key}`;
  return [
    ...(map === undefined ? [] : [map]),
    ...(patch === undefined ? [] : [`patch=${patch}`]),
    ...(isZero ? [] : [`default=${JSON.stringify(value)}`]),
    ...(values === undefined ? [] : [`enum=${values.join("|")}`]),
  ]
    .map((text) => ` ${text}`)
    .join("");
}
