import { EKSClient } from "@aws-sdk/client-eks";
import { virtualClock, type VirtualClock } from "@promoter/local-cloud/clock";
import { createActivity } from "@promoter/local-cloud/internal/activity.ts";
import { createEks } from "@promoter/local-cloud/internal/eks/eks.ts";
import { startGateway, type GatewayOptions } from "@promoter/local-cloud/internal/gateway.ts";
import {
  createKubernetes,
  type Kubernetes,
  type KubernetesOptions,
} from "@promoter/local-cloud/internal/kubernetes/create-kubernetes.ts";
import type { CloudContext } from "@promoter/local-cloud/internal/service.ts";
import {
  kubernetesClusters,
  type KubernetesClustersOptions,
} from "../../src/adapters/kubernetes/clusters.ts";
import type { Clusters } from "../../src/ports/cluster.ts";

/** EKS with one cluster `orderbook-prod`, and its Kubernetes API, over loopback. */
export interface LocalCluster {
  readonly clusters: Clusters;
  readonly kubernetes: Kubernetes;
  readonly clock: VirtualClock;
  /** Address of the Kubernetes API. */
  readonly server: string;
  /** Another connection to the same cloud. */
  connecting(options: Partial<KubernetesClustersOptions>): Clusters;
  advance(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

const credentials = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "secret",
  sessionToken: "session",
};

export async function localCluster(
  options: Partial<KubernetesOptions> & Pick<GatewayOptions, "intercept"> = {},
): Promise<LocalCluster> {
  const clock = virtualClock();
  const activity = createActivity();
  const context: CloudContext = {
    account: "111122223333",
    region: "eu-west-1",
    clock,
    origin: () => gateway.origin,
    emit: () => undefined,
    track: (work) => activity.track(work),
  };
  const kubernetes = createKubernetes(context, {
    cluster: "orderbook-prod",
    pullImage: () => Promise.resolve({ kind: "ok" }),
    ...options,
  });
  const endpoint = (): string => `${gateway.origin}/_kubernetes/orderbook-prod`;
  const eks = createEks(context, {
    clusters: [{ name: "orderbook-prod", endpoint, certificateAuthority: "LS0t" }],
  });
  const gateway = await startGateway({
    services: () => [eks, kubernetes],
    ...(options.intercept ? { intercept: options.intercept } : {}),
  });
  const client = new EKSClient({
    region: "eu-west-1",
    endpoint: gateway.origin,
    credentials,
    maxAttempts: 1,
  });
  const connecting = (other: Partial<KubernetesClustersOptions>): Clusters =>
    kubernetesClusters({
      addresses: { prod: { kind: "eks", name: "orderbook-prod", region: "eu-west-1" } },
      eks: () => client,
      credentials: async () => credentials,
      clock,
      permit: () => undefined,
      ...other,
    });
  return {
    clusters: connecting({}),
    kubernetes,
    clock,
    connecting,
    server: endpoint(),
    async advance(milliseconds) {
      const until = clock.now() + milliseconds;
      await activity.idle();
      for (let next = clock.next(); next !== undefined && next <= until; next = clock.next()) {
        clock.advanceTo(next);
        await activity.idle();
      }
      clock.advanceTo(until);
    },
    async close() {
      client.destroy();
      await gateway.close();
      await eks.close();
      await kubernetes.close();
    },
  };
}
