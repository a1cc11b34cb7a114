import { formatTagPattern, type TagPattern } from "../../domain/image/tag-pattern.ts";
import { isTag } from "../../domain/image/tag.ts";
import type { VersionOrder } from "../../domain/version-order.ts";
import { canCarryBoth, versionIn } from "../../domain/version-tag.ts";
import type { Draft } from "../draft.ts";
import type { Finding } from "../fault.ts";
import {
  commonOrder,
  eachOnce,
  sharedRepositories,
  type DraftTags,
} from "./shared-repositories.ts";

/**
 * A production tag identifies its environment and its image: no tag may be that of two, and no
 * moving tag a release tag.
 */
export function tagsAreApart(draft: Draft): readonly Finding[] {
  return eachOnce(
    sharedRepositories(draft).flatMap(({ written }) =>
      written.flatMap((tags, index) => [
        ...ownClash(tags),
        ...written.slice(0, index).flatMap((earlier) => clashesBetween(earlier, tags)),
      ]),
    ),
  );
}

/**
 * Here and below only a tag that carries a version counts: with order semver, prod-latest is not a
 * release tag of prod-{version}.
 */
function ownClash({
  application: { source },
  environment: { path },
  release,
  moving,
}: DraftTags): readonly Finding[] {
  const at = [...path, "tags", "moving"];
  if (moving !== undefined && !isTag(moving)) {
    const remedy = "choose a shorter moving tag: the name of the image is appended to it";
    return [{ path: at, message: `${moving} is too long for a tag`, remedy }];
  }
  const version =
    release && moving !== undefined ? versionIn(release, source.order, moving) : undefined;
  if (!release || version === undefined) return [];
  const tag = `the release tag ${formatTagPattern(release)} of version ${version}`;
  return [
    {
      path: at,
      message: `${moving} is ${tag}, which is never moved`,
      remedy: "choose another moving tag, such as prod",
    },
  ];
}

function clashesBetween(earlier: DraftTags, later: DraftTags): readonly Finding[] {
  const order = commonOrder(earlier.application, later.application);
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
  const [one, other] = placesOf(earlier, later);
  return clashes
    .filter(([, isClash]) => isClash)
    .map(([key]) => ({
      path: [...later.environment.path, "tags", key],
      message: `tags.${key} of ${other} can be a tag of ${one}`,
      remedy:
        "begin the tags of each environment with its own word, such as staging-{version} and prod-{version}",
    }));
}

/** As short as it is clear. */
function placesOf(...both: readonly [DraftTags, DraftTags]): readonly string[] {
  const [one, other] = both;
  const isShared = one.application.name !== other.application.name;
  const isWithin = !isShared && one.environment === other.environment;
  return both.map(({ application, environment, member }) => {
    if (isWithin) return member.name;
    return isShared ? `${application.name}/${environment.name}` : environment.name;
  });
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
