import { isBusy, update, type Lock, type Transition } from "../lock.ts";
import type { PromotionId } from "../promotion.ts";

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

/** From here on no writing step of the promotion begins; what still runs has a claim. */
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
