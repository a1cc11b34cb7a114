import type { TaskState } from "../definition/state-machine.ts";
import { decideRetry, type RetryCounts } from "./decide-retry.ts";
import { matchesError } from "./matches-error.ts";
import { errorOutput, StateFailure } from "./state-failure.ts";
import { leave, type Exit, type Visit } from "./visit.ts";
import { sleep } from "./wait-in-state.ts";

/**
 * "Step Functions uses any appropriate retriers first. If the retry policy fails to resolve the
 * error, [it] applies the matching catcher"
 */
export async function withRetries(
  state: TaskState,
  visit: Visit,
  attempt: (visit: Visit) => Promise<Exit>,
): Promise<Exit> {
  let counts: RetryCounts = [];
  for (let retryCount = 0; ; retryCount += 1) {
    const outcome = await failureOf(attempt({ ...visit, retryCount }));
    if (!(outcome instanceof StateFailure)) return outcome;
    const retry = decideRetry(state.retry, outcome, { counts, random: visit.run.random });
    if (!retry) return await handle(state, { ...visit, retryCount }, outcome);
    counts = retry.counts;
    await sleep(visit, visit.run.clock.now() + Math.round(retry.delaySeconds * 1_000));
    visit.run.countTransition();
  }
}

async function failureOf(attempt: Promise<Exit>): Promise<Exit | StateFailure> {
  try {
    return await attempt;
  } catch (error) {
    if (error instanceof StateFailure) return error;
    throw error;
  }
}

async function handle(state: TaskState, visit: Visit, failure: StateFailure): Promise<Exit> {
  const catcher = state.catch.find(({ errors }) => matchesError(errors, failure));
  if (!catcher) throw failure;
  const output = { ...errorOutput(failure) };
  return await leave(visit, catcher, { errorOutput: output, otherwise: output });
}
