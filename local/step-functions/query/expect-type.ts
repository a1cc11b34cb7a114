import type { Json } from "../../json-value.ts";
import type { Bindings } from "./expression.ts";
import { QueryFault } from "./query-fault.ts";
import { evaluateTemplate, type Template } from "./template.ts";

/** What a field takes, and its name in a message. */
export interface Expected<T extends Json> {
  readonly name: string;
  readonly is: (value: Json) => value is T;
}

/**
 * "An expression might evaluate to a type that the field will not accept"; "a value that is outside
 * the acceptable range for a field will fail" (developer guide "transforming-data"): both are
 * States.QueryEvaluationError.
 */
export async function evaluateAs<T extends Json>(
  template: Template,
  bindings: Bindings,
  field: Expected<T> & { readonly location: string },
): Promise<T> {
  const value = await evaluateTemplate(template, bindings);
  if (field.is(value)) return value;
  const subject =
    template.kind === "expression"
      ? `The JSONata expression '${template.expression.text}' specified for`
      : "The value of";
  const found = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  const difference = `Expected '${field.name}', but was '${found}' for value: ${JSON.stringify(value)}`;
  throw new QueryFault(
    field.location,
    `${subject} the field '${field.location}' returned an unexpected result type. ${difference}`,
  );
}

export const aBoolean: Expected<boolean> = {
  name: "boolean",
  is: (value): value is boolean => typeof value === "boolean",
};

export function anInteger(least: number, most: number): Expected<number> {
  const is = (value: Json): value is number =>
    typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;
  return { name: `integer from ${least} to ${most}`, is };
}
