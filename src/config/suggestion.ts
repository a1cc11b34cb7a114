import * as z from "zod";

/** `; did you mean "approval"?`, when a key at that place is close to what was written. */
export function suggestion(key: string, path: readonly PropertyKey[], schema: z.ZodType): string {
  const known = keysAt(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }), path);
  const [best] = known.map((name) => ({ name, distance: distance(key, name) })).toSorted((one, other) => one.distance - other.distance);
  if (best && best.distance <= Math.max(2, key.length / 3)) return `; did you mean "${best.name}"?`;
  return known.length > 0 ? `; known are ${known.join(", ")}` : "";
}

interface JsonSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly additionalProperties?: unknown;
}

function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  let here = asSchema(schema);
  for (const step of path) here = asSchema(here.properties?.[String(step)] ?? here.additionalProperties);
  return Object.keys(here.properties ?? {});
}

function asSchema(value: unknown): JsonSchema {
  return typeof value === "object" && value !== null ? value : {};
}

/** Levenshtein distance. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, character] of one.split("").entries()) {
    const next = [index + 1];
    for (const [column, letter] of other.split("").entries()) {
      next.push(Math.min((next[column] ?? 0) + 1, (row[column + 1] ?? 0) + 1, (row[column] ?? 0) + (character === letter ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
