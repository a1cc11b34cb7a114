import type { ScalarType } from "@promoter/kubernetes-schemas";

/** What a scalar of a type has to be, in words that follow "must be". */
interface Expectation {
  readonly what: string;
  readonly accepts: (value: unknown) => boolean;
}

/**
 * What the API server takes, tried on 1.36: it compares types as structured-merge-diff does
 * (`validateScalar`), then decodes into Go. Numbers of whole value may be written as 3.0. A number
 * that is too large for its field is not refused but wraps around.
 */
const expectations: Readonly<Record<ScalarType, Expectation>> = {
  string: { what: "a string", accepts: (value) => typeof value === "string" },
  boolean: { what: "true or false", accepts: (value) => typeof value === "boolean" },
  int32: { what: "a whole number", accepts: isWhole },
  int64: { what: "a whole number", accepts: isWhole },
  double: { what: "a number", accepts: (value) => typeof value === "number" },
  byte: { what: "a string in base64", accepts: isBase64 },
  "date-time": { what: "a time as 2026-01-31T12:00:00Z", accepts: isTime },
  quantity: { what: "a quantity as 500m or 2Gi", accepts: isQuantity },
  "int-or-string": {
    what: "a whole number or a string",
    accepts: (value) => typeof value === "string" || isInt32(value),
  },
};

/** What the value should be instead; undefined where it is right. */
export function expectedInstead(value: unknown, type: ScalarType): string | undefined {
  const { what, accepts } = expectations[type];
  return accepts(value) ? undefined : what;
}

function isWhole(value: unknown): boolean {
  return typeof value === "number" && Number.isInteger(value);
}

function isInt32(value: unknown): boolean {
  return isWhole(value) && Math.abs(value as number) < 2 ** 31;
}

/** Of encoding/base64 with padding, which skips line ends. */
function isBase64(value: unknown): boolean {
  if (typeof value !== "string") return false;
  const text = value.replaceAll(/[\r\n]/g, "");
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

/** RFC 3339 as Go reads it: without lower-case letters or a space. */
function isTime(value: unknown): boolean {
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:\d\d)$/;
  return typeof value === "string" && form.test(value);
}

/**
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/; numbers are
 * taken too.
 */
function isQuantity(value: unknown): boolean {
  if (typeof value === "number") return true;
  const form = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
  return typeof value === "string" && form.test(value.trim());
}
