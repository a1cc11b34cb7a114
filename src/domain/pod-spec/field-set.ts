import { canonicalJson } from "../hash.ts";
import { isList, isRecord, textAt, valueAt, type JsonRecord } from "../json.ts";
import { fieldPath } from "./field-path.ts";

/**
 * A set of fields as `metadata.managedFields[].fieldsV1` writes it: `f:<name>` a field, `k:{…}` a
 * list item by its keys, `v:<json>` an item of a set. Source:
 * kubernetes.io/docs/reference/using-api/server-side-apply,
 * sigs.k8s.io/structured-merge-diff/fieldpath.
 */
export interface FieldSet {
  /** An empty map in FieldsV1: the value as a whole. */
  readonly whole: boolean;
  /** `.` in FieldsV1: the thing itself, beside its parts. */
  readonly self: boolean;
  readonly parts: ReadonlyMap<string, FieldSet>;
}

export const noFields: FieldSet = { whole: false, self: false, parts: new Map() };

export function parseFieldsV1(fields: unknown): FieldSet {
  if (!isRecord(fields)) return noFields;
  const entries = Object.entries(fields);
  const parts = entries
    .filter(([part]) => part !== ".")
    .map(([part, inner]) => [part, parseFieldsV1(inner)] as const);
  return { whole: entries.length === 0, self: "." in fields, parts: new Map(parts) };
}

export function formatFieldsV1({ whole, self, parts }: FieldSet): JsonRecord {
  if (parts.size === 0) return {};
  const inner = [...parts].map(([part, set]) => [part, formatFieldsV1(set)] as const);
  return { ...(whole || self ? { ".": {} } : {}), ...Object.fromEntries(inner) };
}

export function unite(sets: readonly FieldSet[]): FieldSet {
  return sets.reduce(union, noFields);
}

function union(one: FieldSet, other: FieldSet): FieldSet {
  const parts = new Map(one.parts);
  for (const [part, fields] of other.parts) {
    parts.set(part, union(parts.get(part) ?? noFields, fields));
  }
  return { whole: one.whole || other.whole, self: one.self || other.self, parts };
}

/** What both name; of a value as a whole, what the other names of it. */
export function intersect(one: FieldSet, other: FieldSet): FieldSet {
  if (one.whole) return other;
  if (other.whole) return one;
  const parts = [...one.parts].flatMap(([part, inner]) => {
    const theirs = other.parts.get(part);
    const both = theirs ? intersect(inner, theirs) : noFields;
    return isEmptySet(both) ? [] : [[part, both] as const];
  });
  return { whole: false, self: one.self && other.self, parts: new Map(parts) };
}

/** Names neither a value nor a part of one. */
export function isEmptySet({ whole, self, parts }: FieldSet): boolean {
  return !whole && !self && parts.size === 0;
}

/** What the set names at a path of fields, such as `spec`, `replicas`. */
export function setAt(set: FieldSet, path: readonly string[]): FieldSet {
  return path.reduce((at, name) => at.parts.get(`f:${name}`) ?? noFields, set);
}

/** The set without the field at a path, and without what held nothing else. */
export function withoutField(set: FieldSet, [name, ...rest]: readonly string[]): FieldSet {
  const part = `f:${name ?? ""}`;
  const inner = set.parts.get(part);
  if (!inner) return set;
  const left = rest.length === 0 ? noFields : withoutField(inner, rest);
  const parts = new Map(set.parts);
  if (left.parts.size === 0 && !left.whole) parts.delete(part);
  else parts.set(part, left);
  return { ...set, parts };
}

export interface ItemSelector {
  /** The key fields of a list item, which it cannot do without. */
  readonly keys: JsonRecord;
  readonly selects: (item: unknown) => boolean;
}

/** Which item of a list a part names; none for a field. */
export function selectorOf(part: string): ItemSelector {
  const named: unknown =
    part.startsWith("k:") || part.startsWith("v:") ? JSON.parse(part.slice(2)) : undefined;
  if (part.startsWith("v:")) {
    return { keys: {}, selects: (item) => canonicalJson(item) === canonicalJson(named) };
  }
  if (!isRecord(named)) return { keys: {}, selects: () => false };
  return { keys: named, selects: (item) => hasKeys(item, named) };
}

function hasKeys(item: unknown, keys: JsonRecord): boolean {
  return Object.entries(keys).every(
    ([key, value]) => canonicalJson(valueAt(item, key)) === canonicalJson(value),
  );
}

/** What a part names within a value; undefined: it is not there. */
export function valueOfPart(value: unknown, part: string): unknown {
  if (part.startsWith("f:")) return valueAt(value, part.slice(2));
  const { selects } = selectorOf(part);
  return isList(value) ? value.find(selects) : undefined;
}

/** The path of a part: an item of a list by its name where it has one, else by its keys. */
export function pathOfPart(path: string, part: string, item: unknown): string {
  if (part.startsWith("f:")) return fieldPath(path, part.slice(2));
  const name = textAt(item, "name");
  if (part.startsWith("k:") && name !== undefined) return `${path}[name=${JSON.stringify(name)}]`;
  const { keys } = selectorOf(part);
  const named = Object.entries(keys).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `${path}[${named.length > 0 ? named.join(",") : part.slice(2)}]`;
}
