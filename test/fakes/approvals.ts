import type { Approval } from "../../src/domain/approval.ts";
import { bounded } from "../../src/domain/bounded.ts";
import type { Approvals } from "../../src/ports/approvals.ts";
import { assertItemFits } from "./assert-item-fits.ts";
import { copyOf } from "./copy-of.ts";

export function fakeApprovals(): Approvals {
  const stored = new Map<string, Approval>();
  return {
    async read(promotion, hash) {
      return copyOf(stored.get(`${promotion}#${hash}`));
    },
    async write(approval) {
      const key = `${approval.promotion}#${approval.hash}`;
      if ((stored.get(key)?.revision ?? 0) !== approval.revision - 1) return false;
      assertItemFits(bounded(approval));
      stored.set(key, bounded(copyOf(approval)));
      return true;
    },
  };
}
