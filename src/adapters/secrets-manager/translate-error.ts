import { PromoterError, type ErrorName } from "../../domain/errors.ts";

/**
 * Exceptions that mean "later". Sources: API reference, GetSecretValue and "Common errors"; AWS
 * SDKs reference guide, "Retry behavior".
 */
const transient: ReadonlySet<string> = new Set([
  "AbortError",
  "InternalFailure",
  "InternalServiceError",
  "RequestTimeout",
  "ServiceUnavailable",
  "Throttling",
  "ThrottlingException",
  "TimeoutError",
]);

/** Codes of Node's sockets and resolver. */
const connectionCodes: ReadonlySet<unknown> = new Set([
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

const remedies: Readonly<Record<string, string>> = {
  DecryptionFailure: "allow kms:Decrypt on the key of the secret to the role of the function",
  InvalidRequestException: "the secret is being deleted or has no value: restore it or store one",
  ResourceNotFoundException: "create the secret in this account and Region and store its value",
};

/**
 * The secrets are those of the messenger, so its names apply. What is none of the service's own is
 * given back as it is.
 */
export function translateError(error: unknown, secretId: string): unknown {
  if (!(error instanceof Error)) return error;
  const name = meaningOf(error);
  if (name === undefined) return error;
  const refused =
    remedies[error.name] ??
    "allow secretsmanager:GetSecretValue on the secret to the role of the function";
  const remedy = name === "MessengerUnavailable" ? "try again later" : refused;
  const doing = `reading the secret ${secretId}: expected an answer of Secrets Manager`;
  return new PromoterError(name, `${doing}, got ${error.name}: ${error.message}; ${remedy}`, {
    details: { exception: error.name, secret: secretId },
    cause: error,
  });
}

function meaningOf(error: Error): ErrorName | undefined {
  const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
  const status: unknown =
    typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata
      ? metadata.httpStatusCode
      : undefined;
  const known = typeof status === "number";
  if (transient.has(error.name) || connectionCodes.has("code" in error ? error.code : undefined)) {
    return "MessengerUnavailable";
  }
  if (known && (status >= 500 || status === 429)) return "MessengerUnavailable";
  return known || error.name === "CredentialsProviderError" ? "MessengerRefused" : undefined;
}
