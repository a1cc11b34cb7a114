import { isList, isRecord } from "../json.ts";

/**
 * The field names of a struct that a program in Go decodes JSON into, with the fields of the
 * structs below it. One without names is a value or a map: whatever keys it has are its own.
 */
export interface Fields {
  readonly [name: string]: Fields;
}

export interface FoldedKey {
  readonly key: string;
  /** The field that it is read as. */
  readonly field: string;
}

/**
 * A key that encoding/json takes for a field although it is spelled otherwise: it folds case where
 * no key fits exactly, and of several that do the last one counts (Go documentation,
 * json.Unmarshal). JSON.parse folds nothing, so the two would read different things.
 */
export function foldedKey(value: unknown, fields: Fields): FoldedKey | undefined {
  // A list stands for its items. There are no lists of lists, so the depth is that of the fields,
  // whatever the input.
  if (isList(value)) {
    return firstOf(value, (item) => (isList(item) ? undefined : foldedKey(item, fields)));
  }
  if (!isRecord(value)) return undefined;
  const names = new Map(Object.keys(fields).map((name) => [folded(name), name]));
  return firstOf(Object.entries(value), ([key, below]) => {
    const field = names.get(folded(key));
    if (field === undefined) return undefined;
    return field === key ? foldedKey(below, fields[field] ?? {}) : { key, field };
  });
}

/**
 * Beside ASCII two letters fold into ASCII: the long s U+017F and the Kelvin sign U+212A (Go's
 * encoding/json, fold.go).
 */
function folded(key: string): string {
  return key
    .replaceAll("\u017f", "s")
    .replaceAll("\u212a", "k")
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function firstOf<Item, Found>(
  items: readonly Item[],
  find: (item: Item) => Found | undefined,
): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
