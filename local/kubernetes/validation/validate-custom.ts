import {
  type Json,
  type JsonObject,
  isList,
  isObject,
  listAt,
  numberAt,
  objectAt,
  stringAt,
  valueAt,
} from "../../json-value.ts";
import type { Cause } from "../objects/api-refusal.ts";
import { sameJson } from "../objects/object-value.ts";
import {
  duplicate,
  invalidValue,
  required,
  tooLong,
  unsupported,
} from "../objects/validation-cause.ts";

/**
 * What a definition's schema has against an object, in the words of kube-openapi (pkg/validation)
 * as apiextensions-apiserver turns them into causes (pkg/apiserver/validation/validation.go). Rules
 * in CEL (`x-kubernetes-validations`) are not evaluated.
 */
export function customFaults(object: JsonObject, schema: JsonObject): readonly Cause[] {
  return faultsOf({ value: object, schema, path: "" });
}

interface Visit {
  readonly value: Json;
  readonly schema: JsonObject;
  readonly path: string;
}

function faultsOf(visit: Visit): readonly Cause[] {
  const { value, schema } = visit;
  if (value === null && schema["nullable"] === true) return [];
  const wrongType = typeFaults(visit);
  if (wrongType.length > 0) return wrongType;
  return [
    ...enumFaults(visit),
    ...combinedFaults(visit),
    ...(typeof value === "string" ? textFaults(value, visit) : []),
    ...(typeof value === "number" ? numberFaults(value, visit) : []),
    ...(isList(value) ? listFaults(value, visit) : []),
    ...(isObject(value) ? objectFaults(value, visit) : []),
  ];
}

const typeOf = (value: Json): string => {
  if (value === null) return "null";
  if (isList(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
};

const said = ({ path }: Visit, what: string): string => `${path} in body ${what}`;

function typeFaults(visit: Visit): readonly Cause[] {
  const { value, schema, path } = visit;
  const type = stringAt(schema, "type");
  const either = schema["x-kubernetes-int-or-string"] === true ? ["integer", "string"] : [];
  const wanted = type === undefined ? either : [type];
  const given = typeOf(value);
  if (wanted.length === 0 || wanted.includes(given)) return [];
  if (given === "integer" && wanted.includes("number")) return [];
  const detail = said(visit, `must be of type ${wanted.join(",")}: ${JSON.stringify(given)}`);
  const fault = { ...invalidValue(path, given, detail), reason: "FieldValueTypeInvalid" };
  if (given !== "number" || !wanted.includes("integer")) return [fault];
  const checked = `Checked value must be of type integer (default format) in ${path}`;
  return [fault, invalidValue("<nil>", "", checked)];
}

function enumFaults({ value, schema, path }: Visit): readonly Cause[] {
  const values = listAt(schema, "enum");
  if (values.length === 0 || values.some((one) => sameJson(one, value))) return [];
  const supported = values.map((one) => (typeof one === "string" ? one : JSON.stringify(one)));
  return [unsupported(path, value, supported)];
}

function combinedFaults(visit: Visit): readonly Cause[] {
  const { value, schema, path } = visit;
  const count = (name: string): number =>
    listAt(schema, name).filter((one) => isValid({ ...visit, schema: objectAt(one) })).length;
  const [any, one, all] = [count("anyOf"), count("oneOf"), count("allOf")];
  const quoted = JSON.stringify(path);
  const found = one === 0 ? "Found none valid" : `Found ${one} valid alternatives`;
  const not = valueAt(schema, "not");
  const faults = [
    ...(any === 0 && listAt(schema, "anyOf").length > 0
      ? [`${quoted} must validate at least one schema (anyOf)`]
      : []),
    ...(one !== 1 && listAt(schema, "oneOf").length > 0
      ? [`${quoted} must validate one and only one schema (oneOf). ${found}`]
      : []),
    ...(all < listAt(schema, "allOf").length
      ? [`${quoted} must validate all the schemas (allOf)`]
      : []),
    ...(not !== undefined && isValid({ ...visit, schema: objectAt(not) })
      ? [`${quoted} must not validate the schema (not)`]
      : []),
  ];
  return faults.map((detail) => invalidValue(path, isObject(value) ? "" : value, detail));
}

function isValid(visit: Visit): boolean {
  return faultsOf(visit).length === 0;
}

function textFaults(text: string, visit: Visit): readonly Cause[] {
  const { schema, path } = visit;
  const [least, most] = [numberAt(schema, "minLength"), numberAt(schema, "maxLength")];
  const pattern = stringAt(schema, "pattern");
  const length = Array.from(text).length;
  return [
    ...(most !== undefined && length > most
      ? [tooLong(path, `may not be more than ${most} ${most === 1 ? "byte" : "bytes"}`)]
      : []),
    ...(least !== undefined && length < least
      ? [invalidValue(path, text, said(visit, `should be at least ${least} chars long`))]
      : []),
    ...(pattern !== undefined && !new RegExp(pattern, "u").test(text)
      ? [invalidValue(path, text, said(visit, `should match '${pattern}'`))]
      : []),
    ...(stringAt(schema, "format") === "date-time" && Number.isNaN(Date.parse(text))
      ? [
          {
            ...invalidValue(
              path,
              text,
              said(visit, `must be of type date-time: ${JSON.stringify(text)}`),
            ),
            reason: "FieldValueTypeInvalid",
          },
        ]
      : []),
  ];
}

function numberFaults(number: number, visit: Visit): readonly Cause[] {
  const { schema, path } = visit;
  const [least, most] = [numberAt(schema, "minimum"), numberAt(schema, "maximum")];
  const factor = numberAt(schema, "multipleOf");
  const [above, below] = [schema["exclusiveMinimum"] === true, schema["exclusiveMaximum"] === true];
  const faults = [
    ...(most !== undefined && (below ? number >= most : number > most)
      ? [`should be less than ${below ? "" : "or equal to "}${most}`]
      : []),
    ...(least !== undefined && (above ? number <= least : number < least)
      ? [`should be greater than ${above ? "" : "or equal to "}${least}`]
      : []),
    ...(factor !== undefined && !Number.isInteger(number / factor)
      ? [`should be a multiple of ${factor}`]
      : []),
  ];
  return faults.map((what) => invalidValue(path, number, said(visit, what)));
}

function listFaults(list: readonly Json[], visit: Visit): readonly Cause[] {
  const { schema, path } = visit;
  const [least, most] = [numberAt(schema, "minItems"), numberAt(schema, "maxItems")];
  return [
    ...(least !== undefined && list.length < least
      ? [invalidValue(path, [...list], said(visit, `should have at least ${least} items`))]
      : []),
    ...(most !== undefined && list.length > most ? [tooMany(path, list.length, most)] : []),
    ...list.flatMap((value, index) =>
      faultsOf({ value, schema: objectAt(schema, "items"), path: `${path}[${index}]` }),
    ),
    ...repeatedFaults(list, visit),
  ];
}

function tooMany(field: string, actual: number, most: number): Cause {
  const items = most === 1 ? "item" : "items";
  return {
    reason: "FieldValueTooMany",
    field,
    message: `Too many: ${actual}: must have at most ${most} ${items}`,
  };
}

/** pkg/apiserver/schema/listtype/validation.go */
function repeatedFaults(list: readonly Json[], { schema, path }: Visit): readonly Cause[] {
  const keys = listAt(schema, "x-kubernetes-list-map-keys").map(String);
  const type = stringAt(schema, "x-kubernetes-list-type");
  if (type !== "set" && type !== "map") return [];
  const identities = list.map((one) =>
    type === "set" ? one : Object.fromEntries(keys.map((key) => [key, valueAt(one, key)])),
  );
  return identities.flatMap((one, index) =>
    identities.findIndex((other) => sameJson(one, other)) < index
      ? [duplicate(`${path}[${index}]`, one)]
      : [],
  );
}

function objectFaults(object: JsonObject, visit: Visit): readonly Cause[] {
  const { schema, path } = visit;
  const below = (name: string): string => (path === "" ? name : `${path}.${name}`);
  const [least, most] = [numberAt(schema, "minProperties"), numberAt(schema, "maxProperties")];
  const size = Object.keys(object).length;
  const properties = objectAt(schema, "properties");
  const values = objectAt(schema, "additionalProperties");
  return [
    ...(least !== undefined && size < least
      ? [invalidValue(path, object, said(visit, `should have at least ${least} properties`))]
      : []),
    ...(most !== undefined && size > most ? [tooMany(path, size, most)] : []),
    ...listAt(schema, "required")
      .map(String)
      .filter((name) => object[name] === undefined && !(path === "" && isCommon(name)))
      .map((name) => required(below(name))),
    ...Object.entries(object).flatMap(([name, value]) =>
      value === undefined || (path === "" && isCommon(name))
        ? []
        : faultsOf({ value, schema: objectAt(properties[name] ?? values), path: below(name) }),
    ),
  ];
}

const isCommon = (name: string): boolean => ["apiVersion", "kind", "metadata"].includes(name);
