import { update, waitingOwner, type Lock } from "../lock.ts";
import type { PromotionId } from "../promotion.ts";

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
