import { AsyncLocalStorage } from "node:async_hooks";
import { PromoterError } from "../domain/errors.ts";
import { once } from "./once.ts";
import type { World } from "./world.ts";

/** One run of a function. */
export interface Invocation {
  /**
   * Lambda's request id, which leads to the log, and a part that is unique to this run: Lambda
   * retries an event under the same id.
   */
  readonly invocation: string;
  /** When its calls are aborted and it ends, epoch milliseconds. */
  readonly deadline: number;
}

interface Run extends Invocation {
  readonly signal: AbortSignal;
}

/**
 * The reason with which calls of a run are aborted. Shared by all runs: a request's timer retains
 * the run that it was set in, and an error of its own would retain, with its stack, whatever called
 * the function.
 */
const over = new DOMException("This operation was aborted", "AbortError");

/**
 * Which run a call belongs to, however late it is made: a container may be thawed in the middle of
 * the next run.
 */
function runsOf(world: World): AsyncLocalStorage<Run> {
  return once(world, "runs", () => new AsyncLocalStorage<Run>());
}

/**
 * Runs `work` until the deadline; then throws `TimeRanOut`. When it has ended, in whichever way,
 * its pending requests are aborted and it sends no more.
 */
export async function runInTime<Result>(
  world: World,
  invocation: Invocation,
  work: () => Promise<Result>,
): Promise<Result> {
  const calls = new AbortController();
  const late = Promise.withResolvers<never>();
  const cancel = world.at(invocation.deadline, () => {
    calls.abort(over);
    late.reject(timeRanOut());
  });
  try {
    return await Promise.race([
      runsOf(world).run({ ...invocation, signal: calls.signal }, work),
      late.promise,
    ]);
  } finally {
    cancel();
    calls.abort(over);
  }
}

/**
 * Called right before every request and every retry: gives the signal that aborts it. Throws
 * `TimeRanOut` when its run is over, by the clock too, because in a container that was frozen no
 * timer has fired yet. Outside of a run nothing is limited.
 */
export function permitToSend(world: World): AbortSignal | undefined {
  const run = runsOf(world).getStore();
  if (run && (run.signal.aborted || world.clock.now() >= run.deadline)) throw timeRanOut();
  return run?.signal;
}

/** Makes one request with the signal that its run gives it. */
export async function sendInTime<Answer>(
  world: World,
  send: (signal: AbortSignal | undefined) => Promise<Answer>,
): Promise<Answer> {
  const signal = permitToSend(world);
  return send(signal).catch((error: unknown) => {
    throw signal?.aborted ? timeRanOut(error) : error;
  });
}

/** `fetch` for adapters that speak HTTP by themselves. */
export function fetchInTime(world: World): typeof fetch {
  return (input, init) =>
    sendInTime(world, (permitted) => {
      const signals = [permitted, init?.signal].flatMap((signal) => signal ?? []);
      return fetch(
        input,
        signals.length > 0 ? { ...init, signal: AbortSignal.any(signals) } : init,
      );
    });
}

function timeRanOut(cause?: unknown): PromoterError {
  return new PromoterError(
    "TimeRanOut",
    "the function ran out of time, so it sent nothing more; it will be retried",
    { cause },
  );
}
