import { canonicalJson } from "../hash.ts";
import { isList, isRecord, valueAt, type JsonRecord } from "../json.ts";
import { withoutLeftOut, type Adoption } from "./adoption.ts";
import { noFields, selectorOf, unite, type FieldSet } from "./field-set.ts";
import type { KubernetesObject } from "./object.ts";

/**
 * What an apply makes of an object once it is adopted, without the server: needed where the server
 * refuses old and new together, such as two ports of one name. Which lists are merged by keys is
 * seen from what is owned in them.
 */
export function mergeAdopted({
  live,
  object,
  adoption: { ours, from, others },
}: {
  readonly live: KubernetesObject;
  readonly object: KubernetesObject;
  readonly adoption: Adoption;
}): { readonly merged: KubernetesObject; readonly sets: FieldSet } {
  const last = unite([ours, ...from.map(({ fields }) => fields)]);
  const theirs = unite(others.map(({ fields }) => fields));
  const sets = namedBy(last, object);
  const left = withoutLeftOut(live, { last, kept: unite([sets, theirs]) });
  const merged = merge(left, object, unite([last, theirs])) as KubernetesObject;
  return { merged, sets };
}

/** The part of the set that a value names. */
function namedBy({ whole, self, parts }: FieldSet, value: unknown): FieldSet {
  const named = [...parts].flatMap(([part, inner]) => {
    const found = namedPart(value, part);
    return found === undefined ? [] : [[part, namedBy(inner, found)] as const];
  });
  return { whole, self, parts: new Map(named) };
}

function namedPart(value: unknown, part: string): unknown {
  if (part.startsWith("f:")) return valueAt(value, part.slice(2));
  return isList(value) ? value.find((item) => isItem(item, part)) : undefined;
}

/** A key that is not written has its default, as `protocol` has. */
function isItem(item: unknown, part: string): boolean {
  const { keys, selects } = selectorOf(part);
  if (selects(item)) return true;
  return (
    isRecord(item) &&
    Object.keys(keys).some((key) => key in item) &&
    Object.entries(keys).every(
      ([key, value]) => !(key in item) || canonicalJson(item[key]) === canonicalJson(value),
    )
  );
}

function merge(live: unknown, applied: unknown, known: FieldSet): unknown {
  if (known.whole) return applied;
  if (isRecord(live) && isRecord(applied)) return mergeRecords(live, applied, known);
  if (isList(live) && isList(applied) && known.parts.size > 0) {
    return mergeItems(live, applied, known);
  }
  return applied;
}

function mergeRecords(live: JsonRecord, applied: JsonRecord, known: FieldSet): JsonRecord {
  const merged = Object.entries(applied).map(([key, value]) => [
    key,
    key in live ? merge(live[key], value, known.parts.get(`f:${key}`) ?? noFields) : value,
  ]);
  return { ...live, ...Object.fromEntries(merged) };
}

function mergeItems(
  live: readonly unknown[],
  applied: readonly unknown[],
  { parts }: FieldSet,
): readonly unknown[] {
  const partOf = (item: unknown): string | undefined =>
    [...parts.keys()].find((part) => isItem(item, part));
  const places = new Map(live.map((item) => [partOf(item), item] as const));
  const taken = new Set(applied.map(partOf));
  const kept = live.filter((item) => !taken.has(partOf(item)));
  const merged = applied.map((item) => {
    const part = partOf(item);
    const found = part === undefined ? undefined : places.get(part);
    return found === undefined ? item : merge(found, item, parts.get(part ?? "") ?? noFields);
  });
  return [...merged, ...kept];
}
