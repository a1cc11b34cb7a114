import type * as z from "zod";
import {
  descriptionAt,
  keysAt,
  requiredAt,
  label,
  valueAt,
  writeRemedy,
  type CheckedDocument,
} from "./checked-document.ts";
import type { Finding, Path } from "./fault.ts";
import { schemasAt, type JsonSchema } from "./json-schema.ts";

/** What YAML 1.1 took for true and false. */
const oldBooleans = new Map([
  ["yes", "true"],
  ["on", "true"],
  ["no", "false"],
  ["off", "false"],
]);

const expectations: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  string: ["a string", "put it in quotes"],
  number: ["a number", "write a number"],
  int: ["a whole number", "write a whole number"],
  boolean: ["true or false", "write true or false"],
  array: ["a list", "write it as [one, two]"],
  object: ["a map", "write it as { key: value }"],
  record: ["a map", "write it as { name: … }"],
};

/** A value of another type than the expected one, or none at all. */
export function wrongType(
  { path, expected }: Extract<z.core.$ZodIssue, { code: "invalid_type" }>,
  document: CheckedDocument,
): Finding {
  const found = valueAt(document.value, path);
  const [what, usual] = expectations[expected] ?? [expected, descriptionAt(path, document)];
  const shaped = shapeRemedy({ expected, found, path }, document);
  if (found === undefined) return missing(path, document);
  if (found === null) {
    return {
      path,
      at: "key",
      message: `${label(path)} is empty`,
      remedy: shaped ?? writeRemedy(what, path, document),
    };
  }
  const isScalarWithoutQuotes = expected !== "string" || typeof found !== "object";
  return {
    path,
    message: `${label(path)} must be ${what}, not ${kindOf(found)}`,
    remedy:
      shaped ??
      (isScalarWithoutQuotes
        ? `${usual}${hint({ expected, found, path }, document)}`
        : writeRemedy(what, path, document)),
  };
}

/** How to make a list of the value, and which keys a map has; undefined where neither is expected. */
function shapeRemedy(
  { expected, found, path }: TypeMismatch,
  document: CheckedDocument,
): string | undefined {
  const isPlain = typeof found !== "object" && found !== undefined;
  const examples = schemasAt(document.schema, path).flatMap(({ examples: given }) => given ?? []);
  if (expected === "string") {
    return isPlain &&
      examples.length > 0 &&
      !matchesPattern(found, schemasAt(document.schema, path))
      ? `write it as ${examples.map(String).join(" or ")}`
      : undefined;
  }
  if (expected === "array") return isPlain ? `write it as [${JSON.stringify(found)}]` : undefined;
  if (expected !== "object" && expected !== "record") return undefined;
  const described = descriptionAt(path, document);
  const keys = keysAt(path, document);
  if (described.startsWith("Write ")) return described;
  if (keys.length === 0) return undefined;
  const required = requiredAt(path, document);
  const isOptional = keys.some((key) => !required.includes(key));
  const form = `write it as { ${keys.map((key) => `${key}: …`).join(", ")} }`;
  return isOptional ? `${form}, ${whatMayGo(required)}` : form;
}

function whatMayGo(required: readonly string[]): string {
  return required.length === 0
    ? "of which you may omit what you do not need"
    : `of which you may omit all but ${required.join(", ")}`;
}

export function missing(path: Path, document: CheckedDocument): Finding {
  return {
    path,
    message: `${label(path)} is missing`,
    remedy: `add it: ${descriptionAt(path, document)}`,
  };
}

interface TypeMismatch {
  readonly expected: string;
  readonly found: unknown;
  readonly path: Path;
}

/** What is most likely wrong with the value. */
function hint({ expected, found, path }: TypeMismatch, document: CheckedDocument): string {
  if (expected === "string") {
    return matchesPattern(found, schemasAt(document.schema, path))
      ? ""
      : `. ${descriptionAt(path, document)}`;
  }
  if (typeof found !== "string") return "";
  const meant = expected === "boolean" ? oldBooleans.get(found.toLowerCase()) : undefined;
  if (meant !== undefined) return `: ${meant}`;
  const quoted = expected === "boolean" ? /^(?:true|false)$/ : /^-?\d+(?:\.\d+)?$/;
  return quoted.test(found) ? " without quotes" : "";
}

/** Quotes alone do not fix what is too short, such as an account id of eleven digits. */
function matchesPattern(found: unknown, schemas: readonly JsonSchema[]): boolean {
  return schemas.every(
    ({ pattern }) => pattern === undefined || new RegExp(pattern).test(String(found)),
  );
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a map" : `the ${typeof value} ${JSON.stringify(value)}`;
}
