import { type Json, type JsonObject, isList, isObject } from "../../json-value.ts";
import { goSyntax, goText } from "../objects/go-text.ts";
import { entrySchema, type FieldSchema, type ScalarType } from "../schemas/field-schema.ts";
import { displayElement, listElement } from "./field-set.ts";
import { keyedListFault } from "./merge-objects.ts";

/**
 * A field that does not fit the schema, told in the two ways the server has: when it decodes, and
 * when it applies.
 */
export interface FieldFault {
  readonly kind: "unknown" | "type" | "conversion" | "key";
  /** `spec.template.spec.containers[0].foo` */
  readonly path: string;
  readonly decoding: string;
  readonly applying: string;
}

/**
 * A fault of kind `conversion` fits the schema and yet cannot be what it is for: a fraction for an
 * integer, a text that is no quantity.
 */
export function fieldFaults(value: JsonObject, schema: FieldSchema): readonly FieldFault[] {
  const faults: FieldFault[] = [];
  visit({ value, schema, dotted: "", keyed: "" }, faults);
  return faults;
}

interface TypedField {
  readonly value: Json;
  readonly schema: FieldSchema;
  readonly dotted: string;
  readonly keyed: string;
}

function visit(field: TypedField, faults: FieldFault[]): void {
  const { value, schema } = field;
  if (value === null) return;
  switch (schema.kind) {
    case "any":
    case "untyped":
      return;
    case "scalar":
      if (!fits[schema.type](value)) faults.push(typeFault(field, schema.type));
      else if (schema.format === "byte" && typeof value === "string" && !isBase64(value)) {
        faults.push(base64Fault(field, value));
      }
      return;
    case "struct":
      return isObject(value)
        ? visitFields(field, value, faults)
        : void faults.push(shapeFault(field, "map"));
    case "map":
      return isObject(value)
        ? visitEntries(field, value, faults)
        : void faults.push(shapeFault(field, "map"));
    case "list":
      return isList(value)
        ? visitElements(field, value, faults)
        : void faults.push(shapeFault(field, "list"));
  }
}

function visitFields(field: TypedField, value: JsonObject, faults: FieldFault[]): void {
  for (const [name, child] of Object.entries(value)) {
    const schema = field.schema.kind === "struct" ? field.schema.field(name) : undefined;
    const below = {
      dotted: field.dotted === "" ? name : `${field.dotted}.${name}`,
      keyed: `${field.keyed}.${name}`,
    };
    if (!schema) faults.push(unknownFault(below));
    else if (child !== undefined) visit({ ...below, value: child, schema }, faults);
  }
}

function visitEntries(field: TypedField, value: JsonObject, faults: FieldFault[]): void {
  if (field.schema.kind !== "map") return;
  for (const [name, child] of Object.entries(value)) {
    const below = { dotted: `${field.dotted}.${name}`, keyed: `${field.keyed}.${name}` };
    if (child !== undefined) visit({ ...below, value: child, schema: field.schema.of }, faults);
  }
}

function visitElements(field: TypedField, value: readonly Json[], faults: FieldFault[]): void {
  const { schema, dotted, keyed } = field;
  if (schema.kind !== "list") return;
  const fault = keyedListFault(value, schema);
  if (fault) faults.push({ kind: "key", path: dotted, decoding: "", applying: `${keyed}${fault}` });
  for (const [index, child] of value.entries()) {
    const key =
      schema.merge.kind === "atomic"
        ? `[${index}]`
        : displayElement(listElement(child, schema.merge));
    visit(
      { value: child, schema: schema.of, dotted: `${dotted}[${index}]`, keyed: `${keyed}${key}` },
      faults,
    );
  }
}

/** The expression and its text: apimachinery pkg/api/resource/quantity.go, ErrFormatWrong. */
const quantityPattern = /^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$/;

const fits: Readonly<Record<ScalarType, (value: Json) => boolean>> = {
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === "number",
  "int-or-string": (value) => typeof value === "string" || Number.isInteger(value),
  quantity: (value) =>
    typeof value === "number" || (typeof value === "string" && quantityPattern.test(value)),
};

function unknownFault({ dotted, keyed }: Pick<TypedField, "dotted" | "keyed">): FieldFault {
  return {
    kind: "unknown",
    path: dotted,
    decoding: `unknown field "${dotted}"`,
    applying: `${keyed}: field not declared in schema`,
  };
}

function typeFault(field: TypedField, type: ScalarType): FieldFault {
  const { value, schema, dotted, keyed } = field;
  if (type === "quantity") {
    const message = `quantities must match the regular expression '${quantityPattern.source}'`;
    return { kind: "conversion", path: dotted, decoding: message, applying: message };
  }
  if (type === "integer" && typeof value === "number") {
    const goType = schema.kind === "scalar" ? schema.format : type;
    return {
      kind: "conversion",
      path: dotted,
      decoding: cannotUnmarshal(`number ${value}`, withoutIndices(dotted), goType),
      applying: `cannot convert float64 to ${schema.kind === "scalar" ? schema.format : "int64"}`,
    };
  }
  const format = schema.kind === "scalar" && schema.format !== "" ? schema.format : type;
  const goType = format === "boolean" ? "bool" : format;
  return {
    kind: "type",
    path: dotted,
    decoding: cannotUnmarshal(jsonType(value), withoutIndices(dotted), goType),
    applying: `${keyed}: expected ${expectation(type, value)}`,
  };
}

/** structured-merge-diff typed/helpers.go, validateScalar. */
function expectation(type: ScalarType, value: Json): string {
  if (type === "integer" || type === "number") {
    return `numeric (int or float), got ${jsonType(value)}`;
  }
  if (type === "boolean") return `boolean, got &{${goText(value)}}`;
  return `string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
}

const isBase64 = (text: string): boolean =>
  /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(
    text.replaceAll(/[\r\n]/g, ""),
  );

/** Go tells where the first wrong byte is: encoding/base64, CorruptInputError. */
function base64Fault({ dotted }: TypedField, text: string): FieldFault {
  const wrong = /[^A-Za-z0-9+/\r\n]/.exec(text)?.index ?? text.length;
  const message = `illegal base64 data at input byte ${wrong}`;
  return {
    kind: "conversion",
    path: dotted,
    decoding: message,
    applying: `error decoding from json: ${message}`,
  };
}

function shapeFault({ value, dotted, keyed }: TypedField, wanted: "map" | "list"): FieldFault {
  return {
    kind: "type",
    path: dotted,
    decoding: cannotUnmarshal(jsonType(value), dotted, wanted === "map" ? "map" : "[]"),
    applying: `${keyed}: expected ${wanted}, got &{${goText(value)}}`,
  };
}

/** Go, encoding/json, UnmarshalTypeError. */
function cannotUnmarshal(what: string, path: string, goType: string): string {
  return `json: cannot unmarshal ${what} into Go struct field .${path} of type ${goType}`;
}

function withoutIndices(path: string): string {
  return path.replaceAll(/\[\d+\]/g, "");
}

function jsonType(value: Json): string {
  if (isList(value)) return "array";
  return typeof value === "boolean" ? "bool" : typeof value;
}

/**
 * What decoding leaves of a body: nulls and unknown fields dropped, a number for a quantity written
 * as a string.
 */
export function decoded(value: JsonObject, schema: FieldSchema): JsonObject {
  const left = decodedValue(value, schema);
  return isObject(left) ? left : {};
}

function decodedValue(value: Json, schema: FieldSchema): Json {
  if (schema.kind === "scalar" && schema.type === "quantity" && typeof value === "number") {
    return String(value);
  }
  if (schema.kind === "list" && isList(value)) {
    return value.map((child) => decodedValue(child, schema.of));
  }
  if ((schema.kind !== "struct" && schema.kind !== "map") || !isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([name, child]) => {
    const below = entrySchema(schema, name);
    const dropsNull = schema.kind === "map" || !schema.isCustom;
    // A map of texts has no null: it becomes the empty text.
    if (
      child === null &&
      schema.kind === "map" &&
      below?.kind === "scalar" &&
      below.type === "string"
    ) {
      return [[name, ""] as const];
    }
    return below && child !== undefined && !(child === null && dropsNull)
      ? [[name, decodedValue(child, below)] as const]
      : [];
  });
  return Object.fromEntries(entries);
}
