import { numberAt, textAt } from "../domain/json.ts";

/** Codes of Node's sockets and resolver. */
const connectionCodes: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Of what the service answered; undefined when it did not. */
export function httpStatus(error: Error): number | undefined {
  return numberAt(error, "$metadata", "httpStatusCode");
}

/** The call did not reach the service, or its answer did not reach us. */
export function isConnectionError(error: Error): boolean {
  return connectionCodes.has(textAt(error, "code") ?? "");
}

/** By the status alone: throttled, or failed on the service's side. */
export function isServiceTrouble(status: number): boolean {
  return status >= 500 || status === 429;
}

/**
 * `transient` are the exceptions of a service after which the same call may work. undefined: the
 * error is not from a call, but a fault in this program.
 */
export function classifyError(
  error: Error,
  transient: ReadonlySet<string>,
): "transient" | "refused" | undefined {
  if (transient.has(error.name) || isConnectionError(error)) return "transient";
  const status = httpStatus(error);
  if (status === undefined) {
    return error.name === "CredentialsProviderError" ? "refused" : undefined;
  }
  return isServiceTrouble(status) ? "transient" : "refused";
}
