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
import { noFields, parseFieldsV1, selectorOf, unite, type FieldSet } from "./field-set.ts";
import type { KubernetesObject } from "./object.ts";

/**
 * What `manager` owns by server-side apply. Entries of other operations and of subresources are not
 * what we applied.
 */
export function fieldsOwnedBy(object: KubernetesObject, manager: string): FieldSet {
  const entries = listAt(object.metadata, "managedFields").filter((entry) =>
    isAppliedBy(entry, manager),
  );
  return unite(entries.map((entry) => parseFieldsV1(valueAt(entry, "fieldsV1"))));
}

/** An entry of `metadata.managedFields`. */
export function isAppliedBy(entry: unknown, manager: string): boolean {
  return (
    textAt(entry, "manager") === manager &&
    textAt(entry, "operation") === "Apply" &&
    !textAt(entry, "subresource")
  );
}

/**
 * The part of a live object that any of the sets names, ready to be applied again; always with what
 * addresses it. A field that the sets name and the object lacks is left out.
 */
export function projectOwned(live: KubernetesObject, sets: readonly FieldSet[]): KubernetesObject {
  const projected = recordOf(project(live, unite(sets)));
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
