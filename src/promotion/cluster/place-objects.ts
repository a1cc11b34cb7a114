import type { PodSpecSource } from "../../domain/configuration.ts";
import { PromoterError } from "../../domain/errors.ts";
import type { Kind } from "../../domain/pod-spec/kinds.ts";
import type { KubernetesObject } from "../../domain/pod-spec/object.ts";
import { atHome, scopeAmong } from "../../domain/pod-spec/scopes.ts";
import type { Cluster, Clusters } from "../../ports/cluster.ts";
import { mapConcurrently } from "../concurrency/run-concurrently.ts";

/**
 * The objects with the namespace that each belongs into. The cluster is asked only for custom
 * resources whose definition is not among the objects. Throws `ClusterRefused` for a kind that it
 * does not have.
 */
export async function placeObjects(
  objects: readonly KubernetesObject[],
  { cluster, namespace }: Pick<PodSpecSource, "cluster" | "namespace">,
  { clusters }: { readonly clusters: Clusters },
): Promise<readonly KubernetesObject[]> {
  const found = objects.map((object) => ({ object, scope: scopeAmong(object, objects) }));
  const isAsked = found.some(({ scope }) => scope === "unknown");
  const connected = isAsked ? await clusters.connect(cluster) : undefined;
  return mapConcurrently(found, async ({ object, scope: known }) => {
    const scope = known === "unknown" && connected ? await scopeOn(object, connected) : known;
    return atHome(object, { scope, namespace });
  });
}

async function scopeOn(
  { apiVersion, kind, metadata: { name } }: KubernetesObject,
  cluster: Pick<Cluster, "isNamespaced">,
): Promise<Kind["scope"]> {
  const namespaced = await cluster.isNamespaced({ apiVersion, kind });
  if (namespaced !== undefined) return namespaced ? "namespace" : "cluster";
  throw new PromoterError(
    "ClusterRefused",
    `${kind} ${name}: the cluster has no such kind in ${apiVersion}; ` +
      "install it, or add its CustomResourceDefinition to the objects",
  );
}
