import { CommandError, exitCodes } from "./exit-codes.ts";

export interface Failure {
  readonly message: string;
  readonly exitCode: number;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Codes of Node's sockets and resolver, and names of the AWS SDK and services, that a later try may
 * not meet.
 */
const transient = [
  /^(?:ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE)$/,
  /^(?:TimeoutError|RequestTimeout\w*|Throttling\w*|ServiceUnavailable\w*)$/,
  /^Internal(?:Failure|ServerError)$/,
];
/** Of Lambda's Invoke: the names that the state machine tries again too. */
const transientOfLambda: ReadonlySet<string> = new Set([
  "ServiceException",
  "AWSLambdaException",
  "SdkClientException",
  "ClientExecutionTimeoutException",
  "TooManyRequestsException",
  "ServiceQuotaExceededException",
  "ResourceConflictException",
  "ResourceNotReadyException",
  "CodeArtifactUserPendingException",
  "SnapStartNotReadyException",
  "SnapStartTimeoutException",
  "SnapStartRegenerationFailureException",
  "EC2ThrottledException",
  "EC2UnexpectedException",
  "ENILimitReachedException",
  "ENINotReadyException",
  "SubnetIPAddressLimitReachedException",
  "EFSIOException",
  "EFSMountConnectivityException",
  "EFSMountTimeoutException",
  "S3FilesMountConnectivityException",
  "S3FilesMountTimeoutException",
]);
/** The caller's credentials are missing, or have expired. */
const unknownCaller = [
  /^(?:CredentialsProviderError|ExpiredToken\w*|TokenRefreshRequired|InvalidClientTokenId)$/,
  /^(?:UnrecognizedClientException|InvalidSignatureException)$/,
];

/** What an error means to the user of the command; mostly a connection error. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CommandError) return error;
  if (!(error instanceof Error)) return { message: String(error), exitCode: exitCodes.failed };
  const names = [error.name, ...("code" in error ? [String(error.code)] : [])];
  const matches = (forms: readonly RegExp[]): boolean =>
    names.some((name) => forms.some((form) => form.test(name)));
  if (matches(transient) || names.some((name) => transientOfLambda.has(name))) {
    return {
      message: `the promoter could not be reached: ${error.message}; try again later`,
      exitCode: exitCodes.tryAgain,
    };
  }
  if (matches(unknownCaller)) {
    return {
      message: `AWS rejected the credentials: ${error.message}; log in again, or name a profile in AWS_PROFILE`,
      exitCode: exitCodes.usage,
    };
  }
  return { message: `${error.name}: ${error.message}`, exitCode: exitCodes.failed };
}
