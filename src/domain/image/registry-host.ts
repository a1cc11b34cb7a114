import type { Registry } from "../configuration.ts";
import { partitionOf } from "../partition.ts";

/** Host name of an ECR registry (AWS general reference, Amazon ECR endpoints). */
export function registryHost({ account, region }: Registry): string {
  return `${account}.dkr.ecr.${region}.${partitionOf(region).dnsSuffix}`;
}

/**
 * What follows the Region in host names of ECR, of all partitions: IPv4 alone, then dual stack,
 * then the partitions without Internet. Sources: ECR user guide, "Making requests over IPv6"; the
 * patterns of amazon-ecr-credential-helper and cloud-provider-aws; the partitions of the AWS SDKs.
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

/**
 * A regular expression, whatever the case, for every name of the one registry: also FIPS, dual
 * stack, a trailing dot and a port.
 */
export function registryHostForm({ account, region }: Registry): string {
  return `(?i:${account}\\.dkr[.-]ecr(?:-fips)?\\.${region}\\.(?:${ends})\\.?)(?::\\d+)?`;
}

const ends = suffixes.map((suffix) => suffix.replaceAll(".", "\\.")).join("|");

/** Likewise, but Region, suffix and port may each be a variable, given as a regular expression. */
export function composedHostForm({ account, region }: Registry, variable: string): string {
  const composed = `[a-z0-9-]{0,20}\\\\?["']?(?:${variable})\\\\?["']?[a-z0-9-]{0,20}`;
  const host = `${account}\\.dkr[.-]ecr(?:-fips)?\\.(?:${region}|${composed})\\.(?:${ends}|${composed})`;
  return `(?i:${host}\\.?)(?::(?:\\d+|${variable}))?`;
}

/** Whether the host, as written, is the registry. */
export function isHostOf(registry: Registry, host: string): boolean {
  return new RegExp(`^${registryHostForm(registry)}$`).test(host);
}
