import { canonicalJson } from "../hash.ts";
import { isList, isRecord, listAt, type JsonRecord } from "../json.ts";
import { lastApplied } from "./bookkeeping.ts";
import {
  ownersOf,
  partFields,
  replicasPath,
  unownedBefore,
  type FieldOwner,
} from "./field-owners.ts";
import {
  formatFieldsV1,
  isEmptySet,
  noFields,
  pathOfPart,
  selectorOf,
  setAt,
  unite,
  valueOfPart,
  withoutField,
  type FieldSet,
} from "./field-set.ts";
import type { KubernetesObject } from "./object.ts";
import { fieldsOwnedBy } from "./owned-fields.ts";

/** A field whose value a promotion replaces or removes, and who had written it. */
export interface Takeover {
  /** As in a `Difference`. */
  readonly field: string;
  readonly manager: string;
}

interface Owned {
  readonly manager: string;
  readonly fields: FieldSet;
}

/** Who owns what of an object that exists, and what of it becomes ours with the next apply. */
export interface Adoption {
  /** Those whose fields are adopted, each with these; empty: all is ours or stays with others. */
  readonly from: readonly Owned[];
  /** What the promoter has applied before. */
  readonly ours: FieldSet;
  /** What stays with its owners. */
  readonly others: readonly Owned[];
  /** `spec.replicas` is ours, is no longer applied, and keeps its value. */
  readonly releasesReplicas: boolean;
  /** `metadata.managedFields` with which an apply does the rest. */
  readonly managedFields: readonly unknown[];
}

interface AdoptedObject {
  readonly live: KubernetesObject;
  /** Our own name. */
  readonly manager: string;
  /** A controller scales it: `spec.replicas` is not applied and keeps its value. */
  readonly keepsReplicas: boolean;
}

export function adoptionOf({ live, manager, keepsReplicas }: AdoptedObject): Adoption {
  const owners = ownersOf(live, manager);
  const stays = keepsReplicas ? [replicasPath] : [];
  const mine = fieldsOwnedBy(live, manager);
  const ours = stays.reduce<FieldSet>(withoutField, mine);
  const parted = owners
    .filter(({ kind }) => kind === "by-hand")
    .map((owner) => ({ owner, ...partFields(owner.fields, stays) }))
    .filter(({ adopted }) => !isEmptySet(adopted));
  const adopting = new Set(parted.map(({ owner }) => owner));
  const staying = owners
    .filter((owner) => owner.kind !== "ours" && !adopting.has(owner))
    .concat(parted.map(({ owner, staying: fields }) => ({ ...owner, fields })))
    .filter(({ fields }) => !isEmptySet(fields));
  const from = parted.map(({ owner, adopted }) => ({ manager: owner.manager, fields: adopted }));
  return {
    from,
    ours,
    others: staying.map((owner) => ({ manager: managerOf(owner), fields: owner.fields })),
    releasesReplicas: keepsReplicas && !isEmptySet(setAt(mine, replicasPath)),
    managedFields: [
      entryOf({ manager, apiVersion: live.apiVersion }, unite([ours, ...from.map(fieldsOf)])),
      ...staying.map(({ entry, fields }) => ({
        ...(isRecord(entry) ? entry : {}),
        fieldsV1: formatFieldsV1(fields),
      })),
    ],
  };
}

/** Whether the owners have to be rewritten before the object can be applied. */
export function rewritesOwners({ from, releasesReplicas }: Adoption): boolean {
  return from.length > 0 || releasesReplicas;
}

function fieldsOf({ fields }: Owned): FieldSet {
  return fields;
}

function managerOf({ manager, subresource }: FieldOwner): string {
  return subresource === "" ? manager : `${manager} through ${subresource}`;
}

function entryOf(
  { manager, apiVersion }: { readonly manager: string; readonly apiVersion: string },
  fields: FieldSet,
): JsonRecord {
  return {
    manager,
    operation: "Apply",
    apiVersion,
    fieldsType: "FieldsV1",
    fieldsV1: formatFieldsV1(fields),
  };
}

/**
 * An object without field managers, with the one that the server gives it at the first apply; that
 * is seen in a dry run.
 */
export function withFirstManager(
  live: KubernetesObject,
  dryRun: KubernetesObject,
): KubernetesObject {
  if (listAt(live.metadata, "managedFields").length > 0) return live;
  const all = unite(ownersOf(dryRun, "").map(({ fields }) => fields));
  const first = { ...entryOf({ manager: unownedBefore, apiVersion: live.apiVersion }, all) };
  return {
    ...live,
    metadata: { ...live.metadata, managedFields: [{ ...first, operation: "Update" }] },
  };
}

/** The fields of the owners that have another value in the next state, or are not there any more. */
export function takeovers(
  owners: readonly Owned[],
  states: { readonly live: KubernetesObject; readonly next: KubernetesObject },
): readonly Takeover[] {
  return owners.flatMap(({ manager, fields }) =>
    changedPaths(withoutField(fields, ["metadata", "annotations", lastApplied]), states, "").map(
      (field) => ({ field, manager }),
    ),
  );
}

function changedPaths(
  { whole, parts }: FieldSet,
  { live, next }: { readonly live: unknown; readonly next: unknown },
  path: string,
): readonly string[] {
  if (live === undefined) return [];
  if (next === undefined) return [path];
  if (whole) return canonicalJson(live) === canonicalJson(next) ? [] : [path];
  return [...parts].flatMap(([part, inner]) => {
    const states = { live: valueOfPart(live, part), next: valueOfPart(next, part) };
    return changedPaths(inner, states, pathOfPart(path, part, states.live));
  });
}

/**
 * The object as an apply leaves it that no longer has what was owned before and nobody owns now:
 * structured-merge-diff, merge/update.go, `prune`. Defaults are the server's matter.
 */
export function withoutLeftOut(
  object: KubernetesObject,
  { last, kept }: { readonly last: FieldSet; readonly kept: FieldSet },
): KubernetesObject {
  const { metadata, ...rest } = object;
  return {
    ...(leaveOut(rest, last, kept) as JsonRecord),
    apiVersion: object.apiVersion,
    kind: object.kind,
    metadata: leaveOut(
      metadata,
      setAt(last, ["metadata"]),
      setAt(kept, ["metadata"]),
    ) as KubernetesObject["metadata"],
  };
}

function leaveOut(value: unknown, last: FieldSet, kept: FieldSet): unknown {
  if (kept.whole) return value;
  if (isRecord(value)) return leaveOutFields(value, last, kept);
  return isList(value) ? leaveOutItems(value, last, kept) : value;
}

function leaveOutFields(record: JsonRecord, last: FieldSet, kept: FieldSet): JsonRecord {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => {
      const before = last.parts.get(`f:${key}`);
      const now = kept.parts.get(`f:${key}`);
      if (!before) return [[key, value] as const];
      return now ? [[key, leaveOut(value, before, now)] as const] : [];
    }),
  );
}

function leaveOutItems(
  items: readonly unknown[],
  last: FieldSet,
  kept: FieldSet,
): readonly unknown[] {
  const before = [...last.parts].map(([part, set]) => ({ part, set, ...selectorOf(part) }));
  return items.flatMap((item) => {
    const hit = before.find(({ selects }) => selects(item));
    if (!hit) return [item];
    const now = kept.parts.get(hit.part);
    if (!now && (hit.set.self || hit.set.whole)) return [];
    const left = leaveOut(item, hit.set, now ?? noFields);
    return [isRecord(left) ? { ...left, ...hit.keys } : left];
  });
}
