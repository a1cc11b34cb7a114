import { resumeCommand, retryCommand } from "../../domain/command-line.ts";
import { PromoterError } from "../../domain/errors.ts";
import type { Plan, PlannedMember } from "../../domain/plan.ts";
import type { Promotion } from "../../domain/promotion.ts";
import { memberName } from "../../domain/release.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import { mapConcurrently } from "../concurrency/run-concurrently.ts";
import { readLockedPlan, readLockedPlanNeeds } from "../lock/read-locked-plan.ts";
import { writeUnderClaim } from "../lock/write-under-claim.ts";
import { writingStep } from "../lock/writing-step.ts";
import { changeLockNeeds } from "../record/change-lock.ts";
import { putTags, putTagsNeeds, type TagToPut } from "../release/put-tags.ts";
import { end } from "../step/step.ts";

const needs = [
  ...changeLockNeeds,
  ...readLockedPlanNeeds,
  ...putTagsNeeds,
  "promotions.readManifest",
] as const satisfies readonly Need[];

/** Moves the moving tags to what runs now: only after a healthy rollout. */
export const moveMovingTags = writingStep({
  name: "MoveMovingTags",
  needs,
  async run(promotion, ports, input) {
    const reasons = await writeUnderClaim(
      { ...input, promotion, phase: "writing", after: ["rolled-out"] },
      ports,
      async (checkTime) => {
        const plan = await readLockedPlan(promotion, ports);
        const tags = await tagsToMove(promotion, plan.members, ports);
        const moved = (await putTags(tags, { ...ports, checkTime })).map(
          ({ repository, tag, manifest: { digest } }) => `${repository}:${tag} moved: ${digest}`,
        );
        return [...(plan.back ? [wentBack(plan)] : []), ...moved];
      },
    );
    return end("Promoted", reasons);
  },
});

function wentBack(plan: Plan): string {
  const { fromVersion = "nothing", version } = plan;
  return `went back from ${fromVersion} to ${version}; newer pushes stay away until ${resumeCommand(plan)}`;
}

async function tagsToMove(
  promotion: Promotion,
  members: readonly PlannedMember[],
  { promotions }: PortsFor<typeof needs>,
): Promise<readonly TagToPut[]> {
  const toMove = await mapConcurrently(
    members,
    async ({ movingTag: tag, digest, ...member }): Promise<readonly TagToPut[]> => {
      const { repository } = member;
      const name = memberName(member);
      const state = promotion.tags?.find((tags) => memberName(tags) === name)?.moving?.state;
      if (tag === undefined || state === "in-place") return [];
      const manifest = await promotions.readManifest(promotion.id, digest);
      if (!manifest) {
        const what = `the manifest of ${repository}@${digest} was not kept`;
        const remedy = `${retryCommand(promotion.id)} reads it again`;
        throw new PromoterError("ImageMissing", `${what}; ${remedy}`);
      }
      return [{ repository, tag, manifest }];
    },
  );
  return toMove.flat();
}
