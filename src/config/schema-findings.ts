import type * as z from "zod";
import { lookUp } from "../domain/look-up.ts";
import { closest } from "./closest.ts";
import type { Finding, Path } from "./fault.ts";
import { schemasAt, type JsonSchema } from "./json-schema.ts";

type Issue = z.core.$ZodIssue;

/** What zod looked at. */
export interface CheckedDocument {
  readonly value: unknown;
  /** Its descriptions are the remedies. */
  readonly schema: JsonSchema;
  /** Keys that a person may look for here, and why there is no such thing. */
  readonly unavailable: Readonly<Record<string, string>>;
}

/** What zod found, in words that say what to write instead. */
export function schemaFindings(
  issues: readonly Issue[],
  document: CheckedDocument,
): readonly Finding[] {
  return issues.flatMap((issue) => toFindings(issue, document));
}

function toFindings(issue: Issue, document: CheckedDocument): readonly Finding[] {
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, issue.path, document));
    case "invalid_union":
      return isEmptyMap(valueAt(document.value, issue.path))
        ? [missingChoice(issue, document)]
        : schemaFindings(
            likeliest(issue.errors).map((inner) => ({
              ...inner,
              path: [...issue.path, ...inner.path],
            })),
            document,
          );
    case "invalid_type":
      return [wrongType(issue, document)];
    case "invalid_value":
      return [wrongValue(issue, document)];
    case "too_small":
      return [tooSmall(issue, document)];
    case "custom":
      return [
        {
          path: issue.path,
          message: issue.message,
          remedy: String(issue.params?.["remedy"] ?? describedAt(issue.path, document)),
        },
      ];
    case "too_big":
      return [tooBig(issue, document)];
    case "invalid_format":
    case "invalid_key":
    case "invalid_element":
    case "not_multiple_of":
      return [
        {
          path: issue.path,
          message: `${label(issue.path)}: ${issue.message}`,
          remedy: describedAt(issue.path, document),
        },
      ];
    default:
      return issue satisfies never;
  }
}

function unknownKey(key: string, parent: Path, document: CheckedDocument): Finding {
  const { unavailable } = document;
  const known = keysAt(parent, document);
  const near = closest(key, known);
  const listed = `${label(parent)} has ${known.join(", ")}`;
  const remedy =
    near === undefined ? (lookUp(unavailable, key) ?? listed) : `did you mean ${near}?`;
  return { path: [...parent, key], at: "key", message: `unknown key ${key}`, remedy };
}

/**
 * Of the branches of a choice the one that was meant: with the fewest strange keys, then with the
 * fewest faults.
 */
function likeliest(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const strange = (issues: readonly Issue[]): number =>
    issues.reduce(
      (sum, issue) => sum + (issue.code === "unrecognized_keys" ? issue.keys.length : 0),
      0,
    );
  return (
    branches.toSorted(
      (one, other) => strange(one) - strange(other) || one.length - other.length,
    )[0] ?? []
  );
}

/** What YAML 1.1 took for true and false. */
const oldBooleans = new Map([
  ["yes", "true"],
  ["on", "true"],
  ["no", "false"],
  ["off", "false"],
]);

const expectations: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  string: ["a text", "put it in quotes"],
  number: ["a number", "write a number"],
  int: ["a whole number", "write a whole number"],
  boolean: ["true or false", "write true or false"],
  array: ["a list", "write it as [one, two]"],
  object: ["a map", "write it as { key: value }"],
  record: ["a map", "write it as { name: … }"],
};

function wrongType(
  { path, expected }: Extract<Issue, { code: "invalid_type" }>,
  document: CheckedDocument,
): Finding {
  const found = valueAt(document.value, path);
  const [what, usual] = expectations[expected] ?? [expected, describedAt(path, document)];
  const shaped = shapeRemedy({ expected, found, path }, document);
  if (found === undefined) return missing(path, document);
  if (found === null) {
    return {
      path,
      at: "key",
      message: `${label(path)} is empty`,
      remedy: toWrite(what, path, document),
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
        : toWrite(what, path, document)),
  };
}

/**
 * How a list is made of what is there, and which keys a map has; undefined where neither is asked
 * for.
 */
function shapeRemedy(
  { expected, found, path }: Mistaken,
  document: CheckedDocument,
): string | undefined {
  const isPlain = typeof found !== "object" && found !== undefined;
  const examples = schemasAt(document.schema, path).flatMap(({ examples: given }) => given ?? []);
  if (expected === "string") {
    return isPlain && examples.length > 0 && !fits(found, schemasAt(document.schema, path))
      ? `write it as ${examples.map(String).join(" or ")}`
      : undefined;
  }
  if (expected === "array") return isPlain ? `write it as [${JSON.stringify(found)}]` : undefined;
  if (expected !== "object" && expected !== "record") return undefined;
  const described = describedAt(path, document);
  const keys = keysAt(path, document);
  if (described.startsWith("Write ")) return described;
  return keys.length === 0
    ? undefined
    : `write it as { ${keys.map((key) => `${key}: …`).join(", ")} }, of which you may leave out what you do not need`;
}

/** It does not say which branch of a choice is meant. */
function isEmptyMap(found: unknown): boolean {
  return typeof found === "object" && found !== null && Object.keys(found).length === 0;
}

function missingChoice(
  { path, errors }: Extract<Issue, { code: "invalid_union" }>,
  document: CheckedDocument,
): Finding {
  const keys = errors.flatMap(([first]) => first?.path.map(String) ?? []);
  return {
    path,
    message: `${label(path)}: ${keys.join(" or ")} is missing`,
    remedy: describedAt(path, document),
  };
}

function missing(path: Path, document: CheckedDocument): Finding {
  return {
    path,
    message: `${label(path)} is missing`,
    remedy: `add it: ${describedAt(path, document)}`,
  };
}

interface Mistaken {
  readonly expected: string;
  readonly found: unknown;
  readonly path: Path;
}

/** What is most likely the matter with the value that is there. */
function hint({ expected, found, path }: Mistaken, document: CheckedDocument): string {
  if (expected === "string") {
    return fits(found, schemasAt(document.schema, path)) ? "" : `. ${describedAt(path, document)}`;
  }
  if (typeof found !== "string") return "";
  const meant = expected === "boolean" ? oldBooleans.get(found.toLowerCase()) : undefined;
  if (meant !== undefined) return `: ${meant}`;
  const quoted = expected === "boolean" ? /^(?:true|false)$/ : /^-?\d+(?:\.\d+)?$/;
  return quoted.test(found) ? " without quotes" : "";
}

/** Quotes alone would not mend what is too short, such as an account id of eleven digits. */
function fits(found: unknown, schemas: readonly JsonSchema[]): boolean {
  return schemas.every(
    ({ pattern }) => pattern === undefined || new RegExp(pattern).test(String(found)),
  );
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object"
    ? "a map"
    : `the ${typeof value === "string" ? "text" : typeof value} ${JSON.stringify(value)}`;
}

function wrongValue(
  { path, values }: Extract<Issue, { code: "invalid_value" }>,
  document: CheckedDocument,
): Finding {
  const found = valueAt(document.value, path);
  const allowed = values.map(String);
  if (found === undefined) return missing(path, document);
  const near = typeof found === "string" ? closest(found, allowed) : undefined;
  const remedy =
    near === undefined
      ? `write ${allowed.join(" or ")}. ${describedAt(path, document)}`
      : `did you mean ${near}? Known are ${allowed.join(", ")}`;
  return { path, message: `${label(path)} is ${JSON.stringify(found)}`, remedy };
}

function tooSmall(
  { path, origin, minimum }: Extract<Issue, { code: "too_small" }>,
  document: CheckedDocument,
): Finding {
  if (origin === "number") {
    return {
      path,
      message: `${label(path)} is below ${String(minimum)}`,
      remedy: `write ${String(minimum)} or more`,
    };
  }
  return {
    path,
    message: `${label(path)} is empty`,
    remedy: toWrite(origin === "array" ? "at least one" : "a text", path, document),
  };
}

function tooBig(
  { path, origin, maximum, message }: Extract<Issue, { code: "too_big" }>,
  document: CheckedDocument,
): Finding {
  if (origin === "number") {
    return {
      path,
      message: `${label(path)} is above ${String(maximum)}`,
      remedy: `write ${String(maximum)} or less`,
    };
  }
  return { path, message: `${label(path)}: ${message}`, remedy: describedAt(path, document) };
}

function label(path: Path): string {
  return path.length === 0
    ? "the configuration"
    : path
        .map((step, index) =>
          typeof step === "number" ? `[${step}]` : `${index > 0 ? "." : ""}${String(step) || '""'}`,
        )
        .join("");
}

function keysAt(path: Path, { schema }: CheckedDocument): readonly string[] {
  return [
    ...new Set(schemasAt(schema, path).flatMap(({ properties }) => Object.keys(properties ?? {}))),
  ];
}

/** The documentation of a key is the remedy for one that is missing. */
function describedAt(path: Path, { schema }: CheckedDocument): string {
  const [said] = schemasAt(schema, path).flatMap(({ description }) => description ?? []);
  return said ?? `see docs/configuration.md`;
}

/** A description says what a key is; some say by themselves what to write. */
function toWrite(what: string, path: Path, document: CheckedDocument): string {
  const described = describedAt(path, document);
  return described.startsWith("Write ") ? described : `write ${what} there: ${described}`;
}

function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined,
    document,
  );
}
