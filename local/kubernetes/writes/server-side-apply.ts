import { type JsonObject, objectAt } from "../../json-value.ts";
import {
  difference,
  displayPath,
  fieldSet,
  type FieldSet,
  intersection,
  union,
  withStructs,
} from "../fields/field-set.ts";
import {
  type Manager,
  managersOf,
  managedFieldsOf,
  ownable,
  sameManager,
  withManagedFields,
  type Write,
} from "../fields/managed-fields.ts";
import { compareObjects, mergeValues, newFields, removeFields } from "../fields/merge-objects.ts";
import type { Cause } from "../objects/api-refusal.ts";
import { sameJson } from "../objects/object-value.ts";
import { type FieldSchema } from "../schemas/field-schema.ts";

export interface Apply {
  /** undefined: the object does not exist yet. */
  readonly live: JsonObject | undefined;
  readonly config: JsonObject;
  readonly schema: FieldSchema;
  readonly write: Write;
  readonly onConflict: "refuse" | "take-over";
}

export type Applied =
  | { readonly kind: "merged"; readonly object: JsonObject }
  | { readonly kind: "conflict"; readonly message: string; readonly causes: readonly Cause[] };

/**
 * Server-side apply (https://kubernetes.io/docs/reference/using-api/server-side-apply/): merges
 * what is applied, takes away what this manager applied before and nobody else owns, and refuses a
 * change of what others own unless forced.
 */
export function applyConfiguration(apply: Apply): Applied {
  const live = apply.live ?? {};
  const before = managersBefore(apply);
  // With the fields of the server, such as the name: they hold up `metadata` while everything else in it is taken away.
  const applied = fieldSet(apply.config, apply.schema);
  const applier: Manager = { write: apply.write, set: ownable(applied, apply.write) };
  const last =
    before.find((manager) => sameManager(manager.write, apply.write))?.set ?? new Set<string>();
  const others = before.filter((manager) => !sameManager(manager.write, apply.write));
  const merged = objectAt({ value: mergeValues(live, apply.config, apply.schema) }, "value");
  const pruned = prune({
    merged,
    last,
    owned: union(applied, ...others.map((manager) => manager.set)),
    schema: apply.schema,
  });
  const comparison = compareObjects(live, pruned, apply.schema);
  const conflicts = others
    .map((manager) => ({ manager, fields: intersection(manager.set, comparison.changed) }))
    .filter((it) => it.fields.size > 0);
  if (conflicts.length > 0 && apply.onConflict === "refuse") return refusal(conflicts);
  const left = others.map((manager) => ({
    ...manager,
    set: difference(difference(manager.set, comparison.changed), comparison.removed),
  }));
  const earlier = before.find((manager) => sameManager(manager.write, apply.write));
  const timed = changesNothing(pruned, apply.live)
    ? { ...applier, write: { ...applier.write, time: earlier?.write.time } }
    : applier;
  return { kind: "merged", object: withManagedFields(pruned, managedFieldsOf([...left, timed])) };
}

/**
 * What an object has that nobody owns belongs to a manager of this name from its first apply on:
 * managedfields/internal/skipnonapplied.go.
 */
function managersBefore({ live, schema, write }: Apply): readonly Manager[] {
  const managers = managersOf(live ?? {});
  if (!live || managers.length > 0) return managers;
  const first: Write = { ...write, manager: "before-first-apply", operation: "Update" };
  return [{ write: first, set: ownable(newFields(withManagedFields(live, []), schema), first) }];
}

/** An apply of what is there already moves no time: managedfields/internal/managedfieldsupdater.go. */
function changesNothing(pruned: JsonObject, live: JsonObject | undefined): boolean {
  return live !== undefined && sameJson(withManagedFields(pruned, []), withManagedFields(live, []));
}

interface Prune {
  readonly merged: JsonObject;
  readonly last: FieldSet;
  /** What all managers own now. */
  readonly owned: FieldSet;
  readonly schema: FieldSchema;
}

/**
 * Three steps, as in sigs.k8s.io/structured-merge-diff merge/update.go: take away all that was
 * applied last time, add back what someone owns now, add back what was never part of the last
 * configuration.
 */
function prune({ merged, last, owned, schema }: Prune): JsonObject {
  if (last.size === 0) return merged;
  const all = withStructs(fieldSet(merged, schema));
  const lost = (kept: JsonObject): FieldSet => difference(all, withStructs(fieldSet(kept, schema)));
  const withoutLast = removeFields(merged, schema, withStructs(last));
  const withOwned = removeFields(merged, schema, difference(lost(withoutLast), withStructs(owned)));
  return removeFields(merged, schema, intersection(lost(withOwned), withStructs(last)));
}

interface Conflict {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

/** Texts: apimachinery pkg/util/managedfields/internal/conflict.go. */
function refusal(conflicts: readonly Conflict[]): Applied {
  const byManager = conflicts.toSorted((a, b) => (named(a.manager) < named(b.manager) ? -1 : 1));
  const causes = byManager.flatMap(({ manager, fields }) =>
    [...fields]
      .toSorted()
      .map((path) => ({
        reason: "FieldManagerConflict",
        message: `conflict with ${named(manager)}`,
        field: displayPath(path),
      })),
  );
  const [only] = causes;
  if (causes.length === 1 && only) {
    return {
      kind: "conflict",
      causes,
      message: `Apply failed with 1 conflict: ${only.message}: ${only.field}`,
    };
  }
  const lines = byManager.flatMap(({ manager, fields }) => [
    `conflicts with ${named(manager)}:`,
    ...[...fields].toSorted().map((path) => `- ${displayPath(path)}`),
  ]);
  return {
    kind: "conflict",
    causes,
    message: `Apply failed with ${causes.length} conflicts: ${lines.join("\n")}`,
  };
}

function named({ write }: Manager): string {
  const subresource = write.subresource ? ` with subresource "${write.subresource}"` : "";
  return `"${write.manager}"${subresource}${write.operation === "Update" ? ` using ${write.apiVersion}` : ""}`;
}
