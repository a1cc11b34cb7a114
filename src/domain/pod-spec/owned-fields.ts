import { canonicalJson } from "../hash.ts";
import {
  isList,
  isRecord,
  listAt,
  recordAt,
  textAt,
  valueAt,
  withoutKeys,
  type JsonRecord,
} from "../json.ts";
import { serverMetadata } from "./bookkeeping.ts";
import type { KubernetesObject } from "./object.ts";

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

const noFields: FieldSet = { whole: false, self: false, parts: new Map() };

/**
 * What `manager` owns by server-side apply. Entries of other operations and of subresources are not
 * what we applied.
 */
export function fieldsOwnedBy(object: KubernetesObject, manager: string): FieldSet {
  const entries = listAt(object.metadata, "managedFields").filter((entry) =>
    isAppliedBy(entry, manager),
  );
  return entries.map((entry) => parseFieldsV1(valueAt(entry, "fieldsV1"))).reduce(union, noFields);
}

function isAppliedBy(entry: unknown, manager: string): boolean {
  return (
    textAt(entry, "manager") === manager &&
    textAt(entry, "operation") === "Apply" &&
    !textAt(entry, "subresource")
  );
}

export function parseFieldsV1(fields: unknown): FieldSet {
  if (!isRecord(fields)) return noFields;
  const entries = Object.entries(fields);
  const parts = entries
    .filter(([part]) => part !== ".")
    .map(([part, inner]) => [part, parseFieldsV1(inner)] as const);
  return { whole: entries.length === 0, self: "." in fields, parts: new Map(parts) };
}

function union(one: FieldSet, other: FieldSet): FieldSet {
  const parts = new Map(one.parts);
  for (const [part, fields] of other.parts) {
    parts.set(part, union(parts.get(part) ?? noFields, fields));
  }
  return { whole: one.whole || other.whole, self: one.self || other.self, parts };
}

/**
 * The part of a live object that any of the sets names, ready to be applied again; always with what
 * addresses it. A field that the sets name and the object lacks is left out.
 */
export function projectOwned(live: KubernetesObject, sets: readonly FieldSet[]): KubernetesObject {
  const projected = recordOf(project(live, sets.reduce(union, noFields)));
  const { name, namespace } = live.metadata;
  const address = namespace === undefined ? { name } : { name, namespace };
  const metadata = { ...withoutKeys(recordAt(projected, "metadata"), serverMetadata), ...address };
  return {
    ...withoutKeys(projected, ["status"]),
    apiVersion: live.apiVersion,
    kind: live.kind,
    metadata,
  };
}

function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

/** undefined: nothing of it is in the set. */
function project(value: unknown, set: FieldSet): unknown {
  if (set.whole) return value;
  if (isList(value)) return omitEmpty(projectList(value, set), set);
  if (isRecord(value)) return omitEmpty(projectRecord(value, set), set);
  return set.self ? value : undefined;
}

function omitEmpty<T extends object>(projected: T, { self }: FieldSet): T | undefined {
  return self || Object.keys(projected).length > 0 ? projected : undefined;
}

function projectRecord(record: JsonRecord, { parts }: FieldSet): JsonRecord {
  const kept = Object.entries(record).map(
    ([key, value]) => [key, project(value, parts.get(`f:${key}`) ?? noFields)] as const,
  );
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

function projectList(items: readonly unknown[], { parts }: FieldSet): readonly unknown[] {
  const selectors = [...parts].map(([part, set]) => ({ ...selectorOf(part), set }));
  return items.flatMap((item) => {
    const hit = selectors.find(({ selects }) => selects(item));
    return hit ? [projectItem(item, hit)] : [];
  });
}

function projectItem(
  item: unknown,
  { keys, set }: { readonly keys: JsonRecord; readonly set: FieldSet },
): unknown {
  if (set.whole) return item;
  return isRecord(item) ? { ...keys, ...projectRecord(item, set) } : item;
}

/** `keys`: the key fields of a list item, which it cannot do without. */
function selectorOf(part: string): {
  readonly keys: JsonRecord;
  readonly selects: (item: unknown) => boolean;
} {
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
