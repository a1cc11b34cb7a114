import type { IgnoredPush } from "../domain/ignored-push.ts";

/**
 * Pushes that named a member and were ignored, for whoever wonders where a release stays. Throws
 * `StoreUnavailable`, `StoreRefused`.
 */
export interface IgnoredPushes {
  /**
   * Keeps it among the newest of the application, for a day. When many are noted at once, some are
   * lost.
   */
  note(application: string, push: IgnoredPush): Promise<void>;
  /** Newest first. */
  list(application: string): Promise<readonly IgnoredPush[]>;
}
