/** The error of a state, as Retry and Catch see it. */
export class StateFailure extends Error {
  override readonly name = "StateFailure";
  /** A Fail state may leave out its error. */
  readonly error: string | undefined;
  readonly reason: string | undefined;
  /** Further names that ErrorEquals may match. */
  readonly aliases: readonly string[];

  constructor(error: string | undefined, reason: string | undefined, aliases: readonly string[] = []) {
    super(`${error ?? ""}: ${reason ?? ""}`);
    this.error = error;
    this.reason = reason;
    this.aliases = aliases;
  }
}

/** Unwinds the work of an execution, a branch or an iteration that has been stopped. Nobody handles it. */
export class Abandoned extends Error {
  override readonly name = "Abandoned";
}

/** What `$states.errorOutput` holds. "the object usually contains the field Cause" (developer guide "concepts-error-handling"). */
export function errorOutput({ error, reason }: StateFailure): { readonly Error?: string; readonly Cause?: string } {
  return { ...(error !== undefined && { Error: error }), ...(reason !== undefined && { Cause: reason }) };
}
