import { canonicalJson, type Hash } from "../../domain/hash.ts";
import { lookUp } from "../../domain/look-up.ts";
import type { Configured } from "./find-environment.ts";

/**
 * What of promoter.yml a verification holds under: images, rules, tags, cluster. A promotion that
 * was verified under another one is verified again before anything is written. Who is asked is
 * looked at by itself; the objects are bound by the plan.
 */
export function policyHash(
  { configuration: { registry, clusters }, application, environment }: Configured,
  hash: Hash,
): string {
  const { account, region } = registry;
  const { repositories, source } = application;
  const { approval: _asked, ...judged } = environment;
  return hash(
    canonicalJson({
      account,
      region,
      repositories,
      source,
      environment: judged,
      cluster: lookUp(clusters, environment.podSpec.cluster),
    }),
  );
}

/** Why the images are verified again. */
export const policyChanged =
  "promoter.yml has changed since the images were verified; verifying again";
export const environmentChanged =
  "the environment changed since the images were verified; verifying again";
