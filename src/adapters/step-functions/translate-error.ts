import { PromoterError } from "../../domain/errors.ts";
import { classifyError } from "../aws-error.ts";

/** What we were doing, for the message. Never a token: its holder may wake a promotion. */
export interface WorkflowCall {
  readonly doing: string;
  /** IAM action that it takes. */
  readonly action: string;
}

/**
 * Exceptions of Step Functions and of the SDK's way to it that mean "later". Sources: API
 * reference, "Common errors" and StartExecution; AWS SDKs reference guide, "Retry behavior".
 */
const transient: ReadonlySet<string> = new Set([
  "AbortError",
  "ExecutionLimitExceeded",
  "InternalFailure",
  "InternalServerError",
  "KmsThrottlingException",
  "RequestTimeout",
  "ServiceUnavailable",
  "ServiceUnavailableException",
  "Throttling",
  "ThrottlingException",
  "TimeoutError",
  "TooManyRequestsException",
]);

const names = { transient: "WorkflowUnavailable", refused: "WorkflowRefused" } as const;

const remedies: Readonly<Record<string, string>> = {
  InvalidArn: "check the configured ARN of the state machine",
  InvalidExecutionInput: "an input is JSON of at most 256 KiB; check what is being promoted",
  InvalidName:
    "a name has at most 80 characters of 0-9A-Za-z-_; report this as a bug in the promoter",
  StateMachineDeleting: "wait until the stack is deployed again",
  StateMachineDoesNotExist: "deploy the stack, or check the configured ARN of the state machine",
};

/**
 * What a refusal of Step Functions means to us; any other error (a fault in this program) is
 * returned unchanged.
 */
export function translateError(error: unknown, { doing, action }: WorkflowCall): unknown {
  if (!(error instanceof Error)) return error;
  const meaning = classifyError(error, transient);
  if (meaning === undefined) return error;
  const refused =
    remedies[error.name] ??
    `allow ${action} on the state machine to the role of the function, and check its credentials`;
  const remedy = meaning === "transient" ? "try again later" : refused;
  const message = `${doing}: expected a response from Step Functions, got ${error.name}: ${error.message}; ${remedy}`;
  return new PromoterError(names[meaning], message, {
    details: { exception: error.name, action },
    cause: error,
  });
}
