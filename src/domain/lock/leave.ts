import { isBusy, update, waitingOwner, type Lock, type Transition } from "../lock.ts";
import type { PromotionId } from "../promotion.ts";

/**
 * Gives back whatever the promotion is. An unsettled environment has no owner and is not handed
 * over.
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
 * A person says that the environment, left unsettled `by` a promotion, is in order again; the next
 * in line gets it. Not while a function may be writing.
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

function vacate(lock: Lock, unsettled: Lock["unsettled"]): Partial<Lock> {
  return { owner: undefined, fence: lock.fence + 1, unsettled };
}

function handOver(lock: Lock): Partial<Lock> {
  return { owner: lock.next && waitingOwner(lock.next), next: undefined, fence: lock.fence + 1 };
}
