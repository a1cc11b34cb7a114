import {
  type Json,
  type JsonObject,
  isList,
  listAt,
  numberAt,
  objectAt,
  stringAt,
} from "../../json-value.ts";
import { sameJson, withValue } from "../objects/object-value.ts";
import type { Resource } from "../objects/resource-table.ts";
import type { FieldSchema } from "../schemas/field-schema.ts";
import {
  difference,
  type FieldSet,
  fromFieldsV1,
  sameSet,
  toFieldsV1,
  union,
  without,
} from "./field-set.ts";
import { compareObjects, newFields } from "./merge-objects.ts";

/** Who writes, and how: the identity of an entry of `metadata.managedFields`, and its time. */
export interface Write {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string | undefined;
  /** undefined: the manager has only confirmed what was there when it came. */
  readonly time: string | undefined;
  /** Roots of the fields that such a write leaves as they are; none of an entry that is read. */
  readonly foreign: readonly string[];
}

export interface Manager {
  readonly write: Write;
  readonly set: FieldSet;
}

export function sameManager(left: Write, right: Write): boolean {
  return (
    left.manager === right.manager &&
    left.operation === right.operation &&
    left.subresource === right.subresource
  );
}

/**
 * Fields that belong to the server and to nobody: apimachinery
 * pkg/util/managedfields/internal/stripmeta.go.
 */
const unowned = [
  "f:apiVersion",
  "f:kind",
  ...[
    "creationTimestamp",
    "deletionTimestamp",
    "deletionGracePeriodSeconds",
    "generateName",
    "generation",
    "managedFields",
    "name",
    "namespace",
    "resourceVersion",
    "selfLink",
    "uid",
  ].map((name) => `f:metadata\nf:${name}`),
];

export function ownable(set: FieldSet, write: Write): FieldSet {
  return without(set, [...unowned, ...write.foreign]);
}

/**
 * A write to the object itself never owns a status that has an address of its own; a write to the
 * status owns nothing but that and metadata.
 */
export function foreignFields(
  { parts, custom }: Resource,
  part: string | undefined,
): readonly string[] {
  if (part === "status") return ["f:spec", "f:data"];
  return custom && !parts.includes("status") ? [] : ["f:status"];
}

export function managersOf(object: JsonObject): readonly Manager[] {
  return listAt(object, "metadata", "managedFields").map((entry) => ({
    write: writeOf(entry),
    set: fromFieldsV1(objectAt(entry, "fieldsV1")),
  }));
}

function writeOf(entry: Json): Write {
  return {
    manager: stringAt(entry, "manager") ?? "unknown",
    operation: stringAt(entry, "operation") === "Apply" ? "Apply" : "Update",
    apiVersion: stringAt(entry, "apiVersion") ?? "v1",
    subresource: stringAt(entry, "subresource"),
    time: stringAt(entry, "time"),
    foreign: [],
  };
}

/**
 * Entries as they are stored: those of Apply first, each group by time
 * (managedfields/internal/managedfields.go).
 */
export function managedFieldsOf(managers: readonly Manager[]): readonly Json[] {
  const rank = ({ write }: Manager): string =>
    `${write.operation}\n${write.time ?? ""}\n${write.manager}`;
  const owning = managers.filter((manager) => manager.set.size > 0);
  return owning.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1)).map(entryOf);
}

function entryOf({ write, set }: Manager): JsonObject {
  const { manager, operation, apiVersion, time, subresource } = write;
  const entry = {
    manager,
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: "FieldsV1",
    fieldsV1: toFieldsV1(set),
  };
  return subresource ? { ...entry, subresource } : entry;
}

export function withManagedFields(object: JsonObject, entries: readonly Json[]): JsonObject {
  return withValue(
    object,
    ["metadata", "managedFields"],
    entries.length === 0 ? undefined : entries,
  );
}

/**
 * Ownership after a write that is not an apply: the writer takes what changed, and nobody keeps
 * what is gone. An object that exists and has no managers gets none before it is applied:
 * managedfields/internal/skipnonapplied.go.
 */
export function trackUpdate({
  live,
  next,
  given,
  schema,
  write,
}: {
  readonly live: JsonObject;
  readonly next: JsonObject;
  /** Entries that the request itself brings; undefined: none. */
  readonly given: Json | undefined;
  readonly schema: FieldSchema;
  readonly write: Write;
}): readonly Json[] {
  const before = managersBefore(live, given, write);
  if (before.length === 0 && stringAt(live, "metadata", "uid") !== undefined) return [];
  const { changed, removed } =
    stringAt(live, "metadata", "uid") === undefined
      ? { changed: newFields(bare(next), schema), removed: new Set<string>() }
      : compareObjects(bare(live), bare(next), schema);
  const taken = isScaledToNothing(next, write) ? new Set<string>() : ownable(changed, write);
  const mine = before.find((manager) => sameManager(manager.write, write));
  const others = before
    .filter((manager) => manager !== mine)
    .map((manager) => ({
      ...manager,
      set: difference(difference(manager.set, ownable(changed, write)), removed),
    }));
  const set = difference(union(mine?.set ?? new Set(), taken), removed);
  const unchanged = mine !== undefined && sameSet(mine.set, set);
  return managedFieldsOf([...others, { write: unchanged ? mine.write : write, set }]);
}

/**
 * A Scale of 0 replicas names none, so nobody owns them: autoscaling/v1 types.go,
 * `replicas,omitempty`.
 */
function isScaledToNothing(next: JsonObject, write: Write): boolean {
  return write.subresource === "scale" && numberAt(next, "spec", "replicas") === 0;
}

/**
 * A request may bring the entries along; an empty list, or one with one empty entry, takes all of
 * them away. Not through a subresource: managedfields/internal/fieldmanager.go, decodeLiveOrNew and
 * isResetManagedFields.
 */
function managersBefore(
  live: JsonObject,
  given: Json | undefined,
  write: Write,
): readonly Manager[] {
  if (write.subresource !== undefined || !isList(given)) return managersOf(live);
  if (given.length === 0 || (given.length === 1 && sameJson(given[0], {}))) return [];
  const isReadable = given.every(
    (entry) =>
      stringAt(entry, "fieldsType") === "FieldsV1" &&
      ["Apply", "Update"].includes(stringAt(entry, "operation") ?? ""),
  );
  return managersOf(isReadable ? withManagedFields({}, given) : live);
}

function bare(object: JsonObject): JsonObject {
  return withValue(object, ["metadata", "managedFields"], undefined);
}
