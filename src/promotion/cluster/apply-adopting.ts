import { isPromoterError, PromoterError } from "../../domain/errors.ts";
import { textAt } from "../../domain/json.ts";
import { rewritesOwners, type Takeover } from "../../domain/pod-spec/adoption.ts";
import { describeRef, refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import type { PatchOperation } from "../../ports/cluster.ts";
import {
  isManaged,
  lookAt,
  predict,
  type FoundObject,
  type Prediction,
  type Target,
} from "./predict-object.ts";

/** How often an object may change under us: controllers write its status all the time. */
const maxTries = 8;

/**
 * Applies an object and adopts it first, if it has to be. What is taken from others was approved
 * with the plan, or it throws `FieldConflict` before it writes. Safe to be repeated after a death
 * at any point.
 */
export async function applyAdopting(
  object: KubernetesObject,
  target: Target,
  approved: readonly Takeover[],
): Promise<KubernetesObject> {
  for (let tries = 1; ; tries += 1) {
    try {
      const look = await lookAt(object, target);
      return await (look
        ? applyTo(look, target, approved)
        : target.cluster.apply(object, { dryRun: false, force: false }));
    } catch (error) {
      if (!wasChangedMeanwhile(error) || tries >= maxTries) throw error;
    }
  }
}

async function applyTo(
  look: FoundObject,
  target: Target,
  approved: readonly Takeover[],
): Promise<KubernetesObject> {
  const { cluster, force } = target;
  if (!force && isOurs(look)) {
    return cluster.apply(look.object, { dryRun: false, force: false });
  }
  const prediction = await predict(look, target);
  refuseUnseen(prediction, approved);
  const version = await rewriteOwners(prediction, target);
  return prediction.forces
    ? cluster.apply(ofVersion(prediction.object, version), { dryRun: false, force: true })
    : cluster.apply(prediction.object, { dryRun: false, force: false });
}

/** An object without any managers gets its first one with the apply: that one is adopted too. */
function isOurs({ live, adoption }: FoundObject): boolean {
  return isManaged(live) && !rewritesOwners(adoption);
}

/** What somebody has written since the plan was made, nobody approved to be overwritten. */
export function refuseUnseen(
  { object, takeovers }: Pick<Prediction, "object" | "takeovers">,
  approved: readonly Takeover[],
): void {
  const seen = new Set(approved.map(keyOf));
  const unseen = takeovers.filter((one) => !seen.has(keyOf(one)));
  if (unseen.length === 0) return;
  const fields = unseen.map(({ field, manager }) => `${field} (${manager})`).join(", ");
  throw new PromoterError(
    "FieldConflict",
    `${describeRef(refOf(object))} was changed since the plan was made, and it would overwrite ${fields}, ` +
      "which the plan does not show: promote the version again, and the new plan shows it",
  );
}

function keyOf({ field, manager }: Takeover): string {
  return JSON.stringify([field, manager]);
}

/** The version of the object that the next apply is for. */
async function rewriteOwners(
  { object, live, adoption }: Prediction,
  { cluster }: Target,
): Promise<string | undefined> {
  const version = textAt(live, "metadata", "resourceVersion");
  if (!rewritesOwners(adoption)) return version;
  const operations: readonly PatchOperation[] = [
    { op: "add", path: "/metadata/managedFields", value: adoption.managedFields },
    { op: "replace", path: "/metadata/resourceVersion", value: version },
  ];
  const patched = await cluster.patch(refOf(object), operations, { dryRun: false });
  return textAt(patched, "metadata", "resourceVersion");
}

function ofVersion(object: KubernetesObject, version: string | undefined): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, resourceVersion: version } };
}

function wasChangedMeanwhile(error: unknown): boolean {
  return (
    isPromoterError(error) && error.name === "ClusterUnavailable" && error.details["status"] === 409
  );
}
