import Range from "semver/classes/range.js";
import minVersion from "semver/ranges/min-version.js";
import { isPrerelease } from "./version-order.ts";

/** Which versions are releases of an application, or go to an environment. */
export interface VersionPolicy {
  /** Absent: as `only` accepts them by node-semver's rule; without `only`, all of them. */
  readonly prereleases: "refuse" | "allow" | undefined;
  /** A range as node-semver reads it. */
  readonly only: string | undefined;
  /** Versions, with `*` for any characters. */
  readonly ignore: readonly string[];
}

export const everyVersion: VersionPolicy = { prereleases: undefined, only: undefined, ignore: [] };

/** The range as it was written; undefined when it is not a range, or no version could be in it. */
export function parseVersionRange(text: string): string | undefined {
  try {
    return text.trim() !== "" && lowestVersion(text) !== undefined ? text : undefined;
  } catch {
    return undefined;
  }
}

/** The lowest version of a range. */
export function lowestVersion(range: string): string | undefined {
  return minVersion(range)?.version;
}

/** Letters of tags and `*`; undefined for anything else, and for what would match every version. */
export function parseVersionGlob(text: string): string | undefined {
  return /^[a-zA-Z0-9._*-]{1,128}$/.test(text) && !/^\*+$/.test(text) ? text : undefined;
}

/** Why a version is not one for `subject`, in words for people. */
export function policyRefusal(
  policy: VersionPolicy,
  version: string,
  subject: string,
): string | undefined {
  const { prereleases, only, ignore } = policy;
  const glob = ignore.find((one) => matchesGlob(one, version));
  if (glob !== undefined) {
    return `${subject} ignores ${version}: it matches "${glob}" in versions.ignore`;
  }
  if (prereleases === "refuse" && isPrerelease(version)) {
    return `${subject} accepts no pre-releases, and ${version} is one (versions.prereleases)`;
  }
  if (only === undefined || isInRange(only, version)) return undefined;
  const why = rangeRefusal(only, version, prereleases);
  return why && `${subject} accepts only "${only}", and ${why}`;
}

function rangeRefusal(
  only: string,
  version: string,
  prereleases: VersionPolicy["prereleases"],
): string | undefined {
  if (!isPrereleaseWithin(only, version)) return `${version} is outside (versions.only)`;
  if (prereleases === "allow") return undefined;
  return (
    `a pre-release such as ${version} is in a range only if the range names one of ${core(version)}; ` +
    "`prereleases: allow` includes them (versions.only)"
  );
}

function isInRange(only: string, version: string): boolean {
  return new Range(only).test(version);
}

/**
 * Between the bounds by precedence, and its own release is in the range as well: 2.0.0-rc.1 comes
 * before 2.0.0, and is still not in `<2.0.0`.
 */
function isPrereleaseWithin(only: string, version: string): boolean {
  return (
    isPrerelease(version) &&
    isInRange(only, core(version)) &&
    new Range(only, { includePrerelease: true }).test(version)
  );
}

function core(version: string): string {
  return version.replace(/[-+].*$/, "");
}

function matchesGlob(glob: string, version: string): boolean {
  const form = glob
    .split(/\*+/)
    .map((part) => part.replaceAll(".", "\\."))
    .join(".*");
  return new RegExp(`^${form}$`).test(version);
}
