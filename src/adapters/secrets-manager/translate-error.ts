import { PromoterError } from "../../domain/errors.ts";
import { classifyError } from "../aws-error.ts";

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

const names = { transient: "MessengerUnavailable", refused: "MessengerRefused" } as const;

const remedies: Readonly<Record<string, string>> = {
  DecryptionFailure: "allow kms:Decrypt on the key of the secret to the role of the function",
  InvalidRequestException: "the secret is being deleted or has no value: restore it or store one",
  ResourceNotFoundException: "create the secret in this account and Region and store its value",
};

/**
 * The secrets are those of the messenger, so its names apply. Any other error is returned
 * unchanged.
 */
export function translateError(error: unknown, secretId: string): unknown {
  if (!(error instanceof Error)) return error;
  const meaning = classifyError(error, transient);
  if (meaning === undefined) return error;
  const refused =
    remedies[error.name] ??
    "allow secretsmanager:GetSecretValue on the secret to the role of the function";
  const remedy = meaning === "transient" ? "try again later" : refused;
  const doing = `reading the secret ${secretId}: expected a response from Secrets Manager`;
  return new PromoterError(
    names[meaning],
    `${doing}, got ${error.name}: ${error.message}; ${remedy}`,
    { details: { exception: error.name, secret: secretId }, cause: error },
  );
}
