import { formatTagPattern, patternsOverlap, versionOf, type TagPattern } from "../../domain/image/tag-pattern.ts";
import { isValidVersion } from "../../domain/version-order.ts";
import type { Draft, DraftApplication, DraftEnvironment } from "../draft.ts";
import type { Finding } from "../fault.ts";

/** From a production tag one can tell its environment: no tag may be that of two, and no moving tag a release tag. */
export function tagsAreApart({ applications }: Draft): readonly Finding[] {
  return applications.flatMap((application) => application.environments.flatMap((environment, index) => [
    ...withinItself(application, environment),
    ...application.environments.slice(0, index).flatMap((earlier) => between(earlier, environment)),
  ]));
}

/** Only a tag that carries a version counts: with order semver, prod-latest is no release tag of prod-{version}. */
function withinItself({ source: { order } }: DraftApplication, { release, moving, path }: DraftEnvironment): readonly Finding[] {
  const version = release && moving !== undefined ? versionOf(release, moving) : undefined;
  if (!release || version === undefined || !isValidVersion(order, version)) return [];
  const message = `${moving} is the release tag ${formatTagPattern(release)} of version ${version}, which is never moved`;
  return [{ path: [...path, "tags", "moving"], message, remedy: "name the moving tag otherwise, such as prod" }];
}

function between(earlier: DraftEnvironment, later: DraftEnvironment): readonly Finding[] {
  const clashes: readonly (readonly [key: "release" | "moving", isClash: boolean])[] = [
    ["release", overlaps(earlier.release, later.release) || matches(later.release, earlier.moving)],
    ["moving", later.moving !== undefined && (later.moving === earlier.moving || matches(earlier.release, later.moving))],
  ];
  return clashes.filter(([, isClash]) => isClash).map(([key]) => ({
    path: [...later.path, "tags", key],
    message: `tags.${key} of ${later.name} can be a tag of ${earlier.name}`,
    remedy: "begin the tags of every environment with a word of its own, such as staging-{version} and prod-{version}",
  }));
}

function overlaps(one: TagPattern | undefined, other: TagPattern | undefined): boolean {
  return one !== undefined && other !== undefined && patternsOverlap(one, other);
}

function matches(pattern: TagPattern | undefined, tag: string | undefined): boolean {
  return pattern !== undefined && tag !== undefined && versionOf(pattern, tag) !== undefined;
}
