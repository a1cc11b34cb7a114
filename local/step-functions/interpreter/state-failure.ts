/** The error of a state, as Retry and Catch see it. */
export class StateFailure extends Error {
  override readonly name = "StateFailure";
  /** A Fail state may leave out its error. */
  readonly error: string | undefined;
  readonly reason: string | undefined;
  /** No wildcard of ErrorEquals matches it. */
  readonly onlyByName: boolean;

  constructor(
    error: string | undefined,
    reason: string | undefined,
    { onlyByName = false }: { readonly onlyByName?: boolean } = {},
  ) {
    super(`${error ?? ""}: ${reason ?? ""}`);
    this.error = error;
    this.reason = reason;
    this.onlyByName = onlyByName;
  }
}

/** Unwinds the work of an execution that has been stopped. Nobody handles it. */
export class Abandoned extends Error {
  override readonly name = "Abandoned";
}

/**
 * What `$states.errorOutput` holds: both fields always. Of a time-out the Cause is empty; what a
 * failure that comes with a token leaves out is null. Captured (github.com/localstack/localstack,
 * tests/aws/services/stepfunctions/v2): error_handling test_invoke_timeout, callback
 * test_sqs_failure_in_wait_for_task_tok_no_error_field.
 */
export function errorOutput({ error, reason }: StateFailure): {
  readonly Error: string | null;
  readonly Cause: string | null;
} {
  return { Error: error ?? null, Cause: reason ?? (error === "States.Timeout" ? "" : null) };
}
