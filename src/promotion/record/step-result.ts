import type { Conclusion, Promotion } from "../../domain/promotion.ts";
import type { PromotionChange, Promotions } from "../../ports/promotions.ts";

/**
 * What a step tells the state machine: names, numbers and hashes only. `outcome` is what the Choice
 * after it goes by; `reasons` are for the trail and are left out of the state data.
 */
export interface StepResult<Outcome extends string = string> {
  readonly outcome: Outcome;
  readonly reasons: readonly string[];
  /** Seconds the state machine waits at most before it looks again; at least 1. */
  readonly seconds?: number;
}

/** Every step gets this and nothing more of its promotion: the rest stands in the table. */
export interface StepInput {
  readonly promotion: string;
}

/** The promotion ends here: the ending is written down first, `ClosePromotion` carries it out. */
export async function conclude(
  promotions: Promotions,
  { id }: Pick<Promotion, "id">,
  { change = {}, ...conclusion }: Conclusion & { readonly change?: PromotionChange },
): Promise<StepResult<"close">> {
  await promotions.update(id, { ...change, conclusion });
  return { outcome: "close", reasons: [conclusion.ending, ...conclusion.reasons] };
}

/**
 * Whole seconds from `now` to `until`, at least 1 (a Wait or time-out of 0 is refused by Step
 * Functions).
 */
export function secondsUntil(until: number, now: number): number {
  return Math.max(1, Math.ceil((until - now) / 1000));
}
