import type { PromotionId } from "../domain/promotion.ts";

/**
 * What is not finished: all that `reconcile` and `status` read. Throws `StoreUnavailable`,
 * `StoreRefused`.
 */
export interface OpenWork {
  add(application: string, work: Work): Promise<void>;
  remove(
    application: string,
    work: Pick<OpenPromotion, "kind" | "id"> | Pick<OpenRelease, "kind" | "version">,
  ): Promise<void>;
  /** Notes that it cannot be finished now, and why; false when that was noted before. It stays open. */
  setAside(application: string, work: Work, note: SetAside): Promise<boolean>;
  /** All of one application, over all pages. */
  list(application: string): Promise<readonly Work[]>;
  /** All there is, by application, those included that promoter.yml does not know, or no longer. */
  listAll(): Promise<ReadonlyMap<string, readonly Work[]>>;
}

export type Work = OpenPromotion | OpenRelease;

export interface SetAside {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly why: string;
}

/** Not closed, not announced yet, or a question about it may still be posted. */
export interface OpenPromotion {
  readonly kind: "promotion";
  readonly id: PromotionId;
  readonly environment: string;
  readonly version: string;
  readonly since: number;
  readonly setAside?: SetAside;
}

/**
 * A version of which a push was counted: incomplete, or not every promotion that it starts was seen
 * to have a record yet.
 */
export interface OpenRelease {
  readonly kind: "release";
  readonly version: string;
  readonly since: number;
  readonly setAside?: SetAside;
}
