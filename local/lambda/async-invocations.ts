import { randomUUID } from "node:crypto";
import type { Clock } from "../clock.ts";
import type { LambdaReply } from "../invocation.ts";
import type { FunctionPool } from "./function-pool.ts";
import type { FunctionSettings } from "./sandbox.ts";

type Failure = Extract<LambdaReply, { kind: "error" }>;

export interface AsyncTarget {
  readonly settings: FunctionSettings;
  readonly pool: Pick<FunctionPool, "invoke">;
}

export interface AsyncOptions {
  readonly clock: Clock;
  readonly track: <T>(work: Promise<T>) => Promise<T>;
  /** Puts the record of an event that was given up where the function's configuration says. */
  readonly send: (settings: FunctionSettings, destination: string, record: string) => void;
}

/** Lambda's own queue of events: whoever hands one over hears nothing of what becomes of it. */
export interface AsyncInvocations {
  accept(target: AsyncTarget, payload: unknown): void;
  close(): void;
}

interface Event {
  readonly target: AsyncTarget;
  readonly payload: unknown;
  /** One for all attempts. */
  readonly requestId: string;
  readonly acceptedAt: number;
  /** Those that were made. */
  readonly attempts: number;
}

export function createAsyncInvocations({ clock, track, send }: AsyncOptions): AsyncInvocations {
  const timers = new Set<() => void>();
  let closed = false;

  /**
   * In a turn of its own, so that a clock that is moved far ahead arrives before the function
   * starts. Waiting is not counted as work.
   */
  function later(at: number, work: () => Promise<void>): void {
    const start = (): void =>
      void track(new Promise<void>((resolve) => setImmediate(resolve)).then(work));
    if (at <= clock.now()) return start();
    const cancel = clock.at(at, () => {
      timers.delete(cancel);
      start();
    });
    timers.add(cancel);
  }

  async function attempt(event: Event): Promise<void> {
    if (closed) return;
    const reply = await event.target.pool.invoke(event.payload, event.requestId);
    if (closed || reply.kind === "ok") return;
    const tried = { ...event, attempts: event.attempts + 1 };
    const next = afterError(tried, clock.now());
    if (next.kind === "retry") later(next.at, () => attempt(tried));
    else later(next.at, () => giveUp(tried, reply, next.condition));
  }

  async function giveUp(event: Event, reply: Failure, condition: Condition): Promise<void> {
    const { onFailure } = event.target.settings.eventInvoke ?? {};
    if (onFailure !== undefined && !closed) {
      send(
        event.target.settings,
        onFailure,
        JSON.stringify(recordOf(event, reply, { condition, at: clock.now() })),
      );
    }
  }

  return {
    accept: (target, payload) =>
      later(clock.now(), () =>
        attempt({ target, payload, requestId: randomUUID(), acceptedAt: clock.now(), attempts: 0 }),
      ),
    close() {
      closed = true;
      for (const cancel of timers) cancel();
    },
  };
}

type Condition = "RetriesExhausted" | "EventAgeExceeded";
type Next =
  | { readonly kind: "retry"; readonly at: number }
  | { readonly kind: "give up"; readonly at: number; readonly condition: Condition };

/**
 * "By default, Lambda retries an asynchronous invocation twice if the function returns an error. It
 * retains events in a queue for up to six hours" (API reference, PutFunctionEventInvokeConfig).
 */
const usual = { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 21_600 };

/**
 * "a one-minute wait between the first two attempts, and two minutes between the second and third"
 * (developer guide, "invocation-async").
 */
function afterError({ target, attempts, acceptedAt }: Event, now: number): Next {
  const { maximumRetryAttempts, maximumEventAgeInSeconds } = {
    ...usual,
    ...target.settings.eventInvoke,
  };
  if (attempts > maximumRetryAttempts) {
    return { kind: "give up", at: now, condition: "RetriesExhausted" };
  }
  const at = now + attempts * 60_000;
  const expiry = acceptedAt + maximumEventAgeInSeconds * 1_000;
  return at > expiry
    ? { kind: "give up", at: Math.max(now, expiry), condition: "EventAgeExceeded" }
    : { kind: "retry", at };
}

/**
 * The form of "Example invocation record" in the developer guide,
 * "invocation-async-retain-records".
 */
function recordOf(
  { target, payload, requestId, attempts }: Event,
  { errorType, errorMessage, trace }: Failure,
  { condition, at }: { readonly condition: Condition; readonly at: number },
): object {
  return {
    version: "1.0",
    timestamp: new Date(at).toISOString(),
    requestContext: {
      requestId,
      functionArn: `${target.settings.arn}:$LATEST`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: payload,
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: { errorType, errorMessage, ...(trace && { trace }) },
  };
}
