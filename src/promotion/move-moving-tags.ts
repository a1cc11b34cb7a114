import { retryCommand } from "../domain/command-line.ts";
import { PromoterError } from "../domain/errors.ts";
import type { PlannedMember } from "../domain/plan.ts";
import type { Promotion } from "../domain/promotion.ts";
import type { Clock } from "../ports/clock.ts";
import type { Environments } from "../ports/environments.ts";
import type { ImageRegistry } from "../ports/image-registry.ts";
import type { Promotions } from "../ports/promotions.ts";
import { whileWriting } from "./claim-writing.ts";
import { resolvedPromotion } from "./open-promotion.ts";
import { writtenPlan } from "./written-plan.ts";
import { conclude, type StepResult } from "./step-result.ts";
import { assertNotRedriven, type WritingStepInput } from "./writing-step.ts";

export interface MoveMovingTagsPorts {
  readonly promotions: Promotions;
  readonly environments: Environments;
  readonly registry: Pick<ImageRegistry, "putTag">;
  readonly clock: Clock;
}

/** Lets the moving tags follow what runs now: only after a healthy rollout. */
export async function moveMovingTags(input: WritingStepInput, ports: MoveMovingTagsPorts): Promise<StepResult<"close">> {
  assertNotRedriven(input);
  const promotion = await resolvedPromotion(ports.promotions, input.promotion);
  const reasons = await whileWriting({ ...input, promotion, phase: "writing", after: ["rolled-out"] }, ports, async (checkTime) => {
    const { members } = await writtenPlan(promotion, ports);
    const lines: string[] = [];
    for (const member of members) {
      checkTime();
      lines.push(...(await moveTag({ member, promotion }, ports)));
    }
    return lines;
  });
  return conclude(ports.promotions, promotion, { ending: "Promoted", reasons });
}

async function moveTag({ member, promotion }: { readonly member: PlannedMember; readonly promotion: Promotion }, { promotions, registry }: MoveMovingTagsPorts): Promise<readonly string[]> {
  const { repository, movingTag, digest } = member;
  const state = promotion.tags?.find((tags) => tags.repository === repository)?.moving?.state;
  if (movingTag === undefined || state === "in-place") return [];
  const manifest = await promotions.readManifest(promotion.id, digest);
  if (!manifest) throw new PromoterError("ImageMissing", `the manifest of ${repository}@${digest} was not kept; ${retryCommand(promotion.id)} reads it again`);
  await registry.putTag(repository, movingTag, manifest);
  return [`${repository}:${movingTag} follows: ${digest}`];
}
