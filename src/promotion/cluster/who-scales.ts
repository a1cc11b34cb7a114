import { valueAt } from "../../domain/json.ts";
import { replicasPath } from "../../domain/pod-spec/field-owners.ts";
import type { KubernetesObject } from "../../domain/pod-spec/object.ts";
import {
  autoscaler,
  autoscalerAmong,
  changesReplicas,
  scalerOf,
} from "../../domain/pod-spec/scaled-replicas.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { unlessRefused } from "./catch-refusal.ts";

interface ScaledObject {
  readonly object: KubernetesObject;
  readonly live: KubernetesObject;
  /** All objects of the plan. */
  readonly objects: readonly KubernetesObject[];
}

/**
 * Which controller says how many pods run; undefined: none. The cluster's autoscalers are listed
 * only where the number would change; without the permission to list them, what is written in the
 * objects counts.
 */
export async function whoScales(
  { object, live, objects }: ScaledObject,
  cluster: Pick<Cluster, "list">,
): Promise<string | undefined> {
  if (valueAt(live, ...replicasPath) === undefined) return undefined;
  const known = scalerOf(live) ?? autoscalerAmong(objects, object);
  if (known !== undefined || !changesReplicas({ live, object })) return known;
  const { namespace } = object.metadata;
  const query = namespace === undefined ? {} : { namespace };
  const found = await unlessRefused(() => cluster.list(autoscaler, query));
  return autoscalerAmong(found ?? [], object);
}
