import type { Clock } from "../../ports/clock.ts";
import { verifySignature, type SignatureCheck, type SignedRequest } from "./verify-signature.ts";

export interface SignatureCheckerOptions {
  /**
   * The signing secret. With `refused`, one that did not match: it is read again if it is still the
   * current one.
   */
  readonly secret: (refused?: string) => Promise<string>;
  readonly clock: Clock;
}

/** Anyone may post, so posts that do not match cause the secret to be read again only this often. */
const freshEvery = 10_000;

/**
 * Checks posts with the current secret, then with a fresh one: it may have changed since it was
 * read.
 */
export function signatureChecker({
  secret,
  clock,
}: SignatureCheckerOptions): (request: SignedRequest) => Promise<SignatureCheck> {
  let nextFresh = -Infinity;
  return async (request) => {
    const atHand = await secret();
    const now = clock.now();
    const check = verifySignature(request, { secret: atHand, now });
    if (check.kind === "genuine" || now < nextFresh) return check;
    nextFresh = now + freshEvery;
    return verifySignature(request, { secret: await secret(atHand), now });
  };
}
