import { didYouMean } from "../../closest-match.ts";
import { isList, type JsonRecord } from "../../json.ts";
import type { FieldPath } from "../containers.ts";
import { describePath } from "../field-path.ts";
import type { ObjectProblem } from "../object-problem.ts";

/** A value of another type than the field has: what it must be follows "must be". */
export function wrongType(value: unknown, what: string, path: FieldPath): ObjectProblem {
  const wanted = `${describePath(path)} must be ${what}`;
  const remedy = typeRemedy(value, what);
  return {
    path,
    message: `${wanted}, not ${describeValue(value)}`,
    remedy: remedy === listRemedy ? `write it as [${JSON.stringify(value)}]` : remedy,
    ofSecret: { message: `${wanted}, not ${describeType(value)}`, remedy },
  };
}

const listRemedy = "write it as a list";

function typeRemedy(value: unknown, what: string): string {
  if (what === "a string in base64" && typeof value === "string") {
    return "put it in base64, or write it under stringData as it is";
  }
  if (what.startsWith("a string") && typeof value !== "object") return "put it in quotes";
  const isQuoted =
    typeof value === "string" &&
    (what === "true or false" ? /^(?:true|false)$/ : /^-?\d+$/).test(value);
  if (isQuoted) return "write it without quotes";
  if (what === "a list") {
    return typeof value === "object" ? "write a - before each element" : listRemedy;
  }
  return what === "a map" ? "write it as { name: value }" : `write ${what}`;
}

/** Without its text, which may be secret, but for what is short and plain. */
function describeValue(value: unknown): string {
  const isLong = typeof value === "string" && !/^[\w.,:+/-]{1,40}$/.test(value);
  return isLong || typeof value === "object"
    ? describeType(value)
    : `the ${typeof value} ${JSON.stringify(value)}`;
}

function describeType(value: unknown): string {
  if (value === null) return "empty";
  if (isList(value)) return "a list";
  return typeof value === "object" ? "a map" : `this ${typeof value}`;
}

/** Of an enumeration, or a list of them. The empty string stands for the default, as a rule. */
export function notAmong(
  value: unknown,
  values: readonly string[],
  path: FieldPath,
): readonly ObjectProblem[] {
  if (isList(value)) {
    return value.flatMap((element, index) => notAmong(element, values, [...path, index]));
  }
  if (typeof value !== "string" || value === "" || values.includes(value)) return [];
  return [
    {
      path,
      message: `${describePath(path)} must be one of ${values.filter(Boolean).join(", ")}`,
      remedy: didYouMean(value, values) ?? "write one of them",
    },
  ];
}

/** A required field that is not there, or is empty. */
export function missingField(name: string, value: JsonRecord, path: FieldPath): ObjectProblem {
  const at = [...path, name];
  if (value[name] === null) {
    return { path: at, message: `${describePath(at)} is empty`, remedy: `write its ${name}` };
  }
  return typeof path.at(-1) === "number"
    ? { path, message: `${describePath(path)} has no ${name}`, remedy: `write its ${name}` }
    : { path: at, message: `${describePath(at)} is missing`, remedy: `write ${name}` };
}
