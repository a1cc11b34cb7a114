import { describeAbort, type Promotion } from "../../domain/promotion.ts";
import { pollPromotion, pollPromotionNeeds } from "../cluster/poll-promotion.ts";
import { go, step, type Decision } from "../step/step.ts";

/**
 * Polls once whether the new digests run, by kubectl's rules. An abort goes back; the table decides
 * whether it came before the rollout was complete.
 */
export const checkRollout = step({
  name: "CheckRollout",
  needs: [...pollPromotionNeeds, "promotions.read", "promotions.markRolledOut"],
  goes: "to-the-end",
  async run(
    promotion,
    ports,
  ): Promise<Decision<"aborted" | "complete" | "stalled" | "progressing">> {
    if (promotion.abort) return goBack(promotion);
    const { kind, reasons, seconds } = await pollPromotion(promotion, ports);
    switch (kind) {
      case "complete":
        return (await ports.promotions.markRolledOut(promotion.id))
          ? go(kind, { reasons, seconds })
          : goBack((await ports.promotions.read(promotion.id)) ?? promotion);
      case "stalled":
        return go(kind, { change: { trouble: reasons }, reasons, seconds });
      case "progressing":
        return go(kind, { reasons, seconds });
      default:
        return kind satisfies never;
    }
  },
});

function goBack({ abort }: Promotion): Decision<"aborted"> {
  const reasons = abort ? [describeAbort(abort)] : [];
  return go("aborted", { change: { trouble: reasons }, reasons });
}
