import { promotedCommand } from "../../domain/command-line.ts";
import type { Promotion } from "../../domain/promotion.ts";
import { changedImages, type Member } from "../../domain/release.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import type { ConfiguredEnvironment } from "../record/find-environment.ts";

export const recordedMembersNeeds = [
  "environments.readPromoted",
] as const satisfies readonly Need[];

export type RecordedMembers =
  | { readonly kind: "found"; readonly members: readonly Member[] }
  | { readonly kind: "unknown"; readonly reasons: readonly string[] };

/**
 * The digests that a version had when it ran in the environment, for a promotion that goes back.
 * All of them or nothing: promoter.yml may have other images by now, with which it never ran.
 */
export async function recordedMembers(
  { promotion, found }: { readonly promotion: Promotion; readonly found: ConfiguredEnvironment },
  { environments }: PortsFor<typeof recordedMembersNeeds>,
): Promise<RecordedMembers> {
  const { application, version, environment } = promotion;
  const earlier = await environments.readPromoted(promotion, version);
  const remedy = `${promotedCommand(promotion)} lists what did`;
  if (!earlier) {
    const why = `${application} ${version} never ran in ${environment}, so it has no digests to go back to`;
    return { kind: "unknown", reasons: [`${why}; ${remedy}`] };
  }
  const { missing, surplus } = changedImages(found.application.members, earlier.members);
  const changes = [
    ...missing.map((name) => `without ${name}, which promoter.yml lists now`),
    ...surplus.map((name) => `with ${name}, which promoter.yml no longer lists`),
  ];
  if (changes.length === 0) return { kind: "found", members: earlier.members };
  const why = `${application} ${version} ran in ${environment} ${changes.join(", and ")}`;
  return { kind: "unknown", reasons: [`${why}; choose a version with the same images`] };
}
