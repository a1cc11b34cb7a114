import { describeRollback } from "../cluster/describe-rollback.ts";
import { lookAtPromotion, type LookAtPromotionPorts } from "../cluster/look-at-promotion.ts";
import { assertTurn } from "../lock/writing-step.ts";
import { resolvedPromotion } from "../record/open-promotion.ts";
import { conclude, type StepInput, type StepResult } from "../record/step-result.ts";

/** Looks once whether what ran before runs again. */
export async function checkRollback(
  { promotion: id }: StepInput,
  ports: LookAtPromotionPorts,
): Promise<StepResult<"progressing" | "close">> {
  const promotion = await resolvedPromotion(ports.promotions, id);
  assertTurn(promotion, ["rolling-back", "rolled-back"]);
  const { kind, reasons, seconds } = await lookAtPromotion(promotion, ports);
  switch (kind) {
    case "progressing":
      return { outcome: "progressing", reasons, seconds };
    case "complete":
      return conclude(ports.promotions, promotion, {
        ending: "RolledBack",
        reasons: [...(promotion.trouble ?? []), await describeRollback(promotion, ports)],
        change: { progress: "rolled-back" },
      });
    case "stalled":
      return conclude(ports.promotions, promotion, {
        ending: "Failed",
        reasons: [...(promotion.trouble ?? []), "the way back is stalled too", ...reasons],
      });
    default:
      return kind satisfies never;
  }
}
