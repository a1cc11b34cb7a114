import { liveClaims, type Claim } from "../claim.ts";
import { isBusy, isClaimed, update, type Lock, type Transition } from "../lock.ts";
import type { PromotionId } from "../promotion.ts";
import type { ClaimEnd } from "./claim-writing.ts";

/**
 * The rollback that a person asked for claims its time as a writing step does, so that no one
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

/** The rollback did not become healthy: the next one applies again. */
export function forgetRestored(lock: Lock): Transition<never> {
  if (!lock.unsettled?.restored) return { kind: "same" };
  return {
    kind: "write",
    lock: update(lock, { unsettled: { ...lock.unsettled, restored: undefined } }),
  };
}
