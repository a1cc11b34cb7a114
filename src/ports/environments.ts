import type { Lock } from "../domain/lock.ts";
import type { EnvironmentKey, PromotionId } from "../domain/promotion.ts";
import type { Member } from "../domain/release.ts";

/** What is known of an environment. Throws `StoreUnavailable`, `StoreRefused`. */
export interface Environments {
  /** `freeLock` when there is none yet. Strongly consistent. */
  readLock(key: EnvironmentKey): Promise<Lock>;
  /**
   * Writes `lock` on condition that the stored revision is `lock.revision - 1`; false when it is
   * not.
   */
  writeLock(key: EnvironmentKey, lock: Lock): Promise<boolean>;

  readCurrent(key: EnvironmentKey): Promise<CurrentRelease | undefined>;
  /**
   * What runs now, and the record of that version for environments that come `after` this one.
   * Repeating it changes nothing.
   */
  writeCurrent(key: EnvironmentKey, current: CurrentRelease): Promise<void>;
  /** The release of that version that was promoted here last; undefined: never. */
  readPromoted(key: EnvironmentKey, version: string): Promise<CurrentRelease | undefined>;

  /**
   * 32 random bytes in hex, made at the first call and the same ever after: with it the contents of
   * ConfigMaps and Secrets are authenticated. It never leaves the table but for that.
   */
  configurationKey(key: EnvironmentKey): Promise<string>;

  readHold(key: EnvironmentKey, set: string): Promise<Hold | undefined>;
  writeHold(key: EnvironmentKey, hold: Hold): Promise<void>;
  clearHold(key: EnvironmentKey, set: string): Promise<void>;
  readHolds(key: EnvironmentKey): Promise<readonly Hold[]>;
}

/** The one truth about what is promoted: never merely that a tag exists. */
export interface CurrentRelease {
  readonly version: string;
  readonly set: string;
  readonly members: readonly Member[];
  readonly promotion: PromotionId;
  readonly plan: string;
  /** Epoch milliseconds: when it was promoted; newest push of a member. */
  readonly since: number;
  readonly pushedAt: number;
}

/**
 * After a rollback: the environment does not take this set again by itself. After it went back, and
 * then as `pinSet`: it takes nothing newer by itself.
 */
export interface Hold {
  readonly set: string;
  /** Of the set; of a pin, the one that stays. */
  readonly version: string;
  /** It keeps everything newer away. */
  readonly pin?: true;
  readonly by: PromotionId;
  readonly since: number;
  readonly reason: string;
}

/** In place of a set in the hold of an environment that went back: sets are hashes. */
export const pinSet = "newer";
