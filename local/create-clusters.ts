import type { Configuration } from "./configuration.ts";
import type { Ecr } from "./ecr/ecr.ts";
import { kubernetesIdentity } from "./kubernetes-identity.ts";
import { createKubernetes, type Kubernetes } from "./kubernetes/create-kubernetes.ts";
import { pullImage } from "./pull-image.ts";
import type { RegistryLogin } from "./real-parts/real-ecr.ts";
import type { Caller, CloudContext } from "./service.ts";

export interface ClustersOptions {
  readonly configuration: Configuration;
  readonly ecr: Pick<Ecr, "repositories" | "images">;
  readonly callerOf: (accessKeyId: string | undefined) => Caller;
  /** As a node logs in to pull. */
  readonly logIn: () => Promise<RegistryLogin>;
}

/**
 * By the names of the EKS clusters in promoter.yml. One that is reached by a kubeconfig context is
 * a real one.
 */
export function createClusters(
  context: CloudContext,
  { configuration, ecr, callerOf, logIn }: ClustersOptions,
): ReadonlyMap<string, Kubernetes> {
  const { registry } = configuration;
  const addresses = Object.values(configuration.clusters).flatMap((address) =>
    address.kind === "eks" ? [address] : [],
  );
  return new Map(
    addresses.map(({ name: cluster, region }) => [
      cluster,
      createKubernetes(
        { ...context, region },
        {
          cluster,
          pullImage: (reference, platform) =>
            context.track(
              logIn().then((login) => pullImage({ ...login, registry, reference, platform })),
            ),
          tagsOf: (digest) => tagsOf(ecr, digest),
          authenticate: (token) => kubernetesIdentity(token, { cluster, callerOf }),
        },
      ),
    ]),
  );
}

function tagsOf(ecr: ClustersOptions["ecr"], digest: string): readonly string[] {
  return ecr.repositories().flatMap((repository) =>
    ecr
      .images(repository)
      .filter((image) => image.digest === digest)
      .flatMap(({ tags }) => tags.map((tag) => `${repository}:${tag}`)),
  );
}
