import type { Branch, EventPattern } from "./event-pattern.ts";
import { flattenEvent, type Field } from "./flatten-event.ts";
import type { ValueMatcher } from "./value-matcher.ts";

type FieldsByPath = ReadonlyMap<string, readonly Field[]>;
type Condition = readonly [path: string, matchers: readonly ValueMatcher[]];

/** Whether EventBridge sends the event to the targets of a rule with this pattern. */
export function matchesEvent(pattern: EventPattern, event: unknown): boolean {
  const fields = Map.groupBy(flattenEvent(event), ({ path }) => path);
  return pattern.branches.some((branch) => matchesBranch(branch, fields));
}

function matchesBranch(branch: Branch, fields: FieldsByPath): boolean {
  return holds([...branch], fields, new Map());
}

/**
 * Tries every field that fulfils the first condition together with the rest. Two fields of different elements of one
 * array never count together (event-ruler README, "JSON Array Matching").
 */
function holds(conditions: readonly Condition[], fields: FieldsByPath, chosen: Field["elements"]): boolean {
  const [first, ...rest] = conditions;
  if (first === undefined) return true;
  const [path, matchers] = first;
  const present = fields.get(path) ?? [];
  if (present.length === 0) return matchers.some(({ kind }) => kind === "absent") && holds(rest, fields, chosen);
  return present
    .filter((field) => fulfils(field, matchers) && areConsistent(field.elements, chosen))
    .some((field) => holds(rest, fields, new Map([...chosen, ...field.elements])));
}

function fulfils(field: Field, matchers: readonly ValueMatcher[]): boolean {
  return matchers.some((matcher) => matcher.kind === "leaf" && matcher.matches(field.value));
}

function areConsistent(left: Field["elements"], right: Field["elements"]): boolean {
  return [...left].every(([array, index]) => (right.get(array) ?? index) === index);
}
