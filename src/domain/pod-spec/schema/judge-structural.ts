import { didYouMean } from "../../closest-match.ts";
import { isList, isRecord, type JsonRecord } from "../../json.ts";
import { lookUp } from "../../look-up.ts";
import type { FieldPath } from "../containers.ts";
import { describePath } from "../field-path.ts";
import type { ObjectProblem } from "../object-problem.ts";
import { propertiesOf, requiredOf } from "./definitions.ts";
import { repeatedProblems } from "./repeated-elements.ts";
import { missingField, notAmong, wrongType } from "./value-problems.ts";

/** Fields of every object, also of one within another. */
const ofEveryObject: readonly string[] = ["apiVersion", "kind", "metadata"];

/**
 * A value by a structural schema, as kubernetes.io describes it
 * (docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions): types, unknown
 * fields, required ones, enumerations and keys of lists. Patterns, formats, ranges, rules between
 * fields and what is nullable are left to the server.
 */
export function judgeStructural(
  value: unknown,
  schema: unknown,
  path: FieldPath,
): readonly ObjectProblem[] {
  if (value === null || value === undefined || !isRecord(schema)) return [];
  const what = expected(value, schema);
  if (what !== undefined) return [wrongType(value, what, path)];
  if (isRecord(value)) return judgeProperties(value, schema, path);
  if (isList(value)) return judgeElements(value, schema, path);
  const values = schema["enum"];
  return isList(values) && values.every((one) => typeof one === "string")
    ? notAmong(value, values, path)
    : [];
}

export function judgeProperties(
  value: JsonRecord,
  schema: JsonRecord,
  path: FieldPath,
): readonly ObjectProblem[] {
  const properties = propertiesOf(schema);
  const members = Object.entries(value).filter(([name]) => !isGiven(name, schema, path));
  return [
    ...members.flatMap(([name, member]) =>
      judgeMember({ name, member, path: [...path, name] }, schema),
    ),
    ...requiredOf(schema)
      .filter((name) => !isGiven(name, schema, path))
      .filter((name) => value[name] === undefined && !hasDefault(lookUp(properties, name)))
      .map((name) => missingField(name, value, path)),
  ];
}

/** The server fills in and checks these itself. */
function isGiven(name: string, schema: JsonRecord, path: FieldPath): boolean {
  const isObject = path.length === 0 || schema["x-kubernetes-embedded-resource"] === true;
  return isObject && ofEveryObject.includes(name);
}

interface NamedValue {
  readonly name: string;
  readonly member: unknown;
  readonly path: FieldPath;
}

function judgeMember(
  { name, member, path }: NamedValue,
  schema: JsonRecord,
): readonly ObjectProblem[] {
  const properties = propertiesOf(schema);
  const known = lookUp(properties, name);
  if (known !== undefined) return judgeStructural(member, known, path);
  const others = schema["additionalProperties"];
  if (isRecord(others)) return judgeStructural(member, others, path);
  const isOpen = others === true || schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (isOpen || schema["type"] !== "object") return [];
  return [
    {
      path,
      at: "key",
      message: `there is no field ${describePath(path)}`,
      remedy: didYouMean(name, Object.keys(properties)) ?? "remove it, or correct its name",
    },
  ];
}

function judgeElements(
  list: readonly unknown[],
  schema: JsonRecord,
  path: FieldPath,
): readonly ObjectProblem[] {
  const items = schema["items"];
  const keys = schema["x-kubernetes-list-map-keys"];
  const type = schema["x-kubernetes-list-type"];
  const properties = isRecord(items) ? propertiesOf(items) : {};
  const merge =
    type === "map" && isList(keys) ? keys.map(String) : type === "set" ? type : "atomic";
  return [
    ...list.flatMap((element, index) => judgeStructural(element, items, [...path, index])),
    ...repeatedProblems(list, {
      merge,
      path,
      defaultOf: (key) => {
        const field = lookUp(properties, key);
        return isRecord(field) ? field["default"] : undefined;
      },
    }),
  ];
}

/** In words that follow "must be"; undefined where the type is right, or none is given. */
function expected(value: unknown, schema: JsonRecord): string | undefined {
  if (schema["x-kubernetes-int-or-string"] === true) {
    return typeof value === "string" || Number.isInteger(value)
      ? undefined
      : "a whole number or a string";
  }
  switch (schema["type"]) {
    case "string":
      return typeof value === "string" ? undefined : "a string";
    case "integer":
      return Number.isInteger(value) ? undefined : "a whole number";
    case "number":
      return typeof value === "number" ? undefined : "a number";
    case "boolean":
      return typeof value === "boolean" ? undefined : "true or false";
    case "object":
      return isRecord(value) ? undefined : "a map";
    case "array":
      return isList(value) ? undefined : "a list";
    default:
      return undefined;
  }
}

function hasDefault(schema: unknown): boolean {
  return isRecord(schema) && schema["default"] !== undefined;
}
