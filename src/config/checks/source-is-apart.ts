import { formatTagPattern, patternsOverlap, versionOf } from "../../domain/image/tag-pattern.ts";
import type { Draft, DraftApplication, DraftEnvironment } from "../draft.ts";
import type { Finding } from "../fault.ts";

/** A tag that we write must never look like one that a build pushed: promotions would start promotions. */
export function sourceIsApart({ applications }: Draft): readonly Finding[] {
  return applications.flatMap((application) => application.environments.flatMap((environment) => looping(application, environment)));
}

function looping({ source: { tag } }: DraftApplication, { release, moving, path }: DraftEnvironment): readonly Finding[] {
  if (!tag) return [];
  const source = formatTagPattern(tag);
  const fault = (key: string, written: string): Finding => ({
    path: [...path, "tags", key],
    message: `${written} can be taken for the source ${source}: promotions would start promotions`,
    remedy: "begin both with different words, as in dev-{version} and prod-{version}",
  });
  return [
    ...(release && patternsOverlap(tag, release) ? [fault("release", formatTagPattern(release))] : []),
    ...(moving !== undefined && versionOf(tag, moving) !== undefined ? [fault("moving", moving)] : []),
  ];
}
