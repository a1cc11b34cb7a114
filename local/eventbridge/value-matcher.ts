import { addressRange } from "./address-range.ts";
import { refusePattern } from "./invalid-pattern.ts";
import { numericRange } from "./numeric-range.ts";
import { wildcard } from "./wildcard.ts";

/** What a field of an event can hold at the end of its path. */
export type Leaf = string | number | boolean | null;

/** One entry of a pattern's array. `absent` is `exists: false`, which holds when the event has no such field. */
export type ValueMatcher = { readonly kind: "absent" } | { readonly kind: "leaf"; readonly matches: (value: Leaf) => boolean };

type LeafTest = (value: Leaf) => boolean;
type TextTest = (value: string) => boolean;

/** Operators and reasons: user guide "eb-create-pattern-operators" and github.com/aws/event-ruler, which is what EventBridge runs. */
export function valueMatcher(entry: unknown): ValueMatcher {
  if (isLeaf(entry)) return leaf((value) => value === entry);
  if (Array.isArray(entry) || typeof entry !== "object") refusePattern("Match value must be String, number, true, false, or null");
  const { operator, operand } = onlyEntry(entry ?? {}, "Match expression name not found");
  const build = operators[operator] ?? refusePattern(`Unrecognized match type ${operator}`);
  return build(operand);
}

export function isLeaf(value: unknown): value is Leaf {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}

const operators: Readonly<Record<string, (operand: unknown) => ValueMatcher>> = {
  exactly: (operand) => leaf(equals(text(operand, "exact match"))),
  prefix: (operand) => leaf(onText(prefix(operand))),
  suffix: (operand) => leaf(onText(suffix(operand))),
  "equals-ignore-case": (operand) => leaf(onText(equalsIgnoringCase(text(operand, "equals-ignore-case match")))),
  wildcard: (operand) => leaf(onText(wildcard(text(operand, "wildcard match")))),
  // The real service words this refusal as one of prefix (captured, see address-range.ts).
  cidr: (operand) => leaf(onText(addressRange(text(operand, "prefix match")))),
  numeric: (operand) => leaf(onNumber(numericRange(operand))),
  "anything-but": (operand) => leaf(not(excluded(operand))),
  exists,
};

/** Field names that `$or` does not allow, because they are operators. */
export const reservedNames: ReadonlySet<string> = new Set(Object.keys(operators));

function exists(operand: unknown): ValueMatcher {
  if (typeof operand !== "boolean") refusePattern("exists match pattern must be either true or false.");
  return operand ? leaf(() => true) : { kind: "absent" };
}

function prefix(operand: unknown): TextTest {
  const folded = ignoreCaseOperand(operand);
  if (folded !== undefined) return (value) => fold(value).startsWith(fold(folded));
  const start = text(operand, "prefix match");
  return (value) => value.startsWith(start);
}

function suffix(operand: unknown): TextTest {
  const folded = ignoreCaseOperand(operand);
  if (folded !== undefined) return (value) => fold(value).endsWith(fold(folded));
  const end = text(operand, "suffix match");
  return (value) => value.endsWith(end);
}

/** `{ "prefix": { "equals-ignore-case": "EventB" } }`: undefined when the operand is no such object. */
function ignoreCaseOperand(operand: unknown): string | undefined {
  if (typeof operand !== "object" || operand === null || Array.isArray(operand)) return undefined;
  const inner = onlyEntry(operand, "Match expression name not found");
  if (inner.operator !== "equals-ignore-case") refusePattern(`Unsupported match type ${inner.operator}`);
  return text(inner.operand, "equals-ignore-case match");
}

/** What `anything-but` leaves out. It needs the field to exist, and lets null and values of other types pass. */
function excluded(operand: unknown): LeafTest {
  if (typeof operand === "string" || typeof operand === "number") return equals(operand);
  if (Array.isArray(operand)) return anyOf(sameType(operand).map(equals));
  if (typeof operand !== "object" || operand === null) refusePattern(wrongExclusion);
  const inner = onlyEntry(operand, "Anything-But expression name not found");
  const build = exclusions[inner.operator] ?? refusePattern(`Unsupported anything-but pattern: ${inner.operator}`);
  if (isNested(inner.operand)) refusePattern(wrongExclusion);
  const values: readonly unknown[] = Array.isArray(inner.operand) ? inner.operand : [inner.operand];
  if (values.length === 0) refusePattern("Empty arrays are not allowed");
  return anyOf(values.map((value) => onText(build(value))));
}

const wrongExclusion = "Value of anything-but must be an array or single string/number value.";

const exclusions: Readonly<Record<string, (value: unknown) => TextTest>> = {
  prefix: (value) => prefix(affix(value)),
  suffix: (value) => suffix(affix(value)),
  wildcard: (value) => wildcard(text(value, "wildcard match")),
  "equals-ignore-case": (value) => equalsIgnoringCase(folding(value)),
};

function affix(value: unknown): string {
  const found = text(value, "prefix/suffix match");
  return found === "" ? refusePattern("Null prefix/suffix not allowed") : found;
}

function folding(value: unknown): string {
  if (typeof value === "string") return value;
  return refusePattern("Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.");
}

function sameType(values: readonly unknown[]): readonly (string | number)[] {
  const texts = values.filter((value) => typeof value === "string");
  const numbers = values.filter((value) => typeof value === "number");
  if (texts.length + numbers.length < values.length) refusePattern("Inside anything but list, start|null|boolean is not supported.");
  if ((texts.length === 0) === (numbers.length === 0)) {
    refusePattern("Inside anything but list, either all values are number or string, mixed type is not supported");
  }
  return [...texts, ...numbers];
}

function onlyEntry(expression: object, missing: string): { readonly operator: string; readonly operand: unknown } {
  const [first, ...others] = Object.entries(expression);
  if (first === undefined) refusePattern(missing);
  if (others.length > 0) refusePattern("Only one key allowed in match expression");
  return { operator: first[0], operand: first[1] };
}

function isNested(operand: unknown): boolean {
  return typeof operand === "object" && operand !== null && !Array.isArray(operand);
}

function text(operand: unknown, role: string): string {
  return typeof operand === "string" ? operand : refusePattern(`${role} pattern must be a string`);
}

function equalsIgnoringCase(expected: string): TextTest {
  return (value) => fold(value) === fold(expected);
}

/** Upper case first, so that characters with several lower-case forms meet. */
function fold(value: string): string {
  return value.toUpperCase().toLowerCase();
}

const leaf = (matches: LeafTest): ValueMatcher => ({ kind: "leaf", matches });
const equals = (expected: Leaf): LeafTest => (value) => value === expected;
const not = (test: LeafTest): LeafTest => (value) => !test(value);
const anyOf = (tests: readonly LeafTest[]): LeafTest => (value) => tests.some((test) => test(value));
const onText = (test: TextTest): LeafTest => (value) => typeof value === "string" && test(value);
const onNumber = (test: (value: number) => boolean): LeafTest => (value) => typeof value === "number" && test(value);
