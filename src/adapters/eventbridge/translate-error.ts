import { PromoterError } from "../../domain/errors.ts";

/**
 * Errors on the way to the service carry a code of Node's sockets, or a name of the SDK; answers of
 * the service an HTTP status.
 */
const namesOnTheWay: ReadonlySet<string> = new Set([
  "AbortError",
  "CredentialsProviderError",
  "TimeoutError",
]);

/**
 * There is one name for all of them: nothing of a promotion depends on an event, and `reconcile`
 * publishes again what is not announced. Any other error (a fault in this program) is returned
 * unchanged.
 */
export function translateError(error: unknown, doing: string): unknown {
  if (!(error instanceof Error)) return error;
  if (!("$metadata" in error) && !("code" in error) && !namesOnTheWay.has(error.name)) return error;
  const message =
    `${doing}: expected a response from EventBridge, got ${error.name}: ${error.message}; ` +
    "if this persists, check events:PutEvents of the role";
  return new PromoterError("BusUnavailable", message, {
    details: { exception: error.name },
    cause: error,
  });
}
