import { ECRClient } from "@aws-sdk/client-ecr";
import type { RealEcr } from "@promoter/local-cloud/real-parts";

/**
 * Where the AWS tools find them (environment, profile, SSO, process); a client keeps them and
 * renews them when they expire.
 */
export function userCredentials(region: string): RealEcr["credentials"] {
  const { credentials } = new ECRClient({ region }).config;
  return () => credentials();
}
