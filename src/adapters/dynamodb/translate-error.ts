import { PromoterError, type ErrorName } from "../../domain/errors.ts";
import { classifyError } from "../aws-error.ts";

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

/**
 * What DynamoDB's refusal means to us; any other error (a fault in this program) is returned
 * unchanged.
 */
export function translateError(error: unknown, doing: string): unknown {
  if (!(error instanceof Error)) return error;
  const name = byException[error.name] ?? byCall(error);
  if (name === undefined) return error;
  return new PromoterError(
    name,
    `${doing}: expected a response from DynamoDB, got ${error.name}: ${error.message}; ${remedy(name, error.name)}`,
    { details: { exception: error.name }, cause: error },
  );
}

/** An exception whose name we do not know. */
function byCall(error: Error): ErrorName | undefined {
  const meaning = classifyError(error, new Set());
  return meaning && (meaning === "transient" ? "StoreUnavailable" : "StoreRefused");
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
