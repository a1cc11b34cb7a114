import { lookAtPromotion, type LookAtPromotionPorts } from "../cluster/look-at-promotion.ts";
import type { RolloutLook } from "../cluster/look-at-rollout.ts";
import { resolvedPromotion } from "../record/open-promotion.ts";
import type { StepInput, StepResult } from "../record/step-result.ts";

/** Looks once whether the new digests run, by kubectl's rules. */
export async function checkRollout(
  { promotion: id }: StepInput,
  ports: LookAtPromotionPorts,
): Promise<StepResult<RolloutLook["kind"]>> {
  const promotion = await resolvedPromotion(ports.promotions, id);
  const { kind, reasons, seconds } = await lookAtPromotion(promotion, ports);
  if (kind === "complete") await ports.promotions.update(id, { progress: "rolled-out" });
  if (kind === "stalled") await ports.promotions.update(id, { trouble: reasons });
  return { outcome: kind, reasons, seconds };
}
