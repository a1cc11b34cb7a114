import { EKSClient } from "@aws-sdk/client-eks";
import { kubernetesClusters } from "../adapters/kubernetes/clusters.ts";
import type { Clusters } from "../ports/cluster.ts";
import { awsClient } from "./aws-client.ts";
import { permitToSend } from "./invocation.ts";
import { once } from "./once.ts";
import { patienceOf } from "./patience.ts";
import type { World } from "./world.ts";

/** The clusters of the configuration, reached with the role of the function. */
export function clustersOf(world: World): Clusters {
  return { connect: async (name) => (await clusters(world)).connect(name) };
}

function clusters(world: World): Promise<Clusters> {
  return once(world, "clusters", async () => {
    const { clusters: addresses } = await world.configurations.read();
    const { KUBECONFIG: kubeconfig } = world.env;
    return kubernetesClusters({
      addresses,
      clock: world.clock,
      patience: patienceOf(world),
      permit: () => permitToSend(world),
      eks: (region) => eksClient(world, region),
      credentials: async () => eksClient(world, world.env["AWS_REGION"] ?? "").config.credentials(),
      ...(kubeconfig ? { kubeconfig } : {}),
    });
  });
}

function eksClient(world: World, region: string): EKSClient {
  return awsClient(world, { service: "EKS", region }, (settings) => new EKSClient(settings));
}
