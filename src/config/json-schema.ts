import * as z from "zod";
import { configurationSchema } from "./configuration-schema.ts";
import type { Path } from "./fault.ts";

/** The parts of JSON Schema (draft 7) that zod makes of our schema. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  /** ECMA 262, as JSON Schema has them. */
  readonly pattern?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** promoter.schema.json: what editors complete and check while promoter.yml is written. */
export function configurationJsonSchema(): JsonSchema {
  const schema = z.toJSONSchema(configurationSchema, { target: "draft-7", io: "input" });
  return {
    ...schema,
    title: "promoter.yml",
    description: "Configuration of the promoter: docs/configuration.md explains it.",
  } as JsonSchema;
}

/**
 * What is allowed at a place; several where the schema leaves a choice, none where it defines
 * nothing.
 */
export function schemasAt(root: JsonSchema, path: Path): readonly JsonSchema[] {
  return path.reduce<readonly JsonSchema[]>(
    (found, step) => found.flatMap((schema) => stepInto(schema, step)),
    choices(root),
  );
}

function stepInto(
  { properties, additionalProperties, items }: JsonSchema,
  step: PropertyKey,
): readonly JsonSchema[] {
  const known = new Map(Object.entries(properties ?? {})).get(String(step));
  const next = typeof step === "number" ? items : (known ?? additionalProperties);
  return typeof next === "object" ? choices(next) : [];
}

/** A description of all of them holds for each that has none of its own. */
function choices({ anyOf, ...schema }: JsonSchema): readonly JsonSchema[] {
  return anyOf?.map((choice) => ({ ...schema, ...choice })) ?? [schema];
}
