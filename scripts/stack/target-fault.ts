import type { Configuration } from "../../src/domain/configuration.ts";

/** Where credentials and options of a deployment lead. */
export interface DeploymentTarget {
  readonly account: string;
  readonly region: string;
}

/**
 * Why a stack there would never work; undefined: it is the account and Region that promoter.yml
 * names.
 */
export function targetFault(
  { account, region }: DeploymentTarget,
  { registry, clusters }: Configuration,
): string | undefined {
  if (account !== registry.account) {
    const elsewhere = `promoter.yml has its registry in ${registry.account}, whose events come nowhere else`;
    return `the credentials are of account ${account}, but ${elsewhere}; use credentials of that account`;
  }
  if (region !== registry.region) {
    const elsewhere = `promoter.yml has its registry in ${registry.region}, whose events come nowhere else`;
    return `the stack would go to ${region}, but ${elsewhere}; leave out --region`;
  }
  const local = Object.entries(clusters)
    .filter(([, { kind }]) => kind === "context")
    .map(([name]) => name);
  if (local.length === 0) return undefined;
  return (
    `${local.join(", ")} in promoter.yml is reached by a context of this machine's kubeconfig, ` +
    "which a function in AWS does not have; name an EKS cluster"
  );
}
