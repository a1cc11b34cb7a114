import { type Json, isList, isObject } from "../../json-value.ts";

/** A value as Go prints it with `%v`: `yes`, `map[a:b]`, `[1 2]`. */
export function goText(value: Json): string {
  if (isList(value)) return `[${value.map(goText).join(" ")}]`;
  if (isObject(value)) {
    return `map[${pairsOf(value)
      .map(([key, child]) => `${key}:${goText(child)}`)
      .join(" ")}]`;
  }
  return value === null ? "<nil>" : String(value);
}

/** A value as Go prints it with `%#v`: `"yes"`, `map[string]interface {}{"a":"b"}`. */
export function goSyntax(value: Json): string {
  if (isList(value)) return `[]interface {}{${value.map(goSyntax).join(", ")}}`;
  if (isObject(value)) {
    return `map[string]interface {}{${pairsOf(value)
      .map(([key, child]) => `${JSON.stringify(key)}:${goSyntax(child)}`)
      .join(", ")}}`;
  }
  return value === null ? "interface {}(nil)" : JSON.stringify(value);
}

/** Go prints maps in the order of their keys. */
function pairsOf(value: {
  readonly [key: string]: Json | undefined;
}): readonly (readonly [string, Json])[] {
  return Object.entries(value)
    .flatMap(([key, child]) => (child === undefined ? [] : [[key, child] as const]))
    .toSorted(([one], [other]) => (one < other ? -1 : 1));
}
