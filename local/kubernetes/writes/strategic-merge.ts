import {
  type Json,
  type JsonObject,
  isList,
  isObject,
  listAt,
  objectAt,
} from "../../json-value.ts";
import { sameJson } from "../objects/object-value.ts";
import { entrySchema, type FieldSchema } from "../schemas/field-schema.ts";

const order = "$setElementOrder/";
const deletion = "$deleteFromPrimitiveList/";

/**
 * The patch that `kubectl apply`, `edit`, `set` and `rollout restart` send: lists merge by the keys
 * that Kubernetes' types name, and directives say what else is to be done (apimachinery
 * pkg/util/strategicpatch/patch.go).
 */
export function strategicMerge(
  target: JsonObject,
  patch: JsonObject,
  schema: FieldSchema,
): JsonObject {
  if (patch["$patch"] === "delete") return {};
  if (patch["$patch"] === "replace") return withoutDirectives(patch);
  const kept = retained(target, patch["$retainKeys"]);
  const names = new Set(Object.keys(patch).map((name) => name.replace(/^\$\w+\//, "")));
  const merged: Record<string, Json | undefined> = { ...kept };
  for (const name of names) {
    if (name.startsWith("$")) continue;
    const value = mergedField({ name, before: kept[name], patch, schema });
    if (value === undefined) delete merged[name];
    else merged[name] = value;
  }
  return merged;
}

function retained(target: JsonObject, names: Json | undefined): JsonObject {
  if (!isList(names)) return target;
  return Object.fromEntries(Object.entries(target).filter(([name]) => names.includes(name)));
}

interface PatchedField {
  readonly name: string;
  readonly before: Json | undefined;
  readonly patch: JsonObject;
  readonly schema: FieldSchema;
}

/** undefined: it is gone. */
function mergedField({ name, before, patch, schema }: PatchedField): Json | undefined {
  const value = patch[name];
  if (value === null) return undefined;
  const isMap = schema.kind === "struct" || schema.kind === "map" || schema.kind === "untyped";
  const below = isMap ? entrySchema(schema, name) : undefined;
  if (isObject(value) && isObject(before)) {
    return strategicMerge(before, value, below ?? { kind: "untyped" });
  }
  const merge = schema.kind === "struct" ? schema.patchOf?.(name) : undefined;
  const isListPatch = isList(value) || value === undefined;
  if (isList(before) && isListPatch && merge?.strategy.includes("merge")) {
    const of: FieldSchema = below?.kind === "list" ? below.of : { kind: "untyped" };
    const gone = listAt(patch, `${deletion}${name}`);
    const left = before.filter((one) => !gone.some((other) => sameJson(one, other)));
    const merged = mergedList(left, value ?? [], { of, key: merge.key });
    const wanted = [value, patch[`${order}${name}`]].filter(isList);
    return wanted.reduce<readonly Json[]>(
      (list, one) => ordered(list, { wanted: one, before, key: merge.key }),
      merged,
    );
  }
  if (value === undefined) return before;
  return isObject(value) || isList(value) ? cleaned(value) : value;
}

interface MergingList {
  readonly of: FieldSchema;
  /** undefined: its elements are values. */
  readonly key: string | undefined;
}

function mergedList(
  before: readonly Json[],
  patch: readonly Json[],
  { of, key }: MergingList,
): readonly Json[] {
  if (key === undefined) {
    return [...before, ...patch.filter((one) => !before.some((other) => sameJson(one, other)))];
  }
  if (patch.some((one) => objectAt(one)["$patch"] === "replace")) {
    return patch.filter((one) => objectAt(one)["$patch"] === undefined);
  }
  return patch.reduce<readonly Json[]>((list, given) => {
    const element = objectAt(given);
    const index = list.findIndex((one) => sameJson(objectAt(one)[key], element[key]));
    if (element["$patch"] === "delete") return index < 0 ? list : list.toSpliced(index, 1);
    if (index < 0) return [...list, withoutDirectives(element)];
    return list.with(index, strategicMerge(objectAt(list[index]), element, of));
  }, before);
}

interface Order {
  readonly wanted: readonly Json[];
  readonly before: readonly Json[];
  readonly key: string | undefined;
}

/**
 * Elements that the patch orders are in that order; each that only the server has is put before the
 * first of them that it stood before: mergeSortedSlice.
 */
function ordered(list: readonly Json[], { wanted, before, key }: Order): readonly Json[] {
  const identity = (one: Json): Json | undefined => (key === undefined ? one : objectAt(one)[key]);
  const place = (one: Json, among: readonly Json[]): number =>
    among.findIndex((other) => sameJson(identity(one), identity(other)));
  const stoodBefore = (one: Json, other: Json): boolean => {
    const [mine, theirs] = [place(one, before), place(other, before)];
    return mine >= 0 && theirs >= 0 && mine < theirs;
  };
  const rest = list.filter((one) => place(one, wanted) < 0);
  const patched = list
    .filter((one) => place(one, wanted) >= 0)
    .toSorted((one, other) => place(one, wanted) - place(other, wanted));
  const merged = patched.flatMap((one) => {
    const later = rest.findIndex((other) => !stoodBefore(other, one));
    return [...rest.splice(0, later < 0 ? rest.length : later), one];
  });
  return [...merged, ...rest];
}

function cleaned(value: Json): Json {
  if (isList(value)) return value.map(cleaned);
  return isObject(value) ? withoutDirectives(value) : value;
}

function withoutDirectives(object: JsonObject): JsonObject {
  const entries = Object.entries(object).flatMap(([name, value]) =>
    name.startsWith("$") || value === null || value === undefined ? [] : [[name, cleaned(value)]],
  );
  return Object.fromEntries(entries) as JsonObject;
}
