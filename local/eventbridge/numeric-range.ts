import { refusePattern } from "./invalid-pattern.ts";

type Compare = (value: number) => boolean;

const comparisons: Readonly<Record<string, (bound: number) => Compare>> = {
  "=": (bound) => (value) => value === bound,
  ">": (bound) => (value) => value > bound,
  ">=": (bound) => (value) => value >= bound,
  "<": (bound) => (value) => value < bound,
  "<=": (bound) => (value) => value <= bound,
};

/** `["=", 5]`, `["<", 10]`, or a lower bound followed by an upper one, such as `[">", 0, "<=", 5]`. */
export function numericRange(terms: unknown): Compare {
  if (!Array.isArray(terms)) refusePattern("Value of numeric must be an array.");
  const [operator, bound, ...rest]: readonly unknown[] = terms;
  const first = comparison(operator, bound);
  if (rest.length === 0) return first;
  if (operator !== ">" && operator !== ">=") refusePattern("Too many elements in numeric expression");
  const [upper, top, ...excess] = rest;
  if (upper !== "<" && upper !== "<=") refusePattern(`Bad numeric range operator: ${String(upper)}`);
  const second = comparison(upper, top);
  if (excess.length > 0) refusePattern("Too many terms in numeric range expression");
  if (Number(bound) >= Number(top)) refusePattern("Bottom must be less than top");
  return (value) => first(value) && second(value);
}

function comparison(operator: unknown, bound: unknown): Compare {
  if (typeof operator !== "string") refusePattern(`Invalid member in numeric match: ${String(operator)}`);
  const compare = comparisons[operator] ?? refusePattern(`Unrecognized numeric range operator: ${operator}`);
  if (typeof bound !== "number") refusePattern(`Value of ${operator === "=" ? "equals" : operator} must be numeric`);
  return compare(exact(bound));
}

/** "If a value falls outside this range …, EventBridge rejects the rule" (eb-create-pattern-operators, "Numeric matching"). */
function exact(bound: number): number {
  if (Math.abs(bound) > 2 ** 53) refusePattern(`Value must be between -2^53 and 2^53, inclusive: ${bound}`);
  return bound;
}
