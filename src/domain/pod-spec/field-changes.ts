import { canonicalJson } from "../hash.ts";
import { isList, isRecord, textAt, type JsonRecord } from "../json.ts";
import { lookUp } from "../look-up.ts";
import { fieldPath } from "./field-path.ts";

export interface FieldChange {
  /**
   * As the API server writes it in its messages, without the leading dot:
   * `spec.template.spec.containers[name="api"].image`.
   */
  readonly path: string;
  /** undefined: not there. */
  readonly from: unknown;
  readonly to: unknown;
}

export interface FieldComparison {
  readonly from: unknown;
  readonly to: unknown;
  /** `intended`: what `to` does not name is left as it is. */
  readonly extent: "everything" | "intended";
}

/** Every field that differs, in alphabetical order within a record and in order within a list. */
export function fieldChanges(compared: FieldComparison): readonly FieldChange[] {
  return changesAt("", compared);
}

function changesAt(path: string, { from, to, extent }: FieldComparison): readonly FieldChange[] {
  if (isRecord(from) && isRecord(to)) return recordChanges(path, { from, to, extent });
  if (isNamedList(from) && isNamedList(to)) return namedListChanges(path, { from, to, extent });
  if (isList(from) && isList(to) && from.length === to.length) {
    return to.flatMap((item, index) =>
      changesAt(`${path}[${index}]`, { from: from[index], to: item, extent }),
    );
  }
  return canonicalJson(from) === canonicalJson(to) ? [] : [{ path, from, to }];
}

function recordChanges(
  path: string,
  { from, to, extent }: FieldComparison & { readonly from: JsonRecord; readonly to: JsonRecord },
): readonly FieldChange[] {
  const keys =
    extent === "intended"
      ? Object.keys(to)
      : [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return keys
    .toSorted()
    .flatMap((key) =>
      changesAt(fieldPath(path, key), { from: lookUp(from, key), to: lookUp(to, key), extent }),
    );
}

type NamedItem = JsonRecord & { readonly name: string };

/**
 * Containers, ports, variables, volumes: the order of such a list means nothing, the name
 * identifies the element.
 */
function isNamedList(value: unknown): value is readonly NamedItem[] {
  if (!isList(value) || value.length === 0) return false;
  const names = value.map((item) => textAt(item, "name"));
  return names.every((name) => name !== undefined) && new Set(names).size === names.length;
}

function namedListChanges(
  path: string,
  {
    from,
    to,
    extent,
  }: FieldComparison & { readonly from: readonly NamedItem[]; readonly to: readonly NamedItem[] },
): readonly FieldChange[] {
  const [before, after] = [byName(from), byName(to)];
  const names = extent === "intended" ? after.keys() : new Set([...before.keys(), ...after.keys()]);
  return [...names].flatMap((name) =>
    changesAt(`${path}[name=${JSON.stringify(name)}]`, {
      from: before.get(name),
      to: after.get(name),
      extent,
    }),
  );
}

function byName(items: readonly NamedItem[]): ReadonlyMap<string, NamedItem> {
  return new Map(items.map((item) => [item.name, item]));
}
