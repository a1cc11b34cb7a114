import { PromoterError } from "../../domain/errors.ts";
import type { PromotionId } from "../../domain/promotion.ts";

/** For a promotion that a person named. */
export function unknownPromotion(id: PromotionId): PromoterError {
  return new PromoterError(
    "NotFound",
    `there is no promotion ${id}; \`status\` lists the open ones, ` +
      "`history <application> <environment>` those that ended",
  );
}
