import {
  type Json,
  type JsonObject,
  isList,
  isObject,
  ownValue,
  valueAt,
} from "../../json-value.ts";
import { sameJson } from "../objects/object-value.ts";
import { entrySchema, type FieldSchema, type ListMerge } from "../schemas/field-schema.ts";
import {
  childrenOf,
  difference,
  displayElement,
  type FieldSet,
  joinPath,
  listElement,
} from "./field-set.ts";

/** `over` laid upon `base`: maps by key, keyed lists by element, everything else replaced. */
export function mergeValues(base: Json, over: Json, schema: FieldSchema): Json {
  if (schema.kind === "scalar" || schema.kind === "any") return over;
  if (schema.kind === "list") {
    return schema.merge.kind === "atomic" || !isList(base) || !isList(over)
      ? over
      : mergeLists(base, over, schema);
  }
  if (schema.kind !== "untyped" && schema.atomic) return over;
  return mergeEntries(base, over, (name) => entrySchema(schema, name));
}

function mergeEntries(
  base: Json,
  over: Json,
  schemaFor: (name: string) => FieldSchema | undefined,
): Json {
  if (!isObject(base) || !isObject(over)) return over;
  const merged: Record<string, Json | undefined> = { ...base };
  for (const [name, value] of Object.entries(over)) {
    const before = ownValue(base, name);
    const schema = schemaFor(name);
    merged[name] =
      before === undefined || value === undefined || !schema
        ? value
        : mergeValues(before, value, schema);
  }
  return merged;
}

type ListSchema = Extract<FieldSchema, { kind: "list" }>;

/** Elements of both follow the order of `over`; those only in `base` keep their place among them. */
function mergeLists(base: readonly Json[], over: readonly Json[], schema: ListSchema): Json {
  const keyOf = (element: Json): string => listElement(element, schema.merge);
  const before = new Map(base.map((element) => [keyOf(element), element]));
  const wanted = new Set(over.map(keyOf));
  const merged: Json[] = [];
  let next = 0;
  const takeUntilShared = (): void => {
    for (
      let element = base[next];
      element !== undefined && !wanted.has(keyOf(element));
      element = base[++next]
    ) {
      merged.push(element);
    }
  };
  for (const element of over) {
    const old = before.get(keyOf(element));
    takeUntilShared();
    merged.push(old === undefined ? element : mergeValues(old, element, schema.of));
    if (old !== undefined) next++;
  }
  return [...merged, ...base.slice(next).filter((element) => !wanted.has(keyOf(element)))];
}

/** The value without the fields of the set; what becomes empty by that goes as well. */
export function removeFields(value: JsonObject, schema: FieldSchema, set: FieldSet): JsonObject {
  const left = removeBelow({ value, schema, path: [] }, set);
  return isObject(left) ? left : {};
}

interface Visit {
  readonly value: Json;
  readonly schema: FieldSchema;
  readonly path: readonly string[];
}

function removeBelow({ value, schema, path }: Visit, set: FieldSet): Json | undefined {
  const children = childrenOf(value, schema);
  if (children === undefined || children.length === 0) return value;
  const kept = children.flatMap((child) => {
    const here = [...path, child.element];
    if (set.has(joinPath(here))) return [];
    const left = removeBelow({ value: child.value, schema: child.schema, path: here }, set);
    return left === undefined ? [] : [{ element: child.element, left }];
  });
  if (kept.length === 0) return undefined;
  if (isList(value)) return kept.map((child) => child.left);
  return Object.fromEntries(kept.map((child) => [child.element.slice(2), child.left]));
}

export interface Comparison {
  readonly changed: FieldSet;
  readonly removed: FieldSet;
}

/** Fields that are new or have another value, and fields that are gone. */
export function compareObjects(
  before: JsonObject,
  after: JsonObject,
  schema: FieldSchema,
): Comparison {
  const old = leavesOf(before, schema);
  const now = leavesOf(after, schema);
  const changed = [...now].filter(
    ([path, value]) => !old.has(path) || (value !== undefined && !sameJson(old.get(path), value)),
  );
  const removed = [...old.keys()].filter((path) => !now.has(path));
  return { changed: new Set(changed.map(([path]) => path)), removed: new Set(removed) };
}

/**
 * What an object has that comes to be. A built-in one has its outer structs before it has anything
 * else, as Go's zero value of its type has them.
 */
export function newFields(object: JsonObject, schema: FieldSchema): FieldSet {
  const { changed } = compareObjects({}, object, schema);
  if (schema.kind === "struct" && schema.isCustom) {
    return difference(changed, new Set(["f:metadata"]));
  }
  return new Set([...changed].filter((path) => !isOuter(path)));
}

const zeroFields = new Set(
  [
    "metadata",
    "spec",
    "status",
    "template",
    "strategy",
    "updateStrategy",
    "jobTemplate",
    "containers",
  ].map((name) => `f:${name}`),
);

function isOuter(path: string): boolean {
  return path.split("\n").every((element) => zeroFields.has(element));
}

/** Leaves with their value; what holds others, with undefined: it is a member beside its content. */
function leavesOf(object: JsonObject, schema: FieldSchema): ReadonlyMap<string, Json | undefined> {
  const found = new Map<string, Json | undefined>();
  const walk = ({ value, schema: at, path }: Visit): void => {
    const children = childrenOf(value, at);
    if (path.length > 0) found.set(joinPath(path), children ? undefined : value);
    for (const child of children ?? []) {
      walk({ value: child.value, schema: child.schema, path: [...path, child.element] });
    }
  };
  walk({ value: object, schema, path: [] });
  return found;
}

function hasNoKey(
  element: Json,
  { keys, defaults }: Extract<ListMerge, { kind: "keys" }>,
): boolean {
  return keys.every((key) => defaults[key] === undefined && valueAt(element, key) === undefined);
}

/** structured-merge-diff typed/helpers.go, keyedAssociativeListItemToPathElement. */
function omitsAllKeys(keys: readonly string[]): string {
  const all = `[${keys.map((one) => JSON.stringify(one)).join(" ")}]`;
  return [
    `associative list with keys has an element that omits all key fields ${all}`,
    "(and doesn't have default values for any key fields)",
  ].join(" ");
}

/** What makes a list unusable as one that merges: an element that is there twice, or has no key. */
export function keyedListFault(value: readonly Json[], schema: ListSchema): string | undefined {
  const { merge } = schema;
  if (merge.kind === "atomic") return undefined;
  const seen = new Set<string>();
  for (const element of value) {
    if (merge.kind === "keys" && hasNoKey(element, merge)) {
      return `: element ${value.indexOf(element)}: ${omitsAllKeys(merge.keys)}`;
    }
    const key = listElement(element, merge);
    if (seen.has(key)) return `: duplicate entries for key ${displayElement(key)}`;
    seen.add(key);
  }
  return undefined;
}
