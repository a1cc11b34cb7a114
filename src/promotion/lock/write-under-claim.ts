import { maxClaims, type Claim, type WritingPhase } from "../../domain/claim.ts";
import { PromoterError } from "../../domain/errors.ts";
import type { Lock, Transition } from "../../domain/lock.ts";
import { claimWriting, endClaim, type ClaimEnd } from "../../domain/lock/claim-writing.ts";
import type { EnvironmentKey, Progress, Promotion } from "../../domain/promotion.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Environments } from "../../ports/environments.ts";
import { changeLock } from "../record/change-lock.ts";
import { assertProgress, type FunctionRun } from "./writing-step.ts";

/**
 * A function may outlive its stopped execution, and no registry and no cluster checks a fence: so
 * nothing starts this late.
 */
const lastStart = 5_000;
/**
 * A call that was aborted or failed on this side may still take effect on the other side, but not
 * later than this.
 */
const inFlight = 10_000;

export interface WritingInput extends FunctionRun {
  readonly promotion: Promotion;
  readonly phase: WritingPhase;
  /** How far the writing must have come for this step; absent: it may always run in its phase. */
  readonly after?: readonly Progress[];
}

/** Throws `TimeRanOut` when it is too late to start another call. */
export type CheckTime = () => void;

interface WritingPorts {
  readonly environments: Pick<Environments, "readLock" | "writeLock">;
  readonly clock: Clock;
}

/**
 * Runs `work` as the owner of the environment: claims in the lock the time until which its writes
 * may take effect, and ends the claim when it is done. Later writers wait until then. Throws
 * `NotOwner`, `NotAllowed`, `WriteContended` or `TimeRanOut` before anything is done.
 */
export async function writeUnderClaim<Result>(
  input: WritingInput,
  ports: WritingPorts,
  work: (checkTime: CheckTime) => Promise<Result>,
): Promise<Result> {
  const { promotion, phase, after } = input;
  const { environments, clock } = ports;
  const checkTime = timeCheck(clock, input.deadline);
  const claimed = await changeLock(environments, promotion, (lock) => {
    checkTime();
    const transition = claimWriting(lock, {
      ...claimOf(input),
      phase,
      promotion: promotion.id,
      now: clock.now(),
    });
    if (transition.kind === "write" && after) assertProgress(promotion, after);
    return transition;
  });
  if (claimed.kind === "not-owner") throw notOwner(promotion, phase);
  if (claimed.kind === "crowded") throw tooManyClaims(promotion);
  return runUnderClaim({ ...input, key: promotion, end: endClaim }, ports, work);
}

interface ClaimedWork extends FunctionRun {
  readonly key: EnvironmentKey;
  /** What the lock becomes when the work is done. */
  readonly end: (lock: Lock, by: Pick<ClaimEnd, "invocation" | "now">) => Transition<never>;
}

/**
 * Effect first, then the end of the claim: a function that dies in between leaves a claim that
 * expires.
 */
export async function runUnderClaim<Result>(
  { key, invocation, deadline, end }: ClaimedWork,
  ports: WritingPorts,
  work: (checkTime: CheckTime) => Promise<Result>,
): Promise<Result> {
  const { environments, clock } = ports;
  const result = await work(timeCheck(clock, deadline)).catch(async (error: unknown) => {
    await shortenOwnClaim({ key, invocation }, ports).catch(() => undefined);
    throw error;
  });
  await changeLock(environments, key, (lock) => end(lock, { invocation, now: clock.now() }));
  return result;
}

/** Nothing of an invocation takes effect later than its aborted calls may. */
export function claimOf({ invocation, deadline }: FunctionRun): Omit<Claim, "phase"> {
  return { invocation, until: deadline + inFlight };
}

/** After a failure only the last call may still take effect. */
async function shortenOwnClaim(
  { key, invocation }: Pick<ClaimedWork, "key" | "invocation">,
  { environments, clock }: WritingPorts,
): Promise<void> {
  const now = clock.now();
  await changeLock(environments, key, (lock) =>
    endClaim(lock, { invocation, now, until: now + inFlight }),
  );
}

/** For a function whose calls are aborted at `deadline`, epoch milliseconds. */
function timeCheck(clock: Clock, deadline: number): CheckTime {
  return () => {
    if (clock.now() > deadline - lastStart) {
      throw new PromoterError(
        "TimeRanOut",
        "stopped before the function ran out of time; a retry continues from here",
      );
    }
  };
}

function notOwner({ id, application, environment }: Promotion, phase: string): PromoterError {
  return new PromoterError(
    "NotOwner",
    `promotion ${id} does not own ${application}/${environment} in phase ${phase}; nothing was written`,
  );
}

function tooManyClaims({ id }: Promotion): PromoterError {
  const why = `${maxClaims} functions are already working on promotion ${id}`;
  return new PromoterError(
    "WriteContended",
    `${why}; nothing was written: try again in two minutes`,
  );
}
