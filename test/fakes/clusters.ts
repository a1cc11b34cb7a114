import { PromoterError } from "../../src/domain/errors.ts";
import type { Cluster, Clusters } from "../../src/ports/cluster.ts";

export function fakeClusters(clusters: Readonly<Record<string, Cluster>>): Clusters {
  return {
    async connect(name) {
      const cluster = clusters[name];
      if (cluster) return cluster;
      throw new PromoterError("InvalidConfiguration", `cluster ${name} is not in promoter.yml`);
    },
  };
}
