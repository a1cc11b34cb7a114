import type { Path } from "./fault.ts";
import { schemasAt, type JsonSchema } from "./json-schema.ts";

/** The input that zod checked. */
export interface CheckedDocument {
  readonly value: unknown;
  /** Its descriptions are the remedies. */
  readonly schema: JsonSchema;
  /** Keys that a person may expect here, and why they do not exist. */
  readonly unavailable: Readonly<Record<string, string>>;
}

/** How messages name a place. */
export function label(path: Path): string {
  return path.length === 0
    ? "the configuration"
    : path
        .map((step, index) =>
          typeof step === "number" ? `[${step}]` : `${index > 0 ? "." : ""}${String(step) || '""'}`,
        )
        .join("");
}

/** The keys that may stand there. */
export function keysAt(path: Path, { schema }: CheckedDocument): readonly string[] {
  return [
    ...new Set(schemasAt(schema, path).flatMap(({ properties }) => Object.keys(properties ?? {}))),
  ];
}

/** Those of them that must. */
export function requiredAt(path: Path, { schema }: CheckedDocument): readonly string[] {
  return [...new Set(schemasAt(schema, path).flatMap(({ required }) => required ?? []))];
}

/** The documentation of a key is the remedy for one that is missing. */
export function descriptionAt(path: Path, { schema }: CheckedDocument): string {
  const [said] = schemasAt(schema, path).flatMap(({ description }) => description ?? []);
  return said ?? `see docs/configuration.md`;
}

/** A description says what a key is; some say by themselves what to write. */
export function writeRemedy(what: string, path: Path, document: CheckedDocument): string {
  const described = descriptionAt(path, document);
  return described.startsWith("Write ") ? described : `write ${what} there: ${described}`;
}

/** The value found there. */
export function valueAt(document: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === "object" && value !== null ? Reflect.get(value, step) : undefined,
    document,
  );
}
