import type { EventPattern } from "./event-pattern.ts";
import { flattenEvent, type Field } from "./flatten-event.ts";
import type { ValueMatcher } from "./value-matcher.ts";

type FieldsByPath = ReadonlyMap<string, readonly Field[]>;
type Condition = readonly [path: string, matchers: readonly ValueMatcher[]];

/** Whether EventBridge sends the event to the targets of a rule with this pattern. */
export function matchesEvent(pattern: EventPattern, event: unknown): boolean {
  return holds(
    [...pattern],
    Map.groupBy(flattenEvent(event), ({ path }) => path),
    new Map(),
  );
}

/**
 * Tries every field that fulfils the first condition together with the rest. Two fields of
 * different elements of one array never count together (event-ruler README, "JSON Array
 * Matching").
 */
function holds(
  conditions: readonly Condition[],
  fields: FieldsByPath,
  chosen: Field["elements"],
): boolean {
  const [first, ...rest] = conditions;
  if (first === undefined) return true;
  const [path, matchers] = first;
  return (fields.get(path) ?? [])
    .filter(
      (field) =>
        matchers.some((matches) => matches(field.value)) && areConsistent(field.elements, chosen),
    )
    .some((field) => holds(rest, fields, new Map([...chosen, ...field.elements])));
}

function areConsistent(left: Field["elements"], right: Field["elements"]): boolean {
  return [...left].every(([array, index]) => (right.get(array) ?? index) === index);
}
