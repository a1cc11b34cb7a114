import type { PromotionId } from "../../src/domain/promotion.ts";
import type { Wait, Waits } from "../../src/ports/waits.ts";
import { assertItemFits } from "./assert-item-fits.ts";
import { copyOf } from "./copy-of.ts";

export function fakeWaits(): Waits {
  const stored = new Map<PromotionId, Wait>();
  return {
    async store(wait) {
      assertItemFits(wait);
      stored.set(wait.promotion, copyOf(wait));
    },
    async read(promotion) {
      return copyOf(stored.get(promotion));
    },
    async remove(promotion, token) {
      if (stored.get(promotion)?.token === token) stored.delete(promotion);
    },
  };
}
