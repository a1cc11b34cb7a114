import { isPromoterError, PromoterError } from "../../domain/errors.ts";
import { textAt } from "../../domain/json.ts";
import { httpStatus, isConnectionError, isServiceTrouble } from "../aws-error.ts";

/** What we were doing, for the message. */
export interface RegistryCall {
  readonly doing: string;
  /** `orderbook-api:prod-1.4.2`: repository with tag or digest. */
  readonly reference: string;
  /** IAM action that it takes. */
  readonly action: string;
  /** What "try later" is called here. */
  readonly unavailable?: "RegistryUnavailable" | "ScannerUnavailable";
}

/**
 * Exceptions after which the same call may work. Throttling is not in ECR's model; the names are
 * those of the AWS SDKs reference guide, "Retry behavior".
 */
const throttling: ReadonlySet<string> = new Set([
  "Throttling",
  "ThrottlingException",
  "ThrottledException",
  "TooManyRequestsException",
  "RequestLimitExceeded",
]);
const transient: ReadonlySet<string> = new Set([
  ...throttling,
  "AbortError",
  "InternalFailure",
  "RequestTimeout",
  "ServerException",
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "TimeoutError",
]);

/** Of Node's fetch, which downloads blobs. */
const fetchCode = "UND_ERR_SOCKET";

const remedies: Readonly<Record<string, (attempt: RegistryCall) => string>> = {
  AccessDeniedException: ({ action }) =>
    `allow ${action} on this repository to the role of the function`,
  ImageDigestDoesNotMatchException: () =>
    "the manifest is not the one that was read; start the promotion again",
  InvalidSignatureException: () => "check the credentials and the clock of this machine",
  KmsException: () =>
    "check that the role may use the KMS key of the repository and that the key is enabled",
  LimitExceededException: () =>
    "an ECR quota is exhausted (an image has at most 1,000 tags); " +
    "raise it or delete unused tags",
  RepositoryNotFoundException: () =>
    "create the repository in this account and Region, or correct promoter.yml",
};

/** What ECR's refusal means to us; any other error (a fault in this program) is returned unchanged. */
export function translateError(error: unknown, attempt: RegistryCall): unknown {
  if (!(error instanceof Error) || isPromoterError(error)) return error;
  const doing = `${attempt.doing} ${attempt.reference}: expected a response from ECR`;
  const got = `${doing}, got ${error.name}: ${error.message}`;
  const throttled = isThrottled(error) ? { throttled: true } : {};
  const options = {
    details: {
      exception: error.name,
      action: attempt.action,
      reference: attempt.reference,
      ...throttled,
    },
    cause: error,
  };
  if (isTransient(error)) {
    return new PromoterError(
      attempt.unavailable ?? "RegistryUnavailable",
      `${got}; try again later`,
      options,
    );
  }
  if (httpStatus(error) === undefined && error.name !== "CredentialsProviderError") return error;
  const remedy =
    remedies[error.name]?.(attempt) ??
    `check ${attempt.reference} and what the role allows for ${attempt.action}`;
  return new PromoterError("RegistryRefused", `${got}; ${remedy}`, options);
}

/** Runs one call and translates its error. */
export async function callRegistry<Output>(
  attempt: RegistryCall,
  call: () => Promise<Output>,
): Promise<Output> {
  try {
    return await call();
  } catch (error) {
    throw translateError(error, attempt);
  }
}

function isTransient(error: Error): boolean {
  return (
    transient.has(error.name) ||
    isConnectionError(error) ||
    textAt(error, "code") === fetchCode ||
    isServiceTrouble(httpStatus(error) ?? 0) ||
    isThrottled(error)
  );
}

function isThrottled(error: Error): boolean {
  return (
    throttling.has(error.name) ||
    httpStatus(error) === 429 ||
    error.message.includes("Rate exceeded")
  );
}
