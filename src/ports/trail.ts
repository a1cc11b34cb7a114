import type { PromotionId } from "../domain/promotion.ts";

/** One thing that happened in a promotion. */
export interface TrailEntry {
  /**
   * What makes it unique: state and the time it was entered, so that a retried step does not double
   * it.
   */
  readonly visit: string;
  /** State, or event handler. */
  readonly step: string;
  /** Epoch milliseconds. */
  readonly at: number;
  /** How long the step took, milliseconds. */
  readonly took: number;
  readonly outcome: string;
  /** Whose doing: the id of a person, `promoter`, the name of a caller. */
  readonly who: string;
  readonly reasons: readonly string[];
}

/** As stored: numbered without gaps, each hashed together with the one before. */
export interface ChainedEntry extends TrailEntry {
  readonly number: number;
  readonly previous: string;
  readonly hash: string;
}

/** Throws `StoreUnavailable`, `StoreRefused`, `WriteContended`. */
export interface Trail {
  /**
   * Appends it unless one of the same visit is there. `since`, epoch milliseconds: when the visit
   * began, so that nothing older is looked at; without it all of the trail is.
   */
  append(promotion: PromotionId, entry: TrailEntry, since?: number): Promise<void>;
  /** From the oldest on, over all pages. */
  read(promotion: PromotionId): Promise<readonly ChainedEntry[]>;
}
