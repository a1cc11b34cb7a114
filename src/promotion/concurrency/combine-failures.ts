import { isPromoterError, PromoterError, errorMessage } from "../../domain/errors.ts";

/**
 * Several failures as one error, with the name of the first and all messages. `what` introduces
 * them, such as `2 repairs failed`.
 */
export function combineFailures(failures: readonly unknown[], what: string): unknown {
  const [first] = failures;
  if (failures.length === 1) return first;
  const causes = failures.map(errorMessage);
  const message = `${what}: ${causes.join("; ")}`;
  return isPromoterError(first)
    ? new PromoterError(first.name, message, { cause: first })
    : new Error(message, { cause: first });
}
