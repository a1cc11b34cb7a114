import { delimiter } from "node:path";
import type { EKSClient } from "@aws-sdk/client-eks";
import { KubeConfig } from "@kubernetes/client-node/dist/config.js";
import type { ClusterAddress, Configuration } from "../../domain/configuration.ts";
import { PromoterError, errorMessage } from "../../domain/errors.ts";
import { lookUp } from "../../domain/look-up.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Cluster, Clusters } from "../../ports/cluster.ts";
import { kubernetesCluster } from "./cluster.ts";
import { describeEksCluster } from "./describe-eks-cluster.ts";
import { eksToken, type AwsCredentials } from "./eks-token.ts";
import { isLoopback } from "./is-loopback.ts";
import type { ClusterConnection } from "./kubernetes-request.ts";

export interface KubernetesClustersOptions {
  readonly addresses: Configuration["clusters"];
  readonly eks: (region: string) => EKSClient;
  readonly credentials: () => Promise<AwsCredentials>;
  readonly clock: Clock;
  /**
   * The kubeconfig, or several as in the variable KUBECONFIG; absent: that variable, then
   * ~/.kube/config.
   */
  readonly kubeconfig?: string;
  /** Milliseconds that one call may take. */
  readonly timeout?: number;
  readonly permit: ClusterConnection["permit"];
  /** The factor by which it may take longer; default 1. */
  readonly patience?: number;
}

/**
 * An EKS token lives for 15 minutes; a function that starts with this one must get to its end with
 * it.
 */
const tokenLifetime = 10 * 60_000;
const defaultTimeout = 10_000;

/**
 * Connects to the clusters of the configuration. A connection is kept for as long as its token may
 * be.
 */
export function kubernetesClusters(options: KubernetesClustersOptions): Clusters {
  const { clock } = options;
  const kept = new Map<string, OpenConnection>();
  return {
    async connect(name) {
      const hit = kept.get(name);
      if (hit && clock.now() < hit.until) return hit.cluster;
      const { connection, until } = await openConnection(name, options);
      const cluster = kubernetesCluster(connection);
      kept.set(name, { cluster, until });
      return cluster;
    },
  };
}

/** For requests that the port does not have. Good until the instant `until`. */
export async function openConnection(
  name: string,
  options: KubernetesClustersOptions,
): Promise<{ readonly connection: ClusterConnection; readonly until: number }> {
  const { addresses, timeout = defaultTimeout, patience = 1, permit } = options;
  const { config, until } = await configFor(addressOf(addresses, name), options);
  const connection = {
    cluster: name,
    config: allowLoopback(config),
    timeout: timeout * patience,
    permit,
  };
  return { connection, until };
}

interface OpenConnection {
  readonly cluster: Cluster;
  /** Epoch milliseconds. */
  readonly until: number;
}

function addressOf(addresses: Configuration["clusters"], name: string): ClusterAddress {
  const address = lookUp(addresses, name);
  if (address) return address;
  throw new PromoterError(
    "InvalidConfiguration",
    `cluster ${name} is not in promoter.yml; it has ${Object.keys(addresses).join(", ") || "none"}`,
  );
}

interface TimedConfig {
  readonly config: KubeConfig;
  readonly until: number;
}

async function configFor(
  address: ClusterAddress,
  options: KubernetesClustersOptions,
): Promise<TimedConfig> {
  switch (address.kind) {
    case "eks":
      return eksConfig(address, options);
    case "context":
      return {
        config: contextConfig(address.context, options.kubeconfig),
        until: options.clock.now() + tokenLifetime,
      };
  }
}

async function eksConfig(
  { name, region }: ClusterAddress & { readonly kind: "eks" },
  options: KubernetesClustersOptions,
): Promise<TimedConfig> {
  const { clock } = options;
  const { endpoint, certificateAuthority } = await describeEksCluster(options.eks(region), name);
  const credentials = await options.credentials();
  const token = await eksToken({ cluster: name, region, credentials, clock });
  const config = new KubeConfig();
  const server = { name, server: endpoint, caData: certificateAuthority, skipTLSVerify: false };
  config.loadFromClusterAndUser(server, { name: "promoter", token });
  return {
    config,
    until: Math.min(clock.now() + tokenLifetime, credentials.expiration?.getTime() ?? Infinity),
  };
}

function contextConfig(context: string, path: string | undefined): KubeConfig {
  const config = loadConfig(path);
  const known = config.getContexts().map(({ name }) => name);
  if (!known.includes(context)) {
    const where = path ?? "the kubeconfig (KUBECONFIG, ~/.kube/config)";
    throw new PromoterError(
      "InvalidConfiguration",
      `context ${context} is not in ${where}; it has ${known.join(", ") || "none"}`,
    );
  }
  config.setCurrentContext(context);
  return config;
}

function loadConfig(path: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (path === undefined) config.loadFromDefault();
    for (const file of path?.split(delimiter) ?? []) config.mergeConfig(configIn(file));
    return config;
  } catch (error) {
    const why = errorMessage(error);
    throw new PromoterError(
      "InvalidConfiguration",
      `the kubeconfig ${path ?? ""} cannot be read: ${why}`,
      { cause: error },
    );
  }
}

function configIn(file: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(file);
  return config;
}

/**
 * KubeConfig refuses `http://` as long as TLS is to be verified; a cluster of the local cloud has
 * no TLS.
 */
function allowLoopback(config: KubeConfig): KubeConfig {
  config.clusters = config.clusters.map((cluster) =>
    cluster.server.startsWith("http:") && isLoopback(cluster.server)
      ? { ...cluster, skipTLSVerify: true }
      : cluster,
  );
  return config;
}
