import { formatTagPattern } from "../../domain/image/tag-pattern.ts";
import { canCarryBoth, versionIn } from "../../domain/version-tag.ts";
import type { Draft } from "../draft.ts";
import type { Finding } from "../fault.ts";
import {
  commonOrder,
  eachOnce,
  sharedRepositories,
  type DraftTags,
  type OwnedDraftMember,
} from "./shared-repositories.ts";

/**
 * A tag that we write must never look like one that a build pushed: promotions would start
 * promotions.
 */
export function sourceIsApart(draft: Draft): readonly Finding[] {
  return eachOnce(
    sharedRepositories(draft).flatMap(({ members, written }) =>
      members.flatMap((pushed) => written.flatMap((tags) => loopFindings(pushed, tags))),
    ),
  );
}

function loopFindings(
  { application, member: { tag } }: OwnedDraftMember,
  { application: writer, release, moving, environment: { path } }: DraftTags,
): readonly Finding[] {
  if (!tag) return [];
  const { order } = application.source;
  const source = formatTagPattern(tag);
  const fault = (key: string, written: string): Finding => ({
    path: [...path, "tags", key],
    message: `${written} can be taken for the source ${source} (order ${order}): promotions would start promotions`,
    remedy: "begin them with different words, as in dev-{version} and prod-{version}",
  });
  return [
    ...(release && canCarryBoth(tag, release, commonOrder(application, writer))
      ? [fault("release", formatTagPattern(release))]
      : []),
    ...(moving !== undefined && versionIn(tag, order, moving) !== undefined
      ? [fault("moving", moving)]
      : []),
  ];
}
