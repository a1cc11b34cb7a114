import { PromoterError } from "../../domain/errors.ts";
import type { Tag } from "../../domain/image/tag.ts";
import type { Plan } from "../../domain/plan.ts";
import type { Member } from "../../domain/release.ts";
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
 * Adds the release tag to every member, where the environment has tags. All are checked before the
 * first is written; run again, it converges. Nothing is ever deleted.
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
  const tagged = members.flatMap(({ releaseTag, ...member }) =>
    releaseTag === undefined ? [] : [{ ...member, releaseTag }],
  );
  return mapConcurrently(tagged, (member) => checkTag(member, registry));
}

type TaggedMember = Member & { readonly releaseTag: Tag };

async function checkTag(
  member: TaggedMember,
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
  { repository, releaseTag, digest }: TaggedMember,
  found: string,
): PromoterError {
  const why = `${repository}:${releaseTag} must be ${digest} but is ${found}`;
  return new PromoterError("TagConflict", `${why}; ${releaseTagConflict}`);
}
