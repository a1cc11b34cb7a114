import { configurationJsonSchema, type JsonSchema } from "./json-schema.ts";

interface Section {
  readonly title: string;
  /** `, or` for the second way to write the same place. */
  readonly note?: string;
  readonly schema: JsonSchema;
}

/**
 * The reference part of docs/configuration.md: a table for every map of promoter.yml, with each
 * key, its default and what it does.
 */
export function configurationReference(): string {
  return sections({ title: "promoter.yml", schema: configurationJsonSchema() })
    .map(printSection)
    .join("\n\n");
}

/** The map itself, then those inside, depth first. */
function sections({ title, schema, note = "" }: Section): readonly Section[] {
  const own = schema.properties ? [{ title, schema, note }] : [];
  const prefix = title === "promoter.yml" ? "" : `${title}.`;
  const inner = Object.entries(schema.properties ?? {}).flatMap(([key, value]) =>
    sections({ title: `${prefix}${key}`, schema: value }),
  );
  const named =
    typeof schema.additionalProperties === "object"
      ? sections({ title: `${title}.<name>`, schema: schema.additionalProperties })
      : [];
  const choices = (schema.anyOf ?? []).flatMap((choice, index) =>
    sections({ title, schema: choice, note: index === 0 ? "" : ", or" }),
  );
  const listed = schema.items ? sections({ title: `${title}[]`, schema: schema.items }) : [];
  return [...own, ...inner, ...named, ...listed, ...choices];
}

function printSection({ title, schema, note }: Section): string {
  const rows = Object.entries(schema.properties ?? {}).map(
    ([key, value]) =>
      `| \`${key}\` | ${shape(value)} | ${fallback(key, schema)} | ${value.description ?? ""} |`,
  );
  return [
    `### \`${title}\`${note}`,
    "",
    "| key | is | default | |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
}

function shape({
  type,
  enum: values,
  const: only,
  items,
  anyOf,
  additionalProperties,
}: JsonSchema): string {
  if (values ?? only !== undefined) {
    return (values ?? [only]).map((value) => `\`${String(value)}\``).join(", ");
  }
  if (items) return "list";
  if (typeof additionalProperties === "object" || anyOf) return "map by name";
  return (
    {
      string: "string",
      integer: "number",
      number: "number",
      boolean: "true, false",
      object: "map",
    }[type ?? ""] ?? ""
  );
}

function fallback(key: string, { properties, required }: JsonSchema): string {
  if (required?.includes(key)) return "required";
  const value = properties?.[key]?.default;
  return value === undefined
    ? "–"
    : `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}
