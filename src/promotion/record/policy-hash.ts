import { canonicalJson, type Hash } from "../../domain/hash.ts";
import { lookUp } from "../../domain/look-up.ts";
import type { ConfiguredEnvironment } from "./find-environment.ts";

/**
 * Identifies the part of promoter.yml that a verification depends on: images, rules, tags, cluster.
 * A promotion verified under another hash is verified again before anything is written. Approvers
 * are checked separately; the objects are bound by the plan.
 */
export function policyHash(
  { configuration: { registry, clusters }, application, environment }: ConfiguredEnvironment,
  hash: Hash,
): string {
  const { account, region } = registry;
  const { members, source } = application;
  const { approval: _approval, ...verified } = environment;
  return hash(
    canonicalJson({
      account,
      region,
      members,
      source,
      environment: verified,
      cluster: environment.podSpec && lookUp(clusters, environment.podSpec.cluster),
    }),
  );
}

/** Why the images are verified again. */
export const policyChanged =
  "promoter.yml has changed since the images were verified; verifying again";
export const environmentChanged =
  "the environment changed since the images were verified; verifying again";
