import * as z from "zod";
import { membersIn, type Application } from "../../src/domain/configuration.ts";
import { isAttached } from "../../src/domain/image/push-event.ts";
import { versionOf } from "../../src/domain/image/tag-pattern.ts";
import { isDeclinedReason } from "../../src/domain/version-refusal.ts";
import { productionTag } from "../../src/domain/version-tag.ts";

export interface SkippedPushes {
  /** Takes a log record of a function. */
  readonly note: (record: unknown) => void;
  /** Why pushes were ignored, or started nothing, since the last call. */
  readonly take: () => readonly string[];
}

const ignoredPush = z.object({
  function: z.literal("OnImagePush"),
  outcome: z.enum(["ignored", "declined", "started"]),
  repository: z.string(),
  tag: z.string(),
  reasons: z.array(z.string()),
});

/**
 * Pushes that were meant as a release. Children of an index, signatures and our own tags are of no
 * interest.
 */
export function skippedPushes(applications: readonly Application[]): SkippedPushes {
  const skipped: string[] = [];
  return {
    note(record) {
      const { data } = ignoredPush.safeParse(record);
      if (!data || !isMeant(data, applications)) return;
      const { outcome, reasons } = data;
      skipped.push(...(outcome === "started" ? reasons.filter(isDeclinedReason) : reasons));
    },
    take: () => skipped.splice(0),
  };
}

function isMeant(
  { repository, tag }: { readonly repository: string; readonly tag: string },
  applications: readonly Application[],
): boolean {
  const named = applications.map((application) => [application.name, application] as const);
  const owners = membersIn(repository, { applications: Object.fromEntries(named) });
  return (
    owners.some(({ member }) => versionOf(member.tag, tag) !== undefined) &&
    !productionTag(owners, tag) &&
    !isAttached(tag)
  );
}
