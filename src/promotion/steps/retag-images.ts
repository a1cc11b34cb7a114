import { PromoterError } from "../../domain/errors.ts";
import type { Plan, PlannedMember } from "../../domain/plan.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { mapConcurrently } from "../concurrency/run-concurrently.ts";
import { readLockedPlan, readLockedPlanNeeds } from "../lock/read-locked-plan.ts";
import { writeUnderClaim, type CheckTime } from "../lock/write-under-claim.ts";
import { leaveOut, writingStep } from "../lock/writing-step.ts";
import { changeLockNeeds } from "../record/change-lock.ts";
import { putTags, putTagsNeeds, type TagToPut } from "../release/put-tags.ts";
import { releaseTagConflict } from "../release/release-tag-conflict.ts";
import { go } from "../step/step.ts";

const needs = [
  ...changeLockNeeds,
  ...readLockedPlanNeeds,
  ...putTagsNeeds,
  "registry.readImage",
] as const satisfies readonly Need[];
type RetagImagesPorts = PortsFor<typeof needs>;

/**
 * Adds the release tag to every member. All are checked before the first is written; run again, it
 * converges. Nothing is ever deleted.
 */
export const retagImages = writingStep({
  name: "RetagImages",
  needs,
  async run(promotion, ports, input) {
    if (promotion.abort) return leaveOut(promotion.abort);
    const reasons = await writeUnderClaim(
      { ...input, promotion, phase: "writing" },
      ports,
      async (checkTime) => {
        const tags = await checkAll(await readLockedPlan(promotion, ports), {
          ...ports,
          checkTime,
        });
        const absent = tags.filter(({ isThere }) => !isThere);
        const written = await putTags(absent, { ...ports, checkTime });
        const present = tags.filter(({ isThere }) => isThere);
        return [...present.map((one) => ({ ...one, outcome: "was-there" })), ...written].map(
          ({ repository, tag, manifest: { digest }, outcome }) =>
            `${repository}:${tag} ${outcome === "written" ? "written" : "already there"}: ${digest}`,
        );
      },
    );
    return go("tagged", { change: { progress: "tagged" }, reasons });
  },
});

/** What an earlier try has written stays, so that each try gets further. */
interface CheckedTag extends TagToPut {
  readonly isThere: boolean;
}

async function checkAll(
  { members }: Plan,
  { registry, checkTime }: RetagImagesPorts & { readonly checkTime: CheckTime },
): Promise<readonly CheckedTag[]> {
  checkTime();
  return mapConcurrently(members, (member) => checkTag(member, registry));
}

async function checkTag(
  member: PlannedMember,
  registry: RetagImagesPorts["registry"],
): Promise<CheckedTag> {
  const { repository, digest, releaseTag: tag } = member;
  const { manifest, tags } = await registry.readImage(member, [tag]);
  const found = tags.get(tag);
  if (!manifest) {
    throw new PromoterError(
      "ImageMissing",
      `${repository}@${digest} has disappeared since it was verified; push it again under a new version`,
    );
  }
  if (found !== undefined && found !== digest) throw tagConflict(member, found);
  return { repository, tag, manifest, isThere: found === digest };
}

function tagConflict(
  { repository, releaseTag, digest }: PlannedMember,
  found: string,
): PromoterError {
  const why = `${repository}:${releaseTag} must be ${digest} but is ${found}`;
  return new PromoterError("TagConflict", `${why}; ${releaseTagConflict}`);
}
