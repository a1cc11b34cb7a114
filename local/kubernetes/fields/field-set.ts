import { type Json, type JsonObject, isList, isObject } from "../../json-value.ts";
import { entrySchema, type FieldSchema, type ListMerge } from "../schemas/field-schema.ts";

/**
 * Paths of fields. An element is written as FieldsV1 does: `f:<name>`, `k:<json of the keys>` or
 * `v:<json of a value>`
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/, fieldsV1).
 */
export type FieldSet = ReadonlySet<string>;

/** JSON text never contains a line feed, and neither do names of fields. */
const separator = "\n";
export const joinPath = (path: readonly string[]): string => path.join(separator);
const splitPath = (path: string): readonly string[] => path.split(separator);

/**
 * Every field that a value sets: leaves, entries of maps, elements of keyed lists. Structs count
 * only when empty.
 */
export function fieldSet(value: Json, schema: FieldSchema): FieldSet {
  const found = new Set<string>();
  collect({ value, schema, path: [] }, found);
  return found;
}

interface Visit {
  readonly value: Json;
  readonly schema: FieldSchema;
  readonly path: readonly string[];
}

function collect(visit: Visit, found: Set<string>): void {
  const children = childrenOf(visit.value, visit.schema);
  if (children === undefined) {
    found.add(joinPath(visit.path));
    return;
  }
  for (const child of children) {
    const path = [...visit.path, child.element];
    if (visit.schema.kind !== "struct" || isEmpty(child.value)) found.add(joinPath(path));
    collect({ value: child.value, schema: child.schema, path }, found);
  }
}

export interface Child {
  readonly element: string;
  readonly value: Json;
  readonly schema: FieldSchema;
}

/** What can be owned separately inside a value; undefined when the value is owned as a whole. */
export function childrenOf(value: Json, schema: FieldSchema): readonly Child[] | undefined {
  if (schema.kind === "scalar" || schema.kind === "any") return undefined;
  if (schema.kind === "list") {
    return schema.merge.kind === "atomic" || !isList(value)
      ? undefined
      : elements(value, schema.of, schema.merge);
  }
  if (!isObject(value) || (schema.kind !== "untyped" && schema.atomic)) return undefined;
  return entries(value, (name) => entrySchema(schema, name));
}

function entries(
  value: JsonObject,
  schemaFor: (name: string) => FieldSchema | undefined,
): readonly Child[] {
  return Object.entries(value).flatMap(([name, child]) => {
    const schema = schemaFor(name);
    return schema && child !== undefined ? [{ element: `f:${name}`, value: child, schema }] : [];
  });
}

function elements(value: readonly Json[], schema: FieldSchema, merge: ListMerge): readonly Child[] {
  return value.map((child) => ({ element: listElement(child, merge), value: child, schema }));
}

/** The path element of one member of a list that merges. */
export function listElement(value: Json, merge: ListMerge): string {
  if (merge.kind !== "keys") return `v:${JSON.stringify(value)}`;
  const keys = merge.keys.map((key) => {
    const given = isObject(value) ? value[key] : undefined;
    return [key, given ?? merge.defaults[key]] as const;
  });
  return `k:${JSON.stringify(Object.fromEntries(keys))}`;
}

function isEmpty(value: Json): boolean {
  return value === null || (isObject(value) && Object.keys(value).length === 0);
}

export function union(...sets: readonly FieldSet[]): FieldSet {
  return new Set(sets.flatMap((set) => [...set]));
}

export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return new Set([...left].filter((path) => !right.has(path)));
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  return new Set([...left].filter((path) => right.has(path)));
}

export function sameSet(left: FieldSet, right: FieldSet): boolean {
  return left.size === right.size && difference(left, right).size === 0;
}

/** Without the fields at or below any of these paths. */
export function without(set: FieldSet, roots: readonly string[]): FieldSet {
  return new Set(
    [...set].filter(
      (path) => !roots.some((root) => path === root || path.startsWith(root + separator)),
    ),
  );
}

/**
 * Adds the structs on the way to each field. Elements of lists and entries of maps are members of a
 * set by themselves (`EnsureNamedFieldsAreMembers` in sigs.k8s.io/structured-merge-diff,
 * fieldpath/set.go).
 */
export function withStructs(set: FieldSet): FieldSet {
  const all = new Set(set);
  for (const path of set) addStructs(splitPath(path), all);
  return all;
}

function addStructs(path: readonly string[], all: Set<string>): void {
  for (let length = 1; length < path.length; length++) {
    if (path[length - 1]?.startsWith("f:")) all.add(joinPath(path.slice(0, length)));
  }
}

interface Tree {
  [element: string]: Tree;
}

/** `{"f:spec":{"f:replicas":{}}}`; a member that has children of its own is marked with ".". */
export function toFieldsV1(set: FieldSet): JsonObject {
  const root: Tree = {};
  for (const path of [...set].toSorted()) {
    let node = root;
    for (const element of splitPath(path)) node = node[element] ??= {};
    node["."] = {};
  }
  return unmarkLeaves(root);
}

function unmarkLeaves(tree: Tree): JsonObject {
  const names = Object.keys(tree);
  if (names.length === 1 && names[0] === ".") return {};
  return Object.fromEntries(
    Object.entries(tree).map(([name, child]) => [name, unmarkLeaves(child)]),
  );
}

export function fromFieldsV1(fields: JsonObject): FieldSet {
  const found = new Set<string>();
  read(fields, [], found);
  return found;
}

function read(fields: JsonObject, path: readonly string[], found: Set<string>): void {
  for (const [element, child] of Object.entries(fields)) {
    const below = isObject(child) ? child : {};
    const here = element === "." ? path : [...path, element];
    if (Object.keys(below).length === 0) found.add(joinPath(here));
    read(below, here, found);
  }
}

/** `.spec.template.spec.containers[name="a"].image`, as conflicts are told. */
export function displayPath(path: string): string {
  return splitPath(path).map(displayElement).join("");
}

export function displayElement(element: string): string {
  const text = element.slice(2);
  if (element.startsWith("f:")) return `.${text}`;
  if (element.startsWith("v:")) return `[=${text}]`;
  const keys: unknown = JSON.parse(text);
  const pairs = isObject(keys) ? Object.entries(keys) : [];
  return `[${pairs.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(",")}]`;
}
