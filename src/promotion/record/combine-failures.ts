import { isPromoterError, PromoterError } from "../../domain/errors.ts";

/**
 * Several failures as one error: with the name of the first, and told together. `what` is said of
 * them, such as `2 repairs failed`.
 */
export function combineFailures(failures: readonly unknown[], what: string): unknown {
  const [first] = failures;
  if (failures.length === 1) return first;
  const message = `${what}: ${failures.map((one) => (one instanceof Error ? one.message : String(one))).join("; ")}`;
  return isPromoterError(first)
    ? new PromoterError(first.name, message, { cause: first })
    : new Error(message, { cause: first });
}
