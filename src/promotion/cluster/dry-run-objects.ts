import type { PodSpecSource } from "../../domain/configuration.ts";
import { isPromoterError, PromoterError } from "../../domain/errors.ts";
import type { Difference, Plan } from "../../domain/plan.ts";
import { difference } from "../../domain/pod-spec/differences.ts";
import { isNamespace, namespaceRef } from "../../domain/pod-spec/kinds.ts";
import { describeRef, refOf, type KubernetesObject } from "../../domain/pod-spec/object.ts";
import { validateLocally } from "../../domain/pod-spec/validate-locally.ts";
import type { Cluster, Clusters } from "../../ports/cluster.ts";

export type DryRunResult =
  | { readonly differences: readonly Difference[] }
  /** One per object that cannot be applied, in the server's words. */
  | { readonly refusals: readonly string[] };

/**
 * What every object would change; without a pod spec nothing. Refusals of the server refuse the
 * promotion; an unreachable server throws.
 */
export async function dryRunObjects(
  plan: Plan,
  podSpec: PodSpecSource | undefined,
  ports: { readonly clusters: Clusters },
): Promise<DryRunResult> {
  if (!podSpec) return { differences: [] };
  const target = await catchRefusal(async () => {
    const cluster = await ports.clusters.connect(podSpec.cluster);
    const namespace = await namespaceState(plan.objects, podSpec, cluster);
    return { cluster, namespace, force: podSpec.force };
  });
  if ("refusal" in target) return { refusals: [target.refusal] };
  const results = await Promise.all(
    plan.objects.map((object) => catchRefusal(() => dryRun(object, target.value))),
  );
  const refusals = results.flatMap((one) => ("refusal" in one ? [one.refusal] : []));
  return refusals.length > 0
    ? { refusals }
    : { differences: results.flatMap((one) => ("value" in one ? [one.value] : [])) };
}

async function catchRefusal<T>(
  work: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly refusal: string }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (
      isPromoterError(error) &&
      (error.name === "ClusterRefused" || error.name === "FieldConflict")
    ) {
      return { refusal: error.message };
    }
    throw error;
  }
}

/**
 * A namespace that is one of the objects does not exist at the first promotion: the server cannot
 * dry-run what goes into it.
 */
async function namespaceState(
  objects: Plan["objects"],
  { namespace, cluster: name }: PodSpecSource,
  cluster: Cluster,
): Promise<"exists" | "to-be-created"> {
  if (await cluster.read(namespaceRef(namespace))) return "exists";
  if (objects.some((object) => isNamespace(object) && object.metadata.name === namespace)) {
    return "to-be-created";
  }
  const why = `namespace ${namespace} does not exist in cluster ${name} and is not among the objects`;
  throw new PromoterError("ClusterRefused", `${why}: create it, or add a Namespace to the files`);
}

interface DryRunTarget {
  readonly cluster: Cluster;
  readonly namespace: "exists" | "to-be-created";
  readonly force: boolean;
}

async function dryRun(
  object: KubernetesObject,
  { cluster, namespace, force }: DryRunTarget,
): Promise<Difference> {
  if (namespace === "to-be-created" && object.metadata.namespace !== undefined) {
    return uncheckedDifference(object);
  }
  const live = await cluster.read(refOf(object));
  const wouldBe = await cluster.apply(object, { dryRun: true, force });
  return difference({ intended: object, wouldBe, live });
}

function uncheckedDifference(object: KubernetesObject): Difference {
  const problems = validateLocally(object);
  if (problems.length > 0) {
    const what = `${describeRef(refOf(object))} is invalid: ${problems.join("; ")}`;
    throw new PromoterError(
      "ClusterRefused",
      `${what}; fix it in the files of the pod spec and deploy them`,
    );
  }
  return {
    ...difference({ intended: object, wouldBe: undefined, live: undefined }),
    unchecked: true,
  };
}
