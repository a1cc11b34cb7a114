import type { PodSpecSource } from "../../domain/configuration.ts";
import { configurationOf, withConfiguration } from "../../domain/pod-spec/configuration-hash.ts";
import type { KubernetesObject } from "../../domain/pod-spec/object.ts";
import type { EnvironmentKey } from "../../domain/promotion.ts";
import type { PortsFor } from "../../ports/ports.ts";

interface Marking {
  readonly promotion: EnvironmentKey;
  readonly podSpec: Pick<PodSpecSource, "restartOnConfig"> | undefined;
}

/**
 * The objects, of which the workloads restart when a ConfigMap or Secret among them changes. The
 * key of the environment is read only where some workload uses one.
 */
export async function markConfiguration(
  objects: readonly KubernetesObject[],
  { promotion, podSpec }: Marking,
  { environments, mac }: PortsFor<readonly ["environments.configurationKey"]>,
): Promise<readonly KubernetesObject[]> {
  const isUsed = objects.some((one) => configurationOf(one, objects).length > 0);
  if (!podSpec?.restartOnConfig || !isUsed) return objects;
  const key = await environments.configurationKey(promotion);
  return objects.map((one) => withConfiguration(one, objects, (text) => mac(key, text)));
}
