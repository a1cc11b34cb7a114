import type { Approval } from "../domain/approval.ts";
import type { PromotionId } from "../domain/promotion.ts";

/** Questions to people. Throws `StoreUnavailable`, `StoreRefused`. */
export interface Approvals {
  /** Strongly consistent. */
  read(promotion: PromotionId, hash: string): Promise<Approval | undefined>;
  /**
   * Writes `approval` on condition that the stored revision is `approval.revision - 1` (none stored
   * counts as 0); false when it is not.
   */
  write(approval: Approval): Promise<boolean>;
}
