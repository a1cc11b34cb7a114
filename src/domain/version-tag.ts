import type { Application, Environment, OwnedMember } from "./configuration.ts";
import { versionOf, type TagPattern } from "./image/tag-pattern.ts";
import { tagsFor } from "./member-source.ts";
import { canBegin, canEnd, isValidVersion, type VersionOrder } from "./version-order.ts";

/**
 * The version that `tag` carries; undefined when it does not fit the pattern, or what would be the
 * version is not valid in this order.
 */
export function versionIn(
  pattern: TagPattern,
  order: VersionOrder,
  tag: string,
): string | undefined {
  const version = versionOf(pattern, tag);
  return version !== undefined && isValidVersion(order, version) ? version : undefined;
}

export interface ProductionTag {
  readonly application: Application;
  /** The one whose promotions write it. */
  readonly environment: Environment;
  /** Of a release tag; undefined: it is a moving tag. */
  readonly version: string | undefined;
}

/** What a tag is if promotions write it for one of these members. */
export function productionTag(
  owners: readonly OwnedMember[],
  tag: string,
): ProductionTag | undefined {
  for (const { application, member } of owners) {
    for (const environment of Object.values(application.environments)) {
      const tags = environment.tags && tagsFor(member, environment.tags);
      const version = tags && versionIn(tags.release, application.source.order, tag);
      if (version !== undefined || (tags && tags.moving === tag)) {
        return { application, environment, version };
      }
    }
  }
  return undefined;
}

/**
 * Whether one tag could carry a version for both patterns. A pattern that begins earlier than the
 * other has the rest of the other's beginning in its version, and likewise at the end: with order
 * semver, prod-{version} is never {version}, because no version begins with `prod-`. Never false
 * when there is such a tag.
 */
export function canCarryBoth(one: TagPattern, other: TagPattern, order: VersionOrder): boolean {
  const before = remainder(one.prefix, other.prefix, (long, short) =>
    long.startsWith(short) ? long.slice(short.length) : undefined,
  );
  const after = remainder(one.suffix, other.suffix, (long, short) =>
    long.endsWith(short) ? long.slice(0, long.length - short.length) : undefined,
  );
  if (before === undefined || after === undefined) return false;
  if (canBegin(order, before) && canEnd(order, after)) return true;
  // Neither version reaches into the other: with order number, 7-8 is 7-{version} and {version}-8.
  return hasAtStart(before, order) && hasAtEnd(after, order);
}

function hasAtStart(text: string, order: VersionOrder): boolean {
  return text.split("").some((_, index) => isValidVersion(order, text.slice(0, index + 1)));
}

function hasAtEnd(text: string, order: VersionOrder): boolean {
  return text.split("").some((_, index) => isValidVersion(order, text.slice(index)));
}

/** What the longer of two texts has beyond the shorter; undefined where they contradict each other. */
function remainder(
  one: string,
  other: string,
  without: (long: string, short: string) => string | undefined,
): string | undefined {
  return one.length < other.length ? without(other, one) : without(one, other);
}
