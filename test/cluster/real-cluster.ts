import { randomUUID } from "node:crypto";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import { kubernetesClusters } from "../../src/adapters/kubernetes/clusters.ts";
import {
  kubernetesRequests,
  type SendRequest,
} from "../../src/adapters/kubernetes/kubernetes-request.ts";
import type { ObjectRef } from "../../src/domain/pod-spec/object.ts";
import type { Cluster } from "../../src/ports/cluster.ts";

export interface RealCluster {
  readonly cluster: Cluster;
  /** Requests that the port does not know. */
  readonly send: SendRequest;
  /** Made for this caller. */
  readonly namespace: string;
  close(): Promise<void>;
}

/** A context of the kubeconfig that KUBECONFIG names, and a new namespace there. */
export async function realCluster(context: string): Promise<RealCluster> {
  const cluster = await connectReal(context);
  const namespace: ObjectRef = {
    apiVersion: "v1",
    kind: "Namespace",
    name: `promoter-contract-${randomUUID().slice(0, 8)}`,
    namespace: undefined,
  };
  await cluster.apply(
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace.name } },
    { dryRun: false, force: false },
  );
  const config = new KubeConfig();
  config.loadFromDefault();
  config.setCurrentContext(context);
  const send = kubernetesRequests({
    cluster: context,
    config,
    timeout: 10_000,
    permit: () => undefined,
  });
  return { cluster, send, namespace: namespace.name, close: () => cluster.remove(namespace) };
}

export function connectReal(context: string): Promise<Cluster> {
  const addresses = { real: { kind: "context", context } } as const;
  return kubernetesClusters({
    addresses,
    clock: Date,
    permit: () => undefined,
    credentials: neverAsked,
    eks: neverAsked,
  }).connect("real");
}

function neverAsked(): never {
  throw new Error("a kubeconfig context needs nothing of AWS");
}
