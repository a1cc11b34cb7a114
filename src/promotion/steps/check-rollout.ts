import { lookAtPromotion, lookAtPromotionNeeds } from "../cluster/look-at-promotion.ts";
import { go, step } from "../record/step.ts";

/** Looks once whether the new digests run, by kubectl's rules. */
export const checkRollout = step({
  name: "CheckRollout",
  needs: lookAtPromotionNeeds,
  goes: "to-the-end",
  async run(promotion, ports) {
    const { kind, reasons, seconds } = await lookAtPromotion(promotion, ports);
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
