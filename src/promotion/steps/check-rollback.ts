import { describeRollback, describeRollbackNeeds } from "../cluster/describe-rollback.ts";
import { pollPromotion, pollPromotionNeeds } from "../cluster/poll-promotion.ts";
import { assertProgress } from "../lock/writing-step.ts";
import { end, go, step } from "../step/step.ts";

/** Polls once whether what ran before runs again. */
export const checkRollback = step({
  name: "CheckRollback",
  needs: [...pollPromotionNeeds, ...describeRollbackNeeds],
  goes: "to-the-end",
  async run(promotion, ports) {
    assertProgress(promotion, ["rolling-back", "rolled-back"]);
    const { trouble = [] } = promotion;
    const { kind, reasons, seconds } = await pollPromotion(promotion, ports);
    switch (kind) {
      case "progressing":
        return go(kind, { reasons, seconds });
      case "complete": {
        const restored = await describeRollback(promotion, ports);
        return end("RolledBack", [...trouble, restored], { progress: "rolled-back" });
      }
      case "stalled":
        return end("Failed", [...trouble, "the rollback stalled too", ...reasons]);
      default:
        return kind satisfies never;
    }
  },
});
