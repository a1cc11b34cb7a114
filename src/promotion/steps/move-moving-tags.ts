import { retryCommand } from "../../domain/command-line.ts";
import { PromoterError } from "../../domain/errors.ts";
import type { PlannedMember } from "../../domain/plan.ts";
import type { Promotion } from "../../domain/promotion.ts";
import type { Environments } from "../../ports/environments.ts";
import type { Promotions } from "../../ports/promotions.ts";
import { whileWriting } from "../lock/claim-writing.ts";
import { assertNotRedriven, type WritingStepInput } from "../lock/writing-step.ts";
import { writtenPlan } from "../lock/written-plan.ts";
import { resolvedPromotion } from "../record/open-promotion.ts";
import { mapConcurrently } from "../record/run-concurrently.ts";
import { conclude, type StepResult } from "../record/step-result.ts";
import { putTags, type PutTagsPorts, type TagToPut } from "../release/put-tags.ts";

export interface MoveMovingTagsPorts extends PutTagsPorts {
  readonly promotions: Promotions;
  readonly environments: Environments;
}

/** Lets the moving tags follow what runs now: only after a healthy rollout. */
export async function moveMovingTags(
  input: WritingStepInput,
  ports: MoveMovingTagsPorts,
): Promise<StepResult<"close">> {
  assertNotRedriven(input);
  const promotion = await resolvedPromotion(ports.promotions, input.promotion);
  const reasons = await whileWriting(
    { ...input, promotion, phase: "writing", after: ["rolled-out"] },
    ports,
    async (checkTime) => {
      const { members } = await writtenPlan(promotion, ports);
      const tags = await tagsToMove({ promotion, members }, ports);
      return (await putTags(tags, { ...ports, checkTime })).map(
        ({ repository, tag, manifest: { digest } }) => `${repository}:${tag} follows: ${digest}`,
      );
    },
  );
  return conclude(ports.promotions, promotion, { ending: "Promoted", reasons });
}

interface Moving {
  readonly promotion: Promotion;
  readonly members: readonly PlannedMember[];
}

async function tagsToMove(
  { promotion, members }: Moving,
  { promotions }: MoveMovingTagsPorts,
): Promise<readonly TagToPut[]> {
  const toMove = await mapConcurrently(
    members,
    async ({ repository, movingTag: tag, digest }): Promise<readonly TagToPut[]> => {
      const state = promotion.tags?.find((tags) => tags.repository === repository)?.moving?.state;
      if (tag === undefined || state === "in-place") return [];
      const manifest = await promotions.readManifest(promotion.id, digest);
      if (!manifest) {
        throw new PromoterError(
          "ImageMissing",
          `the manifest of ${repository}@${digest} was not kept; ${retryCommand(promotion.id)} reads it again`,
        );
      }
      return [{ repository, tag, manifest }];
    },
  );
  return toMove.flat();
}
