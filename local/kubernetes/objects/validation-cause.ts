import type { Json } from "../../json-value.ts";
import type { Cause } from "./api-refusal.ts";

/** The kinds of field errors: apimachinery pkg/util/validation/field/errors.go. */
export function required(field: string, detail = ""): Cause {
  return {
    reason: "FieldValueRequired",
    field,
    message: `Required value${detail === "" ? "" : `: ${detail}`}`,
  };
}

export function invalidValue(field: string, value: Json, detail: string): Cause {
  return {
    reason: "FieldValueInvalid",
    field,
    message: `Invalid value: ${JSON.stringify(value)}: ${detail}`,
  };
}

export function tooLong(field: string, detail: string): Cause {
  return { reason: "FieldValueTooLong", field, message: `Too long: ${detail}` };
}

export function forbiddenField(field: string, detail: string): Cause {
  return { reason: "FieldValueForbidden", field, message: `Forbidden: ${detail}` };
}

export function duplicate(field: string, value: Json): Cause {
  return {
    reason: "FieldValueDuplicate",
    field,
    message: `Duplicate value: ${JSON.stringify(value)}`,
  };
}

export function notFoundField(field: string, value: Json): Cause {
  return { reason: "FieldValueNotFound", field, message: `Not found: ${JSON.stringify(value)}` };
}

export function unsupported(field: string, value: Json, supported: readonly string[]): Cause {
  const list = supported.map((it) => JSON.stringify(it)).join(", ");
  return {
    reason: "FieldValueNotSupported",
    field,
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
  };
}
