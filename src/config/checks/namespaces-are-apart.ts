import type { Draft } from "../draft.ts";
import type { Finding } from "../fault.ts";

/**
 * Two environments in one namespace would overwrite each other's objects. Two names of one cluster
 * are one cluster.
 */
export function namespacesAreApart({ environments, clusters }: Draft): readonly Finding[] {
  const owners = new Map<string, string>();
  return environments.flatMap(({ application, name, path, cluster, namespace }) => {
    if (cluster === undefined || namespace === undefined) return [];
    const place = JSON.stringify([clusters.get(cluster) ?? cluster, namespace]);
    const owner = owners.get(place);
    owners.set(place, owner ?? `${application}/${name}`);
    if (owner === undefined) return [];
    const message = `namespace ${namespace} of cluster ${cluster} already belongs to ${owner}`;
    return [
      {
        path: [...path, "podSpec", "namespace"],
        message,
        remedy: "give each environment its own namespace",
      },
    ];
  });
}
