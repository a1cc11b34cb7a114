import { lowestVersion, policyRefusal, type VersionPolicy } from "./version-policy.ts";

/**
 * A version that all of these take, the lowest of a range; undefined if their ranges have none in
 * common. `versions` are tried first.
 */
export function commonVersion(
  policies: readonly VersionPolicy[],
  versions: readonly string[] = ["0.0.0"],
): string | undefined {
  const lowest = policies.flatMap(({ only = "" }) => only.split("||").flatMap(lowestVersions));
  return [...versions, ...lowest].find((version) =>
    policies.every((policy) => policyRefusal(policy, version, "") === undefined),
  );
}

/** The lowest of a range may be a pre-release, and then the release itself is the next one. */
function lowestVersions(range: string): readonly string[] {
  const lowest = range.trim() === "" ? undefined : lowestVersion(range);
  return lowest === undefined ? [] : [lowest, lowest.replace(/-.*$/, "")];
}
