import type { RegistryAddress } from "../configuration.ts";

/**
 * What follows the Region in the host names of ECR: of all partitions, IPv4 alone and dual stack
 * (ECR user guide, "Making requests over IPv6"; the patterns of amazon-ecr-credential-helper).
 */
const suffixes = [
  "amazonaws.com",
  "amazonaws.com.cn",
  "amazonaws.eu",
  "on.aws",
  "on.amazonwebservices.com.cn",
  "on.amazonwebservices.eu",
  "c2s.ic.gov",
  "sc2s.sgov.gov",
  "cloud.adc-e.uk",
  "csp.hci.ic.gov",
];

/** Whether a host, as a pod names it, is the registry: FIPS, a trailing dot and a port included. */
export function isHostOf({ account, region }: RegistryAddress, host: string): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
  return ["dkr.ecr", "dkr-ecr", "dkr.ecr-fips", "dkr-ecr-fips"].some((service) =>
    suffixes.some((suffix) => name === `${account}.${service}.${region}.${suffix}`),
  );
}
