import { isPromoterError, PromoterError } from "../../domain/errors.ts";
import { canonicalJson } from "../../domain/hash.ts";
import { isRecord, listAt, recordAt, valueAt } from "../../domain/json.ts";
import {
  adoptionOf,
  rewritesOwners,
  takeovers,
  withFirstManager,
  withoutLeftOut,
  type Adoption,
  type Takeover,
} from "../../domain/pod-spec/adoption.ts";
import { conflictRemedy, describeConflicts } from "../../domain/pod-spec/field-conflict.ts";
import { replicasPath } from "../../domain/pod-spec/field-owners.ts";
import { intersect, unite, type FieldSet } from "../../domain/pod-spec/field-set.ts";
import { kindOf } from "../../domain/pod-spec/kinds.ts";
import { mergeAdopted } from "../../domain/pod-spec/merge-adopted.ts";
import { describeRef, refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import { fieldsOwnedBy } from "../../domain/pod-spec/owned-fields.ts";
import { withoutReplicas } from "../../domain/pod-spec/scaled-replicas.ts";
import { fieldManager, type Cluster, type PatchOperation } from "../../ports/cluster.ts";
import { whoScales } from "./who-scales.ts";

export interface Target {
  readonly cluster: Cluster;
  /** All objects of the plan. */
  readonly objects: readonly KubernetesObject[];
  readonly force: boolean;
}

/** An object that exists, and what is applied to it. */
export interface FoundObject {
  /** As it is applied. */
  readonly object: KubernetesObject;
  readonly live: KubernetesObject;
  readonly adoption: Adoption;
  /** Who scales it, so that its replicas are left alone; undefined: nobody. */
  readonly scaledBy: string | undefined;
}

export interface Prediction extends FoundObject {
  /** With the server's defaults. */
  readonly wouldBe: KubernetesObject;
  /** What the promoter owns after the apply. */
  readonly sets: FieldSet;
  /** Fields that others have written and that change or go. */
  readonly takeovers: readonly Takeover[];
  /** Whether it takes fields that are not adopted. */
  readonly forces: boolean;
}

/** undefined: it does not exist. */
export async function lookAt(
  object: KubernetesObject,
  { cluster, objects }: Target,
): Promise<FoundObject | undefined> {
  const live = await cluster.read(refOf(object));
  if (!live) return undefined;
  const scaledBy = await whoScales({ object, live, objects }, cluster);
  return {
    object: scaledBy === undefined ? object : withoutReplicas(object),
    live,
    scaledBy,
    adoption: adoptionOf(adoptedObject(live, scaledBy)),
  };
}

function adoptedObject(
  live: KubernetesObject,
  scaledBy: string | undefined,
): Parameters<typeof adoptionOf>[0] {
  return { live, manager: fieldManager, keepsReplicas: scaledBy !== undefined };
}

/**
 * What an object will be and who loses a field, by the server itself: after the look one call, and
 * a second where something is adopted. Nothing is written. Throws `FieldConflict` where others own
 * fields and `force` was not asked for.
 */
export async function predict(look: FoundObject, target: Target): Promise<Prediction> {
  const { object, live, adoption } = look;
  if (!isManaged(live) || rewritesOwners(adoption)) return predictAdoption(look, target);
  const wouldBe = await target.cluster.apply(object, { dryRun: true, force: target.force });
  const sets = oursIn(wouldBe);
  const taken = target.force ? conflictsIn(adoption, { live, next: wouldBe, sets }) : [];
  return { ...look, wouldBe, sets, takeovers: taken, forces: taken.length > 0 };
}

/** Only what is applied can be in conflict: others go on writing their fields meanwhile. */
function conflictsIn(
  { others }: Adoption,
  {
    sets,
    ...states
  }: { readonly live: KubernetesObject; readonly next: KubernetesObject; readonly sets: FieldSet },
): readonly Takeover[] {
  const applied = others.map(({ manager, fields }) => ({
    manager,
    fields: intersect(fields, sets),
  }));
  return takeovers(applied, states);
}

function oursIn(object: KubernetesObject): FieldSet {
  return fieldsOwnedBy(object, fieldManager);
}

export function isManaged({ metadata }: KubernetesObject): boolean {
  return listAt(metadata, "managedFields").length > 0;
}

async function predictAdoption(look: FoundObject, target: Target): Promise<Prediction> {
  const { cluster, force } = target;
  const { object } = look;
  const { live, adoption, merged, sets } = await mergeWithLive(look, target);
  const conflicts = conflictsIn(adoption, { live, next: merged, sets });
  if (conflicts.length > 0 && !force) throw conflict(object, conflicts);
  const left = withoutLeftOut(merged, {
    last: unite([adoption.ours, ...adoption.from.map(({ fields }) => fields)]),
    kept: unite([sets, ...adoption.others.map(({ fields }) => fields)]),
  });
  const content = adoption.releasesReplicas ? withReplicasOf(left, live) : left;
  const wouldBe = await cluster.patch(refOf(object), contentPatch(live, content), { dryRun: true });
  const adopted = takeovers(adoption.from, { live, next: wouldBe });
  return {
    ...look,
    live,
    adoption,
    wouldBe,
    sets,
    takeovers: [...adopted, ...conflicts],
    forces: conflicts.length > 0,
  };
}

interface Merged extends Pick<FoundObject, "live" | "adoption"> {
  /** With what is left out still in it, as far as the server takes both. */
  readonly merged: KubernetesObject;
  readonly sets: FieldSet;
}

/**
 * Both dry runs are harmless: what they would take from others than those adopted is refused
 * afterwards.
 */
async function mergeWithLive(look: FoundObject, { cluster }: Target): Promise<Merged> {
  const { object, adoption, scaledBy } = look;
  try {
    const merged = await cluster.apply(object, { dryRun: true, force: true });
    const live = withFirstManager(look.live, merged);
    return {
      live,
      merged,
      sets: oursIn(merged),
      adoption: adoptionOf(adoptedObject(live, scaledBy)),
    };
  } catch (error) {
    if (!isInvalid(error)) throw error;
    return { live: look.live, adoption, ...mergeAdopted(look) };
  }
}

function isInvalid(error: unknown): boolean {
  return isPromoterError(error) && error.details["status"] === 422;
}

function conflict(object: KubernetesObject, conflicts: readonly Takeover[]): PromoterError {
  const dotted = conflicts.map(({ field, manager }) => ({ field: `.${field}`, manager }));
  const what = `${describeRef(refOf(object))}: ${describeConflicts(dotted)}`;
  const selector = kindOf(object).holds === "ports" ? "of a service" : "of pods";
  return new PromoterError("FieldConflict", `${what}; ${conflictRemedy(dotted, { selector })}`);
}

function withReplicasOf(object: KubernetesObject, live: KubernetesObject): KubernetesObject {
  const spec = { ...recordAt(object, "spec"), replicas: valueAt(live, ...replicasPath) };
  return { ...object, spec };
}

const identity: readonly string[] = ["apiVersion", "kind", "metadata", "status"];
const changeableMetadata = ["labels", "annotations", "finalizers", "ownerReferences"];

/** Makes the content of one object that of the other; the server keeps its own fields. */
function contentPatch(from: KubernetesObject, to: KubernetesObject): readonly PatchOperation[] {
  const fields = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return [
    ...memberPatch(
      "",
      { from, to },
      fields.filter((field) => !identity.includes(field)),
    ),
    ...memberPatch("/metadata", { from: from.metadata, to: to.metadata }, changeableMetadata),
  ];
}

function memberPatch(
  place: string,
  { from, to }: { readonly from: unknown; readonly to: unknown },
  fields: readonly string[],
): readonly PatchOperation[] {
  return fields.flatMap((field): readonly PatchOperation[] => {
    const path = `${place}/${field}`;
    const [before, after] = [valueAt(from, field), valueAt(to, field)];
    if (after === undefined) return before === undefined ? [] : [{ op: "remove", path }];
    const isSame = isRecord(before) && canonicalJson(before) === canonicalJson(after);
    return isSame ? [] : [{ op: "add", path, value: after }];
  });
}
