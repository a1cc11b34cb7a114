import { addClaim, liveClaims, maxClaims, shortenClaim, type Claim } from "../claim.ts";
import { isClaimed, update, type Lock, type Transition } from "../lock.ts";
import type { PromotionId } from "../promotion.ts";

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
 * A writing step is over, whoever owns the environment now: its own claim ends, or is shortened to
 * what is left.
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
