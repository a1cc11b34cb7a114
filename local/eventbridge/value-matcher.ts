import { unsupported } from "../unsupported.ts";
import { refusePattern } from "./invalid-pattern.ts";

/** What a field of an event can hold at the end of its path. */
export type Leaf = string | number | boolean | null;

/** One entry of a pattern's array. */
export type ValueMatcher = (value: Leaf) => boolean;

/**
 * Exact values and the operator that a rule of the template uses. Reasons of refusal:
 * github.com/aws/event-ruler, which is what EventBridge runs, JsonRuleCompiler; those that AWS
 * would accept name what is not supported here.
 */
export function valueMatcher(entry: unknown): ValueMatcher {
  if (isLeaf(entry)) return (value) => value === entry;
  if (Array.isArray(entry) || typeof entry !== "object") {
    refusePattern("Match value must be String, number, true, false, or null");
  }
  const [first, ...others] = Object.entries(entry ?? {});
  if (first === undefined) refusePattern("Match expression name not found");
  const [operator, operand] = first;
  if (unsupportedOperators.has(operator)) refuseUnsupported(operator);
  if (operator !== "anything-but") refusePattern(`Unrecognized match type ${operator}`);
  if (others.length > 0) refusePattern("Only one key allowed in match expression");
  const excluded = excludedValues(operand);
  return (value) => !excluded.some((one) => one === value);
}

export function isLeaf(value: unknown): value is Leaf {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

/**
 * Operators of EventBridge that no rule of the template uses (user guide
 * "eb-create-pattern-operators").
 */
const unsupportedOperators: ReadonlySet<string> = new Set([
  "prefix",
  "suffix",
  "exactly",
  "equals-ignore-case",
  "wildcard",
  "cidr",
  "numeric",
  "exists",
]);

/** Better refused than imitated: what is nearly right here would be found wrong in AWS. */
export function refuseUnsupported(operator: string): never {
  return refusePattern(unsupported(operator));
}

/**
 * What `anything-but` leaves out. It needs the field to exist, and lets null and values of other
 * types pass.
 */
function excludedValues(operand: unknown): readonly (string | number)[] {
  if (typeof operand === "string" || typeof operand === "number") return [operand];
  if (isNested(operand)) refuseUnsupported(`anything-but with ${Object.keys(operand).join(", ")}`);
  if (!Array.isArray(operand)) {
    refusePattern("Value of anything-but must be an array or single string/number value.");
  }
  return sameType(operand);
}

function sameType(values: readonly unknown[]): readonly (string | number)[] {
  const texts = values.filter((value) => typeof value === "string");
  const numbers = values.filter((value) => typeof value === "number");
  if (texts.length + numbers.length < values.length) {
    refusePattern("Inside anything but list, start|null|boolean is not supported.");
  }
  if ((texts.length === 0) === (numbers.length === 0)) {
    refusePattern(
      "Inside anything but list, either all values are number or string, mixed type is not supported",
    );
  }
  return [...texts, ...numbers];
}

function isNested(operand: unknown): operand is object {
  return typeof operand === "object" && operand !== null && !Array.isArray(operand);
}
