import { retryCommand } from "../../domain/command-line.ts";
import { PromoterError } from "../../domain/errors.ts";
import {
  describeAbort,
  type Conclusion,
  type Promotion,
  type PromotionId,
} from "../../domain/promotion.ts";
import type { Member } from "../../domain/release.ts";
import type { Promotions } from "../../ports/promotions.ts";

/** The record of a promotion that has not ended. Throws `NotFound`, `PromotionClosed`. */
export async function openPromotion(
  promotions: Pick<Promotions, "read">,
  id: PromotionId,
): Promise<Promotion> {
  const promotion = await promotions.read(id);
  if (!promotion) {
    throw new PromoterError(
      "NotFound",
      `there is no promotion ${id}; the workflow writes it in its first step`,
    );
  }
  if (promotion.ending) {
    throw new PromoterError(
      "PromotionClosed",
      `promotion ${id} has ended as ${promotion.ending}; ${retryCommand(id)} starts another attempt`,
    );
  }
  return promotion;
}

/** A promotion past `ResolveRelease`, with its digests. */
export type ResolvedPromotion = Promotion & {
  readonly members: readonly Member[];
  readonly set: string;
};

/** Throws `NotAllowed` when the release was not resolved yet: a step was invoked out of order. */
export async function resolvedPromotion(
  promotions: Pick<Promotions, "read">,
  id: PromotionId,
): Promise<ResolvedPromotion> {
  const promotion = await openPromotion(promotions, id);
  const { members, set } = promotion;
  if (!members || set === undefined) {
    throw new PromoterError(
      "NotAllowed",
      `promotion ${id} has no digests yet; ResolveRelease comes first`,
    );
  }
  return { ...promotion, members, set };
}

/**
 * How a promotion is going to end: as concluded by a step whose answer was lost, or stopped by a
 * person. undefined: it continues. Read by every step before writing, so that no step continues
 * past an ending in the record.
 */
export function pendingConclusion({
  conclusion,
  cancel,
  abort,
}: Promotion): Conclusion | undefined {
  if (conclusion) return conclusion;
  if (cancel) return { ending: "Cancelled", reasons: [`cancelled by ${cancel.by}`] };
  return abort && { ending: "Cancelled", reasons: [describeAbort(abort)] };
}
