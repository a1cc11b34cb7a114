import {
  addClaim,
  claimedUntil,
  liveClaims,
  maxClaims,
  shortenClaim,
  type Claim,
} from "./claim.ts";
import type { PromotionId } from "./promotion.ts";

/**
 * Who owns an environment. Read, decided by a pure function of this file, written on condition that
 * nobody wrote in between: the revision decides every contest.
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
  /** Set when nobody knows what the cluster runs; a person must `resume`. */
  readonly unsettled: Unsettled | undefined;
  /**
   * Functions that may be writing, of whatever promotion: they stay when the environment changes
   * hands. Nobody begins or settles meanwhile.
   */
  readonly claims: readonly Claim[];
}

export interface Unsettled {
  readonly by: PromotionId;
  readonly reason: string;
  /** What ran before was applied again on a person's word, and its rollout is being watched. */
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
 * A transition either gives the lock to write, or says why not. `same`: nothing to write, it is so
 * already.
 */
export type Transition<Refusal extends string> =
  | { readonly kind: "write"; readonly lock: Lock }
  | { readonly kind: "same" }
  | { readonly kind: Refusal };

export interface Entrance {
  readonly promotion: PromotionId;
  readonly version: string;
  /** The fence noted when the images were verified. */
  readonly fence: number;
  /** It entered before, as owner or next. */
  readonly entered: boolean;
  /** Whether `version` is higher than the other one in the application's order. */
  readonly isHigher: (than: string) => boolean;
}

export type EnterTransition =
  | { readonly kind: "owner"; readonly lock: Lock; readonly changed: boolean }
  | {
      readonly kind: "next";
      readonly lock: Lock;
      readonly changed: boolean;
      readonly displaced: PromotionId | undefined;
    }
  | { readonly kind: "stale" }
  | { readonly kind: "superseded"; readonly by: PromotionId }
  | { readonly kind: "unsettled"; readonly by: PromotionId; readonly reason: string };

/** Takes the environment when it is free and unchanged since the plan, or the one place `next`. */
export function enter(lock: Lock, entrance: Entrance): EnterTransition {
  if (lock.owner?.promotion === entrance.promotion) return reenter(lock, entrance);
  if (lock.next?.promotion === entrance.promotion && (lock.owner ?? lock.unsettled)) {
    return { kind: "next", lock, changed: false, displaced: undefined };
  }
  if (lock.unsettled) {
    return { kind: "unsettled", by: lock.unsettled.by, reason: lock.unsettled.reason };
  }
  if (entrance.entered) {
    return {
      kind: "superseded",
      by: lock.next?.promotion ?? lock.owner?.promotion ?? entrance.promotion,
    };
  }
  if (lock.owner) return queueNext(lock, entrance);
  return lock.fence === entrance.fence ? takeLock(lock, entrance) : { kind: "stale" };
}

function reenter(lock: Lock, { fence }: Entrance): EnterTransition {
  return lock.fence === fence ? { kind: "owner", lock, changed: false } : { kind: "stale" };
}

/** The fence stays: the plan that was verified under it is the one that enters. */
function takeLock(lock: Lock, { promotion, version }: Entrance): EnterTransition {
  return {
    kind: "owner",
    lock: update(lock, { owner: waitingOwner({ promotion, version }) }),
    changed: true,
  };
}

function queueNext(lock: Lock, { promotion, version, isHigher }: Entrance): EnterTransition {
  if (lock.next && !isHigher(lock.next.version)) {
    return { kind: "superseded", by: lock.next.promotion };
  }
  return {
    kind: "next",
    lock: update(lock, { next: { promotion, version } }),
    changed: true,
    displaced: lock.next?.promotion,
  };
}

/**
 * The one write after which the environment may be changed; only under the fence and as the waiting
 * owner.
 */
export function startWriting(
  lock: Lock,
  {
    promotion,
    fence,
    plan,
    now,
  }: {
    readonly promotion: PromotionId;
    readonly fence: number;
    readonly plan: string;
    readonly now: number;
  },
): Transition<"not-owner" | "cancelled" | "stale" | "busy"> {
  const owner = lock.owner;
  if (owner?.promotion !== promotion || owner.phase === "rolling-back") {
    return { kind: "not-owner" };
  }
  if (owner.cancelled) return { kind: "cancelled" };
  if (owner.phase === "writing") {
    return owner.plan === plan ? { kind: "same" } : { kind: "not-owner" };
  }
  if (lock.fence !== fence) return { kind: "stale" };
  if (isBusy(lock, now)) return { kind: "busy" };
  return {
    kind: "write",
    lock: update(lock, {
      fence: lock.fence + 1,
      claims: [],
      owner: { ...owner, phase: "writing", plan },
    }),
  };
}

/**
 * A writing step announces until when it may write. `crowded`: too many are at work, so this one
 * does nothing.
 */
export function claimWriting(
  lock: Lock,
  { promotion, now, ...claim }: Claim & { readonly promotion: PromotionId; readonly now: number },
): Transition<"not-owner" | "crowded"> {
  const owner = lock.owner;
  if (owner?.promotion !== promotion || owner.phase !== claim.phase) return { kind: "not-owner" };
  const claims = addClaim(liveClaims(lock.claims, now), claim);
  return claims.length > maxClaims
    ? { kind: "crowded" }
    : { kind: "write", lock: update(lock, { claims }) };
}

export interface ClaimEnd extends Pick<Claim, "invocation"> {
  readonly now: number;
  /** Until when something that was sent may still take effect; absent: nothing is left. */
  readonly until?: number;
}

/**
 * A writing step is over, whoever owns the environment by now: its own claim ends, or is shortened
 * to what is left.
 */
export function endClaim(
  lock: Lock,
  { invocation, now, until = now }: ClaimEnd,
): Transition<never> {
  if (!isClaimed(lock, invocation)) return { kind: "same" };
  return {
    kind: "write",
    lock: update(lock, {
      claims: liveClaims(shortenClaim(lock.claims, { invocation, until }), now),
    }),
  };
}

/** From here on no writing step of the promotion begins any more; what still runs has a claim. */
export function beginRollBack(lock: Lock, promotion: PromotionId): Transition<"not-owner"> {
  const owner = lock.owner;
  if (owner?.promotion !== promotion || owner.phase === "waiting") return { kind: "not-owner" };
  if (owner.phase === "rolling-back") return { kind: "same" };
  return {
    kind: "write",
    lock: update(lock, { fence: lock.fence + 1, owner: { ...owner, phase: "rolling-back" } }),
  };
}

/** Marks a cancellation that `startWriting` will see; refused once writing began. */
export function cancelOwner(
  lock: Lock,
  promotion: PromotionId,
): Transition<"writing" | "not-owner"> {
  const owner = lock.owner;
  if (owner?.promotion !== promotion) return { kind: "not-owner" };
  if (owner.phase !== "waiting") return { kind: "writing" };
  if (owner.cancelled) return { kind: "same" };
  return { kind: "write", lock: update(lock, { owner: { ...owner, cancelled: true } }) };
}

/**
 * Gives back whatever the promotion is. An unsettled environment keeps nobody as owner and is not
 * handed over.
 */
export function leave(
  lock: Lock,
  {
    promotion,
    unsettled,
  }: { readonly promotion: PromotionId; readonly unsettled: string | undefined },
): Transition<never> {
  if (lock.next?.promotion === promotion) {
    return { kind: "write", lock: update(lock, { next: undefined }) };
  }
  if (lock.owner?.promotion !== promotion) return { kind: "same" };
  if (unsettled !== undefined) {
    return {
      kind: "write",
      lock: update(lock, vacate(lock, { by: promotion, reason: unsettled })),
    };
  }
  return { kind: "write", lock: update(lock, handOver(lock)) };
}

/** A dead `next` is passed over before an owner leaves. */
export function dropNext(lock: Lock, promotion: PromotionId): Transition<never> {
  return lock.next?.promotion === promotion
    ? { kind: "write", lock: update(lock, { next: undefined }) }
    : { kind: "same" };
}

/**
 * A person says that the environment, left unsettled `by` a promotion, is in order again; who waits
 * gets it. Not while somebody may be writing.
 */
export function settle(
  lock: Lock,
  { by, now }: { readonly by: PromotionId; readonly now: number },
): Transition<"not-unsettled" | "busy"> {
  if (lock.unsettled?.by !== by) return { kind: "not-unsettled" };
  if (isBusy(lock, now)) return { kind: "busy" };
  return {
    kind: "write",
    lock: update(lock, { ...handOver(lock), unsettled: undefined, claims: [] }),
  };
}

/**
 * The way back that a person asked for claims its time as a writing step does, so that nobody
 * settles or restores meanwhile.
 */
export function claimRestore(
  lock: Lock,
  { by, now, ...claim }: Omit<Claim, "phase"> & { readonly by: PromotionId; readonly now: number },
): Transition<"not-unsettled" | "busy"> {
  const { unsettled } = lock;
  if (unsettled?.by !== by) return { kind: "not-unsettled" };
  if (isBusy(lock, now)) return { kind: "busy" };
  return {
    kind: "write",
    lock: update(lock, {
      unsettled: { ...unsettled, restored: undefined },
      claims: [{ ...claim, phase: "rolling-back" }],
    }),
  };
}

/**
 * What ran before is applied by this invocation, whose claim ends; `same`: its claim is past, so
 * others may have been here since.
 */
export function markRestored(
  lock: Lock,
  { invocation, now }: Pick<ClaimEnd, "invocation" | "now">,
): Transition<never> {
  const claims = liveClaims(lock.claims, now);
  if (!lock.unsettled || !isClaimed({ claims }, invocation)) return { kind: "same" };
  return {
    kind: "write",
    lock: update(lock, {
      unsettled: { ...lock.unsettled, restored: true },
      claims: claims.filter((claim) => claim.invocation !== invocation),
    }),
  };
}

/** The way back did not get healthy: the next one applies again. */
export function forgetRestored(lock: Lock): Transition<never> {
  if (!lock.unsettled?.restored) return { kind: "same" };
  return {
    kind: "write",
    lock: update(lock, { unsettled: { ...lock.unsettled, restored: undefined } }),
  };
}

function isBusy({ claims }: Lock, now: number): boolean {
  return claimedUntil(claims) > now;
}

function isClaimed({ claims }: Pick<Lock, "claims">, by: string): boolean {
  return claims.some(({ invocation }) => invocation === by);
}

function vacate(lock: Lock, unsettled: Lock["unsettled"]): Partial<Lock> {
  return { owner: undefined, fence: lock.fence + 1, unsettled };
}

function handOver(lock: Lock): Partial<Lock> {
  return { owner: lock.next && waitingOwner(lock.next), next: undefined, fence: lock.fence + 1 };
}

function waitingOwner({ promotion, version }: Waiter): Owner {
  return { promotion, version, phase: "waiting", plan: undefined, cancelled: false };
}

function update(lock: Lock, change: Partial<Lock>): Lock {
  return { ...lock, ...change, revision: lock.revision + 1 };
}
