import { formatTagPattern, type TagPattern } from "../../domain/image/tag-pattern.ts";
import type { VersionOrder } from "../../domain/version-order.ts";
import { canCarryBoth, versionIn } from "../../domain/version-tag.ts";
import type { Draft, DraftApplication, DraftEnvironment } from "../draft.ts";
import type { Finding } from "../fault.ts";

/**
 * A production tag identifies its environment: no tag may be that of two, and no moving tag a
 * release tag.
 */
export function tagsAreApart({ applications }: Draft): readonly Finding[] {
  return applications.flatMap((application) =>
    application.environments.flatMap((environment, index) => [
      ...ownClash(application, environment),
      ...application.environments
        .slice(0, index)
        .flatMap((earlier) => clashesBetween(earlier, environment, application.source.order)),
    ]),
  );
}

/**
 * Here and below only a tag that carries a version counts: with order semver, prod-latest is not a
 * release tag of prod-{version}.
 */
function ownClash(
  { source: { order } }: DraftApplication,
  { release, moving, path }: DraftEnvironment,
): readonly Finding[] {
  const version = release && moving !== undefined ? versionIn(release, order, moving) : undefined;
  if (!release || version === undefined) return [];
  const tag = `the release tag ${formatTagPattern(release)} of version ${version}`;
  return [
    {
      path: [...path, "tags", "moving"],
      message: `${moving} is ${tag}, which is never moved`,
      remedy: "choose another moving tag, such as prod",
    },
  ];
}

function clashesBetween(
  earlier: DraftEnvironment,
  later: DraftEnvironment,
  order: VersionOrder,
): readonly Finding[] {
  const clashes: readonly (readonly [key: "release" | "moving", isClash: boolean])[] = [
    [
      "release",
      overlaps(earlier.release, later.release, order) ||
        matches(later.release, earlier.moving, order),
    ],
    [
      "moving",
      later.moving !== undefined &&
        (later.moving === earlier.moving || matches(earlier.release, later.moving, order)),
    ],
  ];
  return clashes
    .filter(([, isClash]) => isClash)
    .map(([key]) => ({
      path: [...later.path, "tags", key],
      message: `tags.${key} of ${later.name} can be a tag of ${earlier.name}`,
      remedy:
        "begin the tags of each environment with its own word, such as staging-{version} and prod-{version}",
    }));
}

function overlaps(
  one: TagPattern | undefined,
  other: TagPattern | undefined,
  order: VersionOrder,
): boolean {
  return one !== undefined && other !== undefined && canCarryBoth(one, other, order);
}

function matches(
  pattern: TagPattern | undefined,
  tag: string | undefined,
  order: VersionOrder,
): boolean {
  return pattern !== undefined && tag !== undefined && versionIn(pattern, order, tag) !== undefined;
}
