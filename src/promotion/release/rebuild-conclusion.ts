import { showCommand } from "../../domain/command-line.ts";
import type { Hash } from "../../domain/hash.ts";
import { lookUp } from "../../domain/look-up.ts";
import type { Conclusion, Promotion } from "../../domain/promotion.ts";
import {
  differencesFromFinal,
  memberName,
  setHash,
  wasRebuilt,
  type CollectedRelease,
} from "../../domain/release.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import { newestAttempt } from "./start-promotion.ts";

export const rebuildConclusionNeeds = ["releases.read"] as const satisfies readonly Need[];

/**
 * How a promotion ends whose digests can no longer become final: no approval of them is requested
 * or counts.
 */
export async function rebuildConclusion(
  promotion: ResolvedPromotion,
  { releases, hash }: PortsFor<typeof rebuildConclusionNeeds>,
): Promise<Conclusion | undefined> {
  const release = await releases.read(promotion);
  if (!release || !wasRebuilt(release, promotion)) return undefined;
  const replacement = describeReplacement(promotion, release, hash);
  return { ending: "Superseded", reasons: [`${rebuiltReason(promotion)}; ${replacement}`] };
}

/** Why a promotion ends whose images were pushed again. */
export function rebuiltReason({ version }: Pick<Promotion, "version">): string {
  return `${version} was rebuilt while this promotion was under way`;
}

function describeReplacement(
  promotion: ResolvedPromotion,
  release: CollectedRelease,
  hash: Hash,
): string {
  if (release.final !== undefined) {
    return [
      "other digests are final",
      ...differencesFromFinal(promotion.members, release.finalMembers),
    ].join("; ");
  }
  const set = setHash(
    promotion.members.map((member) => ({
      ...member,
      digest: lookUp(release.members, memberName(member))?.digest ?? member.digest,
    })),
    hash,
  );
  const newest = newestAttempt({ release, environment: promotion.environment, set }, hash);
  return `see ${showCommand(newest)} for the promotion of the new images`;
}
