import { didYouMean } from "../../domain/closest-match.ts";
import type { Draft } from "../draft.ts";
import type { Finding } from "../fault.ts";

export function clustersExist({ environments, clusters }: Draft): readonly Finding[] {
  const known = [...clusters.keys()];
  return environments.flatMap(({ cluster, path }) => {
    if (cluster === undefined || known.includes(cluster)) return [];
    const remedy =
      didYouMean(cluster, known) ??
      `add it under clusters, which has ${known.join(", ") || "none"}`;
    return [
      { path: [...path, "podSpec", "cluster"], message: `there is no cluster ${cluster}`, remedy },
    ];
  });
}
