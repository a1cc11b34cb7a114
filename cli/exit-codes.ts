import type { Ending } from "../src/domain/promotion.ts";

/**
 * 75 is EX_TEMPFAIL of sysexits(3): the same command may succeed later. 130 is how shells report
 * SIGINT.
 */
export const exitCodes = { done: 0, failed: 1, usage: 2, tryAgain: 75, interrupted: 130 } as const;

/** Exit codes that a script may rely on when a promotion has ended. */
export function exitCodeOf(ending: Ending): number {
  if (ending === "Promoted" || ending === "AlreadyPromoted" || ending === "Planned") {
    return exitCodes.done;
  }
  return ending === "Incomplete" ||
    ending === "WaitExpired" ||
    ending === "Expired" ||
    ending === "Superseded"
    ? exitCodes.tryAgain
    : exitCodes.failed;
}

/** An error that the user can fix: printed as it is, without a stack. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number;
  /**
   * For programs, beside the message: the `name` of what a function threw, the `faults` of a
   * configuration.
   */
  readonly details: Readonly<Record<string, unknown>>;
  constructor(
    message: string,
    exitCode: number = exitCodes.failed,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
    this.exitCode = exitCode;
    this.details = details;
  }
}
