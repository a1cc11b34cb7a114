import { isPromoterError } from "../../domain/errors.ts";

/**
 * For a catch: ignores what is refused for good (an archived channel, say). Rethrows what may
 * succeed later, so that it is retried.
 */
export function ignoreRefusal(error: unknown): undefined {
  if (!isPromoterError(error) || error.retryable) throw error;
}
