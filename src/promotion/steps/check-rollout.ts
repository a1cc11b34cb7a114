import { beginObservation, describeObservation } from "../../domain/observation.ts";
import type { Need, PortsFor } from "../../ports/ports.ts";
import {
  endRollout,
  endRolloutNeeds,
  goBack,
  lookAgain,
  observePolicyOf,
} from "../cluster/end-rollout.ts";
import { pollPromotion, pollPromotionNeeds } from "../cluster/poll-promotion.ts";
import type { ResolvedPromotion } from "../record/open-promotion.ts";
import type { StepInput } from "../step/step-result.ts";
import { go, step, type Decision } from "../step/step.ts";

export interface CheckRolloutInput extends StepInput {
  /** Absent: an execution of before there was `ObserveRelease`, which goes on without it. */
  readonly observes?: boolean | undefined;
}

const needs = [...pollPromotionNeeds, ...endRolloutNeeds] as const satisfies readonly Need[];

/**
 * Polls once whether what was applied is ready; again before each look of `ObserveRelease`. `next`:
 * it is, and more is to be applied. An abort goes back; the table decides whether it came before
 * the release was what runs.
 */
export const checkRollout = step({
  name: "CheckRollout",
  needs,
  goes: "to-the-end",
  async run(
    promotion,
    ports,
    { visit, observes = false }: CheckRolloutInput,
  ): Promise<Decision<"next" | "stalled" | "unwell" | "progressing" | Completed>> {
    if (promotion.abort) return goBack(promotion);
    const { kind, reasons, seconds, next } = await pollPromotion(promotion, ports);
    if (kind === "complete" && next) return go("next", { change: { applied: next }, reasons });
    switch (kind) {
      case "complete":
        return observes
          ? completed(promotion, reasons, ports)
          : endRollout(promotion, reasons, ports);
      case "stalled":
        return go(kind, { change: { trouble: reasons }, reasons, seconds });
      case "progressing":
        return promotion.observing
          ? lookAgain({ promotion, visit, reasons }, kind)
          : go(kind, { reasons, seconds });
      default:
        return kind satisfies never;
    }
  },
});

type Completed = "aborted" | "complete" | "observing";

/** The time of the observation begins with the first look that finds the rollout complete. */
async function completed(
  promotion: ResolvedPromotion,
  reasons: readonly string[],
  ports: PortsFor<typeof needs>,
): Promise<Decision<Completed>> {
  const policy = await observePolicyOf(promotion, ports);
  if (!policy) return endRollout(promotion, reasons, ports);
  if (promotion.observing) return go("observing", { reasons });
  const observing = beginObservation(policy, ports.clock.now());
  const watched = `the release is observed ${describeObservation(policy)}`;
  return go("observing", { change: { observing }, reasons: [...reasons, watched] });
}
