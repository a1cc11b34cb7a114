import { createHash } from "node:crypto";
import { bounded } from "../../src/domain/bounded.ts";
import type { PromotionId } from "../../src/domain/promotion.ts";
import { chainEntry } from "../../src/domain/trail.ts";
import type { ChainedEntry, Trail } from "../../src/ports/trail.ts";
import { assertItemFits } from "./assert-item-fits.ts";
import { copyOf } from "./copy-of.ts";

export function fakeTrail(): Trail {
  const stored = new Map<PromotionId, readonly ChainedEntry[]>();
  return {
    async append(promotion, entry) {
      const present = stored.get(promotion) ?? [];
      if (present.some(({ visit }) => visit === entry.visit)) return;
      assertItemFits(bounded(entry));
      stored.set(promotion, [
        ...present,
        chainEntry(bounded(copyOf(entry)), present.at(-1), sha256),
      ]);
    },
    async read(promotion) {
      return copyOf(stored.get(promotion) ?? []);
    },
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
