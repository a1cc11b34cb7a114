/**
 * What a step returns to the state machine: names, numbers and hashes only. `outcome` is what the
 * next Choice branches on; `reasons` are for the trail and are left out of the state data.
 */
export interface StepResult<Outcome extends string = string> {
  readonly outcome: Outcome;
  readonly reasons: readonly string[];
  /** Maximum seconds until the state machine checks again; at least 1. */
  readonly seconds?: number;
}

/** All that a step gets about its promotion: the rest is in the table. */
export interface StepInput {
  readonly promotion: string;
  /** The state and when it was entered; without it the run has no entry in the trail. */
  readonly visit?: string | undefined;
}

/**
 * Whole seconds from `now` to `until`, at least 1 (a Wait or time-out of 0 is refused by Step
 * Functions).
 */
export function secondsUntil(until: number, now: number): number {
  return Math.max(1, Math.ceil((until - now) / 1000));
}
