import { PromoterError, type ErrorName } from "../../domain/errors.ts";

/**
 * Exceptions of DynamoDB and of the SDK's way to it that mean "later" or "never". Source: DynamoDB
 * developer guide, "Error handling", and the retryable error codes of the AWS SDKs reference guide,
 * "Retry behavior".
 */
const byException: Readonly<Record<string, ErrorName>> = {
  InternalServerError: "StoreUnavailable",
  InternalServerErrorException: "StoreUnavailable",
  ItemCollectionSizeLimitExceededException: "StoreRefused",
  LimitExceededException: "StoreUnavailable",
  ProvisionedThroughputExceededException: "StoreUnavailable",
  ReplicatedWriteConflictException: "StoreUnavailable",
  RequestLimitExceeded: "StoreUnavailable",
  ServiceUnavailable: "StoreUnavailable",
  ServiceUnavailableException: "StoreUnavailable",
  ThrottlingException: "StoreUnavailable",
  TimeoutError: "StoreUnavailable",
  TransactionConflictException: "StoreUnavailable",
  AccessDeniedException: "StoreRefused",
  CredentialsProviderError: "StoreRefused",
  ExpiredTokenException: "StoreRefused",
  IncompleteSignatureException: "StoreRefused",
  InvalidSignatureException: "StoreRefused",
  MissingAuthenticationTokenException: "StoreRefused",
  ResourceNotFoundException: "StoreRefused",
  UnrecognizedClientException: "StoreRefused",
  ValidationException: "StoreRefused",
};

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

/**
 * What DynamoDB's refusal means to us; what is none of its own (a fault in this program) is given
 * back as it is.
 */
export function translateError(error: unknown, doing: string): unknown {
  if (!(error instanceof Error)) return error;
  const name = byException[error.name] ?? byConnection(error) ?? byStatus(error);
  if (name === undefined) return error;
  return new PromoterError(
    name,
    `${doing}: expected an answer of DynamoDB, got ${error.name}: ${error.message}; ${remedy(name, error.name)}`,
    { details: { exception: error.name }, cause: error },
  );
}

function byConnection(error: Error): ErrorName | undefined {
  const reason = "code" in error ? error.code : undefined;
  return connectionCodes.has(reason) ? "StoreUnavailable" : undefined;
}

/** An exception that we do not know by name: 429 and 5xx are their side, any other status is ours. */
function byStatus(error: Error): ErrorName | undefined {
  const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
  const status: unknown =
    typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata
      ? metadata.httpStatusCode
      : undefined;
  if (typeof status !== "number") return undefined;
  return status >= 500 || status === 429 ? "StoreUnavailable" : "StoreRefused";
}

function remedy(name: ErrorName, exception: string): string {
  if (name === "StoreUnavailable") return "try again later";
  if (exception === "ResourceNotFoundException") {
    return "check that the table exists in this account and Region";
  }
  if (exception === "ValidationException") {
    return "an item holds at most 400 KB and a key 2048 bytes; check what was to be stored";
  }
  return "check the credentials and what the role allows on the table";
}
