import type { PromotionId } from "../../src/domain/promotion.ts";
import type { Wait, Waits } from "../../src/ports/waits.ts";
import { assertItemFits } from "./assert-item-fits.ts";

export function fakeWaits(): Waits {
  const stored = new Map<PromotionId, Wait>();
  return {
    async store(wait) {
      assertItemFits(wait);
      stored.set(wait.promotion, structuredClone(wait));
    },
    async read(promotion) {
      return structuredClone(stored.get(promotion));
    },
    async remove(promotion, token) {
      if (stored.get(promotion)?.token === token) stored.delete(promotion);
    },
  };
}
