import type { PromotionId } from "../domain/promotion.ts";

/** A promotion that sleeps until it is woken, at the latest at `until`. One a promotion at a time. */
export interface Wait {
  readonly promotion: PromotionId;
  readonly kind: "facts" | "turn" | "vote";
  /** Task token: stays in the table, never in a message, log or button. */
  readonly token: string;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly until: number;
}

/** Throws `StoreUnavailable`, `StoreRefused`. */
export interface Waits {
  /** Replaces what the promotion waited for before. */
  store(wait: Wait): Promise<void>;
  read(promotion: PromotionId): Promise<Wait | undefined>;
  /** Removes it if it still holds this token. */
  remove(promotion: PromotionId, token: string): Promise<void>;
}
