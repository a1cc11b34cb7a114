import { claimedUntil, type Claim } from "./claim.ts";
import type { PromotionId } from "./promotion.ts";

/**
 * Who owns an environment. Read, decided by a pure function of `lock/`, written on condition that
 * the item is unchanged: the revision decides every contest.
 */
export interface Lock {
  /** 0 when the item does not exist yet; goes up by one with every write. */
  readonly revision: number;
  /**
   * Goes up whenever the environment changes hands or is written to; a plan made under another
   * fence is out of date.
   */
  readonly fence: number;
  readonly owner: Owner | undefined;
  /** The one promotion that gets the environment next. */
  readonly next: Waiter | undefined;
  /** Set when it is unknown what the cluster runs; a person must `resume`. */
  readonly unsettled: Unsettled | undefined;
  /**
   * Functions that may be writing, of whatever promotion: they stay when the environment changes
   * hands. No promotion begins and no environment is settled meanwhile.
   */
  readonly claims: readonly Claim[];
}

export interface Unsettled {
  readonly by: PromotionId;
  readonly reason: string;
  /**
   * A person asked for a rollback: what ran before was applied again, and its rollout is being
   * watched.
   */
  readonly restored?: boolean | undefined;
}

export interface Owner {
  readonly promotion: PromotionId;
  readonly version: string;
  readonly phase: "waiting" | "writing" | "rolling-back";
  /** Content hash that is being written; absent while waiting. */
  readonly plan: string | undefined;
  readonly cancelled: boolean;
}

export interface Waiter {
  readonly promotion: PromotionId;
  readonly version: string;
}

export const freeLock: Lock = {
  revision: 0,
  fence: 0,
  owner: undefined,
  next: undefined,
  unsettled: undefined,
  claims: [],
};

/**
 * A transition either returns the lock to write, or says why not. `same`: nothing to write, the
 * lock is in that state already.
 */
export type Transition<Refusal extends string> =
  | { readonly kind: "write"; readonly lock: Lock }
  | { readonly kind: "same" }
  | { readonly kind: Refusal };

/** Whether a function may still be writing. */
export function isBusy({ claims }: Lock, now: number): boolean {
  return claimedUntil(claims) > now;
}

export function isClaimed({ claims }: Pick<Lock, "claims">, by: string): boolean {
  return claims.some(({ invocation }) => invocation === by);
}

export function waitingOwner({ promotion, version }: Waiter): Owner {
  return { promotion, version, phase: "waiting", plan: undefined, cancelled: false };
}

/** The lock with the change, as the next revision. */
export function update(lock: Lock, change: Partial<Lock>): Lock {
  return { ...lock, ...change, revision: lock.revision + 1 };
}
