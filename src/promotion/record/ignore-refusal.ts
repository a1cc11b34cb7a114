import { isPromoterError } from "../../domain/errors.ts";

/**
 * For a catch: what is refused for good (a channel that was archived, say) is let be. What may
 * succeed later is thrown on, to be tried again.
 */
export function ignoreRefusal(error: unknown): undefined {
  if (!isPromoterError(error) || error.retryable) throw error;
}
