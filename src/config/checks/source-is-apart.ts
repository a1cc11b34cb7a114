import { formatTagPattern } from "../../domain/image/tag-pattern.ts";
import { canCarryBoth, versionIn } from "../../domain/version-tag.ts";
import type { Draft, DraftApplication, DraftEnvironment } from "../draft.ts";
import type { Finding } from "../fault.ts";

/**
 * A tag that we write must never look like one that a build pushed: promotions would start
 * promotions.
 */
export function sourceIsApart({ applications }: Draft): readonly Finding[] {
  return applications.flatMap((application) =>
    application.environments.flatMap((environment) => loopFindings(application, environment)),
  );
}

function loopFindings(
  { source: { tag, order } }: DraftApplication,
  { release, moving, path }: DraftEnvironment,
): readonly Finding[] {
  if (!tag) return [];
  const source = formatTagPattern(tag);
  const fault = (key: string, written: string): Finding => ({
    path: [...path, "tags", key],
    message: `${written} can be taken for the source ${source} (order ${order}): promotions would start promotions`,
    remedy: "begin them with different words, as in dev-{version} and prod-{version}",
  });
  return [
    ...(release && canCarryBoth(tag, release, order)
      ? [fault("release", formatTagPattern(release))]
      : []),
    ...(moving !== undefined && versionIn(tag, order, moving) !== undefined
      ? [fault("moving", moving)]
      : []),
  ];
}
