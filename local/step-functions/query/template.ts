import { isObject, type Json } from "../../json-value.ts";
import { compileExpression, type Bindings, type Expression } from "./expression.ts";

/** A JSON value in which every string between `{%` and `%}`, however deep, is an expression. */
export type Template =
  | { readonly kind: "constant"; readonly value: Json }
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "array"; readonly items: readonly Template[] }
  | { readonly kind: "object"; readonly fields: readonly (readonly [string, Template])[] };

/** Throws an Error with a readable message for an expression that is not well-formed. */
export function compileTemplate(value: Json, location: string): Template {
  if (typeof value === "string") return compileText(value, location);
  if (Array.isArray(value)) {
    return {
      kind: "array",
      items: value.map((item: Json, index) => compileTemplate(item, `${location}[${index}]`)),
    };
  }
  if (!isObject(value)) return { kind: "constant", value };
  const fields = Object.entries(value).map(
    ([key, item]) => [key, compileTemplate(item ?? null, `${location}/${key}`)] as const,
  );
  return { kind: "object", fields };
}

/**
 * "the string must start with `{%` with no leading spaces, and must end with `%}` with no trailing
 * spaces. Improperly opening or closing the expression will result in a validation error."
 * (developer guide "transforming-data")
 */
function compileText(text: string, location: string): Template {
  const [opens, closes] = [text.startsWith("{%"), text.endsWith("%}")];
  if (!opens && !closes) return { kind: "constant", value: text };
  if (!opens || !closes || text.length < 4) {
    throw new Error(`"${text}" must start with {% and end with %}, without spaces around them`);
  }
  return { kind: "expression", expression: compileExpression(text.slice(2, -2).trim(), location) };
}

export async function evaluateTemplate(template: Template, bindings: Bindings): Promise<Json> {
  switch (template.kind) {
    case "constant":
      return template.value;
    case "expression":
      return await template.expression.evaluate(bindings);
    case "array":
      return await inOrder(template.items, (item) => evaluateTemplate(item, bindings));
    case "object":
    default: {
      const entries = await inOrder(
        template.fields,
        async ([key, item]) => [key, await evaluateTemplate(item, bindings)] as const,
      );
      return Object.fromEntries(entries);
    }
  }
}

/** One after the other, so that the first faulty field of a template is the one that is reported. */
async function inOrder<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

export function expressionsIn(template: Template): readonly Expression[] {
  switch (template.kind) {
    case "constant":
      return [];
    case "expression":
      return [template.expression];
    case "array":
      return template.items.flatMap(expressionsIn);
    case "object":
    default:
      return template.fields.flatMap(([, item]) => expressionsIn(item));
  }
}
