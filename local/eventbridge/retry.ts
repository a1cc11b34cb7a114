import type { RetryPolicy } from "./rule.ts";

/**
 * How a target answered. The codes are those of a dead letter's ERROR_CODE, such as
 * `NO_PERMISSIONS`.
 */
export type DeliveryResult =
  | { readonly kind: "ok" }
  | {
      readonly kind: "error";
      readonly retriable: boolean;
      readonly code: string;
      readonly message: string;
    };

export type ExhaustedCondition = "MaximumRetryAttempts" | "MaximumEventAgeInSeconds";

/** What follows a failed attempt. Without a condition the error was one that no retry can mend. */
export type NextStep =
  | { readonly kind: "retry"; readonly at: number }
  | {
      readonly kind: "give up";
      readonly at: number;
      readonly condition: ExhaustedCondition | undefined;
    };

export interface Failure {
  readonly retriable: boolean;
  /**
   * When the event was first sent to this target, and when this attempt failed, in epoch
   * milliseconds.
   */
  readonly firstAt: number;
  readonly now: number;
  /** Retries so far, without the first attempt. */
  readonly retries: number;
  readonly policy: RetryPolicy;
  /** From 0 to 1. */
  readonly jitter: number;
}

/**
 * "By default, EventBridge retries sending the event for 24 hours and up to 185 times" (user guide
 * "eb-rule-retry-policy").
 */
const defaultPolicy = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: 86_400 };

export function afterFailure({
  retriable,
  firstAt,
  now,
  retries,
  policy,
  jitter,
}: Failure): NextStep {
  const { maximumRetryAttempts, maximumEventAgeInSeconds } = { ...defaultPolicy, ...policy };
  if (!retriable) return { kind: "give up", at: now, condition: undefined };
  if (retries >= maximumRetryAttempts) {
    return { kind: "give up", at: now, condition: "MaximumRetryAttempts" };
  }
  const deadline = firstAt + maximumEventAgeInSeconds * 1_000;
  const at = now + pause(retries, jitter);
  return at > deadline
    ? { kind: "give up", at: Math.max(now, deadline), condition: "MaximumEventAgeInSeconds" }
    : { kind: "retry", at };
}

/**
 * AWS publishes "exponential back off and jitter" without numbers; 10 minutes as the longest pause
 * fits 185 retries in 24 hours.
 */
const firstPause = 1_000;
const maxPause = 600_000;

function pause(retries: number, jitter: number): number {
  const whole = Math.min(maxPause, firstPause * 2 ** retries);
  return Math.round(whole / 2 + (whole / 2) * jitter);
}
