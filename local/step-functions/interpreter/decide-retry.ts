import type { Retrier } from "../definition/state-machine.ts";
import { matchesError } from "./matches-error.ts";
import type { StateFailure } from "./state-failure.ts";

/** How often each retrier was used in this visit of a state, by its place in Retry. */
export type RetryCounts = readonly number[];

export interface RetryDecision {
  readonly delaySeconds: number;
  readonly counts: RetryCounts;
}

/**
 * The first retrier that names the error decides, and when it is used up nothing is retried. "A
 * retrier's parameters apply across all visits to the retrier in the context of a single-state
 * execution." (developer guide "concepts-error-handling")
 */
export function decideRetry(
  retriers: readonly Retrier[],
  failure: StateFailure,
  { counts, random }: { readonly counts: RetryCounts; readonly random: () => number },
): RetryDecision | undefined {
  const index = retriers.findIndex(({ errors }) => matchesError(errors, failure));
  const retrier = retriers[index];
  const used = counts[index] ?? 0;
  if (!retrier || used >= retrier.maxAttempts) return undefined;
  const longest = Math.min(
    retrier.intervalSeconds * retrier.backoffRate ** used,
    retrier.maxDelaySeconds,
  );
  return {
    // "If you set JitterStrategy as FULL, the first retry interval is randomized between 0 and 2
    // seconds" (the same page)
    delaySeconds: retrier.jitter === "FULL" ? random() * longest : longest,
    counts: retriers.map((_, other) => (counts[other] ?? 0) + (other === index ? 1 : 0)),
  };
}
