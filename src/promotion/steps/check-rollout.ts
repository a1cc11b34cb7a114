import { pollPromotion, pollPromotionNeeds } from "../cluster/poll-promotion.ts";
import { go, step } from "../step/step.ts";

/** Polls once whether the new digests run, by kubectl's rules. */
export const checkRollout = step({
  name: "CheckRollout",
  needs: pollPromotionNeeds,
  goes: "to-the-end",
  async run(promotion, ports) {
    const { kind, reasons, seconds } = await pollPromotion(promotion, ports);
    switch (kind) {
      case "complete":
        return go(kind, { change: { progress: "rolled-out" }, reasons, seconds });
      case "stalled":
        return go(kind, { change: { trouble: reasons }, reasons, seconds });
      case "progressing":
        return go(kind, { reasons, seconds });
      default:
        return kind satisfies never;
    }
  },
});
