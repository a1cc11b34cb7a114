import { EKSClient } from "@aws-sdk/client-eks";
import { accessReviews, type AccessReviews } from "../../src/adapters/kubernetes/access-reviews.ts";
import { openConnection } from "../../src/adapters/kubernetes/clusters.ts";
import type { Configuration } from "../../src/domain/configuration.ts";

/** With the credentials of whoever calls: of AWS for a cluster of EKS, else of the kubeconfig. */
export async function connectReviews(
  cluster: string,
  { registry, clusters }: Configuration,
): Promise<AccessReviews> {
  const { connection } = await openConnection(cluster, {
    addresses: clusters,
    clock: { now: () => Date.now() },
    permit: () => undefined,
    eks: eksClient,
    credentials: () => eksClient(registry.region).config.credentials(),
  });
  return accessReviews(connection);
}

function eksClient(region: string): EKSClient {
  return new EKSClient({ region, maxAttempts: 2 });
}
