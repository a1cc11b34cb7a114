import { lookAtPromotion, type CheckRolloutPorts } from "./check-rollout.ts";
import { resolvedPromotion } from "./open-promotion.ts";
import { conclude, type StepInput, type StepResult } from "./step-result.ts";
import { whatRunsNow } from "./what-runs-now.ts";
import { assertTurn } from "./writing-step.ts";

/** Looks once whether what ran before runs again. */
export async function checkRollback(
  { promotion: id }: StepInput,
  ports: CheckRolloutPorts,
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
        reasons: [...(promotion.trouble ?? []), await whatRunsNow(promotion, ports)],
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
