import { settlePromotion, settlePromotionNeeds } from "../lock/settle-promotion.ts";
import type { StepInput, StepResult } from "../step/step-result.ts";
import { task } from "../step/task.ts";
import { announce, announceNeeds } from "../steps/announce.ts";

/**
 * Closes and announces what the state machine could not: executions that were aborted, timed out or
 * died skip every Catch.
 */
export const onExecutionEnded = task({
  name: "OnExecutionEnded",
  needs: [...settlePromotionNeeds, ...announceNeeds],
  async run({ promotion }: StepInput, ports): Promise<StepResult> {
    const settled = await settlePromotion(promotion, ports);
    if (settled === "closed") return announce.run({ promotion }, ports);
    return {
      outcome: settled,
      reasons: [
        settled === "open" ? `${promotion} has not ended` : `there is no promotion ${promotion}`,
      ],
    };
  },
});
